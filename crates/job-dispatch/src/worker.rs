//! The worker: it claims chunks, calculates their legs and writes the results back, or returns what it could not finish.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use logistics_domain::geography::GeographySettings;
use logistics_domain::ids::OrganizationId;
use logistics_domain::jobs::{
    Claim, Claimed, Deliveries, Delivery, Heard, Lease, LegResult, PendingLeg, Rest, WorkQueue,
};
use logistics_domain::leg::{Outcome, ResolvedLeg};
use logistics_domain::ports::{Clock, Maps, StoreError};
use logistics_domain::{Calculation, Calculator, FailureCode, LegFailure};
use tokio::sync::watch;
use tokio::time::Instant;
use uuid::Uuid;

use crate::WorkerOptions;
use crate::stop::stopped;

/// How often a worker looks into the store even if it keeps hearing of chunks: a message may have been lost.
const LOOK_EVERY: Duration = Duration::from_secs(10);

/// Calculates the chunks of jobs.
pub struct Worker {
    queue: Arc<dyn WorkQueue>,
    maps: Arc<dyn Maps>,
    calculator: Arc<Calculator>,
    clock: Arc<dyn Clock>,
    options: WorkerOptions,
    deliveries: Arc<dyn Deliveries>,
}

type Calculated = Result<Calculation, LegFailure>;

/// A chunk to calculate, and the message that told of it, if there was one.
type Task = (Claimed, Option<Box<dyn Delivery>>);

/// Where a worker stands between chunks.
struct Round {
    /// Whose chunk it found last.
    after: OrganizationId,
    /// When it last looked into the store.
    looked: Option<Instant>,
    /// How long it waits for word.
    patience: Duration,
}

impl Worker {
    /// A worker that listens to `deliveries`.
    #[must_use]
    pub fn new(
        queue: Arc<dyn WorkQueue>,
        maps: Arc<dyn Maps>,
        calculator: Arc<Calculator>,
        clock: Arc<dyn Clock>,
        options: WorkerOptions,
        deliveries: Arc<dyn Deliveries>,
    ) -> Self {
        Self { queue, maps, calculator, clock, options, deliveries }
    }

    /// Works until it is told to stop.
    pub async fn run(&self, mut stop: watch::Receiver<bool>) {
        tracing::info!("the worker is ready");
        let nobody = OrganizationId(Uuid::nil());
        let mut round = Round { after: nobody, looked: None, patience: Duration::ZERO };
        while !*stop.borrow() {
            match self.next(&mut round, &mut stop).await {
                Ok(Some(task)) => self.serve(task, &mut stop).await,
                Ok(None) => {}
                Err(error) => {
                    tracing::warn!(error = cause(&error), "no work can be claimed");
                    tokio::select! {
                        () = tokio::time::sleep(self.options.poll) => {}
                        () = stopped(&mut stop) => {}
                    }
                }
            }
        }
        tracing::info!("the worker stopped");
    }

    async fn next(
        &self,
        round: &mut Round,
        stop: &mut watch::Receiver<bool>,
    ) -> Result<Option<Task>, StoreError> {
        let overdue = round.looked.is_none_or(|looked| looked.elapsed() > LOOK_EVERY);
        let heard = match overdue {
            true => Heard::Look,
            false => tokio::select! {
                heard = self.deliveries.next(round.patience) => heard,
                () = stopped(stop) => return Ok(None),
            },
        };
        match heard {
            Heard::Look => self.look(round).await,
            Heard::Chunk(delivery) => self.take(delivery).await,
        }
    }

    /// Takes any chunk.
    async fn look(&self, round: &mut Round) -> Result<Option<Task>, StoreError> {
        let now = self.clock.now();
        round.looked = Some(Instant::now());
        round.patience = self.options.poll;
        self.queue.close_rolling(now).await?;
        let Some(claimed) = self.queue.claim(self.options.terms(now), round.after).await? else {
            return Ok(None);
        };
        (round.after, round.patience) = (claimed.lease.organization, Duration::ZERO);
        Ok(Some((claimed, None)))
    }

