//! Stores in databases of their own, and ways to look behind them.
#![allow(dead_code, reason = "each test file uses its own part")]

use std::ops::Deref;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Double, Nullable};
use logistics_domain::accounts::{
    Accounts, ApiKey, KeyMade, KnownKey, NewKey, NewOrganization, Organization,
};
use logistics_domain::hub::{HubRepository, Hubs};
use logistics_domain::ids::{ApiKeyId, LegId, OrganizationId};
use logistics_domain::intake::{Intake, Intakes};
use logistics_domain::jobs::{
    ChunkName, Claim, Claimed, JobRepository, Jobs, Lease, LeaseTerms, LegResult, Outbox, PendingLeg, Rest,
    Word, WorkQueue,
};
use logistics_domain::ports::{
    GeographyRepository, LegRepository, Maps, PackageRepository, Repositories, StoreError,
};
use logistics_domain::recharge::{RechargeRepository, Recharges};
use logistics_domain::report::{Ledger, Ledgers};
use logistics_domain::sessions::{NewSession, Session, Sessions};
use logistics_domain::trip::{TripRepository, Trips};
use logistics_domain::uploads::{UploadRepository, Uploads};
use logistics_store::postgres::{PostgresOptions, PostgresStore};
use logistics_store::sqlite::{SqliteOptions, SqliteStore};
use logistics_testkit::StoreUnderTest;
use logistics_testkit::postgres::TestDatabase;
use tempfile::TempDir;
use uuid::Uuid;

/// A store, and its database.
pub struct Harness<S, D> {
    store: S,
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

impl<S, D> Deref for Harness<S, D> {
    type Target = S;

    fn deref(&self) -> &S {
        &self.store
    }
}

#[async_trait]
impl<S: Accounts, D: Send + Sync> Accounts for Harness<S, D> {
    async fn key(&self, hash: [u8; 32]) -> Result<Option<KnownKey>, StoreError> {
        self.store.key(hash).await
    }

    async fn bootstrap(&self, organization: &NewOrganization, at: DateTime<Utc>) -> Result<bool, StoreError> {
        self.store.bootstrap(organization, at).await
    }

    async fn key_with_id(&self, id: ApiKeyId) -> Result<Option<KnownKey>, StoreError> {
        self.store.key_with_id(id).await
    }

    async fn create_organization(&self, organization: &Organization) -> Result<bool, StoreError> {
        self.store.create_organization(organization).await
    }

    async fn organizations(&self) -> Result<Vec<Organization>, StoreError> {
        self.store.organizations().await
    }

    async fn create_key(&self, key: &NewKey, at: DateTime<Utc>) -> Result<KeyMade, StoreError> {
        self.store.create_key(key, at).await
    }

    async fn keys(&self, organization: Option<OrganizationId>) -> Result<Vec<ApiKey>, StoreError> {
        self.store.keys(organization).await
    }

    async fn find_key(&self, id: ApiKeyId) -> Result<Option<ApiKey>, StoreError> {
        self.store.find_key(id).await
    }

    async fn revoke(&self, id: ApiKeyId, at: DateTime<Utc>) -> Result<bool, StoreError> {
        self.store.revoke(id, at).await
    }

    async fn note_use(&self, uses: Vec<(ApiKeyId, DateTime<Utc>)>) -> Result<(), StoreError> {
        self.store.note_use(uses).await
    }
}

#[async_trait]
impl<S: Repositories, D: Send + Sync> Repositories for Harness<S, D> {
    async fn ping(&self) -> Result<(), StoreError> {
        self.store.ping().await
    }

    fn legs(&self, organization: OrganizationId) -> Box<dyn LegRepository> {
        self.store.legs(organization)
    }

    fn packages(&self, organization: OrganizationId) -> Box<dyn PackageRepository> {
        self.store.packages(organization)
    }
}

impl<S: Intakes, D: Send + Sync> Intakes for Harness<S, D> {
    fn intake(&self, organization: OrganizationId) -> Box<dyn Intake> {
        self.store.intake(organization)
    }
}

impl<S: Jobs, D: Send + Sync> Jobs for Harness<S, D> {
    fn jobs(&self, organization: OrganizationId) -> Box<dyn JobRepository> {
        self.store.jobs(organization)
    }
}

#[async_trait]
impl<S: Outbox, D: Send + Sync> Outbox for Harness<S, D> {
    async fn to_send(&self, most: u32, terms: LeaseTerms) -> Result<Vec<Word>, StoreError> {
        self.store.to_send(most, terms).await
    }

