//! Jobs, their chunks and their records.

pub mod make;
pub mod outbox;
pub mod queue;
mod read;
pub mod records;
pub mod state;
pub mod write_back;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use logistics_domain::ids::{JobId, OrganizationId};
use logistics_domain::intake::{Answer, CallKey, Told};
use logistics_domain::jobs::{
    ChunkName, Claim, Claimed, FailedRecord, FailureCount, Job, JobRepository, Jobs, Lease, LeaseTerms,
    LegResult, Order, Ordered, Outbox, PendingLeg, Rest, Word, WorkQueue,
};
use logistics_domain::ports::{Listed, Page, StoreError};

pub use make::{PackedJob, make};

use super::backend::{self, Connection};
use super::{Store, intake};
use crate::columns::InstantValue;
use crate::error::WorkError;

/// States of a chunk.
pub mod chunk {
    /// Nobody holds it.
    pub const WAITING: &str = "waiting";
    /// A worker holds it.
    pub const LEASED: &str = "leased";
    /// Its records are settled.
    pub const DONE: &str = "done";
    /// It waits for somebody to have the job retried.
    pub const STOPPED: &str = "stopped";
    /// Those that are still to be worked on.
    pub const OPEN: [&str; 2] = [WAITING, LEASED];
}

/// The jobs of one organization.
struct StoredJobs {
    store: Store,
    organization: OrganizationId,
}

impl Jobs for Store {
    fn jobs(&self, organization: OrganizationId) -> Box<dyn JobRepository> {
        Box::new(StoredJobs { store: self.clone(), organization })
    }
}

#[async_trait]
impl JobRepository for StoredJobs {
    async fn find(&self, id: JobId) -> Result<Option<Job>, StoreError> {
        let organization = self.organization;
        self.store.read(move |connection| read::find(connection, organization, id)).await
    }

    async fn list(&self, page: Page) -> Result<Listed<Job>, StoreError> {
        let organization = self.organization;
        self.store.read(move |connection| read::list(connection, organization, page)).await
    }

    async fn errors(&self, id: JobId, most: usize) -> Result<Vec<FailedRecord>, StoreError> {
        let organization = self.organization;
        self.store.read(move |connection| read::errors(connection, organization, id, most)).await
    }

    async fn failures(&self, ids: &[JobId]) -> Result<Vec<FailureCount>, StoreError> {
        let (organization, ids) = (self.organization, ids.to_vec());
        self.store.read(move |connection| read::failures(connection, organization, &ids)).await
    }

    async fn retry(&self, order: Order, at: DateTime<Utc>) -> Result<Ordered, StoreError> {
        self.order(order, state::retry, at).await
    }

    async fn cancel(&self, order: Order, at: DateTime<Utc>) -> Result<Ordered, StoreError> {
        self.order(order, state::cancel, at).await
    }
}

/// Changes a job, or answers `false` where its state does not allow that.
type Change = fn(&mut Connection, OrganizationId, &Job, InstantValue) -> Result<bool, WorkError>;

impl StoredJobs {
    async fn order(&self, order: Order, change: Change, at: DateTime<Utc>) -> Result<Ordered, StoreError> {
        let organization = self.organization;
        let done = self.store.write_with(order.into(), move |order, connection| {
            carry_out(connection, organization, order, change, at)
        });
        Ok(done.await?.0)
    }
}

/// Writes the answer to an order.
type WriteAnswer = Box<dyn FnOnce(&Job) -> Answer + Send>;

/// An order whose answer is written once.
struct Once {
    job: JobId,
    call: Option<CallKey>,
    answer: Option<WriteAnswer>,
}

impl From<Order> for Once {
    fn from(Order { job, call, answer }: Order) -> Self {
        Self { job, call, answer: Some(answer) }
    }
}

fn carry_out(
    connection: &mut Connection,
    organization: OrganizationId,
    order: &mut Once,
    change: Change,
    at: DateTime<Utc>,
) -> Result<Ordered, WorkError> {
    if let Some(call) = &order.call
        && let Some(told) = intake::earlier(connection, organization, call, at)?
    {
        return Ok(Ordered::Told(told));
    }
    let at = InstantValue::new(at);
    backend::lock_whole_job(connection, organization, order.job)?;
    let Some(job) = read::find(connection, organization, order.job)? else { return Ok(Ordered::NoSuchJob) };
    if !change(connection, organization, &job, at)? {
        return Ok(Ordered::NotNow(job.state));
    }
    let changed = read::find(connection, organization, order.job)?.unwrap_or(job);
    let write = order.answer.take().ok_or(WorkError::Contended)?;
    let answer = write(&changed);
    if let Some(call) = &order.call {
        intake::keep(connection, organization, call, &answer, at)?;
    }
    Ok(Ordered::Told(Told::Now(answer)))
}

#[async_trait]
impl WorkQueue for Store {
    async fn claim(&self, terms: LeaseTerms, after: OrganizationId) -> Result<Option<Claimed>, StoreError> {
        let due = self.read(move |connection| Ok(backend::is_any_due(connection, terms)?));
        if !due.await? {
            return Ok(None);
        }
        let claimed = self.write(move |connection| queue::claim(connection, terms, after));
        claimed.await
    }

    async fn claim_chunk(&self, chunk: ChunkName, terms: LeaseTerms) -> Result<Claim, StoreError> {
        let claimed = self.write(move |connection| outbox::claim(connection, chunk, terms));
        claimed.await
    }

    async fn read(&self, lease: Lease) -> Result<Vec<PendingLeg>, StoreError> {
        let store = self.clone();
        self.read(move |connection| write_back::pending(connection, store.facts(), lease)).await
    }

    async fn extend(&self, lease: Lease, until: DateTime<Utc>) -> Result<bool, StoreError> {
        let until = InstantValue::new(until);
        self.write(move |connection| Ok(queue::extend(connection, lease, until)?)).await
    }

    async fn write_back(
        &self,
        lease: Lease,
        results: Vec<LegResult>,
        rest: Rest,
        at: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let (store, at) = (self.clone(), InstantValue::new(at));
        let written = self.write(move |connection| {
            write_back::write_back(connection, store.facts(), lease, &results, rest, at)
        });
        let Some(facts) = written.await? else { return Ok(false) };
        self.note(facts);
        Ok(true)
    }

    async fn put_back(&self, lease: Lease, rest: Rest, at: DateTime<Utc>) -> Result<bool, StoreError> {
        let at = InstantValue::new(at);
        let put = self.write(move |connection| queue::put_back(connection, lease, rest, at));
        put.await
    }

    async fn split(&self, lease: Lease, at: DateTime<Utc>) -> Result<bool, StoreError> {
        let at = InstantValue::new(at);
        let split = self.write(move |connection| queue::split(connection, lease, at));
        split.await
    }

    async fn close_rolling(&self, now: DateTime<Utc>) -> Result<usize, StoreError> {
        let now = InstantValue::new(now);
        let due = self.read(move |connection| Ok(state::rolling_due(connection, now)?));
        if due.await?.is_empty() {
            return Ok(0);
        }
        let closed = self.write(move |connection| state::close_rolling(connection, now));
        closed.await
    }
}

#[async_trait]
impl Outbox for Store {
    async fn to_send(&self, most: u32, terms: LeaseTerms) -> Result<Vec<Word>, StoreError> {
        self.read(move |connection| outbox::to_send(connection, most, terms)).await
    }

    async fn sent(&self, words: Vec<Word>) -> Result<(), StoreError> {
        let noted = self.write(move |connection| Ok(outbox::sent(connection, &words)?));
        noted.await
    }
}
