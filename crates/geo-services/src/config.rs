//! What an operator can set about a server.

use std::num::NonZeroUsize;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::{HeaderName, HeaderValue};
use thiserror::Error;

/// Public instances that ask not to be used in bulk. They are accepted at one request a second or less.
const PUBLIC_HOSTS: [&str; 6] = [
    "nominatim.openstreetmap.org",
    "photon.komoot.io",
    "router.project-osrm.org",
    "routing.openstreetmap.de",
    "valhalla1.openstreetmap.de",
    "valhalla.openstreetmap.de",
];

/// No wait may be longer.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 60 * 60);

/// Why a configuration is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ConfigError {
    /// The address is not one that a server can be asked at.
    #[error("`{url}` is not the address of a server: {reason}")]
    Url {
        /// The address, without user and password.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The server is a public one, run for others.
    #[error(
        "{host} is a public server that asks not to be used in bulk; run your own, or set at most one request a second"
    )]
    PublicServer {
        /// The server.
        host: String,
    },
    /// A number is out of its range.
    #[error("{setting} must be {range}")]
    Number {
        /// The setting's name.
        setting: &'static str,
        /// What it may be.
        range: &'static str,
    },
    /// The header for the server is not one.
    #[error("the authentication header must be written as `Name: value`")]
    AuthHeader,
    /// The HTTP client cannot be made.
    #[error("the HTTP client cannot be made: {0}")]
    Client(String),
}

/// A header that tells the server who asks, as in `Authorization: Bearer …`. Its value is never shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthHeader {
    pub(crate) name: HeaderName,
    /// Marked as sensitive, which hides it from `Debug`.
    pub(crate) value: HeaderValue,
}

impl std::str::FromStr for AuthHeader {
    type Err = ConfigError;

    /// Takes a header as `Name: value`. The error doesn't repeat the text.
    fn from_str(header: &str) -> Result<Self, ConfigError> {
        let (name, value) = header.split_once(':').ok_or(ConfigError::AuthHeader)?;
        let name = HeaderName::try_from(name.trim()).ok().ok_or(ConfigError::AuthHeader)?;
        let mut value = HeaderValue::try_from(value.trim()).ok().ok_or(ConfigError::AuthHeader)?;
        if value.is_empty() {
            return Err(ConfigError::AuthHeader);
        }
        value.set_sensitive(true);
        Ok(Self { name, value })
    }
}

/// The address of a server, as in `http://nominatim.internal:8080` or `https://maps.example.com/osrm`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerUrl(pub(crate) Url);

impl std::str::FromStr for ServerUrl {
    type Err = ConfigError;

    /// Takes an `http` address, or an `https` one where this crate was built with the feature `tls`, without user, query and
    /// fragment.
    fn from_str(text: &str) -> Result<Self, ConfigError> {
        parse_url(text).map(Self)
    }
}

fn parse_url(text: &str) -> Result<Url, ConfigError> {
    let refused =
        |url: &str, reason: &str| Err(ConfigError::Url { url: url.to_owned(), reason: reason.to_owned() });
    let url = match Url::parse(text.trim()) {
        Ok(url) => url,
        // Not shown: it may be a password with a typing error before it.
        Err(error) => return refused("…", &error.to_string()),
    };
    let shown = format!("{}://{}{}", url.scheme(), url.host_str().unwrap_or_default(), url.path());
    match url.scheme() {
        "http" => {}
        "https" if cfg!(feature = "tls") => {}
        "https" => return refused(&shown, "this build speaks http only (feature `tls`)"),
        _ => return refused(&shown, "it must begin with http:// or https://"),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return refused(&shown, "give user and password as an authentication header");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return refused(&shown, "it must end with the path");
    }
    Ok(url)
}

/// How often a call that failed for a passing reason is repeated.
///
/// The n-th repetition waits a random time between 0 and `base_delay` x 2^(n-1), at most `max_delay` ("full jitter"), or
/// as long as the server's `Retry-After` in seconds asks. A server that asks for more than `max_delay` is not asked again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// How many times a call is repeated. Default 2.
    pub retries: u32,
    /// The longest wait before the first repetition. Default 200 ms.
    pub base_delay: Duration,
    /// The longest wait before any repetition. Default 5 s.
    pub max_delay: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self { retries: 2, base_delay: Duration::from_millis(200), max_delay: Duration::from_secs(5) }
    }
}

