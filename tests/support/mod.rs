//! A real server for black-box tests: the built binary, a database of its own, a free port.

use std::cell::Cell;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::JoinHandle;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use logistics_store::postgres::PostgresStore;
use logistics_testkit::postgres::TestDatabase;
use serde_json::Value;
use tempfile::TempDir;

pub const KEY: &str = "dray_test_0123456789abcdef";
pub const ORGANIZATION: &str = "a8315ef3-dd50-43f8-b7ce-d839e68d51fa";

/// A running server; it is killed when the value is dropped.
pub struct Server {
    process: Child,
    pub url: String,
    pub folder: TempDir,
    /// The database on PostgreSQL, where it is not a file of the folder; dropped after the server.
    database: Option<Arc<TestDatabase>>,
    log: Option<Log>,
}

thread_local! {
    /// Whether servers that this thread starts use PostgreSQL.
    static ON_POSTGRES: Cell<bool> =
        Cell::new(std::env::var("DRAY_TEST_DATABASE").is_ok_and(|database| database == "postgres"));
}

/// Runs a test whose servers each have a database on PostgreSQL. Where there is no server for it, that is said.
pub fn on_postgres(test: fn()) {
    if new_database().is_some() {
        ON_POSTGRES.set(true);
        test();
    }
}

fn new_database() -> Option<Arc<TestDatabase>> {
    TestDatabase::create(&|url| PostgresStore::migrate(url).unwrap()).map(Arc::new)
}

/// What reads a server's log, and gives the lines when the server has ended.
type Log = JoinHandle<Vec<String>>;

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub body: Value,
    pub text: String,
    pub headers: Vec<(String, String)>,
}

