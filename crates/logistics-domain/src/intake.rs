//! How what a call brings is kept, so that a call that is sent again has no second effect.
//!
//! A client that hears nothing cannot know whether its call was done. It may name the call with a key of its own and send
//! it again: the answer is kept in the very transaction that keeps the call's effect, so either both are there or neither.
//! For that the answer must be written before the commit, from the records as they are kept; so an intake is handed a
//! function that writes it, not the answer.

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};

use crate::accounts::{KeyMade, NewKey, Organization};
use crate::hub::{Hub, HubWrite};
use crate::ids::{ApiKeyId, JobId, LegId, OrganizationId, RechargeId};
use crate::jobs::NewJob;
use crate::leg::{LegFilter, LegRecord};
use crate::ports::{LegToSave, StoreError};

/// How long an answer is kept: 24 hours.
pub const ANSWERS_KEPT_FOR: TimeDelta = TimeDelta::hours(24);

/// The name that a client gave to a call, and what it asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallKey {
    /// The client's name for the call.
    pub key: String,
    /// A SHA-256 hash of what is asked.
    pub fingerprint: [u8; 32],
}

/// An answer as it goes to the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Where what was made can be seen.
    pub location: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

/// What a call that carries a key is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// It was done now.
    Now(Answer),
    /// It was done before, and this was the answer.
    Before(Answer),
    /// The key belongs to a call that asked something else.
    OtherCall,
}

/// Writes the answer to a call from what is kept of it. It runs inside the transaction: it must be quick.
pub type WriteAnswer = Box<dyn FnOnce(Kept<'_>) -> Answer + Send>;

/// What is kept of a call.
#[derive(Debug, Clone, Copy)]
pub struct Kept<'a> {
    /// The legs, in the order in which they were given.
    pub legs: &'a [LegRecord],
    /// The job that will calculate them.
    pub job: Option<JobId>,
}

/// What a call brings.
pub struct Delivery {
    /// The legs to keep.
    pub legs: Vec<LegToSave>,
    /// The job that will calculate them, if they are pending.
    pub job: Option<NewJob>,
    /// The call's key, if it has one.
    pub call: Option<CallKey>,
    /// Writes the answer.
    pub answer: WriteAnswer,
}

/// What a call does that brings no legs.
#[derive(Debug, Clone)]
pub enum Effect {
    /// Removes legs, all of them or none.
    DeleteLegs(Vec<LegId>),
    /// Removes the legs that a filter admits, with all their results.
    DeleteSelected(Box<LegFilter>),
    /// Keeps a new hub.
    CreateHub(Box<Hub>),
    /// Removes recharges, all of them or none.
    DeleteRecharges(Vec<RechargeId>),
    /// Creates an organization, for which the key that asked works from then on.
    CreateOrganization(Organization, ApiKeyId),
    /// Creates a key.
    CreateKey(Box<NewKey>),
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effected {
    /// Whether the legs or recharges were there, and are gone.
    Deleted(bool),
    /// The legs that were selected, newest first, and are gone.
    Selected(Vec<LegId>),
    /// What became of the hub.
    Hub(HubWrite),
    /// Whether the organization's id was free, and it is kept.
    Organization(bool),
    /// What became of the key.
    Key(Box<KeyMade>),
}

/// Writes the answer to a call from what came of it; nothing if nothing did, and the call may be mended and sent again. It
/// runs inside the transaction: it must be quick.
pub type Conclude = Box<dyn FnOnce(&Effected) -> Option<Answer> + Send>;

/// A call that brings no legs.
pub struct Call {
    /// What it does.
    pub effect: Effect,
    /// The call's key, if it has one.
    pub key: Option<CallKey>,
    /// Writes the answer.
    pub answer: Conclude,
}

/// What became of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Done {
    /// It has an answer.
    Told(Told),
    /// It has none, and nothing was changed.
    Refused(Effected),
}

/// Keeps what calls bring to one organization. It is opened for that organization and cannot reach another's.
#[async_trait]
pub trait Intake: Send + Sync {
    /// What a call with that key was told, if there was one in the last [`ANSWERS_KEPT_FOR`]: never [`Told::Now`].
    async fn told(&self, call: &CallKey, at: DateTime<Utc>) -> Result<Option<Told>, StoreError>;

    /// Keeps legs as [`save`](crate::ports::LegRepository::save) does, together with their job and with the
    /// answer, if the call has a key: all or none. A call that was done before has no effect, also if both are under way at once.
    async fn take(&self, delivery: Delivery, at: DateTime<Utc>) -> Result<Told, StoreError>;

    /// Does what a call asks together with keeping the answer, if the call has a key: both or none. A call that was done
    /// before has no effect.
    async fn carry_out(&self, call: Call, at: DateTime<Utc>) -> Result<Done, StoreError>;
}

/// Opens an organization's intake.
pub trait Intakes: Send + Sync {
    /// The organization's intake.
    fn intake(&self, organization: OrganizationId) -> Box<dyn Intake>;
}
