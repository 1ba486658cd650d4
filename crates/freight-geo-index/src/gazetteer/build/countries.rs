//! Reads the countries.

use std::collections::HashMap;
use std::path::Path;

use super::super::admin::CountryRecord;
use super::super::codec::StringsWriter;
use super::super::fold::fold;
use super::super::names::{NamesWriter, Target};
use super::super::table::Table;
use super::super::{CountryBytes, IndexError};
use super::places::Places;
use super::postal_codes::PostalCode;

/// Names shorter than this are abbreviations in one language and mean other countries in another (`RU` is the United
/// Kingdom in Spanish). Those that are in use everywhere stand in the table of abbreviations.
const SHORTEST_NAME: usize = 4;

pub(super) struct Countries {
    rows: Vec<CountryRecord>,
    numbers: HashMap<CountryBytes, u8>,
}

impl Countries {
    /// Reads the table and names every country.
    pub(super) fn read(
        data: &Path,
        strings: &mut StringsWriter,
        names: &mut NamesWriter,
    ) -> Result<Self, IndexError> {
        let mut countries = Self { rows: Vec::new(), numbers: HashMap::new() };
        for row in Table::read(data, "gazetteer/countries.tsv.zst")?.rows() {
            let number = u8::try_from(countries.rows.len())
                .map_err(|over| row.error(format!("too many countries: {over}")))?;
            let alpha2 = row.country(0)?;
            countries.numbers.insert(alpha2, number);
            countries.rows.push(CountryRecord {
                alpha2,
                alpha3: row.code(1)?,
                name: strings.add(row.text(2)?),
                area_km2: row.parse::<f64>(3).map_or(0, whole),
                postal: false,
                main_place: u32::MAX,
            });
            for name in std::iter::once(row.text(2)?).chain(row.text(4)?.split('|')) {
                let folded = fold(name);
                if folded.chars().count() >= SHORTEST_NAME || !folded.is_ascii() {
                    names.add(folded, Target::Country(number.into()));
                }
            }
        }
        for row in Table::read_plain(data, "gazetteer/abbreviations.tsv")?.rows() {
            if row.text(0)? == "country" {
                let number =
                    countries.number(row.country(1)?).ok_or_else(|| row.error("unknown country".into()))?;
                names.add(fold(row.text(2)?), Target::Country(number.into()));
            }
        }
        Ok(countries)
    }

    /// The number of a country.
    pub(super) fn number(&self, alpha2: CountryBytes) -> Option<u8> {
        self.numbers.get(&alpha2).copied()
    }

    /// The alpha-2 code of a country by number.
    pub(super) fn alpha2(&self, number: u8) -> CountryBytes {
        self.rows[usize::from(number)].alpha2
    }

    /// Finds every country's main place: the weightiest one, as places are ordered by merit; and whether its postal codes
    /// are known.
    pub(super) fn settle(&mut self, places: &Places, postal: &[PostalCode]) {
        for code in postal {
            self.rows[usize::from(code.country)].postal = true;
        }
        for (at, place) in (0..).zip(&places.rows) {
            let main = &mut self.rows[usize::from(place.country)].main_place;
            *main = (*main).min(at);
        }
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.rows.iter().for_each(|row| row.encode(&mut out));
        out
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "no country has 4e9 square kilometres"
)]
fn whole(km2: f64) -> u32 {
    km2.round() as u32
}
