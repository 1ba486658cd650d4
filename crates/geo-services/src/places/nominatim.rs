//! Nominatim: `GET /search` and `GET /reverse` with `format=jsonv2`.

use std::collections::HashMap;

use emissions_core::CountryCode;
use logistics_domain::geography::{Coordinates, Place};
use serde::Deserialize;

use super::choose::Strictness;
use super::hit::{Hit, Kind, country, located};
use super::{Gap, Search};
use crate::http::{Answer, Request, Unusable};

/// How many answers are asked for: enough to see whether a name is shared. The server gives at most 40.
const LIMIT: u8 = 10;

/// How detailed `/reverse` shall be: the town, not the house.
const TOWN_ZOOM: u8 = 13;

pub(super) struct Nominatim {
    pub language: String,
}

impl Nominatim {
    fn request(&self, path: &str, own: [(&'static str, String); 2]) -> Request {
        let mut query = Vec::from(own);
        query.extend([
            ("format", "jsonv2".to_owned()),
            ("addressdetails", "1".to_owned()),
            ("namedetails", "1".to_owned()),
            ("extratags", "1".to_owned()),
            ("accept-language", self.language.clone()),
        ]);
        Request { path: path.to_owned(), query, body: None }
    }
}

impl Search for Nominatim {
    fn search(&self, text: &str) -> Request {
        self.request("search", [("q", text.to_owned()), ("limit", LIMIT.to_string())])
    }

    fn reverse(&self, at: Coordinates) -> Request {
        let mut request = self
            .request("reverse", [("lat", format!("{:.6}", at.lat())), ("lon", format!("{:.6}", at.lon()))]);
        request.query.push(("zoom", TOWN_ZOOM.to_string()));
        request
    }

    /// `countrycodes` is a filter, so it is never put into the first question.
    fn more(&self, text: &str, gap: Gap) -> Vec<Request> {
        let within = |country: CountryCode| {
            let mut request = self.search(text);
            request.query.push(("countrycodes", country.as_str().to_ascii_lowercase()));
            request
        };
        gap.country.map(within).into_iter().collect()
    }

    fn read(&self, answer: &Answer) -> Result<Vec<Hit>, Unusable> {
        let results = match serde_json::from_slice(&answer.body)? {
            Response::Refused { error: Refusal::Text(text) } if text == "Unable to geocode" => Vec::new(),
            Response::Refused { error } => return Err(Unusable::Refused(error.text())),
            Response::Many(_) | Response::One(_) if !answer.ok => {
                return Err(Unusable::Garbled("HTTP 400 with an answer".to_owned()));
            }
            Response::Many(results) => results,
            Response::One(result) => vec![*result],
        };
        results.into_iter().filter_map(|result| result.hit().transpose()).collect()
    }

    /// A house number may be missing, every other word is required.
    fn strictness(&self) -> Strictness {
        Strictness::AllWordsFound
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Response {
    Refused { error: Refusal },
    Many(Vec<Found>),
    One(Box<Found>),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Refusal {
    Text(String),
    Coded { message: String },
}

impl Refusal {
    fn text(self) -> String {
        match self {
            Self::Text(text) | Self::Coded { message: text } => text,
        }
    }
}

#[derive(Deserialize)]
struct Found {
    /// A number, written as a text.
    lat: String,
    lon: String,
    #[serde(default)]
    osm_type: String,
    #[serde(default)]
    osm_id: u64,
    #[serde(default)]
    category: String,
    #[serde(default)]
    addresstype: String,
    name: Option<String>,
    display_name: String,
    #[serde(default)]
    address: HashMap<String, String>,
    namedetails: Option<HashMap<String, String>>,
    extratags: Option<HashMap<String, String>>,
}

impl Found {
    fn hit(self) -> Result<Option<Hit>, Unusable> {
        let at = located(degrees(&self.lat)?, degrees(&self.lon)?)?;
        let Some(country) = country(self.part("country_code")) else {
            return Ok(None);
        };
        let own_name = self.name.as_deref().filter(|name| !name.is_empty());
        let kind = match own_name {
            Some(_) => Kind::of(&self.category, &self.addresstype),
            None => Kind::Address,
        };
        let town = self.first_part(&["city", "town", "village", "municipality", "hamlet"]);
        let place = Place {
            name: self.shown_name(kind, own_name, town),
            country,
            admin1: self.first_part(&["state", "region", "province"]).map(str::to_owned),
            coordinates: at,
            code: None,
        };
        let mut hit = Hit::new(self.id(), place, kind);
        own_name.into_iter().for_each(|name| hit.name(name));
        self.names().for_each(|name| hit.name(name));
        town.into_iter().for_each(|town| hit.set_town(town));
        self.part("country").into_iter().for_each(|country| hit.set_country(country));
        self.address.values().for_each(|part| hit.know(part));
        hit.population = self.population();
        Ok(Some(hit))
    }

    fn part(&self, key: &str) -> Option<&str> {
        self.address.get(key).map(String::as_str)
    }

    fn first_part(&self, keys: &[&str]) -> Option<&str> {
        keys.iter().find_map(|key| self.part(key))
    }

    /// A country has no OpenStreetMap object.
    fn id(&self) -> String {
        match self.osm_id {
            0 => format!("{} {}", self.lat, self.lon),
            id => format!("{} {id}", self.osm_type),
        }
    }

    fn shown_name(&self, kind: Kind, own_name: Option<&str>, town: Option<&str>) -> String {
        match (kind, own_name, town) {
            (Kind::Address | Kind::Postcode | Kind::Feature | Kind::Locality, Some(name), Some(town))
                if name != town =>
            {
                format!("{name}, {town}")
            }
            (_, Some(name), _) => name.to_owned(),
            (_, None, _) => self.display_name.split(", ").take(3).collect::<Vec<_>>().join(", "),
        }
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        let is_name = |key: &str| key.split(':').next().is_some_and(|key| key.ends_with("name"));
        let details = self.namedetails.iter().flatten();
        details.filter(move |(key, _)| is_name(key)).map(|(_, name)| name.as_str())
    }

    fn population(&self) -> Option<f64> {
        let written = self.extratags.as_ref()?.get("population")?;
        let digits: String = written.chars().filter(|c| !matches!(c, ' ' | ',' | '.' | '\'')).collect();
        digits.parse::<u32>().ok().map(f64::from)
    }
}

fn degrees(text: &str) -> Result<f64, Unusable> {
    text.parse().ok().ok_or_else(|| Unusable::Garbled(format!("`{text}` is no number of degrees")))
}
