//! The tables, brought up to date when the store is opened.

use std::collections::HashSet;

use diesel::migration::{Migration, MigrationSource, MigrationVersion};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness};
use thiserror::Error;

use super::backend::{self, Backend, Connection};
use super::index;
use crate::error::WorkError;

/// Why the tables are not up to date.
#[derive(Debug, Error)]
pub enum MigrateError {
    /// The database has a migration that this program does not know.
    #[error("migration {0} is not known")]
    Newer(String),
    /// A migration failed.
    #[error(transparent)]
    Failed(Box<dyn std::error::Error + Send + Sync>),
}

impl From<diesel::result::Error> for MigrateError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Failed(error.into())
    }
}

/// Makes what lists find legs or packages by of those that there are.
type Build = fn(&mut Connection) -> Result<(), WorkError>;

/// The migrations that give legs and packages their positions, and what is made after them.
const BUILDS: [(&str, Build); 2] =
    [("20261122090000", index::build), ("20261122091000", index::build_packages)];

/// Runs those of the migrations that the database lacks: all of them or none, and one program at a time.
pub fn migrate(connection: &mut Connection, migrations: EmbeddedMigrations) -> Result<(), MigrateError> {
    backend::alone(connection, |connection| {
        let applied = connection.applied_migrations().map_err(MigrateError::Failed)?;
        let known = MigrationSource::<Backend>::migrations(&migrations).map_err(MigrateError::Failed)?;
        let known: HashSet<MigrationVersion<'_>> =
            known.iter().map(|migration| migration.name().version().as_owned()).collect();
        if let Some(newest) = applied.iter().filter(|version| !known.contains(version)).max() {
            return Err(MigrateError::Newer(newest.to_string()));
        }
        let run = connection.run_pending_migrations(migrations).map_err(MigrateError::Failed)?;
        let run: Vec<String> = run.iter().map(ToString::to_string).collect();
        for version in &run {
            tracing::info!(version, "migrated");
        }
        for (version, build) in BUILDS {
            if run.iter().any(|run| run == version) {
                build(connection).map_err(|error| MigrateError::Failed(error.into()))?;
            }
        }
        Ok(())
    })
}
