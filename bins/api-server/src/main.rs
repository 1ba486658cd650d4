//! The Dray server.

mod accounts;
mod bootstrap;
mod config;
mod protection;
mod server;

use std::process::ExitCode;

use clap::Parser;

use crate::config::Cli;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[actix_web::main]
async fn main() -> ExitCode {
    let Cli { config, command } = Cli::parse();
    let done = match command {
        Some(command) => accounts::run(command, &config).await,
        None => {
            config.log.start();
            server::run(config).await
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            service_setup::explain("api-server", &error);
            ExitCode::FAILURE
        }
    }
}
