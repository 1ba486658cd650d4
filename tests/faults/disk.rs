//! A disk that is full.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use crate::plant::{Database, Plant, binary, rounds};

const LEGS: usize = 2000;

/// Runs the program in `$0` with a small disk of its own in the folder `data`.
const SMALL_DISK: &str = r#"mkdir -p data && mount -t tmpfs -o size=96m tmpfs data && exec "$0""#;

#[test]
fn a_full_disk_stops_nothing_for_good() {
    let allowed = Command::new("unshare").args(["-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]).output();
    if !allowed.is_ok_and(|tried| tried.status.success()) {
        eprintln!("SKIPPED: a disk of its own needs the right to mount");
        return;
    }
    let mut plant = Plant::on_sqlite();
    let program = binary("api-server");
    let mut command = plant.command("unshare".as_ref());
    let server = plant.start(command.args(["-m", "sh", "-c", SMALL_DISK]).arg(program), "listening");
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
