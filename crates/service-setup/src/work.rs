//! The workers of a process and how they hear of chunks: settings, start and stop.

use std::io;
use std::num::NonZeroU8;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use job_dispatch::{
    LocalDispatch, NatsDispatch, NatsOptions, NatsServers, NatsTls, OwnCertificate, WorkThread, Worker,
    WorkerOptions,
};
use logistics_domain::Calculator;
use logistics_domain::jobs::{Deliveries, JobDispatch};
use logistics_store::Store;

use crate::SystemClock;

/// What the operator can set about workers.
#[derive(Debug, Args)]
pub struct WorkConfig {
    /// How many chunks of jobs one process calculates at once.
    #[arg(long, env = "DRAY_WORKER_CHUNKS", default_value = "2")]
    worker_chunks: NonZeroU8,

    /// How long a worker holds its legs without a sign of life, in seconds; then another takes them up.
    #[arg(long, env = "DRAY_LEASE_SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=3600))]
    lease_seconds: u64,

    /// How often legs are tried where what they need is away or workers die of them.
    #[arg(long, env = "DRAY_WORKER_ATTEMPTS", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=100))]
    worker_attempts: u32,

    #[command(flatten)]
    nats: NatsConfig,
}

/// What the operator can set about NATS.
#[derive(Debug, Args)]
struct NatsConfig {
    /// NATS with JetStream, which tells workers of chunks; all servers of a cluster, separated by commas, as in
    /// `nats://user:password@host:4222`. Without it workers look into the database. Never logged.
    #[arg(long, env = "DRAY_NATS_URL", hide_env_values = true)]
    nats_url: Option<NatsServers>,

    /// A NATS credentials file, or one with the seed of an nkey, in place of user and password.
    #[arg(long, env = "DRAY_NATS_CREDENTIALS", value_parser = readable, requires = "nats_url")]
    nats_credentials: Option<PathBuf>,

    /// Certificates of the authorities to trust, in PEM, in place of the system's. With it NATS is spoken to by TLS alone.
    #[arg(long, env = "DRAY_NATS_CA", value_parser = readable, requires = "nats_url")]
    nats_ca: Option<PathBuf>,

    /// A certificate to show to NATS, in PEM.
    #[arg(long, env = "DRAY_NATS_CERTIFICATE", value_parser = readable, requires_all = ["nats_url", "nats_certificate_key"])]
    nats_certificate: Option<PathBuf>,

    /// Its private key, in PEM.
    #[arg(long, env = "DRAY_NATS_CERTIFICATE_KEY", value_parser = readable, requires_all = ["nats_url", "nats_certificate"])]
    nats_certificate_key: Option<PathBuf>,

    /// The name of the stream. Installations that share a NATS need different ones.
    #[arg(long, env = "DRAY_NATS_STREAM", default_value = "dray", value_parser = stream_name)]
    nats_stream: String,

    /// On how many servers of the NATS cluster the stream is kept.
    #[arg(long, env = "DRAY_NATS_REPLICAS", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=5))]
    nats_replicas: u8,
}

/// What a program does for jobs, beside everything else.
pub struct Work {
    dispatch: Arc<dyn JobDispatch>,
    thread: WorkThread,
}

impl WorkConfig {
    /// Starts what a program does for jobs: it sends word of them where there is NATS, and calculates them if it has a
    /// calculator.
    ///
    /// # Errors
    /// If the system has no threads to give.
    pub fn start(&self, store: &Arc<dyn Store>, calculator: Option<Arc<Calculator>>) -> io::Result<Work> {
        let thread = WorkThread::start()?;
        let options = self.options();
        let (dispatch, deliveries): (Arc<dyn JobDispatch>, Arc<dyn Deliveries>) = match self.nats() {
            Some(nats) => {
                let nats = Arc::new(NatsDispatch::new(nats));
                let (sender, outbox) = (nats.clone(), store.clone());
                thread.spawn(|stop| async move {
                    sender.send_out(&*outbox, &SystemClock, options, stop).await;
                });
                (nats.clone(), nats)
            }
            None => {
                let local = Arc::new(LocalDispatch::default());
                (local.clone(), local)
            }
        };
        if let Some(calculator) = calculator {
            for _ in 0..self.worker_chunks.get() {
                let (calculator, clock) = (calculator.clone(), Arc::new(SystemClock));
                let worker =
                    Worker::new(store.clone(), store.clone(), calculator, clock, options, deliveries.clone());
                thread.spawn(|stop| async move { worker.run(stop).await });
            }
        }
        Ok(Work { dispatch, thread })
    }

    fn options(&self) -> WorkerOptions {
        WorkerOptions {
            lease: Duration::from_secs(self.lease_seconds),
            attempts: self.worker_attempts,
            ..WorkerOptions::default()
        }
    }

    fn nats(&self) -> Option<NatsOptions> {
        let config = &self.nats;
        config.nats_url.clone().map(|servers| NatsOptions {
            servers,
            credentials: config.nats_credentials.clone(),
            tls: NatsTls { authorities: config.nats_ca.clone(), own: config.own_certificate() },
            stream: config.nats_stream.clone(),
            replicas: config.nats_replicas.into(),
            lease: Duration::from_secs(self.lease_seconds),
        })
    }
}

impl NatsConfig {
    fn own_certificate(&self) -> Option<OwnCertificate> {
        let (certificate, key) = self.nats_certificate.clone().zip(self.nats_certificate_key.clone())?;
        Some(OwnCertificate { certificate, key })
    }
}

impl Work {
    /// How workers hear of new chunks.
    #[must_use]
    pub fn dispatch(&self) -> Arc<dyn JobDispatch> {
        self.dispatch.clone()
    }

    /// Stops it: workers finish their chunks, or return them when that takes too long. It blocks until that is done.
    pub fn stop(self) {
        self.thread.stop();
    }
}

fn readable(text: &str) -> Result<PathBuf, String> {
    std::fs::File::open(text).map(|_opened| PathBuf::from(text)).map_err(|error| error.to_string())
}

fn stream_name(text: &str) -> Result<String, String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    match (1..=100).contains(&text.len()) && text.chars().all(allowed) {
        true => Ok(text.to_owned()),
        false => Err("give up to 100 letters, digits, `-` and `_`".to_owned()),
    }
}
