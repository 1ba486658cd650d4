//! Which of a server's answers is meant, and how sure that is.
//!
//! A server's own score (Nominatim's `importance`, Photon's order) says how well known a place is, not how well it matches;
//! without the Wikipedia data not even that. What counts here: how much of the text agrees, what kind of thing it is, how
//! large, and whether another place far away matches as well. All weights are ours.

use std::cmp::Ordering;
use std::collections::HashSet;

use emissions_core::CountryCode;
use logistics_domain::geography::{Candidate, MatchType, geodesic_km};

use super::hit::{Hit, Kind};
use super::words::{Agreement, agreement};

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

#[cfg(test)]
mod tests {
    use logistics_domain::geography::{Coordinates, Place};

    use super::super::words::words;
    use super::*;

    /// A place by name, kind, population, country and state, somewhere of its own.
    fn hit(
        name: &str,
        kind: Kind,
        people: Option<f64>,
        (code, country, state): (&str, &str, &str),
        at: [f64; 2],
    ) -> Hit {
        let place = Place {
            name: name.to_owned(),
            country: CountryCode::parse(code).unwrap(),
            admin1: Some(state.to_owned()),
            coordinates: Coordinates::new(at[0], at[1]).unwrap(),
            code: None,
        };
        let mut hit = Hit::new(format!("{at:?}"), place, kind);
        hit.name(name);
        hit.set_country(country);
        hit.population = people;
        hit
    }

    fn best(hits: &[Hit], text: &str, hint: Option<&str>) -> Choice {
        let hint = hint.map(|code| CountryCode::parse(code).unwrap());
        choose(hits, &words(text), hint, Strictness::AllWordsFound).unwrap()
    }

    #[test]
    fn a_state_or_country_in_the_text_outweighs_size_and_hint() {
        let hits = [
            hit("Paris", Kind::City, Some(2e6), ("FR", "France", "Île-de-France"), [48.85, 2.35]),
            hit("Paris", Kind::Town, Some(24e3), ("US", "United States", "Texas"), [33.66, -95.56]),
        ];
        for (text, hint, expected) in [
            ("Paris", None, "FR"),
            ("Paris", Some("FR"), "FR"),
            ("Paris, Texas", Some("FR"), "US"),
            ("Paris, USA", Some("FR"), "US"),
            ("Paris, France", Some("US"), "FR"),
        ] {
            assert_eq!(best(&hits, text, hint).best.place.country.as_str(), expected, "{text} {hint:?}");
        }
        // The hint makes the small one possible, not certain: both are told.
        let hinted = best(&hits, "Paris", Some("US"));
        assert_eq!((hinted.best.place.country.as_str(), hinted.beaten.len()), ("US", 1));
        assert!(hinted.best.confidence < 0.8);
    }

    #[test]
    fn a_part_of_a_name_is_not_the_name() {
        let hits = [
            hit("New York", Kind::City, Some(8e6), ("US", "United States", "New York"), [40.7, -74.0]),
            hit("York", Kind::City, Some(150e3), ("GB", "United Kingdom", "England"), [53.96, -1.08]),
        ];
        assert_eq!(best(&hits, "York", None).best.place.name, "York");
        assert_eq!(best(&hits, "New York", None).best.place.name, "New York");
    }

    #[test]
    fn a_street_is_looked_for_in_the_town_that_is_named() {
        let street = |town: &str, at| {
            let mut hit = hit("Calle Mayor", Kind::Address, None, ("ES", "Spain", "Zaragoza"), at);
            hit.set_town(town);
            hit
        };
        let hits = [street("Caspe", [41.23, -0.04]), street("Zaragoza", [41.65, -0.88])];
        let chosen = best(&hits, "Calle Mayor, Zaragoza", None);
        assert_eq!((chosen.best.place.coordinates.lat(), chosen.best.confidence), (41.65, 0.95));
        // Without a town it could be either.
        assert!(best(&hits, "Calle Mayor", None).best.confidence < 0.5);
    }

    #[test]
    fn a_region_gives_way_to_its_town_but_not_to_a_hamlet_elsewhere() {
        let spain = |kind, people, at| hit("Madrid", kind, people, ("ES", "Spain", "Madrid"), at);
        let hits =
            [spain(Kind::Region, Some(6.7e6), [40.5, -3.7]), spain(Kind::City, Some(3.3e6), [40.42, -3.70])];
        assert_eq!(best(&hits, "Madrid", None).match_type, MatchType::Place);
        let hits = [
            hit("Spain", Kind::Locality, None, ("US", "United States", "South Dakota"), [45.0, -97.0]),
            hit("Spain", Kind::Country, None, ("ES", "Spain", ""), [40.0, -4.0]),
        ];
        let chosen = best(&hits, "Spain", None);
        assert_eq!(chosen.match_type, MatchType::Country);
        assert!(chosen.best.confidence < 0.5);
    }

    #[test]
    fn places_close_together_are_one_and_no_places_are_none() {
        let near = |at| hit("Getafe", Kind::City, Some(180e3), ("ES", "Spain", "Madrid"), at);
        let chosen = best(&[near([40.30, -3.73]), near([40.31, -3.70])], "Getafe", None);
        assert_eq!((chosen.best.confidence, chosen.beaten.len()), (0.95, 0));
        assert!(choose(&[], &words("Getafe"), None, Strictness::Lenient).is_none());
    }

    #[test]
    fn what_a_lenient_server_did_not_understand_is_doubted() {
        let hits = [hit("London", Kind::City, Some(9e6), ("GB", "United Kingdom", "England"), [51.5, -0.12])];
        let chosen = choose(&hits, &words("London, ON"), None, Strictness::Lenient).unwrap();
        assert!(chosen.best.confidence < 0.5);
    }
}
