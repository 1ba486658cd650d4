//! No method of a repository reaches another organization's rows, whatever ids it is given.
#![allow(clippy::unwrap_used, clippy::panic, reason = "failing is what tests do with what should not be")]

mod support;

use chrono::TimeDelta;
use logistics_domain::geography::{AliasName, GeographySettings};
use logistics_domain::hub::{Hub, HubFilter, HubKey, HubMentions, HubWrite, Removal};
use logistics_domain::ids::OrganizationId;
use logistics_domain::intake::{Answer, CallKey, Delivery, Told};
use logistics_domain::jobs::{
    AcceptedRecord, Job, JobKind, Lease, LeaseTerms, LegResult, NewJob, Order, Ordered, Rest,
};
use logistics_domain::leg::{AnyOf, LegFilter, LegRecord, Outcome};
use logistics_domain::package::{PackageFilter, PackageRecord};
use logistics_domain::ports::{LegToSave, Listed, Page};
use logistics_domain::trip::TripFilter;
use logistics_store::postgres::PostgresOptions;
use logistics_store::sqlite::SqliteOptions;
use logistics_testkit::records::{calculated, hub, leg, organization, place, start, to_save, trip_leg};
use logistics_testkit::{StoreUnderTest, delete_selected, strategies};
use proptest::test_runner::{Config, TestRunner};
use support::{Postgres, Sqlite};

const WHOLE: Page = Page { number: 1, size: 1000 };

#[test]
fn on_sqlite() {
    try_everything(&Sqlite::new(SqliteOptions::default()), 24);
}

#[test]
fn on_postgres() {
    if let Some(store) = Postgres::new(PostgresOptions::default()) {
        try_everything(&store, 8);
    }
}

/// Every case has two organizations of its own.
fn try_everything(store: &impl StoreUnderTest, cases: u32) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 0, ..Config::default() };
    let next = std::cell::Cell::new(2_u8);
    assert!(runtime.block_on(store.bootstrap(&organization(1), start())).unwrap());
    TestRunner::new(config)
        .run(&(strategies::batch(8), strategies::filter()), |(batch, filter)| {
            let (own, other) = (organization(next.get()), organization(next.get() + 1));
            next.set(next.get() + 2);
            runtime.block_on(async {
                store.add_organization(&own).await;
                store.add_organization(&other).await;
                let theirs = Rows::fill(store, own.id, batch).await;
                let before = theirs.as_seen(store, own.id).await;
                theirs.try_legs(store, other.id, &filter).await;
                theirs.try_hubs(store, other.id).await;
                theirs.try_jobs(store, other.id).await;
                theirs.try_leases(store, other.id).await;
                theirs.try_the_rest(store, other.id).await;
                assert_eq!(theirs.as_seen(store, own.id).await, before);
            });
            Ok(())
        })
        .unwrap();
}

/// What an organization has.
struct Rows {
    legs: Vec<LegRecord>,
    hub: Hub,
    job: Job,
    lease: Lease,
    call: CallKey,
    alias: AliasName,
}

/// All of it that its owner can see.
#[derive(Debug, PartialEq)]
struct Seen {
    legs: Listed<LegRecord>,
    packages: Listed<PackageRecord>,
    hubs: Listed<Hub>,
    jobs: Listed<Job>,
    settings: GeographySettings,
    told: Option<Told>,
}

impl Rows {
    async fn fill(store: &impl StoreUnderTest, own: OrganizationId, batch: Vec<LegToSave>) -> Self {
        for hub in strategies::handling_hubs() {
            assert_eq!(store.hubs(own).create(&hub).await.unwrap(), HubWrite::Kept);
        }
        let legs = store.legs(own);
        let mut kept = legs.save(batch, start()).await.unwrap();
        kept.extend(legs.save(vec![to_save(trip_leg("T1"), calculated(1.0))], start()).await.unwrap());
        let hub = hub("Madrid Warehouse");
        assert_eq!(store.hubs(own).create(&hub).await.unwrap(), HubWrite::Kept);
        let call = CallKey { key: "K".to_owned(), fingerprint: [7; 32] };
        let accepted = (0..3).map(|index| AcceptedRecord { index, upload: "{}".to_owned() }).collect();
        let delivery = Delivery {
            legs: (0..3).map(|_| to_save(leg(), Outcome::Pending)).collect(),
            job: Some(NewJob { kind: JobKind::Bulk, accepted, refused: Vec::new(), chunk: 2 }),
            call: Some(call.clone()),
            answer: Box::new(|_| answer()),
        };
        store.intake(own).take(delivery, start()).await.unwrap();
        let claimed = store.claim(terms(), OrganizationId(uuid::Uuid::nil())).await.unwrap().unwrap();
        assert_eq!(claimed.lease.organization, own);
        let job = store.jobs(own).find(claimed.lease.job).await.unwrap().unwrap();
        let alias = AliasName::of("Centro Norte").unwrap();
        store.geography(own).pin(&alias, &place("Madrid", 40.4, -3.7), start()).await.unwrap();
        // The chunk that is not claimed here waits behind those of later cases.
        let rest = store.claim(terms(), OrganizationId(uuid::Uuid::nil())).await.unwrap().unwrap();
        assert_eq!(rest.lease.job, job.id);
        Self { legs: kept, hub, job, lease: claimed.lease, call, alias }
    }

