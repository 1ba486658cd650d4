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
    use super::*;

    #[test]
    fn the_flags_are_consistent() {
        <Config as clap::CommandFactory>::command().debug_assert();
    }
}
