//! Weighs a candidate by its own merit and by what the rest of the query says.
//!
//! Scores are on the scale of [`merit`](freight_geo_index::gazetteer::PlaceRecord::merit), powers of ten. The weights are
//! Dray's own; `GEOCODING.md` explains them.

use freight_geo_index::gazetteer::{PlaceFlags, fold};

use super::Gazetteer;
use super::analysis::{Analysis, Group, PlaceSense, RegionSense};
use super::candidates::{Candidate, Kind, Shadow};
use super::geodesy::km;
use super::postal::PostalSpan;

const COUNTRY_NAMED: f64 = 3.0;
const OTHER_COUNTRY_NAMED: f64 = -6.0;
const REGION_NAMED: f64 = 2.5;
const OTHER_REGION_NAMED: f64 = -3.0;
/// The country's postal codes are known, and this is none of them.
const UNKNOWN_CODE: f64 = -1.5;
const HINT: f64 = 3.5;
/// Regions change their borders; a place so near to one's centre is as good as in it.
const REGION_KM: f64 = 60.0;
/// Places named side by side belong together within this distance.
const NEIGHBOUR_KM: f64 = 40.0;
/// A code counts for a place within this distance.
pub(super) const OWN_CODE_KM: f64 = 25.0;
/// Codes of India are known to the district only.
const COARSE_CODE_KM: f64 = 60.0;

/// What speaks for and against a candidate in the rest of the query.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Support {
    /// Its country is named.
    pub(super) country: bool,
    /// Its region is named.
    pub(super) region: bool,
    /// A place near it is named.
    pub(super) neighbour: bool,
    /// Its country is the hint.
    pub(super) hint: bool,
    /// Position of a postal code near it among the query's codes.
    pub(super) code: Option<usize>,
    /// How far a postal code of its country that is not near it lies away, in kilometres.
    pub(super) far_code: Option<f64>,
    /// Sum of what contradicts it, negative.
    pub(super) contradiction: f64,
}

impl Support {
    /// Anything in the query besides its own name speaks for it.
    pub(super) const fn any(&self) -> bool {
        self.country || self.region || self.neighbour || self.code.is_some()
    }
}

/// A candidate and its weight.
#[derive(Debug, Clone)]
pub(super) struct Scored {
    pub(super) candidate: Candidate,
    /// Without the hint.
    pub(super) score: f64,
    /// What the hint adds.
    pub(super) hint: f64,
    pub(super) support: Support,
    /// Words of its part that nothing explains.
    pub(super) leftover: usize,
    pub(super) street: bool,
}

/// Weighs candidates.
pub(super) struct Scale<'t> {
    pub(super) gazetteer: &'t Gazetteer,
    pub(super) analysis: &'t Analysis<'t>,
    /// Number of the hinted country, unless the query names one.
    pub(super) hint: Option<u8>,
}

