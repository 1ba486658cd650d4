//! What the tests ask, and how.

use std::time::Duration;

use emissions_core::{CountryCode, Mode};
use geo_services::{
    BreakerPolicy, DistancesConfig, GeocoderConfig, RetryPolicy, ServiceConfig, ServiceDistances,
    ServiceGeocoder,
};
use logistics_domain::geography::{
    AvoidedPassages, Coordinates, Distance, DistanceError, DistanceProvider, DistanceQuery, GeocodeError,
    Geocoded, Geocoder, Place, PlaceQuery,
};

/// A server that is asked once.
pub fn service(url: &str) -> ServiceConfig {
    let retry = RetryPolicy {
        retries: 0,
        base_delay: Duration::from_millis(1),
        max_delay: Duration::from_millis(50),
    };
    ServiceConfig { timeout: Duration::from_secs(5), retry, ..ServiceConfig::new(url).unwrap() }
}

/// The same, asked up to three times.
pub fn patient(url: &str) -> ServiceConfig {
    let config = service(url);
    ServiceConfig { retry: RetryPolicy { retries: 2, ..config.retry }, ..config }
}

/// For how long the breaker of a test rests.
pub const REST: Duration = Duration::from_secs(2);

/// The same, with a breaker that opens after so many failures.
pub fn breaking(url: &str, failures: u32) -> ServiceConfig {
    ServiceConfig { breaker: BreakerPolicy { failures, rest: REST }, ..service(url) }
}

pub fn osrm(config: ServiceConfig) -> ServiceDistances {
    ServiceDistances::osrm(&DistancesConfig::osrm(config)).unwrap()
}

pub fn valhalla(config: ServiceConfig) -> ServiceDistances {
    ServiceDistances::valhalla(&DistancesConfig::valhalla(config)).unwrap()
}

pub fn nominatim(config: ServiceConfig) -> ServiceGeocoder {
    ServiceGeocoder::nominatim(&GeocoderConfig::new(config)).unwrap()
}

pub fn photon(config: ServiceConfig) -> ServiceGeocoder {
    ServiceGeocoder::photon(&GeocoderConfig::new(config)).unwrap()
}

pub fn at(lat: f64, lon: f64) -> Coordinates {
    Coordinates::new(lat, lon).unwrap()
}

pub fn country(code: &str) -> CountryCode {
    CountryCode::parse(code).unwrap()
}

pub fn place(name: &str, code: &str, lat: f64, lon: f64) -> Place {
    Place {
        name: name.to_owned(),
        country: country(code),
        admin1: None,
        coordinates: at(lat, lon),
        code: None,
    }
}

/// The west and the east of Monaco: the ends of the recorded routes.
pub fn monaco() -> [Place; 2] {
    [place("West", "MC", 43.7311, 7.4126), place("East", "MC", 43.7495, 7.4389)]
}

pub fn by_road<'a>([origin, destination]: &'a [Place; 2]) -> DistanceQuery<'a> {
    DistanceQuery { origin, destination, mode: Mode::Road, avoid: AvoidedPassages::NONE, geometry: false }
}

pub async fn distance(provider: &dyn DistanceProvider, ends: &[Place; 2]) -> Result<Distance, DistanceError> {
    provider.distances(&[by_road(ends)]).await.remove(0)
}

pub async fn find(geocoder: &dyn Geocoder, text: &str, hint: Option<&str>) -> Result<Geocoded, GeocodeError> {
    let query = PlaceQuery { text, mode: Mode::Road, country_hint: hint.map(country) };
    geocoder.geocode(&[query]).await.remove(0)
}

/// A recorded answer.
pub fn recorded(name: &str) -> String {
    let path = format!("{}/tests/recorded/{name}.json", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}
