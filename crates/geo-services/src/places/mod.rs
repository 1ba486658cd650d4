//! Places from a geocoding server.

mod choose;
mod hit;
mod nominatim;
mod photon;
mod words;
mod written;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use emissions_core::CountryCode;
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream;
use logistics_domain::geography::{
    Candidate, Coordinates, GeocodeError, Geocoded, Geocoder, MatchType, PlaceQuery,
};
use tokio::time::{Instant, timeout_at};

use crate::config::{ConfigError, GeocoderConfig};
use crate::http::{Answer, Away, Caller, Request, Unusable};
use crate::memory::{Memorable, Memory};
use choose::{Choice, Strictness, choose};
use hit::Hit;
use nominatim::Nominatim;
use photon::Photon;
use words::words;

pub(crate) use written::{code, coordinates};

/// How one kind of server is asked, and what its answers mean.
trait Search: Send + Sync {
    fn search(&self, text: &str) -> Request;
    /// What is at a point.
    fn reverse(&self, at: Coordinates) -> Request;
    /// What to ask besides, now that the first answers are known.
    fn more(&self, text: &str, gap: Gap) -> Vec<Request>;
    fn read(&self, answer: &Answer) -> Result<Vec<Hit>, Unusable>;
    fn strictness(&self) -> Strictness;
}

/// What the first answers leave open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Gap {
    /// None of them is in this country, which was hinted, and the text names none.
    country: Option<CountryCode>,
    /// Some words agree with none of them.
    words: bool,
}

/// What the text says.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    /// In lower case, with single blanks.
    text: String,
    hint: Option<CountryCode>,
}

/// What is remembered.
#[derive(Debug, Clone)]
enum Known {
    Place(Arc<Geocoded>),
    Several(Arc<[Candidate]>),
    Nothing,
}

impl Memorable for Known {
    fn is_nothing(&self) -> bool {
        !matches!(self, Self::Place(_))
    }
}

/// The confidence in a pair of coordinates, as in the embedded geocoder's exact matches. Ours.
const POINT_TRUST: f64 = 0.95;

/// Places from Nominatim or Photon.
pub struct ServiceGeocoder {
    search: Box<dyn Search>,
    caller: Caller,
    memory: Memory<Key, Known>,
    min_confidence: f64,
    batch_timeout: Duration,
    concurrency: usize,
}

impl std::fmt::Debug for ServiceGeocoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ServiceGeocoder").field("server", &self.caller.name()).finish_non_exhaustive()
    }
}

impl ServiceGeocoder {
    /// Places from a Nominatim server.
    ///
    /// # Errors
    /// [`ConfigError`]; the server is not asked.
    pub fn nominatim(config: &GeocoderConfig) -> Result<Self, ConfigError> {
        let search = Nominatim { language: config.language.clone() };
        Self::new("nominatim", Box::new(search), config)
    }

    /// Places from a Photon server.
    ///
    /// # Errors
    /// [`ConfigError`]; the server is not asked.
    pub fn photon(config: &GeocoderConfig) -> Result<Self, ConfigError> {
        let search = Photon { language: config.language.clone() };
        Self::new("photon", Box::new(search), config)
    }

    fn new(
        kind: &'static str,
        search: Box<dyn Search>,
        config: &GeocoderConfig,
    ) -> Result<Self, ConfigError> {
        config.check()?;
        let service = &config.service;
        Ok(Self {
            search,
            caller: Caller::new(kind, service)?,
            memory: Memory::new(service.cache),
            min_confidence: config.min_confidence,
            batch_timeout: service.batch_timeout,
            concurrency: service.concurrency.get(),
        })
    }

    /// The server's program and address, as in `nominatim http://nominatim:8080`.
    #[must_use]
    pub fn name(&self) -> &str {
        self.caller.name()
    }

