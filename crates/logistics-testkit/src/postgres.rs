//! Databases of their own for tests, on a PostgreSQL server that is there or is started for the tests.
//!
//! The server is that of `DRAY_TEST_POSTGRES_URL`, whose user must be allowed to make databases; else the one at
//! 127.0.0.1:5432, if it lets `postgres` in without a password; else a private one, of programs that are installed, which
//! `DRAY_TEST_POSTGRES_URL=private` asks for too. Where there is none of them a test is skipped and says so, unless `DRAY_REQUIRE_SERVICES=1` makes that a failure.
//!
//! Databases are copies of a template that has the tables already. The template stays on the server; its name is that of the
//! migrations, so a change of them makes a new one.

mod server;

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::Path;
use std::sync::OnceLock;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use uuid::Uuid;

pub use server::PrivateServer;

/// A database that is dropped with the value.
#[derive(Debug)]
pub struct TestDatabase {
    name: String,
    url: String,
}

/// The lock that is held while databases are made from the template. The number is arbitrary.
const LOCK: &str = "SELECT pg_advisory_lock(1146246489)";

impl TestDatabase {
    /// A new database with the tables that `migrate` makes at a URL; nothing where there is no server.
    ///
    /// # Panics
    /// If there is no server and `DRAY_REQUIRE_SERVICES` is 1, or the server does not do as it is told.
    #[must_use]
    pub fn create(migrate: &dyn Fn(&str)) -> Option<Self> {
        let server = server()?;
        let template = template(server, migrate);
        let name = format!("dray_test_{}", Uuid::now_v7().simple());
        copy(server, &template, &name);
        Some(Self { url: database(server, &name), name })
    }

    /// Where it is.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let dropped = server().map(|server| {
            let mut connection = PgConnection::establish(&database(server, "postgres"))?;
            let drop = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
            connection.batch_execute(&drop).map_err(ConnectionError::CouldntSetupConfiguration)
        });
        if let Some(Err(error)) = dropped {
            eprintln!("the database {} stays on the server: {error}", self.name);
        }
    }
}

/// The URL of a server, with `{database}` where a database's name goes.
fn server() -> Option<&'static str> {
    static SERVER: OnceLock<Option<String>> = OnceLock::new();
    SERVER.get_or_init(find).as_deref()
}

fn find() -> Option<String> {
    let asked = std::env::var("DRAY_TEST_POSTGRES_URL").ok();
    if let Some(url) = asked.as_deref().filter(|url| *url != "private") {
        let (place, settings) = url.split_once('?').map_or((url, ""), |(place, rest)| (place, rest));
        let (start, rest) = place.split_once("://").expect("DRAY_TEST_POSTGRES_URL is a URL");
        let authority = rest.split_once('/').map_or(rest, |(authority, _)| authority);
        return Some(format!("{start}://{authority}/{{database}}?{settings}"));
    }
    const LOCAL: &str = "postgres://postgres@127.0.0.1:5432/{database}?connect_timeout=2";
    if asked.is_none() && PgConnection::establish(&database(LOCAL, "postgres")).is_ok() {
        return Some(LOCAL.to_owned());
    }
    static PRIVATE: OnceLock<Option<PrivateServer>> = OnceLock::new();
    if let Some(private) = PRIVATE.get_or_init(PrivateServer::start) {
        return Some(private.url("{database}"));
    }
    let required = std::env::var("DRAY_REQUIRE_SERVICES").is_ok_and(|required| required == "1");
    assert!(!required, "DRAY_REQUIRE_SERVICES is 1 and there is no PostgreSQL to test with");
    eprintln!("SKIPPED: there is no PostgreSQL to test with; set DRAY_TEST_POSTGRES_URL or install it");
    None
}

fn database(server: &str, name: &str) -> String {
    server.replace("{database}", name)
}

/// The name of the database that others are copies of, which is made first if it is not there.
fn template(server: &str, migrate: &dyn Fn(&str)) -> String {
    static TEMPLATE: OnceLock<String> = OnceLock::new();
    let make = || {
        let name = format!("dray_test_template_{:016x}", migrations_hash());
        let mut connection = PgConnection::establish(&database(server, "postgres")).unwrap();
        connection.batch_execute(LOCK).unwrap();
        let made = connection.batch_execute(&format!(
            "CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
        ));
        if let Err(error) = made {
            assert!(error.to_string().contains("already exists"), "{error}");
        }
        migrate(&database(server, &name));
        name
    };
    TEMPLATE.get_or_init(make).clone()
}

/// Copies a database. A connection to the template may still be ending.
fn copy(server: &str, template: &str, name: &str) {
    let mut connection = PgConnection::establish(&database(server, "postgres")).unwrap();
    connection.batch_execute(LOCK).unwrap();
    for _ in 0..200 {
        match connection.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {template}")) {
            Ok(()) => return,
            Err(error) if error.to_string().contains("being accessed by other users") => {
                std::thread::sleep(Duration::from_millis(20));
            }
            Err(error) => panic!("{name} cannot be made: {error}"),
        }
    }
    panic!("{name} cannot be made: {template} is in use");
}

/// A hash of the names and contents of all migrations.
fn migrations_hash() -> u64 {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations/postgres");
    let mut hasher = DefaultHasher::new();
    let mut folders: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    for folder in folders {
        folder.file_name().hash(&mut hasher);
        std::fs::read(folder.join("up.sql")).unwrap().hash(&mut hasher);
    }
    hasher.finish()
}
