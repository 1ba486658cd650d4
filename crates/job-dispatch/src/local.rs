//! Dispatch within one process.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use logistics_domain::jobs::{Deliveries, Heard, JobDispatch};
use tokio::sync::Notify;
use tokio::time::timeout;

/// Wakes the workers of the same process.
#[derive(Debug, Clone, Default)]
pub struct LocalDispatch(Arc<Notify>);

impl JobDispatch for LocalDispatch {
    fn announce(&self) {
        self.0.notify_waiters();
        // Leaves a permit for a worker that is about to wait.
        self.0.notify_one();
    }
}

#[async_trait]
impl Deliveries for LocalDispatch {
    async fn next(&self, patience: Duration) -> Heard {
        let _in_vain = timeout(patience, self.0.notified()).await;
        Heard::Look
    }
}
