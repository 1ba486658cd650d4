//! How a task hears that it is to stop.

use tokio::sync::watch;

/// Ends when a task is told to stop, or nobody is left to tell it.
pub async fn stopped(stop: &mut watch::Receiver<bool>) {
    let _nobody_left = stop.wait_for(|stop| *stop).await;
}
