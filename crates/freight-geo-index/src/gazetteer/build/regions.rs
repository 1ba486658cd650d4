//! Reads the first-level regions, collects the second-level ones, and finds where they are.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use super::super::IndexError;
use super::super::admin::RegionRecord;
use super::super::codec::StringsWriter;
use super::super::fold::fold;
use super::super::locode::LocodeRecord;
use super::super::names::{NamesWriter, Target};
use super::super::table::Table;
use super::countries::Countries;
use super::locodes::Locode;
use super::nearby::km;
use super::places::Places;

/// Countries whose first-level ISO 3166-2 codes are letters that people write in addresses.
const CODED: [&str; 11] = ["US", "CA", "AU", "BR", "IN", "MX", "CH", "NL", "CN", "DE", "ZA"];
/// Countries whose second-level codes people write in addresses, as in `20100 Milano (MI)`.
const CODED_SECOND: [&str; 1] = ["IT"];
/// A location tells its region's code if a place of its name lies within this distance.
const SAME_PLACE_KM: f64 = 15.0;

/// So many postal codes must agree on another name of a region.
const MIN_VOTES: u32 = 3;

/// Words that say what kind of region a name is.
const KINDS: &[&str] = &[
    "province",
    "provincia",
    "provincie",
    "prov",
    "county",
    "city",
    "district",
    "oblast",
    "oblasts",
    "krai",
    "powiat",
    "gmina",
    "landkreis",
    "kreis",
    "reg",
    "bez",
    "politischer",
    "bezirk",
    "departement",
    "department",
    "departamento",
    "municipio",
    "municipality",
    "borough",
    "shi",
    "sheng",
    "regency",
    "kabupaten",
    "kota",
    "region",
    "region",
    "arrondissement",
    "rayon",
    "raion",
    "metropolitana",
    "metropolitan",
    "citta",
    "capitale",
    "canton",
    "kanton",
    "gemeente",
    "bashkia",
    "judet",
    "judetul",
    "megye",
    "kraj",
    "okres",
    "state",
    "prefecture",
    "governorate",
    "voivodeship",
    "wojewodztwo",
    "apskritis",
    "maakond",
    "comunidad",
    "autonoma",
    "comunitat",
    "autonomous",
    "community",
    "freistaat",
    "land",
    "estado",
    "regione",
    "emirate",
    "parish",
    "division",
    "territory",
    "area",
    "il",
    "ili",
    "kommune",
    "fylke",
    "lan",
    "amt",
    "sub",
];
/// Small words that join such a word to the name.
const JOINTS: &[&str] = &["of", "de", "di", "del", "della", "d", "do", "da", "la", "the"];

/// A folded region name without the words that say what kind of region it is: `provincia de salamanca` is `salamanca`.
pub(super) fn bare_name(folded: &str) -> String {
    let mut words: Vec<&str> = folded.split(' ').collect();
    while words.len() > 1 && words.last().is_some_and(|word| KINDS.contains(word)) {
        words.pop();
    }
    let mut kind = false;
    while words.len() > 1 && (KINDS.contains(&words[0]) || (kind && JOINTS.contains(&words[0]))) {
        kind = true;
        words.remove(0);
    }
    words.join(" ")
}

struct Region {
    record: RegionRecord,
    /// Folded names.
    names: BTreeSet<String>,
    codes: BTreeSet<String>,
}

pub(super) struct Regions {
    rows: Vec<Region>,
    /// By GeoNames' code, as in `ES.29`.
    first: HashMap<String, u16>,
    /// By country and bare folded name.
    second: HashMap<(u8, String), u16>,
}

