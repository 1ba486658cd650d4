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
//! ```
//! use std::sync::Arc;
//!
//! use geo_services::{
//!     ConfigError, DistancesConfig, FallbackDistances, FallbackGeocoder, GeocoderConfig, GeocodingOrder, ServiceConfig,
//!     ServiceDistances, ServiceGeocoder,
//! };
//! use logistics_domain::geography::{DistanceProvider, Geocoder};
//!
//! fn with_servers(
//!     embedded: (Arc<dyn Geocoder>, Arc<dyn DistanceProvider>),
//! ) -> Result<(Arc<dyn Geocoder>, Arc<dyn DistanceProvider>), ConfigError> {
//!     let nominatim = GeocoderConfig::new(ServiceConfig::new("http://nominatim.internal:8080")?);
//!     let osrm = DistancesConfig::osrm(ServiceConfig::new("http://osrm.internal:5000")?);
//!     let places = Arc::new(ServiceGeocoder::nominatim(&nominatim)?);
//!     let roads = Arc::new(ServiceDistances::osrm(&osrm)?);
//!     Ok((
//!         Arc::new(FallbackGeocoder::new(places, embedded.0, GeocodingOrder::ServerFirst)),
//!         Arc::new(FallbackDistances::new(roads, embedded.1)),
//!     ))
//! }
//! ```
//!
//! `docs/geo-services.md` describes the settings and what is checked.
//!
//! [`Geocoder`]: logistics_domain::geography::Geocoder
//! [`DistanceProvider`]: logistics_domain::geography::DistanceProvider

mod config;
mod fallback;
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
