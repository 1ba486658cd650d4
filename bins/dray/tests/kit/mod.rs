//! What the tests share: the command, the samples, and a real server.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use serde_json::Value;

const KEY: &str = "dray_test_0123456789abcdef";
const ORGANIZATION: &str = "a8315ef3-dd50-43f8-b7ce-d839e68d51fa";

/// The command, which runs in a folder and knows no settings but its own.
pub fn dray(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dray"));
    command
        .current_dir(folder)
        .env_remove("DRAY_URL")
        .env_remove("DRAY_API_KEY")
        .env_remove("DRAY_FACTOR_PACKS");
    command
}

pub fn run(folder: &Path, arguments: &[&str]) -> Output {
    dray(folder).args(arguments).output().unwrap()
}

/// The answer in JSON of a command that must end with a status.
pub fn json(status: i32, output: &Output) -> Value {
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(status), "{errors}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A file of `examples/`.
pub fn sample(name: &str) -> String {
    format!("{}/../../examples/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// The rows of a CSV file, each as its cells by column.
pub fn rows(path: impl AsRef<Path>) -> Vec<std::collections::BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader.deserialize().collect::<Result<_, _>>().unwrap()
}

/// A running server; it is killed when the value is dropped.
pub struct Server {
    process: Child,
    pub url: String,
    _folder: tempfile::TempDir,
}

impl Server {
    /// Starts a server with a new database. None where the server's program was not built with the tests.
    pub fn start() -> Option<Self> {
        let program: PathBuf = Path::new(env!("CARGO_BIN_EXE_dray")).with_file_name("api-server");
        if !program.exists() {
            let required = std::env::var_os("DRAY_REQUIRE_SERVICES").is_some_and(|set| set == "1");
            assert!(!required, "api-server is not built, and DRAY_REQUIRE_SERVICES=1 allows no skip");
            eprintln!("SKIPPED: api-server is not built; cargo build -p api-server builds it");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let mut process = Command::new(program)
            .current_dir(folder.path())
            .env("DRAY_BIND", "127.0.0.1:0")
            .env("DRAY_LOG_FORMAT", "json")
            .env("DRAY_BOOTSTRAP_API_KEY", KEY)
            .env("DRAY_BOOTSTRAP_ORGANIZATION_ID", ORGANIZATION)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let url = listening(process.stderr.take().unwrap());
        Some(Self { process, url, _folder: folder })
    }

    /// The command with this server and a key for it.
    pub fn dray(&self, folder: &Path, arguments: &[&str]) -> Command {
        let mut command = dray(folder);
        self.identify(command.args(arguments));
        command
    }

    /// Tells a command of this server and a key for it.
    pub fn identify<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        command.env("DRAY_URL", &self.url).env("DRAY_API_KEY", KEY).env("DRAY_ORGANIZATION_ID", ORGANIZATION)
    }

    pub fn get(&self, path: &str) -> Value {
        let request = ureq::get(format!("{}{path}", self.url)).header("x-api-key", KEY);
        let mut answer = request.header("x-organization-id", ORGANIZATION).call().unwrap();
        serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap()
    }

    /// All legs that the server keeps.
    pub fn legs(&self) -> Vec<Value> {
        let mut legs = Vec::new();
        for page in 1.. {
            let listed = self.get(&format!("/v1/logistics/requests?size=100&page={page}"));
            legs.extend(listed["items"].as_array().unwrap().iter().cloned());
            if legs.len() as u64 >= listed["total"].as_u64().unwrap() {
                break;
            }
        }
        legs
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Waits for the log line that names the address, and keeps reading so that the server can keep writing.
fn listening(log: impl Read + Send + 'static) -> String {
    let (found, address) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(log).lines().map_while(Result::ok) {
            let event: Value = serde_json::from_str(&line).unwrap_or(Value::Null);
            if event["message"] == "listening" {
                let _ = found.send(format!("http://{}", event["bind"].as_str().unwrap()));
            }
        }
    });
    address.recv_timeout(Duration::from_secs(60)).unwrap()
}
