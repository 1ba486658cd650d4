//! The settings of the store on SQLite.

use std::num::NonZeroU32;
use std::time::Duration;

/// How the store uses its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SqliteOptions {
    /// How many reads go on at once.
    pub readers: NonZeroU32,
    /// How long a call waits for a connection that others use, before it fails as unavailable.
    pub wait: Duration,
    /// How long a save waits for another process that writes, before it fails as unavailable.
    pub busy_timeout: Duration,
    /// When a commit is on the disk.
    pub synchronous: Synchronous,
}

impl Default for SqliteOptions {
    fn default() -> Self {
        const READERS: NonZeroU32 = NonZeroU32::new(4).expect("4 is not 0");
        Self {
            readers: READERS,
            wait: Duration::from_secs(5),
            busy_timeout: Duration::from_secs(5),
            synchronous: Synchronous::Normal,
        }
    }
}

/// When a commit is on the disk. The file is whole after every failure, whichever is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Synchronous {
    /// A commit is in the hands of the operating system: it survives the end of the process, however violent. The last
    /// commits before a loss of power may be lost.
    #[default]
    Normal,
    /// A commit is on the disk and survives a loss of power too. Every save waits for the disk.
    Full,
}

impl Synchronous {
    /// The value of `PRAGMA synchronous`.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Normal => "NORMAL",
            Self::Full => "FULL",
        }
    }
}
