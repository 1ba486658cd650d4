//! Sends word of chunks from the outbox into the stream.

use std::time::Duration;

use logistics_domain::jobs::{LeaseTerms, Outbox};
use logistics_domain::ports::{Clock, StoreError};
use tokio::sync::watch;

use super::NatsDispatch;
use crate::WorkerOptions;
use crate::stop::stopped;

/// Of how many chunks messages are under way at most: enough that no worker waits, few enough that an organization that comes
/// later is served soon.
const UNDER_WAY: u32 = 512;

impl NatsDispatch {
    /// Sends word of chunks, as they come, until it is told to stop. Any number of programs may do so at once.
    pub async fn send_out(
        &self,
        outbox: &dyn Outbox,
        clock: &dyn Clock,
        options: WorkerOptions,
        mut stop: watch::Receiver<bool>,
    ) {
        while !*stop.borrow() {
            let pause = match self.send_some(outbox, options.terms(clock.now())).await {
                Ok(0) => options.poll,
                Ok(_) => Duration::ZERO,
                Err(error) => {
                    tracing::warn!(%error, "the outbox cannot be read");
                    options.poll
                }
            };
            tokio::select! {
                () = self.announced.notified() => {}
                () = tokio::time::sleep(pause) => {}
                () = stopped(&mut stop) => {}
            }
        }
    }

    /// Sends what there is to be sent now. Answers how many words that were.
    async fn send_some(&self, outbox: &dyn Outbox, terms: LeaseTerms) -> Result<usize, StoreError> {
        let Some(session) = self.note(self.session().await).await else { return Ok(0) };
        let words = outbox.to_send(UNDER_WAY, terms).await?;
        let count = words.len();
        if count == 0 || self.note(session.send(&words).await).await.is_none() {
            return Ok(0);
        }
        // If the sender dies here the messages are sent again; the stream keeps each once, by its id.
        outbox.sent(words).await?;
        metrics::counter!("dray_dispatch_sent_total").increment(u64::try_from(count).unwrap_or(u64::MAX));
        Ok(count)
    }
}
