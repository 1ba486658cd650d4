//! Stores in databases of their own, and ways to look behind them.
#![allow(dead_code, reason = "each test file uses its own part")]

pub mod at_once;

use std::ops::Deref;

use async_trait::async_trait;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Double, Nullable};
use logistics_domain::accounts::NewOrganization;
use logistics_domain::ids::{LegId, OrganizationId};
use logistics_domain::ports::StorePorts;
use logistics_store::postgres::{PostgresOptions, PostgresStore};
use logistics_store::sqlite::{SqliteOptions, SqliteStore};
use logistics_testkit::StoreUnderTest;
use logistics_testkit::postgres::TestDatabase;
use tempfile::TempDir;
use uuid::Uuid;

/// A store, and its database.
pub struct Harness<S, D> {
    pub store: S,
    pub database: D,
}

/// A store in a file of a folder of its own.
pub type Sqlite = Harness<SqliteStore, TempDir>;

/// A store in a database of its own on a server.
pub type Postgres = Harness<PostgresStore, TestDatabase>;

/// What the suite asks a database beside the store.
pub trait Raw: Send + Sync {
    /// An identifier, as this database writes it.
    fn literal(&self, id: Uuid) -> String;

    fn kept_results(&self, query: &str) -> Vec<Kept>;

    fn execute(&self, sql: &str);
}

impl Sqlite {
    pub fn new(options: SqliteOptions) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("dray.sqlite3");
        let store = SqliteStore::open(path.to_str().unwrap(), options).unwrap();
        Self { store, database: folder }
    }

    pub fn path(&self) -> String {
        file(&self.database)
    }

    /// A connection of its own, beside the store's.
    pub fn raw(&self) -> SqliteConnection {
        connect(&self.database)
    }
}

fn file(folder: &TempDir) -> String {
    folder.path().join("dray.sqlite3").to_str().unwrap().to_owned()
}

fn connect(folder: &TempDir) -> SqliteConnection {
    let mut connection = SqliteConnection::establish(&file(folder)).unwrap();
    connection.batch_execute("PRAGMA busy_timeout = 5000").unwrap();
    connection
}

impl Raw for TempDir {
    fn literal(&self, id: Uuid) -> String {
        format!("X'{}'", id.simple())
    }

    fn kept_results(&self, query: &str) -> Vec<Kept> {
        diesel::sql_query(query).load(&mut connect(self)).unwrap()
    }

    fn execute(&self, sql: &str) {
        connect(self).batch_execute(sql).unwrap();
    }
}

impl Postgres {
    /// A store in a new database; nothing where there is no server to ask.
    pub fn new(options: PostgresOptions) -> Option<Self> {
        let database = TestDatabase::create(&|url| PostgresStore::migrate(url).unwrap())?;
        let store = PostgresStore::open(database.url(), options).unwrap();
        Some(Self { store, database })
    }

    /// A connection of its own, beside the store's.
    pub fn raw(&self) -> PgConnection {
        PgConnection::establish(self.database.url()).unwrap()
    }
}

impl Raw for TestDatabase {
    fn literal(&self, id: Uuid) -> String {
        format!("'{id}'")
    }

    fn kept_results(&self, query: &str) -> Vec<Kept> {
        diesel::sql_query(query).load(&mut PgConnection::establish(self.url()).unwrap()).unwrap()
    }

    fn execute(&self, sql: &str) {
        PgConnection::establish(self.url()).unwrap().batch_execute(sql).unwrap();
    }
}

impl<S: StorePorts + 'static, D> Deref for Harness<S, D> {
    type Target = dyn StorePorts;

    fn deref(&self) -> &Self::Target {
        &self.store
    }
}

#[derive(QueryableByName)]
pub struct Kept {
    #[diesel(sql_type = Nullable<Double>)]
    total_wtw: Option<f64>,
    #[diesel(sql_type = Bool)]
    is_current: bool,
}

#[async_trait]
impl<S: StorePorts + 'static, D: Raw> StoreUnderTest for Harness<S, D> {
    async fn kept_results(&self, organization: OrganizationId, leg: LegId) -> Vec<(Option<f64>, bool)> {
        let (organization, leg) = (self.database.literal(organization.0), self.database.literal(leg.0));
        let kept = self.database.kept_results(&format!(
            "SELECT total_wtw, is_current FROM leg_results
             WHERE organization_id = {organization} AND leg_id = {leg} ORDER BY id"
        ));
        kept.into_iter().map(|kept| (kept.total_wtw, kept.is_current)).collect()
    }

    async fn add_organization(&self, organization: &NewOrganization) {
        let id = self.database.literal(organization.id.0);
        self.database.execute(&format!(
            "INSERT INTO organizations (id, name, created_at) SELECT {id}, 'added', created_at FROM organizations LIMIT 1"
        ));
    }
}
