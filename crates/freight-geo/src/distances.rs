//! The port `DistanceProvider` on the embedded engine: batches, cores and a cache.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};
use std::sync::Arc;

use async_trait::async_trait;
use emissions_core::{CountryCode, Mode};
use logistics_domain::geography::{
    AvoidedPassages, Distance, DistanceError, DistanceProvider, DistanceQuery, Place,
};
use quick_cache::sync::Cache;
use tokio::runtime::Handle;

use crate::routes::Routes;
use crate::spread;

/// Answers that are kept; one takes about half a kilobyte.
const CACHED: usize = 50_000;

/// Batches of up to this many distinct questions are answered on the calling thread, in about a millisecond.
const INLINE: usize = 8;

type Answer = Result<Distance, DistanceError>;

/// Distances by every mode from embedded data. Clones share the cache.
#[derive(Debug, Clone)]
pub struct EmbeddedDistances {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    routes: &'static Routes,
    cache: Cache<Key, Answer>,
}

impl Default for EmbeddedDistances {
    fn default() -> Self {
        Self::new(Routes::embedded())
    }
}

impl EmbeddedDistances {
    /// Answers from these networks, with an empty cache.
    #[must_use]
    pub fn new(routes: &'static Routes) -> Self {
        Self { shared: Arc::new(Shared { routes, cache: Cache::new(CACHED) }) }
    }

    /// One answer, on the calling thread.
    ///
    /// # Errors
    /// [`DistanceError::NoRoute`] as [`Routes::distance`].
    pub fn distance(&self, query: &DistanceQuery<'_>) -> Result<Distance, DistanceError> {
        self.shared.answer(Key::new(query), query)
    }
}

impl Shared {
    /// Geometry is not kept: it is large, and asked for one leg at a time.
    fn answer(&self, key: Key, query: &DistanceQuery<'_>) -> Answer {
        if query.geometry {
            return self.routes.distance(query);
        }
        if let Some(known) = self.cache.get(&key) {
            return known;
        }
        let answer = self.routes.distance(query);
        self.cache.insert(key, answer.clone());
        answer
    }
}

/// What an answer depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    origin: End,
    destination: End,
    mode: Mode,
    avoid: AvoidedPassages,
    geometry: bool,
}

/// A place, its name and code as a 64-bit hash: they tell apart places that share coordinates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct End {
    lat: u64,
    lon: u64,
    country: CountryCode,
    named: u64,
}

impl Key {
    fn new(query: &DistanceQuery<'_>) -> Self {
        Self {
            origin: End::new(query.origin),
            destination: End::new(query.destination),
            mode: query.mode,
            avoid: query.avoid,
            geometry: query.geometry,
        }
    }
}

impl End {
    fn new(place: &Place) -> Self {
        let mut hasher = DefaultHasher::new();
        (&place.name, &place.code).hash(&mut hasher);
        Self {
            lat: place.coordinates.lat().to_bits(),
            lon: place.coordinates.lon().to_bits(),
            country: place.country,
            named: hasher.finish(),
        }
    }
}

/// A question that outlives the call, for another thread.
struct OwnedQuery {
    key: Key,
    origin: Place,
    destination: Place,
}

impl OwnedQuery {
    fn new(key: Key, query: &DistanceQuery<'_>) -> Self {
        Self { key, origin: query.origin.clone(), destination: query.destination.clone() }
    }

    const fn query(&self) -> DistanceQuery<'_> {
        DistanceQuery {
            origin: &self.origin,
            destination: &self.destination,
            mode: self.key.mode,
            avoid: self.key.avoid,
            geometry: self.key.geometry,
        }
    }
}

#[async_trait]
impl DistanceProvider for EmbeddedDistances {
    /// Equal questions in one batch are answered once; a large batch is spread over the cores.
    async fn distances(&self, queries: &[DistanceQuery<'_>]) -> Vec<Answer> {
        let mut numbers: HashMap<Key, usize> = HashMap::new();
        let mut distinct: Vec<(Key, &DistanceQuery<'_>)> = Vec::new();
        let mut asked: Vec<usize> = Vec::with_capacity(queries.len());
        for query in queries {
            let key = Key::new(query);
            asked.push(*numbers.entry(key).or_insert_with(|| {
                distinct.push((key, query));
                distinct.len() - 1
            }));
        }
        let answers = match Handle::try_current() {
            Ok(runtime) if distinct.len() > INLINE => {
                let owned = distinct.iter().map(|(key, query)| OwnedQuery::new(*key, query)).collect();
                let shared = Arc::clone(&self.shared);
                let answer = move |asked: OwnedQuery| shared.answer(asked.key, &asked.query());
                let lost = |reason| Err(DistanceError::Unavailable { reason });
                spread::over_cores(&runtime, owned, INLINE, answer, lost).await
            }
            _ => distinct.iter().map(|(key, query)| self.shared.answer(*key, query)).collect(),
        };
        asked.into_iter().map(|number| answers[number].clone()).collect()
    }
}
