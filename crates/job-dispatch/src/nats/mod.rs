//! Dispatch between machines, over NATS JetStream.
//!
//! Each program that knows the store [sends](NatsDispatch::send_out) word of chunks from its outbox into a work-queue stream;
//! each worker takes its next word from one shared consumer. A word is acknowledged when the store has what came of its
//! chunk, and comes to another worker when nothing is heard of the first. Word that is sent twice, by two senders or by one
//! that died before it could note it, has the same message id and is kept once. While NATS is away workers look into the
//! store, and words wait in the outbox.

mod delivery;
mod options;
mod sender;
mod session;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_nats::Client;
use async_trait::async_trait;
use logistics_domain::jobs::{Deliveries, Heard, JobDispatch};
use tokio::sync::{Mutex, Notify};
use tokio::time::timeout;

use delivery::NatsDelivery;
pub use options::{NatsOptions, NatsServers, NatsTls, OwnCertificate, WrongServers};
use session::{NatsError, Session};

/// Carries word of chunks between machines.
#[derive(Debug)]
pub struct NatsDispatch {
    options: NatsOptions,
    connection: Mutex<Connection>,
    /// Wakes the sender, and workers while NATS is away.
    announced: Notify,
    /// Whether NATS did not answer when it was last asked.
    away: AtomicBool,
}

#[derive(Debug, Default)]
struct Connection {
    /// Connects again by itself.
    client: Option<Client>,
    /// The stream and its consumer, until a call fails.
    session: Option<Arc<Session>>,
}

impl NatsDispatch {
    /// A dispatch that connects when it is first used.
    #[must_use]
    pub fn new(options: NatsOptions) -> Self {
        let (connection, announced) = (Mutex::default(), Notify::new());
        Self { options, connection, announced, away: AtomicBool::new(false) }
    }

    /// The stream, made if it is not there.
    async fn session(&self) -> Result<Arc<Session>, NatsError> {
        let mut connection = self.connection.lock().await;
        let client = match &connection.client {
            Some(client) => client.clone(),
            None => connection.client.insert(session::connect(&self.options).await?).clone(),
        };
        session::check(&client)?;
        if let Some(session) = &connection.session {
            return Ok(session.clone());
        }
        let session = Arc::new(Session::open(client, &self.options).await?);
        connection.session = Some(session.clone());
        Ok(session)
    }

    /// Notes how a call went. After a failure the stream is looked for again.
    async fn note<T>(&self, called: Result<T, NatsError>) -> Option<T> {
        match called {
            Ok(answer) => {
                if self.away.swap(false, Ordering::Relaxed) {
                    tracing::info!("NATS answers again");
                }
                Some(answer)
            }
            Err(error) => {
                self.connection.lock().await.session = None;
                if !self.away.swap(true, Ordering::Relaxed) {
                    tracing::warn!(%error, "NATS does not answer: workers look into the database meanwhile");
                }
                None
            }
        }
    }

    async fn receive(&self, patience: Duration) -> Result<Option<NatsDelivery>, NatsError> {
        self.session().await?.receive(patience).await
    }
}

impl JobDispatch for NatsDispatch {
    fn announce(&self) {
        self.announced.notify_waiters();
        self.announced.notify_one();
    }
}

#[async_trait]
impl Deliveries for NatsDispatch {
    async fn next(&self, patience: Duration) -> Heard {
        match self.note(self.receive(patience).await).await {
            Some(Some(delivery)) => Heard::Chunk(Box::new(delivery)),
            Some(None) => Heard::Look,
            None => {
                let _in_vain = timeout(patience, self.announced.notified()).await;
                Heard::Look
            }
        }
    }
}
