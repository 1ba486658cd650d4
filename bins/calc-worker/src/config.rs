//! What the operator can set: each a flag and a variable of the same name, which mean what they mean for `api-server`.

use std::net::SocketAddr;

use clap::Parser;
use service_setup::{CalculationConfig, DatabaseConfig, LogConfig, WorkConfig};

/// Calculates the legs of jobs. Any number of workers may share a database.
#[derive(Debug, Parser)]
#[command(name = "calc-worker", version)]
pub struct Config {
    #[command(flatten)]
    pub database: DatabaseConfig,

    #[command(flatten)]
    pub calculation: CalculationConfig,

    #[command(flatten)]
    pub work: WorkConfig,

    /// The address and port for `GET /health` and `GET /metrics`; nowhere without it.
    #[arg(long, env = "DRAY_WORKER_BIND")]
    pub worker_bind: Option<SocketAddr>,

    #[command(flatten)]
    pub log: LogConfig,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;
    use logistics_testkit::settings::{of_document, of_help};

    use super::*;

    #[test]
    fn the_flags_are_consistent() {
        Config::command().debug_assert();
    }

    #[test]
    fn every_setting_is_documented_with_its_default() {
        let groups = ["DRAY_GEOCODER", "DRAY_ROAD_ROUTER"];
        let mut documented = of_document(include_str!("../../../docs/operations.md"), &[]);
        documented.extend(of_document(include_str!("../../../docs/geo-services.md"), &groups));
        for setting in of_help(&Config::command().render_long_help().to_string()) {
            assert!(documented.contains(&setting), "{setting:?} stands otherwise in docs/operations.md");
        }
    }
}
