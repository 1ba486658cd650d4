//! NATS servers of the tests' own.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use uuid::Uuid;

/// One or more NATS servers with JetStream, as one cluster, with folders of their own. They end with the value.
#[derive(Debug)]
pub struct NatsServers {
    nodes: Vec<Node>,
    folder: PathBuf,
}

#[derive(Debug)]
struct Node {
    port: u16,
    arguments: Vec<String>,
    process: Option<Child>,
}

impl NatsServers {
    /// Starts so many servers; nothing where `nats-server` is not installed.
    ///
    /// # Panics
    /// If it is not installed and `DRAY_REQUIRE_SERVICES` is 1, or if a server does not start.
    #[must_use]
    pub fn start(nodes: usize) -> Option<Self> {
        Self::prepare(nodes).map(Self::started)
    }

    /// Starts one server that is set up with a configuration file of this text; nothing where `nats-server` is not installed.
    ///
    /// # Panics
    /// As with [`start`](Self::start).
    #[must_use]
    pub fn start_with(configuration: &str) -> Option<Self> {
        let mut servers = Self::prepare(1)?;
        let file = servers.folder.join("nats.conf");
        std::fs::create_dir_all(&servers.folder).unwrap();
        std::fs::write(&file, configuration).unwrap();
        servers.nodes[0].arguments.extend(["-c".to_owned(), file.display().to_string()]);
        Some(servers.started())
    }

    /// The servers as they will be.
    fn prepare(nodes: usize) -> Option<Self> {
        if !installed() {
            let required = std::env::var("DRAY_REQUIRE_SERVICES").is_ok_and(|required| required == "1");
            assert!(!required, "DRAY_REQUIRE_SERVICES is 1 and there is no nats-server to test with");
            eprintln!("SKIPPED: there is no nats-server to test with; install it");
            return None;
        }
        let folder = std::env::temp_dir().join(format!("dray-nats-{}", Uuid::now_v7().simple()));
        let ports: Vec<[u16; 2]> = (0..nodes).map(|_| [free_port(), free_port()]).collect();
        let routes: Vec<String> =
            ports.iter().map(|[_, route]| format!("nats://127.0.0.1:{route}")).collect();
        let node = |(index, [port, route]): (usize, &[u16; 2])| {
            let store = folder.join(index.to_string()).display().to_string();
            let mut arguments =
                vec!["-a".to_owned(), "127.0.0.1".to_owned(), "-p".to_owned(), port.to_string()];
            arguments.extend([
                "-js".to_owned(),
                "-sd".to_owned(),
                store,
                "-n".to_owned(),
                format!("n{index}"),
            ]);
            if nodes > 1 {
                arguments.extend(["--cluster_name", "test", "--cluster"].map(str::to_owned));
                arguments.push(format!("nats://127.0.0.1:{route}"));
                arguments.extend(["--routes".to_owned(), routes.join(",")]);
            }
            Node { port: *port, arguments, process: None }
        };
        let nodes = ports.iter().enumerate().map(node).collect();
        Some(Self { nodes, folder })
    }

    fn started(mut self) -> Self {
        for index in 0..self.nodes.len() {
            self.restart(index);
        }
        self
    }

    /// How clients reach them.
    #[must_use]
    pub fn url(&self) -> String {
        let urls: Vec<String> =
            self.nodes.iter().map(|node| format!("nats://127.0.0.1:{}", node.port)).collect();
        urls.join(",")
    }

    /// Kills a server as `kill -9` does.
    pub fn kill(&mut self, index: usize) {
        if let Some(mut process) = self.nodes[index].process.take() {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }

    /// Starts a server again, with what it has on the disk.
    ///
    /// # Panics
    /// If it does not start.
    pub fn restart(&mut self, index: usize) {
        let node = &mut self.nodes[index];
        let mut command = Command::new("nats-server");
        command.args(&node.arguments).stdout(Stdio::null()).stderr(Stdio::null());
        node.process = Some(command.spawn().unwrap());
        let begun = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, node.port)).is_err() {
            assert!(begun.elapsed() < Duration::from_secs(20), "nats-server does not start");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Removes what a server that was killed has on the disk.
    ///
    /// # Panics
    /// If that is not possible.
    pub fn forget(&self, index: usize) {
        let store: &Path = &self.folder.join(index.to_string());
        std::fs::remove_dir_all(store).unwrap();
    }
}

impl Drop for NatsServers {
    fn drop(&mut self) {
        for index in 0..self.nodes.len() {
            self.kill(index);
        }
        let _stays = std::fs::remove_dir_all(&self.folder);
    }
}

fn installed() -> bool {
    let mut version = Command::new("nats-server");
    version.arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}

fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}
