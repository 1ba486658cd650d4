//! The connection to NATS, and the stream and consumer on it.

use std::io;
use std::time::Duration;

use async_nats::connection::State;
use async_nats::jetstream::consumer::{AckPolicy, PullConsumer, pull};
use async_nats::jetstream::message::PublishMessage;
use async_nats::jetstream::stream::{Config, RetentionPolicy, StorageType};
use async_nats::jetstream::{Context, ContextBuilder};
use async_nats::{Client, ConnectOptions};
use futures_util::StreamExt;
use logistics_domain::jobs::Word;
use thiserror::Error;
use tokio::time::timeout;

use super::NatsOptions;
use super::delivery::{self, NatsDelivery};
use super::options::Login;

/// How long a call may take.
const PATIENCE: Duration = Duration::from_secs(3);

/// How long the stream recognizes a message that is sent again. After that it keeps a duplicate, which does no harm.
const REMEMBERED: Duration = Duration::from_secs(600);

/// The consumer that all workers share.
const CONSUMER: &str = "workers";

/// Why NATS could not be asked.
#[derive(Debug, Error)]
pub enum NatsError {
    #[error("it is not connected")]
    NotConnected,
    #[error("it did not answer in time")]
    TimedOut,
    #[error("the credentials file cannot be read: {0}")]
    Credentials(io::Error),
    #[error("{0}")]
    Failed(async_nats::Error),
}

/// Any error of the client's.
fn failed(error: impl Into<async_nats::Error>) -> NatsError {
    NatsError::Failed(error.into())
}

/// Connects. The client that comes of it connects again by itself, for ever.
pub async fn connect(options: &NatsOptions) -> Result<Client, NatsError> {
    const LONGEST_PAUSE: Duration = Duration::from_secs(2);
    let pause = |attempts: usize| {
        let attempts = u32::try_from(attempts).unwrap_or(u32::MAX);
        Duration::from_millis(100).saturating_mul(attempts).min(LONGEST_PAUSE)
    };
    let client = safe_options(options)
        .await
        .map_err(NatsError::Credentials)?
        .name("dray")
        .connection_timeout(PATIENCE)
        .reconnect_delay_callback(pause)
        .event_callback(|event| async move { tracing::debug!(%event, "NATS") })
        .connect(options.servers.addresses.clone())
        .await
        .map_err(failed)?;
    tracing::info!(servers = %options.servers, stream = options.stream, "NATS is connected");
    Ok(client)
}

/// Who the client says that it is, and whom it trusts.
async fn safe_options(options: &NatsOptions) -> io::Result<ConnectOptions> {
    let mut connect = match options.servers.login.clone() {
        Some(Login::User { name, password }) => ConnectOptions::with_user_and_password(name, password),
        Some(Login::Token(token)) => ConnectOptions::with_token(token),
        None => ConnectOptions::new(),
    };
    if let Some(file) = &options.credentials {
        let text = tokio::fs::read_to_string(file).await?;
        connect = match lone_seed(&text) {
            Some(seed) => connect.nkey(seed.to_owned()),
            None => connect.credentials(&text)?,
        };
    }
    let tls = &options.tls;
    if let Some(authorities) = &tls.authorities {
        connect = connect.add_root_certificates(authorities.clone());
    }
    if let Some(own) = &tls.own {
        connect = connect.add_client_certificate(own.certificate.clone(), own.key.clone());
    }
    let required = options.servers.ask_for_tls() || tls.authorities.is_some() || tls.own.is_some();
    Ok(connect.require_tls(required))
}

/// The seed of an nkey in a file that has no more than that.
fn lone_seed(text: &str) -> Option<&str> {
    let seed = || text.lines().map(str::trim).find(|line| line.starts_with("SU"));
    if text.contains("BEGIN NATS USER JWT") { None } else { seed() }
}

/// Whether a client can be asked now.
pub fn check(client: &Client) -> Result<(), NatsError> {
    match client.connection_state() {
        State::Connected => Ok(()),
        State::Pending | State::Disconnected => Err(NatsError::NotConnected),
    }
}

/// The stream and its consumer.
#[derive(Debug)]
pub struct Session {
    context: Context,
    consumer: PullConsumer,
    subject: String,
}

impl Session {
    /// Opens the stream, and makes it if it is not there.
    pub async fn open(client: Client, options: &NatsOptions) -> Result<Self, NatsError> {
        let context = ContextBuilder::new().timeout(PATIENCE).ack_timeout(PATIENCE).build(client);
        let subject = format!("{}.chunks", options.stream);
        let config = Config {
            name: options.stream.clone(),
            description: Some("Chunks of jobs that wait for a worker".to_owned()),
            subjects: vec![subject.clone()],
            retention: RetentionPolicy::WorkQueue,
            storage: StorageType::File,
            num_replicas: options.replicas,
            duplicate_window: REMEMBERED,
            ..Config::default()
        };
        let stream = context.get_or_create_stream(config.clone()).await.map_err(failed)?;
        if stream.cached_info().config.num_replicas != options.replicas {
            context.update_stream(&config).await.map_err(failed)?;
        }
        let consumer = pull::Config {
            durable_name: Some(CONSUMER.to_owned()),
            ack_policy: AckPolicy::Explicit,
            ack_wait: options.lease,
            max_ack_pending: 10_000,
            ..pull::Config::default()
        };
        let consumer = stream.get_or_create_consumer(CONSUMER, consumer).await.map_err(failed)?;
        Ok(Self { context, consumer, subject })
    }

    /// Sends words, and answers when the stream has them all.
    pub async fn send(&self, words: &[Word]) -> Result<(), NatsError> {
        let mut acknowledgements = Vec::with_capacity(words.len());
        for word in words {
            let id = format!("{}.{}.{}", word.chunk.job, word.chunk.number, word.turn);
            let message =
                PublishMessage::build().message_id(id).payload(delivery::written(word.chunk).into());
            let sent = self.context.send_publish(self.subject.clone(), message);
            acknowledgements.push(sent.await.map_err(failed)?);
        }
        for acknowledgement in acknowledgements {
            acknowledgement.await.map_err(failed)?;
        }
        Ok(())
    }

    /// Waits for the next word.
    pub async fn receive(&self, patience: Duration) -> Result<Option<NatsDelivery>, NatsError> {
        let received = timeout(patience + PATIENCE, async {
            let mut batch = if patience.is_zero() {
                self.consumer.fetch().max_messages(1).messages().await.map_err(failed)?
            } else {
                self.consumer.batch().max_messages(1).expires(patience).messages().await.map_err(failed)?
            };
            batch.next().await.transpose().map_err(NatsError::Failed)
        });
        match received.await.map_err(|_elapsed| NatsError::TimedOut)?? {
            Some(message) => Ok(NatsDelivery::read(message).await),
            None => Ok(None),
        }
    }
}
