//! What geocoding servers answer, in common words.

use std::collections::HashSet;

use emissions_core::CountryCode;
use logistics_domain::geography::{Coordinates, MatchType, Place};

use super::words::words;
use crate::http::Unusable;

/// One of a server's answers.
#[derive(Debug, Clone)]
pub(super) struct Hit {
    /// Tells answers apart that came twice.
    pub id: String,
    pub place: Place,
    pub kind: Kind,
    /// Names of the thing itself, each as a set of words.
    pub names: Vec<HashSet<String>>,
    /// Words of the town that it lies in.
    pub town: HashSet<String>,
    /// Words of the country's name.
    pub country: HashSet<String>,
    /// All words that stand for it, those of its surroundings included.
    pub known: HashSet<String>,
    pub population: Option<f64>,
}

/// What kind of thing an answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A house or a street.
    Address,
    /// The area of a postal code.
    Postcode,
    City,
    Town,
    Village,
    /// A hamlet, a quarter, or another named spot where people live.
    Locality,
    /// A port, an airport or a station.
    Terminal,
    /// Anything else that has a name.
    Feature,
    /// A county, province or state.
    Region,
    Country,
}

impl Kind {
    /// From an OpenStreetMap value, as in `city`, and the key that it stands for, as in `place`.
    pub fn of(key: &str, value: &str) -> Self {
        match (key, value) {
            (_, "country") => Self::Country,
            (
                _,
                "state" | "region" | "province" | "county" | "state_district" | "archipelago" | "island"
                | "district",
            ) => Self::Region,
            (_, "postcode" | "postal_code") => Self::Postcode,
            ("aeroway", _) | (_, "aerodrome" | "aeroway" | "port" | "harbour" | "ferry_terminal") => {
                Self::Terminal
            }
            (_, "city" | "municipality") => Self::City,
            (_, "town" | "borough") => Self::Town,
            (_, "village") => Self::Village,
            (_, "road" | "house" | "street" | "house_number")
            | ("highway" | "building" | "place", "residential" | "yes") => Self::Address,
            ("place", _)
            | (
                _,
                "suburb" | "quarter" | "neighbourhood" | "hamlet" | "locality" | "city_district"
                | "city_block",
            ) => Self::Locality,
            _ => Self::Feature,
        }
    }

    pub fn match_type(self) -> MatchType {
        match self {
            Self::Postcode => MatchType::Postal,
            Self::Terminal => MatchType::Terminal,
            Self::Region => MatchType::Region,
            Self::Country => MatchType::Country,
            Self::Address | Self::City | Self::Town | Self::Village | Self::Locality | Self::Feature => {
                MatchType::Place
            }
        }
    }

    /// How much an answer of the kind says about where freight goes, if all that was written agrees. Ours; regions and
    /// countries as in the embedded geocoder.
    pub fn precision(self) -> f64 {
        match self {
            Self::Address | Self::Postcode | Self::City | Self::Town | Self::Village => 0.95,
            Self::Locality | Self::Terminal => 0.9,
            Self::Feature => 0.6,
            Self::Region => 0.4,
            Self::Country => 0.2,
        }
    }

    /// The decimal logarithm of the population that a place of the kind has about, after OpenStreetMap's definitions of
    /// city, town and village; for what has no population, a number that puts it where it belongs among them. Ours.
    pub fn size(self) -> f64 {
        match self {
            Self::Country => 7.5,
            Self::Region => 6.5,
            Self::City => 5.3,
            Self::Town => 4.3,
            Self::Village => 3.3,
            Self::Locality | Self::Terminal => 2.3,
            Self::Postcode | Self::Address => 1.0,
            Self::Feature => 0.5,
        }
    }

    pub fn is_area(self) -> bool {
        matches!(self, Self::Region | Self::Country)
    }
}

impl Hit {
    pub fn new(id: String, place: Place, kind: Kind) -> Self {
        let mut hit = Self {
            id,
            kind,
            names: Vec::new(),
            town: HashSet::new(),
            country: HashSet::new(),
            known: HashSet::new(),
            population: None,
            place,
        };
        if let Some(admin1) = hit.place.admin1.clone() {
            hit.know(&admin1);
        }
        hit
    }

    /// Adds a name of the thing itself.
    pub fn name(&mut self, name: &str) {
        let name: HashSet<String> = words(name).into_iter().collect();
        if !name.is_empty() {
            self.known.extend(name.iter().cloned());
            self.names.push(name);
        }
    }

    pub fn set_town(&mut self, town: &str) {
        self.town.extend(words(town));
        self.know(town);
    }

    pub fn set_country(&mut self, country: &str) {
        self.country.extend(words(country));
        self.know(country);
    }

    /// Adds words that may stand for it.
    pub fn know(&mut self, text: &str) {
        self.known.extend(words(text));
    }

    /// The same thing in another language.
    pub fn learn(&mut self, other: Self) {
        self.names.extend(other.names);
        self.town.extend(other.town);
        self.country.extend(other.country);
        self.known.extend(other.known);
        self.population = self.population.or(other.population);
    }
}

/// Where an answer lies, if that is on Earth.
pub(super) fn located(lat: f64, lon: f64) -> Result<Coordinates, Unusable> {
    Coordinates::new(lat, lon).map_err(|error| Unusable::Garbled(error.to_string()))
}

/// An answer's country. One in no country, such as an ocean, is no destination of freight.
pub(super) fn country(code: Option<&str>) -> Option<CountryCode> {
    CountryCode::parse(code?).ok()
}
