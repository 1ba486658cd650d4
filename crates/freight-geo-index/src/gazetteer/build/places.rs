//! Reads the places, and adds those that only postal codes, UN/LOCODE or Dray's own list know.

use std::collections::HashMap;
use std::path::Path;

use super::super::codec::StringsWriter;
use super::super::fold::fold;
use super::super::names::{NamesWriter, Target};
use super::super::place::{PlaceFlags, PlaceRecord};
use super::super::table::Table;
use super::super::terminals::{AirportRecord, PortRecord};
use super::super::{CountryBytes, IndexError};
use super::countries::Countries;
use super::locodes::Locode;
use super::nearby::{Nearby, Spot, km};
use super::postal_codes::PostalCode;
use super::regions::Regions;
use super::spellings::{place_spellings, usual_case};

/// A name within this distance of a place of the same name and country is that place.
const SAME_PLACE_KM: f64 = 30.0;
/// A port or airport within this distance of the city whose name it bears is that city's.
const OWN_TERMINAL_KM: f64 = 60.0;
/// A region is named after a place only if it has clearly more inhabitants.
const REGION_TO_SEAT: f64 = 1.3;
/// Words that begin what tells a place from its namesakes.
const ADDITIONS: &[&str] = &["am", "an", "im", "in", "bei", "ob", "upon", "on", "sur", "de", "aan", "nad"];
/// Words in names of large customers with a postal code of their own.
const COMPANY_WORDS: &[&str] = &[
    "ag",
    "gmbh",
    "kg",
    "ev",
    "bank",
    "versicherung",
    "versicherungen",
    "ohg",
    "mbh",
    "co",
    "sparkasse",
    "postbank",
];

pub(super) struct PlaceRow {
    pub(super) name: String,
    /// Folded.
    pub(super) other_names: Vec<String>,
    pub(super) country: u8,
    pub(super) admin1: u16,
    pub(super) admin2: u16,
    pub(super) lat: f64,
    pub(super) lon: f64,
    pub(super) population: u32,
    pub(super) flags: PlaceFlags,
    links: u8,
}

impl PlaceRow {
    fn record(&self, name: u32) -> PlaceRecord {
        PlaceRecord {
            name,
            lat: self.lat,
            lon: self.lon,
            population: self.population,
            admin1: self.admin1,
            admin2: self.admin2,
            country: self.country,
            flags: self.flags,
            fame: u8::try_from(self.other_names.len()).unwrap_or(u8::MAX),
            links: self.links,
        }
    }

    const fn spot(&self) -> Spot {
        Spot { lat: self.lat, lon: self.lon, country: self.country }
    }
}

pub(super) struct Places {
    pub(super) rows: Vec<PlaceRow>,
    /// Rows by folded name, usual or other.
    by_name: HashMap<String, Vec<usize>>,
}

impl Places {
    /// Reads the table of places and Dray's own list.
    pub(super) fn read(
        data: &Path,
        countries: &Countries,
        regions: &mut Regions,
        strings: &mut StringsWriter,
    ) -> Result<Self, IndexError> {
        let mut places = Self { rows: Vec::new(), by_name: HashMap::new() };
        for row in Table::read(data, "gazetteer/places.tsv.zst")?.rows() {
            let Some(country) = countries.number(row.country(1)?) else { continue };
            let mut flags = PlaceFlags::default();
            if row.text(7)? == "1" {
                flags.add(PlaceFlags::SUBURB);
            }
            let admin2 = Some(row.text(3)?).filter(|name| !name.is_empty());
            places.push(PlaceRow {
                name: row.text(0)?.to_owned(),
                other_names: other_names(row.text(8)?),
                country,
                admin1: regions.first(row.text(1)?, row.text(2)?),
                admin2: admin2.map_or(0, |name| regions.second(name, country, strings)),
                lat: row.parse(4)?,
                lon: row.parse(5)?,
                population: row.parse(6)?,
                flags,
                links: 0,
            });
        }
        places.read_freight_places(data, countries)?;
        Ok(places)
    }

