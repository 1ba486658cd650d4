//! Photon: `GET /api` and `GET /reverse`, GeoJSON.

use logistics_domain::geography::{Coordinates, Place};
use serde::Deserialize;
use serde_json::Value;

use super::choose::Strictness;
use super::hit::{Hit, Kind, country, located};
use super::{Gap, Search};
use crate::http::{Answer, Request, Unusable};

/// How many answers are asked for: enough to see whether a name is shared.
const LIMIT: u8 = 15;

pub(super) struct Photon {
    pub language: String,
}

impl Photon {
    fn api(&self, text: &str, language: Option<&str>) -> Request {
        let mut query = vec![("q", text.to_owned()), ("limit", LIMIT.to_string())];
        query.extend(language.map(|language| ("lang", language.to_owned())));
        Request { path: "api".to_owned(), query, body: None }
    }
}

impl Search for Photon {
    fn search(&self, text: &str) -> Request {
        self.api(text, Some(&self.language))
    }

    fn reverse(&self, at: Coordinates) -> Request {
        let query = vec![
            ("lat", format!("{:.6}", at.lat())),
            ("lon", format!("{:.6}", at.lon())),
            ("lang", self.language.clone()),
        ];
        Request { path: "reverse".to_owned(), query, body: None }
    }

    /// Names come in one language only: words that agree with nothing may be in the country's own.
    fn more(&self, text: &str, gap: Gap) -> Vec<Request> {
        let local = gap.words.then(|| self.api(text, None));
        let within = gap.country.map(|country| {
            let mut request = self.search(text);
            request.query.push(("countrycode", country.as_str().to_owned()));
            request
        });
        local.into_iter().chain(within).collect()
    }

    fn read(&self, answer: &Answer) -> Result<Vec<Hit>, Unusable> {
        if !answer.ok {
            let refusal: Refusal = serde_json::from_slice(&answer.body)?;
            return Err(Unusable::Refused(refusal.message));
        }
        let collection: Collection = serde_json::from_slice(&answer.body)?;
        collection.features.into_iter().filter_map(|feature| feature.hit().transpose()).collect()
    }

    fn strictness(&self) -> Strictness {
        Strictness::Lenient
    }
}

#[derive(Deserialize)]
struct Refusal {
    message: String,
}

#[derive(Deserialize)]
struct Collection {
    features: Vec<Feature>,
}

#[derive(Deserialize)]
struct Feature {
    geometry: Point,
    properties: Properties,
}

#[derive(Deserialize)]
struct Point {
    /// Longitude and latitude.
    coordinates: [f64; 2],
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Properties {
    osm_type: String,
    osm_id: u64,
    osm_key: String,
    osm_value: String,
    #[serde(rename = "type")]
    layer: Option<String>,
    name: Option<String>,
    housenumber: Option<String>,
    street: Option<String>,
    locality: Option<String>,
    district: Option<String>,
    city: Option<String>,
    county: Option<String>,
    state: Option<String>,
    postcode: Option<String>,
    country: Option<String>,
    countrycode: Option<String>,
    /// Tags that the server was told to keep.
    extra: Option<Value>,
}

impl Feature {
    fn hit(self) -> Result<Option<Hit>, Unusable> {
        let [lon, lat] = self.geometry.coordinates;
        let at = located(lat, lon)?;
        let about = self.properties;
        let Some(country) = country(about.countrycode.as_deref()) else {
            return Ok(None);
        };
        let kind = about.kind();
        let name = about.shown_name(kind);
        let place = Place { name, country, admin1: about.state.clone(), coordinates: at, code: None };
        let mut hit = Hit::new(format!("{} {}", about.osm_type, about.osm_id), place, kind);
        about.name.iter().for_each(|name| hit.name(name));
        let town = match kind {
            Kind::City | Kind::Town | Kind::Village => &about.name,
            _ => &about.city,
        };
        town.iter().for_each(|town| hit.set_town(town));
        about.country.iter().for_each(|country| hit.set_country(country));
        about.surroundings().for_each(|part| hit.know(part));
        hit.population = about.population();
        Ok(Some(hit))
    }
}

impl Properties {
    /// A layer says more than a tag, but `city` stands for every settlement.
    fn kind(&self) -> Kind {
        match (self.layer.as_deref(), self.osm_value.as_str()) {
            (Some("house" | "street"), _) if self.osm_key != "aeroway" && self.osm_key != "railway" => {
                Kind::Address
            }
            (Some("district" | "locality"), _) => Kind::Locality,
            (Some("county" | "state"), _) => Kind::Region,
            (Some("country"), _) => Kind::Country,
            (Some("city"), "city") => Kind::City,
            (Some("city"), "village") => Kind::Village,
            (Some("city"), "hamlet") => Kind::Locality,
            // A boundary doesn't tell how large the place is.
            (Some("city"), _) => Kind::Town,
            (_, value) => Kind::of(&self.osm_key, value),
        }
    }

    fn shown_name(&self, kind: Kind) -> String {
        let street = || {
            let parts = [self.street.as_deref(), self.housenumber.as_deref()];
            parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
        };
        let own = self.name.clone().unwrap_or_else(street);
        match (kind, &self.city) {
            (Kind::Address | Kind::Postcode | Kind::Feature | Kind::Locality, Some(city)) if *city != own => {
                if own.is_empty() {
                    city.clone()
                } else {
                    format!("{own}, {city}")
                }
            }
            _ => own,
        }
    }

    fn surroundings(&self) -> impl Iterator<Item = &String> {
        let parts = [
            &self.housenumber,
            &self.street,
            &self.locality,
            &self.district,
            &self.city,
            &self.county,
            &self.state,
            &self.postcode,
        ];
        parts.into_iter().flatten()
    }

    fn population(&self) -> Option<f64> {
        self.extra.as_ref()?.get("population")?.as_str()?.parse::<u32>().ok().map(f64::from)
    }
}
