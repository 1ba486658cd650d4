//! A disk that is full.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use crate::plant::{Database, Plant, Process, binary, rounds};

const LEGS: usize = 2000;

/// Runs the program in `$0` with a small disk of its own in the folder `data`.
const SMALL_DISK: &str = r#"mkdir -p data && mount -t tmpfs -o size=96m tmpfs data && exec "$0""#;

/// Runs the program in `$0`, which learns from its writes that a file may not grow. The log is another's file.
const PATIENT: &str = r#"trap '' XFSZ && exec "$0" 2> >(exec cat >&2)"#;

/// Limits how large the files that a process writes may become, in bytes.
fn limit_files(process: &Process, most: &str) {
    let limit = format!("--fsize={most}:unlimited");
    let set = Command::new("prlimit").args(["--pid", &process.id().to_string(), &limit]).status();
    assert!(set.unwrap().success());
}

/// As where a quota is used up: no file may grow. It needs no right that a user has not.
#[test]
fn files_that_may_not_grow_stop_nothing_for_good() {
    let mut plant = Plant::on_sqlite();
    let mut command = plant.command("bash".as_ref());
    let server = plant.start(command.args(["-c", PATIENT]).arg(binary("api-server")), "listening");
    let mut refused = 0;
    for round in 0..rounds() {
        let key = format!("Q{round}");
        limit_files(&server, "4096");
        let (status, body) = plant.try_send(&server, LEGS, &key).unwrap();
        assert!(status == 503 || status == 200, "{status} {body}");
        refused += u64::from(status == 503);
        limit_files(&server, "unlimited");
        plant.send_until_taken(&server, LEGS, &key);
        // In the middle of the job.
        limit_files(&server, "4096");
        std::thread::sleep(Duration::from_millis(300));
        limit_files(&server, "unlimited");
    }
    assert!(refused > 0, "there was room each time");
    plant.check();
    assert!(server.stop());
}

/// What makes a file system that only a process and its children see: as root, or in a namespace of users.
fn private_mounts() -> Option<&'static [&'static str]> {
    let ways: [&[&str]; 2] = [&["-m"], &["-r", "-m"]];
    ways.into_iter().find(|way| {
        let tried =
            Command::new("unshare").args(*way).args(["mount", "-t", "tmpfs", "tmpfs", "/mnt"]).output();
        tried.is_ok_and(|tried| tried.status.success())
    })
}

#[test]
fn a_full_disk_stops_nothing_for_good() {
    let Some(private_mounts) = private_mounts() else {
        eprintln!(
            "SKIPPED: a disk of its own needs the right to mount; files that may not grow are tested nevertheless"
        );
        return;
    };
    let mut plant = Plant::on_sqlite();
    let program = binary("api-server");
    let mut command = plant.command("unshare".as_ref());
    let server =
        plant.start(command.args(private_mounts).args(["sh", "-c", SMALL_DISK]).arg(program), "listening");
    // The disk as it is seen from outside.
    let disk =
        PathBuf::from(format!("/proc/{}/root{}", server.id(), plant.folder.path().join("data").display()));
    for round in 0..rounds().min(5) {
        let key = format!("F{round}");
        fill(&disk);
        let (status, body) = plant.try_send(&server, LEGS, &key).unwrap();
        assert!(status == 503 || round > 0, "there is no room in a new file: {status} {body}");
        fs::remove_file(disk.join("filler")).unwrap();
        plant.send_until_taken(&server, LEGS, &key);
        // In the middle of the job.
        fill(&disk);
        std::thread::sleep(Duration::from_millis(300));
        fs::remove_file(disk.join("filler")).unwrap();
    }
    plant.await_completion(&server);
    // SQLite would follow the link to another disk: it is shown a copy, now that nobody writes.
    let copy = plant.folder.path().join("copy.sqlite3");
    fs::copy(disk.join("dray.sqlite3"), &copy).unwrap();
    fs::copy(disk.join("dray.sqlite3-wal"), copy.with_extension("sqlite3-wal")).unwrap();
    plant.database = Database::Sqlite(copy);
    plant.check();
    assert!(server.stop());
}

/// Writes until nothing more goes onto the disk.
fn fill(disk: &std::path::Path) {
    use std::io::Write;
    let mut filler = fs::File::create(disk.join("filler")).unwrap();
    for size in [1 << 16, 1 << 12, 1] {
        while filler.write_all(&vec![0; size]).is_ok() {}
    }
}
