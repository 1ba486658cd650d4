//! Searching for text.

use diesel::prelude::*;

#[diesel::declare_sql_function]
extern "SQL" {
    /// Whether a text, in lower case, contains another that is in lower case already. SQLite's own functions know only the
    /// letters of English.
    fn lower_contains(
        text: diesel::sql_types::Nullable<diesel::sql_types::Text>,
        needle: diesel::sql_types::Text,
    ) -> diesel::sql_types::Bool;
}

/// Makes a connection know the functions that conditions use.
pub fn register(connection: &mut SqliteConnection) -> QueryResult<()> {
    let contains = |text: Option<String>, needle: String| {
        text.is_some_and(|text: String| text.to_lowercase().contains(&needle))
    };
    lower_contains_utils::register_impl(connection, contains)
}