    fn read_freight_places(&mut self, data: &Path, countries: &Countries) -> Result<(), IndexError> {
        let table = Table::read_plain(data, "gazetteer/freight_places.tsv")?;
        for row in table.rows() {
            let country =
                countries.number(row.country(1)?).ok_or_else(|| row.error("unknown country".into()))?;
            let mut flags = PlaceFlags::default();
            flags.add(PlaceFlags::FREIGHT);
            self.push(PlaceRow {
                name: row.text(0)?.to_owned(),
                other_names: other_names(row.text(4)?),
                country,
                admin1: 0,
                admin2: 0,
                lat: row.parse(2)?,
                lon: row.parse(3)?,
                population: 0,
                flags,
                links: 0,
            });
        }
        Ok(())
    }

    /// Adds abbreviations and spellings of weighty places that the table lacks.
    pub(super) fn read_abbreviations(
        &mut self,
        data: &Path,
        countries: &Countries,
    ) -> Result<(), IndexError> {
        for row in Table::read_plain(data, "gazetteer/abbreviations.tsv")?.rows() {
            if row.text(0)? != "place" {
                continue;
            }
            let country =
                countries.number(row.country(1)?).ok_or_else(|| row.error("unknown country".into()))?;
            let rows = self.by_name.get(&fold(row.text(3)?)).into_iter().flatten().copied();
            // Places are ordered by merit.
            let at = rows.filter(|&at| self.rows[at].country == country).min();
            let at = at.ok_or_else(|| {
                row.error(format!("no place is called `{}`", row.text(3).unwrap_or_default()))
            })?;
            let name = fold(row.text(2)?);
            self.by_name.entry(name.clone()).or_default().push(at);
            self.rows[at].other_names.push(name);
        }
        Ok(())
    }

    fn push(&mut self, row: PlaceRow) {
        let at = self.rows.len();
        self.by_name.entry(fold(&row.name)).or_default().push(at);
        for name in &row.other_names {
            self.by_name.entry(name.clone()).or_default().push(at);
        }
        self.rows.push(row);
    }

    /// The place of a folded name within some kilometres of a point.
    pub(super) fn near(&self, folded: &str, country: u8, point: (f64, f64), reach_km: f64) -> Option<usize> {
        let rows = self.by_name.get(folded)?;
        let distance = |at: usize| km(point, (self.rows[at].lat, self.rows[at].lon));
        let own =
            rows.iter().copied().filter(|&at| self.rows[at].country == country && distance(at) <= reach_km);
        own.min_by(|&a, &b| distance(a).total_cmp(&distance(b)))
    }

    /// Takes second-level regions from postal codes where the table of places names none.
    pub(super) fn learn_regions(
        &mut self,
        postal: &[PostalCode],
        regions: &mut Regions,
        strings: &mut StringsWriter,
    ) {
        let mut votes: HashMap<(u16, &str), u32> = HashMap::new();
        for code in postal.iter().filter(|code| !code.admin2.is_empty()) {
            for name in &code.places {
                let found = self.near(&fold(name), code.country, (code.lat, code.lon), SAME_PLACE_KM);
                let Some(row) = found.map(|at| &mut self.rows[at]) else { continue };
                if row.admin2 == 0 {
                    row.admin2 = regions.second(&code.admin2, code.country, strings);
                } else {
                    *votes.entry((row.admin2, &code.admin2)).or_default() += 1;
                }
            }
        }
        regions.learn_names(&votes);
    }

    /// Weighs every place by its port and its airport.
    pub(super) fn learn_links(
        &mut self,
        countries: &Countries,
        ports: &[PortRecord],
        airports: &[AirportRecord],
        strings: &StringsWriter,
    ) {
        let mut best: HashMap<usize, (u8, u8)> = HashMap::new();
        let find = |name: u32, country: CountryBytes, point| {
            self.near(&fold(strings.get(name)), countries.number(country)?, point, OWN_TERMINAL_KM)
        };
        for port in ports {
            if let Some(at) = find(port.name, port.country, (port.lat, port.lon)) {
                let weights = best.entry(at).or_default();
                weights.0 = weights.0.max(port_weight(port));
            }
        }
        for airport in airports {
            if let Some(at) = find(airport.city, airport.country, (airport.lat, airport.lon)) {
                let weights = best.entry(at).or_default();
                weights.1 = weights.1.max(airport_weight(airport));
            }
        }
        for (at, (port, airport)) in best {
            self.rows[at].links = port + airport;
        }
    }

