//! Asking a server that may be slow, away or wrong.
//!
//! [`Caller`] is the whole: a limit of calls under way, a pace, a circuit breaker, a time-out and repetitions around one
//! [`Exchange`](exchange::Exchange).

mod breaker;
mod caller;
mod exchange;
mod pace;
mod retry;
#[cfg(feature = "tls")]
mod tls;

use thiserror::Error;

pub(crate) use caller::Caller;

/// What to ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Request {
    /// Below the server's address, without a leading slash.
    pub path: String,
    pub query: Vec<(&'static str, String)>,
    /// A JSON document to post; without one, it is a GET.
    pub body: Option<String>,
}

/// What the server said: JSON, by its own word.
#[derive(Debug)]
pub(crate) struct Answer {
    /// HTTP 200 rather than 400, which some servers answer with when there is no route.
    pub ok: bool,
    pub body: Vec<u8>,
}

/// The answer answers nothing.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum Unusable {
    /// It isn't what this kind of server sends: a part of it, an error page, or another program's.
    #[error("{0}")]
    Garbled(String),
    /// The server won't answer this, and would not the next time.
    #[error("the server refuses: {0}")]
    Refused(String),
}

impl From<serde_json::Error> for Unusable {
    fn from(error: serde_json::Error) -> Self {
        Self::Garbled(format!("the answer cannot be read: {error}"))
    }
}

/// There is no answer to be had from the server now. The text is for logs and answers; it contains no secrets.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0}")]
pub(crate) struct Away(pub String);

/// Why one attempt failed.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Failure {
    /// It may pass.
    Passing { reason: String, retry_after: Option<std::time::Duration> },
    /// It will not pass by itself: the address or the key is wrong.
    Lasting { reason: String },
    /// The server won't answer this question; it is there for others.
    Refused { reason: String },
    /// The breaker is open: nobody was asked.
    Resting,
}