    async fn place(&self, query: &PlaceQuery<'_>, deadline: Instant) -> Result<Geocoded, GeocodeError> {
        let written = query.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let not_found = || GeocodeError::NotFound { query: query.text.to_owned() };
        if written.is_empty() {
            return Err(not_found());
        }
        let key = Key { text: written.to_lowercase(), hint: query.country_hint };
        let asked = self.memory.or_ask(&key, self.ask(&written, query.country_hint));
        match timeout_at(deadline, asked).await {
            Ok(Ok(Known::Place(found))) => {
                Ok(Geocoded { matched: written.clone(), ..Geocoded::clone(&found) })
            }
            Ok(Ok(Known::Several(candidates))) => {
                Err(GeocodeError::Ambiguous { query: query.text.to_owned(), candidates: candidates.to_vec() })
            }
            Ok(Ok(Known::Nothing)) => Err(not_found()),
            Ok(Err(Away(reason))) => Err(GeocodeError::Unavailable { reason }),
            Err(_elapsed) => Err(GeocodeError::Unavailable {
                reason: format!("{}: the batch took longer than {:?}", self.name(), self.batch_timeout),
            }),
        }
    }

    async fn ask(&self, text: &str, hint: Option<CountryCode>) -> Result<Known, Away> {
        if let Some(at) = coordinates(text) {
            return self.ask_about_point(at).await;
        }
        let words = words(text);
        let hits = self.hits(text, &words, hint).await?;
        let strictness = self.search.strictness();
        let Some(choice) = choose(&hits, &words, hint, strictness) else {
            return Ok(Known::Nothing);
        };
        let without_hint = hint.and_then(|_| choose(&hits, &words, None, strictness));
        Ok(self.judge(choice, without_hint.as_ref()))
    }

    /// All answers of the server, those to a second question included.
    async fn hits(&self, text: &str, words: &[String], hint: Option<CountryCode>) -> Result<Vec<Hit>, Away> {
        let mut hits = self.call(&self.search.search(text)).await?;
        let hinted = |hit: &Hit| Some(hit.place.country) == hint;
        let unserved = !hits.iter().any(hinted) && !choose::names_country(&hits, words);
        let gap = Gap {
            country: hint.filter(|_| unserved),
            words: !hits.is_empty() && choose::coverage(&hits, words) < 1.0,
        };
        for request in self.search.more(text, gap) {
            for hit in self.call(&request).await? {
                match hits.iter_mut().find(|known| known.id == hit.id) {
                    Some(known) => known.learn(hit),
                    None => hits.push(hit),
                }
            }
        }
        Ok(hits)
    }

    async fn call(&self, request: &Request) -> Result<Vec<Hit>, Away> {
        self.caller.call(request, |answer| self.search.read(answer)).await
    }

    /// The point itself is where the text says; the server tells what it is called and which country it is in.
    async fn ask_about_point(&self, at: Coordinates) -> Result<Known, Away> {
        let hits = self.call(&self.search.reverse(at)).await?;
        let Some(hit) = hits.into_iter().next() else {
            return Ok(Known::Nothing);
        };
        let mut place = hit.place;
        place.coordinates = at;
        Ok(Known::Place(Arc::new(
            self.found(Candidate { place, confidence: POINT_TRUST }, MatchType::Coordinates),
        )))
    }

    fn judge(&self, choice: Choice, without_hint: Option<&Choice>) -> Known {
        let Choice { best, match_type, beaten } = choice;
        if best.confidence < self.min_confidence {
            let candidates = std::iter::once(best).chain(beaten);
            return Known::Several(candidates.collect());
        }
        let settled_by_hint = without_hint.is_some_and(|other| {
            other.best.confidence < self.min_confidence || other.best.place != best.place
        });
        let found = self.found(best, match_type);
        Known::Place(Arc::new(Geocoded { settled_by_hint, beaten, ..found }))
    }

    fn found(&self, Candidate { place, confidence }: Candidate, match_type: MatchType) -> Geocoded {
        Geocoded {
            place,
            match_type,
            matched: String::new(),
            confidence,
            source: self.name().to_owned(),
            settled_by_hint: false,
            beaten: Vec::new(),
        }
    }
}

#[async_trait]
impl Geocoder for ServiceGeocoder {
    async fn geocode(&self, queries: &[PlaceQuery<'_>]) -> Vec<Result<Geocoded, GeocodeError>> {
        let deadline = Instant::now() + self.batch_timeout;
        let answers: Vec<BoxFuture<'_, _>> =
            queries.iter().map(|query| Box::pin(self.place(query, deadline)) as BoxFuture<'_, _>).collect();
        stream::iter(answers).buffered(self.concurrency).collect().await
    }
}