/// When a server that fails is left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BreakerPolicy {
    /// So many failures in a row open the breaker: no calls any more. At least 1; default 5.
    pub failures: u32,
    /// After this time one call may try again; if it succeeds, the breaker closes. Default 30 s.
    pub rest: Duration,
}

impl Default for BreakerPolicy {
    fn default() -> Self {
        Self { failures: 5, rest: Duration::from_secs(30) }
    }
}

/// How many answers are kept, and how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CachePolicy {
    /// How many answers are kept at most; 0 keeps none. Default 100,000.
    pub entries: usize,
    /// For how long: new data of the server shows after this time. Default 24 h.
    pub time_to_live: Duration,
    /// For how long it is remembered that there is no answer. Default 10 min.
    pub time_to_live_of_nothing: Duration,
}

impl Default for CachePolicy {
    fn default() -> Self {
        Self {
            entries: 100_000,
            time_to_live: Duration::from_secs(24 * 60 * 60),
            time_to_live_of_nothing: Duration::from_secs(10 * 60),
        }
    }
}

/// A server and how it is asked.
#[derive(Debug, Clone)]
pub struct ServiceConfig {
    /// Where it is.
    pub url: ServerUrl,
    /// How long one call may take, from connecting to the last byte. Default 10 s.
    pub timeout: Duration,
    /// How long connecting may take. Default 3 s.
    pub connect_timeout: Duration,
    /// How long a batch may take; what has no answer then is unavailable. Default 5 min.
    pub batch_timeout: Duration,
    /// How many calls may be under way at once, over all batches. Default 8.
    pub concurrency: NonZeroUsize,
    /// How many calls may begin in a second; no limit by default.
    pub requests_per_second: Option<f64>,
    /// The largest answer that is read, in bytes. Default 16 MiB.
    pub max_answer_bytes: usize,
    /// How failed calls are repeated.
    pub retry: RetryPolicy,
    /// When the server is left alone.
    pub breaker: BreakerPolicy,
    /// What is remembered.
    pub cache: CachePolicy,
    /// A header that tells the server who asks.
    pub auth: Option<AuthHeader>,
}

impl ServiceConfig {
    /// A server at an address, with the defaults.
    ///
    /// # Errors
    /// [`ConfigError::Url`], as parsing a [`ServerUrl`].
    pub fn new(url: &str) -> Result<Self, ConfigError> {
        url.parse().map(Self::at)
    }

    /// A server at an address, with the defaults.
    #[must_use]
    pub fn at(url: ServerUrl) -> Self {
        Self {
            url,
            timeout: Duration::from_secs(10),
            connect_timeout: Duration::from_secs(3),
            batch_timeout: Duration::from_secs(300),
            concurrency: NonZeroUsize::new(8).unwrap_or(NonZeroUsize::MIN),
            requests_per_second: None,
            max_answer_bytes: 16 * 1024 * 1024,
            retry: RetryPolicy::default(),
            breaker: BreakerPolicy::default(),
            cache: CachePolicy::default(),
            auth: None,
        }
    }

    /// Refuses what cannot work, and public servers at more than one request a second.
    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        let number = |setting, range| Err(ConfigError::Number { setting, range });
        let rate = self.requests_per_second;
        if rate.is_some_and(|rate| !(rate.is_finite() && rate > 0.0)) {
            return number("requests_per_second", "more than 0");
        }
        if self.breaker.failures == 0 {
            return number("breaker.failures", "at least 1");
        }
        let sensible = |time: Duration| !time.is_zero() && time <= LONGEST_WAIT;
        let waits =
            [self.timeout, self.connect_timeout, self.batch_timeout, self.breaker.rest, self.retry.max_delay];
        if !waits.into_iter().all(sensible) {
            return number("each time", "more than 0 and at most a day");
        }
        let host = self.url.0.host_str().unwrap_or_default();
        if PUBLIC_HOSTS.contains(&host) && rate.is_none_or(|rate| rate > 1.0) {
            return Err(ConfigError::PublicServer { host: host.to_owned() });
        }
        Ok(())
    }
}

/// A geocoding server and how its answers are judged.
#[derive(Debug, Clone)]
pub struct GeocoderConfig {
    /// The server.
    pub service: ServiceConfig,
    /// The confidence that an answer needs, from 0 to 1; below it the address is ambiguous. Default 0.5.
    pub min_confidence: f64,
    /// The language that names are asked in, as in `en`. Default `en`.
    pub language: String,
}

