//! What the operator can set: each a flag and a variable of the same name.

use std::net::SocketAddr;
use std::num::NonZeroU32;

use clap::{ArgAction, Args, Parser, ValueEnum};
use logistics_domain::geography::Passage;
use uuid::Uuid;

use crate::accounts::Command;
use crate::geography::GeographyConfig;
use crate::protection::ProtectionConfig;

/// Freight emissions over HTTP: the Dcycle Logistics API on your own machine. Without a command, it starts the server.
#[derive(Debug, Parser)]
#[command(name = "api-server", version)]
pub struct Cli {
    #[command(flatten)]
    pub config: Config,

    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What an operator can set.
#[derive(Debug, Args)]
pub struct Config {
    /// The address and port to listen on.
    #[arg(long, env = "DRAY_BIND", default_value = "127.0.0.1:8080")]
    pub bind: SocketAddr,

    /// The database: `sqlite://<path>`, whose file and folder are created, or
    /// `postgres://<user>:<password>@<host>:<port>/<database>`.
    #[arg(
        long,
        env = "DRAY_DATABASE_URL",
        default_value = "sqlite://data/dray.sqlite3",
        hide_env_values = true,
        global = true
    )]
    pub database_url: String,

    /// How many connections to PostgreSQL this process holds at most.
    #[arg(long, env = "DRAY_DATABASE_CONNECTIONS", default_value = "10")]
    pub database_connections: NonZeroU32,

    /// The factor packs in their order of precedence, separated by commas: `open`, which is built in, or the path of a
    /// folder.
    #[arg(long, env = "DRAY_FACTOR_PACKS", default_value = "open", value_delimiter = ',')]
    pub factor_packs: Vec<String>,

    /// The mass of one pallet in kilograms, in place of the factor pack's assumption.
    #[arg(long, env = "DRAY_PALLET_KG")]
    pub pallet_kg: Option<f64>,

    #[command(flatten)]
    pub geography: GeographyConfig,

    /// Straits and canals that ships avoid, separated by commas, as in `suez,bab_el_mandeb`.
    #[arg(long, env = "DRAY_AVOID_PASSAGES", value_delimiter = ',', value_parser = passage)]
    pub avoid_passages: Vec<Passage>,

    /// The API key that the first start creates, in place of a random one; at least 16 characters.
    #[arg(long, env = "DRAY_BOOTSTRAP_API_KEY", hide_env_values = true, value_parser = api_key)]
    pub bootstrap_api_key: Option<String>,

    /// The organization that the first start creates, in place of a random one.
    #[arg(long, env = "DRAY_BOOTSTRAP_ORGANIZATION_ID")]
    pub bootstrap_organization_id: Option<Uuid>,

    #[command(flatten)]
    pub protection: ProtectionConfig,

    /// How many threads answer requests; one for each core by default.
    #[arg(long, env = "DRAY_HTTP_THREADS", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub http_threads: Option<u16>,

    /// Whether jobs are calculated in this process; false where other processes do it.
    #[arg(long, env = "DRAY_WORKER", default_value_t = true, action = ArgAction::Set, num_args = 0..=1, default_missing_value = "true", require_equals = true)]
    pub worker: bool,

    /// The same as `--worker=false`.
    #[arg(long)]
    pub no_worker: bool,

    /// How many legs of a job a worker takes at once.
    #[arg(long, env = "DRAY_CHUNK_LEGS", default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..=5000))]
    pub chunk_legs: u32,

    /// How long a worker holds its legs without a sign of life, in seconds; then another takes them up.
    #[arg(long, env = "DRAY_LEASE_SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub lease_seconds: u64,

    /// How often legs are tried where what they need is away or workers die of them.
    #[arg(long, env = "DRAY_WORKER_ATTEMPTS", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub worker_attempts: u32,

    /// How log lines are written. Which lines is set by `DRAY_LOG`, as in `info` or `http_api=debug`.
    #[arg(long, env = "DRAY_LOG_FORMAT", default_value = "text")]
    pub log_format: LogFormat,
}

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

fn api_key(text: &str) -> Result<String, String> {
    let length = text.chars().count();
    if (16..=256).contains(&length) && text.chars().all(|c| c.is_ascii_graphic()) {
        Ok(text.to_owned())
    } else {
        Err("give 16 to 256 printable ASCII characters without blanks".to_owned())
    }
}

fn passage(text: &str) -> Result<Passage, String> {
    Passage::from_name(text.trim()).ok_or_else(|| {
        let names: Vec<&str> = Passage::ALL.iter().map(|passage| passage.as_str()).collect();
        format!("give one of {}", names.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flags_are_consistent() {
        <Cli as clap::CommandFactory>::command().debug_assert();
    }

    #[test]
    fn wrong_values_are_refused() {
        for wrong in [
            ["--bind", "here"],
            ["--geocoder-min-confidence", "1.5"],
            ["--geocoder", "google"],
            ["--geocoder-url", "ftp://places"],
            ["--road-router-concurrency", "0"],
            ["--road-router-auth-header", "secret"],
            ["--bootstrap-api-key", "short"],
            ["--bootstrap-organization-id", "acme"],
            ["--max-body-bytes", "0"],
            ["--rate-limit", "0"],
            ["--rate-limit-burst", "0"],
            ["--client-timeout-seconds", "0"],
            ["--request-timeout-seconds", "0"],
            ["--cors-origins", "example.com"],
            ["--cors-origins", "https://example.com/path"],
            ["--avoid-passages", "styx"],
            ["--log-format", "xml"],
            ["--http-threads", "0"],
            ["--chunk-legs", "0"],
            ["--lease-seconds", "0"],
            ["--worker-attempts", "0"],
            ["--worker=perhaps", "--no-worker"],
        ] {
            assert!(Cli::try_parse_from(["api-server", wrong[0], wrong[1]]).is_err(), "{wrong:?}");
        }
    }
}
