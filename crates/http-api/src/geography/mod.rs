//! Places and distances, shown to a person: the same engine as the shipments'. Errors are those of the Dcycle family.

mod aliases;
mod distance;
mod geocode;

use emissions_core::{DistanceBasis, Mode};
use logistics_domain::Category;
use logistics_domain::geography::{Candidate, Geocoded, MatchType, Place};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::query::Query;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(geocode::geocode)
        .service(distance::distance)
        .service(aliases::list)
        .service(aliases::pin)
        .service(aliases::unpin)
        .service(aliases::avoided)
        .service(aliases::avoid);
}

/// A place.
#[derive(Debug, Serialize, ToSchema)]
struct PlaceBody {
    #[schema(example = "Madrid")]
    name: String,
    #[schema(example = "ES")]
    country: String,
    admin1: Option<String>,
    /// UN/LOCODE or IATA code of a port or airport.
    code: Option<String>,
    /// Degrees.
    lat: f64,
    /// Degrees.
    lon: f64,
    /// What in the query settled it.
    #[schema(value_type = Option<String>, example = "place")]
    #[serde(skip_serializing_if = "Option::is_none")]
    match_type: Option<MatchType>,
    /// From 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    confidence: Option<f64>,
}

impl PlaceBody {
    fn of(place: &Place) -> Self {
        Self {
            name: place.name.clone(),
            country: place.country.to_string(),
            admin1: place.admin1.clone(),
            code: place.code.clone(),
            lat: place.coordinates.lat(),
            lon: place.coordinates.lon(),
            match_type: None,
            confidence: None,
        }
    }

    fn found(found: &Geocoded) -> Self {
        let (match_type, confidence) = (Some(found.match_type), Some(found.confidence));
        Self { match_type, confidence, ..Self::of(&found.place) }
    }

    fn candidate(candidate: &Candidate) -> Self {
        Self { confidence: Some(candidate.confidence), ..Self::of(&candidate.place) }
    }
}

/// The mode of the query's `category`; road without it.
fn mode(query: &mut Query) -> Mode {
    let expected = "one of road, rail, maritime, air";
    match query.parsed("category", expected, Category::from_name).unwrap_or(Category::Road) {
        Category::Road => Mode::Road,
        Category::Rail => Mode::Rail,
        Category::Maritime => Mode::Sea,
        Category::Air => Mode::Air,
    }
}

/// The basis as standards abbreviate it.
fn basis(basis: DistanceBasis) -> &'static str {
    match basis {
        DistanceBasis::Actual => "actual",
        DistanceBasis::ShortestFeasible => "SFD",
        DistanceBasis::GreatCircle | DistanceBasis::GreatCirclePlus95 => "GCD",
    }
}
