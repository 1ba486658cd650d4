//! What the operator can set: each a flag and a variable of the same name.

use std::net::SocketAddr;

use clap::{ArgAction, Args, Parser};
use service_setup::{CalculationConfig, DatabaseConfig, LogConfig, WorkConfig};
use uuid::Uuid;

use crate::accounts::Command;
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

    #[command(flatten)]
    pub database: DatabaseConfig,

    #[command(flatten)]
    pub calculation: CalculationConfig,

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

    /// Whether jobs are calculated in this process. Without it they are where the database is a file, and left to
    /// `calc-worker` where it is a server.
    #[arg(long, env = "DRAY_WORKER", action = ArgAction::Set, num_args = 0..=1, default_missing_value = "true", require_equals = true)]
    worker: Option<bool>,

    /// The same as `--worker=false`.
    #[arg(long)]
    no_worker: bool,

    /// How many legs of a job a worker takes at once.
    #[arg(long, env = "DRAY_CHUNK_LEGS", default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..=5000))]
    pub chunk_legs: u32,

    #[command(flatten)]
    pub work: WorkConfig,

    #[command(flatten)]
    pub log: LogConfig,
}

impl Config {
    /// Whether jobs are calculated in this process.
    pub fn works(&self) -> bool {
        !self.no_worker && self.worker.unwrap_or_else(|| self.database.is_a_file())
    }
}

fn api_key(text: &str) -> Result<String, String> {
    let length = text.chars().count();
    if (16..=256).contains(&length) && text.chars().all(|c| c.is_ascii_graphic()) {
        Ok(text.to_owned())
    } else {
        Err("give 16 to 256 printable ASCII characters without blanks".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;
    use logistics_testkit::settings::{of_document, of_help};

    use super::*;

    #[test]
    fn the_flags_are_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_setting_is_documented_with_its_default() {
        let groups = ["DRAY_GEOCODER", "DRAY_ROAD_ROUTER"];
        let mut documented = of_document(include_str!("../../../docs/operations.md"), &[]);
        documented.extend(of_document(include_str!("../../../docs/geo-services.md"), &groups));
        let settings = of_help(&Cli::command().render_long_help().to_string());
        for setting in &settings {
            assert!(documented.contains(setting), "{setting:?} stands otherwise in docs/operations.md");
        }
        let here = |variable: &str| settings.iter().any(|setting| setting.variable == variable);
        let others = documented.iter().map(|setting| setting.variable.as_str()).filter(|name| !here(name));
        let others: Vec<&str> = others.filter(|name| !name.ends_with('…')).collect();
        assert_eq!(others, ["DRAY_WORKER_BIND"], "of `calc-worker`");
    }

    #[test]
    fn a_server_on_a_file_calculates_and_others_leave_it_to_workers() {
        let works =
            |given: &[&str]| Cli::try_parse_from([&["api-server"], given].concat()).unwrap().config.works();
        let elsewhere = "--database-url=postgres://db.internal/dray";
        assert!(works(&[]) && works(&["--worker"]) && works(&[elsewhere, "--worker"]));
        assert!(!works(&["--no-worker"]) && !works(&["--worker=false"]) && !works(&[elsewhere]));
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
            ["--rate-limit-burst", "3"],
            ["--pallet-kg", "0"],
            ["--pallet-kg", "-4"],
            ["--pallet-kg", "inf"],
            ["--geocoder-url", "http://places"],
            ["--road-router-url", "http://roads"],
            ["--road-router-auth-header", "Authorization: Bearer x"],
            ["--client-timeout-seconds", "0"],
            ["--request-timeout-seconds", "0"],
            ["--cors-origins", "example.com"],
            ["--cors-origins", "https://example.com/path"],
            ["--avoid-passages", "styx"],
            ["--log-format", "xml"],
            ["--log", "wran"],
            ["--nats-credentials", "/dev/null"],
            ["--nats-ca", "/dev/null"],
            ["--http-threads", "0"],
            ["--chunk-legs", "0"],
            ["--lease-seconds", "0"],
            ["--worker-attempts", "0"],
            ["--worker=perhaps", "--no-worker"],
            ["--nats-url", "http://nats"],
            ["--nats-replicas", "0"],
            ["--nats-stream", "a.b"],
        ] {
            assert!(Cli::try_parse_from(["api-server", wrong[0], wrong[1]]).is_err(), "{wrong:?}");
        }
    }
}
