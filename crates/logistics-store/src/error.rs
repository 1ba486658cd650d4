//! What goes wrong in a store, and whether it may go right the next time.

use diesel::result::{DatabaseErrorKind, Error as DieselError};
use logistics_domain::ports::StoreError;
use thiserror::Error;

use crate::records::RecordError;

/// Why work on a connection failed.
#[derive(Debug, Error)]
pub enum WorkError {
    /// The database refused or could not.
    #[error(transparent)]
    Database(#[from] DieselError),
    /// A record cannot be written or read.
    #[error(transparent)]
    Record(#[from] RecordError),
}

impl From<WorkError> for StoreError {
    fn from(error: WorkError) -> Self {
        match error {
            WorkError::Database(error) if is_passing(&error) => Self::Unavailable(error.into()),
            error => Self::Broken(error.into()),
        }
    }
}

/// What SQLite says of conditions that lie outside the database and may pass: it is locked, the disk is full, cannot be
/// read or written, or is write-protected. diesel does not hand on the codes behind these messages.
const PASSING: [&str; 6] = [
    "database is locked",
    "database table is locked",
    "database or disk is full",
    "disk I/O error",
    "unable to open database file",
    "attempt to write a readonly database",
];

/// Whether the same work may succeed later.
pub fn is_passing(error: &DieselError) -> bool {
    match error {
        DieselError::DatabaseError(DatabaseErrorKind::Unknown, about) => {
            PASSING.iter().any(|passing| about.message().starts_with(passing))
        }
        DieselError::RollbackErrorOnCommit { commit_error, .. } => is_passing(commit_error),
        _ => false,
    }
}
