use std::sync::Arc;

use chrono::{DateTime, Utc};
use logistics_domain::geography::GeographySettings;
use logistics_domain::jobs::{Claimed, Lease, LegResult, PendingLeg, Rest, WorkQueue};
use logistics_domain::leg::{Outcome, ResolvedLeg};
use logistics_domain::ports::{Clock, Maps, StoreError};
use logistics_domain::{Calculation, Calculator, FailureCode, LegFailure};
use tokio::sync::{Notify, watch};

use crate::{LocalDispatch, WorkerOptions};

/// Calculates the chunks of jobs.
pub struct Worker {
    queue: Arc<dyn WorkQueue>,
    maps: Arc<dyn Maps>,
    calculator: Arc<Calculator>,
    clock: Arc<dyn Clock>,
    options: WorkerOptions,
    wake: Arc<Notify>,
}

type Calculated = Result<Calculation, LegFailure>;

impl Worker {
    /// A worker that `dispatch` wakes.
    #[must_use]
    pub fn new(
        queue: Arc<dyn WorkQueue>,
        maps: Arc<dyn Maps>,
        calculator: Arc<Calculator>,
        clock: Arc<dyn Clock>,
        options: WorkerOptions,
        dispatch: &LocalDispatch,
    ) -> Self {
        Self { queue, maps, calculator, clock, options, wake: dispatch.0.clone() }
    }

    /// Works until it is told to stop.
    pub async fn run(&self, mut stop: watch::Receiver<bool>) {
        tracing::info!("the worker is ready");
        while !*stop.borrow() {
            match self.next().await {
                Ok(Some(claimed)) => self.serve(claimed, &mut stop).await,
                Ok(None) => self.idle(&mut stop).await,
                Err(error) => {
                    tracing::warn!(error = cause(&error), "no work can be claimed");
                    self.idle(&mut stop).await;
                }
            }
        }
        tracing::info!("the worker stopped");
    }

    async fn next(&self) -> Result<Option<Claimed>, StoreError> {
        let now = self.clock.now();
        self.queue.close_rolling(now).await?;
        self.queue.claim(self.options.terms(now)).await
    }

    async fn idle(&self, stop: &mut watch::Receiver<bool>) {
        tokio::select! {
            () = self.wake.notified() => {}
            () = tokio::time::sleep(self.options.poll) => {}
            () = stopped(stop) => {}
        }
    }

    /// Brings one chunk to an end, as far as its lease and its time allow.
    async fn serve(&self, claimed: Claimed, stop: &mut watch::Receiver<bool>) {
        let lease = claimed.lease;
        let served = tokio::select! {
            served = self.work(claimed) => served,
            () = self.beat(lease) => Ok(false),
            () = self.grace(stop) => self.queue.put_back(lease, Rest::Returned, self.clock.now()).await,
        };
        match served {
            Ok(true) => {}
            Ok(false) => tracing::info!(job = %lease.job, chunk = lease.chunk, "the chunk is another's now"),
            Err(error) => self.excuse(claimed, &error).await,
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

    /// A chunk that came to nothing too often is cut up; a single record that did is reported.
    async fn isolate(&self, claimed: Claimed) -> Result<bool, StoreError> {
        let (lease, now) = (claimed.lease, self.clock.now());
        if claimed.records > 1 {
            tracing::warn!(job = %lease.job, chunk = lease.chunk, "the chunk is cut into single records");
            return self.queue.split(lease, now).await;
        }
        let pending = match self.queue.read(lease).await {
            Ok(pending) => pending,
            Err(StoreError::Broken(error)) => {
                tracing::error!(job = %lease.job, chunk = lease.chunk, %error, "a record cannot be read");
                return self.queue.put_back(lease, Rest::GivenUp, now).await;
            }
            Err(error) => return Err(error),
        };
        let failure =
            internal("the record was given up: every worker that began to calculate it came to an end");
        let results = pending.into_iter().map(|pending| {
            tracing::error!(leg = %pending.id, "a leg is given up");
            LegResult { index: pending.index, leg: pending.leg, outcome: Outcome::Failed(failure.clone()) }
        });
        self.queue.write_back(lease, results.collect(), Rest::Returned, now).await
    }

    /// Returns a chunk that the store failed. That the store was away does not count as an attempt.
    async fn excuse(&self, claimed: Claimed, error: &StoreError) {
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
        if let Err(error) = self.queue.put_back(lease, rest, now).await {
            tracing::warn!(error = cause(&error), "the chunk stays leased until its lease runs out");
        }
    }

    /// Holds a lease; ends when it is lost.
    async fn beat(&self, lease: Lease) {
        loop {
            tokio::time::sleep(self.options.lease / 3).await;
            match self.queue.extend(lease, self.until(self.clock.now())).await {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => tracing::warn!(error = cause(&error), "a lease could not be extended"),
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

/// Ends when the worker is told to stop, or nobody is left to tell it.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    let _nobody_left = stop.wait_for(|stop| *stop).await;
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
    Some(LegResult { index: pending.index, leg: pending.leg, outcome })
}

fn internal(message: &str) -> LegFailure {
    LegFailure { code: FailureCode::Internal, message: message.to_owned(), transient: false }
}

/// What lies behind a store's failure.
fn cause(error: &StoreError) -> String {
    let cause = std::error::Error::source(error);
    cause.map_or_else(|| error.to_string(), ToString::to_string)
}