    async fn as_seen(&self, store: &impl StoreUnderTest, own: OrganizationId) -> Seen {
        Seen {
            legs: store.legs(own).select(&LegFilter::default(), WHOLE).await.unwrap(),
            packages: store.packages(own).select(&PackageFilter::default(), WHOLE).await.unwrap(),
            hubs: store.hubs(own).list(&HubFilter::default(), WHOLE).await.unwrap(),
            jobs: store.jobs(own).list(WHOLE).await.unwrap(),
            settings: store.geography(own).settings().await.unwrap(),
            told: store.intake(own).told(&self.call, start()).await.unwrap(),
        }
    }

    async fn try_legs(&self, store: &impl StoreUnderTest, other: OrganizationId, filter: &LegFilter) {
        let (legs, packages) = (store.legs(other), store.packages(other));
        for record in &self.legs {
            assert_eq!(legs.find(record.id).await.unwrap(), None);
            assert!(!legs.delete(&[record.id], start()).await.unwrap());
            if let Some(package) = record.package_id {
                assert_eq!(packages.find(package).await.unwrap(), None);
            }
            if let Some(numbers) = record.trip {
                assert_eq!(store.trips(other).find(numbers.trip).await.unwrap(), None);
            }
        }
        let of_file = LegFilter { files: AnyOf::these(vec![self.job.id]), ..LegFilter::default() };
        for filter in [filter, &of_file, &LegFilter::default()] {
            assert_eq!(legs.select(filter, WHOLE).await.unwrap().total, 0);
            assert_eq!(delete_selected(&*store.intake(other), filter, start()).await, []);
        }
        assert_eq!(legs.clients().await.unwrap(), Vec::<String>::new());
        assert_eq!(legs.overview().await.unwrap().count, 0);
        assert_eq!(packages.select(&PackageFilter::default(), WHOLE).await.unwrap().total, 0);
        assert_eq!(store.trips(other).select(&TripFilter::default(), WHOLE).await.unwrap().total, 0);
    }

    async fn try_hubs(&self, store: &impl StoreUnderTest, other: OrganizationId) {
        let hubs = store.hubs(other);
        assert_eq!(hubs.find(self.hub.id).await.unwrap(), None);
        let mut changed = self.hub.clone();
        changed.updated_at = Some(start() + TimeDelta::hours(1));
        assert_eq!(hubs.replace(&self.hub, &changed).await.unwrap(), HubWrite::Outdated);
        assert_eq!(hubs.remove(self.hub.id).await.unwrap(), Removal::Unknown);
        assert_eq!(hubs.list(&HubFilter::default(), WHOLE).await.unwrap().total, 0);
        assert_eq!(hubs.overview().await.unwrap().count, 0);
        let name = HubKey::of(&self.hub.profile.name).unwrap();
        let mentions =
            HubMentions { names: [name.clone()].into(), codes: [name].into(), ids: [self.hub.id].into() };
        assert_eq!(hubs.mentioned(mentions).await.unwrap(), []);
    }

    async fn try_jobs(&self, store: &impl StoreUnderTest, other: OrganizationId) {
        let jobs = store.jobs(other);
        let order = || Order { job: self.job.id, call: None, answer: Box::new(|_| answer()) };
        assert_eq!(jobs.find(self.job.id).await.unwrap(), None);
        assert_eq!(jobs.list(WHOLE).await.unwrap().total, 0);
        assert_eq!(jobs.errors(self.job.id, 100).await.unwrap(), []);
        assert_eq!(jobs.cancel(order(), start()).await.unwrap(), Ordered::NoSuchJob);
        assert_eq!(jobs.retry(order(), start()).await.unwrap(), Ordered::NoSuchJob);
    }

    /// Leases name their organization: one with another's does nothing.
    async fn try_leases(&self, store: &impl StoreUnderTest, other: OrganizationId) {
        let lease = Lease { organization: other, ..self.lease };
        let result = || LegResult { index: 0, updated_at: start(), outcome: calculated(1.0) };
        assert_eq!(store.read(lease).await.unwrap(), []);
        assert!(!store.extend(lease, start()).await.unwrap());
        assert!(!store.write_back(lease, vec![result()], Rest::Returned, start()).await.unwrap());
        assert!(!store.put_back(lease, Rest::Returned, start()).await.unwrap());
        assert!(!store.split(lease, start()).await.unwrap());
    }

    async fn try_the_rest(&self, store: &impl StoreUnderTest, other: OrganizationId) {
        assert_eq!(store.intake(other).told(&self.call, start()).await.unwrap(), None);
        let map = store.geography(other);
        assert_eq!(map.settings().await.unwrap(), GeographySettings::default());
        assert_eq!(map.aliases().await.unwrap(), []);
        assert!(!map.unpin(&self.alias).await.unwrap());
    }
}

fn answer() -> Answer {
    Answer { status: 200, location: None, body: Vec::new() }
}

fn terms() -> LeaseTerms {
    LeaseTerms { now: start(), until: start() + TimeDelta::hours(1), horizon: start() + TimeDelta::hours(2) }
}
