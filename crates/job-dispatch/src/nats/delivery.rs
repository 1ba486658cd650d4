//! Messages that name a chunk, and what the stream is told of them.

use std::time::Duration;

use async_nats::jetstream::{AckKind, Message};
use async_trait::async_trait;
use logistics_domain::ids::{JobId, OrganizationId};
use logistics_domain::jobs::{ChunkName, Delivery};
use uuid::Uuid;

/// A message with the name of a chunk.
#[derive(Debug)]
pub struct NatsDelivery {
    chunk: ChunkName,
    message: Message,
}

/// A chunk's name as messages carry it.
pub fn written(chunk: ChunkName) -> String {
    format!("{} {} {}", chunk.organization, chunk.job, chunk.number)
}

fn chunk(payload: &[u8]) -> Option<ChunkName> {
    let mut words = std::str::from_utf8(payload).ok()?.split(' ');
    let organization = OrganizationId(Uuid::parse_str(words.next()?).ok()?);
    let job = JobId(Uuid::parse_str(words.next()?).ok()?);
    let number = words.next()?.parse().ok()?;
    words.next().is_none().then_some(ChunkName { organization, job, number })
}

impl NatsDelivery {
    /// The chunk that a message names. A message that is none of ours is removed from the stream.
    pub async fn read(message: Message) -> Option<Self> {
        match chunk(&message.payload) {
            Some(chunk) => Some(Self { chunk, message }),
            None => {
                tracing::error!("a message in the stream names no chunk; it is dropped");
                answer(&message, AckKind::Term).await;
                None
            }
        }
    }
}

#[async_trait]
impl Delivery for NatsDelivery {
    fn chunk(&self) -> ChunkName {
        self.chunk
    }

    async fn hold(&self) {
        answer(&self.message, AckKind::Progress).await;
    }

    async fn settle(&self) {
        answer(&self.message, AckKind::Ack).await;
    }

    async fn again(&self, after: Duration) {
        answer(&self.message, AckKind::Nak(Some(after))).await;
    }
}

/// Tells the stream what became of a message. If that is lost the message comes again, which does no harm.
async fn answer(message: &Message, kind: AckKind) {
    if let Err(error) = message.ack_with(kind).await {
        tracing::debug!(%error, "NATS could not be told about a chunk");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_written() {
        let named = ChunkName {
            organization: OrganizationId(Uuid::from_u128(7)),
            job: JobId(Uuid::from_u128(8)),
            number: 9,
        };
        assert_eq!(chunk(written(named).as_bytes()), Some(named));
        for wrong in ["", "a b c", "one two", &format!("{} 1", written(named))] {
            assert_eq!(chunk(wrong.as_bytes()), None, "{wrong}");
        }
    }
}
