//! Databases of a former version, brought up to date with what is in them.
#![allow(clippy::unwrap_used, reason = "failing is what tests do with what should not be")]

mod support;

use chrono::TimeDelta;
use logistics_domain::Category;
use logistics_domain::ids::{JobId, OrganizationId};
use logistics_domain::intake::{Answer, Delivery, Kept};
use logistics_domain::jobs::{
    AcceptedRecord, FailedRecord, Job, JobKind, JobState, LeaseTerms, LegResult, NewJob, Rest, Stage,
};
use logistics_domain::leg::{AnyOf, LegFilter, LegRecord, Outcome};
use logistics_domain::package::{PackageFilter, PackageRecord};
use logistics_domain::ports::{Listed, Page, StorePorts};
use logistics_domain::trip::TripFilter;
use logistics_store::postgres::{PostgresOptions, PostgresStore};
use logistics_store::sqlite::{SqliteOptions, SqliteStore};
use logistics_testkit::StoreUnderTest;
use logistics_testkit::records::{
    calculated, failed, leg, organization, start, to_save, traced_leg, trip_leg,
};
use support::{Postgres, Raw, Sqlite};

/// The way back to the version without positions, the newest first, and how much of it leads back to records in rows of their own.
const SQLITE: [&str; 9] = [
    include_str!("../../../migrations/sqlite/2026-11-22-170000_fewer_indexes/down.sql"),
    include_str!("../../../migrations/sqlite/2026-11-22-160000_plain_checks/down.sql"),
    include_str!("../../../migrations/sqlite/2026-11-22-150000_packed_records/down.sql"),
    include_str!("../../../migrations/sqlite/2026-11-22-140000_legs_by_movement/down.sql"),
    include_str!("../../../migrations/sqlite/2026-11-22-130000_status_of_results/down.sql"),
    include_str!("../../../migrations/sqlite/2026-11-22-120000_uploads/down.sql"),
    include_str!("../../../migrations/sqlite/2026-11-22-100000_cheap_rows/down.sql"),
    include_str!("../../../migrations/sqlite/2026-11-22-091000_package_positions/down.sql"),
    include_str!("../../../migrations/sqlite/2026-11-22-090000_positions/down.sql"),
];
const SQLITE_RECORDS: usize = 3;
const POSTGRES: [&str; 7] = [
    include_str!("../../../migrations/postgres/2026-11-22-170000_fewer_indexes/down.sql"),
    include_str!("../../../migrations/postgres/2026-11-22-150000_packed_records/down.sql"),
    include_str!("../../../migrations/postgres/2026-11-22-140000_legs_by_movement/down.sql"),
    include_str!("../../../migrations/postgres/2026-11-22-130000_status_of_results/down.sql"),
    include_str!("../../../migrations/postgres/2026-11-22-120000_uploads/down.sql"),
    include_str!("../../../migrations/postgres/2026-11-22-091000_package_positions/down.sql"),
    include_str!("../../../migrations/postgres/2026-11-22-090000_positions/down.sql"),
];
const POSTGRES_RECORDS: usize = 2;

/// Takes a database back by some migrations, which begin with one's version.
fn take_back(database: &impl Raw, steps: &[&str], first: &str) {
    for step in steps {
        database.execute(step);
    }
    database.execute(&format!("DELETE FROM __diesel_schema_migrations WHERE version >= '{first}'"));
}

