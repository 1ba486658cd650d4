//! An SQLite store in a folder of its own, and a way to look behind it.

use std::ops::Deref;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Double, Nullable};
use logistics_domain::hub::{HubRepository, Hubs};
use logistics_domain::ids::{LegId, OrganizationId};
use logistics_domain::intake::{Intake, Intakes};
use logistics_domain::jobs::{
    Claimed, JobRepository, Jobs, Lease, LeaseTerms, LegResult, PendingLeg, Rest, WorkQueue,
};
use logistics_domain::ports::{
    Accounts, GeographyRepository, KnownKey, LegRepository, Maps, NewOrganization, PackageRepository,
    Repositories, StoreError,
};
use logistics_domain::sessions::{NewSession, Sessions};
use logistics_domain::trip::{TripRepository, Trips};
use logistics_store::sqlite::{SqliteOptions, SqliteStore};
use logistics_testkit::StoreUnderTest;
use tempfile::TempDir;

pub struct Sqlite {
    store: SqliteStore,
    folder: TempDir,
}

impl Sqlite {
    pub fn new(options: SqliteOptions) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("dray.sqlite3");
        let store = SqliteStore::open(path.to_str().unwrap(), options).unwrap();
        Self { store, folder }
    }

    pub fn path(&self) -> String {
        self.folder.path().join("dray.sqlite3").to_str().unwrap().to_owned()
    }

    /// A connection of its own, beside the store's.
    pub fn raw(&self) -> SqliteConnection {
        let mut connection = SqliteConnection::establish(&self.path()).unwrap();
        connection.batch_execute("PRAGMA busy_timeout = 5000").unwrap();
        connection
    }
}

impl Deref for Sqlite {
    type Target = SqliteStore;

    fn deref(&self) -> &SqliteStore {
        &self.store
    }
}

#[async_trait]
impl Accounts for Sqlite {
    async fn key(&self, hash: [u8; 32]) -> Result<Option<KnownKey>, StoreError> {
        self.store.key(hash).await
    }

    async fn bootstrap(&self, organization: &NewOrganization, at: DateTime<Utc>) -> Result<bool, StoreError> {
        self.store.bootstrap(organization, at).await
    }
}

#[async_trait]
impl Repositories for Sqlite {
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

impl Intakes for Sqlite {
    fn intake(&self, organization: OrganizationId) -> Box<dyn Intake> {
        self.store.intake(organization)
    }
}

impl Jobs for Sqlite {
    fn jobs(&self, organization: OrganizationId) -> Box<dyn JobRepository> {
        self.store.jobs(organization)
    }
}

#[async_trait]
impl WorkQueue for Sqlite {
    async fn claim(&self, terms: LeaseTerms) -> Result<Option<Claimed>, StoreError> {
        self.store.claim(terms).await
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
impl Sessions for Sqlite {
    async fn begin(&self, session: NewSession, at: DateTime<Utc>) -> Result<(), StoreError> {
        self.store.begin(session, at).await
    }

    async fn session(&self, token: [u8; 32], at: DateTime<Utc>) -> Result<Option<KnownKey>, StoreError> {
        self.store.session(token, at).await
    }

    async fn end(&self, token: [u8; 32]) -> Result<(), StoreError> {
        self.store.end(token).await
    }
}

impl Maps for Sqlite {
    fn geography(&self, organization: OrganizationId) -> Box<dyn GeographyRepository> {
        self.store.geography(organization)
    }
}

impl Trips for Sqlite {
    fn trips(&self, organization: OrganizationId) -> Box<dyn TripRepository> {
        self.store.trips(organization)
    }
}

impl Hubs for Sqlite {
    fn hubs(&self, organization: OrganizationId) -> Box<dyn HubRepository> {
        self.store.hubs(organization)
    }
}

#[derive(QueryableByName)]
struct Kept {
    #[diesel(sql_type = Nullable<Double>)]
    total_wtw: Option<f64>,
    #[diesel(sql_type = Bool)]
    is_current: bool,
}

#[async_trait]
impl StoreUnderTest for Sqlite {
    async fn kept_results(&self, organization: OrganizationId, leg: LegId) -> Vec<(Option<f64>, bool)> {
        let (organization, leg) = (organization.0.simple(), leg.0.simple());
        let kept = diesel::sql_query(format!(
            "SELECT total_wtw, is_current FROM leg_results
             WHERE organization_id = X'{organization}' AND leg_id = X'{leg}' ORDER BY id"
        ));
        let kept: Vec<Kept> = kept.load(&mut self.raw()).unwrap();
        kept.into_iter().map(|kept| (kept.total_wtw, kept.is_current)).collect()
    }

    async fn add_organization(&self, organization: &NewOrganization) {
        let added = format!(
            "INSERT INTO organizations (id, name, created_at) VALUES (X'{}', 'added', 0)",
            organization.id.0.simple()
        );
        self.raw().batch_execute(&added).unwrap();
    }
}
