//! What the commands about places share.

use emissions_core::{CountryCode, Mode};
use freight_geo::gazetteer::Gazetteer;
use logistics_domain::Category;
use logistics_domain::geography::{Geocoded, PlaceQuery};

use crate::Failure;

/// A category of the APIs, as an argument.
pub fn category(name: &str) -> Result<Mode, String> {
    match Category::from_name(name) {
        Some(Category::Road) => Ok(Mode::Road),
        Some(Category::Rail) => Ok(Mode::Rail),
        Some(Category::Maritime) => Ok(Mode::Sea),
        Some(Category::Air) => Ok(Mode::Air),
        None => Err("give road, rail, maritime or air".to_owned()),
    }
}

/// A country, as an argument.
pub fn country(code: &str) -> Result<CountryCode, String> {
    CountryCode::parse(code).map_err(|error| error.to_string())
}

/// The place that an address names.
pub fn find(text: &str, mode: Mode, country_hint: Option<CountryCode>) -> Result<Geocoded, Failure> {
    Ok(Gazetteer::embedded().geocode(&PlaceQuery { text, mode, country_hint })?)
}

/// A place in a line.
pub fn line(found: &Geocoded) -> String {
    let (place, at) = (&found.place, found.place.coordinates);
    let admin1 = place.admin1.as_deref().map(|admin1| format!(", {admin1}")).unwrap_or_default();
    let code = place.code.as_deref().map(|code| format!(" [{code}]")).unwrap_or_default();
    format!(
        "{}{admin1}, {}{code} at {:.4}, {:.4} (confidence {:.2})",
        place.name,
        place.country,
        at.lat(),
        at.lon(),
        found.confidence
    )
}
