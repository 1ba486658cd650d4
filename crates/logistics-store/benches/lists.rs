//! How long pages, filters, searches and deletes take on a long list: 1,000,000 legs in one organization, or
//! `DRAY_BENCH_LEGS` of them; on SQLite, or with `DRAY_TEST_DATABASE=postgres` on PostgreSQL. It prints the shortest, the
//! median and the longest of 20 times, in milliseconds.
//!
//! With `DRAY_BENCH_STORE=<path or URL>` the store is kept there, and is not filled again where it has legs already.
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a benchmark has no caller to report to, and is not documented"
)]

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{Days as Span, NaiveDate, TimeDelta};
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use logistics_domain::Category;
use logistics_domain::ids::{LegId, OrganizationId};
use logistics_domain::intake::{Answer, Delivery, Kept};
use logistics_domain::jobs::{AcceptedRecord, JobKind, NewJob};
use logistics_domain::leg::{AnyOf, Days, LegFilter, LegStatus, Outcome};
use logistics_domain::package::PackageFilter;
use logistics_domain::ports::{LegToSave, Page};
use logistics_store::Store;
use logistics_store::postgres::{PostgresOptions, PostgresStore};
use logistics_testkit::delete_selected;
use logistics_testkit::postgres::TestDatabase;
use logistics_testkit::records::{calculated, failed, organization, start, to_save, traced_leg};
use tokio::runtime::Runtime;

/// As many legs as one call may bring.
const BATCH: u32 = 5_000;

/// How often each thing is done.
const TIMES: usize = 20;

const PAGE: u32 = 50;

struct Bench {
    runtime: Runtime,
    location: String,
    store: Arc<dyn Store>,
    organization: OrganizationId,
    _folder: tempfile::TempDir,
    _database: Option<TestDatabase>,
}

impl Bench {
    fn new() -> Self {
        let runtime = Runtime::new().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let on_postgres = std::env::var("DRAY_TEST_DATABASE").is_ok_and(|database| database == "postgres");
        let kept = std::env::var("DRAY_BENCH_STORE").ok();
        let migrate = |url: &str| PostgresStore::migrate(url).unwrap();
        let database = (on_postgres && kept.is_none()).then(|| TestDatabase::create(&migrate).unwrap());
        let path = || folder.path().join("dray.sqlite3").to_str().unwrap().to_owned();
        let location =
            kept.or_else(|| database.as_ref().map(|database| database.url().to_owned())).unwrap_or_else(path);
        let store = logistics_store::open(&location, PostgresOptions::default()).unwrap();
        let owner = organization(1);
        runtime.block_on(store.bootstrap(&owner, start())).unwrap();
        let organization = runtime.block_on(store.organizations()).unwrap()[0].id;
        let bench = Self { runtime, location, store, organization, _folder: folder, _database: database };
        bench.fill();
        bench.analyze();
        bench
    }

    /// Tells PostgreSQL what there is now, as its autovacuum does within a minute.
    fn analyze(&self) {
        if self.location.starts_with("postgres") {
            PgConnection::establish(&self.location).unwrap().batch_execute("ANALYZE").unwrap();
        }
    }