impl Scale<'_> {
    pub(super) fn weigh(&self, candidate: Candidate) -> Scored {
        let mut support = Support { hint: self.hint == Some(candidate.country), ..Support::default() };
        let mut score = candidate.merit + self.form(&candidate);
        score += self.groups(&candidate, &mut support);
        score += self.kind(&candidate, support.country || support.hint);
        score += self.codes(&candidate, &mut support);
        let hint = if support.hint { HINT } else { 0.0 };
        let leftover = self.analysis.leftover(&candidate.span);
        let street = self.analysis.is_street(&candidate.span);
        Scored { candidate, score, hint, support, leftover, street }
    }

    /// How well the words fit the name.
    fn form(&self, candidate: &Candidate) -> f64 {
        let analysis = self.analysis;
        let span = &candidate.span;
        let part = analysis.text.words[span.first].part;
        let mut score = 0.4 * (span.words().min(5) - 1) as f64;
        if analysis.text.words[span.first].spaceless {
            score = 0.3 * (span.words().min(6) as f64 - 2.0);
        }
        score += match analysis.leftover(span) {
            0 => 1.0,
            1 => -0.6,
            2 => -1.0,
            _ => -1.4,
        };
        if analysis.is_street(span) {
            score -= 3.5;
        }
        if analysis.is_company(part) {
            score -= 2.0;
        }
        if span.adapted {
            score -= 0.2;
        }
        if analysis.is_general(span) {
            score -= 2.0;
        }
        if self.is_area_of_another(candidate) {
            score -= 3.0;
        }
        if analysis.spans.iter().any(|other| other.words() > span.words() && other.contains(span)) {
            score -= 2.5;
        }
        if analysis.groups.iter().any(|group| {
            let longer = group.span.words() > span.words() && group.span.contains(span);
            longer && !(group.regions.is_empty() && group.countries.is_empty())
        }) {
            score -= 3.0;
        }
        score += 0.3 * part as f64 / analysis.text.part_count().max(1) as f64;
        score
    }

    /// The words are the country or region in which another place that is named before lies, and its main city bears
    /// the same name.
    fn is_area_of_another(&self, candidate: &Candidate) -> bool {
        let groups = &self.analysis.groups;
        let Some(own) = groups.iter().find(|group| group.span == candidate.span) else { return false };
        let city_state = self.gazetteer.countries.is_city_state(candidate.country);
        let country = !city_state && own.countries.contains(&candidate.country);
        let region = |place: &PlaceSense| {
            let holds = |region: &RegionSense| region.number == place.admin1 || region.number == place.admin2;
            own.regions.iter().any(|region| region.country == place.country && holds(region))
        };
        let within = |place: &PlaceSense| {
            let inside = country && place.country == candidate.country || region(place);
            inside && km(place.point, candidate.point) > NEIGHBOUR_KM / 2.0
        };
        let before = |group: &&Group| group.whole && !group.street && group.span.last < own.span.first;
        groups.iter().filter(before).any(|group| group.places.iter().any(within))
    }

    fn kind(&self, candidate: &Candidate, in_country: bool) -> f64 {
        match candidate.kind {
            Kind::Place { usual, .. } => {
                let other = match (usual, candidate.shadow) {
                    (true, _) => 0.0,
                    (false, Shadow::None) => -0.35,
                    (false, Shadow::Elsewhere) if in_country => -1.0,
                    (false, _) => -2.0,
                };
                let minor =
                    candidate.flags.has(PlaceFlags::POSTAL) || candidate.flags.has(PlaceFlags::LOCODE);
                let freight = candidate.flags.has(PlaceFlags::FREIGHT);
                other - if minor { 0.5 } else { 0.0 } + if freight { 4.0 } else { 0.0 }
            }
            Kind::Port(_) => {
                if self.analysis.says_port {
                    2.0
                } else {
                    1.0
                }
            }
            Kind::Airport(_) => {
                if self.analysis.says_airport {
                    2.5
                } else {
                    1.0
                }
            }
            Kind::Postal { code, .. } => {
                if self.analysis.postal[code].prefixed {
                    3.0
                } else {
                    0.0
                }
            }
            Kind::Fuzzy { edits, .. } => -1.5 * f64::from(edits),
        }
    }

    fn groups(&self, candidate: &Candidate, support: &mut Support) -> f64 {
        let others = self.analysis.groups.iter().filter(|group| !group.span.overlaps(&candidate.span));
        others.map(|group| self.group(candidate, group, support)).sum()
    }

    fn group(&self, candidate: &Candidate, group: &Group, support: &mut Support) -> f64 {
        let company = self.analysis.is_company(group.part);
        if group.street || company {
            return if near(candidate, group).is_some() { 0.3 } else { 0.0 };
        }
        let mut agreement: f64 = 0.0;
        if group.countries.contains(&candidate.country) {
            support.country = true;
            agreement = if group.whole || group.code { COUNTRY_NAMED } else { COUNTRY_NAMED - 0.5 };
        }
        let region = region_agreement(candidate, group);
        if region > 0.0 {
            support.region = true;
            agreement = agreement.max(region);
        }
        if self.is_named_by_code(candidate, group) {
            support.neighbour = true;
            agreement = agreement.max(REGION_NAMED);
        }
        if let Some(distance) = near(candidate, group) {
            support.neighbour = true;
            agreement = agreement.max(if distance < NEIGHBOUR_KM / 2.0 { 1.5 } else { 1.0 });
        }
        if agreement > 0.0 {
            return agreement;
        }
        if self.analysis.is_general(&group.span) && !group.code {
            return 0.0;
        }
        let contradiction = contradiction(candidate, group);
        if self.analysis.may_be_no_code(group) {
            return contradiction.max(-0.7);
        }
        support.contradiction += contradiction;
        contradiction
    }

    /// The words are one of the places to which a postal code belongs.
    fn is_named_by_code(&self, candidate: &Candidate, group: &Group) -> bool {
        let Kind::Postal { code, sense } = candidate.kind else { return false };
        let record =
            self.analysis.postal.get(code).and_then(|code| code.places.get(sense)).map(|place| place.record);
        let names = record.map_or("", |record| self.gazetteer.index.strings().get(record.places));
        let written = fold(self.analysis.text.written(group.span.first, group.span.last));
        names.split('|').any(|name| !name.is_empty() && fold(name) == written)
    }

    fn codes(&self, candidate: &Candidate, support: &mut Support) -> f64 {
        let mut best: f64 = 0.0;
        let mut worst: f64 = 0.0;
        for (at, code) in self.analysis.postal.iter().enumerate() {
            if code.first <= candidate.span.last && candidate.span.first <= code.last {
                continue;
            }
            let Some(place) = code.places.iter().find(|place| place.country == candidate.country) else {
                let elsewhere = looks_sure(code) && self.gazetteer.countries.knows_codes(candidate.country);
                worst = worst.min(if elsewhere { UNKNOWN_CODE } else { 0.0 });
                continue;
            };
            let distance = km(candidate.point, (place.record.lat, place.record.lon));
            let own = if self.is_coarse(candidate.country) { COARSE_CODE_KM } else { OWN_CODE_KM };
            if distance <= own {
                support.code = Some(at);
                best = best.max(if distance <= own / 3.0 { 4.0 } else { 3.0 });
            } else if distance <= 2.4 * own
                || place.record.admin2 > 0 && place.record.admin2 == candidate.admin2
            {
                best = best.max(1.0);
            } else if looks_sure(code) || beside(candidate, code) {
                support.far_code = Some(distance);
                worst = -2.5;
            }
        }
        if best > 0.0 {
            support.far_code = None;
            return best;
        }
        support.contradiction += worst.max(UNKNOWN_CODE);
        worst
    }

    /// Whether the country's postal codes are known to the district only.
    pub(super) fn is_coarse(&self, country: u8) -> bool {
        self.gazetteer.countries.code(country).is_some_and(|code| code.as_str() == "IN")
    }
}

