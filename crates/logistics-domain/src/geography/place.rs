//! Coordinates, places, the answers to queries for one, and the port that gives them.

use async_trait::async_trait;
use emissions_core::{CountryCode, Mode};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A point that is not on the globe.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
#[error(
    "latitude {lat}, longitude {lon} is not a point on Earth: latitude goes from -90 to 90, longitude from -180 to 180"
)]
pub struct InvalidCoordinates {
    /// The latitude offered, in degrees.
    pub lat: f64,
    /// The longitude offered, in degrees.
    pub lon: f64,
}

/// A point on Earth (WGS 84), in **decimal degrees**.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "RawCoordinates")]
pub struct Coordinates {
    lat: f64,
    lon: f64,
}

#[derive(Deserialize)]
struct RawCoordinates {
    lat: f64,
    lon: f64,
}

impl TryFrom<RawCoordinates> for Coordinates {
    type Error = InvalidCoordinates;

    fn try_from(raw: RawCoordinates) -> Result<Self, InvalidCoordinates> {
        Self::new(raw.lat, raw.lon)
    }
}

impl Coordinates {
    /// Takes a latitude from -90 to 90 and a longitude from -180 to 180, in decimal degrees.
    ///
    /// # Errors
    /// [`InvalidCoordinates`] outside these ranges.
    pub fn new(lat: f64, lon: f64) -> Result<Self, InvalidCoordinates> {
        if (-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lon) {
            Ok(Self { lat, lon })
        } else {
            Err(InvalidCoordinates { lat, lon })
        }
    }

    /// Latitude in decimal degrees, north positive.
    #[must_use]
    pub const fn lat(self) -> f64 {
        self.lat
    }

    /// Longitude in decimal degrees, east positive.
    #[must_use]
    pub const fn lon(self) -> f64 {
        self.lon
    }
}

/// What in a query settled the place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatchType {
    /// A latitude and a longitude written in the query.
    Coordinates,
    /// A UN/LOCODE or IATA code.
    Code,
    /// A postal code.
    Postal,
    /// The name of a port, an airport or another terminal.
    Terminal,
    /// The name of a town or city.
    Place,
    /// The name of a region; the place is its centre.
    Region,
    /// The name of a country; the place is its main city.
    Country,
    /// A name at a small edit distance from what was written.
    Fuzzy,
    /// An alias that the organization pinned.
    Alias,
}

/// A place on the map.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// The place's usual name.
    pub name: String,
    /// The country that the place lies in.
    pub country: CountryCode,
    /// The first-level subdivision, such as a state or region, where known.
    pub admin1: Option<String>,
    /// Where it is.
    pub coordinates: Coordinates,
    /// Its UN/LOCODE or IATA code, where it was found by one or is a port or an airport.
    pub code: Option<String>,
}

/// A place that a query may have meant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// The place.
    pub place: Place,
    /// How sure the geocoder is, from 0 to 1.
    pub confidence: f64,
}

/// A query's answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Geocoded {
    /// The place that the query names.
    pub place: Place,
    /// What in the query settled it.
    pub match_type: MatchType,
    /// The part of the query that matched, as it was written.
    pub matched: String,
    /// How sure the geocoder is, from 0 to 1.
    pub confidence: f64,
    /// What the answer came from, with its version, as in `geonames 2026-08`.
    pub source: String,
    /// The country hint settled it: without the hint, another place or none would have been chosen.
    pub settled_by_hint: bool,
    /// The next best places, best first; at most five.
    pub beaten: Vec<Candidate>,
}

/// A question to a [`Geocoder`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlaceQuery<'a> {
    /// An address, place name, code or pair of coordinates, as a person wrote it.
    pub text: &'a str,
    /// The mode that the shipment takes there: ports come first for ships, airports for planes.
    pub mode: Mode,
    /// The country that the place is probably in, where something tells. It is a prior: a country named in the text wins.
    pub country_hint: Option<CountryCode>,
}

/// Why a query has no answer.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum GeocodeError {
    /// Nothing matches.
    #[error(
        "no place was found for `{query}`; give a town with its country, a postal code with its country, a UN/LOCODE, or `latitude, longitude`"
    )]
    NotFound {
        /// The query's text.
        query: String,
    },
    /// Several places match about equally well, or the best one not well enough.
    #[error("`{query}` could be {}; name the country or region", list(candidates))]
    Ambiguous {
        /// The query's text.
        query: String,
        /// What it could mean, best first; at least one.
        candidates: Vec<Candidate>,
    },
    /// The geocoder could not be asked.
    #[error("the geocoder is not available: {reason}")]
    Unavailable {
        /// What went wrong, for the log.
        reason: String,
    },
}

fn list(candidates: &[Candidate]) -> String {
    let names: Vec<String> = candidates
        .iter()
        .map(|Candidate { place, .. }| match &place.admin1 {
            Some(admin1) => format!("{}, {admin1}, {}", place.name, place.country),
            None => format!("{}, {}", place.name, place.country),
        })
        .collect();
    names.join(" or ")
}

/// Finds places by what people write.
#[async_trait]
pub trait Geocoder: Send + Sync {
    /// One answer for each query, in their order.
    async fn geocode(&self, queries: &[PlaceQuery<'_>]) -> Vec<Result<Geocoded, GeocodeError>>;
}
