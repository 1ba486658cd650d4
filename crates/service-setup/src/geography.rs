//! Who finds places and measures distances: what is built in, or servers of the operator's with that behind them.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::{Args, ValueEnum};
use freight_geo::distances::EmbeddedDistances;
use freight_geo::geocoder::EmbeddedGeocoder;
use freight_geo::routes::{LoadError, Routes};
use geo_services::{
    AuthHeader, ConfigError, DistancesConfig, FallbackDistances, FallbackGeocoder, GeocoderConfig,
    GeocodingOrder, RetryPolicy, ServerUrl, ServiceConfig, ServiceDistances, ServiceGeocoder,
};
use logistics_domain::geography::{DistanceProvider, Geocoder};

/// Who finds places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum GeocoderKind {
    /// The embedded gazetteer.
    Embedded,
    /// A Nominatim server.
    Nominatim,
    /// A Photon server.
    Photon,
}

/// Who measures roads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RoadRouter {
    /// The embedded road network.
    Embedded,
    /// An OSRM server.
    Osrm,
    /// A Valhalla server.
    Valhalla,
}

/// Who is asked for an address first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Order {
    /// The server.
    Server,
    /// The embedded gazetteer, and the server for what is left.
    Embedded,
}

/// Who stands in for a server that is away or finds nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Fallback {
    /// The embedded data.
    Embedded,
    /// Nobody: it is an error.
    None,
}

/// What the operator can set about places and distances.
#[derive(Debug, Args)]
pub struct GeographyConfig {
    /// Who finds places.
    #[arg(long, env = "DRAY_GEOCODER", default_value = "embedded")]
    geocoder: GeocoderKind,

    #[command(flatten)]
    geocoder_server: GeocoderServer,

    /// Who is asked for an address first, where a geocoding server is set.
    #[arg(long, env = "DRAY_GEOCODER_ORDER", default_value = "server")]
    geocoder_order: Order,

    /// The language of the names that a geocoding server answers with.
    #[arg(long, env = "DRAY_GEOCODER_LANGUAGE", default_value = "en")]
    geocoder_language: String,

    /// The confidence that a geocoded address needs, from 0 to 1; below it the address is refused.
    #[arg(long, env = "DRAY_GEOCODER_MIN_CONFIDENCE", default_value_t = 0.5, value_parser = share)]
    geocoder_min_confidence: f64,

    /// Who measures roads.
    #[arg(long, env = "DRAY_ROAD_ROUTER", default_value = "embedded")]
    road_router: RoadRouter,

    #[command(flatten)]
    road_router_server: RoadRouterServer,

    /// OSRM: the profile in the path, `driving` without it. Valhalla: the costing, `truck` without it.
    #[arg(long, env = "DRAY_ROAD_ROUTER_PROFILE")]
    road_router_profile: Option<String>,

    /// How far a place may lie from the road that stands for it, in kilometres, where a routing server is set.
    #[arg(long, env = "DRAY_ROAD_ROUTER_MAX_SNAP_KM", default_value_t = 5.0)]
    road_router_max_snap_km: f64,

    /// A road network that `dray roads build` prepared, in place of the embedded one.
    #[arg(long, env = "DRAY_ROADS")]
    roads: Option<PathBuf>,
}

macro_rules! server_settings {
    ($name:ident, $kind:literal, $flag:literal, $env:literal) => {
        /// What the operator can set about a server.
        #[derive(Debug, Args)]
        pub struct $name {
            /// The server, as in `http://server.internal:8080`.
            #[arg(id = concat!($flag, "-url"), long = concat!($flag, "-url"), env = concat!($env, "_URL"), requires = $kind)]
            url: Option<ServerUrl>,

            /// A header for the server, as in `Authorization: Bearer …`; never logged.
            #[arg(id = concat!($flag, "-auth"), long = concat!($flag, "-auth-header"), env = concat!($env, "_AUTH_HEADER"), hide_env_values = true, requires = $kind)]
            auth_header: Option<AuthHeader>,

            /// How long one call may take, in milliseconds.
            #[arg(id = concat!($flag, "-timeout"), long = concat!($flag, "-timeout-ms"), env = concat!($env, "_TIMEOUT_MS"), default_value_t = 10_000)]
            timeout_ms: u64,

            /// How long all calls for one batch may take, in milliseconds.
            #[arg(id = concat!($flag, "-batch-timeout"), long = concat!($flag, "-batch-timeout-ms"), env = concat!($env, "_BATCH_TIMEOUT_MS"), default_value_t = 300_000)]
            batch_timeout_ms: u64,

            /// How often a call that failed for a passing reason is repeated.
            #[arg(id = concat!($flag, "-retries"), long = concat!($flag, "-retries"), env = concat!($env, "_RETRIES"), default_value_t = 2)]
            retries: u32,

            /// How many calls may be under way at once.
            #[arg(id = concat!($flag, "-concurrency"), long = concat!($flag, "-concurrency"), env = concat!($env, "_CONCURRENCY"), default_value = "8")]
            concurrency: NonZeroUsize,

            /// How many calls may begin in a second; no limit without it.
            #[arg(id = concat!($flag, "-rate"), long = concat!($flag, "-requests-per-second"), env = concat!($env, "_REQUESTS_PER_SECOND"))]
            requests_per_second: Option<f64>,

            /// Who stands in for the server when it is away or finds nothing.
            #[arg(id = concat!($flag, "-fallback"), long = concat!($flag, "-fallback"), env = concat!($env, "_FALLBACK"), default_value = "embedded")]
            fallback: Fallback,
        }

        impl $name {
            fn service(&self) -> Result<ServiceConfig, GeographyError> {
                let url = self.url.clone().ok_or(GeographyError::NoUrl { setting: concat!($env, "_URL") })?;
                let defaults = ServiceConfig::at(url);
                Ok(ServiceConfig {
                    auth: self.auth_header.clone(),
                    timeout: Duration::from_millis(self.timeout_ms),
                    batch_timeout: Duration::from_millis(self.batch_timeout_ms),
                    retry: RetryPolicy { retries: self.retries, ..defaults.retry },
                    concurrency: self.concurrency,
                    requests_per_second: self.requests_per_second,
                    ..defaults
                })
            }
        }
    };
}

