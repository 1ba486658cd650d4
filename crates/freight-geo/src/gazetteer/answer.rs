//! Turns a decision into an answer.

use emissions_core::CountryCode;
use logistics_domain::geography::{
    Candidate, Coordinates, GeocodeError, Geocoded, MatchType, Place, PlaceQuery,
};

use super::candidates::Kind;
use super::codes::Code;
use super::decide::{Area, Choice, Decision, beaten_confidence, distinct, exact_code, match_type};
use super::geodesy::{Point, km};
use super::score::{Scale, Scored};
use super::terminals::{airports, port, ports};
use super::text::Text;
use super::{Gazetteer, SOURCE, codes};

/// How many places that were beaten are named.
const BEATEN: usize = 5;
/// A code within a query confirms a place within this distance.
const SAME_PLACE_KM: f64 = 80.0;
/// Confidence of a code that is the whole query, and of one that stands beside words that say nothing.
const CODE_CONFIDENCE: f64 = 0.95;
const LONE_CODE_CONFIDENCE: f64 = 0.8;
/// An airport code that is the whole query of a shipment that does not fly.
const GROUND_IATA_CONFIDENCE: f64 = 0.7;

/// Answers to one query.
pub(super) struct Answers<'q> {
    gazetteer: &'q Gazetteer,
    query: &'q PlaceQuery<'q>,
    text: &'q Text<'q>,
    min_confidence: f64,
}

impl<'q> Answers<'q> {
    pub(super) const fn new(
        gazetteer: &'q Gazetteer,
        query: &'q PlaceQuery<'q>,
        text: &'q Text<'q>,
        min_confidence: f64,
    ) -> Self {
        Self { gazetteer, query, text, min_confidence }
    }

    pub(super) fn not_found(&self) -> GeocodeError {
        GeocodeError::NotFound { query: self.query.text.to_owned() }
    }

    /// The answer to a pair of coordinates: the point itself, named after the nearest place.
    pub(super) fn coordinates(&self, point: Point) -> Result<Geocoded, GeocodeError> {
        let near = self.gazetteer.index.nearest_place(point.0, point.1);
        let place = near.and_then(|(number, _)| self.place(number, point)).ok_or_else(|| self.not_found())?;
        self.accept(place, MatchType::Coordinates, self.query.text.trim(), 1.0, false, Vec::new())
    }

    /// The answer to a code that is the whole query.
    pub(super) fn code(&self, code: Code) -> Result<Geocoded, GeocodeError> {
        let confidence = match code {
            Code::Iata(_) if self.query.mode != emissions_core::Mode::Air => GROUND_IATA_CONFIDENCE,
            _ => CODE_CONFIDENCE,
        };
        let place = self.code_place(code).ok_or_else(|| self.not_found())?;
        self.accept(place, MatchType::Code, self.query.text.trim(), confidence, false, Vec::new())
    }

    /// The answer to a decision.
    pub(super) fn decide(&self, scale: &Scale<'_>, decision: &Decision) -> Result<Geocoded, GeocodeError> {
        let code = self.part_code(scale);
        let Some(choice) = &decision.choice else {
            let place = code.and_then(|(code, written)| Some((self.code_place(code)?, written)));
            let (place, written) = place.ok_or_else(|| self.not_found())?;
            return self.accept(place, MatchType::Code, written, LONE_CODE_CONFIDENCE, false, Vec::new());
        };
        let confirmed = code.and_then(|(code, written)| self.confirmed_code(choice, code, written));
        if let Some(answer) = confirmed {
            return answer;
        }
        let mut beaten = self.beaten(choice, decision);
        if choice.area.is_some() {
            // The place of the same name is a candidate too.
            beaten.splice(..0, self.candidate(scale, &choice.winner, choice.confidence / 2.0));
            beaten.truncate(BEATEN);
        }
        let exact = exact_code(scale, &choice.shown).filter(|_| choice.area.is_none());
        let place = match choice.area {
            Some(area) => self.area(area),
            None => self.scored_place(scale, &choice.shown, exact),
        };
        let place = place.ok_or_else(|| self.not_found())?;
        let span = choice.shown.candidate.span;
        let written = self.text.written(span.first, span.last);
        let kind = match_type(choice, exact.is_some());
        self.accept(place, kind, written, choice.confidence, choice.settled_by_hint, beaten)
    }

    /// A code that stands as a part of the query; for a shipment that flies, any three capitals that are an airport.
    fn part_code(&self, scale: &Scale<'_>) -> Option<(Code, &'q str)> {
        let flies = self.query.mode == emissions_core::Mode::Air && self.text.mixed_case;
        let airport = || {
            let capitals = |word: &usize| self.text.words[*word].capitals && self.text.fold(*word).len() == 3;
            (0..self.text.words.len()).filter(capitals).find_map(|word| {
                let written = self.text.written(word, word);
                codes::read(self.gazetteer, written).map(|code| (code, written))
            })
        };
        let part = (0..self.text.part_count()).find_map(|part| {
            let words = self.text.part(part);
            let written = self.text.written(words.start, words.end.checked_sub(1)?);
            let single = words.len() == 1
                && !scale.analysis.groups.iter().any(|group| group.code && group.part == part);
            let code = codes::read(self.gazetteer, written).filter(|_| single)?;
            Some((code, written))
        });
        part.or_else(|| if flies { airport() } else { None })
    }