    /// Fills an empty store, at last with legs that came with a job and wait.
    fn fill(&self) {
        let legs = self.store.legs(self.organization);
        if self.runtime.block_on(legs.overview()).unwrap().count > 0 {
            return;
        }
        let most = std::env::var("DRAY_BENCH_LEGS").map_or(1_000_000, |legs| legs.parse().unwrap());
        for first in (0..most).step_by(BATCH as usize) {
            let last = most.min(first + BATCH);
            let batch: Vec<LegToSave> = (first..last).map(leg).collect();
            let at = start() + TimeDelta::minutes(i64::from(first / BATCH) * 100);
            if last < most {
                self.runtime.block_on(legs.save(batch, at)).unwrap();
                continue;
            }
            let accepted =
                (0..last - first).map(|index| AcceptedRecord { index, upload: "{}".to_owned() }).collect();
            let pending = |given| LegToSave { outcome: Outcome::Pending, ..given };
            let delivery = Delivery {
                legs: batch.into_iter().map(pending).collect(),
                job: Some(NewJob { kind: JobKind::Bulk, accepted, refused: Vec::new(), chunk: 500 }),
                call: None,
                answer: Box::new(|_: Kept<'_>| Answer { status: 200, location: None, body: Vec::new() }),
            };
            self.runtime.block_on(self.store.intake(self.organization).take(delivery, at)).unwrap();
        }
    }

    /// The total and the ids of a page.
    fn select(&self, filter: &LegFilter, number: u32, size: u32) -> (u64, Vec<LegId>) {
        let legs = self.store.legs(self.organization);
        let listed = self.runtime.block_on(legs.select(filter, Page { number, size })).unwrap();
        (listed.total, listed.items.iter().map(|record| record.id).collect())
    }

    fn filters(&self) -> Vec<(&'static str, LegFilter)> {
        let all = LegFilter::default;
        let of = |status| AnyOf::these(vec![status]);
        let (active, error) = (of(LegStatus::Active), of(LegStatus::Error));
        let month = Days { from: Some(day(59)), until: Some(day(89)) };
        let odd = Days { from: Some(day(20)), until: Some(day(300)) };
        let road = AnyOf::these(vec![Category::Road]);
        let search = |text: &str| LegFilter { search: Some(text.to_owned()), ..all() };
        let jobs = self.store.jobs(self.organization);
        let jobs = self.runtime.block_on(jobs.list(Page { number: 1, size: 1 })).unwrap();
        let files = AnyOf::these(jobs.items.iter().map(|job| job.id).collect());
        let three = AnyOf::these(["003", "007", "011"].map(|client| format!("CLIENT-{client}")).to_vec());
        let stored = start().date_naive();
        let week = Days { from: Some(stored + Span::new(2)), until: Some(stored + Span::new(8)) };
        vec![
            ("all", all()),
            ("movement", LegFilter { movements: text("MOV-2025-0000123"), ..all() }),
            ("package key", LegFilter { packages: text("26830007899000000000123"), ..all() }),
            ("file of 5,000", LegFilter { files: files.clone(), ..all() }),
            ("file, van_diesel", LegFilter { files, tocs: text("van_diesel"), ..all() }),
            ("client, 2 %", LegFilter { clients: text("CLIENT-003"), ..all() }),
            ("client, 50 %", LegFilter { clients: text("CLIENT-000"), ..all() }),
            ("three clients", LegFilter { clients: three, ..all() }),
            (
                "client 2 %, active",
                LegFilter { clients: text("CLIENT-003"), statuses: active.clone(), ..all() },
            ),
            ("client 2 %, month", LegFilter { clients: text("CLIENT-003"), shipped: month, ..all() }),
            ("month of shipment", LegFilter { shipped: month, ..all() }),
            ("281 days of shipment", LegFilter { shipped: odd, ..all() }),
            ("a week of storing", LegFilter { created: week, ..all() }),
            ("stored since the second day", LegFilter { created: Days { until: None, ..week }, ..all() }),
            ("toc, 20 %", LegFilter { tocs: text("van_diesel"), ..all() }),
            ("toc 20 %, active", LegFilter { tocs: text("van_diesel"), statuses: active.clone(), ..all() }),
            ("hub, 10 %", LegFilter { hubs: text("HUB-03"), ..all() }),
            ("status error, 1 %", LegFilter { statuses: error, ..all() }),
            ("status pending, 0.5 %", LegFilter { statuses: of(LegStatus::Pending), ..all() }),
            ("status active, 98.5 %", LegFilter { statuses: active.clone(), ..all() }),
            ("category road, 86 %", LegFilter { categories: road.clone(), ..all() }),
            (
                "road, active, hub, client 50 %, 281 days",
                LegFilter {
                    categories: road,
                    statuses: active,
                    hubs: text("HUB-04"),
                    clients: text("CLIENT-000"),
                    shipped: odd,
                    ..all()
                },
            ),
            ("search that all match", search("mov-2025")),
            ("search that 10 % match", search("0001")),
            ("search that 3 match", search("mov-2025-0000123")),
            ("search that none matches", search("mov-2026")),
            ("search, client 2 %", LegFilter { clients: text("CLIENT-003"), ..search("123") }),
        ]
    }

    fn lists(&self) {
        println!("\n| filter | legs | first page | last page |\n| --- | ---: | --- | --- |");
        for (name, filter) in self.filters() {
            let (total, _) = self.select(&filter, 1, PAGE);
            let last = u32::try_from(total.div_ceil(PAGE.into())).unwrap().max(1);
            let first = times(TIMES, || self.select(&filter, 1, PAGE));
            let last = times(TIMES, || self.select(&filter, last, PAGE));
            println!("| {name} | {total} | {first} | {last} |");
        }
        for (name, filter) in self.filters().into_iter().filter(|(_, filter)| filter.search.is_some()) {
            let cold = || {
                let store = logistics_store::open(&self.location, PostgresOptions::default()).unwrap();
                self.runtime.block_on(store.ping()).unwrap();
                let begun = Instant::now();
                let legs = store.legs(self.organization);
                let page = Page { number: 1, size: PAGE };
                black_box(self.runtime.block_on(legs.select(&filter, page)).unwrap());
                begun.elapsed()
            };
            println!("| {name}, the first of a server | | {} | |", Times::new((0..8).map(|_| cold())));
        }
    }

    fn others(&self) {
        println!("\n| beside | |\n| --- | --- |");
        let legs = self.store.legs(self.organization);
        let clients = times(TIMES, || self.runtime.block_on(legs.clients()).unwrap());
        println!("| clients | {clients} |");
        let summary = times(TIMES, || self.runtime.block_on(legs.overview()).unwrap());
        println!("| summary | {summary} |");
        let jobs = self.store.jobs(self.organization);
        let page = Page { number: 1, size: PAGE };
        println!("| jobs | {} |", times(TIMES, || self.runtime.block_on(jobs.list(page)).unwrap()));
        let packages = self.store.packages(self.organization);
        let all = PackageFilter::default;
        for (name, filter) in [
            ("packages, all", all()),
            (
                "packages of a movement",
                PackageFilter { movement_id: Some("MOV-2025-0000123".to_owned()), ..all() },
            ),
            ("packages of a client, 2 %", PackageFilter { client: Some("CLIENT-003".to_owned()), ..all() }),
            ("packages of a client, 50 %", PackageFilter { client: Some("CLIENT-000".to_owned()), ..all() }),
        ] {
            let select = |number| {
                self.runtime.block_on(packages.select(&filter, Page { number, size: PAGE })).unwrap()
            };
            let last = u32::try_from(select(1).total.div_ceil(PAGE.into())).unwrap().max(1);
            let (first, last) = (times(TIMES, || select(1)), times(TIMES, || select(last)));
            println!("| {name}: first page, last page | {first}, {last} |");
        }
    }

    fn deletes(&self) {
        println!("\n| delete | |\n| --- | --- |");
        let (legs, intake) = (self.store.legs(self.organization), self.store.intake(self.organization));
        let mut page = 3_000;
        for (size, number) in [(1, TIMES), (50, TIMES), (5_000, 6)] {
            let delete = |_| {
                page += 7;
                let (_, ids) = self.select(&LegFilter::default(), page * 50 / size, size);
                let begun = Instant::now();
                assert!(self.runtime.block_on(legs.delete(&ids, start())).unwrap());
                begun.elapsed()
            };
            println!("| {size} | {} |", Times::new((0..number).map(delete)));
        }
        let delete = |number: usize| {
            let filter = LegFilter {
                movements: text(&format!("MOV-2025-{:07}", 200_000 + number)),
                ..LegFilter::default()
            };
            let begun = Instant::now();
            black_box(self.runtime.block_on(delete_selected(&*intake, &filter, start())));
            begun.elapsed()
        };
        println!("| those of a movement, 3 | {} |", Times::new((0..TIMES).map(delete)));
        let delete = |number: usize| {
            let of_day = Days { from: Some(day(200 + number as u64)), until: Some(day(200 + number as u64)) };
            let filter = LegFilter { shipped: of_day, ..LegFilter::default() };
            let begun = Instant::now();
            black_box(self.runtime.block_on(delete_selected(&*intake, &filter, start())));
            begun.elapsed()
        };
        println!("| those of a day, 2,740 | {} |", Times::new((0..6).map(delete)));
    }
}

/// The times that something took, the shortest first.
struct Times(Vec<Duration>);

impl Times {
    fn new(times: impl Iterator<Item = Duration>) -> Self {
        let mut times: Vec<Duration> = times.collect();
        times.sort_unstable();
        Self(times)
    }
}

impl std::fmt::Display for Times {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let milliseconds = |index: usize| self.0[index].as_secs_f64() * 1000.0;
        let last = self.0.len() - 1;
        write!(f, "{:.1} / {:.1} / {:.1}", milliseconds(0), milliseconds(last / 2), milliseconds(last))
    }
}

fn times<T>(number: usize, mut work: impl FnMut() -> T) -> Times {
    let mut once = |_| {
        let begun = Instant::now();
        black_box(work());
        begun.elapsed()
    };
    Times::new((0..number).map(&mut once))
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

fn main() {
    let bench = Bench::new();
    println!("{} legs, in milliseconds: least / median / most", bench.select(&LegFilter::default(), 1, 1).0);
    bench.lists();
    bench.others();
    bench.deletes();
}
