//! How fast batches are saved, taken in and written back, and pages of a long list read, on each database that there is.
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a benchmark has no caller to report to, and is not documented"
)]

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use criterion::{Criterion, criterion_group, criterion_main};
use logistics_domain::calculator::RouteFound;
use logistics_domain::ids::OrganizationId;
use logistics_domain::intake::{Answer, Delivery, Kept};
use logistics_domain::jobs::{AcceptedRecord, JobKind, LeaseTerms, LegResult, NewJob, PendingLeg, Rest};
use logistics_domain::leg::{LegFilter, Outcome};
use logistics_domain::ports::{LegToSave, Page};
use logistics_store::Store;
use logistics_store::postgres::{PostgresOptions, PostgresStore};
use logistics_testkit::postgres::TestDatabase;
use logistics_testkit::records::{
    calculated, calculated_on_route, organization, route, start, to_save, traced_leg,
};
use tokio::runtime::Runtime;

/// As many legs as one call may bring.
const BATCH: usize = 5_000;

/// How many batches the list holds: 100,000 legs.
const BATCHES: usize = 20;

/// How many pairs of places the legs of a batch lie between.
const ROUTES: usize = 200;

struct Bench {
    runtime: Runtime,
    store: Arc<dyn Store>,
    organization: OrganizationId,
    _home: Home,
}

/// Where the database is while the bench lasts.
enum Home {
    File(#[expect(dead_code, reason = "it is there to be dropped")] tempfile::TempDir),
    Server(#[expect(dead_code, reason = "it is there to be dropped")] TestDatabase),
}

impl Bench {
    /// On every database that there is.
    fn all() -> Vec<(&'static str, Self)> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("dray.sqlite3").to_str().unwrap().to_owned();
        let mut benches = vec![("SQLite", Self::new(&path, Home::File(folder)))];
        if let Some(database) = TestDatabase::create(&|url| PostgresStore::migrate(url).unwrap()) {
            let url = database.url().to_owned();
            benches.push(("PostgreSQL", Self::new(&url, Home::Server(database))));
        }
        benches
    }

    fn new(location: &str, home: Home) -> Self {
        let runtime = Runtime::new().unwrap();
        let store = logistics_store::open(location, PostgresOptions::default()).unwrap();
        let owner = organization(1);
        runtime.block_on(store.bootstrap(&owner, start())).unwrap();
        Self { runtime, store, organization: owner.id, _home: home }
    }

    /// Saves a batch and tells how long that took.
    fn save(&self, batch: Vec<LegToSave>) -> Duration {
        let begun = Instant::now();
        let saved = self.runtime.block_on(self.store.legs(self.organization).save(batch, start())).unwrap();
        let took = begun.elapsed();
        assert_eq!(black_box(saved).len(), BATCH);
        took
    }

    /// Takes a batch of pending legs in with their job and tells how long that took.
    fn take(&self, batch: Vec<LegToSave>) -> Duration {
        let legs: Vec<_> =
            batch.into_iter().map(|given| LegToSave { outcome: Outcome::Pending, ..given }).collect();
        let upload = "x".repeat(600);
        let accepted = (0..BATCH as u32).map(|index| AcceptedRecord { index, upload: upload.clone() });
        let job =
            NewJob { kind: JobKind::Bulk, accepted: accepted.collect(), refused: Vec::new(), chunk: 500 };
        let answer = |_: Kept<'_>| Answer { status: 200, location: None, body: Vec::new() };
        let delivery = Delivery { legs, job: Some(job), call: None, answer: Box::new(answer) };
        let begun = Instant::now();
        self.runtime.block_on(self.store.intake(self.organization).take(delivery, start())).unwrap();
        begun.elapsed()
    }

    /// Does what one worker does with all chunks that wait, but calculates nothing, and tells how long that took.
    fn work(&self) -> Duration {
        let terms = LeaseTerms {
            now: start(),
            until: start() + TimeDelta::hours(1),
            horizon: start() + TimeDelta::hours(2),
        };
        let outcome = calculated(77.37);
        let begun = Instant::now();
        self.runtime.block_on(async {
            while let Some(claimed) = self.store.claim(terms, self.organization).await.unwrap() {
                let pending = self.store.read(claimed.lease).await.unwrap();
                let result = |leg: PendingLeg| LegResult {
                    index: leg.index,
                    updated_at: leg.updated_at,
                    outcome: outcome.clone(),
                };
                let results = pending.into_iter().map(result).collect();
                assert!(
                    self.store.write_back(claimed.lease, results, Rest::Returned, start()).await.unwrap()
                );
            }
        });
        begun.elapsed()
    }

    fn list(&self, number: u32) {
        let page = Page { number, size: 50 };
        let legs = self.store.legs(self.organization);
        let listed = self.runtime.block_on(legs.select(&LegFilter::default(), page)).unwrap();
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
    let mut group = criterion.benchmark_group("5,000 legs");
    group.sample_size(10);
    let (shared, single) = (routes(ROUTES), routes(BATCH));
    for (database, bench) in Bench::all() {
        let mut number = 0;
        for (name, routes) in [("save, 200 routes", &shared), ("save, 5,000 routes", &single)] {
            group.bench_function(format!("{database}: {name}"), |bencher| {
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
        bench.save(batch(0, &shared));
        group.bench_function(format!("{database}: save again, 200 routes"), |bencher| {
            bencher.iter_custom(|times| (0..times).map(|_| bench.save(batch(0, &shared))).sum());
        });
    }
    for (database, bench) in Bench::all() {
        let mut number = 0;
        let mut both = |times: u64, wanted: fn(Duration, Duration) -> Duration| {
            let mut took = Duration::ZERO;
            for _ in 0..times {
                number += 1;
                let taken = bench.take(batch(number, &shared));
                took += wanted(taken, bench.work());
            }
            took
        };
        group.bench_function(format!("{database}: take with their job"), |bencher| {
            bencher.iter_custom(|times| both(times, |taken, _| taken));
        });
        group.bench_function(format!("{database}: claim, read and write back"), |bencher| {
            bencher.iter_custom(|times| both(times, |_, worked| worked));
        });
    }
    group.finish();
}

fn listing(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("list 50 of 100,000 legs");
    let routes = routes(ROUTES);
    for (database, bench) in Bench::all() {
        for number in 0..BATCHES {
            bench.save(batch(number, &routes));
        }
        for (name, number) in [("page 1", 1), ("page 1,000", 1_000), ("page 2,000", 2_000)] {
            group
                .bench_function(format!("{database}: {name}"), |bencher| bencher.iter(|| bench.list(number)));
        }
    }
    group.finish();
}

criterion_group!(benches, saving, listing);
criterion_main!(benches);
