//! The embedded gazetteer.
//!
//! [`Gazetteer::geocode`] reads a query in steps, each in a module of its own: the query is cut into words, every name
//! and postal code in it is found, each name is weighed by what the rest of the query says, and the best place is
//! answered if it leads the second best clearly. `GEOCODING.md` tells the rules.

mod analysis;
mod answer;
mod candidates;
#[cfg(test)]
mod cities;
mod codes;
mod countries;
mod decide;
mod fuzzy;
mod geodesy;
mod postal;
mod score;
pub mod terminals;
mod text;
mod walk;
mod words;

use std::sync::LazyLock;

use emissions_core::CountryCode;
use freight_geo_index::gazetteer::{CountryBytes, Index};
use fst::Map;
use logistics_domain::geography::{GeocodeError, Geocoded, PlaceQuery};

use countries::Countries;

static INDEX_FILE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/gazetteer.idx"));

static INDEX: LazyLock<Index<'static>> =
    LazyLock::new(|| Index::open(INDEX_FILE).expect("the build script wrote this index with the same code"));

static GAZETTEER: LazyLock<Gazetteer> = LazyLock::new(|| Gazetteer {
    index: *INDEX,
    names: INDEX.names().expect("the build script wrote this index with the same code"),
    postal_keys: INDEX.postal_keys().expect("the build script wrote this index with the same code"),
    countries: Countries::read(*INDEX),
});

/// Answers below this confidence are refused unless a caller sets another one.
pub const DEFAULT_MIN_CONFIDENCE: f64 = 0.5;

/// What the answers come from.
const SOURCE: &str = "geonames 2026-03, un/locode 2024";

/// Places, postal codes, ports and airports of the world, in the executable.
#[derive(Debug)]
pub struct Gazetteer {
    index: Index<'static>,
    names: Map<&'static [u8]>,
    postal_keys: Map<&'static [u8]>,
    countries: Countries,
}

impl Gazetteer {
    /// The gazetteer that is part of this executable. Ready in well under a millisecond, and nothing is copied.
    #[must_use]
    pub fn embedded() -> &'static Self {
        &GAZETTEER
    }

    /// Finds the place that a query names, with [`DEFAULT_MIN_CONFIDENCE`].
    ///
    /// # Errors
    /// As [`Self::geocode_from`].
    pub fn geocode(&self, query: &PlaceQuery<'_>) -> Result<Geocoded, GeocodeError> {
        self.geocode_from(query, DEFAULT_MIN_CONFIDENCE)
    }

    /// Finds the place that a query names, if it is found with at least this confidence, from 0 to 1.
    ///
    /// # Errors
    /// [`GeocodeError::NotFound`] if nothing in the query is known; [`GeocodeError::Ambiguous`] if several places match
    /// about equally well or the best one not well enough.
    pub fn geocode_from(
        &self,
        query: &PlaceQuery<'_>,
        min_confidence: f64,
    ) -> Result<Geocoded, GeocodeError> {
        decide::geocode(self, query, min_confidence)
    }

    /// The number of places that the gazetteer knows.
    #[must_use]
    pub fn place_count(&self) -> usize {
        self.index.place_count()
    }
}

fn country_code(bytes: CountryBytes) -> Option<CountryCode> {
    CountryCode::parse(std::str::from_utf8(&bytes).ok()?).ok()
}
