//! PostgreSQL's migrations.

use diesel::pg::PgConnection;
use diesel_migrations::{EmbeddedMigrations, embed_migrations};

pub use super::shared::migrate::MigrateError;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");

/// Brings the tables up to date.
pub fn migrate(connection: &mut PgConnection) -> Result<(), MigrateError> {
    super::shared::migrate::migrate(connection, MIGRATIONS)
}
