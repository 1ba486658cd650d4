//! Legs that are calculated after the answer, and those who calculate them.
//!
//! A [`Job`] stands for the records of a call. Its legs are kept as pending, in the transaction that makes the job, and are
//! cut into chunks. A worker takes a chunk on a lease, calculates it in memory and writes it back in one transaction with the
//! job's counts. A lease that runs out is taken up by another worker; only the holder of a lease can write back, so work that
//! was done twice counts once.

mod dispatch;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::ids::{JobId, LegId, OrganizationId};
use crate::intake::{Answer, CallKey, Told};
use crate::leg::{Outcome, ResolvedLeg};
use crate::ports::{Listed, Page, StoreError};

pub use dispatch::{ChunkName, Claim, Deliveries, Delivery, Heard, JobDispatch, Outbox, Word};

/// How long single creates go into one job: a minute.
pub const ROLLING: TimeDelta = TimeDelta::minutes(1);

/// The most errors that a job itself shows.
pub const SHOWN_ERRORS: usize = 100;

/// The code of a record whose leg was deleted before it was calculated.
pub const DELETED: &str = "DELETED";

/// How its records came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JobKind {
    /// In one call.
    Bulk,
    /// One by one, all that an organization sent within a minute.
    Singles,
}

impl JobKind {
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::Bulk, Self::Singles];

    /// The kind's name: `bulk` or `single`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bulk => "bulk",
            Self::Singles => "single",
        }
    }

    /// The kind with that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// Where a job stands. By itself it only goes on in this order; a failed one runs again when somebody has it retried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JobState {
    /// No worker has begun.
    Pending,
    /// A worker has begun.
    Running,
    /// Every record was calculated or failed.
    Completed,
    /// It stopped before its end; the records left are still pending.
    Failed,
}

impl JobState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Pending, Self::Running, Self::Completed, Self::Failed];

    /// The state's name: `PENDING`, `RUNNING`, `COMPLETED` or `FAILED`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Running => "RUNNING",
            Self::Completed => "COMPLETED",
            Self::Failed => "FAILED",
        }
    }

    /// The state with that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }

    /// Whether nothing happens any more.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Completed | Self::Failed)
    }
}

/// Why a job stopped before its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StopReason {
    /// Somebody cancelled it.
    Cancelled,
    /// What it needs was away, or its records could not be read, at every attempt.
    GaveUp,
}

impl StopReason {
    /// Every reason.
    pub const ALL: [Self; 2] = [Self::Cancelled, Self::GaveUp];

    /// The reason's name: `CANCELLED` or `GAVE_UP`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cancelled => "CANCELLED",
            Self::GaveUp => "GAVE_UP",
        }
    }

    /// The reason with that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == name)
    }
}

/// When a record failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Before the answer.
    Sync,
    /// When it was calculated.
    Calculation,
}

impl Stage {
    /// Every stage.
    pub const ALL: [Self; 2] = [Self::Sync, Self::Calculation];

    /// The stage's name: `sync` or `calculation`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sync => "sync",
            Self::Calculation => "calculation",
        }
    }

    /// The stage with that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.as_str() == name)
    }
}

