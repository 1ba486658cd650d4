//! How fast pages, filters and deletes are on a long list: 1,000,000 legs in one organization, or `DRAY_BENCH_LEGS` of them;
//! on SQLite, or with `DRAY_TEST_DATABASE=postgres` on PostgreSQL.
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a benchmark has no caller to report to, and is not documented"
)]

use std::hint::black_box;
use std::sync::Arc;

use chrono::{Days as Span, NaiveDate, TimeDelta};
use criterion::{Criterion, criterion_group, criterion_main};
use logistics_domain::Category;
use logistics_domain::ids::OrganizationId;
use logistics_domain::leg::{AnyOf, Days, LegFilter, LegStatus};
use logistics_domain::package::PackageFilter;
use logistics_domain::ports::{LegToSave, Page};
use logistics_store::Store;
use logistics_store::postgres::{PostgresOptions, PostgresStore};
use logistics_testkit::postgres::TestDatabase;
use logistics_testkit::records::{calculated, failed, organization, start, to_save, traced_leg};
use tokio::runtime::Runtime;

/// As many legs as one call may bring.
const BATCH: u32 = 5_000;

struct Bench {
    runtime: Runtime,
    store: Arc<dyn Store>,
    organization: OrganizationId,
    legs: u32,
    _folder: tempfile::TempDir,
    _database: Option<TestDatabase>,
}

impl Bench {
    fn new() -> Self {
        let legs = std::env::var("DRAY_BENCH_LEGS").map_or(1_000_000, |legs| legs.parse().unwrap());
        let runtime = Runtime::new().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("dray.sqlite3");
        let on_postgres = std::env::var("DRAY_TEST_DATABASE").is_ok_and(|database| database == "postgres");
        let migrate = |url: &str| PostgresStore::migrate(url).unwrap();
        let database = on_postgres.then(|| TestDatabase::create(&migrate).unwrap());
        let location = database.as_ref().map_or(path.to_str().unwrap(), TestDatabase::url);
        let store = logistics_store::open(location, PostgresOptions::default()).unwrap();
        let owner = organization(1);
        runtime.block_on(store.bootstrap(&owner, start())).unwrap();
        for first in (0..legs).step_by(BATCH as usize) {
            let batch = (first..legs.min(first + BATCH)).map(leg).collect();
            let at = start() + TimeDelta::minutes(i64::from(first / BATCH) * 100);
            runtime.block_on(store.legs(owner.id).save(batch, at)).unwrap();
        }
        Self { runtime, store, organization: owner.id, legs, _folder: folder, _database: database }
    }

    fn select(&self, filter: &LegFilter, number: u32) -> u64 {
        let legs = self.store.legs(self.organization);
        let page = Page { number, size: 50 };
        black_box(self.runtime.block_on(legs.select(filter, page)).unwrap()).total
    }
}

/// A leg of a shipment of three, of a package each: half of the legs are of one client, the others of 49; one in a hundred
/// failed.
fn leg(number: u32) -> LegToSave {
    let mut leg = traced_leg(&format!("MOV-2025-{:07}", number / 3));
    leg.trace.package_key = Some(format!("26830007899{number:012}"));
    leg.trace.client = Some(format!("CLIENT-{:03}", if number.is_multiple_of(2) { 0 } else { number % 50 }));
    leg.trace.hub_id = Some(format!("HUB-{:02}", number % 10));
    leg.toc = ["truck_diesel", "van_diesel", "train_diesel", "freighter", "truck_diesel"]
        [number as usize % 5]
        .to_owned();
    leg.category = if number.is_multiple_of(7) { Category::Rail } else { Category::Road };
    leg.shipment_date = day(u64::from(number / 2_740));
    let outcome =
        if number.is_multiple_of(100) { failed("nowhere") } else { calculated(f64::from(number % 997)) };
    to_save(leg, outcome)
}

fn day(after: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 1, 1).unwrap() + Span::new(after)
}

fn text(value: &str) -> AnyOf<String> {
    AnyOf::these(vec![value.to_owned()])
}

