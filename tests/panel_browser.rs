//! The panel in headless Chromium: what a person does with it, from signing in to mending a record, and whether everybody
//! can. `tests/browser/panel.mjs` is the script; it needs Chromium, Node.js and `npm ci` in its folder.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{KEY, ORGANIZATION, Server};

#[test]
fn the_panel_works_in_a_browser() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let scripts = root.join("tests/browser");
    let Some(chromium) = found(&scripts) else { return };
    // Jobs take their time, so that they can be watched and cancelled.
    let slowly = [("DRAY_CHUNK_LEGS", "100"), ("DRAY_WORKER_CHUNKS", "1")];
    let server = Server::start_in(tempfile::tempdir().unwrap(), &slowly);
    let mut node = Command::new("node");
    node.arg(scripts.join("panel.mjs"))
        .env("DRAY_URL", &server.url)
        .env("DRAY_KEY", KEY)
        .env("DRAY_ORGANIZATION", ORGANIZATION)
        .env("DRAY_EXAMPLES", root.join("examples"))
        .env("DRAY_CHROMIUM", chromium);
    let done = node.output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert!(done.status.success(), "the last step of these failed:\n{out}\n{err}");
}

/// Chromium, if all that the test needs is there. What is missing is said; with `DRAY_REQUIRE_SERVICES=1` it is a failure.
fn found(scripts: &Path) -> Option<PathBuf> {
    let is_there = |program: &str| {
        Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success())
    };
    let chromium = ["chromium", "chromium-browser", "google-chrome"].into_iter().find(|name| is_there(name));
    let missing = match chromium {
        None => "Chromium is not installed",
        Some(_) if !is_there("node") => "Node.js is not installed",
        Some(_) if !scripts.join("node_modules/playwright-core").is_dir() => {
            "`npm ci` was not run in tests/browser"
        }
        Some(name) => return Some(path_of(name)),
    };
    assert!(std::env::var_os("DRAY_REQUIRE_SERVICES").is_none(), "{missing}");
    eprintln!("SKIPPED: the panel was not looked at in a browser: {missing}");
    None
}

/// Where a program lies: Playwright wants a path.
fn path_of(name: &str) -> PathBuf {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let mut paths = std::env::split_paths(&folders).map(|folder| folder.join(name));
    paths.find(|path| path.is_file()).unwrap_or_else(|| name.into())
}
