//! The databases to measure, each new for each server.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::Utc;
use logistics_domain::ids::{LegId, OrganizationId};
use logistics_domain::ports::{Accounts, LegToSave, NewOrganization, Page, Repositories};
use logistics_store::sqlite::SqliteStore;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use uuid::Uuid;

use crate::support::{ORGANIZATION, Server};

/// A kind of database.
pub enum Database {
    Sqlite,
}

/// A database that only the store writes to, without a server.
pub struct Bare {
    runtime: Runtime,
    store: Arc<dyn Repositories>,
    organization: OrganizationId,
    _folder: TempDir,
}

impl Database {
    pub fn all() -> Vec<Self> {
        vec![Self::Sqlite]
    }

    /// A server on a new database.
    pub fn server(&self, settings: &[(&str, &str)]) -> Server {
        Server::start_in(tempfile::tempdir().unwrap(), settings)
    }

    /// The newest legs that a server keeps, as if they were to be saved anew.
    pub fn newest(&self, server: &Server, count: usize) -> Vec<LegToSave> {
        let path = server.folder.path().join("data/dray.sqlite3");
        let store = SqliteStore::open(path.to_str().unwrap(), Default::default()).unwrap();
        let page = Page { number: 1, size: count.try_into().unwrap() };
        let organization = OrganizationId(ORGANIZATION.parse().unwrap());
        let listed = runtime().block_on(store.legs(organization).list(page)).unwrap();
        let records = listed.items.into_iter();
        records
            .map(|record| {
                let mut leg = record.leg;
                leg.trace.movement_id = Some(Uuid::now_v7().to_string());
                LegToSave { id: LegId(Uuid::now_v7()), leg, outcome: record.outcome }
            })
            .collect()
    }

    pub fn bare(&self) -> Bare {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("dray.sqlite3");
        let store = SqliteStore::open(path.to_str().unwrap(), Default::default()).unwrap();
        let runtime = runtime();
        let owner = NewOrganization {
            id: OrganizationId(Uuid::now_v7()),
            name: "Bare".to_owned(),
            key_hash: [1; 32],
            key_prefix: "bare".to_owned(),
        };
        runtime.block_on(store.bootstrap(&owner, Utc::now())).unwrap();
        let bare = Bare { runtime, store: Arc::new(store), organization: owner.id, _folder: folder };
        bare
    }
}

impl fmt::Display for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "SQLite",
        })
    }
}

impl Bare {
    /// Writes legs in one transaction; how long that took.
    pub fn write(&self, legs: Vec<LegToSave>) -> Duration {
        let repository = self.store.legs(self.organization);
        let begun = Instant::now();
        let saved = self.runtime.block_on(repository.save(legs, Utc::now())).unwrap();
        let took = begun.elapsed();
        drop(saved);
        took
    }
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()
}
