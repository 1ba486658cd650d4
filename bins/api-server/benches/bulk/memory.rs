//! The memory of a server that takes in 1,000,000 legs and calculates them.

use std::fs;

use crate::calls::completed;
use crate::database::Database;
use crate::records::{BATCH, Ways, body};

const LEGS: usize = 1_000_000;

pub fn measure(database: Database) {
    let measured = database.server(&[]);
    let server = &measured.server;
    println!("{:>10} {:>10} {:>10}", "legs", "memory", "its peak");
    for call in 1..=LEGS / BATCH {
        let answer = server.post("/v2/logistics/requests/bulk", &body(Ways::Pairs(BATCH)));
        assert_eq!(answer.body["success"], BATCH, "{}", answer.text);
        completed(server, answer.body["job_id"].as_str().unwrap());
        let legs = call * BATCH;
        if [5_000, 50_000].contains(&legs) || legs.is_multiple_of(200_000) {
            let status = fs::read_to_string(format!("/proc/{}/status", server.process_id())).unwrap();
            println!(
                "{legs:>10} {:>7} MB {:>7} MB",
                megabytes(&status, "VmRSS:"),
                megabytes(&status, "VmHWM:")
            );
        }
    }
}

fn megabytes(status: &str, name: &str) -> usize {
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    line.trim().trim_end_matches(" kB").parse::<usize>().unwrap() / 1024
}
