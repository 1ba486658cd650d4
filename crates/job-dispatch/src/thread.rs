//! Threads for work, in a program that does other things.

use std::io;
use std::sync::mpsc;

use tokio::runtime::{Builder, Runtime};
use tokio::sync::watch;

/// Threads for workers alone: their calculations hold up nobody else, and their heartbeats go on meanwhile.
#[derive(Debug)]
pub struct WorkThread {
    /// There until the value is dropped.
    runtime: Option<Runtime>,
    stop: watch::Sender<bool>,
    /// A task drops its sender at its end.
    running: Option<mpsc::Sender<()>>,
    ended: mpsc::Receiver<()>,
}

impl WorkThread {
    /// Starts the threads.
    ///
    /// # Errors
    /// If the system cannot start them.
    pub fn start() -> io::Result<Self> {
        const THREADS: usize = 2;
        let mut builder = Builder::new_multi_thread();
        let runtime = builder.worker_threads(THREADS).thread_name("worker").enable_all().build()?;
        let (running, ended) = mpsc::channel();
        Ok(Self { runtime: Some(runtime), stop: watch::channel(false).0, running: Some(running), ended })
    }

    /// Starts a task. It must end soon after the receiver that it is given tells it to stop.
    pub fn spawn<F>(&self, task: impl FnOnce(watch::Receiver<bool>) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let (task, running) = (task(self.stop.subscribe()), self.running.clone());
        if let Some(runtime) = &self.runtime {
            runtime.spawn(async move {
                task.await;
                drop(running);
            });
        }
    }

    /// Stops all tasks. It blocks until they have ended.
    pub fn stop(mut self) {
        self.stop.send_replace(true);
        self.running = None;
        // Nothing is ever sent: this waits until every task dropped its sender.
        let _ended = self.ended.recv();
    }
}

impl Drop for WorkThread {
    /// Ends the threads without waiting for them: it may be dropped in asynchronous code, which must not block.
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
