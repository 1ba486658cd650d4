//! The dispatches, on a real store and with real NATS servers.
#![allow(clippy::unwrap_used, reason = "failing is what tests do with what should not be")]

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, Utc};
use job_dispatch::{LocalDispatch, NatsDispatch, NatsOptions, NatsTls, WorkThread, WorkerOptions};
use logistics_domain::jobs::{Deliveries, JobDispatch};
use logistics_domain::ports::{Clock, StorePorts};
use logistics_store::sqlite::{SqliteOptions, SqliteStore};
use logistics_testkit::dispatch_suite::{DispatchUnderTest, LEASE, exercise_dispatch};
use logistics_testkit::nats::NatsServers;

struct Now;

impl Clock for Now {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

struct Bench<D> {
    store: Arc<SqliteStore>,
    dispatch: Arc<D>,
    /// What sends word of chunks.
    senders: Mutex<Option<WorkThread>>,
    _folder: tempfile::TempDir,
}

impl<D: JobDispatch + Deliveries> DispatchUnderTest for Bench<D> {
    fn store(&self) -> &dyn StorePorts {
        &*self.store
    }

    fn dispatch(&self) -> &dyn JobDispatch {
        &*self.dispatch
    }

    fn deliveries(&self) -> &dyn Deliveries {
        &*self.dispatch
    }
}

impl<D> Drop for Bench<D> {
    fn drop(&mut self) {
        self.senders.lock().unwrap().take().into_iter().for_each(WorkThread::stop);
    }
}

fn bench<D>(dispatch: D) -> Bench<D> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dray.sqlite3");
    let store = SqliteStore::open(path.to_str().unwrap(), SqliteOptions::default()).unwrap();
    let (store, dispatch) = (Arc::new(store), Arc::new(dispatch));
    Bench { store, dispatch, senders: Mutex::default(), _folder: folder }
}

/// A dispatch over a NATS, with two senders that know nothing of each other.
fn over_nats(url: &str, stream: u32) -> Bench<NatsDispatch> {
    let options = NatsOptions {
        servers: url.parse().unwrap(),
        credentials: None,
        tls: NatsTls::default(),
        stream: format!("test-{stream}"),
        replicas: 1,
        lease: LEASE,
    };
    let bench = bench(NatsDispatch::new(options.clone()));
    let senders = WorkThread::start().unwrap();
    let work = WorkerOptions { lease: LEASE, poll: Duration::from_millis(50), ..WorkerOptions::default() };
    for sender in [bench.dispatch.clone(), Arc::new(NatsDispatch::new(options))] {
        let store = bench.store.clone();
        let task = |stop| async move { sender.send_out(&*store, &Now, work, stop).await };
        senders.spawn(task);
    }
    *bench.senders.lock().unwrap() = Some(senders);
    bench
}

#[tokio::test(flavor = "multi_thread")]
async fn the_local_dispatch_passes_the_suite() {
    exercise_dispatch(async || bench(LocalDispatch::default())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nats_passes_the_suite() {
    let Some(servers) = NatsServers::start(1) else { return };
    let streams = AtomicU32::new(0);
    let make = async || over_nats(&servers.url(), streams.fetch_add(1, Ordering::Relaxed));
    exercise_dispatch(make).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nats_that_is_away_passes_the_suite() {
    exercise_dispatch(async || over_nats("nats://127.0.0.1:1", 0)).await;
}
