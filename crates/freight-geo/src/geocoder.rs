//! The port `Geocoder` on the embedded gazetteer: batches, cores and a cache.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use async_trait::async_trait;
use emissions_core::{CountryCode, Mode};
use logistics_domain::geography::{GeocodeError, Geocoded, Geocoder, PlaceQuery};
use quick_cache::Equivalent;
use quick_cache::sync::Cache;
use tokio::runtime::Handle;

use crate::gazetteer::{DEFAULT_MIN_CONFIDENCE, Gazetteer};
use crate::spread;

/// Answers that are kept; one takes about half a kilobyte.
const CACHED: usize = 50_000;
/// Longer queries are not kept.
const LONGEST_CACHED: usize = 300;
/// Batches of up to this many distinct new queries are answered on the calling thread, in about a millisecond.
const INLINE: usize = 16;

type Answer = Result<Geocoded, GeocodeError>;

/// Finds places in the embedded gazetteer. Clones share the cache.
///
/// Queries that differ only in surrounding blanks are one query. Capitals and punctuation stay: `PARIS` may be a code.
#[derive(Debug, Clone)]
pub struct EmbeddedGeocoder {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    gazetteer: &'static Gazetteer,
    min_confidence: f64,
    cache: Cache<Key, Answer>,
}

impl Default for EmbeddedGeocoder {
    fn default() -> Self {
        Self::new(DEFAULT_MIN_CONFIDENCE)
    }
}

impl EmbeddedGeocoder {
    /// Refuses answers below a confidence from 0 to 1.
    #[must_use]
    pub fn new(min_confidence: f64) -> Self {
        let cache = Cache::new(CACHED);
        Self { shared: Arc::new(Shared { gazetteer: Gazetteer::embedded(), min_confidence, cache }) }
    }
}

impl Shared {
    fn answer(&self, key: Key) -> Answer {
        let query = PlaceQuery { text: &key.text, mode: key.mode, country_hint: key.hint };
        let answer = self.gazetteer.geocode_from(&query, self.min_confidence);
        if key.text.len() <= LONGEST_CACHED {
            self.cache.insert(key, answer.clone());
        }
        answer
    }
}

#[async_trait]
impl Geocoder for EmbeddedGeocoder {
    async fn geocode(&self, queries: &[PlaceQuery<'_>]) -> Vec<Answer> {
        let mut answers: Vec<Option<Answer>> = Vec::with_capacity(queries.len());
        let mut waiting: HashMap<Asked<'_>, Vec<usize>> = HashMap::new();
        for (at, query) in queries.iter().enumerate() {
            let asked = Asked::new(query);
            let known = self.shared.cache.get(&asked);
            if known.is_none() {
                waiting.entry(asked).or_default().push(at);
            }
            answers.push(known);
        }
        let (new, places): (Vec<Key>, Vec<Vec<usize>>) =
            waiting.into_iter().map(|(asked, places)| (asked.owned(), places)).unzip();
        let found: Vec<Answer> = match Handle::try_current() {
            Ok(runtime) if new.len() > INLINE => {
                let shared = Arc::clone(&self.shared);
                let lost = |reason| Err(GeocodeError::Unavailable { reason });
                spread::over_cores(&runtime, new, INLINE, move |key| shared.answer(key), lost).await
            }
            _ => new.into_iter().map(|key| self.shared.answer(key)).collect(),
        };
        for (answer, places) in found.into_iter().zip(places) {
            for at in places {
                answers[at] = Some(answer.clone());
            }
        }
        let missing = || Err(GeocodeError::Unavailable { reason: "a part of the batch was lost".to_owned() });
        answers.into_iter().map(|answer| answer.unwrap_or_else(missing)).collect()
    }
}

/// What an answer depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Key {
    text: String,
    mode: Mode,
    hint: Option<CountryCode>,
}

/// The same, borrowed from a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Asked<'q> {
    text: &'q str,
    mode: Mode,
    hint: Option<CountryCode>,
}

impl<'q> Asked<'q> {
    fn new(query: &PlaceQuery<'q>) -> Self {
        Self { text: query.text.trim(), mode: query.mode, hint: query.country_hint }
    }

    fn owned(self) -> Key {
        Key { text: self.text.to_owned(), mode: self.mode, hint: self.hint }
    }
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Asked { text: &self.text, mode: self.mode, hint: self.hint }.hash(state);
    }
}

impl Equivalent<Key> for Asked<'_> {
    fn equivalent(&self, key: &Key) -> bool {
        self.text == key.text && self.mode == key.mode && self.hint == key.hint
    }
}
