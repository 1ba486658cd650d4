//! From written addresses to distances.
//!
//! Each distinct address is geocoded once and each distinct pair routed once, whatever the size of the batch.
//!
//! A town's name is often not unique, but its neighbours are a hint. The origin is looked up with the country whose
//! factors apply as a hint. Freight by road or rail mostly ends in the country where it began, so the destination takes
//! the origin's country as its hint; by sea and air it takes one only where it would be ambiguous without. An ambiguous
//! origin is tried once more with the destination's country.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use emissions_core::{CountryCode, Mode};
use serde::{Deserialize, Serialize};

use super::{FailureCode, LegFailure};
use crate::geography::{
    AvoidedPassages, Distance, DistanceError, DistanceProvider, DistanceQuery, GeocodeError, Geocoded,
    Geocoder, GeographySettings, PlaceQuery,
};

/// A distance and the two places that it lies between.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RouteFound {
    /// Where the leg begins.
    pub origin: Geocoded,
    /// Where it ends.
    pub destination: Geocoded,
    /// How far that is.
    pub distance: Distance,
}

/// Two addresses, as written, and how the freight travels between them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RouteQuery {
    /// Where the leg begins.
    pub origin: String,
    /// Where it ends.
    pub destination: String,
    /// How the freight travels.
    pub mode: Mode,
    /// The country whose factors apply.
    pub country: Option<CountryCode>,
    /// Whether the answer shall carry the route's line.
    pub geometry: bool,
}

pub(super) struct RouteFinder {
    pub geocoder: Arc<dyn Geocoder>,
    pub distances: Arc<dyn DistanceProvider>,
    pub avoid: AvoidedPassages,
}

/// Answers by query.
pub(super) struct Found(HashMap<RouteQuery, Result<Arc<RouteFound>, LegFailure>>);

impl Found {
    pub fn answer(&self, query: &RouteQuery) -> Option<Result<Arc<RouteFound>, LegFailure>> {
        self.0.get(query).cloned()
    }
}

/// An address to look up: what is written, how freight gets there, and a hint.
type Lookup<'q> = (&'q str, Mode, Option<CountryCode>);
type Places<'q> = HashMap<Lookup<'q>, Result<Geocoded, GeocodeError>>;

