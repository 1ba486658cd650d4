//! A clock that is moved under running processes.

use std::path::PathBuf;

use crate::plant::{Plant, rounds};

/// Where the clock goes: far forth and back, and by little more than a lease or a rolling job's minute.
const JUMPS: [&str; 8] = ["+3d", "-2d", "+1h", "-10y", "+0", "+90s", "-90s", "+2s"];

#[test]
fn the_clock_jumps_forth_and_back_on_sqlite() {
    move_the_clock(Plant::on_sqlite());
}

#[test]
fn the_clock_jumps_forth_and_back_on_postgres() {
    let Some(plant) = Plant::on_postgres() else { return };
    move_the_clock(plant);
}

fn move_the_clock(mut plant: Plant) {
    let Some(library) = faketime() else {
        let required = std::env::var("DRAY_REQUIRE_SERVICES").is_ok_and(|required| required == "1");
        assert!(!required, "DRAY_REQUIRE_SERVICES is 1 and libfaketime is not installed");
        eprintln!("SKIPPED: libfaketime is not installed");
        return;
    };
    let offset = plant.folder.path().join("offset");
    std::fs::write(&offset, "+0").unwrap();
    for (name, value) in [
        ("LD_PRELOAD", library.to_str().unwrap()),
        ("FAKETIME_TIMESTAMP_FILE", offset.to_str().unwrap()),
        ("FAKETIME_NO_CACHE", "1"),
        // What waits does so by the clock that only goes on.
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
        ("DONT_FAKE_MONOTONIC", "1"),
    ] {
        plant.set(name, value);
    }
    let server = plant.server();
    let (_first, mut second) = (plant.worker(), plant.worker());
    for round in 0..rounds() {
        plant.send(&server, 500);
        std::fs::write(&offset, JUMPS[usize::try_from(round).unwrap() % JUMPS.len()]).unwrap();
        plant.send(&server, 500);
        second.kill();
        second = plant.worker();
    }
    plant.check();
}

/// The library that shows processes another time.
fn faketime() -> Option<PathBuf> {
    let folders = std::fs::read_dir("/usr/lib").ok()?.flatten().map(|entry| entry.path().join("faketime"));
    folders.map(|folder| folder.join("libfaketime.so.1")).find(|library| library.exists())
}