#[tokio::test(flavor = "multi_thread")]
async fn legs_without_positions_get_them_on_sqlite() {
    let store = Sqlite::new(SqliteOptions::default());
    let (own, emptied, before) = fill(&store).await;
    take_back(&store.database, &SQLITE, "20261122090000");
    let opened = SqliteStore::open(&store.path(), SqliteOptions::default()).unwrap();
    assert_eq!(seen(&opened, own).await, before);
    goes_on(&opened, own, emptied).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn legs_without_positions_get_them_on_postgres() {
    let Some(store) = Postgres::new(PostgresOptions::default()) else { return };
    let (own, emptied, before) = fill(&store).await;
    take_back(&store.database, &POSTGRES, "20261122090000");
    let opened = PostgresStore::open(store.database.url(), PostgresOptions::default()).unwrap();
    assert_eq!(seen(&opened, own).await, before);
    goes_on(&opened, own, emptied).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn records_in_rows_of_their_own_are_packed_on_sqlite() {
    let store = Sqlite::new(SqliteOptions::default());
    let (own, job, before) = work(&store).await;
    take_back(&store.database, &SQLITE[..SQLITE_RECORDS], "20261122150000");
    store.database.execute(UPLOADS);
    let opened = SqliteStore::open(&store.path(), SqliteOptions::default()).unwrap();
    assert_eq!(job_seen(&opened, own, job).await, before);
    is_worked_on(&opened, own, job).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn records_in_rows_of_their_own_are_packed_on_postgres() {
    let Some(store) = Postgres::new(PostgresOptions::default()) else { return };
    let (own, job, before) = work(&store).await;
    take_back(&store.database, &POSTGRES[..POSTGRES_RECORDS], "20261122150000");
    store.database.execute(UPLOADS);
    let opened = PostgresStore::open(store.database.url(), PostgresOptions::default()).unwrap();
    assert_eq!(job_seen(&opened, own, job).await, before);
    is_worked_on(&opened, own, job).await;
}

/// What was sent, which the way back loses.
const UPLOADS: &str = "UPDATE job_records SET upload = 'sent ' || position WHERE state = 'waiting'";

/// A job of five legs in chunks of two and a record that was refused. The first chunk is calculated, with a failure.
async fn work(store: &impl StoreUnderTest) -> (OrganizationId, JobId, JobSeen) {
    let own = organization(1);
    store.bootstrap(&own, start()).await.unwrap();
    let legs = (0..5).map(|number| to_save(traced_leg(&format!("M{number}")), Outcome::Pending));
    let accepted = (0..5).map(|index| AcceptedRecord { index, upload: format!("sent {index}") });
    let refused = FailedRecord {
        index: 5,
        movement_id: Some("M9".to_owned()),
        stage: Stage::Sync,
        code: "INVALID".to_owned(),
        error: "load is text".to_owned(),
        upload: "sent 5".to_owned(),
    };
    let job = NewJob { kind: JobKind::Bulk, accepted: accepted.collect(), refused: vec![refused], chunk: 2 };
    let answer = Box::new(|_: Kept<'_>| Answer { status: 200, location: None, body: Vec::new() });
    let delivery = Delivery { legs: legs.collect(), job: Some(job), call: None, answer };
    store.intake(own.id).take(delivery, start()).await.unwrap();
    settle_chunk(&**store, own.id, &[calculated(1.0), failed("nowhere")]).await;
    let job = store.jobs(own.id).list(Page { number: 1, size: 1 }).await.unwrap().items[0].id;
    (own.id, job, job_seen(&**store, own.id, job).await)
}

async fn settle_chunk(store: &dyn StorePorts, own: OrganizationId, outcomes: &[Outcome]) {
    let terms = LeaseTerms {
        now: start(),
        until: start() + TimeDelta::hours(1),
        horizon: start() + TimeDelta::hours(2),
    };
    let claimed = store.claim(terms, own).await.unwrap().unwrap();
    let pending = store.read(claimed.lease).await.unwrap();
    let results = pending.iter().zip(outcomes).map(|(pending, outcome)| LegResult {
        index: pending.index,
        updated_at: pending.updated_at,
        outcome: outcome.clone(),
    });
    assert!(store.write_back(claimed.lease, results.collect(), Rest::Returned, start()).await.unwrap());
}

/// A job, its failures and how many legs it has.
type JobSeen = (Job, Vec<FailedRecord>, u64);

async fn job_seen(store: &dyn StorePorts, own: OrganizationId, job: JobId) -> JobSeen {
    let jobs = store.jobs(own);
    let errors = jobs.errors(job, 9).await.unwrap();
    let of_job = LegFilter { files: AnyOf::these(vec![job]), ..LegFilter::default() };
    let legs = store.legs(own).select(&of_job, Page { number: 1, size: 9 }).await.unwrap().total;
    (jobs.find(job).await.unwrap().unwrap(), errors, legs)
}

async fn is_worked_on(store: &dyn StorePorts, own: OrganizationId, job: JobId) {
    settle_chunk(store, own, &[calculated(1.0), failed("nowhere")]).await;
    settle_chunk(store, own, &[calculated(1.0)]).await;
    let (job, errors, legs) = job_seen(store, own, job).await;
    assert_eq!((job.state, job.succeeded, job.failed, legs), (JobState::Completed, 3, 3, 5));
    let failed: Vec<_> = errors
        .iter()
        .map(|error| (error.index, error.movement_id.as_deref(), error.upload.as_str()))
        .collect();
    assert_eq!(failed, [(1, Some("M1"), "sent 1"), (3, Some("M3"), "sent 3"), (5, Some("M9"), "sent 5")]);
}

/// Fills two organizations: one with legs, another whose legs are all deleted and whose package stays.
async fn fill(store: &impl StoreUnderTest) -> (OrganizationId, OrganizationId, Seen) {
    let own = organization(1);
    store.bootstrap(&own, start()).await.unwrap();
    let other = organization(2);
    store.add_organization(&other).await;
    store.legs(other.id).save(vec![to_save(traced_leg("M1"), calculated(1.0))], start()).await.unwrap();
    let emptied = organization(3);
    store.add_organization(&emptied).await;
    let legs = store.legs(emptied.id);
    let saved = legs.save(vec![to_save(traced_leg("M1"), calculated(1.0))], start()).await.unwrap();
    assert!(legs.delete(&[saved[0].id], start()).await.unwrap());
    let legs = store.legs(own.id);
    for day in 0..3_i64 {
        let mut batch: Vec<_> = (0..9_000).map(|_| to_save(leg(), Outcome::Pending)).collect();
        batch.push(to_save(traced_leg(&format!("M{day}")), calculated(1.0)));
        batch.push(to_save(trip_leg(&format!("T{day}")), failed("nowhere")));
        legs.save(batch, start() + TimeDelta::days(day)).await.unwrap();
    }
    (own.id, emptied.id, seen(&**store, own.id).await)
}

/// Pages of lists of every kind.
#[derive(Debug, PartialEq)]
struct Seen {
    legs: Vec<Listed<LegRecord>>,
    packages: Vec<Listed<PackageRecord>>,
}

async fn seen(store: &dyn StorePorts, own: OrganizationId) -> Seen {
    let legs = store.legs(own);
    let text = |text: &str| AnyOf::these(vec![text.to_owned()]);
    let all = LegFilter::default;
    let filters = [
        all(),
        LegFilter { clients: text("CLIENT-001"), ..all() },
        LegFilter { categories: AnyOf::these(vec![Category::Road]), ..all() },
        LegFilter { search: Some("m".to_owned()), ..all() },
        LegFilter { movements: text("T1"), ..all() },
    ];
    let mut lists = Vec::new();
    for filter in &filters {
        for number in [1, 3] {
            lists.push(legs.select(filter, Page { number, size: 5 }).await.unwrap());
        }
    }
    lists.push(store.trips(own).select(&TripFilter::default(), Page { number: 1, size: 5 }).await.unwrap());
    let mut packages = Vec::new();
    for client in [None, Some("CLIENT-001".to_owned()), Some("nobody".to_owned())] {
        let filter = PackageFilter { client, ..PackageFilter::default() };
        packages.push(store.packages(own).select(&filter, Page { number: 1, size: 5 }).await.unwrap());
    }
    Seen { legs: lists, packages }
}

async fn goes_on(store: &dyn StorePorts, own: OrganizationId, emptied: OrganizationId) {
    let legs = store.legs(own);
    let before = legs.select(&LegFilter::default(), Page { number: 1, size: 1 }).await.unwrap();
    let new = legs.save(vec![to_save(leg(), calculated(1.0))], start()).await.unwrap();
    let after = legs.select(&LegFilter::default(), Page { number: 1, size: 2 }).await.unwrap();
    assert_eq!((after.total, after.items), (before.total + 1, [new, before.items].concat()));

    store.legs(emptied).save(vec![to_save(traced_leg("M2"), calculated(1.0))], start()).await.unwrap();
    let packages = store.packages(emptied);
    let kept = packages.select(&PackageFilter::default(), Page { number: 1, size: 5 }).await.unwrap();
    let movements: Vec<&str> = kept.items.iter().map(|package| package.movement_id.as_str()).collect();
    assert_eq!(movements, ["M2", "M1"]);
}