    /// Takes the chunk that the worker heard of.
    async fn take(&self, delivery: Box<dyn Delivery>) -> Result<Option<Task>, StoreError> {
        let now = self.clock.now();
        match self.queue.claim_chunk(delivery.chunk(), self.options.terms(now)).await {
            Ok(Claim::Taken(claimed)) => return Ok(Some((claimed, Some(delivery)))),
            Ok(Claim::NotBefore(then)) => {
                let pause = (then - now).to_std().unwrap_or_default();
                delivery.again(pause.clamp(self.options.pause, self.options.longest_pause)).await;
            }
            Ok(Claim::Nothing) => delivery.settle().await,
            Err(error) => {
                delivery.again(self.options.poll).await;
                return Err(error);
            }
        }
        Ok(None)
    }

    /// Brings one chunk to an end, as far as its lease and its time allow.
    async fn serve(&self, (claimed, delivery): Task, stop: &mut watch::Receiver<bool>) {
        let lease = claimed.lease;
        let served = tokio::select! {
            served = self.work(claimed) => served,
            () = self.beat(lease, delivery.as_deref()) => Ok(false),
            () = self.grace(stop) => self.queue.put_back(lease, Rest::Returned, self.clock.now()).await,
        };
        let settled = match served {
            Ok(true) => true,
            Ok(false) => {
                tracing::info!(job = %lease.job, chunk = lease.chunk, "the chunk is another's now");
                false
            }
            Err(error) => self.excuse(claimed, &error).await,
        };
        match delivery {
            // Only now: what came of the chunk is committed.
            Some(delivery) if settled => delivery.settle().await,
            Some(delivery) => delivery.again(self.options.lease).await,
            None => {}
        }
    }

    /// Calculates a chunk and writes it back.
    async fn work(&self, claimed: Claimed) -> Result<bool, StoreError> {
        let lease = claimed.lease;
        if claimed.attempts > self.options.attempts {
            return self.isolate(claimed).await;
        }
        let pending = self.queue.read(lease).await?;
        let settings = self.maps.geography(lease.organization).settings().await?;
        let calculated = self.calculate(&pending, settings).await;
        let away = calculated.iter().any(is_passing);
        let now = self.clock.now();
        let rest = match away {
            false => Rest::Returned,
            true if claimed.attempts < self.options.attempts => {
                Rest::Again(self.options.again(now, claimed.attempts))
            }
            true => Rest::GivenUp,
        };
        let results: Vec<LegResult> = pending.into_iter().zip(calculated).filter_map(result).collect();
        let count = u64::try_from(results.len()).unwrap_or(u64::MAX);
        let written = self.queue.write_back(lease, results, rest, now).await?;
        if written {
            metrics::counter!("dray_worker_records_total").increment(count);
        }
        Ok(written)
    }

    /// The results of a chunk's legs. Where they panic together, each is tried alone.
    async fn calculate(&self, pending: &[PendingLeg], settings: GeographySettings) -> Vec<Calculated> {
        let settings = Arc::new(settings);
        let legs: Arc<[ResolvedLeg]> = pending.iter().map(|pending| pending.leg.clone()).collect();
        if let Some(results) = self.attempt(legs, settings.clone()).await {
            return results;
        }
        let mut results = Vec::with_capacity(pending.len());
        for pending in pending {
            let alone = self.attempt([pending.leg.clone()].into(), settings.clone()).await;
            let result = alone.and_then(|mut results| results.pop());
            results.push(result.unwrap_or_else(|| {
                tracing::error!(leg = %pending.id, "the calculation of a leg panicked");
                Err(internal("the calculation of this record broke; the server's log has the leg's id"))
            }));
        }
        results
    }

    /// The results of legs, or nothing if their calculation panicked.
    async fn attempt(
        &self,
        legs: Arc<[ResolvedLeg]>,
        settings: Arc<GeographySettings>,
    ) -> Option<Vec<Calculated>> {
        let calculator = self.calculator.clone();
        let task = tokio::spawn(async move {
            let legs: Vec<&ResolvedLeg> = legs.iter().collect();
            calculator.calculate(&legs, &settings).await
        });
        task.await.ok()
    }

