//! Measures the embedded geocoder on a list of queries with known answers.
//!
//! `cargo run --release -p freight-geo --example geocode_quality [list.tsv]` prints the share of right, wrong and refused
//! answers and every answer that is not right. With `--ask TEXT...` it answers queries instead.

use std::error::Error;
use std::time::Instant;

use emissions_core::{CountryCode, Mode};
use freight_geo::gazetteer::Gazetteer;
use logistics_domain::geography::{Coordinates, GeocodeError, Geocoded, PlaceQuery, geodesic_km};

const LIST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/geocode_quality.tsv");

struct Case {
    text: String,
    mode: Mode,
    hint: Option<CountryCode>,
    /// Where it is and the tolerance in kilometres; none if the query must be refused.
    expected: Option<(Coordinates, f64)>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|first| first == "--ask") {
        for text in &arguments[1..] {
            let (text, hint) = text.split_once(" @").unwrap_or((text, ""));
            let (hint, mode) = hint.split_once('/').unwrap_or((hint, "road"));
            let query =
                PlaceQuery { text, mode: mode_of(mode)?, country_hint: CountryCode::parse(hint).ok() };
            println!("{text}: {}", describe(&Gazetteer::embedded().geocode(&query)));
        }
        return Ok(());
    }
    let list = std::fs::read_to_string(arguments.first().map_or(LIST, String::as_str))?;
    let cases = list.lines().skip(1).map(case).collect::<Result<Vec<_>, _>>()?;
    measure(&cases);
    Ok(())
}

fn measure(cases: &[Case]) {
    let gazetteer = Gazetteer::embedded();
    let (mut right, mut wrong, mut refused, mut sure_and_wrong) = (0, 0, 0, 0);
    let start = Instant::now();
    for case in cases {
        let query = PlaceQuery { text: &case.text, mode: case.mode, country_hint: case.hint };
        let answer = gazetteer.geocode(&query);
        let verdict = match (&answer, case.expected) {
            (Err(_), None) => "right",
            (Err(_), Some(_)) => "REFUSED",
            (Ok(found), Some(expected)) if km(found, expected.0) <= expected.1 => "right",
            (Ok(_), _) => "WRONG",
        };
        match verdict {
            "right" => right += 1,
            "REFUSED" => refused += 1,
            _ => {
                wrong += 1;
                sure_and_wrong += usize::from(answer.as_ref().is_ok_and(|found| found.confidence > 0.8));
            }
        }
        if verdict != "right" {
            let off = answer.as_ref().ok().zip(case.expected).map(|(found, expected)| km(found, expected.0));
            let off = off.map_or(String::new(), |km| format!(" [{km:.0} km off]"));
            let hint = case.hint.map_or("-".to_owned(), |hint| hint.to_string());
            println!(
                "{verdict:8} {} ({}, {hint}): {}{off}",
                case.text,
                case.mode.as_str(),
                describe(&answer)
            );
        }
    }
    let took = start.elapsed();
    let share = |count: usize| 100.0 * count as f64 / cases.len().max(1) as f64;
    println!(
        "{} queries: {right} right ({:.1} %), {wrong} wrong ({:.1} %), {refused} refused ({:.1} %); {sure_and_wrong} wrong above 0.8; {:.0} us each",
        cases.len(),
        share(right),
        share(wrong),
        share(refused),
        took.as_secs_f64() * 1e6 / cases.len().max(1) as f64,
    );
}

/// Columns: query, mode, hint, latitude (`refuse` if it must not be answered), longitude, tolerance in kilometres.
fn case(line: &str) -> Result<Case, Box<dyn Error>> {
    let columns: Vec<&str> = line.split('\t').collect();
    let [text, mode, hint, lat, lon, tolerance] = columns[..] else {
        return Err(format!("six columns are expected: {line}").into());
    };
    let expected = match lat {
        "refuse" => None,
        lat => Some((Coordinates::new(lat.parse()?, lon.parse()?)?, tolerance.parse()?)),
    };
    Ok(Case { text: text.to_owned(), mode: mode_of(mode)?, hint: CountryCode::parse(hint).ok(), expected })
}

fn mode_of(name: &str) -> Result<Mode, String> {
    Mode::ALL.into_iter().find(|mode| mode.as_str() == name).ok_or_else(|| format!("no mode `{name}`"))
}

fn km(found: &Geocoded, expected: Coordinates) -> f64 {
    geodesic_km(found.place.coordinates, expected)
}

fn describe(answer: &Result<Geocoded, GeocodeError>) -> String {
    match answer {
        Ok(found) => {
            let place = &found.place;
            format!(
                "{}, {}, {} {} at {:.4}, {:.4} by {:?} `{}`, confidence {:.2}{}{}",
                place.name,
                place.admin1.as_deref().unwrap_or("-"),
                place.country,
                place.code.as_deref().unwrap_or(""),
                place.coordinates.lat(),
                place.coordinates.lon(),
                found.match_type,
                found.matched,
                found.confidence,
                if found.settled_by_hint { ", by the hint" } else { "" },
                found.beaten.first().map_or(String::new(), |next| {
                    format!("; next {}, {} {:.2}", next.place.name, next.place.country, next.confidence)
                }),
            )
        }
        Err(GeocodeError::Ambiguous { candidates, .. }) => {
            let names: Vec<String> = candidates
                .iter()
                .map(|next| format!("{}, {} {:.2}", next.place.name, next.place.country, next.confidence))
                .collect();
            format!("refused: {}", names.join(" / "))
        }
        Err(error) => format!("refused: {error}"),
    }
}
