//! Countries by their codes.

use emissions_core::CountryCode;
use freight_geo_index::gazetteer::{CountryRecord, Index};

/// Signs on vehicles that stand before postal codes, where they differ from the alpha-2 code (UN Convention on Road
/// Traffic, Vienna 1968, distinguishing signs).
const PLATES: &[(&str, &str)] = &[
    ("A", "AT"),
    ("B", "BE"),
    ("D", "DE"),
    ("E", "ES"),
    ("F", "FR"),
    ("H", "HU"),
    ("I", "IT"),
    ("L", "LU"),
    ("N", "NO"),
    ("P", "PT"),
    ("S", "SE"),
    ("FIN", "FI"),
    ("SLO", "SI"),
    ("SRB", "RS"),
    ("RUS", "RU"),
    ("EST", "EE"),
    ("FL", "LI"),
    ("GBZ", "GI"),
    ("IRL", "IE"),
    ("UK", "GB"),
];
/// Countries that write a blank or a hyphen within their postal codes.
const SPLIT_CODES: &[&str] = &[
    "SE", "CZ", "SK", "GR", "PL", "PT", "BR", "NL", "GB", "CA", "IE", "IN", "MT", "BM", "US", "JE", "GG",
    "IM", "TW", "RU",
];
/// Larger countries are not one place, even if their capital bears their name.
const CITY_STATE_KM2: u32 = 3_000;

/// The countries of the index.
#[derive(Debug)]
pub(super) struct Countries {
    rows: Vec<(CountryRecord, Option<CountryCode>)>,
    by_alpha2: [u8; 26 * 26],
}

const UNKNOWN: u8 = u8::MAX;

impl Countries {
    pub(super) fn read(index: Index<'_>) -> Self {
        let mut countries = Self { rows: Vec::new(), by_alpha2: [UNKNOWN; 26 * 26] };
        for (number, record) in (0..UNKNOWN).zip(index.countries()) {
            if let Some(slot) = slot(record.alpha2).and_then(|at| countries.by_alpha2.get_mut(at)) {
                *slot = number;
            }
            countries.rows.push((record, super::country_code(record.alpha2)));
        }
        countries
    }

    /// A country's number by its alpha-2 code in capitals.
    pub(super) fn by_alpha2(&self, code: &str) -> Option<u8> {
        let number = *self.by_alpha2.get(slot(code.as_bytes().try_into().ok()?)?)?;
        (number != UNKNOWN).then_some(number)
    }

    /// A country's number by its alpha-3 code in capitals.
    pub(super) fn by_alpha3(&self, code: &str) -> Option<u8> {
        (0..).zip(&self.rows).find(|(_, row)| row.0.alpha3 == code.as_bytes()).map(|(number, _)| number)
    }

    /// A country's number by what stands before its postal codes, in capitals.
    pub(super) fn by_plate(&self, sign: &str) -> Option<u8> {
        let plate = PLATES.iter().find(|plate| plate.0 == sign);
        self.by_alpha2(plate.map_or(sign, |plate| plate.1))
    }

    pub(super) fn number(&self, code: CountryCode) -> Option<u8> {
        self.by_alpha2(code.as_str())
    }

    pub(super) fn code(&self, number: u8) -> Option<CountryCode> {
        self.rows.get(usize::from(number))?.1
    }

    pub(super) fn record(&self, number: u8) -> Option<&CountryRecord> {
        self.rows.get(usize::from(number)).map(|row| &row.0)
    }

    /// Whether the country is one place.
    pub(super) fn is_city_state(&self, number: u8) -> bool {
        self.record(number).is_some_and(|record| record.area_km2 < CITY_STATE_KM2)
    }

    /// Whether the index knows the country's postal codes.
    pub(super) fn knows_codes(&self, number: u8) -> bool {
        self.record(number).is_some_and(|record| record.postal)
    }

    /// Whether a code of this country may be written in two words.
    pub(super) fn splits_codes(&self, number: u8) -> bool {
        self.code(number).is_some_and(|code| SPLIT_CODES.contains(&code.as_str()))
    }
}

fn slot([first, second]: [u8; 2]) -> Option<usize> {
    let both = first.is_ascii_uppercase() && second.is_ascii_uppercase();
    both.then(|| usize::from(first - b'A') * 26 + usize::from(second - b'A'))
}