fn filters() -> Vec<(&'static str, LegFilter)> {
    let all = LegFilter::default;
    let of = |status| AnyOf::these(vec![status]);
    let (active, error) = (of(LegStatus::Active), of(LegStatus::Error));
    let month = Days { from: Some(day(60)), until: Some(day(90)) };
    let road = AnyOf::these(vec![Category::Road]);
    vec![
        ("all", all()),
        ("movement", LegFilter { movements: text("MOV-2025-0000123"), ..all() }),
        ("package key", LegFilter { packages: text("26830007899000000000123"), ..all() }),
        ("search, one movement", LegFilter { search: Some("mov-2025-0000123".to_owned()), ..all() }),
        ("client, 1 %", LegFilter { clients: text("CLIENT-003"), ..all() }),
        ("client, 50 %", LegFilter { clients: text("CLIENT-000"), ..all() }),
        ("client 1 %, active", LegFilter { clients: text("CLIENT-003"), statuses: active.clone(), ..all() }),
        ("client 1 %, month", LegFilter { clients: text("CLIENT-003"), shipped: month, ..all() }),
        ("month of shipment", LegFilter { shipped: month, ..all() }),
        ("toc, 20 %", LegFilter { tocs: text("van_diesel"), ..all() }),
        ("toc 20 %, active", LegFilter { tocs: text("van_diesel"), statuses: active.clone(), ..all() }),
        ("hub, 10 %", LegFilter { hubs: text("HUB-03"), ..all() }),
        ("status error, 1 %", LegFilter { statuses: error, ..all() }),
        ("status active, 99 %", LegFilter { statuses: active.clone(), ..all() }),
        ("category road, 86 %", LegFilter { categories: road.clone(), ..all() }),
        ("road and active, 85 %", LegFilter { categories: road, statuses: active, ..all() }),
    ]
}

fn lists(criterion: &mut Criterion) {
    let bench = Bench::new();
    let mut group = criterion.benchmark_group(format!("50 of {} legs", bench.legs));
    group.sample_size(10);
    for (name, filter) in filters() {
        let pages = u32::try_from(bench.select(&filter, 1).div_ceil(50)).unwrap().max(1);
        group.bench_function(format!("{name}: first page"), |bencher| {
            bencher.iter(|| bench.select(&filter, 1))
        });
        if pages > 1 {
            let name = format!("{name}: page {pages}, the last");
            group.bench_function(name, |bencher| bencher.iter(|| bench.select(&filter, pages)));
        }
    }
    group.finish();

    let mut group = criterion.benchmark_group(format!("beside {} legs", bench.legs));
    group.sample_size(10);
    let (legs, packages) = (bench.store.legs(bench.organization), bench.store.packages(bench.organization));
    group.bench_function("clients", |bencher| {
        bencher.iter(|| bench.runtime.block_on(legs.clients()).unwrap())
    });
    group.bench_function("summary", |bencher| {
        bencher.iter(|| bench.runtime.block_on(legs.overview()).unwrap())
    });
    for (name, filter) in [
        ("packages, all", PackageFilter::default()),
        (
            "packages of a movement",
            PackageFilter { movement_id: Some("MOV-2025-0000123".to_owned()), ..Default::default() },
        ),
        (
            "packages of a client, 1 %",
            PackageFilter { client: Some("CLIENT-003".to_owned()), ..Default::default() },
        ),
    ] {
        let page = Page { number: 1, size: 50 };
        group.bench_function(name, |bencher| {
            bencher.iter(|| bench.runtime.block_on(packages.select(&filter, page)).unwrap());
        });
    }
    let mut next = 1;
    group.bench_function("delete 50 legs", |bencher| {
        bencher.iter_custom(|times| {
            let mut took = std::time::Duration::ZERO;
            for _ in 0..times {
                next += 1;
                let page = Page { number: next, size: 50 };
                let page = bench.runtime.block_on(legs.list(page)).unwrap();
                let ids: Vec<_> = page.items.iter().map(|leg| leg.id).collect();
                let begun = std::time::Instant::now();
                assert!(bench.runtime.block_on(legs.delete(&ids, start())).unwrap());
                took += begun.elapsed();
            }
            took
        });
    });
    group.finish();
}

criterion_group!(benches, lists);
criterion_main!(benches);
