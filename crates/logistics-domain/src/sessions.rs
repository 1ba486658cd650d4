//! Sessions: for a while, a browser stands for the API key that somebody signed in with, without knowing it.
//!
//! The browser holds a random token and the store its hash, as with keys: what is read from the store opens nothing. All
//! servers on one store know the same sessions, and a session ends with its key.

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};

use crate::accounts::KnownKey;
use crate::ids::{ApiKeyId, OrganizationId};
use crate::ports::StoreError;

/// How long a session lasts: twelve hours, a working day.
pub const LASTS: TimeDelta = TimeDelta::hours(12);

/// A session to begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSession {
    /// The SHA-256 hash of its token.
    pub token: [u8; 32],
    /// The key that somebody signed in with.
    pub key: ApiKeyId,
    /// The organization that the key belongs to.
    pub organization: OrganizationId,
}

/// A session that is not over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The organization that is looked at.
    pub organization: OrganizationId,
    /// The key that it stands for.
    pub key: KnownKey,
}

/// The sessions of all organizations: a token tells whose it is.
#[async_trait]
pub trait Sessions: Send + Sync {
    /// Begins a session that [lasts](LASTS) from now, and forgets those that are over.
    async fn begin(&self, session: NewSession, at: DateTime<Utc>) -> Result<(), StoreError>;

    /// The session of a token's hash, unless it is over or its key holds no longer.
    async fn session(&self, token: [u8; 32], at: DateTime<Utc>) -> Result<Option<Session>, StoreError>;

    /// Ends a session, if there is one.
    async fn end(&self, token: [u8; 32]) -> Result<(), StoreError>;
}