impl Regions {
    /// Reads the first-level regions and their abbreviations.
    pub(super) fn read(
        data: &Path,
        countries: &Countries,
        strings: &mut StringsWriter,
    ) -> Result<Self, IndexError> {
        let mut regions = Self { rows: Vec::new(), first: HashMap::new(), second: HashMap::new() };
        for row in Table::read(data, "gazetteer/admin1.tsv.zst")?.rows() {
            let alpha2 = row.text(0)?.get(..2).unwrap_or_default();
            let Some(country) = alpha2.as_bytes().try_into().ok().and_then(|code| countries.number(code))
            else {
                continue;
            };
            let number = regions.push(row.text(1)?, country, 1, strings);
            regions.first.insert(row.text(0)?.to_owned(), number);
            let names = [row.text(1)?, row.text(2)?].into_iter().chain(row.text(4)?.split('|'));
            let region = &mut regions.rows[usize::from(number) - 1];
            names.for_each(|name| add_names(&mut region.names, name));
            // Where the table names no ISO code, GeoNames' own is the same if it is made of letters.
            let code = row.text(3)?.get(3..).or_else(|| row.text(0).ok()?.get(3..));
            let letters =
                |code: &&str| code.bytes().all(|b| b.is_ascii_alphabetic()) && CODED.contains(&alpha2);
            region.codes.extend(code.filter(letters).map(str::to_ascii_lowercase));
        }
        regions.read_abbreviations(data, countries, strings)?;
        Ok(regions)
    }

    fn read_abbreviations(
        &mut self,
        data: &Path,
        countries: &Countries,
        strings: &mut StringsWriter,
    ) -> Result<(), IndexError> {
        for row in Table::read_plain(data, "gazetteer/abbreviations.tsv")?.rows() {
            if row.text(0)? != "region" {
                continue;
            }
            let country =
                countries.number(row.country(1)?).ok_or_else(|| row.error("unknown country".into()))?;
            let name = fold(row.text(3)?);
            let first = self.rows.iter().position(|region| {
                region.record.country == country && region.record.level == 1 && region.names.contains(&name)
            });
            let at = match first {
                Some(at) => at,
                None => usize::from(self.second(row.text(3)?, country, strings)) - 1,
            };
            self.rows[at].names.insert(fold(row.text(2)?));
        }
        Ok(())
    }

    fn push(&mut self, name: &str, country: u8, level: u8, strings: &mut StringsWriter) -> u16 {
        let record =
            RegionRecord { name: strings.add(name), country, level, lat: 0.0, lon: 0.0, population: 0 };
        self.rows.push(Region { record, names: BTreeSet::new(), codes: BTreeSet::new() });
        u16::try_from(self.rows.len()).expect("there are some 20,000 regions")
    }

    /// The first-level region with GeoNames' code; 0 if there is none.
    pub(super) fn first(&self, country: &str, code: &str) -> u16 {
        self.first.get(&format!("{country}.{code}")).copied().unwrap_or(0)
    }

    /// The first-level region of a name; 0 if there is none.
    pub(super) fn first_named(&self, name: &str, country: u8) -> u16 {
        let folded = fold(name);
        let own = |region: &Region| region.record.level == 1 && region.record.country == country;
        let at = self.rows.iter().position(|region| own(region) && region.names.contains(&folded));
        at.and_then(|at| u16::try_from(at + 1).ok()).unwrap_or(0)
    }

    /// The second-level region of a name, which is taken up if it is new.
    pub(super) fn second(&mut self, name: &str, country: u8, strings: &mut StringsWriter) -> u16 {
        let key = (country, bare_name(&fold(name)));
        if let Some(&number) = self.second.get(&key) {
            return number;
        }
        let number = self.push(name, country, 2, strings);
        add_names(&mut self.rows[usize::from(number) - 1].names, name);
        self.second.insert(key, number);
        number
    }

    /// Learns other names of second-level regions from how often postal codes put their places under a name.
    pub(super) fn learn_names(&mut self, votes: &HashMap<(u16, &str), u32>) {
        let mut totals: HashMap<u16, u32> = HashMap::new();
        votes.iter().for_each(|(&(region, _), count)| *totals.entry(region).or_default() += count);
        for (&(region, name), &count) in votes {
            if count >= MIN_VOTES && count * 2 > totals[&region] {
                add_names(&mut self.rows[usize::from(region) - 1].names, name);
            }
        }
    }

