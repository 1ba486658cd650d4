//! Connections and their settings.

use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::r2d2::{ConnectionManager, CustomizeConnection, Pool, PoolError};
use diesel::sqlite::SqliteConnection;
use thiserror::Error;

use super::migrate::{MigrateError, migrate};
use super::{SqliteOptions, search};
use crate::error::is_passing;

/// Why a store could not be opened.
#[derive(Debug, Error)]
pub enum OpenError {
    /// The location is of another kind of database, which is named; not the whole, in which a password may be.
    #[error("`{0}://` is no kind of database that is known; give `sqlite://<path>` or `postgres://...`")]
    NotSqlite(String),
    /// The location does not name a file.
    #[error("`{0}` does not name a file; give a path or `sqlite://<path>`")]
    NotAFile(String),
    /// The file's folder could not be created.
    #[error("the folder of `{path}` cannot be created")]
    Folder {
        /// The file.
        path: String,
        /// Why not.
        source: std::io::Error,
    },
    /// The file could not be opened.
    #[error("`{path}` cannot be opened")]
    Connect {
        /// The file.
        path: String,
        /// Why not.
        source: ConnectionError,
    },
    /// Further connections to the file could not be opened.
    #[error("connections to `{path}` cannot be opened")]
    Pool {
        /// The file.
        path: String,
        /// Why not.
        source: PoolError,
    },
    /// The file is not a database, or not one that can be written.
    #[error("`{path}` cannot be used as a database")]
    Setup {
        /// The file.
        path: String,
        /// Why not.
        source: diesel::result::Error,
    },
    /// A newer version of the program wrote the file.
    #[error(
        "`{path}` was written by a newer version of the program (migration {version}); use that version or a newer one"
    )]
    Newer {
        /// The file.
        path: String,
        /// The newest migration in it.
        version: String,
    },
    /// The tables could not be brought up to date.
    #[error("the tables of `{path}` cannot be brought up to date")]
    Migrate {
        /// The file.
        path: String,
        /// Why not.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// Makes the file a database in WAL mode with the tables of this version.
pub fn prepare(path: &str, options: SqliteOptions) -> Result<(), OpenError> {
    let connection = SqliteConnection::establish(path);
    let mut connection = connection.map_err(|source| OpenError::Connect { path: path.to_owned(), source })?;
    let set_up =
        settings(&mut connection, options).and_then(|()| write_ahead(&mut connection, options.busy_timeout));
    set_up.map_err(|source| OpenError::Setup { path: path.to_owned(), source })?;
    migrate(&mut connection).map_err(|error| match error {
        MigrateError::Newer(version) => OpenError::Newer { path: path.to_owned(), version },
        MigrateError::Failed(source) => OpenError::Migrate { path: path.to_owned(), source },
    })
}

/// Connections to a file that was prepared. They are made at once and kept.
pub fn pool(
    path: &str,
    size: u32,
    options: SqliteOptions,
) -> Result<Pool<ConnectionManager<SqliteConnection>>, OpenError> {
    let pool = Pool::builder()
        .max_size(size)
        .max_lifetime(None)
        .idle_timeout(None)
        .test_on_check_out(false)
        .connection_timeout(options.wait.max(Duration::from_millis(1)))
        .connection_customizer(Box::new(Settings(options)))
        .build(ConnectionManager::new(path));
    pool.map_err(|source| OpenError::Pool { path: path.to_owned(), source })
}

#[derive(Debug)]
struct Settings(SqliteOptions);

impl CustomizeConnection<SqliteConnection, diesel::r2d2::Error> for Settings {
    fn on_acquire(&self, connection: &mut SqliteConnection) -> Result<(), diesel::r2d2::Error> {
        let set_up = settings(connection, self.0).and_then(|()| search::register(connection));
        set_up.map_err(diesel::r2d2::Error::QueryError)
    }
}

/// The page cache of each connection, in KiB: a batch of 5,000 legs with its results fits.
const CACHE_KIB: u32 = 16 * 1024;

/// How many bytes of the file are read as memory, without a call for each page: counting along an index takes half the time.
const MAPPED_BYTES: u64 = 16 << 30;

/// How many pages of 4 KiB the write-ahead log holds before they are moved into the file: a few full batches, so that not
/// every one of them waits for the disk.
const CHECKPOINT_PAGES: u32 = 8_000;

/// What SQLite forgets when a connection ends.
fn settings(connection: &mut SqliteConnection, options: SqliteOptions) -> QueryResult<()> {
    connection.batch_execute(&format!(
        "PRAGMA busy_timeout = {}; PRAGMA foreign_keys = ON; PRAGMA synchronous = {}; PRAGMA cache_size = -{CACHE_KIB};
         PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES};
         PRAGMA mmap_size = {MAPPED_BYTES}",
        i32::try_from(options.busy_timeout.as_millis()).unwrap_or(i32::MAX),
        options.synchronous.as_str(),
    ))
}

/// Switches the file to WAL mode, which it keeps. SQLite does not always wait when others do the same, so this does.
fn write_ahead(connection: &mut SqliteConnection, patience: Duration) -> QueryResult<()> {
    const PAUSE: Duration = Duration::from_millis(20);
    let begun = Instant::now();
    loop {
        match connection.batch_execute("PRAGMA journal_mode = WAL") {
            Err(error) if is_passing(&error) && begun.elapsed() < patience => std::thread::sleep(PAUSE),
            done => return done,
        }
    }
}
