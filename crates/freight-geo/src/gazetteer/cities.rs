//! Every large city of the index, asked for by its own name.

use std::collections::HashSet;

use emissions_core::Mode;
use freight_geo_index::gazetteer::{PlaceFlags, fold};
use logistics_domain::geography::{Coordinates, PlaceQuery};

use super::Gazetteer;

/// Name and country of the populated places, districts left out, with at least so many inhabitants; the weightiest first.
fn cities(inhabitants: u32) -> impl Iterator<Item = (String, Coordinates)> {
    let Gazetteer { index, countries, .. } = Gazetteer::embedded();
    let places = (0..).map_while(|number| index.place(number));
    let large =
        places.filter(move |place| place.population >= inhabitants && !place.flags.has(PlaceFlags::SUBURB));
    large.filter_map(|place| {
        let name = |number| index.strings().get(number);
        let text = format!("{}, {}", name(place.name), name(countries.record(place.country)?.name));
        Some((text, Coordinates::new(place.lat, place.lon).ok()?))
    })
}

/// Names that even with their country mean two cities may be refused; nearly all others must be found, and hardly any in
/// a wrong place.
#[test]
fn cities_are_found_by_their_name_and_country() {
    let (mut count, mut refused, mut wrong) = (0_u32, Vec::new(), Vec::new());
    let mut seen = HashSet::new();
    for (text, coordinates) in cities(50_000) {
        // Of several cities of a name, the weightiest one is meant or none.
        if !seen.insert(fold(&text)) {
            continue;
        }
        count += 1;
        match Gazetteer::embedded().geocode(&PlaceQuery { text: &text, mode: Mode::Road, country_hint: None })
        {
            Err(_) => refused.push(text),
            Ok(answer) => {
                let at = answer.place.coordinates;
                let dlon = (at.lon() - coordinates.lon()) * at.lat().to_radians().cos();
                if (at.lat() - coordinates.lat()).hypot(dlon) > 0.5 {
                    wrong.push((text, answer.confidence));
                }
            }
        }
    }
    let sure: Vec<_> = wrong.iter().filter(|wrong| wrong.1 > 0.8).collect();
    println!(
        "{count} cities, {} refused, {} elsewhere, {} of them sure",
        refused.len(),
        wrong.len(),
        sure.len()
    );
    println!("{:?}\n{wrong:?}", &refused[..refused.len().min(100)]);
    assert!(count > 8_000);
    assert!(refused.len() < count as usize / 20);
    assert!(wrong.len() < count as usize / 100);
    assert!(sure.is_empty(), "{sure:?}");
}
