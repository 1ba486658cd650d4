use std::num::NonZeroU32;
use std::sync::Arc;

use clap::Args;
use logistics_store::postgres::PostgresOptions;
use logistics_store::{OpenError, Store};

/// Where everything is kept.
#[derive(Debug, Args)]
pub struct DatabaseConfig {
    /// The database: `sqlite://<path>`, whose file and folder are created, or
    /// `postgres://<user>:<password>@<host>:<port>/<database>`.
    #[arg(
        long,
        env = "DRAY_DATABASE_URL",
        default_value = "sqlite://data/dray.sqlite3",
        hide_env_values = true,
        global = true
    )]
    database_url: String,

    /// How many connections to PostgreSQL this process holds at most.
    #[arg(long, env = "DRAY_DATABASE_CONNECTIONS", default_value = "10")]
    database_connections: NonZeroU32,
}

impl DatabaseConfig {
    /// Whether the database is a file of this machine, in place of a server.
    #[must_use]
    pub fn is_a_file(&self) -> bool {
        let server = ["postgres://", "postgresql://"];
        !server.iter().any(|scheme| self.database_url.starts_with(scheme))
    }

    /// Opens the store. It blocks until the tables are up to date.
    ///
    /// # Errors
    /// If the database cannot be opened.
    pub fn open(&self) -> Result<Arc<dyn Store>, OpenError> {
        let postgres =
            PostgresOptions { connections: self.database_connections, ..PostgresOptions::default() };
        logistics_store::open(&self.database_url, postgres)
    }
}
