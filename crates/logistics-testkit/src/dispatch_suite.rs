//! What every dispatch must do, with a store behind it.

use std::collections::HashMap;
use std::pin::Pin;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join;
use logistics_domain::ids::{JobId, OrganizationId};
use logistics_domain::intake::{Answer, Delivery as Brought, Kept, Told};
use logistics_domain::jobs::{
    AcceptedRecord, ChunkName, Claim, Claimed, Deliveries, Delivery, Heard, JobDispatch, JobKind, JobState,
    LeaseTerms, LegResult, NewJob, Rest,
};
use logistics_domain::leg::Outcome;
use logistics_domain::ports::StorePorts;
use uuid::Uuid;

use crate::records::{calculated, leg, organization, start, to_save};

/// How long the lease of a worker is here; a dispatch under test must use the same.
pub const LEASE: Duration = Duration::from_secs(1);

/// How long the suite waits for what must come.
const PATIENCE: Duration = Duration::from_secs(30);

/// A store and what carries word of its chunks.
pub trait DispatchUnderTest: Send + Sync {
    /// The store. Where the dispatch reads an outbox, it is this store's.
    fn store(&self) -> &dyn StorePorts;

    /// What is announced to.
    fn dispatch(&self) -> &dyn JobDispatch;

    /// What a worker listens to.
    fn deliveries(&self) -> &dyn Deliveries;
}

type Check<D> = (&'static str, fn(&D) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>);

/// Runs every check, each with a new and empty store.
///
/// # Panics
/// If the dispatch fails a check. The name of the check that ran last is on the standard output.
pub async fn exercise_dispatch<D: DispatchUnderTest>(make: impl AsyncFn() -> D) {
    let checks: [Check<D>; 4] = [
        ("every_chunk_is_worked_on_once", |d| Box::pin(every_chunk_is_worked_on_once(d))),
        ("what_is_put_back_comes_again", |d| Box::pin(what_is_put_back_comes_again(d))),
        ("what_a_dead_worker_held_comes_again", |d| Box::pin(what_a_dead_worker_held_comes_again(d))),
        ("word_of_a_finished_chunk_is_nothing", |d| Box::pin(word_of_a_finished_chunk_is_nothing(d))),
    ];
    for (name, check) in checks {
        println!("{name}");
        check(&make().await).await;
    }
}

async fn every_chunk_is_worked_on_once(under_test: &impl DispatchUnderTest) {
    const LEGS: u32 = 40;
    let owner = owner(under_test).await;
    let jobs = [bring(under_test, owner, LEGS).await, bring(under_test, owner, LEGS).await];
    let (mut first, mut second) = (Worker::new(under_test), Worker::new(under_test));
    for job in jobs {
        let (one, two) = join(first.work_until_done(owner, job), second.work_until_done(owner, job)).await;
        assert!(one && two);
        let job = under_test.store().jobs(owner).find(job).await.unwrap().unwrap();
        assert_eq!((job.state, job.succeeded, job.failed), (JobState::Completed, LEGS, 0));
    }
    let mut times = first.written;
    for (chunk, count) in second.written {
        *times.entry(chunk).or_default() += count;
    }
    assert_eq!(times.len(), 40, "two legs a chunk");
    assert!(times.values().all(|times| *times == 1), "{times:?}");
}

async fn what_is_put_back_comes_again(under_test: &impl DispatchUnderTest) {
    let owner = owner(under_test).await;
    let job = bring(under_test, owner, 2).await;
    let mut worker = Worker::new(under_test);
    let (claimed, delivery) = worker.claim().await;
    let again = Rest::Again(Utc::now() + TimeDelta::milliseconds(300));
    assert!(under_test.store().put_back(claimed.lease, again, Utc::now()).await.unwrap());
    settle(delivery).await;
    let (claimed, delivery) = worker.claim().await;
    assert_eq!(claimed.attempts, 2);
    worker.finish(claimed, delivery).await;
    assert!(worker.work_until_done(owner, job).await);
}

async fn what_a_dead_worker_held_comes_again(under_test: &impl DispatchUnderTest) {
    let owner = owner(under_test).await;
    let job = bring(under_test, owner, 6).await;
    let dead = Worker::new(under_test);
    let (held, delivery) = dead.claim().await;
    drop(delivery);
    let mut living = Worker::new(under_test);
    assert!(living.work_until_done(owner, job).await);
    assert_eq!(living.written.len(), 3);
    assert!(!under_test.store().extend(held.lease, Utc::now()).await.unwrap(), "the lease is over");
}

async fn word_of_a_finished_chunk_is_nothing(under_test: &impl DispatchUnderTest) {
    let owner = owner(under_test).await;
    let job = bring(under_test, owner, 2).await;
    let mut worker = Worker::new(under_test);
    let (claimed, delivery) = worker.claim().await;
    let name = claimed.lease.chunk_name();
    worker.write(&claimed).await;
    // The worker died between commit and acknowledgement.
    drop(delivery);
    let claim = under_test.store().claim_chunk(name, terms()).await.unwrap();
    assert_eq!(claim, Claim::Nothing);
    let begun = Instant::now();
    while begun.elapsed() < LEASE * 3 {
        assert!(worker.try_claim().await.is_none(), "there is nothing left to do");
    }
    let job = under_test.store().jobs(owner).find(job).await.unwrap().unwrap();
    assert_eq!((job.state, job.succeeded), (JobState::Completed, 2));
}

/// A worker that calculates nothing: every leg has the same result.
struct Worker<'d> {
    store: &'d dyn StorePorts,
    deliveries: &'d dyn Deliveries,
    /// How often it wrote a chunk back.
    written: HashMap<ChunkName, u32>,
}