    /// Inhabitants of a region's places together; 0 for no region.
    pub(super) fn population(&self, number: u16) -> f64 {
        if number == 0 { 0.0 } else { f64::from(self.rows[usize::from(number) - 1].record.population) }
    }

    /// Whether a region is called by a folded name.
    pub(super) fn is_called(&self, number: u16, folded: &str) -> bool {
        number > 0 && self.rows[usize::from(number) - 1].names.contains(folded)
    }

    /// Learns the codes of second-level regions from the locations that UN/LOCODE puts into them.
    pub(super) fn learn_codes(&mut self, locodes: &[Locode], countries: &Countries, places: &Places) {
        let mut votes: HashMap<(&str, u16), usize> = HashMap::new();
        for locode in locodes {
            let Locode { record, subdivision, name } = locode;
            let Some((alpha2, code)) =
                subdivision.split_once('-').filter(|(alpha2, _)| CODED_SECOND.contains(alpha2))
            else {
                continue;
            };
            let Some(country) = alpha2.as_bytes().try_into().ok().and_then(|code| countries.number(code))
            else {
                continue;
            };
            let place = places.near(&fold(name), country, position(record), SAME_PLACE_KM);
            if let Some(region) = place.map(|at| places.rows[at].admin2).filter(|&region| region > 0) {
                *votes.entry((code, region)).or_default() += 1;
            }
        }
        let mut best: HashMap<&str, (usize, u16)> = HashMap::new();
        for (&(code, region), &count) in &votes {
            let entry = best.entry(code).or_default();
            *entry = (*entry).max((count, region));
        }
        for (code, (_, region)) in best {
            self.rows[usize::from(region) - 1].codes.insert(code.to_ascii_lowercase());
        }
    }

    /// Finds every region's centre: the place that is nearest to the mean of its places, weighted by inhabitants.
    pub(super) fn settle(&mut self, places: &Places) {
        let mut sums = vec![(0.0, 0.0, 0.0, 0_u64); self.rows.len() + 1];
        let own = |place: &super::places::PlaceRow| {
            [place.admin1, place.admin2].into_iter().filter(|&number| number > 0)
        };
        for place in &places.rows {
            for number in own(place) {
                let sum = &mut sums[usize::from(number)];
                let weight = f64::from(place.population) + 1.0;
                *sum = (
                    sum.0 + weight,
                    sum.1 + weight * place.lat,
                    sum.2 + weight * place.lon,
                    sum.3 + u64::from(place.population),
                );
            }
        }
        let mut nearest = vec![f64::INFINITY; self.rows.len() + 1];
        for place in &places.rows {
            for number in own(place) {
                let at = usize::from(number);
                let mean = (sums[at].1 / sums[at].0, sums[at].2 / sums[at].0);
                let distance = km(mean, (place.lat, place.lon));
                if distance < nearest[at] {
                    nearest[at] = distance;
                    let record = &mut self.rows[at - 1].record;
                    (record.lat, record.lon) = (place.lat, place.lon);
                    record.population = u32::try_from(sums[at].3).unwrap_or(u32::MAX);
                }
            }
        }
    }

    pub(super) fn name(&self, names: &mut NamesWriter) {
        for (number, region) in (1..).zip(&self.rows) {
            region.names.iter().for_each(|name| names.add(name.clone(), Target::Region(number)));
            region.codes.iter().for_each(|code| names.add(code.clone(), Target::RegionCode(number)));
        }
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.rows.iter().for_each(|region| region.record.encode(&mut out));
        out
    }
}

fn add_names(names: &mut BTreeSet<String>, name: &str) {
    let folded = fold(name);
    names.insert(bare_name(&folded));
    names.insert(folded);
}

const fn position(record: &LocodeRecord) -> (f64, f64) {
    (record.lat, record.lon)
}
