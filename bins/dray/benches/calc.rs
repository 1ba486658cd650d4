//! `dray calc` on 1,000,000 rows with given distances: rows per second and peak memory, for each format of results.

#![allow(clippy::unwrap_used, reason = "a benchmark fails loudly")]

use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const ROWS: u32 = 1_000_000;
const TOCS: [&str; 5] =
    ["truck_diesel", "van_diesel", "rigid_truck_diesel", "generic_average_road", "train_average"];
const COUNTRIES: [&str; 5] = ["ES", "FR", "DE", "IT", "US"];

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let table = folder.path().join("million.csv");
    write_table(&table);
    let megabytes = std::fs::metadata(&table).unwrap().len() / 1_000_000;
    println!("{ROWS} rows of 10 columns, {megabytes} MB");
    for out in ["", "out.csv", "out.jsonl", "out.parquet"] {
        let (seconds, peak) =
            (0..3).map(|_| run(folder.path(), out)).min_by(|a, b| a.0.total_cmp(&b.0)).unwrap();
        let to = if out.is_empty() { "sums only" } else { out };
        println!("{to:<12} {:>9.0} rows/s, {peak:>4} MB at most", f64::from(ROWS) / seconds);
    }
}

fn write_table(path: &Path) {
    let mut file = BufWriter::new(std::fs::File::create(path).unwrap());
    writeln!(
        file,
        "movement_id,shipment_date,client,origin,destination,origin_country,toc,load,load_unit,distance_km"
    )
    .unwrap();
    for n in 0..ROWS {
        let at = n as usize;
        let (toc, country) = (TOCS[at % TOCS.len()], COUNTRIES[at % 7 % COUNTRIES.len()]);
        let (load, km) = (n % 24_000 + 1, f64::from(n % 15_000) / 10.0);
        writeln!(
            file,
            "MOV-{n:08},2025-03-{:02},Client {},Madrid,Lyon,{country},{toc},{load},kg,{km}",
            n % 28 + 1,
            n % 50
        )
        .unwrap();
    }
}

/// How long the command takes, in seconds, and how much memory it has at most, in megabytes.
fn run(folder: &Path, out: &str) -> (f64, u64) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dray"));
    command.current_dir(folder).args(["calc", "million.csv"]).stdout(Stdio::null());
    if !out.is_empty() {
        command.args(["-o", out]);
    }
    let begun = Instant::now();
    let mut child = command.spawn().unwrap();
    let mut peak = 0;
    while child.try_wait().unwrap().is_none() {
        peak = peak.max(peak_kilobytes(child.id()).unwrap_or_default());
        std::thread::sleep(Duration::from_millis(10));
    }
    assert!(child.wait().unwrap().success());
    (begun.elapsed().as_secs_f64(), peak / 1_000)
}

/// What Linux has noted as the most memory of a process.
fn peak_kilobytes(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
