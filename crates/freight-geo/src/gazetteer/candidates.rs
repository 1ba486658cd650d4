//! The places that a query could mean.

use emissions_core::Mode;
use freight_geo_index::gazetteer::{PlaceFlags, PlaceRecord, Target, fold};

use super::Gazetteer;
use super::analysis::Analysis;
use super::geodesy::Point;
use super::terminals::{Airport, Port, airports, ports};
use super::walk::Span;

/// Of one name, so many places are looked at, weightiest first.
const MAX_NAMESAKES: usize = 400;
/// From this size on, a usual name means this place rather than one that has the name in another language.
const WELL_KNOWN: u32 = 50_000;

/// What a candidate is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    /// A place by its number, and by its usual name or another.
    Place { number: u32, usual: bool },
    /// A port by its position in the table.
    Port(usize),
    /// An airport by its position in the table.
    Airport(usize),
    /// A postal code: its position among the query's codes, and among the countries that know it.
    Postal { code: usize, sense: usize },
    /// A place whose name is some letters away from what was written.
    Fuzzy { number: u32, edits: u8 },
}

/// A place that a query could mean.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub(super) kind: Kind,
    pub(super) span: Span,
    pub(super) point: Point,
    pub(super) country: u8,
    pub(super) admin1: u16,
    pub(super) admin2: u16,
    pub(super) population: u32,
    pub(super) flags: PlaceFlags,
    /// How likely it is meant by its bare name.
    pub(super) merit: f64,
    /// Whether another, well-known place bears this name as its usual one.
    pub(super) shadow: Shadow,
}

/// Whether a well-known place bears a name as its usual one, which a candidate bears as another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shadow {
    None,
    /// In another country.
    Elsewhere,
    /// In the candidate's country.
    SameCountry,
}

impl Candidate {
    pub(super) fn place(number: u32, record: &PlaceRecord, span: Span, kind: Kind) -> Self {
        debug_assert!(
            matches!(kind, Kind::Place { number: own, .. } | Kind::Fuzzy { number: own, .. } if own == number)
        );
        Self {
            kind,
            span,
            point: (record.lat, record.lon),
            country: record.country,
            admin1: record.admin1,
            admin2: record.admin2,
            population: record.population,
            flags: record.flags,
            merit: record.merit(),
            shadow: Shadow::None,
        }
    }

    pub(super) const fn is_terminal(&self) -> bool {
        matches!(self.kind, Kind::Port(_) | Kind::Airport(_))
    }
}

/// Which terminals a query asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) ports: bool,
    pub(super) airports: bool,
}

impl Wanted {
    pub(super) const fn new(analysis: &Analysis<'_>, mode: Mode) -> Self {
        Self {
            ports: analysis.says_port || matches!(mode, Mode::Sea | Mode::InlandWaterway),
            airports: analysis.says_airport || matches!(mode, Mode::Air),
        }
    }
}

/// Every candidate, except regions and countries.
pub(super) fn collect(gazetteer: &Gazetteer, analysis: &Analysis<'_>, wanted: Wanted) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    let lone = analysis.text.words.len() == 1;
    // Two letters in a longer query are a code or an abbreviation, not a place.
    let name = |span: &&Span| lone || span.words() > 1 || !analysis.is_two_letters(span.first);
    for span in analysis.spans.iter().filter(name) {
        collect_named(gazetteer, *span, wanted, &mut candidates);
    }
    for (code, found) in analysis.postal.iter().enumerate() {
        let span = Span { first: found.first, last: found.last, value: 0, adapted: false };
        for (sense, place) in found.places.iter().enumerate() {
            candidates.push(Candidate {
                kind: Kind::Postal { code, sense },
                span,
                point: (place.record.lat, place.record.lon),
                country: place.country,
                admin1: place.record.admin1,
                admin2: place.record.admin2,
                population: 0,
                flags: PlaceFlags::default(),
                merit: 3.0,
                shadow: Shadow::None,
            });
        }
    }
    candidates
}

