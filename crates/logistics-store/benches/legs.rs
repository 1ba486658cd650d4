//! How fast batches are saved, and pages of a long list read.
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a benchmark has no caller to report to, and is not documented"
)]

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use logistics_domain::calculator::RouteFound;
use logistics_domain::ids::OrganizationId;
use logistics_domain::ports::{Accounts, LegToSave, Page, Repositories};
use logistics_store::sqlite::SqliteStore;
use logistics_testkit::records::{calculated_on_route, organization, route, start, to_save, traced_leg};
use tokio::runtime::Runtime;

/// As many legs as one call may bring.
const BATCH: usize = 5_000;

/// How many batches the list holds: 100,000 legs.
const BATCHES: usize = 20;

/// How many pairs of places the legs of a batch lie between.
const ROUTES: usize = 200;

struct Bench {
    runtime: Runtime,
    store: SqliteStore,
    organization: OrganizationId,
    _folder: tempfile::TempDir,
}

impl Bench {
    fn new() -> Self {
        let runtime = Runtime::new().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("dray.sqlite3");
        let store = SqliteStore::open(path.to_str().unwrap(), Default::default()).unwrap();
        let owner = organization(1);
        runtime.block_on(store.bootstrap(&owner, start())).unwrap();
        Self { runtime, store, organization: owner.id, _folder: folder }
    }

    /// Saves a batch and tells how long that took.
    fn save(&self, batch: Vec<LegToSave>) -> Duration {
        let begun = Instant::now();
        let saved = self.runtime.block_on(self.store.legs(self.organization).save(batch, start())).unwrap();
        let took = begun.elapsed();
        assert_eq!(black_box(saved).len(), BATCH);
        took
    }

    fn list(&self, number: u32) {
        let page = Page { number, size: 50 };
        let listed = self.runtime.block_on(self.store.legs(self.organization).list(page)).unwrap();
        assert_eq!(black_box(listed).items.len(), 50);
    }
}

/// Legs with every field, each with its own package, and their results.
fn batch(number: usize, routes: &[Arc<RouteFound>]) -> Vec<LegToSave> {
    let leg = |index: usize| {
        let leg = traced_leg(&format!("MOVEMENT-{number:04}-{index:06}"));
        to_save(leg, calculated_on_route(77.37 + index as f64, routes[index % routes.len()].clone()))
    };
    (0..BATCH).map(leg).collect()
}

fn routes(count: usize) -> Vec<Arc<RouteFound>> {
    (0..count).map(|index| route(&format!("Origin {index}"), "Barcelona", 620.5)).collect()
}

fn saving(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("save 5,000 legs");
    group.sample_size(20);
    let (shared, single) = (routes(ROUTES), routes(BATCH));
    for (name, routes) in [("200 routes", &shared), ("5,000 routes", &single)] {
        let bench = Bench::new();
        let mut number = 0;
        group.bench_function(name, |bencher| {
            bencher.iter_custom(|times| {
                let mut saved = Duration::ZERO;
                for _ in 0..times {
                    number += 1;
                    saved += bench.save(batch(number, routes));
                }
                saved
            });
        });
    }
    let bench = Bench::new();
    bench.save(batch(0, &shared));
    group.bench_function("again, 200 routes", |bencher| {
        bencher.iter_custom(|times| (0..times).map(|_| bench.save(batch(0, &shared))).sum());
    });
    group.finish();
}

fn listing(criterion: &mut Criterion) {
    let bench = Bench::new();
    let routes = routes(ROUTES);
    for number in 0..BATCHES {
        bench.save(batch(number, &routes));
    }
    let mut group = criterion.benchmark_group("list 50 of 100,000 legs");
    for (name, number) in [("page 1", 1), ("page 1,000", 1_000), ("page 2,000", 2_000)] {
        group.bench_function(name, |bencher| bencher.iter(|| bench.list(number)));
    }
    group.finish();
}

criterion_group!(benches, saving, listing);
criterion_main!(benches);
