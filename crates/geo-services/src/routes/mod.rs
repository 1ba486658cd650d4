//! Road distances from a routing server.

mod check;
mod osrm;
mod polyline;
mod valhalla;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use emissions_core::{DistanceBasis, Mode};
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream;
use logistics_domain::geography::{
    Coordinates, Distance, DistanceError, DistanceMethod, DistanceProvider, DistanceQuery,
    split_at_antimeridian,
};
use tokio::time::{Instant, timeout_at};

use crate::config::{ConfigError, DistancesConfig};
use crate::http::{Answer, Away, Caller, Request, Unusable};
use crate::memory::{Memorable, Memory};
use check::{Checked, Doubt};
use osrm::Osrm;
use valhalla::Valhalla;

/// How one kind of server is asked, and what its answers mean.
trait Router: Send + Sync {
    fn request(&self, ends: &Ends, geometry: bool) -> Request;
    fn read(&self, answer: &Answer) -> Result<Reading, Unusable>;
}

/// From where to where.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Ends {
    origin: Coordinates,
    destination: Coordinates,
}

/// What a server said.
#[derive(Debug, Clone, PartialEq)]
enum Reading {
    Route(Route),
    /// It knows no route, because …
    Nothing(String),
}

/// A route as the server tells it: nothing in it has been checked.
#[derive(Debug, Clone, PartialEq)]
struct Route {
    km: f64,
    /// Latitude and longitude of the points on the road that stand for origin and destination.
    snapped: [[f64; 2]; 2],
    /// Latitudes and longitudes along the route.
    line: Vec<[f64; 2]>,
    /// The version of the server's data.
    data: Option<String>,
}

/// Road distances from OSRM or Valhalla: [`DistanceMethod::RoutingServer`] on the shortest feasible basis. Other modes have
/// no route here; [`FallbackDistances`](crate::FallbackDistances) gives them to somebody else.
pub struct ServiceDistances {
    router: Box<dyn Router>,
    caller: Caller,
    memory: Memory<Key, Known>,
    max_snap_km: f64,
    profile: String,
    batch_timeout: Duration,
    concurrency: usize,
}

impl std::fmt::Debug for ServiceDistances {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ServiceDistances").field("server", &self.caller.name()).finish_non_exhaustive()
    }
}

/// A question: coordinates in units of 0.00001 degrees, about a metre, and whether the line is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Key([i32; 4], bool);

/// What is remembered.
#[derive(Debug, Clone)]
enum Known {
    Distance(Arc<Distance>),
    NoRoute(Arc<str>),
}

impl Memorable for Known {
    fn is_nothing(&self) -> bool {
        matches!(self, Self::NoRoute(_))
    }
}

impl ServiceDistances {
    /// Distances from an OSRM server.
    ///
    /// # Errors
    /// [`ConfigError`]; the server is not asked.
    pub fn osrm(config: &DistancesConfig) -> Result<Self, ConfigError> {
        let router = Osrm { profile: config.profile.clone(), max_snap_km: config.max_snap_km };
        Self::new("osrm", Box::new(router), config)
    }

    /// Distances from a Valhalla server.
    ///
    /// # Errors
    /// [`ConfigError`]; the server is not asked.
    pub fn valhalla(config: &DistancesConfig) -> Result<Self, ConfigError> {
        let router = Valhalla { costing: config.profile.clone(), max_snap_km: config.max_snap_km };
        Self::new("valhalla", Box::new(router), config)
    }

    fn new(
        kind: &'static str,
        router: Box<dyn Router>,
        config: &DistancesConfig,
    ) -> Result<Self, ConfigError> {
        config.check()?;
        let service = &config.service;
        Ok(Self {
            router,
            caller: Caller::new(kind, service)?,
            memory: Memory::new(service.cache),
            max_snap_km: config.max_snap_km,
            batch_timeout: service.batch_timeout,
            concurrency: service.concurrency.get(),
            profile: config.profile.clone(),
        })
    }

