//! Calls of 5,000 legs, each against the bare write of what it wrote.

use std::time::{Duration, Instant};

use logistics_domain::leg::Outcome;
use logistics_domain::ports::LegToSave;
use serde_json::Value;

use crate::database::{Bare, Database, Measured};
use crate::records::{BATCH, Ways, body};
use crate::support::Server;

/// How often each call is made; the median counts.
const TIMES: usize = 7;

const V1: &str = "/v1/logistics/requests/bulk";
const V2: &str = "/v2/logistics/requests/bulk";

pub fn measure(database: Database) {
    println!("{:<52} {:>9} {:>11} {:>7}", "5,000 legs with all fields", "call", "bare write", "ratio");
    let bare = database.bare();
    let server = database.server(&[]);
    warm_up(&server.server);
    repeat("v1, distances given", &server, &bare, |server| call(server, V1, Ways::Given));
    cold("v1, 500 pairs of towns, cold", database, &bare, 500);
    repeat("v1, 500 pairs of towns, warm", &server, &bare, |server| call(server, V1, Ways::Pairs(500)));
    cold("v1, 5,000 pairs of towns, cold", database, &bare, BATCH);
    repeat("v1, 5,000 pairs of towns, warm", &server, &bare, |server| call(server, V1, Ways::Pairs(BATCH)));
    repeat("v2, distances given: acknowledged", &server, &bare, |server| {
        let (took, job) = call_v2(server, Ways::Given);
        completed(server, &job);
        took
    });
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
    let mut times = Vec::new();
    let mut writes = Vec::new();
    for _ in 0..TIMES {
        times.push(measure(&server.server));
        writes.push(bare.write(newest(server)));
    }
    print(name, &mut times, &mut writes);
}

/// A call whose routes nobody asked for before: each on a server and a database of its own.
fn cold(name: &str, database: Database, bare: &Bare, pairs: usize) {
    let mut times = Vec::new();
    let mut writes = Vec::new();
    for _ in 0..3 {
        let server = database.server(&[]);
        warm_up(&server.server);
        times.push(call(&server.server, V1, Ways::Pairs(pairs)));
        writes.push(bare.write(newest(&server)));
    }
    print(name, &mut times, &mut writes);
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

fn send(server: &Server, path: &str, ways: Ways) -> (Duration, Value) {
    let body = body(ways);
    let begun = Instant::now();
    let answer = server.post(path, &body);
    let took = begun.elapsed();
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.body["success"], BATCH, "{}", answer.body["errors"][0]);
    (took, answer.body)
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
    let (call, write) = (median(times), median(writes));
    let ratio = call.as_secs_f64() / write.as_secs_f64();
    println!("{name:<52} {:>6} ms {:>8} ms {ratio:>7.1}", call.as_millis(), write.as_millis());
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
