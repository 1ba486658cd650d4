//! The databases to measure, each new for each server.

use std::fmt;
use std::time::{Duration, Instant};

use chrono::Utc;
use logistics_domain::accounts::NewOrganization;
use logistics_domain::ids::{LegId, OrganizationId};
use logistics_domain::leg::LegFilter;
use logistics_domain::ports::{LegRepository, LegToSave, Page};
use logistics_store::postgres::{PostgresOptions, PostgresStore};
use logistics_testkit::postgres::TestDatabase;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use uuid::Uuid;

use crate::support::{ORGANIZATION, Server};

/// A kind of database.
#[derive(Clone, Copy)]
pub enum Database {
    Sqlite,
    Postgres,
}

/// A new database, gone with the value.
pub struct Fresh {
    url: String,
    _place: Place,
}

#[allow(dead_code, reason = "kept for what dropping it does")]
enum Place {
    Folder(TempDir),
    Server(TestDatabase),
}

/// A server on a database of its own.
pub struct Measured {
    pub server: Server,
    pub database: Fresh,
}

/// A database that only the store writes to, without a server.
pub struct Bare {
    runtime: Runtime,
    legs: Box<dyn LegRepository>,
    _database: Fresh,
}

impl Database {
    /// Those that this machine can measure.
    pub fn all() -> Vec<Self> {
        let all = [Self::Sqlite, Self::Postgres].into_iter();
        all.filter(|database| database.fresh().is_some()).collect()
    }

    fn fresh(self) -> Option<Fresh> {
        match self {
            Self::Sqlite => {
                let folder = tempfile::tempdir().unwrap();
                let url = format!("sqlite://{}", folder.path().join("dray.sqlite3").display());
                Some(Fresh { url, _place: Place::Folder(folder) })
            }
            Self::Postgres => {
                let migrate = |url: &str| PostgresStore::migrate(url).unwrap();
                let database = TestDatabase::create(&migrate)?;
                Some(Fresh { url: database.url().to_owned(), _place: Place::Server(database) })
            }
        }
    }

    /// A server with a worker in it, and with settings.
    pub fn server(self, settings: &[(&str, &str)]) -> Measured {
        let database = self.fresh().unwrap();
        let mut all = vec![("DRAY_DATABASE_URL", database.url.as_str()), ("DRAY_WORKER", "true")];
        all.extend_from_slice(settings);
        let server = Server::start_in(tempfile::tempdir().unwrap(), &all);
        Measured { server, database }
    }

    pub fn bare(self) -> Bare {
        let database = self.fresh().unwrap();
        let runtime = runtime();
        let store = logistics_store::open(&database.url, PostgresOptions::default()).unwrap();
        let owner = NewOrganization {
            id: OrganizationId(Uuid::now_v7()),
            name: "Bare".to_owned(),
            key_hash: [1; 32],
            key_prefix: "bare".to_owned(),
        };
        runtime.block_on(store.bootstrap(&owner, Utc::now())).unwrap();
        Bare { legs: store.legs(owner.id), runtime, _database: database }
    }
}

impl fmt::Display for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        })
    }
}

impl Fresh {
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Measured {
    /// The newest legs that the server keeps, as if they were to be saved anew.
    pub fn newest(&self, count: usize) -> Vec<LegToSave> {
        let store = logistics_store::open(&self.database.url, PostgresOptions::default()).unwrap();
        let page = Page { number: 1, size: count.try_into().unwrap() };
        let organization = OrganizationId(ORGANIZATION.parse().unwrap());
        let legs = store.legs(organization);
        let listed = runtime().block_on(legs.select(&LegFilter::default(), page)).unwrap();
        let again = listed.items.into_iter().map(|record| {
            let mut leg = record.leg;
            leg.trace.movement_id = Some(Uuid::now_v7().to_string());
            LegToSave { id: LegId(Uuid::now_v7()), leg, outcome: record.outcome }
        });
        again.collect()
    }
}

impl Bare {
    /// Writes legs in one transaction; how long that took.
    pub fn write(&self, legs: Vec<LegToSave>) -> Duration {
        let begun = Instant::now();
        let saved = self.runtime.block_on(self.legs.save(legs, Utc::now())).unwrap();
        let took = begun.elapsed();
        drop(saved);
        took
    }
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()
}
