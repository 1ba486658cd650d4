//! SQLite's migrations.

use diesel::sqlite::SqliteConnection;
use diesel_migrations::{EmbeddedMigrations, embed_migrations};

pub use super::shared::migrate::MigrateError;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");

/// Brings the tables up to date.
pub fn migrate(connection: &mut SqliteConnection) -> Result<(), MigrateError> {
    super::shared::migrate::migrate(connection, MIGRATIONS)
}

#[cfg(test)]
mod tests {
    use diesel::connection::SimpleConnection;
    use diesel::prelude::*;
    use diesel::sql_types::{Nullable, Text};
    use diesel_migrations::MigrationHarness;

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
    fn values_are_checked() {
        let mut connection = empty();
        migrate(&mut connection).unwrap();
        connection.batch_execute("PRAGMA foreign_keys = OFF").unwrap();
        let mut insert = |number: usize, [unit, category]: [&str; 2]| {
            connection.batch_execute(&format!(
                "INSERT INTO legs (organization_id, id, created_at, updated_at, load_unit, load_factor, toc,
                     toc_estimated, category, year, cleaning, shipment_date, subcontractor, position)
                 VALUES (zeroblob(16), randomblob(16), 0, 0, '{unit}', 1, '', 0, '{category}', 2025, 0,
                     '2025-01-01', 0, {number})"
            ))
        };
        for (number, unit) in ["kg", "ton", "pallets", "teu", "feu"].into_iter().enumerate() {
            insert(number, [unit, "road"]).unwrap();
        }
        for wrong in [["lb", "road"], ["kg", "ship"]] {
            let refused = insert(9, wrong).unwrap_err().to_string();
            assert!(refused.starts_with("CHECK constraint failed"), "{refused}");
        }
    }

    #[test]
    fn rows_of_batches_are_cheap() {
        let mut connection = empty();
        migrate(&mut connection).unwrap();
        for table in ["legs", "leg_results", "packages", "chunk_records", "failed_records"] {
            let keys =
                format!("SELECT \"table\" AS name, NULL AS sql FROM pragma_foreign_key_list('{table}')");
            assert_eq!(diesel::sql_query(keys).load::<Object>(&mut connection).unwrap(), [], "{table}");
        }
        let objects = objects(&mut connection);
        let cheap =
            |name: &str| objects.iter().find(|object| object.name == name).unwrap().sql.as_deref().unwrap();
        assert!(cheap("legs").contains("category = 'rail' OR") && !cheap("legs").contains("IN ('"));
        for table in ["legs", "leg_results", "packages"] {
            assert!(!cheap(table).contains("length("), "a function in a CHECK of {table}");
        }
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