    /// The answer, if a code in the query and the chosen place are the same.
    fn confirmed_code(
        &self,
        choice: &Choice,
        code: Code,
        written: &str,
    ) -> Option<Result<Geocoded, GeocodeError>> {
        let near = km(code.point(), choice.winner.candidate.point) <= SAME_PLACE_KM;
        let locode = matches!(code, Code::Locode(_));
        let lone = choice.winner.candidate.span.words() == 1
            && self.text.written(choice.winner.candidate.span.first, choice.winner.candidate.span.last)
                == written;
        let flies = self.query.mode == emissions_core::Mode::Air;
        if !(near || lone && locode) || !(locode || flies) {
            return None;
        }
        let confidence = if near { CODE_CONFIDENCE } else { LONE_CODE_CONFIDENCE };
        let place = self.code_place(code)?;
        Some(self.accept(place, MatchType::Code, written, confidence, false, Vec::new()))
    }

    fn accept(
        &self,
        place: Place,
        match_type: MatchType,
        matched: &str,
        confidence: f64,
        settled_by_hint: bool,
        beaten: Vec<Candidate>,
    ) -> Result<Geocoded, GeocodeError> {
        if confidence < self.min_confidence {
            let first = Candidate { place, confidence };
            let candidates = std::iter::once(first).chain(beaten).take(BEATEN).collect();
            return Err(GeocodeError::Ambiguous { query: self.query.text.to_owned(), candidates });
        }
        Ok(Geocoded {
            place,
            match_type,
            matched: matched.to_owned(),
            confidence,
            source: SOURCE.to_owned(),
            settled_by_hint,
            beaten,
        })
    }

    fn beaten(&self, choice: &Choice, decision: &Decision) -> Vec<Candidate> {
        let others = distinct(&choice.winner, &decision.scored, BEATEN);
        let confidence = |other: &Scored| beaten_confidence(&choice.winner, choice.confidence, other);
        others
            .into_iter()
            .filter_map(|other| {
                Some(Candidate { place: self.plain_place(other)?, confidence: confidence(other) })
            })
            .collect()
    }

    fn candidate(&self, scale: &Scale<'_>, scored: &Scored, confidence: f64) -> Option<Candidate> {
        Some(Candidate { place: self.scored_place(scale, scored, None)?, confidence })
    }

    fn scored_place(&self, scale: &Scale<'_>, scored: &Scored, exact: Option<Point>) -> Option<Place> {
        match scored.candidate.kind {
            Kind::Postal { code, sense } => {
                let found = scale.analysis.postal.get(code)?.places.get(sense)?;
                let names = self.gazetteer.index.strings().get(found.record.places);
                let first = names.split('|').next().filter(|name| !name.is_empty());
                let written = self.text.written(scored.candidate.span.first, scored.candidate.span.last);
                self.named(
                    first.unwrap_or(written),
                    found.country,
                    found.record.admin1,
                    scored.candidate.point,
                )
            }
            Kind::Place { number, .. } => self.place(number, exact.unwrap_or(scored.candidate.point)),
            _ => self.plain_place(scored),
        }
    }

    fn plain_place(&self, scored: &Scored) -> Option<Place> {
        let candidate = &scored.candidate;
        match candidate.kind {
            Kind::Port(at) => ports().get(at).map(super::terminals::Port::place),
            Kind::Airport(at) => airports().get(at).map(super::terminals::Airport::place),
            Kind::Place { number, .. } | Kind::Fuzzy { number, .. } => self.place(number, candidate.point),
            Kind::Postal { .. } => {
                let written = self.text.written(candidate.span.first, candidate.span.last);
                self.named(written, candidate.country, candidate.admin1, candidate.point)
            }
        }
    }

    fn area(&self, area: Area) -> Option<Place> {
        match area {
            Area::Country(country) => {
                let main = self.gazetteer.countries.record(country)?.main_place;
                let record = self.gazetteer.index.place(main)?;
                self.place(main, (record.lat, record.lon))
            }
            Area::Region(number) => {
                let region = self.gazetteer.index.region(number)?;
                let name = self.gazetteer.index.strings().get(region.name);
                self.named(name, region.country, 0, (region.lat, region.lon))
            }
        }
    }

    fn place(&self, number: u32, point: Point) -> Option<Place> {
        let record = self.gazetteer.index.place(number)?;
        self.named(self.gazetteer.index.strings().get(record.name), record.country, record.admin1, point)
    }

    fn named(&self, name: &str, country: u8, admin1: u16, point: Point) -> Option<Place> {
        let region = self.gazetteer.index.region(admin1.into());
        Some(Place {
            name: name.to_owned(),
            country: self.gazetteer.countries.code(country)?,
            admin1: region.map(|region| self.gazetteer.index.strings().get(region.name).to_owned()),
            coordinates: Coordinates::new(point.0, point.1).ok()?,
            code: None,
        })
    }

    fn code_place(&self, code: Code) -> Option<Place> {
        match code {
            Code::Iata(airport) => Some(airport.place()),
            Code::Locode(record) => {
                let written = std::str::from_utf8(&record.code).ok()?;
                if let Some(port) = port(written).filter(|_| self.query.mode == emissions_core::Mode::Sea) {
                    return Some(port.place());
                }
                let near = self.gazetteer.index.nearest_place(record.lat, record.lon);
                let region = near.and_then(|(_, place)| self.gazetteer.index.region(place.admin1.into()));
                Some(Place {
                    name: self.gazetteer.index.strings().get(record.name).to_owned(),
                    country: CountryCode::parse(written.get(..2)?).ok()?,
                    admin1: region.map(|region| self.gazetteer.index.strings().get(region.name).to_owned()),
                    coordinates: Coordinates::new(record.lat, record.lon).ok()?,
                    code: Some(written.to_owned()),
                })
            }
        }
    }
}