impl GeocoderConfig {
    /// The defaults for a server.
    #[must_use]
    pub fn new(service: ServiceConfig) -> Self {
        Self { service, min_confidence: 0.5, language: "en".to_owned() }
    }

    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        if !(0.0..=1.0).contains(&self.min_confidence) {
            return Err(ConfigError::Number { setting: "min_confidence", range: "from 0 to 1" });
        }
        Ok(())
    }
}

/// A routing server and how its answers are judged.
#[derive(Debug, Clone)]
pub struct DistancesConfig {
    /// The server.
    pub service: ServiceConfig,
    /// How far a place may lie from the road that stands for it, in kilometres; further off there is no route. Default 5.
    pub max_snap_km: f64,
    /// OSRM: the profile in the path, default `driving`. Valhalla: the costing, default `truck`.
    pub profile: String,
}

impl DistancesConfig {
    /// The defaults for OSRM.
    #[must_use]
    pub fn osrm(service: ServiceConfig) -> Self {
        Self { service, max_snap_km: DEFAULT_SNAP_KM, profile: "driving".to_owned() }
    }

    /// The defaults for Valhalla.
    #[must_use]
    pub fn valhalla(service: ServiceConfig) -> Self {
        Self { service, max_snap_km: DEFAULT_SNAP_KM, profile: "truck".to_owned() }
    }

    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        if !(self.max_snap_km.is_finite() && self.max_snap_km > 0.0) {
            return Err(ConfigError::Number { setting: "max_snap_km", range: "more than 0" });
        }
        let word = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if self.profile.is_empty() || !self.profile.chars().all(word) {
            return Err(ConfigError::Number { setting: "profile", range: "a word of letters and digits" });
        }
        Ok(())
    }
}

/// Town centres of GeoNames lie on squares and in parks, seldom kilometres from a road. Ours.
const DEFAULT_SNAP_KM: f64 = 5.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_cannot_be_asked_are_refused_without_secrets() {
        for wrong in [
            "nominatim",
            "ftp://host",
            "http://u:secret@host/",
            "http://host/?key=secret",
            "http://host/#x",
            "http://[::1",
        ] {
            let error = ServiceConfig::new(wrong).unwrap_err().to_string();
            assert!(!error.contains("secret"), "{error}");
        }
        assert!(ServiceConfig::new(" http://host:8080/nominatim/ ").is_ok());
        assert_eq!(ServiceConfig::new("https://host").is_ok(), cfg!(feature = "tls"));
    }

    #[test]
    fn public_servers_need_a_slow_pace() {
        let mut config = ServiceConfig::new("http://router.project-osrm.org").unwrap();
        assert!(matches!(config.check(), Err(ConfigError::PublicServer { .. })));
        config.requests_per_second = Some(5.0);
        assert!(matches!(config.check(), Err(ConfigError::PublicServer { .. })));
        config.requests_per_second = Some(1.0);
        assert_eq!(config.check(), Ok(()));
    }

    #[test]
    fn numbers_out_of_range_are_refused() {
        let good = ServiceConfig::new("http://host").unwrap();
        for rate in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(ServiceConfig { requests_per_second: Some(rate), ..good.clone() }.check().is_err());
        }
        for timeout in [Duration::ZERO, Duration::MAX] {
            assert!(ServiceConfig { timeout, ..good.clone() }.check().is_err());
        }
        let breaker = BreakerPolicy { failures: 0, ..BreakerPolicy::default() };
        assert!(ServiceConfig { breaker, ..good.clone() }.check().is_err());
        assert!(GeocoderConfig { min_confidence: 1.5, ..GeocoderConfig::new(good.clone()) }.check().is_err());
        let osrm = DistancesConfig::osrm(good.clone());
        assert!(DistancesConfig { max_snap_km: f64::NAN, ..osrm }.check().is_err());
        assert!(
            DistancesConfig { profile: "../x".to_owned(), ..DistancesConfig::valhalla(good) }
                .check()
                .is_err()
        );
    }

    #[test]
    fn the_authentication_header_is_never_shown() {
        let header = "Authorization: Bearer hush".parse::<AuthHeader>().unwrap();
        assert!(!format!("{header:?}").contains("hush"));
        for wrong in ["hush", "na me: hush", "name:", "name: a\nb"] {
            assert_eq!(wrong.parse::<AuthHeader>(), Err(ConfigError::AuthHeader));
        }
    }
}