/// Numbers of five digits and codes with letters are hardly ever house numbers.
fn looks_sure(code: &PostalSpan) -> bool {
    code.prefixed || code.length >= 5
}

fn beside(candidate: &Candidate, code: &PostalSpan) -> bool {
    code.length >= 4 && (code.last + 1 == candidate.span.first || candidate.span.last + 1 == code.first)
}

fn region_agreement(candidate: &Candidate, group: &Group) -> f64 {
    let senses = group.regions.iter().filter(|region| region.country == candidate.country);
    let agreement = |region: &RegionSense| {
        if region.number == candidate.admin1 || region.number == candidate.admin2 {
            REGION_NAMED
        } else if km(region.point, candidate.point) < REGION_KM {
            REGION_NAMED / 2.0
        } else {
            0.0
        }
    };
    senses.map(agreement).fold(0.0, f64::max)
}

/// The distance to the nearest of a group's places that is near.
fn near(candidate: &Candidate, group: &Group) -> Option<f64> {
    let own = group.places.iter().filter(|place| place.country == candidate.country);
    let distances =
        own.map(|place| km(place.point, candidate.point)).filter(|distance| *distance <= NEIGHBOUR_KM);
    distances.min_by(f64::total_cmp)
}

/// What a group that does not agree takes away. What stands later in an address says more than what stands before.
fn contradiction(candidate: &Candidate, group: &Group) -> f64 {
    let after = group.span.first > candidate.span.last;
    if !group.countries.is_empty() {
        return match (group.whole || group.code, after) {
            (true, _) => OTHER_COUNTRY_NAMED,
            (false, true) => OTHER_COUNTRY_NAMED / 2.0,
            (false, false) => -1.0,
        };
    }
    if !group.regions.is_empty() {
        return match (group.whole || group.code, after) {
            (true, true) => OTHER_REGION_NAMED,
            (true, false) => -1.0,
            (false, true) => -1.0,
            (false, false) => -0.3,
        };
    }
    let merit = group.places.iter().map(|place| place.merit).fold(0.0, f64::max);
    match (group.whole, after) {
        (true, true) => -(0.5 * (merit - 2.0)).clamp(0.2, 2.5),
        (true, false) => -0.4,
        _ => -0.1,
    }
}
