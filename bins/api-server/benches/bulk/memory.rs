//! The memory of a server that takes in 1,000,000 legs and calculates them: its own, and the pages of the SQLite file that the
//! system shows it as memory and takes back when it needs them.

use std::fs;

use crate::calls::completed;
use crate::database::Database;
use crate::records::{BATCH, Ways, body};

const LEGS: usize = 1_000_000;

pub fn measure(database: Database) {
    let measured = database.server(&[]);
    let server = &measured.server;
    println!("\n| legs | memory | pages of files |");
    println!("| --- | --- | --- |");
    for call in 1..=LEGS / BATCH {
        let answer = server.post("/v2/logistics/requests/bulk", &body(Ways::Pairs(BATCH)));
        assert_eq!(answer.body["success"], BATCH, "{}", answer.text);
        completed(server, answer.body["job_id"].as_str().unwrap());
        let legs = call * BATCH;
        if [5_000, 50_000].contains(&legs) || legs.is_multiple_of(200_000) {
            let status = fs::read_to_string(format!("/proc/{}/status", server.process_id())).unwrap();
            let (own, mapped) = (megabytes(&status, "RssAnon:"), megabytes(&status, "RssFile:"));
            println!("| {legs} | {own} MB | {mapped} MB |");
        }
    }
}

fn megabytes(status: &str, name: &str) -> usize {
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    line.trim().trim_end_matches(" kB").parse::<usize>().unwrap() / 1024
}
