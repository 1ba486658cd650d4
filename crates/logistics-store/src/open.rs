//! One way to every store.

use std::sync::Arc;

use logistics_domain::ports::StorePorts;
use thiserror::Error;

use crate::postgres::{self, PostgresOptions, PostgresStore};
use crate::sqlite::{self, SqliteOptions, SqliteStore};

/// A store that a program opens at its start and closes at its end.
pub trait Store: StorePorts {
    /// Lets nobody in any more and brings to an end what must be. A store that is not closed loses nothing.
    ///
    /// It blocks until that is done: it belongs to the end of a program.
    fn close(&self);
}

impl Store for SqliteStore {
    fn close(&self) {
        Self::close(self);
    }
}

impl Store for PostgresStore {
    fn close(&self) {
        Self::close(self);
    }
}

/// Why a store could not be opened.
#[derive(Debug, Error)]
pub enum OpenError {
    /// On SQLite.
    #[error(transparent)]
    Sqlite(#[from] sqlite::OpenError),
    /// On PostgreSQL.
    #[error(transparent)]
    Postgres(#[from] postgres::OpenError),
}

/// Opens the store at a location and brings its tables up to date: `sqlite://<path>`, or
/// `postgres://<user>:<password>@<host>:<port>/<database>`.
///
/// It blocks until that is done: it belongs to the start of a program.
///
/// # Errors
/// [`OpenError`] if there is no database that can be used.
pub fn open(location: &str, postgres: PostgresOptions) -> Result<Arc<dyn Store>, OpenError> {
    match location.split_once("://") {
        Some(("postgres" | "postgresql", _)) => Ok(Arc::new(PostgresStore::open(location, postgres)?)),
        _ => Ok(Arc::new(SqliteStore::open(location, SqliteOptions::default())?)),
    }
}
