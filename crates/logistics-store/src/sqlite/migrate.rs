//! The tables, brought up to date when the store is opened.

use std::collections::HashSet;

use diesel::migration::{Migration, MigrationSource, MigrationVersion};
use diesel::sqlite::{Sqlite, SqliteConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use thiserror::Error;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");

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

/// Runs the migrations that the database lacks: all of them or none, and one program at a time.
pub fn migrate(connection: &mut SqliteConnection) -> Result<(), MigrateError> {
    connection.immediate_transaction(|connection| {
        let applied = connection.applied_migrations().map_err(MigrateError::Failed)?;
        let known = MigrationSource::<Sqlite>::migrations(&MIGRATIONS).map_err(MigrateError::Failed)?;
        let known: HashSet<MigrationVersion<'_>> =
            known.iter().map(|migration| migration.name().version().as_owned()).collect();
        if let Some(newest) = applied.iter().filter(|version| !known.contains(version)).max() {
            return Err(MigrateError::Newer(newest.to_string()));
        }
        let run = connection.run_pending_migrations(MIGRATIONS).map_err(MigrateError::Failed)?;
        for version in &run {
            tracing::info!(%version, "migrated");
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use diesel::connection::SimpleConnection;
    use diesel::prelude::*;
    use diesel::sql_types::{Nullable, Text};

    use super::*;

    #[derive(QueryableByName, Debug, PartialEq)]
    struct Object {
        #[diesel(sql_type = Text)]
        name: String,
        #[diesel(sql_type = Nullable<Text>)]
        sql: Option<String>,
    }

    fn objects(connection: &mut SqliteConnection) -> Vec<Object> {
        diesel::sql_query("SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE '%diesel%' ORDER BY name")
            .load(connection)
            .unwrap()
    }

    fn empty() -> SqliteConnection {
        let mut connection = SqliteConnection::establish(":memory:").unwrap();
        connection.batch_execute("PRAGMA foreign_keys = ON").unwrap();
        connection
    }

    #[test]
    fn up_down_and_up_again_is_up() {
        let mut connection = empty();
        migrate(&mut connection).unwrap();
        let up = objects(&mut connection);
        assert!(up.iter().any(|object| object.name == "legs"));
        connection.revert_all_migrations(MIGRATIONS).unwrap();
        assert_eq!(objects(&mut connection), []);
        migrate(&mut connection).unwrap();
        assert_eq!(objects(&mut connection), up);
    }

    #[test]
    fn a_second_time_changes_nothing() {
        let mut connection = empty();
        migrate(&mut connection).unwrap();
        let up = objects(&mut connection);
        migrate(&mut connection).unwrap();
        assert_eq!(objects(&mut connection), up);
    }

    #[test]
    fn an_unknown_migration_is_reported_and_nothing_done() {
        let mut connection = empty();
        connection.applied_migrations().unwrap();
        connection
            .batch_execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('20990101000000')")
            .unwrap();
        let refused = migrate(&mut connection);
        assert!(matches!(refused, Err(MigrateError::Newer(version)) if version == "20990101000000"));
        assert_eq!(objects(&mut connection), []);
    }
}
