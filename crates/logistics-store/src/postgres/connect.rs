//! Connections and their settings.

use std::borrow::Cow;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::r2d2::{ConnectionManager, CustomizeConnection, Pool};
use diesel::sql_types::Text;
use thiserror::Error;

use super::PostgresOptions;
use super::migrate::{MigrateError, migrate};

/// Why a store could not be opened. No password is in it.
#[derive(Debug, Error)]
pub enum OpenError {
    /// The location is not a URL of PostgreSQL's.
    #[error(
        "that is not a PostgreSQL location; give `postgres://<user>:<password>@<host>:<port>/<database>`"
    )]
    NotPostgres,
    /// The database cannot be reached, or does not let the user in.
    #[error("the PostgreSQL database at `{place}` cannot be reached: {cause}")]
    Connect {
        /// Host, port and database.
        place: String,
        /// Why not.
        cause: String,
    },
    /// A newer version of the program wrote the database.
    #[error(
        "the PostgreSQL database at `{place}` was written by a newer version of the program (migration {version}); use that version or a newer one"
    )]
    Newer {
        /// Host, port and database.
        place: String,
        /// The newest migration in it.
        version: String,
    },
    /// The server does not speak English.
    #[error(
        "the PostgreSQL database at `{place}` speaks `{messages}`: what it says of conflicts is understood in English alone; have a superuser say `ALTER DATABASE <name> SET lc_messages = 'C'`"
    )]
    Language {
        /// Host, port and database.
        place: String,
        /// Its `lc_messages`.
        messages: String,
    },
    /// The tables could not be brought up to date.
    #[error("the tables of the PostgreSQL database at `{place}` cannot be brought up to date")]
    Migrate {
        /// Host, port and database.
        place: String,
        /// Why not.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// Gives the database the tables of this version. Answers with host, port and database.
pub fn prepare(url: &str) -> Result<String, OpenError> {
    let place = place(url).ok_or(OpenError::NotPostgres)?.to_owned();
    let mut connection = match PgConnection::establish(&with_defaults(url)) {
        Ok(connection) => connection,
        Err(error) => return Err(OpenError::Connect { place, cause: harmless(&error) }),
    };
    let messages: String = match diesel::select(messages()).get_result(&mut connection) {
        Ok(messages) => messages,
        Err(error) => return Err(OpenError::Connect { place, cause: error.to_string() }),
    };
    if !is_english(&messages) {
        return Err(OpenError::Language { place, messages });
    }
    match migrate(&mut connection) {
        Ok(()) => Ok(place),
        Err(MigrateError::Newer(version)) => Err(OpenError::Newer { place, version }),
        Err(MigrateError::Failed(source)) => Err(OpenError::Migrate { place, source }),
    }
}

/// The locale of a session's messages.
fn messages() -> SqlLiteral<Text> {
    sql("current_setting('lc_messages')")
}

/// Whether messages of a locale are in English, as [`crate::error`] reads them: diesel does not hand on their codes. Without a
/// locale they are those of the server's environment.
fn is_english(messages: &str) -> bool {
    let is_c = messages == "C" || messages.starts_with("C.");
    is_c || messages.is_empty() || messages == "POSIX" || messages.to_ascii_lowercase().starts_with("en")
}

/// Connections to a database that was prepared. They are made when they are needed, tried before each use, and made anew
/// when they were lost.
pub fn pool(url: &str, options: PostgresOptions) -> Pool<ConnectionManager<PgConnection>> {
    Pool::builder()
        .max_size(options.connections.get())
        .min_idle(Some(1))
        .test_on_check_out(true)
        .connection_timeout(options.wait.max(Duration::from_millis(1)))
        .connection_customizer(Box::new(Settings))
        .error_handler(Box::new(Log))
        .build_unchecked(ConnectionManager::new(with_defaults(url)))
}

/// The settings of a session: if a program and its machine vanish in the middle of a transaction, its locks are released after
/// a minute.
const SESSION: &str = "SET idle_in_transaction_session_timeout = '60s'";

#[derive(Debug)]
struct Settings;

impl CustomizeConnection<PgConnection, diesel::r2d2::Error> for Settings {
    fn on_acquire(&self, connection: &mut PgConnection) -> Result<(), diesel::r2d2::Error> {
        connection.batch_execute(SESSION).map_err(diesel::r2d2::Error::QueryError)
    }
}

/// Logs each failed attempt to connect. libpq's messages about servers name host, port and user only.
#[derive(Debug)]
struct Log;

impl diesel::r2d2::HandleError<diesel::r2d2::Error> for Log {
    fn handle_error(&self, error: diesel::r2d2::Error) {
        tracing::warn!(%error, "the database cannot be reached");
    }
}

/// Host, port and database of a URL, without user, password and settings.
fn place(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("postgres://").or_else(|| url.strip_prefix("postgresql://"))?;
    let rest = rest.rsplit_once('@').map_or(rest, |(_, place)| place);
    Some(rest.split_once('?').map_or(rest, |(place, _)| place))
}

/// What libpq said, unless it may have quoted a part of the password: it does so of URLs that it cannot take apart.
fn harmless(error: &ConnectionError) -> String {
    const UNREADABLE: &str = "its URL cannot be understood or its host is not known; special characters in a password are written as %XX";
    const NO_TLS: &str =
        "its URL asks for TLS, which this build does not know: build it with `--features postgres-tls`";
    let said = error.to_string();
    if said.starts_with("connection to server") {
        said
    } else if said.contains("SSL support is not compiled in") {
        NO_TLS.to_owned()
    } else {
        UNREADABLE.to_owned()
    }
}

/// Settings that a URL has unless it says otherwise: a server that does not answer is given up soon.
const DEFAULTS: [(&str, &str); 3] =
    [("application_name", "dray"), ("connect_timeout", "5"), ("tcp_user_timeout", "15000")];

fn with_defaults(url: &str) -> Cow<'_, str> {
    let mut url = Cow::Borrowed(url);
    for (name, value) in DEFAULTS {
        let settings = url.split_once('?').map(|(_, settings)| settings);
        let given = settings.is_some_and(|settings| {
            settings.split('&').any(|setting| setting.split('=').next() == Some(name))
        });
        if !given {
            let joint = match settings {
                None => "?",
                Some("") => "",
                Some(_) => "&",
            };
            url = Cow::Owned(format!("{url}{joint}{name}={value}"));
        }
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_have_no_passwords() {
        for (url, shown) in [
            ("postgres://localhost/dray", Some("localhost/dray")),
            ("postgresql://u:secret@db:6432/dray?sslmode=require", Some("db:6432/dray")),
            ("postgres://u:se@cret@db/dray", Some("db/dray")),
            ("postgres://db/dray?user=u&password=secret", Some("db/dray")),
            ("sqlite://dray.sqlite3", None),
        ] {
            assert_eq!(place(url), shown, "{url}");
        }
    }

    #[cfg(not(feature = "postgres-tls"))]
    #[test]
    fn a_build_without_tls_says_so() {
        let error = prepare("postgres://u:secret@127.0.0.1:1/dray?sslmode=require").unwrap_err();
        assert!(format!("{error:?}").contains("--features postgres-tls"), "{error:?}");
    }

    #[test]
    fn english_goes_by_many_names() {
        for english in ["", "C", "C.UTF-8", "POSIX", "en_US.UTF-8", "en_GB", "English_United States.1252"] {
            assert!(is_english(english), "{english}");
        }
        for other in ["de_DE.UTF-8", "es_ES", "ca_ES", "cs_CZ.UTF-8", "Chinese_China.936"] {
            assert!(!is_english(other), "{other}");
        }
    }

    #[test]
    fn errors_have_no_passwords() {
        for url in [
            "postgres://u:secret@127.0.0.1:1/dray",
            "postgres://u:sec/ret@127.0.0.1:1/dray",
            "postgres://u:sec@ret@127.0.0.1:1/dray",
            "postgres://u:secret@nowhere.invalid/dray?password=secret",
            "postgres://u:se:cret@127.0.0.1:x/dray",
            "postgres://127.0.0.1:1/dray?password=secret&nonsense=secret",
        ] {
            let error = prepare(url).unwrap_err();
            let text = format!("{error} {error:?}");
            assert!(!text.contains("sec") && !text.contains("ret"), "{text}");
        }
    }

    #[test]
    fn settings_are_added_to_those_given() {
        assert_eq!(
            with_defaults("postgres://h/d"),
            "postgres://h/d?application_name=dray&connect_timeout=5&tcp_user_timeout=15000"
        );
        assert_eq!(
            with_defaults("postgres://h/d?connect_timeout=1&application_name=x"),
            "postgres://h/d?connect_timeout=1&application_name=x&tcp_user_timeout=15000"
        );
    }
}