    /// After too many attempts, a chunk is cut into single records, and a single record is reported as an error.
    async fn isolate(&self, claimed: Claimed) -> Result<bool, StoreError> {
        let (lease, now) = (claimed.lease, self.clock.now());
        if claimed.records > 1 {
            tracing::warn!(job = %lease.job, chunk = lease.chunk, "the chunk is cut into single records");
            return match self.queue.split(lease, now).await {
                Err(StoreError::Broken(error)) => self.give_up(lease, &*error, now).await,
                split => split,
            };
        }
        let pending = match self.queue.read(lease).await {
            Ok(pending) => pending,
            Err(StoreError::Broken(error)) => return self.give_up(lease, &*error, now).await,
            Err(error) => return Err(error),
        };
        let failure =
            internal("the record was given up: every worker that began to calculate it came to an end");
        let results = pending.into_iter().map(|pending| {
            tracing::error!(leg = %pending.id, "a leg is given up");
            LegResult {
                index: pending.index,
                updated_at: pending.updated_at,
                outcome: Outcome::Failed(failure.clone()),
            }
        });
        self.queue.write_back(lease, results.collect(), Rest::Returned, now).await
    }

    /// Stops a chunk whose records cannot be read: nobody else will read them either.
    async fn give_up(
        &self,
        lease: Lease,
        error: &(dyn std::error::Error + Send + Sync),
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        tracing::error!(job = %lease.job, chunk = lease.chunk, %error, "a record cannot be read");
        self.queue.put_back(lease, Rest::GivenUp, now).await
    }

    /// Returns a chunk after the store failed, and answers whether the store took it back. If the store was only away, the
    /// attempt does not count.
    async fn excuse(&self, claimed: Claimed, error: &StoreError) -> bool {
        let lease = claimed.lease;
        tracing::warn!(job = %lease.job, chunk = lease.chunk, error = cause(error), "the chunk is put back");
        let now = self.clock.now();
        let rest = match error {
            StoreError::Unavailable(_) => {
                tokio::time::sleep(self.options.poll).await;
                Rest::Returned
            }
            StoreError::Broken(_) => Rest::Again(self.options.again(now, claimed.attempts)),
        };
        match self.queue.put_back(lease, rest, now).await {
            Ok(back) => back,
            Err(error) => {
                tracing::warn!(error = cause(&error), "the chunk stays leased until its lease runs out");
                false
            }
        }
    }

    /// Holds a lease; ends when it is lost.
    async fn beat(&self, lease: Lease, delivery: Option<&dyn Delivery>) {
        loop {
            tokio::time::sleep(self.options.lease / 3).await;
            match self.queue.extend(lease, self.until(self.clock.now())).await {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => tracing::warn!(error = cause(&error), "a lease could not be extended"),
            }
            if let Some(delivery) = delivery {
                delivery.hold().await;
            }
        }
    }

    fn until(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        self.options.terms(now).until
    }

    /// Ends when the worker was told to stop and its time is over.
    async fn grace(&self, stop: &mut watch::Receiver<bool>) {
        stopped(stop).await;
        tokio::time::sleep(self.options.grace).await;
    }
}

fn is_passing(calculated: &Calculated) -> bool {
    matches!(calculated, Err(failure) if failure.transient)
}

/// A result to write back; nothing for a leg that is to be tried again.
fn result((pending, calculated): (PendingLeg, Calculated)) -> Option<LegResult> {
    let outcome = match calculated {
        Ok(calculation) => Outcome::Calculated(Box::new(calculation)),
        Err(failure) if failure.transient => return None,
        Err(failure) => Outcome::Failed(failure),
    };
    Some(LegResult { index: pending.index, updated_at: pending.updated_at, outcome })
}

fn internal(message: &str) -> LegFailure {
    LegFailure { code: FailureCode::Internal, message: message.to_owned(), transient: false }
}

/// What lies behind a store's failure.
fn cause(error: &StoreError) -> String {
    let cause = std::error::Error::source(error);
    cause.map_or_else(|| error.to_string(), ToString::to_string)
}
