//! The store on PostgreSQL, version 13 or newer, or what speaks like it.
//!
//! Many servers and workers may use one database at once. A write is one transaction in READ COMMITTED: what it decides on
//! it locks first, in an order that is the same everywhere, and it is repeated, a few times at most, where another
//! transaction was in its way. libpq is compiled in: nothing need be installed.

mod backend;
mod bitmaps;
mod bulk;
mod claim;
mod connect;
mod migrate;
mod options;
#[cfg(test)]
mod plans;
mod search;
#[path = "../shared/mod.rs"]
mod shared;

pub use connect::OpenError;
pub use options::PostgresOptions;
pub use shared::Store as PostgresStore;

use crate::gate::Gate;
use backend::Gates;

impl PostgresStore {
    /// Opens the store in the database of a URL `postgres://<user>:<password>@<host>:<port>/<database>` and brings the tables
    /// up to date. Several programs may do so at once.
    ///
    /// It blocks until all that is done: it belongs to the start of a program.
    ///
    /// # Errors
    /// [`OpenError`] if the URL is not PostgreSQL's, the database cannot be reached, or was written by a newer version of the
    /// program.
    pub fn open(url: &str, options: PostgresOptions) -> Result<Self, OpenError> {
        let place = connect::prepare(url)?;
        let gate = Gate::new(connect::pool(url, options), options.wait);
        tracing::info!(database = place, connections = options.connections, "the store is open");
        Ok(Self::new(Gates { gate }))
    }

    /// Brings the tables of the database of a URL up to date, as [`open`](Self::open) does.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn migrate(url: &str) -> Result<(), OpenError> {
        connect::prepare(url).map(drop)
    }

    /// Closes the store: lets nobody in any more. What is under way goes on to its end.
    pub fn close(&self) {
        self.gates().gate.close();
    }
}