/// A job and how far it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Its id, which is also the id of the file that its records came in.
    pub id: JobId,
    /// How its records came.
    pub kind: JobKind,
    /// Where it stands.
    pub state: JobState,
    /// Why it stopped before its end.
    pub stopped: Option<StopReason>,
    /// How many records it has.
    pub total: u32,
    /// How many of them were calculated.
    pub succeeded: u32,
    /// How many of them failed, before the answer or in the calculation.
    pub failed: u32,
    /// How many of those failed before the answer.
    pub refused: u32,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When a worker first took up a part of it.
    pub started_at: Option<DateTime<Utc>>,
    /// When it came to its end.
    pub finished_at: Option<DateTime<Utc>>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl Job {
    /// How many records are still to be calculated.
    #[must_use]
    pub const fn pending(&self) -> u32 {
        self.total.saturating_sub(self.succeeded).saturating_sub(self.failed)
    }

    /// Records that workers settled for each second since the first of them began; nothing before they settled any.
    #[must_use]
    pub fn records_per_second(&self, now: DateTime<Utc>) -> Option<f64> {
        let settled =
            (self.succeeded + self.failed).checked_sub(self.refused).filter(|settled| *settled > 0)?;
        let took = self.finished_at.unwrap_or(now) - self.started_at?;
        let seconds = took.to_std().ok()?.as_secs_f64();
        (seconds > 0.0).then(|| f64::from(settled) / seconds)
    }

    /// Seconds until the last record is calculated, if it goes on as it did; nothing while that cannot be told.
    #[must_use]
    pub fn seconds_left(&self, now: DateTime<Utc>) -> Option<f64> {
        match self.state {
            JobState::Completed | JobState::Failed => None,
            JobState::Pending | JobState::Running if self.pending() == 0 => Some(0.0),
            JobState::Pending | JobState::Running => {
                self.records_per_second(now).map(|rate| f64::from(self.pending()) / rate)
            }
        }
    }
}

/// A record that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedRecord {
    /// Its position in the job, from 0.
    pub index: u32,
    /// The movement that it names.
    pub movement_id: Option<String>,
    /// When it failed.
    pub stage: Stage,
    /// What is wrong, for programs.
    pub code: String,
    /// What is wrong, for people.
    pub error: String,
    /// The record as it was sent: JSON.
    pub upload: String,
}

/// How many records of a job failed with the same code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailureCount {
    /// The job.
    pub job: JobId,
    /// What is wrong, for programs.
    pub code: String,
    /// How many there are.
    pub count: u64,
}

/// A record whose leg was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptedRecord {
    /// Its position in the call, from 0.
    pub index: u32,
    /// The record as it was sent: JSON.
    pub upload: String,
}

/// A job to make for the legs of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewJob {
    /// How the records come. [`JobKind::Singles`] go into the job of this minute, if there is one.
    pub kind: JobKind,
    /// The records of the legs, in their order.
    pub accepted: Vec<AcceptedRecord>,
    /// The records that failed before the answer.
    pub refused: Vec<FailedRecord>,
    /// How many legs a worker takes at once.
    pub chunk: u32,
}

/// What an order to a job came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ordered {
    /// What the caller is told.
    Told(Told),
    /// There is no such job.
    NoSuchJob,
    /// The job is in a state in which that cannot be done.
    NotNow(JobState),
}

/// An order to a job.
pub struct Order {
    /// The job.
    pub job: JobId,
    /// The call's key, if it has one.
    pub call: Option<CallKey>,
    /// Writes the answer from the job as it is then.
    pub answer: Box<dyn FnOnce(&Job) -> Answer + Send>,
}

/// The jobs of one organization. It is opened for that organization and cannot reach another's.
#[async_trait]
pub trait JobRepository: Send + Sync {
    /// One job.
    async fn find(&self, id: JobId) -> Result<Option<Job>, StoreError>;

    /// Jobs, newest first.
    async fn list(&self, page: Page) -> Result<Listed<Job>, StoreError>;

    /// The records of a job that failed, in the order of the job, at most so many.
    async fn errors(&self, id: JobId, most: usize) -> Result<Vec<FailedRecord>, StoreError>;

    /// How many records of these jobs failed, by job and code, in the order of the codes.
    async fn failures(&self, ids: &[JobId]) -> Result<Vec<FailureCount>, StoreError>;

    /// Has a failed job run again: workers take up what is left of it.
    async fn retry(&self, order: Order, at: DateTime<Utc>) -> Result<Ordered, StoreError>;

    /// Stops a job that is not finished. What a worker is calculating is not written back.
    async fn cancel(&self, order: Order, at: DateTime<Utc>) -> Result<Ordered, StoreError>;
}

/// The right to work on a chunk, until it runs out or somebody else takes the chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Lease {
    /// Whose legs they are.
    pub organization: OrganizationId,
    /// The job.
    pub job: JobId,
    /// Which of the job's chunks.
    pub chunk: i32,
    /// The name of this very lease: no two are the same, also of one worker.
    pub holder: Uuid,
}