impl RouteFinder {
    pub async fn find<'q>(
        &self,
        queries: impl Iterator<Item = &'q RouteQuery>,
        settings: &GeographySettings,
    ) -> Found {
        let queries: HashSet<&RouteQuery> = queries.collect();
        let queries: Vec<&RouteQuery> = queries.into_iter().collect();
        let ends = self.places(&queries, settings).await;
        let avoid = self.avoid.union(settings.avoid);

        let both = |ends: &Ends| match ends {
            (Ok(origin), Ok(destination)) => Some((origin.clone(), destination.clone())),
            _ => None,
        };
        let routable: Vec<Option<(Geocoded, Geocoded)>> = ends.iter().map(both).collect();
        let asked: Vec<DistanceQuery<'_>> = routable
            .iter()
            .zip(&queries)
            .filter_map(|(ends, query)| {
                let (origin, destination) = ends.as_ref()?;
                let (origin, destination) = (&origin.place, &destination.place);
                Some(DistanceQuery { origin, destination, mode: query.mode, avoid, geometry: query.geometry })
            })
            .collect();
        let mut distances = self.distances.distances(&asked).await.into_iter();

        let answers = queries.into_iter().zip(ends).map(|(query, ends)| {
            let answer = match ends {
                (Ok(origin), Ok(destination)) => match distances.next() {
                    Some(Ok(distance)) => Ok(Arc::new(RouteFound { origin, destination, distance })),
                    Some(Err(error)) => Err(error.into()),
                    None => {
                        Err(LegFailure::new(FailureCode::NoDistance, "the distance provider gave no answer"))
                    }
                },
                (Err(error), _) => Err(misplaced("origin", &error)),
                (_, Err(error)) => Err(misplaced("destination", &error)),
            };
            (query.clone(), answer)
        });
        Found(answers.collect())
    }

    /// Both ends of each query.
    async fn places(&self, queries: &[&RouteQuery], settings: &GeographySettings) -> Vec<Ends> {
        let origins = self.look_up(queries.iter().map(|query| origin(query, query.country)), settings).await;
        let country_of = |query: &RouteQuery| match &origins[&origin(query, query.country)] {
            Ok(found) => Some(found.place.country),
            Err(_) => query.country,
        };
        let hint = |query: &RouteQuery| match query.mode {
            Mode::Road | Mode::Rail | Mode::InlandWaterway => country_of(query),
            Mode::Sea | Mode::Air => None,
        };
        let mut destinations =
            self.look_up(queries.iter().map(|query| destination(query, hint(query))), settings).await;
        let again: Vec<Lookup<'_>> = queries
            .iter()
            .filter(|query| is_ambiguous(&destinations[&destination(query, hint(query))]))
            .map(|query| destination(query, country_of(query)))
            .collect();
        destinations.extend(self.look_up(again.into_iter(), settings).await);
        let destination_of = |query: &RouteQuery| match &destinations[&destination(query, hint(query))] {
            ambiguous if is_ambiguous(ambiguous) => {
                destinations[&destination(query, country_of(query))].clone()
            }
            found => found.clone(),
        };

        let other_end = |query: &RouteQuery| destination_of(query).ok().map(|found| found.place.country);
        let ambiguous = |query: &&&RouteQuery| is_ambiguous(&origins[&origin(query, query.country)]);
        let again = queries.iter().filter(ambiguous).map(|query| origin(query, other_end(query)));
        let settled = self.look_up(again, settings).await;
        let origin_of = |query: &RouteQuery| match &origins[&origin(query, query.country)] {
            first if is_ambiguous(first) => settled[&origin(query, other_end(query))].clone(),
            first => first.clone(),
        };
        queries.iter().map(|query| (origin_of(query), destination_of(query))).collect()
    }

    /// The place that one address names.
    pub async fn place(
        &self,
        query: PlaceQuery<'_>,
        settings: &GeographySettings,
    ) -> Result<Geocoded, GeocodeError> {
        let lookup = (query.text, query.mode, query.country_hint);
        let mut places = self.look_up([lookup].into_iter(), settings).await;
        places.remove(&lookup).unwrap_or_else(|| Err(GeocodeError::NotFound { query: query.text.to_owned() }))
    }

    async fn look_up<'q>(
        &self,
        lookups: impl Iterator<Item = Lookup<'q>>,
        settings: &GeographySettings,
    ) -> Places<'q> {
        let distinct: HashSet<Lookup<'q>> = lookups.collect();
        let (mut places, mut asked) = (Places::new(), Vec::new());
        for lookup in distinct {
            match settings.pinned(lookup.0) {
                Some(pinned) => drop(places.insert(lookup, Ok(pinned))),
                None => asked.push(lookup),
            }
        }
        let query = |&(text, mode, country_hint): &Lookup<'q>| PlaceQuery { text, mode, country_hint };
        let queries: Vec<PlaceQuery<'_>> = asked.iter().map(query).collect();
        if !queries.is_empty() {
            places.extend(asked.iter().copied().zip(self.geocoder.geocode(&queries).await));
        }
        places
    }
}

type Ends = (Result<Geocoded, GeocodeError>, Result<Geocoded, GeocodeError>);

fn origin(query: &RouteQuery, hint: Option<CountryCode>) -> Lookup<'_> {
    (&query.origin, query.mode, hint)
}

fn destination(query: &RouteQuery, hint: Option<CountryCode>) -> Lookup<'_> {
    (&query.destination, query.mode, hint)
}

fn is_ambiguous(answer: &Result<Geocoded, GeocodeError>) -> bool {
    matches!(answer, Err(GeocodeError::Ambiguous { .. }))
}

fn misplaced(field: &str, error: &GeocodeError) -> LegFailure {
    let transient = matches!(error, GeocodeError::Unavailable { .. });
    LegFailure { code: FailureCode::NoDistance, message: format!("{field}: {error}"), transient }
}

impl From<DistanceError> for LegFailure {
    fn from(error: DistanceError) -> Self {
        let transient = matches!(error, DistanceError::Unavailable { .. });
        Self { code: FailureCode::NoDistance, message: error.to_string(), transient }
    }
}