    /// The server's program and address, as in `osrm http://osrm:5000`.
    #[must_use]
    pub fn name(&self) -> &str {
        self.caller.name()
    }

    async fn distance(
        &self,
        query: &DistanceQuery<'_>,
        deadline: Instant,
    ) -> Result<Distance, DistanceError> {
        if query.mode != Mode::Road {
            return Err(no_route(query, &format!("{} knows roads only", self.name())));
        }
        let ends = Ends { origin: query.origin.coordinates, destination: query.destination.coordinates };
        let key = ends.key(query.geometry);
        let asked = self.memory.or_ask(&key, self.ask(ends, query.geometry));
        match timeout_at(deadline, asked).await {
            Ok(Ok(Known::Distance(distance))) => Ok(Distance::clone(&distance)),
            Ok(Ok(Known::NoRoute(reason))) => Err(no_route(query, &reason)),
            Ok(Err(Away(reason))) => Err(DistanceError::Unavailable { reason }),
            Err(_elapsed) => Err(DistanceError::Unavailable {
                reason: format!("{}: the batch took longer than {:?}", self.name(), self.batch_timeout),
            }),
        }
    }

    async fn ask(&self, ends: Ends, geometry: bool) -> Result<Known, Away> {
        let request = self.router.request(&ends, geometry);
        let route = match self.caller.call(&request, |answer| self.router.read(answer)).await? {
            Reading::Route(route) => route,
            Reading::Nothing(reason) => return Ok(Known::NoRoute(reason.into())),
        };
        match check::check(&route, &ends, self.max_snap_km) {
            Ok(checked) => {
                Ok(Known::Distance(Arc::new(self.answer(&checked, route.data.as_deref(), geometry))))
            }
            Err(Doubt::TooFar(reason)) => Ok(Known::NoRoute(reason.into())),
            Err(Doubt::Untrue(reason)) => {
                tracing::warn!(service = self.name(), reason, "an answer that cannot be true");
                Err(Away(format!("{}: {reason}", self.name())))
            }
        }
    }

    fn answer(&self, checked: &Checked, data: Option<&str>, geometry: bool) -> Distance {
        let data = data.map(|data| format!(", data {data}")).unwrap_or_default();
        Distance {
            km: checked.km,
            basis: DistanceBasis::ShortestFeasible,
            method: DistanceMethod::RoutingServer,
            confidence: checked.confidence,
            via: Vec::new(),
            engine: format!("{} ({}{data})", self.name(), self.profile),
            geometry: geometry.then(|| split_at_antimeridian(&checked.line)),
        }
    }
}

#[async_trait]
impl DistanceProvider for ServiceDistances {
    async fn distances(&self, queries: &[DistanceQuery<'_>]) -> Vec<Result<Distance, DistanceError>> {
        let deadline = Instant::now() + self.batch_timeout;
        let answers: Vec<BoxFuture<'_, _>> = queries
            .iter()
            .map(|query| Box::pin(self.distance(query, deadline)) as BoxFuture<'_, _>)
            .collect();
        stream::iter(answers).buffered(self.concurrency).collect().await
    }
}

impl Ends {
    fn key(&self, geometry: bool) -> Key {
        #[expect(clippy::cast_possible_truncation, reason = "at most 18,000,000")]
        let unit = |degrees: f64| (degrees * 1e5).round() as i32;
        let Self { origin, destination } = self;
        let ends = [origin.lat(), origin.lon(), destination.lat(), destination.lon()];
        Key(ends.map(unit), geometry)
    }
}

fn no_route(query: &DistanceQuery<'_>, reason: &str) -> DistanceError {
    DistanceError::NoRoute {
        mode: query.mode,
        origin: query.origin.name.clone(),
        destination: query.destination.name.clone(),
        reason: reason.to_owned(),
    }
}
