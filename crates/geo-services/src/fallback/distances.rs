//! Roads by the server, the rest by somebody else.

use std::sync::Arc;

use async_trait::async_trait;
use emissions_core::Mode;
use logistics_domain::geography::{Distance, DistanceError, DistanceProvider, DistanceQuery};

use super::{STAND_IN, count, marked};
use crate::routes::ServiceDistances;

/// A routing server and another provider, usually the embedded one.
///
/// The other one measures every mode but road. By road it stands in where the server is away or knows no route: its answers
/// then say so in [`Distance::engine`], as in `… (fallback: osrm http://osrm:5000: timed out)`, with less confidence.
#[derive(Clone)]
pub struct FallbackDistances {
    server: Arc<ServiceDistances>,
    other: Arc<dyn DistanceProvider>,
    stands_in: bool,
}

impl std::fmt::Debug for FallbackDistances {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FallbackDistances").field("server", &self.server).finish_non_exhaustive()
    }
}

type Answer = Result<Distance, DistanceError>;

impl FallbackDistances {
    /// Joins the two.
    #[must_use]
    pub fn new(server: Arc<ServiceDistances>, other: Arc<dyn DistanceProvider>) -> Self {
        Self { server, other, stands_in: true }
    }

    /// Nobody stands in for the server: a road that it cannot measure is an error. The other modes stay with the other one.
    #[must_use]
    pub fn without_stand_in(self) -> Self {
        Self { stands_in: false, ..self }
    }

    /// What the server could not answer is put to the other one, in one batch.
    async fn stand_in(&self, queries: &[DistanceQuery<'_>], answers: &mut [Answer]) {
        let open: Vec<usize> = (0..answers.len()).filter(|&at| answers[at].is_err()).collect();
        if open.is_empty() {
            return;
        }
        let asked: Vec<DistanceQuery<'_>> = open.iter().map(|&at| queries[at]).collect();
        let others = self.other.distances(&asked).await;
        for (at, other) in open.into_iter().zip(others) {
            let Err(error) = &answers[at] else { continue };
            if let Ok(distance) = other {
                count(self.server.name());
                answers[at] = Ok(in_place_of(&self.server, error, distance));
            }
        }
    }
}

fn in_place_of(server: &ServiceDistances, error: &DistanceError, distance: Distance) -> Distance {
    let reason = match error {
        DistanceError::NoRoute { reason, .. } => format!("{}: {reason}", server.name()),
        DistanceError::Unavailable { reason } => reason.clone(),
    };
    let engine = marked(&distance.engine, &reason);
    Distance { engine, confidence: distance.confidence * STAND_IN, ..distance }
}

#[async_trait]
impl DistanceProvider for FallbackDistances {
    async fn distances(&self, queries: &[DistanceQuery<'_>]) -> Vec<Answer> {
        let (roads, rest): (Vec<DistanceQuery<'_>>, Vec<DistanceQuery<'_>>) =
            queries.iter().copied().partition(|query| query.mode == Mode::Road);
        let mut by_road = self.server.distances(&roads).await;
        if self.stands_in {
            self.stand_in(&roads, &mut by_road).await;
        }
        let others = if rest.is_empty() { Vec::new() } else { self.other.distances(&rest).await };

        let (mut by_road, mut others) = (by_road.into_iter(), others.into_iter());
        let answer = |query: &DistanceQuery<'_>| {
            let next = if query.mode == Mode::Road { by_road.next() } else { others.next() };
            next.unwrap_or_else(|| Err(DistanceError::Unavailable { reason: "no answer".to_owned() }))
        };
        queries.iter().map(answer).collect()
    }
}
