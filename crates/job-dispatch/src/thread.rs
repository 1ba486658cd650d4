//! A worker inside a program that does other things.

use std::io;
use std::sync::Arc;
use std::thread::JoinHandle;

use logistics_domain::jobs::JobDispatch;
use tokio::sync::{Notify, watch};

use crate::Worker;

/// Wakes the worker of the same process.
#[derive(Debug, Clone, Default)]
pub struct LocalDispatch(pub(crate) Arc<Notify>);

impl JobDispatch for LocalDispatch {
    fn announce(&self) {
        self.0.notify_one();
    }
}

/// A worker on threads of its own: what it calculates does not keep others waiting, and its heart beats meanwhile.
#[derive(Debug)]
pub struct WorkerThread {
    stop: watch::Sender<bool>,
    thread: JoinHandle<()>,
}

impl WorkerThread {
    /// Starts a worker.
    ///
    /// # Errors
    /// If the system has no thread to give.
    pub fn start(worker: Worker) -> io::Result<Self> {
        const THREADS: usize = 2;
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(THREADS).enable_all().build()?;
        let (stop, stopped) = watch::channel(false);
        let work = move || runtime.block_on(worker.run(stopped));
        let thread = std::thread::Builder::new().name("worker".to_owned()).spawn(work)?;
        Ok(Self { stop, thread })
    }

    /// Stops it: it finishes its chunk, or returns it when that takes too long. It blocks until that is done.
    pub fn stop(self) {
        self.stop.send_replace(true);
        if self.thread.join().is_err() {
            tracing::error!("the worker panicked");
        }
    }
}
