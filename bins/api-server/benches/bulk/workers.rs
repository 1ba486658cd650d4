//! How many legs workers calculate in a second, one and two of them, each a process of its own.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use crate::calls::completed;
use crate::database::Database;
use crate::records::{BATCH, Ways, body};

/// How many batches wait when the workers are started.
const BATCHES: usize = 20;

pub fn measure(database: Database) {
    println!("{:<52} {:>12}", format!("{} legs, distances given", BATCHES * BATCH), "legs/s");
    for workers in [1, 2] {
        let speed = speed(database, workers);
        println!("{:<52} {speed:>12.0}", format!("{workers} calc-worker"));
    }
}

fn speed(database: Database, workers: usize) -> f64 {
    let measured = database.server(&[("DRAY_WORKER", "false")]);
    let server = &measured.server;
    let post = |_| {
        let answer = server.post("/v2/logistics/requests/bulk", &body(Ways::Given));
        assert_eq!(answer.body["success"], BATCH, "{}", answer.text);
        answer.body["job_id"].as_str().unwrap().to_owned()
    };
    let jobs: Vec<String> = (0..BATCHES).map(post).collect();
    let workers: Vec<Worker> = (0..workers).map(|_| Worker::start(measured.database.url())).collect();
    // From the first leg that is done: what a worker reads at its start is not its speed.
    let done = || server.get(&format!("/v2/logistics/jobs/{}", jobs[0])).body["success_count"] != 0;
    while !done() {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    let begun = Instant::now();
    for job in &jobs {
        completed(server, job);
    }
    let took = begun.elapsed();
    drop(workers);
    (BATCHES * BATCH) as f64 / took.as_secs_f64()
}

/// A worker process; it is killed when the value is dropped.
struct Worker(Child);

impl Worker {
    fn start(database: &str) -> Self {
        let worker = program().to_str().unwrap().to_owned();
        let mut command = Command::new(worker);
        command.env("DRAY_DATABASE_URL", database).stdout(Stdio::null()).stderr(Stdio::null());
        Self(command.spawn().unwrap())
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The worker beside the server.
fn program() -> PathBuf {
    let program = Path::new(env!("CARGO_BIN_EXE_api-server")).with_file_name("calc-worker");
    assert!(program.exists(), "build it first: cargo build --release --bin calc-worker");
    program
}
