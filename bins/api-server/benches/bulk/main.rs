//! What bulk calls of 5,000 legs take on each database, from the first byte sent to the last byte received, beside the
//! bare write of the same rows: the store's own save, without HTTP, JSON and calculation.
//!
//! `cargo bench -p api-server --bench bulk` measures calls; `-- workers` measures workers, `-- memory` a server that takes
//! in 1,000,000 legs. PostgreSQL is measured where tests find it: at `DRAY_TEST_POSTGRES_URL`, or on this machine.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    missing_docs,
    reason = "a benchmark has no caller to report to, and is not documented"
)]

mod calls;
mod database;
mod memory;
mod records;
#[path = "../../../../tests/support/mod.rs"]
#[allow(dead_code, reason = "tests need more of it than benchmarks")]
mod support;
mod workers;

use database::Database;

fn main() {
    // Cargo adds flags of its own, as in `--bench`.
    let wanted = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let measure = match wanted.as_deref() {
        None | Some("calls") => calls::measure,
        Some("workers") => workers::measure,
        Some("memory") => memory::measure,
        Some(other) => panic!("`{other}` is not measured; say calls, workers or memory"),
    };
    println!("{}", machine());
    for database in Database::all() {
        println!("\n{database}");
        measure(database);
    }
}

/// What the figures are of.
fn machine() -> String {
    let read = |file| std::fs::read_to_string(file).unwrap_or_default();
    let (processors, memory) = (read("/proc/cpuinfo"), read("/proc/meminfo"));
    let value = |text: &str, name: &str| {
        let line = text.lines().find(|line| line.starts_with(name)).unwrap_or(name);
        line.split(':').nth(1).unwrap_or("unknown").trim().to_owned()
    };
    let cores = processors.lines().filter(|line| line.starts_with("processor")).count();
    let load = read("/proc/loadavg");
    let load = load.split(' ').next().unwrap_or("unknown").to_owned();
    format!("{cores} x {}, {}, load {load}", value(&processors, "model name"), value(&memory, "MemTotal"))
}