impl Server {
    /// Starts a server with a new database, and a known key and organization.
    pub fn start() -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), &[])
    }

    /// Starts a server on a new PostgreSQL database; nothing, and it says so, where there is no PostgreSQL.
    pub fn start_on_postgres() -> Option<Self> {
        new_database().map(|database| Self::start_on(tempfile::tempdir().unwrap(), Some(database), &[]))
    }

    /// Starts a server on the database in a folder, with settings of its own.
    pub fn start_in(folder: TempDir, settings: &[(&str, &str)]) -> Self {
        let database = if ON_POSTGRES.get() { new_database() } else { None };
        Self::start_on(folder, database, settings)
    }

    fn start_on(folder: TempDir, database: Option<Arc<TestDatabase>>, settings: &[(&str, &str)]) -> Self {
        let mut command = command_on(folder.path(), database.as_deref(), settings);
        let mut process = command.stderr(Stdio::piped()).spawn().unwrap();
        let (url, log) = listening(process.stderr.take().unwrap());
        Self { process, url, folder, database, log: Some(log) }
    }

    /// A command of the server's program on its database.
    pub fn command(&self) -> Command {
        command_on(self.folder.path(), self.database.as_deref(), &[])
    }

    /// Stops the server as SIGTERM does and waits for its end; what it kept stays in the folder.
    pub fn stop(mut self) -> TempDir {
        self.terminate();
        std::mem::replace(&mut self.folder, tempfile::tempdir().unwrap())
    }

    /// Stops the server likewise; its whole log, of which each line must be JSON.
    pub fn stop_for_log(mut self) -> Vec<Value> {
        self.terminate();
        let lines = self.log.take().unwrap().join().unwrap();
        lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    fn terminate(&mut self) {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        assert!(self.process.wait().unwrap().success());
    }

    /// Kills the server as `kill -9` does and starts it again on the same database.
    pub fn kill_and_restart(self) -> Self {
        self.kill_and_restart_with(&[])
    }

    /// The same, with settings.
    pub fn kill_and_restart_with(mut self, settings: &[(&str, &str)]) -> Self {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        let folder = std::mem::replace(&mut self.folder, tempfile::tempdir().unwrap());
        Self::start_on(folder, self.database.clone(), settings)
    }

    /// How many rows the database has of a table, with a condition.
    pub fn count_rows(&self, of: &str) -> usize {
        let counted = diesel::select(diesel::dsl::sql::<BigInt>(&format!("(SELECT count(*) FROM {of})")));
        let count: i64 = match &self.database {
            Some(database) => {
                let mut connection = PgConnection::establish(database.url()).unwrap();
                counted.get_result(&mut connection).unwrap()
            }
            None => {
                let path = self.folder.path().join("data/dray.sqlite3");
                let mut connection = SqliteConnection::establish(path.to_str().unwrap()).unwrap();
                counted.get_result(&mut connection).unwrap()
            }
        };
        count.try_into().unwrap()
    }

    /// How many records of chunks do not wait.
    pub fn count_settled(&self) -> usize {
        let elements = match &self.database {
            Some(_) => "json_array_elements(settled::json)",
            None => "json_each(settled)",
        };
        self.count_rows(&format!("chunk_records, {elements} AS record"))
    }

    /// Has the minute pass in which single creates join the jobs that there are.
    pub fn end_rolling_jobs(&self) {
        match &self.database {
            Some(database) => {
                let mut connection = PgConnection::establish(database.url()).unwrap();
                let sql = "UPDATE jobs SET open_until = open_until - interval '1 minute'";
                connection.batch_execute(sql).unwrap();
            }
            None => {
                let path = self.folder.path().join("data/dray.sqlite3");
                let mut connection = SqliteConnection::establish(path.to_str().unwrap()).unwrap();
                let sql = "PRAGMA busy_timeout = 10000; UPDATE jobs SET open_until = open_until - 60000000";
                connection.batch_execute(sql).unwrap();
            }
        }
    }

    #[allow(dead_code, reason = "benchmarks ask for it")]
    pub fn process_id(&self) -> u32 {
        self.process.id()
    }

    pub fn post(&self, path: &str, body: &str) -> Answer {
        self.send("POST", path, Some(body), &authorized())
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, None, &authorized())
    }

    /// Creates a leg that must succeed.
    pub fn create(&self, body: &Value) -> Value {
        let answer = self.post("/v1/logistics/requests", &body.to_string());
        assert_eq!(answer.status, 200, "{body} gave {}", answer.text);
        answer.body
    }

    pub fn send(&self, method: &str, path: &str, body: Option<&str>, headers: &[(&str, &str)]) -> Answer {
        let agent =
            ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).build().new_agent();
        let mut request = ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body.unwrap_or_default().to_owned()).unwrap();
        let mut response = agent.run(request).unwrap();
        let text = response.body_mut().read_to_string().unwrap();
        let headers = response.headers().iter();
        Answer {
            status: response.status().as_u16(),
            body: serde_json::from_str(&text).unwrap_or(Value::Null),
            headers: headers
                .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
                .collect(),
            text,
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The headers of a caller that may do all.
pub fn authorized() -> [(&'static str, &'static str); 3] {
    [("x-api-key", KEY), ("x-organization-id", ORGANIZATION), ("content-type", "application/json")]
}

/// The server's command, in a folder of its own.
pub fn command(folder: &Path, settings: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_api-server"));
    command
        .current_dir(folder)
        .env("DRAY_BIND", "127.0.0.1:0")
        .env("DRAY_LOG_FORMAT", "json")
        .env("DRAY_WORKER", "true")
        .env("DRAY_BOOTSTRAP_API_KEY", KEY)
        .env("DRAY_BOOTSTRAP_ORGANIZATION_ID", ORGANIZATION)
        .envs(settings.iter().copied())
        .stdout(Stdio::piped());
    command
}

fn command_on(folder: &Path, database: Option<&TestDatabase>, settings: &[(&str, &str)]) -> Command {
    let mut command = command(folder, settings);
    if let Some(database) = database {
        command.env("DRAY_DATABASE_URL", database.url());
    }
    command
}

/// Waits for the log line that names the address, and keeps reading so that the server can keep writing.
fn listening(log: impl Read + Send + 'static) -> (String, Log) {
    let (found, address) = mpsc::channel();
    let log = std::thread::spawn(move || {
        let mut lines = Vec::new();
        for line in BufReader::new(log).lines().map_while(Result::ok) {
            let event: Value = serde_json::from_str(&line).unwrap_or(Value::Null);
            if event["message"] == "listening" {
                let _ = found.send(format!("http://{}", event["bind"].as_str().unwrap_or_default()));
            }
            lines.push(line);
        }
        lines
    });
    match address.recv_timeout(Duration::from_secs(60)) {
        Ok(url) => (url, log),
        Err(RecvTimeoutError::Disconnected) => {
            panic!("the server stopped:\n{}", log.join().unwrap().join("\n"))
        }
        Err(RecvTimeoutError::Timeout) => panic!("the server did not say where it listens"),
    }
}

/// Says that a test did not run for want of something; a failure where everything must be there.
pub fn skip(missing: &str) {
    assert!(
        std::env::var_os("DRAY_REQUIRE_SERVICES").is_none_or(|set| set != "1"),
        "{missing} is not there, and DRAY_REQUIRE_SERVICES=1 allows no skip"
    );
    eprintln!("SKIPPED: {missing} is not there");
}
