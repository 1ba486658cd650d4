//! A clock that is moved under running processes.

use std::path::PathBuf;

use crate::plant::{Plant, rounds};

#[test]
fn the_clock_jumps_forth_and_back() {
    let Some(library) = faketime() else {
        let required = std::env::var("DRAY_REQUIRE_SERVICES").is_ok_and(|required| required == "1");
        assert!(!required, "DRAY_REQUIRE_SERVICES is 1 and libfaketime is not installed");
        eprintln!("SKIPPED: libfaketime is not installed");
        return;
    };
    let mut plant = Plant::on_sqlite();
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
        std::fs::write(&offset, ["+3d", "-2d", "+1h", "-10y", "+0"][usize::try_from(round).unwrap() % 5])
            .unwrap();
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
