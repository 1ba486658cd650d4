//! The Dray command line. All but `upload`, `jobs` and `report` works without a server and without a network.
//!
//! Exit status: 0 for an answer, 1 for a refusal or a failure, 2 for a command that is not one, 3 where a file was worked through but
//! some of its rows were rejected.

mod calc;
mod distance;
mod geocode;
mod packs;
mod places;
mod rejected;
mod roads;
mod server;
mod source;
mod toc;
mod upload;
mod verify;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};
use clap_complete::Shell;

/// What a command fails with: a sentence for people.
type Failure = Box<dyn std::error::Error>;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How a command that worked through a file ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Done {
    /// All rows were taken.
    Wholly,
    /// Some rows were rejected.
    WithRejected,
}

/// Freight emissions on the command line: of files, of single routes, and on a server.
#[derive(Debug, Parser)]
#[command(name = "dray", version, after_help = AFTER_HELP)]
struct Cli {
    /// Answers in JSON.
    #[arg(long, global = true)]
    json: bool,

    #[command(subcommand)]
    command: Command,
}

const AFTER_HELP: &str = "\
Examples:
  dray calc shipments.csv -o results.csv      emissions of a file, without a server
  dray upload shipments.csv                   the same on a server, which keeps them
  dray toc search van electric                what to write as toc
  dray distance Madrid Lyon --map route.svg   how far, and a map

Exit status: 0 done, 1 failed or refused, 2 no such command, 3 done but rows were rejected.
Colours are shown on terminals only, and never where NO_COLOR is set.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Calculates the emissions of a file of shipments, without a server.
    #[command(after_help = "\
The first row names the columns, in English or Spanish: origin, destination, distance, weight, unit, toc or category, date, client \
and the other fields of the API. A row needs a toc or a category, and both ends or a distance. Rows that cannot be calculated are \
written to a file of their own with the reason: mend them there and give that file to this command.

Examples:
  dray calc shipments.csv
  dray calc envios.xlsx -o results.parquet
  dray calc - -o - < shipments.csv > results.csv")]
    Calc(calc::Calc),
    /// Sends a file of shipments to a server.
    #[command(after_help = "\
Rows go in batches. Where the upload is interrupted, the same command goes on after the last batch, and no row is taken twice. \
Rows that are rejected, here or by the server, are written to a file of their own: mend them there and upload that file.

Example:
  DRAY_URL=http://localhost:8080 DRAY_API_KEY=... DRAY_ORGANIZATION_ID=... dray upload shipments.csv")]
    Upload(upload::Upload),
    /// Lists and follows what a server calculates.
    #[command(subcommand)]
    Jobs(server::jobs::Jobs),
    /// Fetches a server's emissions report over a period.
    Report(server::report::Report),
    /// Finds vehicles and their factors.
    #[command(subcommand)]
    Toc(toc::Tocs),
    /// Finds the place that an address, a name or a code stands for.
    Geocode(geocode::Geocode),
    /// Measures how far freight travels between two addresses.
    Distance(distance::Distance),
    /// Shows and checks factor packs.
    #[command(subcommand)]
    Packs(packs::Packs),
    /// Computes a receipt again from its own inputs and compares every number, bit for bit.
    Verify(verify::Verify),
    /// Prepares road networks.
    #[command(subcommand)]
    Roads(roads::Roads),
    /// Prints the completions for a shell.
    #[command(
        after_help = "Example:\n  dray completions bash > ~/.local/share/bash-completion/completions/dray"
    )]
    Completions {
        /// The shell.
        shell: Shell,
    },
}

fn main() -> ExitCode {
    let Cli { json, command } = Cli::parse();
    match run(command, json) {
        Ok(Done::Wholly) => ExitCode::SUCCESS,
        Ok(Done::WithRejected) => ExitCode::from(3),
        Err(failure) => {
            let red = anstyle::AnsiColor::Red.on_default().bold();
            anstream::eprintln!("{red}dray:{red:#} {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command, json: bool) -> Result<Done, Failure> {
    match command {
        Command::Calc(command) => return command.run(json),
        Command::Upload(command) => return command.run(json),
        Command::Jobs(command) => return command.run(json),
        Command::Report(command) => command.run()?,
        Command::Toc(command) => command.run(json)?,
        Command::Geocode(command) => command.run(json)?,
        Command::Distance(command) => command.run(json)?,
        Command::Packs(command) => command.run(json)?,
        Command::Verify(command) => command.run(json)?,
        Command::Roads(command) => command.run(json)?,
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Cli::command(), "dray", &mut std::io::stdout());
        }
    }
    Ok(Done::Wholly)
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
        Cli::command().debug_assert();
    }
}