fn collect_named(gazetteer: &Gazetteer, span: Span, wanted: Wanted, candidates: &mut Vec<Candidate>) {
    let start = candidates.len();
    let mut well_known: Vec<u8> = Vec::new();
    for target in gazetteer.index.targets(span.value).take(MAX_NAMESAKES) {
        match target {
            Target::Place(number) | Target::OtherName(number) => {
                let Some(record) = gazetteer.index.place(number) else { continue };
                let usual = matches!(target, Target::Place(_));
                if usual && record.population >= WELL_KNOWN {
                    well_known.push(record.country);
                }
                candidates.push(Candidate::place(number, &record, span, Kind::Place { number, usual }));
            }
            Target::Port(at) if wanted.ports => {
                candidates.extend(
                    ports().get(at as usize).map(|port| port_candidate(gazetteer, at as usize, port, span)),
                );
            }
            Target::Airport(at) if wanted.airports => {
                let airport = airports().get(at as usize);
                candidates
                    .extend(airport.map(|airport| airport_candidate(gazetteer, at as usize, airport, span)));
            }
            _ => {}
        }
    }
    let other = |candidate: &&mut Candidate| matches!(candidate.kind, Kind::Place { usual: false, .. });
    for candidate in candidates[start..].iter_mut().filter(other).filter(|_| !well_known.is_empty()) {
        let same = well_known.contains(&candidate.country);
        candidate.shadow = if same { Shadow::SameCountry } else { Shadow::Elsewhere };
    }
}

/// The ports and airports that bear a place's usual name.
pub(super) fn terminals_of(gazetteer: &Gazetteer, place: u32, span: Span, wanted: Wanted) -> Vec<Candidate> {
    let name = gazetteer.index.place(place).map(|record| fold(gazetteer.index.strings().get(record.name)));
    let value = name.and_then(|name| gazetteer.names.get(name));
    let mut found = Vec::new();
    if let Some(value) = value {
        collect_named(gazetteer, Span { value, ..span }, wanted, &mut found);
    }
    found.retain(Candidate::is_terminal);
    found
}

fn port_candidate(gazetteer: &Gazetteer, at: usize, port: &Port, span: Span) -> Candidate {
    let rank = match port.rank {
        Some(..=4) => 1.5,
        Some(_) => 0.7,
        None => 0.0,
    };
    let container = if port.container_terminal { 1.0 } else { 0.0 };
    let sea = if port.is_sea_port() { 0.5 } else { 0.0 };
    let point = (port.coordinates.lat(), port.coordinates.lon());
    terminal(gazetteer, Kind::Port(at), span, point, port.country, 4.5 + rank + container + sea)
}

fn airport_candidate(gazetteer: &Gazetteer, at: usize, airport: &Airport, span: Span) -> Candidate {
    let rank = match airport.rank {
        Some(..=3) => 2.5,
        Some(4..=5) => 1.8,
        Some(_) => 1.2,
        None => 0.0,
    };
    let major = if airport.major { 1.0 } else { 0.0 };
    let point = (airport.coordinates.lat(), airport.coordinates.lon());
    terminal(gazetteer, Kind::Airport(at), span, point, airport.country, 4.0 + rank + major)
}

fn terminal(
    gazetteer: &Gazetteer,
    kind: Kind,
    span: Span,
    point: Point,
    country: emissions_core::CountryCode,
    merit: f64,
) -> Candidate {
    let admin1 = match kind {
        Kind::Port(at) => ports().get(at).map_or(0, |port| port.region),
        Kind::Airport(at) => airports().get(at).map_or(0, |airport| airport.region),
        _ => 0,
    };
    Candidate {
        kind,
        span,
        point,
        country: gazetteer.countries.number(country).unwrap_or(u8::MAX),
        admin1,
        admin2: 0,
        population: 0,
        flags: PlaceFlags::default(),
        merit,
        shadow: Shadow::None,
    }
}
