//! Which of a server's answers is meant, and how sure that is.
//!
//! A server's own score (Nominatim's `importance`, Photon's order) says how well known a place is, not how well it matches;
//! without the Wikipedia data not even that. What counts here: how much of the text agrees, what kind of thing it is, how
//! large, and whether another place far away matches as well. All weights are ours.

use std::cmp::Ordering;
use std::collections::HashSet;

use emissions_core::CountryCode;
use logistics_domain::geography::{Candidate, MatchType};

use super::hit::{Hit, Kind};
use super::words::{Agreement, agreement};
use crate::geodesic::geodesic_km;

/// What the hinted country adds, in powers of ten of population, as in the embedded geocoder.
const HINT: f64 = 2.5;

/// What is taken off where the text has only a part of the name: `York` is not New York.
const PART_OF_NAME: f64 = 3.0;

/// What is added where the text has the town that a street or terminal lies in: `Calle Mayor, Zaragoza`.
const TOWN_NAMED: f64 = 1.5;

/// Places closer than this, in kilometres, make no difference for freight.
const SAME_KM: f64 = 30.0;

/// A lead of one power of ten is clear; without any lead, confidence shrinks to this share.
const NO_LEAD: f64 = 0.4;

/// What a word with one wrong letter counts.
const SIMILAR: f64 = 0.8;

/// The most that a name with a wrong letter is trusted, as in the embedded geocoder.
const FUZZY: f64 = 0.5;

/// From this size on (10,000 people) a place is preferred to the region or country of its name.
const NAMESAKE: f64 = 4.0;

/// Candidates told besides the best.
const MOST_BEATEN: usize = 5;

/// What words that agree with nothing mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Strictness {
    /// The server has required every word and knows more names than it tells.
    AllWordsFound,
    /// The server answers with whatever comes near.
    Lenient,
}

impl Strictness {
    fn share(self, coverage: f64) -> f64 {
        match self {
            Self::AllWordsFound => 0.5 + 0.5 * coverage,
            Self::Lenient => coverage,
        }
    }
}

/// The answer that is meant most probably.
#[derive(Debug, Clone)]
pub(super) struct Choice {
    pub best: Candidate,
    pub match_type: MatchType,
    pub beaten: Vec<Candidate>,
}

struct Rated<'h> {
    hit: &'h Hit,
    coverage: f64,
    fuzzy: bool,
    score: f64,
}

/// Chooses among the answers, if there are any.
pub(super) fn choose(
    hits: &[Hit],
    text: &[String],
    hint: Option<CountryCode>,
    strictness: Strictness,
) -> Option<Choice> {
    let mut rated: Vec<Rated<'_>> = hits.iter().map(|hit| rate(hit, text, hint)).collect();
    let most = rated.iter().map(|rated| rated.coverage).fold(0.0, f64::max);
    rated.retain(|rated| most - rated.coverage < 1e-9);
    without_namesakes(&mut rated);
    // A stable sort: equal ones stay in the server's order.
    rated.sort_by(|a, b| b.score.partial_cmp(&a.score).unwrap_or(Ordering::Equal));

    let rivals = distinct(&rated);
    let (best, others) = rivals.split_first()?;
    let trust = |rated: &Rated<'_>| {
        let trust = rated.hit.kind.precision() * strictness.share(rated.coverage);
        if rated.fuzzy { trust.min(FUZZY) } else { trust }
    };
    let lead = others.first().map_or(1.0, |second| (best.score - second.score).clamp(0.0, 1.0));
    let beaten = others.iter().take(MOST_BEATEN).map(|other| {
        let behind = (best.score - other.score).clamp(0.0, 1.0);
        candidate(other, trust(other) * NO_LEAD * (1.0 - behind))
    });
    Some(Choice {
        best: candidate(best, trust(best) * (NO_LEAD + (1.0 - NO_LEAD) * lead)),
        match_type: if best.fuzzy { MatchType::Fuzzy } else { best.hit.kind.match_type() },
        beaten: beaten.collect(),
    })
}

/// The share of the text's words that agree with some answer, at best.
pub(super) fn coverage(hits: &[Hit], text: &[String]) -> f64 {
    hits.iter().map(|hit| agreeing(hit, text).0).fold(0.0, f64::max)
}

/// Whether the text names the country of an answer.
pub(super) fn names_country(hits: &[Hit], text: &[String]) -> bool {
    hits.iter().any(|hit| !hit.country.is_empty() && hit.country.iter().all(|word| text.contains(word)))
}

fn rate<'h>(hit: &'h Hit, text: &[String], hint: Option<CountryCode>) -> Rated<'h> {
    let (coverage, fuzzy) = agreeing(hit, text);
    let whole = |name: &HashSet<String>| name.iter().all(|word| text.contains(word));
    let size = match hit.population {
        Some(people) if people >= 1.0 && !hit.kind.is_area() => people.log10(),
        _ => hit.kind.size(),
    };
    let mut score = size;
    if hint == Some(hit.place.country) {
        score += HINT;
    }
    if hit.kind != Kind::Address && !hit.names.iter().any(whole) {
        score -= PART_OF_NAME;
    }
    if !hit.town.is_empty() && whole(&hit.town) {
        score += TOWN_NAMED;
    }
    Rated { hit, coverage, fuzzy, score }
}

/// The share of words that agree, and whether some do only nearly.
fn agreeing(hit: &Hit, text: &[String]) -> (f64, bool) {
    let (mut sum, mut fuzzy) = (0.0, false);
    for word in text {
        match agreement(word, &hit.known, hit.place.country) {
            Agreement::Same => sum += 1.0,
            Agreement::Similar => {
                sum += SIMILAR;
                fuzzy = true;
            }
            Agreement::None => {}
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "a number of words")]
    let count = text.len().max(1) as f64;
    (sum / count, fuzzy)
}

/// Takes out regions and countries that share their name with a town inside them: `Madrid`, `Luxembourg`.
fn without_namesakes(rated: &mut Vec<Rated<'_>>) {
    let towns: Vec<(CountryCode, f64)> = rated
        .iter()
        .filter(|rated| !rated.hit.kind.is_area())
        .map(|rated| {
            (
                rated.hit.place.country,
                rated.hit.population.map_or(rated.hit.kind.size(), |people| people.max(1.0).log10()),
            )
        })
        .filter(|(_, size)| *size >= NAMESAKE)
        .collect();
    rated.retain(|rated| {
        !rated.hit.kind.is_area() || !towns.iter().any(|(country, _)| *country == rated.hit.place.country)
    });
}

/// The first of each group of answers that lie together.
fn distinct<'r, 'h>(rated: &'r [Rated<'h>]) -> Vec<&'r Rated<'h>> {
    let mut rivals: Vec<&Rated<'_>> = Vec::new();
    for candidate in rated {
        let at = candidate.hit.place.coordinates;
        if rivals.iter().all(|rival| geodesic_km(rival.hit.place.coordinates, at) > SAME_KM) {
            rivals.push(candidate);
        }
    }
    rivals
}

fn candidate(rated: &Rated<'_>, confidence: f64) -> Candidate {
    Candidate { place: rated.hit.place.clone(), confidence }
}
