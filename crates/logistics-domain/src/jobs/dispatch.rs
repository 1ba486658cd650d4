//! How workers hear of chunks.
//!
//! The store is the truth: a chunk is waiting there from the commit of its legs on, and only what is claimed there is worked
//! on. A dispatch carries word of it, and may lose or repeat that: workers also look into the store by themselves, and who
//! hears of a chunk that is done finds nothing to claim.

use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{Claimed, LeaseTerms};
use crate::ids::{JobId, OrganizationId};
use crate::ports::StoreError;

/// Which chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ChunkName {
    /// Whose legs they are.
    pub organization: OrganizationId,
    /// The job.
    pub job: JobId,
    /// Which of the job's chunks.
    pub number: i32,
}

/// A chunk of which workers are to hear.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Word {
    /// The chunk.
    pub chunk: ChunkName,
    /// Which time it is sent, from 1: the same word, sent twice, counts once.
    pub turn: u32,
}

/// The chunks of all organizations of which workers have not heard. Several senders may read it at once: what two of them
/// send is the same word.
#[async_trait]
pub trait Outbox: Send + Sync {
    /// What is to be sent: chunks that could be claimed now and are not under way to a worker. Organizations take turns. There
    /// are never more than `most` under way, so that who comes later need not wait for all that came before.
    async fn to_send(&self, most: u32, terms: LeaseTerms) -> Result<Vec<Word>, StoreError>;

    /// Notes that these are under way. What was noted by another is left as it is.
    async fn sent(&self, words: Vec<Word>) -> Result<(), StoreError>;
}

/// What came of claiming one chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// It is the caller's.
    Taken(Claimed),
    /// Another holds it, or it pauses, until then.
    NotBefore(DateTime<Utc>),
    /// There is nothing to be done, or no such chunk.
    Nothing,
}

/// Tells workers that there is work.
pub trait JobDispatch: Send + Sync {
    /// There may be chunks that nobody holds. It does not wait for anything.
    fn announce(&self);
}

/// What a worker listens to.
#[async_trait]
pub trait Deliveries: Send + Sync {
    /// Waits for word of a chunk, at most that long, where there is none at once.
    async fn next(&self, patience: Duration) -> Heard;
}

/// What a worker heard.
pub enum Heard {
    /// This chunk waits.
    Chunk(Box<dyn Delivery>),
    /// Nothing in particular: there may be chunks in the store.
    Look,
}

/// Word of a chunk that came to one worker. It comes to another if nothing is heard of this one for long.
#[async_trait]
pub trait Delivery: Send + Sync {
    /// The chunk.
    fn chunk(&self) -> ChunkName;

    /// The worker lives and needs more time.
    async fn hold(&self);

    /// It need not come again: the store has what came of it.
    async fn settle(&self);

    /// It comes again after that time, to this worker or to another.
    async fn again(&self, after: Duration);
}
