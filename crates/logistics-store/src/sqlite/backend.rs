//! What SQLite does in its own way.

pub use diesel::sqlite::{Sqlite as Backend, SqliteConnection as Connection};

use logistics_domain::ports::StoreError;

pub use super::search::lower_contains;
use crate::error::WorkError;
use crate::gate::Gate;

/// The ways to the file: one connection that writes, others that read beside it.
pub struct Gates {
    pub writer: Gate<Connection>,
    pub readers: Gate<Connection>,
}

impl Gates {
    pub async fn read<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> Result<T, WorkError> + Send + 'static,
    {
        self.readers.run(work).await
    }

    pub async fn write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> Result<T, WorkError> + Send + 'static,
    {
        self.writer.run(work).await
    }
}

/// Work that is done as a whole or not at all. It takes the write lock at its beginning: what it reads stays as it is.
pub fn transaction<T, E: From<diesel::result::Error>>(
    connection: &mut Connection,
    work: impl FnOnce(&mut Connection) -> Result<T, E>,
) -> Result<T, E> {
    connection.immediate_transaction(work)
}

/// Reads of one moment.
pub fn snapshot<T, E: From<diesel::result::Error>>(
    connection: &mut Connection,
    work: impl FnOnce(&mut Connection) -> Result<T, E>,
) -> Result<T, E> {
    diesel::Connection::transaction(connection, work)
}