    async fn sent(&self, words: Vec<Word>) -> Result<(), StoreError> {
        self.store.sent(words).await
    }
}

#[async_trait]
impl<S: WorkQueue, D: Send + Sync> WorkQueue for Harness<S, D> {
    async fn claim(&self, terms: LeaseTerms, after: OrganizationId) -> Result<Option<Claimed>, StoreError> {
        self.store.claim(terms, after).await
    }

    async fn claim_chunk(&self, chunk: ChunkName, terms: LeaseTerms) -> Result<Claim, StoreError> {
        self.store.claim_chunk(chunk, terms).await
    }

    async fn read(&self, lease: Lease) -> Result<Vec<PendingLeg>, StoreError> {
        self.store.read(lease).await
    }

    async fn extend(&self, lease: Lease, until: DateTime<Utc>) -> Result<bool, StoreError> {
        self.store.extend(lease, until).await
    }

    async fn write_back(
        &self,
        lease: Lease,
        results: Vec<LegResult>,
        rest: Rest,
        at: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        self.store.write_back(lease, results, rest, at).await
    }

    async fn put_back(&self, lease: Lease, rest: Rest, at: DateTime<Utc>) -> Result<bool, StoreError> {
        self.store.put_back(lease, rest, at).await
    }

    async fn split(&self, lease: Lease, at: DateTime<Utc>) -> Result<bool, StoreError> {
        self.store.split(lease, at).await
    }

    async fn close_rolling(&self, now: DateTime<Utc>) -> Result<usize, StoreError> {
        self.store.close_rolling(now).await
    }
}

#[async_trait]
impl<S: Sessions, D: Send + Sync> Sessions for Harness<S, D> {
    async fn begin(&self, session: NewSession, at: DateTime<Utc>) -> Result<(), StoreError> {
        self.store.begin(session, at).await
    }

    async fn session(&self, token: [u8; 32], at: DateTime<Utc>) -> Result<Option<Session>, StoreError> {
        self.store.session(token, at).await
    }

    async fn end(&self, token: [u8; 32]) -> Result<(), StoreError> {
        self.store.end(token).await
    }
}

impl<S: Maps, D: Send + Sync> Maps for Harness<S, D> {
    fn geography(&self, organization: OrganizationId) -> Box<dyn GeographyRepository> {
        self.store.geography(organization)
    }
}

impl<S: Recharges, D: Send + Sync> Recharges for Harness<S, D> {
    fn recharges(&self, organization: OrganizationId) -> Box<dyn RechargeRepository> {
        self.store.recharges(organization)
    }
}

impl<S: Ledgers, D: Send + Sync> Ledgers for Harness<S, D> {
    fn ledger(&self, organization: OrganizationId) -> Box<dyn Ledger> {
        self.store.ledger(organization)
    }
}

impl<S: Uploads, D: Send + Sync> Uploads for Harness<S, D> {
    fn uploads(&self, organization: OrganizationId) -> Box<dyn UploadRepository> {
        self.store.uploads(organization)
    }
}

impl<S: Trips, D: Send + Sync> Trips for Harness<S, D> {
    fn trips(&self, organization: OrganizationId) -> Box<dyn TripRepository> {
        self.store.trips(organization)
    }
}

impl<S: Hubs, D: Send + Sync> Hubs for Harness<S, D> {
    fn hubs(&self, organization: OrganizationId) -> Box<dyn HubRepository> {
        self.store.hubs(organization)
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
impl<S, D: Raw> StoreUnderTest for Harness<S, D>
where
    S: Accounts
        + Repositories
        + Intakes
        + Jobs
        + WorkQueue
        + Outbox
        + Maps
        + Hubs
        + Sessions
        + Trips
        + Recharges
        + Ledgers
        + Uploads,
{
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
