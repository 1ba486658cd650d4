//! Fakes of the ports that look outside the program: the clock and the map.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use emissions_core::{DistanceBasis, Kilometres};
use logistics_domain::geography::{
    Distance, DistanceError, DistanceMethod, DistanceProvider, DistanceQuery, GeocodeError, Geocoded,
    Geocoder, MatchType, Place, PlaceQuery,
};
use logistics_domain::ports::Clock;

/// A clock that stands still until a test moves it.
#[derive(Debug)]
pub struct FixedClock(AtomicI64);

impl FixedClock {
    /// A clock that shows an instant, to the microsecond.
    #[must_use]
    pub fn at(instant: DateTime<Utc>) -> Self {
        Self(AtomicI64::new(instant.timestamp_micros()))
    }

    /// Moves the clock on.
    pub fn advance(&self, by: TimeDelta) {
        self.0.fetch_add(by.num_microseconds().unwrap(), Ordering::Relaxed);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0.load(Ordering::Relaxed)).unwrap()
    }
}

/// A geocoder that knows the places it was told, by exactly their names.
#[derive(Debug, Default)]
pub struct FakeGeocoder {
    answers: HashMap<String, Result<Place, GeocodeError>>,
    asked: AtomicUsize,
}

impl FakeGeocoder {
    /// A geocoder that knows these places.
    #[must_use]
    pub fn knowing(places: impl IntoIterator<Item = Place>) -> Self {
        let answers = places.into_iter().map(|place| (place.name.clone(), Ok(place)));
        Self { answers: answers.collect(), asked: AtomicUsize::new(0) }
    }

    /// The same, which fails for one more name.
    #[must_use]
    pub fn failing(mut self, name: &str, error: GeocodeError) -> Self {
        self.answers.insert(name.to_owned(), Err(error));
        self
    }

    /// How many queries it was asked so far.
    #[must_use]
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }

    fn answer(&self, query: &PlaceQuery<'_>) -> Result<Geocoded, GeocodeError> {
        let unknown = || Err(GeocodeError::NotFound { query: query.text.to_owned() });
        let place = self.answers.get(query.text).cloned().unwrap_or_else(unknown)?;
        Ok(Geocoded {
            matched: query.text.to_owned(),
            place,
            match_type: MatchType::Place,
            confidence: 1.0,
            source: "fake".to_owned(),
            settled_by_hint: false,
            beaten: Vec::new(),
        })
    }
}

#[async_trait]
impl Geocoder for FakeGeocoder {
    async fn geocode(&self, queries: &[PlaceQuery<'_>]) -> Vec<Result<Geocoded, GeocodeError>> {
        self.asked.fetch_add(queries.len(), Ordering::Relaxed);
        queries.iter().map(|query| self.answer(query)).collect()
    }
}

/// A distance provider with one answer to everything.
#[derive(Debug)]
pub struct FakeDistances {
    answer: Result<Distance, DistanceError>,
    asked: AtomicUsize,
}

impl FakeDistances {
    /// Everything is that far apart, as a shortest feasible distance.
    #[must_use]
    pub fn of(km: f64) -> Self {
        Self::answering(Ok(Distance {
            km: Kilometres::new(km).unwrap(),
            basis: DistanceBasis::ShortestFeasible,
            method: DistanceMethod::RoadNetwork,
            confidence: 1.0,
            via: Vec::new(),
            engine: "fake".to_owned(),
            geometry: None,
        }))
    }

    /// Every question has this answer.
    #[must_use]
    pub fn answering(answer: Result<Distance, DistanceError>) -> Self {
        Self { answer, asked: AtomicUsize::new(0) }
    }

    /// How many queries it was asked so far.
    #[must_use]
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }
}

#[async_trait]
impl DistanceProvider for FakeDistances {
    async fn distances(&self, queries: &[DistanceQuery<'_>]) -> Vec<Result<Distance, DistanceError>> {
        self.asked.fetch_add(queries.len(), Ordering::Relaxed);
        queries.iter().map(|_| self.answer.clone()).collect()
    }
}
