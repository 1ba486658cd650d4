//! Access to connections: only so many calls have one at a time, the others wait for a while, and nobody blocks an async thread.

use std::sync::Arc;
use std::time::Duration;

use diesel::r2d2::{ConnectionManager, Pool, R2D2Connection};
use logistics_domain::ports::StoreError;
use thiserror::Error;
use tokio::sync::Semaphore;
use tokio::task::{JoinError, spawn_blocking};

use crate::error::WorkError;

/// A pool of connections with as many permits.
pub struct Gate<C: R2D2Connection + 'static> {
    pool: Pool<ConnectionManager<C>>,
    permits: Arc<Semaphore>,
    wait: Duration,
}

#[derive(Debug, Error)]
enum GateError {
    #[error("no connection became free within {0:?}")]
    Busy(Duration),
    #[error("the store is closed")]
    Closed,
    #[error("the work was given up because the program ends")]
    Ending(#[source] JoinError),
    #[error("the work panicked")]
    Panicked(#[source] JoinError),
}

impl<C: R2D2Connection + Send + 'static> Gate<C> {
    /// A gate to a pool. A call that finds every connection taken waits for at most `wait`.
    pub fn new(pool: Pool<ConnectionManager<C>>, wait: Duration) -> Self {
        let permits = usize::try_from(pool.max_size()).unwrap_or(Semaphore::MAX_PERMITS);
        Self { pool, permits: Arc::new(Semaphore::new(permits)), wait }
    }

    /// Does work with a connection, on a thread for blocking work.
    ///
    /// Work that has begun goes on to its end, even if nobody awaits it any more.
    pub async fn run<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut C) -> Result<T, WorkError> + Send + 'static,
    {
        let permit = match tokio::time::timeout(self.wait, self.permits.clone().acquire_owned()).await {
            Ok(Ok(permit)) => permit,
            Ok(Err(_closed)) => return Err(unavailable(GateError::Closed)),
            Err(_elapsed) => return Err(unavailable(GateError::Busy(self.wait))),
        };
        let pool = self.pool.clone();
        let done = spawn_blocking(move || {
            let _permit = permit;
            work_on(&pool, work)
        });
        done.await.unwrap_or_else(|error| {
            if error.is_panic() {
                Err(StoreError::Broken(GateError::Panicked(error).into()))
            } else {
                Err(unavailable(GateError::Ending(error)))
            }
        })
    }

    /// Does work with a connection on this very thread, without asking for a permit.
    pub fn run_here<T>(&self, work: impl FnOnce(&mut C) -> Result<T, WorkError>) -> Result<T, StoreError> {
        work_on(&self.pool, work)
    }

    /// Lets nobody in any more. Work that has begun goes on.
    pub fn close(&self) {
        self.permits.close();
    }
}

fn work_on<C: R2D2Connection + Send + 'static, T>(
    pool: &Pool<ConnectionManager<C>>,
    work: impl FnOnce(&mut C) -> Result<T, WorkError>,
) -> Result<T, StoreError> {
    let mut connection = pool.get().map_err(unavailable)?;
    work(&mut connection).map_err(StoreError::from)
}

fn unavailable(error: impl std::error::Error + Send + Sync + 'static) -> StoreError {
    StoreError::Unavailable(error.into())
}
