//! Organizations and the API keys that work for them.

use std::fmt;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use thiserror::Error;

use crate::ids::{ApiKeyId, OrganizationId};
use crate::ports::StoreError;

/// What a key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Access {
    /// Read.
    Read,
    /// Read and write.
    Write,
    /// Read, write, and manage the organizations and keys of its organizations.
    Admin,
}

impl Access {
    /// All of them, from the least.
    pub const ALL: [Self; 3] = [Self::Read, Self::Write, Self::Admin];

    /// The name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Admin => "admin",
        }
    }

    /// The access of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|access| access.as_str() == name)
    }
}

impl fmt::Display for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The name of an organization or a key: 1 to 200 characters without control characters, blanks at both ends removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label(String);

/// Why a text is no [`Label`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("name has {found} characters; give 1 to {max} without line breaks or other control characters", max = Label::MAX)]
pub struct LabelError {
    found: usize,
}

impl Label {
    /// The longest, in characters.
    pub const MAX: usize = 200;

    /// The label that a text is.
    ///
    /// # Errors
    /// [`LabelError`] if it is blank, longer than [`MAX`](Self::MAX) or has control characters.
    pub fn parse(text: &str) -> Result<Self, LabelError> {
        let text = text.trim();
        let found = text.chars().count();
        if (1..=Self::MAX).contains(&found) && !text.chars().any(char::is_control) {
            Ok(Self(text.to_owned()))
        } else {
            Err(LabelError { found })
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organization {
    /// Its id.
    pub id: OrganizationId,
    /// Its name.
    pub name: String,
    /// When it was created.
    pub created_at: DateTime<Utc>,
}

/// An API key that was presented and is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownKey {
    /// Its id.
    pub id: ApiKeyId,
    /// Its SHA-256 hash.
    pub hash: [u8; 32],
    /// The organizations that it works for: at least one, its own first.
    pub organizations: Vec<OrganizationId>,
    /// What it may do.
    pub access: Access,
    /// When it ceases to hold.
    pub expires_at: Option<DateTime<Utc>>,
}

impl KnownKey {
    /// Whether it holds at an instant.
    #[must_use]
    pub fn holds(&self, at: DateTime<Utc>) -> bool {
        self.expires_at.is_none_or(|expiry| at < expiry)
    }

    /// Whether it works for an organization.
    #[must_use]
    pub fn works_for(&self, organization: OrganizationId) -> bool {
        self.organizations.contains(&organization)
    }

    /// Whether it works for all organizations that another key works for.
    #[must_use]
    pub fn covers(&self, key: &ApiKey) -> bool {
        key.organizations.iter().all(|organization| self.works_for(*organization))
    }
}

/// An API key as those see it who manage keys: without what opens anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Its id.
    pub id: ApiKeyId,
    /// Its name.
    pub name: String,
    /// Its first characters, to tell keys apart.
    pub prefix: String,
    /// The organizations that it works for: at least one, its own first.
    pub organizations: Vec<OrganizationId>,
    /// What it may do.
    pub access: Access,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it ceases to hold.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was last used, to a minute or so.
    pub last_used_at: Option<DateTime<Utc>>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
}

impl ApiKey {
    /// `active`, `expired` or `revoked`.
    #[must_use]
    pub fn status(&self, at: DateTime<Utc>) -> &'static str {
        match self.expires_at {
            _ if self.revoked_at.is_some() => "revoked",
            Some(expiry) if expiry <= at => "expired",
            _ => "active",
        }
    }
}

/// A key to create.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewKey {
    /// Its id.
    pub id: ApiKeyId,
    /// Its name.
    pub name: Label,
    /// Its SHA-256 hash.
    pub hash: [u8; 32],
    /// Its first characters.
    pub prefix: String,
    /// The organization that it belongs to.
    pub organization: OrganizationId,
    /// The others that it works for, each once.
    pub others: Vec<OrganizationId>,
    /// What it may do.
    pub access: Access,
    /// When it ceases to hold.
    pub expires_at: Option<DateTime<Utc>>,
}

/// An organization to create with its first key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOrganization {
    /// Its id.
    pub id: OrganizationId,
    /// Its name.
    pub name: String,
    /// The SHA-256 hash of its first key.
    pub key_hash: [u8; 32],
    /// The first characters of the key, to tell keys apart.
    pub key_prefix: String,
}

/// What became of a key to create.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyMade {
    /// It is kept.
    Made(ApiKey),
    /// There is no such organization; nothing is kept.
    NoOrganization(OrganizationId),
}

/// Organizations and their keys.
#[async_trait]
pub trait Accounts: Send + Sync {
    /// The key with that SHA-256 hash, unless it was revoked. It may have expired.
    async fn key(&self, hash: [u8; 32]) -> Result<Option<KnownKey>, StoreError>;

    /// Creates an organization and a first key with access [`Admin`](Access::Admin), if there is no organization yet.
    /// Answers whether it did.
    async fn bootstrap(&self, organization: &NewOrganization, at: DateTime<Utc>) -> Result<bool, StoreError>;

    /// Creates an organization. Answers whether the id was free.
    async fn create_organization(&self, organization: &Organization) -> Result<bool, StoreError>;

    /// All organizations, oldest first.
    async fn organizations(&self) -> Result<Vec<Organization>, StoreError>;

    /// Creates a key.
    async fn create_key(&self, key: &NewKey, at: DateTime<Utc>) -> Result<KeyMade, StoreError>;

    /// The keys that work for an organization, or all keys; oldest first, also those that hold no longer.
    async fn keys(&self, organization: Option<OrganizationId>) -> Result<Vec<ApiKey>, StoreError>;

    /// One key, also if it holds no longer.
    async fn find_key(&self, id: ApiKeyId) -> Result<Option<ApiKey>, StoreError>;

    /// Revokes a key for good. Answers whether there is such a key; one that was revoked before stays as it is.
    async fn revoke(&self, id: ApiKeyId, at: DateTime<Utc>) -> Result<bool, StoreError>;

    /// Notes when keys were last used. An earlier use than the one noted changes nothing.
    async fn note_use(&self, uses: Vec<(ApiKeyId, DateTime<Utc>)>) -> Result<(), StoreError>;
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn accesses_are_found_by_their_names() {
        for access in Access::ALL {
            assert_eq!(Access::from_name(access.as_str()), Some(access));
        }
        assert_eq!(Access::from_name("Write"), None);
        assert!(Access::Read < Access::Write && Access::Write < Access::Admin);
    }

    #[test]
    fn labels_are_short_and_printable() {
        assert_eq!(Label::parse("  nightly batch ").unwrap().as_str(), "nightly batch");
        assert!(Label::parse(&"ñ".repeat(Label::MAX)).is_ok());
        for wrong in ["", "   ", "a\nb", "a\u{0}b", &"x".repeat(Label::MAX + 1)] {
            assert!(Label::parse(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_key_ceases_to_hold_at_its_expiry() {
        let now = DateTime::UNIX_EPOCH;
        let mut key = KnownKey {
            id: ApiKeyId(Uuid::nil()),
            hash: [0; 32],
            organizations: vec![OrganizationId(Uuid::nil())],
            access: Access::Read,
            expires_at: None,
        };
        assert!(key.holds(now));
        key.expires_at = Some(now);
        assert!(!key.holds(now));
        assert!(key.holds(now - chrono::TimeDelta::microseconds(1)));
    }
}
