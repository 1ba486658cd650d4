//! Reads the postal codes.

use std::collections::HashMap;
use std::path::Path;

use super::super::IndexError;
use super::super::codec::StringsWriter;
use super::super::container::Section;
use super::super::postal::{PostalRecord, normal_postal_code, postal_key};
use super::super::table::Table;
use super::countries::Countries;

/// Countries whose codes are written by their first digits alone too, and how many digits those are.
const SHORT_FORMS: [(&str, usize); 2] = [("PT", 4), ("BR", 5)];
/// How many places' names are kept with a code.
const NAMES_KEPT: usize = 4;

pub(super) struct PostalCode {
    pub(super) code: String,
    pub(super) country: u8,
    pub(super) places: Vec<String>,
    pub(super) admin2: String,
    pub(super) lat: f64,
    pub(super) lon: f64,
}

/// Reads the table, and adds the short forms of codes.
pub(super) fn read(data: &Path, countries: &Countries) -> Result<Vec<PostalCode>, IndexError> {
    let mut codes = Vec::new();
    let mut short: HashMap<(String, u8), Vec<usize>> = HashMap::new();
    for row in Table::read(data, "postal/postal_codes.tsv.zst")?.rows() {
        let Some(country) = countries.number(row.country(0)?) else { continue };
        let alpha2 = row.text(0)?;
        let code = normal_postal_code(alpha2, row.text(1)?);
        if let Some((_, digits)) = SHORT_FORMS.iter().find(|form| form.0 == alpha2) {
            let start = code.get(..*digits).unwrap_or(&code).to_owned();
            short.entry((start, country)).or_default().push(codes.len());
        }
        codes.push(PostalCode {
            code,
            country,
            places: row.text(2)?.split('|').filter(|name| !name.is_empty()).map(str::to_owned).collect(),
            admin2: row.text(3)?.to_owned(),
            lat: row.parse(4)?,
            lon: row.parse(5)?,
        });
    }
    for ((code, country), members) in short {
        let joined = join(code, country, members.into_iter().map(|at| &codes[at]));
        codes.push(joined);
    }
    codes.sort_by(|a, b| (&a.code, a.country).cmp(&(&b.code, b.country)));
    codes.dedup_by(|later, first| later.code == first.code && later.country == first.country);
    Ok(codes)
}

/// The short form of some codes: their median position and commonest names.
fn join<'a>(code: String, country: u8, members: impl Iterator<Item = &'a PostalCode>) -> PostalCode {
    let members: Vec<&PostalCode> = members.collect();
    let median = |pick: fn(&PostalCode) -> f64| {
        let mut values: Vec<f64> = members.iter().map(|member| pick(member)).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    let mut counts: HashMap<&str, usize> = HashMap::new();
    members.iter().flat_map(|member| &member.places).for_each(|name| *counts.entry(name).or_default() += 1);
    let mut names: Vec<(&str, usize)> = counts.into_iter().collect();
    names.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    PostalCode {
        code,
        country,
        places: names.into_iter().take(NAMES_KEPT).map(|(name, _)| name.to_owned()).collect(),
        admin2: members.first().map(|member| member.admin2.clone()).unwrap_or_default(),
        lat: median(|member| member.lat),
        lon: median(|member| member.lon),
    }
}

/// The sections of the postal codes: an `fst` from key to number, and the records.
pub(super) fn encode(
    codes: &[PostalCode],
    countries: &Countries,
    strings: &mut StringsWriter,
    region_at: impl Fn(f64, f64, u8) -> (u16, u16),
) -> Result<[(Section, Vec<u8>); 2], IndexError> {
    let key = |code: &PostalCode| {
        let alpha2 = countries.alpha2(code.country);
        postal_key(&code.code, std::str::from_utf8(&alpha2).unwrap_or_default())
    };
    let mut keyed: Vec<(String, &PostalCode)> = codes.iter().map(|code| (key(code), code)).collect();
    keyed.sort_by(|a, b| a.0.cmp(&b.0));
    let mut keys = fst::MapBuilder::memory();
    let mut records = Vec::with_capacity(codes.len() * PostalRecord::SIZE);
    for (number, (key, code)) in (0..).zip(&keyed) {
        keys.insert(key, number)?;
        let (admin1, admin2) = region_at(code.lat, code.lon, code.country);
        let places = strings.add(&code.places.join("|"));
        PostalRecord { lat: code.lat, lon: code.lon, places, admin1, admin2 }.encode(&mut records);
    }
    Ok([(Section::PostalKeys, keys.into_inner()?), (Section::PostalCodes, records)])
}
