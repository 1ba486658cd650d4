//! Servers and workers as processes of their own, on a database that outlives them.

use std::fs::{File, read_to_string};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use logistics_testkit::postgres::TestDatabase;
use serde_json::{Value, json};
use tempfile::TempDir;

const KEY: &str = "dray_test_0123456789abcdef";
const ORGANIZATION: &str = "a8315ef3-dd50-43f8-b7ce-d839e68d51fa";

/// How long a plant may take to finish what it has accepted.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// Where a plant keeps everything.
pub enum Database {
    Sqlite(PathBuf),
    /// At a URL; one that was made for the plant goes with it.
    Postgres {
        url: String,
        _made: Option<TestDatabase>,
    },
}

/// A database, and what processes on it are told.
pub struct Plant {
    pub folder: TempDir,
    pub database: Database,
    settings: Vec<(String, String)>,
    /// The jobs that were accepted, with the number of their records.
    jobs: Vec<(String, usize)>,
    started: usize,
}

impl Plant {
    /// A plant on a file.
    pub fn on_sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("data/dray.sqlite3");
        Self::new(folder, Database::Sqlite(file))
    }

    /// A plant on PostgreSQL; nothing where there is none.
    pub fn on_postgres() -> Option<Self> {
        let migrate = |url: &str| logistics_store::postgres::PostgresStore::migrate(url).unwrap();
        let database = TestDatabase::create(&migrate)?;
        let folder = tempfile::tempdir().unwrap();
        Some(Self::new(folder, Database::Postgres { url: database.url().to_owned(), _made: Some(database) }))
    }

    /// A plant on the database of a URL.
    pub fn at(url: String) -> Self {
        Self::new(tempfile::tempdir().unwrap(), Database::Postgres { url, _made: None })
    }

    fn new(folder: TempDir, database: Database) -> Self {
        let url = match &database {
            Database::Sqlite(file) => format!("sqlite://{}", file.display()),
            Database::Postgres { url, .. } => url.clone(),
        };
        let settings = [
            ("DRAY_DATABASE_URL", url.as_str()),
            ("DRAY_BIND", "127.0.0.1:0"),
            ("DRAY_LOG_FORMAT", "json"),
            ("DRAY_BOOTSTRAP_API_KEY", KEY),
            ("DRAY_BOOTSTRAP_ORGANIZATION_ID", ORGANIZATION),
            ("DRAY_LEASE_SECONDS", "1"),
            ("DRAY_CHUNK_LEGS", "100"),
            // What dies over and over is not a record's fault here.
            ("DRAY_WORKER_ATTEMPTS", "100"),
        ];
        let settings = settings.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        Self { folder, database, settings, jobs: Vec::new(), started: 0 }
    }

    /// The same, with word of chunks over NATS.
    pub fn with_nats(mut self, url: &str, replicas: usize) -> Self {
        self.set("DRAY_NATS_URL", url);
        self.set("DRAY_NATS_REPLICAS", &replicas.to_string());
        self
    }

    /// Sets a variable for processes that are started from now on.
    pub fn set(&mut self, name: &str, value: &str) {
        self.settings.push((name.to_owned(), value.to_owned()));
    }

    /// Starts a server that calculates no jobs.
    pub fn server(&mut self) -> Process {
        self.start(self.command(&binary("api-server")).arg("--no-worker"), "listening")
    }

    /// Starts a worker.
    pub fn worker(&mut self) -> Process {
        self.start(&mut self.command(&binary("calc-worker")), "working")
    }

    /// A command with the plant's settings.
    pub fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.folder.path()).envs(self.settings.iter().cloned()).stdout(Stdio::null());
        command
    }

    /// Starts a process and waits until its log says that it is ready.
    pub fn start(&mut self, command: &mut Command, ready: &str) -> Process {
        self.started += 1;
        let log = self.folder.path().join(format!("{}.log", self.started));
        let process = command.stderr(File::create(&log).unwrap()).spawn().unwrap();
        let mut process = Process { process, url: String::new(), log };
        process.url = process.wait_for(ready);
        process
    }

    /// Sends legs that must be accepted.
    pub fn send(&mut self, server: &Process, legs: usize) {
        let answer = self.try_send(server, legs, "").unwrap();
        assert_eq!(answer.0, 200, "{}", answer.1);
    }

    /// Sends legs; answers with status and body, or nothing if the server gave none. With a key it can be sent again.
    pub fn try_send(&mut self, server: &Process, legs: usize, key: &str) -> Option<(u16, Value)> {
        let (status, body) = self.call(server, legs, key)()?;
        if status == 200 {
            self.note(&body, legs);
        }
        Some((status, body))
    }

    /// Sends legs under a key until they are accepted, as a client does that gets no answer.
    pub fn send_until_taken(&mut self, server: &Process, legs: usize, key: &str) {
        let begun = Instant::now();
        loop {
            let answer = self.try_send(server, legs, key);
            match answer {
                Some((200, _)) => return,
                Some((503, _)) | None => {}
                Some((status, body)) => panic!("{status} {body}"),
            }
            assert!(begun.elapsed() < PATIENCE, "nothing is accepted any more:\n{}", self.logs());
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Sends small jobs until word of one more went over NATS: a cluster takes its time to agree.
    pub fn await_nats(&mut self, server: &Process) {
        const SENT: &str = "job_chunks WHERE turns > 0";
        let (begun, before) = (Instant::now(), self.count(SENT));
        while self.count(SENT) == before {
            assert!(begun.elapsed() < PATIENCE, "nothing goes over NATS:\n{}", self.logs());
            self.send(server, 200);
            self.check();
        }
    }

    /// Notes the job of a batch that was accepted.
    pub fn note(&mut self, body: &Value, legs: usize) {
        let job = (body["job_id"].as_str().unwrap().to_owned(), legs);
        if !self.jobs.contains(&job) {
            self.jobs.push(job);
        }
    }

    /// Whether an answer is that of a batch that was noted.
    pub fn knows(&self, body: &Value) -> bool {
        self.jobs.iter().any(|(job, _)| body["job_id"] == job.as_str())
    }

    /// The call that sends legs.
    pub fn call(
        &self,
        server: &Process,
        legs: usize,
        key: &str,
    ) -> impl FnOnce() -> Option<(u16, Value)> + Send + use<> {
        let name = if key.is_empty() { format!("J{}", self.jobs.len()) } else { key.to_owned() };
        let leg = |n| {
            let movement = format!("{name}-{n}");
            json!({"distance_km": n + 1, "load": 10, "category": "road", "year": 2024, "movement_id": movement})
        };
        let records: Vec<Value> = (0..legs).map(leg).collect();
        let (url, key, body) = (server.url.clone(), key.to_owned(), json!({"records": records}).to_string());
        move || post(&url, body, &key)
    }

    /// Waits until the server says that every job is complete.
    pub fn await_completion(&self, server: &Process) {
        let begun = Instant::now();
        while !are_complete(&server.url) {
            assert!(begun.elapsed() < PATIENCE, "jobs are not complete:\n{}", self.logs());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// How many rows the database has of a table, with a condition.
    pub fn count(&self, of: &str) -> usize {
        count(&self.database, of)
    }

    /// Waits until every job is complete, and compares jobs, ledger and legs: every accepted record is stored once and
    /// calculated once, and that rightly.
    pub fn check(&self) {
        self.check_jobs();
        let accepted: usize = self.jobs.iter().map(|(_, legs)| legs).sum();
        assert_eq!(self.count("legs"), accepted, "stored once");
        assert_eq!(
            self.count("(SELECT DISTINCT movement_id FROM legs) AS moved"),
            accepted,
            "each is stored"
        );
        assert_eq!(self.count("leg_results"), accepted, "calculated once");
        let one = "leg_results WHERE is_current AND total_wtw > 0";
        assert_eq!(self.count(&format!("(SELECT DISTINCT leg_id FROM {one}) AS calculated")), accepted);
        // All have the same load, vehicle and year.
        let per_km = format!(
            "(SELECT DISTINCT round(CAST(total_wtw / distance_km * 1e9 AS numeric)) FROM {one}) AS factor"
        );
        assert!(self.count(&per_km) <= 1, "calculated rightly");
    }

    /// The same of jobs and ledger alone, where legs were sent again and replaced.
    pub fn check_jobs(&self) {
        let begun = Instant::now();
        while self.count("jobs WHERE state <> 'COMPLETED'") > 0 {
            assert!(begun.elapsed() < PATIENCE, "jobs are not complete:\n{}", self.logs());
            std::thread::sleep(Duration::from_millis(50));
        }
        let accepted: usize = self.jobs.iter().map(|(_, legs)| legs).sum();
        assert_eq!(self.count("jobs"), self.jobs.len());
        let settled = self.packed("settled");
        assert_eq!(self.count(&settled), accepted, "records of the ledger");
        assert_eq!(self.count(&self.packed("waiting")), 0);
        assert_eq!(self.count("failed_records"), 0);
        assert_eq!(self.count("jobs WHERE succeeded <> total OR failed <> 0"), 0, "counts");
        let ledger = format!(
            "SELECT count(*) FROM {settled}
            WHERE record.organization_id = jobs.organization_id AND record.job_id = jobs.id"
        );
        assert_eq!(self.count(&format!("jobs WHERE succeeded <> ({ledger})")), 0, "counts and ledger");
        let calculated =
            "SELECT 1 FROM leg_results AS result WHERE result.organization_id = legs.organization_id
            AND result.leg_id = legs.id AND result.is_current AND result.total_wtw > 0";
        assert_eq!(self.count(&format!("legs WHERE NOT EXISTS ({calculated})")), 0, "legs without a result");
        assert_eq!(self.count("job_chunks WHERE state <> 'done'"), 0);
    }

    /// The records of chunks that stand in a column.
    fn packed(&self, column: &str) -> String {
        match &self.database {
            Database::Sqlite(_) => format!("chunk_records AS record, json_each(record.{column}) AS one"),
            Database::Postgres { .. } => {
                format!("chunk_records AS record, json_array_elements(record.{column}::json) AS one")
            }
        }
    }

    /// How many chunks are leased, and locked by nobody: once their lease is over, any worker can have them.
    pub fn chunks_to_take_over(&self) -> usize {
        const LEASED: &str = "job_chunks WHERE state = 'leased'";
        match &self.database {
            Database::Sqlite(file) => {
                let mut connection = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
                let free = connection.batch_execute("BEGIN IMMEDIATE; ROLLBACK").is_ok();
                if free { self.count(LEASED) } else { 0 }
            }
            Database::Postgres { .. } => {
                self.count(&format!("(SELECT number FROM {LEASED} FOR UPDATE SKIP LOCKED) AS free"))
            }
        }
    }

    fn logs(&self) -> String {
        let logs = (1..=self.started)
            .filter_map(|n| read_to_string(self.folder.path().join(format!("{n}.log"))).ok());
        let last = logs.map(|log| log.lines().rev().take(8).collect::<Vec<_>>().join("\n"));
        last.collect::<Vec<_>>().join("\n--\n")
    }
}

/// How many rows a database has of a table, with a condition.
pub fn count(database: &Database, of: &str) -> usize {
    let count = diesel::dsl::sql::<BigInt>(&format!("(SELECT count(*) FROM {of})"));
    let counted: i64 = match database {
        Database::Sqlite(file) => {
            let mut connection = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
            connection.batch_execute("PRAGMA busy_timeout = 10000").unwrap();
            diesel::select(count).get_result(&mut connection).unwrap()
        }
        Database::Postgres { url, .. } => {
            let mut connection = PgConnection::establish(url).unwrap();
            diesel::select(count).get_result(&mut connection).unwrap()
        }
    };
    counted.try_into().unwrap()
}

/// A process; it is killed when the value is dropped.
pub struct Process {
    process: Child,
    /// Where it listens, if it does.
    pub url: String,
    log: PathBuf,
}

impl Process {
    /// Kills it as `kill -9` does.
    pub fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Sends it a signal, as in `STOP`.
    pub fn signal(&self, signal: &str) {
        let sent = Command::new("kill").arg(format!("-{signal}")).arg(self.process.id().to_string()).status();
        assert!(sent.unwrap().success());
    }

    /// Stops it in the middle of what it does, until it gets the signal `CONT`.
    pub fn stop_for_now(&self) {
        self.signal("STOP");
        let stat = format!("/proc/{}/stat", self.process.id());
        while !read_to_string(&stat).unwrap().contains(") T ") {
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Tells it to stop, and answers whether it did so without error.
    pub fn stop(mut self) -> bool {
        self.signal("TERM");
        self.process.wait().unwrap().success()
    }

    /// How many lines of its log have a message.
    pub fn said(&self, message: &str) -> usize {
        let log = read_to_string(&self.log).unwrap();
        let events = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        events.filter(|event| event["message"] == message).count()
    }

    /// The process's id.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Waits for a line of the log; answers with the address in it, if there is one.
    fn wait_for(&mut self, message: &str) -> String {
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(60) {
            let log = read_to_string(&self.log).unwrap();
            let mut events = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
            if let Some(event) = events.find(|event| event["message"] == message) {
                return format!("http://{}", event["bind"].as_str().unwrap_or_default());
            }
            assert!(self.process.try_wait().unwrap().is_none(), "it ended:\n{log}");
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("it does not say {message:?}:\n{}", read_to_string(&self.log).unwrap());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ended = self.process.kill();
        let _ended = self.process.wait();
    }
}

/// Sends a batch; nothing if there is no answer.
fn post(url: &str, body: String, key: &str) -> Option<(u16, Value)> {
    let patience = Some(Duration::from_secs(60));
    let config = ureq::Agent::config_builder().http_status_as_error(false).timeout_global(patience);
    let mut request = ureq::http::Request::builder()
        .method("POST")
        .uri(format!("{url}/v2/logistics/requests/bulk"))
        .header("x-api-key", KEY)
        .header("x-organization-id", ORGANIZATION);
    if !key.is_empty() {
        request = request.header("idempotency-key", key);
    }
    let mut response = config.build().new_agent().run(request.body(body).unwrap()).ok()?;
    let text = response.body_mut().read_to_string().ok()?;
    Some((response.status().as_u16(), serde_json::from_str(&text).unwrap_or(Value::String(text))))
}

fn are_complete(url: &str) -> bool {
    let listed = ureq::get(format!("{url}/v2/logistics/jobs?size=100"))
        .header("x-api-key", KEY)
        .header("x-organization-id", ORGANIZATION)
        .call();
    let Ok(mut listed) = listed else { return false };
    let listed: Value = serde_json::from_str(&listed.body_mut().read_to_string().unwrap()).unwrap();
    listed["items"].as_array().unwrap().iter().all(|job| job["status"] == "COMPLETED")
}

/// A program of this workspace, beside the worker that the tests were built with.
pub fn binary(name: &str) -> PathBuf {
    let worker = Path::new(env!("CARGO_BIN_EXE_calc-worker"));
    let program = worker.with_file_name(name);
    assert!(program.exists(), "build it first: cargo build -p {name}");
    program
}

/// How many rounds a test goes through: few, or as many as `DRAY_CHAOS_ROUNDS` says.
pub fn rounds() -> u64 {
    std::env::var("DRAY_CHAOS_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(3)
}
