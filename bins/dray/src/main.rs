//! The Dray command line. Everything here works without a server and without a network.
//!
//! Exit status: 0 for an answer, 1 for a refusal or a failure, 2 for a command that is not one.

mod distance;
mod geocode;
mod packs;
mod places;
mod roads;
mod verify;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// What a command fails with: a sentence for people.
type Failure = Box<dyn std::error::Error>;

/// Freight emissions on the command line.
#[derive(Debug, Parser)]
#[command(name = "dray", version)]
struct Cli {
    /// Answers in JSON.
    #[arg(long, global = true)]
    json: bool,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Finds the place that an address, a name or a code stands for.
    Geocode(geocode::Geocode),
    /// Measures how far freight travels between two addresses.
    Distance(distance::Distance),
    /// Lists the factor packs, or checks one.
    #[command(subcommand)]
    Packs(packs::Packs),
    /// Computes a receipt again from its own inputs and compares every number, bit for bit.
    Verify(verify::Verify),
    /// Prepares road networks.
    #[command(subcommand)]
    Roads(roads::Roads),
}

fn main() -> ExitCode {
    let Cli { json, command } = Cli::parse();
    let done = match command {
        Command::Geocode(command) => command.run(json),
        Command::Distance(command) => command.run(json),
        Command::Packs(command) => command.run(json),
        Command::Verify(command) => command.run(json),
        Command::Roads(command) => command.run(json),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("dray: {failure}");
            ExitCode::FAILURE
        }
    }
}

/// Prints a value as JSON, or its text.
fn print(json: bool, value: &impl serde::Serialize, text: impl FnOnce() -> String) -> Result<(), Failure> {
    if json {
        println!("{}", serde_json::to_string_pretty(value)?);
    } else {
        println!("{}", text());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commands_are_consistent() {
        <Cli as clap::CommandFactory>::command().debug_assert();
    }
}
