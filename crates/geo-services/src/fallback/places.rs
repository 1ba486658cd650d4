//! Addresses by the server, codes and terminals by somebody else.

use std::sync::Arc;

use async_trait::async_trait;
use emissions_core::Mode;
use logistics_domain::geography::{GeocodeError, Geocoded, Geocoder, PlaceQuery};

use super::{STAND_IN, count, marked};
use crate::places::{ServiceGeocoder, code, coordinates};

/// Who is asked first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum GeocodingOrder {
    /// The server, but for what it doesn't know: UN/LOCODEs and IATA codes, coordinates, and the ends of voyages and
    /// flights, which are ports and airports.
    #[default]
    ServerFirst,
    /// The other geocoder; the server only for what that one doesn't find or finds ambiguous.
    OtherFirst,
}

/// A geocoding server and another geocoder, usually the embedded one.
///
/// Each stands in for the one that is asked first where that one is away or finds nothing. Where the other one answers in
/// place of the server, [`Geocoded::source`] says so, as in `… (fallback: nominatim http://nominatim: timed out)`, with less
/// confidence. What the server finds ambiguous stays ambiguous: a guess wouldn't make it better.
#[derive(Clone)]
pub struct FallbackGeocoder {
    server: Arc<ServiceGeocoder>,
    other: Arc<dyn Geocoder>,
    order: GeocodingOrder,
    stands_in: bool,
}

impl std::fmt::Debug for FallbackGeocoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FallbackGeocoder")
            .field("server", &self.server)
            .field("order", &self.order)
            .finish_non_exhaustive()
    }
}

type Answer = Result<Geocoded, GeocodeError>;

/// Who answers a query first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum First {
    Server,
    Other,
}

impl FallbackGeocoder {
    /// Joins the two.
    #[must_use]
    pub fn new(server: Arc<ServiceGeocoder>, other: Arc<dyn Geocoder>, order: GeocodingOrder) -> Self {
        Self { server, other, order, stands_in: true }
    }

    /// Nobody stands in for the server: an address that is its own and that it cannot find is an error. Codes, coordinates,
    /// ports and airports stay with the other one.
    #[must_use]
    pub fn without_stand_in(self) -> Self {
        Self { stands_in: false, ..self }
    }

    fn first(&self, query: &PlaceQuery<'_>) -> First {
        let unserved = matches!(query.mode, Mode::Sea | Mode::Air)
            || code(query.text)
            || coordinates(query.text).is_some();
        if unserved || self.order == GeocodingOrder::OtherFirst { First::Other } else { First::Server }
    }

    async fn ask(&self, who: First, queries: &[PlaceQuery<'_>]) -> Vec<Answer> {
        match who {
            _ if queries.is_empty() => Vec::new(),
            First::Server => self.server.geocode(queries).await,
            First::Other => self.other.geocode(queries).await,
        }
    }

    /// Asks `first`, and the other of the two about what that leaves open.
    async fn in_order(&self, first: First, queries: &[PlaceQuery<'_>]) -> Vec<Answer> {
        let second = match first {
            First::Server => First::Other,
            First::Other => First::Server,
        };
        let mut answers = self.ask(first, queries).await;
        if first == First::Server && !self.stands_in {
            return answers;
        }
        let open: Vec<usize> = (0..answers.len()).filter(|&at| is_open(first, &answers[at])).collect();
        let asked: Vec<PlaceQuery<'_>> = open.iter().map(|&at| queries[at]).collect();
        let others = self.ask(second, &asked).await;
        for (at, other) in open.into_iter().zip(others) {
            if let Err(error) = &answers[at] {
                answers[at] = self.joined(first, error, other);
            }
        }
        answers
    }

    /// One answer from two, the first of which is an error.
    fn joined(&self, first: First, error: &GeocodeError, other: Answer) -> Answer {
        match other {
            Ok(found) if first == First::Server => {
                count(self.server.name());
                Ok(self.in_place_of_server(error, found))
            }
            Ok(found) => Ok(found),
            Err(other) if says_more(&other, error) => Err(other),
            Err(_) => Err(error.clone()),
        }
    }

    fn in_place_of_server(&self, error: &GeocodeError, found: Geocoded) -> Geocoded {
        let reason = match error {
            GeocodeError::Unavailable { reason } => reason.clone(),
            GeocodeError::NotFound { .. } | GeocodeError::Ambiguous { .. } => {
                format!("{}: not found", self.server.name())
            }
        };
        let source = marked(&found.source, &reason);
        Geocoded { source, confidence: found.confidence * STAND_IN, ..found }
    }
}

fn is_open(first: First, answer: &Answer) -> bool {
    match answer {
        Ok(_) => false,
        Err(GeocodeError::Ambiguous { .. }) => first == First::Other,
        Err(GeocodeError::NotFound { .. } | GeocodeError::Unavailable { .. }) => true,
    }
}

/// Candidates help more than a server that is away, and that it is away more than that nothing was found without it.
fn says_more(one: &GeocodeError, other: &GeocodeError) -> bool {
    let rank = |error: &GeocodeError| match error {
        GeocodeError::NotFound { .. } => 0,
        GeocodeError::Unavailable { .. } => 1,
        GeocodeError::Ambiguous { .. } => 2,
    };
    rank(one) > rank(other)
}

#[async_trait]
impl Geocoder for FallbackGeocoder {
    async fn geocode(&self, queries: &[PlaceQuery<'_>]) -> Vec<Answer> {
        let order: Vec<First> = queries.iter().map(|query| self.first(query)).collect();
        let of = |who: First| -> Vec<PlaceQuery<'_>> {
            queries.iter().zip(&order).filter(|(_, first)| **first == who).map(|(query, _)| *query).collect()
        };
        let mut served = self.in_order(First::Server, &of(First::Server)).await.into_iter();
        let mut others = self.in_order(First::Other, &of(First::Other)).await.into_iter();
        let answer = |first: &First| {
            let next = match first {
                First::Server => served.next(),
                First::Other => others.next(),
            };
            next.unwrap_or_else(|| Err(GeocodeError::Unavailable { reason: "no answer".to_owned() }))
        };
        order.iter().map(answer).collect()
    }
}
