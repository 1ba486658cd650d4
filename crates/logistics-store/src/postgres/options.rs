//! The settings of the store on PostgreSQL.

use std::num::NonZeroU32;
use std::time::Duration;

/// How the store uses its database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PostgresOptions {
    /// How many connections it holds: as many calls are served at once.
    pub connections: NonZeroU32,
    /// How long a call waits for a connection that others use, or for a database that is away, before it fails as
    /// unavailable.
    pub wait: Duration,
}

impl Default for PostgresOptions {
    fn default() -> Self {
        const CONNECTIONS: NonZeroU32 = NonZeroU32::new(10).expect("10 is not 0");
        Self { connections: CONNECTIONS, wait: Duration::from_secs(5) }
    }
}
