//! The store on SQLite: one file, one writer at a time, as many readers as there are connections for.
//!
//! The file is in WAL mode: readers see the last commit and never wait for the writer. A save is one transaction that
//! takes the write lock at its beginning, so that two of them, also of two processes, come one after the other.

mod accounts;
mod connect;
mod legs;
mod location;
mod maps;
mod migrate;
mod options;
mod read;
mod routes;
mod save;

use std::sync::Arc;

use async_trait::async_trait;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sqlite::SqliteConnection;
use logistics_domain::ids::OrganizationId;
use logistics_domain::ports::{LegRepository, Repositories, StoreError};

pub use connect::OpenError;
pub use options::{SqliteOptions, Synchronous};

use crate::facts::StoredFacts;
use crate::gate::Gate;
use crate::schema::organizations;
use legs::SqliteLegs;

/// A store in an SQLite file. Clones are the same store.
#[derive(Clone)]
pub struct SqliteStore(Arc<Inner>);

struct Inner {
    writer: Gate<SqliteConnection>,
    readers: Gate<SqliteConnection>,
    facts: StoredFacts,
}

impl std::fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SqliteStore").finish_non_exhaustive()
    }
}

impl SqliteStore {
    /// Opens the store at a path or a URL `sqlite://<path>`, creates folder and file if they are not there, and brings
    /// the tables up to date. Several programs may do so at once.
    ///
    /// It blocks until all that is done: it belongs to the start of a program.
    ///
    /// # Errors
    /// [`OpenError`] if the location is not a file's, the file cannot be opened, is not a database, or was written by a
    /// newer version of the program.
    pub fn open(location: &str, options: SqliteOptions) -> Result<Self, OpenError> {
        let file = location::file(location)?;
        connect::prepare(&file, options)?;
        let writer = Gate::new(connect::pool(&file, 1, options)?, options.wait);
        let readers = Gate::new(connect::pool(&file, options.readers.get(), options)?, options.wait);
        tracing::info!(file, readers = options.readers, "the store is open");
        Ok(Self(Arc::new(Inner { writer, readers, facts: StoredFacts::new() })))
    }

    /// Closes the store: lets nobody in any more, waits for the save in progress, and moves what is in the write-ahead log
    /// into the file. A store that is not closed loses nothing.
    ///
    /// It blocks until all that is done: it belongs to the end of a program.
    pub fn close(&self) {
        self.0.readers.close();
        self.0.writer.close();
        let emptied = self.0.writer.run_here(|connection| {
            connection.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)")?;
            Ok(())
        });
        if let Err(error) = emptied {
            tracing::warn!(%error, "the write-ahead log stays beside the database");
        }
    }
}

#[async_trait]
impl Repositories for SqliteStore {
    async fn ping(&self) -> Result<(), StoreError> {
        let asked = self.0.readers.run(|connection| {
            organizations::table
                .select(organizations::id)
                .first::<crate::columns::UidValue>(connection)
                .optional()?;
            Ok(())
        });
        asked.await
    }

    fn legs(&self, organization: OrganizationId) -> Box<dyn LegRepository> {
        Box::new(SqliteLegs { store: self.clone(), organization })
    }
}
