//! A PostgreSQL server of the tests' own.

use std::io::Write;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use diesel::dsl::sql;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;

/// A server with a data folder of its own, which both go with the value, or with the process however it ends.
#[derive(Debug)]
pub struct PrivateServer {
    process: Child,
    port: u16,
}

/// Runs the server until its standard input ends, and then removes its folder. Each line of the input makes it crash and
/// start again. Its arguments are `initdb`, `postgres`, the folder and the port.
const SCRIPT: &str = r#"
"$0" -D "$2/data" -U postgres -A trust -E UTF8 --locale=C --no-sync >"$2/initdb.log" 2>&1 || exit 1
serve() {
    "$2" -D "$3/data" -p "$4" -k "$3" -c listen_addresses=127.0.0.1 -c max_connections=200 >>"$3/server.log" 2>&1 &
}
serve "$0" "$1" "$2" "$3"
while read -r _; do
    kill -QUIT $!
    wait
    serve "$0" "$1" "$2" "$3"
done
kill -INT $!
wait
rm -rf "$2"
"#;

impl PrivateServer {
    /// Starts a server of the programs that are installed; nothing where there are none.
    ///
    /// # Panics
    /// If the server does not start within half a minute.
    #[must_use]
    pub fn start() -> Option<Self> {
        let programs = programs()?;
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        let folder = std::env::temp_dir().join(format!("dray-postgres-{}-{port}", std::process::id()));
        std::fs::create_dir(&folder).unwrap();
        let mut command = Command::new("sh");
        command.arg("-c").arg(SCRIPT).arg(programs.join("initdb")).arg(programs.join("postgres"));
        command.arg(&folder).arg(port.to_string()).stdin(Stdio::piped()).current_dir(&folder);
        if std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0) {
            let (user, group) = unprivileged()?;
            chown(&folder, Some(user), Some(group)).unwrap();
            command.uid(user).gid(group);
        }
        let server = Self { process: command.spawn().ok()?, port };
        server.wait(|_any| true);
        Some(server)
    }

    /// The URL of a database on it.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}?connect_timeout=2", self.port)
    }

    /// Ends it as a crash does, and starts it again.
    ///
    /// # Panics
    /// If it does not start again within half a minute.
    pub fn crash(&mut self) {
        let before = self.started_at();
        if let Some(input) = &mut self.process.stdin {
            input.write_all(b"crash\n").unwrap();
        }
        // What is asked at once may still be answered by the one that ends.
        self.wait(|at| Some(at) != before);
    }

    fn wait(&self, is_meant: impl Fn(String) -> bool) {
        let begun = Instant::now();
        while !self.started_at().is_some_and(&is_meant) {
            assert!(begun.elapsed() < Duration::from_secs(30), "PostgreSQL does not start");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// When it started, if it answers.
    fn started_at(&self) -> Option<String> {
        let mut connection = PgConnection::establish(&self.url("postgres")).ok()?;
        let at = sql::<Text>("pg_postmaster_start_time()::text");
        diesel::select(at).get_result(&mut connection).ok()
    }
}

impl Drop for PrivateServer {
    fn drop(&mut self) {
        if let Some(mut input) = self.process.stdin.take() {
            let _closed = input.flush();
        }
        let _ended = self.process.wait();
    }
}

/// The folder with `initdb` and `postgres`: of the search path, or where Debian puts the newest.
fn programs() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .collect();
    versions.sort();
    folders.extend(versions.iter().rev().map(|version| version.join("bin")));
    folders.into_iter().find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
}

/// A user for a server that refuses to run as root, with the user's group: `postgres`, or else `nobody`.
fn unprivileged() -> Option<(u32, u32)> {
    let users = std::fs::read_to_string(Path::new("/etc/passwd")).ok()?;
    let find = |name: &str| {
        let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut fields = line.split(':').skip(2);
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    };
    find("postgres").or_else(|| find("nobody"))
}