server_settings!(GeocoderServer, "geocoder", "geocoder", "DRAY_GEOCODER");
server_settings!(RoadRouterServer, "road_router", "road-router", "DRAY_ROAD_ROUTER");

/// Why the geography cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum GeographyError {
    /// A server was chosen, and it is not said where it is.
    #[error("{setting} is not set: the server that was chosen needs its address")]
    NoUrl {
        /// The variable for the address.
        setting: &'static str,
    },
    /// The settings of a server are at fault.
    #[error(transparent)]
    Server(#[from] ConfigError),
    /// The road network cannot be read.
    #[error("DRAY_ROADS cannot be used")]
    Roads(#[from] LoadError),
}

impl GeographyConfig {
    /// The geocoder that was chosen.
    ///
    /// # Errors
    /// If its server cannot be used as configured.
    pub fn geocoder(&self) -> Result<Arc<dyn Geocoder>, GeographyError> {
        let embedded: Arc<dyn Geocoder> = Arc::new(EmbeddedGeocoder::new(self.geocoder_min_confidence));
        let open = match self.geocoder {
            GeocoderKind::Embedded => return Ok(embedded),
            GeocoderKind::Nominatim => ServiceGeocoder::nominatim,
            GeocoderKind::Photon => ServiceGeocoder::photon,
        };
        let server = open(&GeocoderConfig {
            service: self.geocoder_server.service()?,
            min_confidence: self.geocoder_min_confidence,
            language: self.geocoder_language.clone(),
        })?;
        let order = match self.geocoder_order {
            Order::Server => GeocodingOrder::ServerFirst,
            Order::Embedded => GeocodingOrder::OtherFirst,
        };
        let joined = FallbackGeocoder::new(Arc::new(server), embedded, order);
        Ok(match self.geocoder_server.fallback {
            Fallback::Embedded => Arc::new(joined),
            Fallback::None => Arc::new(joined.without_stand_in()),
        })
    }

    /// The distance provider that was chosen.
    ///
    /// # Errors
    /// If its server or the road network cannot be used as configured.
    pub fn distances(&self) -> Result<Arc<dyn DistanceProvider>, GeographyError> {
        let embedded: Arc<dyn DistanceProvider> = Arc::new(match &self.roads {
            // The network lives as long as the process.
            Some(file) => EmbeddedDistances::new(Box::leak(Box::new(Routes::with_roads(file)?))),
            None => EmbeddedDistances::default(),
        });
        let service = || self.road_router_server.service();
        let config = |defaults: DistancesConfig| DistancesConfig {
            max_snap_km: self.road_router_max_snap_km,
            profile: self.road_router_profile.clone().unwrap_or_else(|| defaults.profile.clone()),
            ..defaults
        };
        let server = match self.road_router {
            RoadRouter::Embedded => return Ok(embedded),
            RoadRouter::Osrm => ServiceDistances::osrm(&config(DistancesConfig::osrm(service()?)))?,
            RoadRouter::Valhalla => {
                ServiceDistances::valhalla(&config(DistancesConfig::valhalla(service()?)))?
            }
        };
        let joined = FallbackDistances::new(Arc::new(server), embedded);
        Ok(match self.road_router_server.fallback {
            Fallback::Embedded => Arc::new(joined),
            Fallback::None => Arc::new(joined.without_stand_in()),
        })
    }
}

fn share(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        _ => Err("give a number from 0 to 1".to_owned()),
    }
}