impl Lease {
    /// The chunk.
    #[must_use]
    pub const fn chunk_name(&self) -> ChunkName {
        ChunkName { organization: self.organization, job: self.job, number: self.chunk }
    }
}

/// A chunk that was claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claimed {
    /// The right to work on it.
    pub lease: Lease,
    /// How often it was claimed without anything coming of it, this time included.
    pub attempts: u32,
    /// How many records it was made of.
    pub records: u32,
}

/// Until when a claim holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeaseTerms {
    /// The time now.
    pub now: DateTime<Utc>,
    /// When the lease runs out.
    pub until: DateTime<Utc>,
    /// Later than any lease or pause can end: what claims to end after it was written when the clock was wrong.
    pub horizon: DateTime<Utc>,
}

/// A leg to calculate.
#[derive(Debug, Clone, PartialEq)]
pub struct PendingLeg {
    /// Its record's position in the job.
    pub index: u32,
    /// The leg's id.
    pub id: LegId,
    /// When its client last said what it is. A leg that takes its place has a later one.
    pub updated_at: DateTime<Utc>,
    /// The leg as it is kept.
    pub leg: ResolvedLeg,
}

/// What became of a leg.
#[derive(Debug, Clone, PartialEq)]
pub struct LegResult {
    /// Its record's position in the job.
    pub index: u32,
    /// That of the leg that was calculated. If another has taken its place meanwhile, the result does not count.
    pub updated_at: DateTime<Utc>,
    /// The calculation or the failure.
    pub outcome: Outcome,
}

/// What becomes of the records of a chunk that have no result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rest {
    /// They are tried again from then on.
    Again(DateTime<Utc>),
    /// They may be claimed at once, and this attempt does not count.
    Returned,
    /// They stay pending until somebody has the job retried.
    GivenUp,
}

/// The chunks of all organizations, for workers. Whatever names a lease does nothing and answers `false` once the lease is
/// another's or the chunk is finished.
#[async_trait]
pub trait WorkQueue: Send + Sync {
    /// Takes a chunk that nobody holds, if there is one: of the organization that comes next after that one, the chunk that
    /// has waited longest. A worker that gives the organization it served last serves all of them by turns.
    async fn claim(&self, terms: LeaseTerms, after: OrganizationId) -> Result<Option<Claimed>, StoreError>;

    /// Takes one chunk, if nobody holds it.
    async fn claim_chunk(&self, chunk: ChunkName, terms: LeaseTerms) -> Result<Claim, StoreError>;

    /// The legs of a chunk that are still to be calculated.
    async fn read(&self, lease: Lease) -> Result<Vec<PendingLeg>, StoreError>;

    /// Holds the chunk for longer.
    async fn extend(&self, lease: Lease, until: DateTime<Utc>) -> Result<bool, StoreError>;

    /// Writes results with the job's counts, all or none, and ends the lease.
    ///
    /// A leg that is not pending any more keeps the result it has, and its record takes that. The records left are treated
    /// as `rest` says; those whose leg was replaced meanwhile are claimable at once.
    async fn write_back(
        &self,
        lease: Lease,
        results: Vec<LegResult>,
        rest: Rest,
        at: DateTime<Utc>,
    ) -> Result<bool, StoreError>;

    /// Ends the lease without results.
    async fn put_back(&self, lease: Lease, rest: Rest, at: DateTime<Utc>) -> Result<bool, StoreError>;

    /// Makes a chunk of each record of a chunk, so that one that does harm does it alone.
    async fn split(&self, lease: Lease, at: DateTime<Utc>) -> Result<bool, StoreError>;

    /// Ends jobs of single creates whose minute is over and whose legs are calculated. Answers how many.
    async fn close_rolling(&self, now: DateTime<Utc>) -> Result<usize, StoreError>;
}

/// Opens an organization's jobs.
pub trait Jobs: Send + Sync {
    /// The organization's jobs.
    fn jobs(&self, organization: OrganizationId) -> Box<dyn JobRepository>;
}
