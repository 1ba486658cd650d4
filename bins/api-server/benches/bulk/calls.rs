//! Calls of 5,000 legs, each against the bare write of what it wrote.

use std::time::{Duration, Instant};

use logistics_domain::leg::Outcome;
use logistics_domain::ports::LegToSave;
use serde_json::Value;

use crate::database::{Bare, Database, Measured};
use crate::records::{BATCH, Ways, body};
use crate::support::{Server, authorized};

/// How often each call is made. In a new database the first dozen take longer, while tables and indexes get their first pages.
const RUNS: usize = 40;

/// How often a call is made that needs a server of its own.
const COLD_RUNS: usize = 15;

const V1: &str = "/v1/logistics/requests/bulk";
const V2: &str = "/v2/logistics/requests/bulk";

/// What a server's own worker does while a call is acknowledged.
#[derive(Clone, Copy)]
enum Worker {
    /// There is none.
    None,
    /// It waits.
    Idle,
    /// It calculates what former calls brought.
    Busy,
}

pub fn measure(database: Database) {
    println!(
        "\n| 5,000 legs with all fields, ms: least / median / most | call | bare write | ratio of medians |"
    );
    println!("| --- | --- | --- | --- |");
    let bare = database.bare();
    let server = database.server(&[]);
    warm_up(&server.server);
    repeat("v1, distances given", &server, &bare, |server| call(server, V1, Ways::Given));
    cold("v1, 500 pairs of towns, cold", database, &bare, 500);
    repeat("v1, 500 pairs of towns, warm", &server, &bare, |server| call(server, V1, Ways::Pairs(500)));
    cold("v1, 5,000 pairs of towns, cold", database, &bare, BATCH);
    repeat("v1, 5,000 pairs of towns, warm", &server, &bare, |server| call(server, V1, Ways::Pairs(BATCH)));
    acknowledge("v2, distances given: acknowledged, no worker", database, Worker::None);
    acknowledge("the same, an idle worker in the server", database, Worker::Idle);
    acknowledge("the same, a busy worker in the server", database, Worker::Busy);
    for (name, ways) in [
        ("v2, distances given: COMPLETED", Ways::Given),
        ("v2, 5,000 pairs of towns, warm: COMPLETED", Ways::Pairs(BATCH)),
    ] {
        repeat(name, &server, &bare, |server| {
            let begun = Instant::now();
            let (_, job) = call_v2(server, ways);
            completed(server, &job);
            begun.elapsed()
        });
    }
}

/// Lets a server open its connections and read its tables, so that only what is measured is new to it.
fn warm_up(server: &Server) {
    for _ in 0..2 {
        call(server, V1, Ways::Given);
    }
}

fn repeat(name: &str, server: &Measured, bare: &Bare, measure: impl Fn(&Server) -> Duration) {
    let (mut times, mut writes) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        times.push(measure(&server.server));
        writes.push(bare.write(newest(server)));
    }
    print(name, &mut times, &mut writes);
}

/// A call whose routes nobody asked for before: each on a server and a database of its own.
fn cold(name: &str, database: Database, bare: &Bare, pairs: usize) {
    let (mut times, mut writes) = (Vec::new(), Vec::new());
    for _ in 0..COLD_RUNS {
        let server = database.server(&[]);
        warm_up(&server.server);
        times.push(call(&server.server, V1, Ways::Pairs(pairs)));
        writes.push(bare.write(newest(&server)));
    }
    print(name, &mut times, &mut writes);
}

/// How long a version 2 call takes to be durable, beside the bare write of its legs without results.
fn acknowledge(name: &str, database: Database, worker: Worker) {
    let bare = database.bare();
    let server = match worker {
        Worker::None => database.server(&[("DRAY_WORKER", "false")]),
        Worker::Idle | Worker::Busy => database.server(&[]),
    };
    warm_up(&server.server);
    let (mut times, mut writes, mut jobs) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let (took, job) = call_v2(&server.server, Ways::Given);
        times.push(took);
        match worker {
            Worker::None => {}
            Worker::Idle => completed(&server.server, &job),
            Worker::Busy => jobs.push(job),
        }
    }
    for job in &jobs {
        completed(&server.server, job);
    }
    for _ in 0..RUNS {
        writes.push(bare.write(newest(&server).into_iter().map(without_result).collect()));
    }
    print(name, &mut times, &mut writes);
}

fn without_result(leg: LegToSave) -> LegToSave {
    LegToSave { outcome: Outcome::Pending, ..leg }
}

/// The legs of the last call as its server keeps them, under new ids and movements of their own.
fn newest(server: &Measured) -> Vec<LegToSave> {
    let legs = server.newest(BATCH);
    assert_eq!(legs.len(), BATCH);
    assert!(legs.iter().all(|leg| !matches!(leg.outcome, Outcome::Failed(_))));
    legs
}

/// Makes a call that must succeed for every leg; how long the answer took.
fn call(server: &Server, path: &str, ways: Ways) -> Duration {
    send(server, path, ways).0
}

fn call_v2(server: &Server, ways: Ways) -> (Duration, String) {
    let (took, answer) = send(server, V2, ways);
    (took, answer["job_id"].as_str().unwrap().to_owned())
}

/// Makes a call; how long it took from its first byte to the last one of the answer, and the answer.
fn send(server: &Server, path: &str, ways: Ways) -> (Duration, Value) {
    let agent = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent();
    let mut call = agent.post(format!("{}{path}", server.url));
    for (name, value) in authorized() {
        call = call.header(name, value);
    }
    let body = body(ways);
    let begun = Instant::now();
    let answer = call.send(body).unwrap().body_mut().read_to_string().unwrap();
    let took = begun.elapsed();
    let answer: Value = serde_json::from_str(&answer).unwrap();
    assert_eq!(answer["success"], BATCH, "{}", answer["errors"][0]);
    (took, answer)
}

pub fn completed(server: &Server, job: &str) {
    let path = format!("/v2/logistics/jobs/{job}");
    loop {
        let job = server.get(&path).body;
        if job["status"] == "COMPLETED" {
            assert_eq!(job["failed_count"], 0, "{job}");
            return;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn print(name: &str, times: &mut [Duration], writes: &mut [Duration]) {
    let ratio = median(times).as_secs_f64() / median(writes).as_secs_f64();
    println!("| {name} | {} | {} | {ratio:.2} |", spread(times), spread(writes));
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn spread(times: &mut [Duration]) -> String {
    let middle = median(times).as_millis();
    format!("{} / {middle} / {}", times[0].as_millis(), times[times.len() - 1].as_millis())
}