    /// Marks the seats of regions, and orders the places by merit, weightiest first.
    pub(super) fn order_by_merit(&mut self, regions: &Regions) {
        for row in &mut self.rows {
            let folded = fold(&row.name);
            let larger = |number| regions.population(number) >= f64::from(row.population) * REGION_TO_SEAT;
            let seat = |number| regions.is_called(number, &folded) && larger(number);
            if row.population > 0 && (seat(row.admin1) || seat(row.admin2)) {
                row.flags.add(PlaceFlags::SEAT);
            }
        }
        let mut order: Vec<usize> = (0..self.rows.len()).collect();
        let merits: Vec<f64> = self.rows.iter().map(|row| row.record(0).merit()).collect();
        order.sort_by(|&a, &b| merits[b].total_cmp(&merits[a]).then(a.cmp(&b)));
        let mut new_numbers = vec![0; order.len()];
        for (new, &old) in order.iter().enumerate() {
            new_numbers[old] = new;
        }
        self.by_name.values_mut().flatten().for_each(|at| *at = new_numbers[*at]);
        let mut rows: Vec<Option<PlaceRow>> = std::mem::take(&mut self.rows).into_iter().map(Some).collect();
        self.rows = order.into_iter().filter_map(|old| rows[old].take()).collect();
    }

    /// A grid of the places so far.
    pub(super) fn nearby(&self) -> Nearby {
        Nearby::new(self.rows.iter().map(PlaceRow::spot))
    }

    /// Places of Dray's own list lie in the regions of their neighbours.
    pub(super) fn place_freight_places(&mut self) {
        let nearby = Nearby::new(self.rows.iter().filter(|row| row.admin1 > 0).map(PlaceRow::spot));
        let regions: Vec<(u16, u16)> =
            self.rows.iter().filter(|row| row.admin1 > 0).map(|row| (row.admin1, row.admin2)).collect();
        for row in self.rows.iter_mut().filter(|row| row.flags.has(PlaceFlags::FREIGHT)) {
            if let Some(at) = nearby.find(row.lat, row.lon, row.country) {
                (row.admin1, row.admin2) = regions[at];
            }
        }
    }

    /// Adds the places that only postal codes know: the mean of the codes that lie together.
    pub(super) fn add_postal_places(&mut self, postal: &[PostalCode], nearby: &Nearby) {
        let mut clusters: HashMap<(u8, String), Vec<Cluster>> = HashMap::new();
        let mut order = Vec::new();
        for code in postal {
            let point = (code.lat, code.lon);
            for name in code.places.iter().flat_map(|name| name.split(" / ")) {
                let name = name.split(" (").next().unwrap_or(name).trim();
                let folded = fold(name);
                if !is_place_name(&folded) || self.near(&folded, code.country, point, SAME_PLACE_KM).is_some()
                {
                    continue;
                }
                let key = (code.country, folded);
                let known = clusters.entry(key.clone()).or_default();
                match known.iter_mut().find(|cluster| km(cluster.mean(), point) <= SAME_PLACE_KM) {
                    Some(cluster) => cluster.add(point),
                    None => {
                        known.push(Cluster { name: name.to_owned(), lat: point.0, lon: point.1, count: 1.0 });
                        order.push((key, known.len() - 1));
                    }
                }
            }
        }
        for (key, at) in order {
            let cluster = &clusters[&key][at];
            self.add_minor(usual_case(&cluster.name), key.0, cluster.mean(), PlaceFlags::POSTAL, nearby);
        }
    }

