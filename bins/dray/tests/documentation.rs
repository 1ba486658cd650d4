//! The commands of docs/dray.md, run as they are written.

#![allow(clippy::unwrap_used, reason = "the helpers of tests fail loudly, as tests do")]

#[allow(dead_code, reason = "the tests of files use the rest")]
mod kit;

use std::path::Path;
use std::process::Command;

use kit::Server;

const SOURCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// The lines of the shell that begin with the command.
fn commands() -> Vec<String> {
    let text = std::fs::read_to_string(format!("{SOURCE}/docs/dray.md")).unwrap();
    let blocks = text.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    blocks.flat_map(str::lines).filter(|line| line.starts_with("dray ")).map(str::to_owned).collect()
}

#[test]
fn every_command_runs_as_written() {
    let Some(server) = Server::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    for name in ["examples", "factor-packs"] {
        std::os::unix::fs::symlink(format!("{SOURCE}/{name}"), folder.path().join(name)).unwrap();
    }
    let own = Path::new(env!("CARGO_BIN_EXE_dray")).parent().unwrap();
    let path = format!("{}:{}", own.display(), std::env::var("PATH").unwrap());
    let commands = commands();
    assert!(commands.len() >= 16, "{commands:?}");
    for line in commands {
        let mut shell = Command::new("sh");
        shell
            .args(["-c", &line])
            .current_dir(folder.path())
            .env("PATH", &path)
            .env_remove("DRAY_FACTOR_PACKS");
        let done = server.identify(&mut shell).output().unwrap();
        assert!(done.status.success(), "{line}: {}", String::from_utf8_lossy(&done.stderr));
    }
    for written in ["results.csv", "results.parquet", "report.html", "route.svg", "dray.bash"] {
        let size = std::fs::metadata(folder.path().join(written)).unwrap().len();
        assert!(size > 500, "{written} has {size} bytes");
    }
}
