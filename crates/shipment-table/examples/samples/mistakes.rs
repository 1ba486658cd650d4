//! Mistakes that people make, put into shipments that were right.

use crate::random::Random;
use crate::shipments::Shipment;

/// What went wrong in a row.
type Mistake = (&'static str, fn(&mut Shipment));

/// The mistakes, with how often each is made.
const MISTAKES: [(usize, Mistake); 15] = [
    (4, ("a misspelled town", |row| from_madrid(row, "Zaragzoa, Spain"))),
    (2, ("a town that there is not", |row| from_madrid(row, "Villarriba del Nunca, Spain"))),
    (
        4,
        ("a town whose name several have", |row| {
            row.origin = "Springfield".to_owned();
            row.destination = "Chicago, IL, USA".to_owned();
            row.origin_country = "US".to_owned();
        }),
    ),
    (3, ("no destination", |row| row.destination.clear())),
    (
        3,
        ("tonnes without their unit", |row| {
            row.load = "22".to_owned();
            row.load_unit.clear();
        }),
    ),
    (3, ("a unit that there is not", |row| row.load_unit = "lbs".to_owned())),
    (2, ("the unit in the number's cell", |row| row.load = "1200 kg".to_owned())),
    (4, ("a negative load", |row| row.load = format!("-{}", row.load))),
    (2, ("a day that there is not", |row| row.shipment_date = "2025-02-30".to_owned())),
    (2, ("a day in words", |row| row.shipment_date = "next Tuesday".to_owned())),
    (3, ("a misspelled TOC", |row| row.toc = "van_deisel".to_owned())),
    (1, ("a TOC that there is not", |row| row.toc = "cargo_bike_xl".to_owned())),
    (
        2,
        ("neither TOC nor category", |row| {
            row.toc.clear();
            row.category.clear();
        }),
    ),
    (2, ("a country that there is not", |row| row.origin_country = "XX".to_owned())),
    (1, ("a load factor above 1", |row| row.load_factor = "85".to_owned())),
];

fn from_madrid(row: &mut Shipment, destination: &str) {
    row.origin = "Madrid, Spain".to_owned();
    row.destination = destination.to_owned();
    row.origin_country = "ES".to_owned();
}

/// How often a row stands in the file twice.
const DUPLICATES: usize = 4;

/// Rows of a file, those with mistakes among them.
pub struct Made {
    pub rows: Vec<Shipment>,
    /// The position of each mistake in `rows`, and what it is.
    pub mistakes: Vec<(usize, &'static str)>,
}

/// Makes the mistakes, in rows by road, and doubles rows.
pub fn make(mut rows: Vec<Shipment>, seed: u64) -> Made {
    let mut random = Random::new(seed);
    let mut mistakes: Vec<(usize, &'static str)> = Vec::new();
    let kinds = MISTAKES.iter().flat_map(|(count, mistake)| std::iter::repeat_n(mistake, *count));
    for (name, make) in kinds {
        let at = free_row(&mut random, &rows, &mistakes);
        make(&mut rows[at]);
        mistakes.push((at, name));
    }
    for _ in 0..DUPLICATES {
        let at = free_row(&mut random, &rows, &mistakes);
        let first = rows[at].clone();
        let into = free_row(&mut random, &rows, &mistakes);
        rows[into] = first;
        mistakes.push((at.max(into), "a row that was there before"));
        mistakes.push((at.min(into), ""));
    }
    mistakes.retain(|(_, name)| !name.is_empty());
    mistakes.sort_unstable();
    Made { rows, mistakes }
}

fn free_row(random: &mut Random, rows: &[Shipment], taken: &[(usize, &str)]) -> usize {
    loop {
        let at = usize::try_from(random.among(0, rows.len() as u64 - 1)).unwrap();
        let simple = rows[at].category == "road"
            && rows[at].movement_stage.is_empty()
            && rows[at].load_unit == "kg"
            && rows[at].distance_km.is_empty();
        if simple && taken.iter().all(|(other, _)| *other != at) {
            return at;
        }
    }
}
