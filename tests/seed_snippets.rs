//! The Python examples of the Dcycle documentation, with the `requests` library as their users have it.

use std::process::{Command, Stdio};

use crate::support::{KEY, ORGANIZATION, Server, skip};

/// A Python that has `requests`: the one on the path, or the system's.
fn python() -> Option<&'static str> {
    ["python3", "/usr/bin/python3"].into_iter().find(|python| {
        let mut import = Command::new(python);
        import.args(["-c", "import requests"]).stdout(Stdio::null()).stderr(Stdio::null());
        import.status().is_ok_and(|status| status.success())
    })
}

#[test]
fn the_documented_python_examples_run() {
    let Some(python) = python() else {
        return skip("python3 with requests");
    };
    let server = Server::start();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/seed_snippets.py");
    let output = Command::new(python)
        .args(["-B", script])
        .env("DRAY_URL", &server.url)
        .env("DCYCLE_API_KEY", KEY)
        .env("DCYCLE_ORG_ID", ORGANIZATION)
        .output()
        .unwrap();
    let (said, failed) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}\n{failed}");
    println!("{said}");
}