type Word = Option<Box<dyn Delivery>>;

impl<'d> Worker<'d> {
    fn new(under_test: &'d impl DispatchUnderTest) -> Self {
        Self { store: under_test.store(), deliveries: under_test.deliveries(), written: HashMap::new() }
    }

    async fn try_claim(&self) -> Option<(Claimed, Word)> {
        match self.deliveries.next(Duration::from_millis(50)).await {
            Heard::Look => {
                let nobody = OrganizationId(Uuid::nil());
                self.store.claim(terms(), nobody).await.unwrap().map(|claimed| (claimed, None))
            }
            Heard::Chunk(delivery) => {
                match self.store.claim_chunk(delivery.chunk(), terms()).await.unwrap() {
                    Claim::Taken(claimed) => Some((claimed, Some(delivery))),
                    Claim::NotBefore(_) => {
                        delivery.again(Duration::from_millis(100)).await;
                        None
                    }
                    Claim::Nothing => {
                        delivery.settle().await;
                        None
                    }
                }
            }
        }
    }

    async fn claim(&self) -> (Claimed, Word) {
        let begun = Instant::now();
        loop {
            if let Some(claimed) = self.try_claim().await {
                return claimed;
            }
            assert!(begun.elapsed() < PATIENCE, "no worker hears of the chunk");
        }
    }

    async fn write(&mut self, claimed: &Claimed) {
        let pending = self.store.read(claimed.lease).await.unwrap();
        let results = pending.into_iter().map(|pending| LegResult {
            index: pending.index,
            updated_at: pending.updated_at,
            outcome: calculated(1.0),
        });
        let results = results.collect();
        if self.store.write_back(claimed.lease, results, Rest::Returned, Utc::now()).await.unwrap() {
            *self.written.entry(claimed.lease.chunk_name()).or_default() += 1;
        }
    }

    async fn finish(&mut self, claimed: Claimed, delivery: Word) {
        self.write(&claimed).await;
        settle(delivery).await;
    }

    async fn work_until_done(&mut self, owner: OrganizationId, job: JobId) -> bool {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            let job = self.store.jobs(owner).find(job).await.unwrap().unwrap();
            if job.state == JobState::Completed {
                return true;
            }
            if let Some((claimed, delivery)) = self.try_claim().await {
                self.finish(claimed, delivery).await;
            }
        }
        false
    }
}

async fn settle(delivery: Word) {
    if let Some(delivery) = delivery {
        delivery.settle().await;
    }
}

fn terms() -> LeaseTerms {
    let now: DateTime<Utc> = Utc::now();
    LeaseTerms { now, until: now + TimeDelta::from_std(LEASE).unwrap(), horizon: now + TimeDelta::minutes(1) }
}

async fn owner(under_test: &impl DispatchUnderTest) -> OrganizationId {
    let first = organization(1);
    assert!(under_test.store().bootstrap(&first, start()).await.unwrap());
    first.id
}

/// Brings a job of pending legs, two in a chunk, and announces it.
async fn bring(under_test: &impl DispatchUnderTest, owner: OrganizationId, legs: u32) -> JobId {
    let accepted = (0..legs).map(|index| AcceptedRecord { index, upload: "{}".to_owned() });
    let job = NewJob { kind: JobKind::Bulk, accepted: accepted.collect(), refused: Vec::new(), chunk: 2 };
    let legs = (0..legs).map(|_| to_save(leg(), Outcome::Pending)).collect();
    let answer = |kept: Kept<'_>| Answer {
        status: 200,
        location: None,
        body: kept.job.map(|job| job.0.into_bytes().to_vec()).unwrap_or_default(),
    };
    let brought = Brought { legs, job: Some(job), call: None, answer: Box::new(answer) };
    let told = under_test.store().intake(owner).take(brought, Utc::now()).await.unwrap();
    let Told::Now(answer) = told else { panic!("nobody came before") };
    under_test.dispatch().announce();
    JobId(Uuid::from_slice(&answer.body).unwrap())
}
