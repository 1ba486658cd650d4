//! Files that people upload by hand. They are kept for a while, so that somebody can look at one before it is sent, and so
//! that sending goes on where it was interrupted.

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};

use crate::ids::{OrganizationId, UploadId};
use crate::intake::ANSWERS_KEPT_FOR;
use crate::ports::StoreError;

/// How long a file is kept: as long as it is known which parts of it were sent.
pub const KEPT_FOR: TimeDelta = ANSWERS_KEPT_FOR;

/// How many files an organization has at most; a new one takes the place of the oldest.
pub const MOST_UPLOADS: usize = 8;

/// A file to keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUpload {
    /// Its name, as the browser gave it.
    pub name: String,
    /// How many records it has.
    pub records: u32,
    /// The SHA-256 hash of its content.
    pub digest: [u8; 32],
    /// Its content.
    pub content: Vec<u8>,
}

/// A file that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Its id.
    pub id: UploadId,
    /// Its name, as the browser gave it.
    pub name: String,
    /// How many records it has.
    pub records: u32,
    /// When it came.
    pub uploaded_at: DateTime<Utc>,
}

/// The files of one organization. It is opened for that organization and cannot reach another's.
#[async_trait]
pub trait UploadRepository: Send + Sync {
    /// Keeps a file for [`KEPT_FOR`]. One with the same content that is there already stays, and is the answer: a file that
    /// is chosen twice is one file.
    async fn keep(&self, upload: NewUpload, at: DateTime<Utc>) -> Result<Upload, StoreError>;

    /// The files that are kept, newest first.
    async fn list(&self, at: DateTime<Utc>) -> Result<Vec<Upload>, StoreError>;

    /// A file and its content.
    async fn find(&self, id: UploadId, at: DateTime<Utc>) -> Result<Option<(Upload, Vec<u8>)>, StoreError>;

    /// Makes a new file of one, as if it had been forgotten and chosen again: it has another id, which is the answer, and came
    /// now. Nothing if it is not there.
    async fn renew(&self, id: UploadId, at: DateTime<Utc>) -> Result<Option<UploadId>, StoreError>;

    /// Keeps a file no longer, if it is there.
    async fn forget(&self, id: UploadId) -> Result<(), StoreError>;
}

/// Opens an organization's files.
pub trait Uploads: Send + Sync {
    /// The organization's files.
    fn uploads(&self, organization: OrganizationId) -> Box<dyn UploadRepository>;
}
