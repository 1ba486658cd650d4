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
    /// Other transactions stood in the way whenever it was tried.
    #[error("other transactions stood in the way")]
    Contended,
    /// A leg was handled by a hub that is not there any more.
    #[error("a hub was removed meanwhile; send the call again")]
    HubRemoved,
}

impl From<WorkError> for StoreError {
    fn from(error: WorkError) -> Self {
        match error {
            WorkError::Database(error) if is_passing(&error) => Self::Unavailable(error.into()),
            WorkError::Contended | WorkError::HubRemoved => Self::Unavailable(error.into()),
            error => Self::Broken(error.into()),
        }
    }
}

/// What databases say of conditions that lie outside them and may pass: SQLite that it is locked, that the disk is full,
/// cannot be read or written, or is write-protected; PostgreSQL that it starts, stops, or has no room. diesel does not hand
/// on the codes behind these messages.
const PASSING: [&str; 14] = [
    "database is locked",
    "database table is locked",
    "database or disk is full",
    "disk I/O error",
    "unable to open database file",
    "attempt to write a readonly database",
    DEADLOCK,
    "the database system is",
    "terminating connection",
    "canceling statement",
    "could not extend file",
    "could not write",
    "out of shared memory",
    "out of memory",
];

/// What PostgreSQL says to one of two transactions that wait for each other.
const DEADLOCK: &str = "deadlock detected";

/// Whether the same work may succeed later.
pub fn is_passing(error: &DieselError) -> bool {
    match error {
        DieselError::DatabaseError(DatabaseErrorKind::Unknown, about) => {
            PASSING.iter().any(|passing| about.message().starts_with(passing))
        }
        DieselError::DatabaseError(
            DatabaseErrorKind::ClosedConnection
            | DatabaseErrorKind::UnableToSendCommand
            | DatabaseErrorKind::SerializationFailure
            | DatabaseErrorKind::ReadOnlyTransaction,
            _,
        )
        | DieselError::BrokenTransactionManager => true,
        DieselError::RollbackErrorOnCommit { commit_error, .. } => is_passing(commit_error),
        _ => false,
    }
}

/// Whether work failed because of a concurrent transaction, so that repeating it at once may succeed. A key that was taken
/// meanwhile is simply found taken the next time.
pub fn is_conflict(error: &WorkError) -> bool {
    let WorkError::Database(DieselError::DatabaseError(kind, about)) = error else { return false };
    match kind {
        DatabaseErrorKind::SerializationFailure
        | DatabaseErrorKind::UniqueViolation
        | DatabaseErrorKind::ForeignKeyViolation => true,
        DatabaseErrorKind::Unknown => about.message().starts_with(DEADLOCK),
        _ => false,
    }
}
