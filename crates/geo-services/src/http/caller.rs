//! A server, asked with patience and within limits.

use std::time::Instant;

use tokio::sync::Semaphore;

use super::breaker::{Admission, Breaker};
use super::exchange::Exchange;
use super::pace::Pace;
use super::retry::jitter;
use super::{Answer, Away, Failure, Request, Unusable};
use crate::config::{ConfigError, RetryPolicy, ServiceConfig};

pub(crate) struct Caller {
    name: String,
    exchange: Exchange,
    retry: RetryPolicy,
    breaker: Breaker,
    under_way: Semaphore,
    pace: Option<Pace>,
}

impl Caller {
    /// `kind` is the server's program, as in `osrm`.
    pub fn new(kind: &'static str, config: &ServiceConfig) -> Result<Self, ConfigError> {
        config.check()?;
        Ok(Self {
            name: format!("{kind} {}", config.url.0.as_str().trim_end_matches('/')),
            exchange: Exchange::new(config)?,
            retry: config.retry,
            breaker: Breaker::new(config.breaker),
            under_way: Semaphore::new(config.concurrency.get().min(Semaphore::MAX_PERMITS)),
            pace: config.requests_per_second.map(Pace::new),
        })
    }

    /// The program and the address, as in `osrm http://osrm:5000`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Asks until there is an answer that can be read, or no hope for one.
    pub async fn call<T>(
        &self,
        request: &Request,
        read: impl Fn(&Answer) -> Result<T, Unusable>,
    ) -> Result<T, Away> {
        let mut attempt = 0;
        loop {
            let (reason, retry_after) = match self.attempt(request, &read).await {
                Ok(answer) => return Ok(answer),
                Err(Failure::Passing { reason, retry_after }) => (reason, retry_after),
                Err(Failure::Lasting { reason } | Failure::Refused { reason }) => {
                    return Err(self.away(&reason));
                }
                Err(Failure::Resting) => {
                    return Err(self.away("left alone for a while after failing repeatedly"));
                }
            };
            match self.retry.wait(attempt, retry_after, jitter) {
                Some(wait) => tokio::time::sleep(wait).await,
                None => return Err(self.away(&reason)),
            }
            attempt += 1;
        }
    }

    fn away(&self, reason: &str) -> Away {
        Away(format!("{}: {reason}", self.name))
    }

    async fn attempt<T>(
        &self,
        request: &Request,
        read: impl Fn(&Answer) -> Result<T, Unusable>,
    ) -> Result<T, Failure> {
        let Ok(_under_way) = self.under_way.acquire().await else {
            return Err(Failure::Lasting { reason: "shutting down".to_owned() });
        };
        // Asked for only now: who waited learns that the breaker has opened meanwhile.
        let Some(admission) = self.breaker.admit(Instant::now()) else {
            self.count("resting");
            return Err(Failure::Resting);
        };
        if let Some(pace) = &self.pace {
            pace.turn().await;
        }
        let answer =
            self.exchange.send(request).await.and_then(|answer| read(&answer).map_err(Failure::from));
        self.settle(admission, answer.as_ref().err());
        answer
    }

    fn settle(&self, admission: Admission<'_>, failure: Option<&Failure>) {
        match failure {
            None => self.there(admission, "answered"),
            // Clients' texts must not be able to take the server away from others.
            Some(Failure::Refused { reason }) => {
                tracing::debug!(service = self.name, reason, "a question was refused");
                self.there(admission, "refused");
            }
            Some(failure) => self.not_there(admission, failure),
        }
    }

    fn there(&self, admission: Admission<'_>, outcome: &'static str) {
        self.count(outcome);
        if admission.succeeded() {
            tracing::info!(service = self.name, "the server answers again");
        }
    }

    fn not_there(&self, admission: Admission<'_>, failure: &Failure) {
        self.count("failed");
        if admission.failed(Instant::now()) {
            tracing::warn!(service = self.name, ?failure, "the server fails; it is left alone for a while");
        } else {
            tracing::debug!(service = self.name, ?failure, "a call failed");
        }
    }

    fn count(&self, outcome: &'static str) {
        metrics::counter!("dray_geo_service_calls_total", "service" => self.name.clone(), "outcome" => outcome)
            .increment(1);
    }
}

impl From<Unusable> for Failure {
    fn from(unusable: Unusable) -> Self {
        let reason = unusable.to_string();
        match unusable {
            Unusable::Garbled(_) => Self::Passing { reason, retry_after: None },
            Unusable::Refused(_) => Self::Refused { reason },
        }
    }
}
