//! Places and road distances from the servers that people run.
//!
//! | server | port | constructor |
//! | --- | --- | --- |
//! | Nominatim | [`Geocoder`] | [`ServiceGeocoder::nominatim`] |
//! | Photon | [`Geocoder`] | [`ServiceGeocoder::photon`] |
//! | OSRM | [`DistanceProvider`] | [`ServiceDistances::osrm`] |
//! | Valhalla | [`DistanceProvider`] | [`ServiceDistances::valhalla`] |
//!
//! Each asks its server with a time-out, retries with exponential back-off and jitter, a circuit breaker, a limit of calls
//! under way and a cache, and believes nothing that it has not checked. [`FallbackGeocoder`] and [`FallbackDistances`]
//! join a server with another implementation of the port, usually the embedded one: it answers what the server does not
//! serve, and stands in, visibly, while the server is away.
//!
//! `docs/geo-services.md` describes the settings and what is checked.
//!
//! [`Geocoder`]: logistics_domain::geography::Geocoder
//! [`DistanceProvider`]: logistics_domain::geography::DistanceProvider

mod config;
mod fallback;
mod geodesic;
mod http;
mod memory;
mod places;
mod routes;

pub use config::{
    AuthHeader, BreakerPolicy, CachePolicy, ConfigError, DistancesConfig, GeocoderConfig, RetryPolicy,
    ServerUrl, ServiceConfig,
};
pub use fallback::{FallbackDistances, FallbackGeocoder, GeocodingOrder};
pub use places::ServiceGeocoder;
pub use routes::ServiceDistances;