    /// Adds the locations that only UN/LOCODE knows.
    pub(super) fn add_locodes(&mut self, locodes: &[Locode], countries: &Countries, nearby: &Nearby) {
        for locode in locodes {
            let point = (locode.record.lat, locode.record.lon);
            let Some(country) = countries.number([locode.record.code[0], locode.record.code[1]]) else {
                continue;
            };
            let folded = fold(&locode.name);
            if is_place_name(&folded) && self.near(&folded, country, point, SAME_PLACE_KM).is_none() {
                self.add_minor(locode.name.clone(), country, point, PlaceFlags::LOCODE, nearby);
            }
        }
    }

    fn add_minor(
        &mut self,
        name: String,
        country: u8,
        (lat, lon): (f64, f64),
        flag: PlaceFlags,
        nearby: &Nearby,
    ) {
        let mut flags = PlaceFlags::default();
        flags.add(flag);
        let regions = nearby.find(lat, lon, country).map(|at| (self.rows[at].admin1, self.rows[at].admin2));
        let (admin1, admin2) = regions.unwrap_or_default();
        let other_names = Vec::new();
        self.push(PlaceRow {
            name,
            other_names,
            country,
            admin1,
            admin2,
            lat,
            lon,
            population: 0,
            flags,
            links: 0,
        });
    }

    pub(super) fn name(&self, names: &mut NamesWriter, countries: &Countries) {
        for (number, row) in (0..).zip(&self.rows) {
            let usual = fold(&row.name);
            for name in &row.other_names {
                // `Newcastle` of Newcastle upon Tyne is as usual as the full name.
                let short = usual.strip_prefix(name.as_str()).is_some_and(is_addition);
                names
                    .add(name.clone(), if short { Target::Place(number) } else { Target::OtherName(number) });
            }
            names.add(usual, Target::Place(number));
            let alpha2 = countries.alpha2(row.country);
            let spellings = place_spellings(&row.name, std::str::from_utf8(&alpha2).unwrap_or_default());
            spellings.into_iter().for_each(|name| names.add(name, Target::OtherName(number)));
        }
    }

    pub(super) fn encode(&self, strings: &mut StringsWriter) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.rows.len() * PlaceRecord::SIZE);
        self.rows.iter().for_each(|row| row.record(strings.add(&row.name)).encode(&mut out));
        out
    }
}

struct Cluster {
    name: String,
    lat: f64,
    lon: f64,
    count: f64,
}

impl Cluster {
    const fn mean(&self) -> (f64, f64) {
        (self.lat / self.count, self.lon / self.count)
    }

    fn add(&mut self, (lat, lon): (f64, f64)) {
        self.lat += lat;
        self.lon += lon;
        self.count += 1.0;
    }
}

/// Other names, folded; single letters and pairs of Latin letters mean nothing.
fn other_names(list: &str) -> Vec<String> {
    let mut names: Vec<String> = list.split('|').map(fold).collect();
    names.retain(|name| name.chars().count() > if name.is_ascii() { 2 } else { 1 });
    names
}

fn is_place_name(folded: &str) -> bool {
    let company = || folded.split(' ').any(|word| COMPANY_WORDS.contains(&word));
    let short = folded.is_ascii() && folded.len() < 3;
    !short && folded.len() <= 60 && !folded.bytes().any(|b| b.is_ascii_digit()) && !company()
}

/// Whether the rest of a name only tells it from its namesakes, as in `Newcastle upon Tyne`.
fn is_addition(rest: &str) -> bool {
    rest.starts_with(' ') && rest.split_whitespace().next().is_some_and(|word| ADDITIONS.contains(&word))
}

/// Weight of a port for freight in tenths, by Natural Earth's rank and whether containers are handled.
fn port_weight(port: &PortRecord) -> u8 {
    match (port.container_terminal, port.rank) {
        (true, Some(..=4)) => 8,
        (true, Some(_)) => 6,
        (true, None) => 4,
        (false, Some(_)) => 2,
        (false, None) => 1,
    }
}

/// Weight of an airport for freight in tenths, by Natural Earth's rank.
fn airport_weight(airport: &AirportRecord) -> u8 {
    match airport.rank {
        Some(..=3) => 5,
        Some(4..=5) => 4,
        Some(_) => 3,
        None => 1,
    }
}
