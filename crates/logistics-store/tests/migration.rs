//! Databases of a former version, brought up to date with what is in them.
#![allow(clippy::unwrap_used, reason = "failing is what tests do with what should not be")]

mod support;

use chrono::TimeDelta;
use logistics_domain::Category;
use logistics_domain::accounts::Accounts;
use logistics_domain::ids::OrganizationId;
use logistics_domain::leg::{AnyOf, LegFilter, LegRecord, Outcome};
use logistics_domain::package::{PackageFilter, PackageRecord};
use logistics_domain::ports::{Listed, Page, Repositories};
use logistics_domain::trip::{TripFilter, Trips};
use logistics_store::postgres::{PostgresOptions, PostgresStore};
use logistics_store::sqlite::{SqliteOptions, SqliteStore};
use logistics_testkit::StoreUnderTest;
use logistics_testkit::records::{
    calculated, failed, leg, organization, start, to_save, traced_leg, trip_leg,
};
use support::{Postgres, Raw, Sqlite};

const BEFORE_POSITIONS: &str = "DELETE FROM __diesel_schema_migrations WHERE version IN ('20261122090000', '20261122091000', '20261122130000')";

#[tokio::test(flavor = "multi_thread")]
async fn legs_without_positions_get_them_on_sqlite() {
    let store = Sqlite::new(SqliteOptions::default());
    let (own, emptied, before) = fill(&store).await;
    store
        .database
        .execute(include_str!("../../../migrations/sqlite/2026-11-22-130000_status_of_results/down.sql"));
    store
        .database
        .execute(include_str!("../../../migrations/sqlite/2026-11-22-091000_package_positions/down.sql"));
    store.database.execute(include_str!("../../../migrations/sqlite/2026-11-22-090000_positions/down.sql"));
    store.database.execute(BEFORE_POSITIONS);
    let opened = SqliteStore::open(&store.path(), SqliteOptions::default()).unwrap();
    assert_eq!(seen(&opened, own).await, before);
    goes_on(&opened, own, emptied).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn legs_without_positions_get_them_on_postgres() {
    let Some(store) = Postgres::new(PostgresOptions::default()) else { return };
    let (own, emptied, before) = fill(&store).await;
    store
        .database
        .execute(include_str!("../../../migrations/postgres/2026-11-22-130000_status_of_results/down.sql"));
    store
        .database
        .execute(include_str!("../../../migrations/postgres/2026-11-22-091000_package_positions/down.sql"));
    store.database.execute(include_str!("../../../migrations/postgres/2026-11-22-090000_positions/down.sql"));
    store.database.execute(BEFORE_POSITIONS);
    let opened = PostgresStore::open(store.database.url(), PostgresOptions::default()).unwrap();
    assert_eq!(seen(&opened, own).await, before);
    goes_on(&opened, own, emptied).await;
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
    (own.id, emptied.id, seen(store, own.id).await)
}

/// Pages of lists of every kind.
#[derive(Debug, PartialEq)]
struct Seen {
    legs: Vec<Listed<LegRecord>>,
    packages: Vec<Listed<PackageRecord>>,
}

async fn seen(store: &(impl Repositories + Trips), own: OrganizationId) -> Seen {
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

async fn goes_on(store: &(impl Repositories + Accounts), own: OrganizationId, emptied: OrganizationId) {
    let legs = store.legs(own);
    let before = legs.list(Page { number: 1, size: 1 }).await.unwrap();
    let new = legs.save(vec![to_save(leg(), calculated(1.0))], start()).await.unwrap();
    let after = legs.list(Page { number: 1, size: 2 }).await.unwrap();
    assert_eq!((after.total, after.items), (before.total + 1, [new, before.items].concat()));

    store.legs(emptied).save(vec![to_save(traced_leg("M2"), calculated(1.0))], start()).await.unwrap();
    let packages = store.packages(emptied);
    let kept = packages.select(&PackageFilter::default(), Page { number: 1, size: 5 }).await.unwrap();
    let movements: Vec<&str> = kept.items.iter().map(|package| package.movement_id.as_str()).collect();
    assert_eq!(movements, ["M2", "M1"]);
}
