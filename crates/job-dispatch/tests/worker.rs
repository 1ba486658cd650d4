//! A worker on a real store, with a map that misbehaves.
#![allow(clippy::unwrap_used, clippy::panic, reason = "failing is what tests do with what should not be")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use emissions_core::{FactorPack, Factors};
use job_dispatch::{LocalDispatch, WorkThread, Worker, WorkerOptions};
use logistics_domain::Calculator;
use logistics_domain::accounts::Accounts;
use logistics_domain::geography::{AvoidedPassages, GeocodeError, Geocoded, Geocoder, PlaceQuery};
use logistics_domain::ids::OrganizationId;
use logistics_domain::intake::{Answer, Delivery, Intakes};
use logistics_domain::jobs::{AcceptedRecord, Job, JobDispatch, JobKind, JobState, Jobs, NewJob, StopReason};
use logistics_domain::leg::{Outcome, ResolvedLeg};
use logistics_domain::ports::{Clock, Page};
use logistics_store::sqlite::{SqliteOptions, SqliteStore};
use logistics_testkit::fakes::{FakeDistances, FakeGeocoder};
use logistics_testkit::records::{leg, organization, place, start, to_save};

struct Now;

impl Clock for Now {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// Knows Madrid and Barcelona, panics at `Poison`, and is away while it is told to be.
struct Misbehaving {
    known: FakeGeocoder,
    away: Arc<AtomicBool>,
}

#[async_trait]
impl Geocoder for Misbehaving {
    async fn geocode(&self, queries: &[PlaceQuery<'_>]) -> Vec<Result<Geocoded, GeocodeError>> {
        assert!(queries.iter().all(|query| query.text != "Poison"), "a defect");
        if self.away.load(Ordering::Relaxed) {
            let away = |_: &PlaceQuery<'_>| Err(GeocodeError::Unavailable { reason: "away".to_owned() });
            return queries.iter().map(away).collect();
        }
        self.known.geocode(queries).await
    }
}

struct Bench {
    store: SqliteStore,
    owner: OrganizationId,
    away: Arc<AtomicBool>,
    worker: Option<WorkThread>,
    dispatch: LocalDispatch,
    _folder: tempfile::TempDir,
}

impl Bench {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("dray.sqlite3");
        let store = SqliteStore::open(path.to_str().unwrap(), SqliteOptions::default()).unwrap();
        let owner = organization(1);
        store.bootstrap(&owner, start()).await.unwrap();
        let away = Arc::new(AtomicBool::new(false));
        let places = [place("Madrid, Spain", 40.4, -3.7), place("Barcelona, Spain", 41.4, 2.2)];
        let geocoder = Misbehaving { known: FakeGeocoder::knowing(places), away: away.clone() };
        let calculator = Calculator::new(
            Arc::new(Factors::new(vec![FactorPack::open()]).unwrap()),
            Arc::new(geocoder),
            Arc::new(FakeDistances::of(620.5)),
            AvoidedPassages::NONE,
        );
        let options = WorkerOptions {
            attempts: 3,
            pause: Duration::from_millis(20),
            poll: Duration::from_millis(20),
            ..WorkerOptions::default()
        };
        let shared = Arc::new(store.clone());
        let dispatch = LocalDispatch::default();
        let worker = Worker::new(
            shared.clone(),
            shared,
            Arc::new(calculator),
            Arc::new(Now),
            options,
            Arc::new(dispatch.clone()),
        );
        let thread = WorkThread::start().unwrap();
        thread.spawn(|stop| async move { worker.run(stop).await });
        Self { store, owner: owner.id, away, worker: Some(thread), dispatch, _folder: folder }
    }

    async fn deliver(&self, legs: Vec<ResolvedLeg>) {
        let record = |index| AcceptedRecord { index, upload: "{}".to_owned() };
        let accepted = (0..).take(legs.len()).map(record).collect();
        let job = Some(NewJob { kind: JobKind::Bulk, accepted, refused: Vec::new(), chunk: 500 });
        let legs = legs.into_iter().map(|leg| to_save(leg, Outcome::Pending)).collect();
        let answer = Box::new(|_: logistics_domain::intake::Kept<'_>| Answer {
            status: 200,
            location: None,
            body: Vec::new(),
        });
        let delivery = Delivery { legs, job, call: None, answer };
        self.store.intake(self.owner).take(delivery, Utc::now()).await.unwrap();
        self.dispatch.announce();
    }

    async fn finished(&self) -> Job {
        let begun = Instant::now();
        loop {
            let listed = self.store.jobs(self.owner).list(Page { number: 1, size: 1 }).await.unwrap();
            match listed.items.into_iter().next() {
                Some(job) if job.state.is_final() => return job,
                job => assert!(begun.elapsed() < Duration::from_secs(30), "{job:?}"),
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        self.worker.take().into_iter().for_each(WorkThread::stop);
    }
}

#[tokio::test]
async fn a_record_that_breaks_the_calculation_breaks_alone() {
    let bench = Bench::new().await;
    let poison = ResolvedLeg { origin: Some("Poison".to_owned()), ..leg() };
    bench.deliver(vec![leg(), poison, leg()]).await;
    let job = bench.finished().await;
    assert_eq!((job.state, job.succeeded, job.failed), (JobState::Completed, 2, 1));
    let errors = bench.store.jobs(bench.owner).errors(job.id, 9).await.unwrap();
    assert_eq!((errors[0].index, errors[0].code.as_str()), (1, "INTERNAL_ERROR"));
}

#[tokio::test]
async fn what_is_away_is_tried_again_and_then_left_to_the_operator() {
    let bench = Bench::new().await;
    bench.away.store(true, Ordering::Relaxed);
    let given = ResolvedLeg { tkm: Some(emissions_core::TonneKilometres::new(7.0).unwrap()), ..leg() };
    bench.deliver(vec![leg(), given]).await;
    let job = bench.finished().await;
    assert_eq!((job.state, job.stopped), (JobState::Failed, Some(StopReason::GaveUp)));
    assert_eq!((job.succeeded, job.failed, job.pending()), (1, 0, 1));

    bench.away.store(false, Ordering::Relaxed);
    bench.deliver(vec![leg()]).await;
    let job = bench.finished().await;
    assert_eq!((job.state, job.succeeded), (JobState::Completed, 1));
}
