//! The tables, brought up to date when the store is opened.

use std::collections::HashSet;

use diesel::migration::{Migration, MigrationSource, MigrationVersion};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness};
use thiserror::Error;

use super::backend::{self, Backend, Connection};

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
        for version in &run {
            tracing::info!(%version, "migrated");
        }
        Ok(())
    })
}
