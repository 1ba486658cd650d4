//! Queries that are a code or a pair of coordinates.

use emissions_core::Mode;
use freight_geo_index::gazetteer::{LocodeRecord, Target};
use logistics_domain::geography::PlaceQuery;

use super::Gazetteer;
use super::geodesy::{Point, km};
use super::terminals::{Airport, airport};
use super::text::Text;

/// A place of this merit is meant by its name rather than by a code of the same letters.
const NAME_BEFORE_CODE: f64 = 4.8;
/// A code and a name that are the same letters mean the same place within this distance.
const SAME_PLACE_KM: f64 = 60.0;

/// A code that stands for a place.
#[derive(Debug, Clone, Copy)]
pub(super) enum Code {
    Locode(LocodeRecord),
    Iata(&'static Airport),
}

impl Code {
    pub(super) fn point(&self) -> Point {
        match self {
            Self::Locode(record) => (record.lat, record.lon),
            Self::Iata(airport) => (airport.coordinates.lat(), airport.coordinates.lon()),
        }
    }
}

/// The code that the whole query is.
pub(super) fn whole_query(gazetteer: &Gazetteer, query: &PlaceQuery<'_>, text: &Text<'_>) -> Option<Code> {
    let trimmed = query.text.trim();
    let code = read(gazetteer, trimmed).or_else(|| {
        // Small letters are a code only where they are no name.
        let small = trimmed.bytes().all(|b| b.is_ascii_lowercase() || b == b' ') && !is_name(gazetteer, text);
        small
            .then(|| read(gazetteer, &trimmed.to_ascii_uppercase()))
            .flatten()
            .filter(|code| query.mode == Mode::Air || matches!(code, Code::Locode(_)))
    })?;
    let by_air = query.mode == Mode::Air && matches!(code, Code::Iata(_));
    (by_air || !names_another_place(gazetteer, text, code.point())).then_some(code)
}

/// A UN/LOCODE, with or without a blank or hyphen, or an IATA code, in capitals.
pub(super) fn read(gazetteer: &Gazetteer, written: &str) -> Option<Code> {
    let letters: String = written.chars().filter(|c| !matches!(c, ' ' | '-' | '\u{a0}')).collect();
    let country = written.get(..2)?;
    let plain = letters.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    let gaps = written.len() - letters.len();
    match <[u8; 5]>::try_from(letters.as_bytes()) {
        Ok(code) if plain && gaps <= 1 && country.bytes().all(|b| b.is_ascii_uppercase()) => {
            gazetteer.index.locode(code).map(Code::Locode)
        }
        _ if letters.len() == 3 && gaps == 0 => airport(&letters).map(Code::Iata),
        _ => None,
    }
}

fn is_name(gazetteer: &Gazetteer, text: &Text<'_>) -> bool {
    gazetteer.names.contains_key(folded(text))
}

/// Whether the letters are the name of a weighty place elsewhere.
fn names_another_place(gazetteer: &Gazetteer, text: &Text<'_>, point: Point) -> bool {
    let Some(value) = gazetteer.names.get(folded(text)) else { return false };
    let mut places = gazetteer.index.targets(value).filter_map(|target| match target {
        Target::Place(number) => gazetteer.index.place(number),
        _ => None,
    });
    places.any(|place| place.merit() >= NAME_BEFORE_CODE && km((place.lat, place.lon), point) > SAME_PLACE_KM)
}

fn folded(text: &Text<'_>) -> String {
    (0..text.words.len()).map(|word| text.fold(word)).collect::<Vec<_>>().join(" ")
}

/// The latitude and longitude that the whole query is: two decimal numbers, with or without degree signs and letters for
/// the points of the compass.
pub(super) fn coordinates(query: &str) -> Option<Point> {
    if query.len() > 60 || !query.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    let plain = query.trim().trim_start_matches(['(', '[']).trim_end_matches([')', ']']);
    let (lat, lon) = split_pair(plain)?;
    let (lat, lat_axis) = number(lat)?;
    let (lon, lon_axis) = number(lon)?;
    let (lat, lon) = match (lat_axis, lon_axis) {
        (Some(Axis::EastWest), Some(Axis::NorthSouth)) => (lon, lat),
        (Some(Axis::EastWest), _) | (_, Some(Axis::NorthSouth)) => return None,
        _ => (lat, lon),
    };
    ((-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lon)).then_some((lat, lon))
}

fn split_pair(plain: &str) -> Option<(&str, &str)> {
    for separator in [';', ','] {
        if plain.matches(separator).count() == 1 {
            return plain.split_once(separator);
        }
    }
    let mut words = plain.split_whitespace();
    match (words.next(), words.next(), words.next()) {
        (Some(lat), Some(lon), None) => Some((lat, lon)),
        _ => None,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Axis {
    NorthSouth,
    EastWest,
}

/// A number with a decimal point or comma, and the axis that a letter beside it names.
fn number(written: &str) -> Option<(f64, Option<Axis>)> {
    let mut digits = written.trim().to_ascii_uppercase();
    let letter = digits.chars().find(char::is_ascii_alphabetic);
    let (axis, sign) = match letter {
        None => (None, 1.0),
        Some('N') => (Some(Axis::NorthSouth), 1.0),
        Some('S') => (Some(Axis::NorthSouth), -1.0),
        Some('E') => (Some(Axis::EastWest), 1.0),
        Some('W' | 'O') => (Some(Axis::EastWest), -1.0),
        Some(_) => return None,
    };
    if let Some(letter) = letter {
        digits = digits.replacen(letter, "", 1);
    }
    let digits = digits.replace('°', "").replace('−', "-").replace(',', ".");
    let digits = digits.trim();
    // A pair of whole numbers is more likely a house number and something else.
    let decimals = digits.contains('.') || axis.is_some();
    decimals.then(|| digits.parse::<f64>().ok()).flatten().map(|value| (value * sign, axis))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_of_coordinates() {
        assert_eq!(coordinates("40.4168, -3.7038"), Some((40.4168, -3.7038)));
        assert_eq!(coordinates("(40.4168,-3.7038)"), Some((40.4168, -3.7038)));
        assert_eq!(coordinates("40.4168 -3.7038"), Some((40.4168, -3.7038)));
        assert_eq!(coordinates("40,4168; -3,7038"), Some((40.4168, -3.7038)));
        assert_eq!(coordinates("40.4168° N, 3.7038° W"), Some((40.4168, -3.7038)));
        assert_eq!(coordinates("3.7038W 40.4168N"), Some((40.4168, -3.7038)));
        assert_eq!(coordinates("91.0, 0.0"), None);
        assert_eq!(coordinates("12, 34"), None);
        assert_eq!(coordinates("Calle 1.5, 2.5"), None);
        assert_eq!(coordinates("NaN, 1.5"), None);
        assert_eq!(coordinates(""), None);
    }
}
