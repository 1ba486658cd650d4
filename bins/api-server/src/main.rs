//! The Dray server.

mod bootstrap;
mod config;
mod server;

use std::process::ExitCode;

use clap::Parser;

use crate::config::Config;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[actix_web::main]
async fn main() -> ExitCode {
    let config = Config::parse();
    config.log.start();
    match server::run(config).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            service_setup::explain("api-server", &error);
            ExitCode::FAILURE
        }
    }
}
