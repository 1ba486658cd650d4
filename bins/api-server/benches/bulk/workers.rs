//! How many legs workers calculate in a second, one and two of them, each a process of its own.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use crate::calls::completed;
use crate::database::Database;
use crate::records::{BATCH, Ways, body};

/// How many batches wait when the workers are started.
const BATCHES: usize = 20;

/// How often that is measured.
const RUNS: usize = 5;

pub fn measure(database: Database) {
    println!("\n| {} legs, distances given | legs/s: least / median / most |", BATCHES * BATCH);
    println!("| --- | --- |");
    for (workers, chunks) in [(1, 1), (2, 1), (1, 2), (2, 2)] {
        let mut speeds: Vec<f64> = (0..RUNS).map(|_| speed(database, workers, chunks)).collect();
        speeds.sort_unstable_by(f64::total_cmp);
        let [least, median, most] = [0, RUNS / 2, RUNS - 1].map(|index| speeds[index]);
        println!("| {workers} calc-worker, {chunks} at once | {least:.0} / {median:.0} / {most:.0} |");
    }
}

fn speed(database: Database, workers: usize, chunks: usize) -> f64 {
    let measured = database.server(&[("DRAY_WORKER", "false")]);
    let server = &measured.server;
    let post = |_| {
        let answer = server.post("/v2/logistics/requests/bulk", &body(Ways::Given));
        assert_eq!(answer.body["success"], BATCH, "{}", answer.text);
        answer.body["job_id"].as_str().unwrap().to_owned()
    };
    let jobs: Vec<String> = (0..BATCHES).map(post).collect();
    let workers: Vec<Worker> = (0..workers).map(|_| Worker::start(measured.database.url(), chunks)).collect();
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
    /// Starts a worker with so many chunks under work.
    fn start(database: &str, chunks: usize) -> Self {
        let worker = program().to_str().unwrap().to_owned();
        let mut command = Command::new(worker);
        command.env("DRAY_DATABASE_URL", database).env("DRAY_WORKER_CHUNKS", chunks.to_string());
        command.stdout(Stdio::null()).stderr(Stdio::null());
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
