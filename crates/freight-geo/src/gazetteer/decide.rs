//! Chooses among the candidates, and says how sure the choice is.

use emissions_core::Mode;
use freight_geo_index::gazetteer::PlaceFlags;
use logistics_domain::geography::{GeocodeError, Geocoded, MatchType, PlaceQuery};

use super::analysis::{Analysis, Group, PlaceSense, RegionSense};
use super::answer::Answers;
use super::candidates::{Candidate, Kind, Shadow, Wanted, collect, terminals_of};
use super::geodesy::km;
use super::score::{OWN_CODE_KM, Scale, Scored};
use super::text::Text;
use super::words::{Kinds, says_spaceless};
use super::{Gazetteer, codes, fuzzy};

/// Places nearer to each other than this are one answer.
const DISTINCT_KM: f64 = 50.0;
/// A more specific place than the one that the query's other words name lies within this distance of it.
const WITHIN_KM: f64 = 40.0;
/// A terminal belongs to a town within this distance.
const TERMINAL_KM: f64 = 45.0;
/// How much less a more specific place may weigh.
const SPECIFIC_MARGIN: f64 = 6.5;
/// How much a bare name loses of its lead over the seat of a region of the same name in another country.
const SEAT_ELSEWHERE: f64 = 1.5;
/// The seat of a region counts as such from this size.
const SEAT_POPULATION: u32 = 50_000;
/// The margin of a candidate without any rival.
const NO_RIVAL: f64 = 8.0;
/// From this size a city is so wide that the position of a postal code is the better one.
const LARGE_CITY: u32 = 300_000;
/// Two places in one part of an address whose merits differ by less than this leave open which one is meant.
const TORN_MARGIN: f64 = 1.5;
/// From this merit a place of the hinted country is meant rather than a country of the same name: Granada in Spain.
const CITY_MERIT: f64 = 6.0;
/// Confidence of a region's centre, and of a country's main city.
const REGION_CONFIDENCE: f64 = 0.4;
const COUNTRY_CONFIDENCE: f64 = 0.2;

/// Answers a query.
pub(super) fn geocode(
    gazetteer: &Gazetteer,
    query: &PlaceQuery<'_>,
    min_confidence: f64,
) -> Result<Geocoded, GeocodeError> {
    let text = Text::read(query.text);
    let answers = Answers::new(gazetteer, query, &text, min_confidence);
    if let Some(point) = codes::coordinates(query.text) {
        return answers.coordinates(point);
    }
    if text.words.is_empty() {
        return Err(answers.not_found());
    }
    if let Some(code) = codes::whole_query(gazetteer, query, &text) {
        return answers.code(code);
    }
    let analysis = Analysis::read(gazetteer, &text);
    let wanted = Wanted::new(&analysis, query.mode);
    let hint = query.country_hint.and_then(|code| gazetteer.countries.number(code));
    let hint = hint.filter(|hint| !names_country(&analysis, *hint));
    let scale = Scale { gazetteer, analysis: &analysis, hint };
    let candidates = collect(gazetteer, &analysis, wanted);
    let mut decision = Decision::new(&scale, query.mode, candidates);
    if decision.is_poor() {
        let close = fuzzy::candidates(gazetteer, &analysis);
        if !close.is_empty() {
            let fuzzy = Decision::new(&scale, query.mode, close);
            if fuzzy.confidence() > decision.confidence() {
                decision = fuzzy;
            }
        }
    }
    answers.decide(&scale, &decision)
}

/// Whether the query names a country, so that no hint is needed: by words that are no city of the hinted country.
fn names_country(analysis: &Analysis<'_>, hint: u8) -> bool {
    let city =
        |group: &Group| group.places.iter().any(|place| place.country == hint && place.merit >= CITY_MERIT);
    analysis
        .groups
        .iter()
        .any(|group| !group.countries.is_empty() && group.regions.is_empty() && group.whole && !city(group))
}

/// The candidates in order, and the choice among them.
pub(super) struct Decision {
    /// Heaviest first.
    pub(super) scored: Vec<Scored>,
    pub(super) choice: Option<Choice>,
}

/// The chosen candidate.
pub(super) struct Choice {
    /// The candidate that won.
    pub(super) winner: Scored,
    /// The place that is answered: the winner, or a more specific place or terminal near it.
    pub(super) shown: Scored,
    pub(super) confidence: f64,
    /// Another place, or none, would have won without the hint.
    pub(super) settled_by_hint: bool,
    /// Instead of the winner, a region or a country was named.
    pub(super) area: Option<Area>,
}

/// A region or country as an answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Area {
    /// By number, from 1.
    Region(u32),
    /// By number.
    Country(u8),
}

impl Decision {
    fn new(scale: &Scale<'_>, mode: Mode, candidates: Vec<Candidate>) -> Self {
        let mut scored: Vec<Scored> =
            candidates.into_iter().map(|candidate| scale.weigh(candidate)).collect();
        scored.sort_by(|a, b| weight(b).total_cmp(&weight(a)));
        let choice = choose(scale, mode, &scored);
        Self { scored, choice }
    }

    fn is_poor(&self) -> bool {
        self.choice.as_ref().is_none_or(|choice| {
            choice.confidence < 0.5
                && (choice.winner.street || choice.winner.leftover > 0 || choice.area.is_some())
        })
    }

    fn confidence(&self) -> f64 {
        self.choice.as_ref().map_or(0.0, |choice| choice.confidence)
    }
}

fn weight(scored: &Scored) -> f64 {
    scored.score + scored.hint
}

fn choose(scale: &Scale<'_>, mode: Mode, scored: &[Scored]) -> Option<Choice> {
    let Some(winner) = scored.first() else { return choose_area(scale) };
    let area = named_area(scale, winner);
    let confidence = match area {
        Some(Area::Region(_)) => REGION_CONFIDENCE,
        Some(Area::Country(_)) => COUNTRY_CONFIDENCE,
        None => confidence(scale, winner, scored),
    };
    let shown =
        terminal(scale, mode, winner, scored).unwrap_or_else(|| specific(scale, winner, scored).clone());
    let settled_by_hint = scale.hint.is_some() && settled_by_hint(scale, winner, scored);
    Some(Choice { winner: winner.clone(), shown, confidence, settled_by_hint, area })
}

/// Only a region or a country is named.
fn choose_area(scale: &Scale<'_>) -> Option<Choice> {
    let groups = scale.analysis.groups.iter().filter(|group| !group.street);
    let group = groups.min_by_key(|group| (group.regions.is_empty(), group.countries.is_empty()))?;
    let (area, confidence) = match (group.regions.first(), group.countries.first()) {
        (Some(region), None) => (Area::Region(region.number.into()), REGION_CONFIDENCE),
        (_, Some(country)) => (Area::Country(*country), COUNTRY_CONFIDENCE),
        (None, None) => return None,
    };
    let main = match area {
        Area::Country(country) => scale.gazetteer.countries.record(country)?.main_place,
        Area::Region(_) => 0,
    };
    let record = scale.gazetteer.index.place(main)?;
    let candidate = Candidate::place(main, &record, group.span, Kind::Place { number: main, usual: true });
    let winner = scale.weigh(candidate);
    Some(Choice { shown: winner.clone(), winner, confidence, settled_by_hint: false, area: Some(area) })
}

/// The region or country that is meant rather than a place of the same name.
fn named_area(scale: &Scale<'_>, winner: &Scored) -> Option<Area> {
    let candidate = &winner.candidate;
    if !matches!(candidate.kind, Kind::Place { .. }) {
        return None;
    }
    let group = scale.analysis.groups.iter().find(|group| group.span == candidate.span)?;
    let support = winner.support;
    if let Some(&country) = group.countries.first() {
        let own = group.countries.contains(&candidate.country);
        let usual = matches!(candidate.kind, Kind::Place { usual: true, .. });
        let is_place = own && (scale.gazetteer.countries.is_city_state(candidate.country) || usual);
        let hinted = support.hint && candidate.merit >= CITY_MERIT;
        if !is_place && !support.any() && !hinted {
            return Some(Area::Country(country));
        }
    }
    if support.region || support.neighbour || support.code.is_some() {
        return None;
    }
    let own = |region: &&RegionSense| region.country == candidate.country;
    let region = group.regions.iter().filter(own).find(|region| outweighs(scale, candidate, region));
    if group.regions.iter().filter(own).any(|region| is_seat(scale, candidate, region)) {
        return much_larger_region(scale, winner, group);
    }
    region
        .map(|region| Area::Region(region.number.into()))
        .or_else(|| much_larger_region(scale, winner, group))
}

/// The place is the main one of the region that bears its name.
fn is_seat(scale: &Scale<'_>, candidate: &Candidate, region: &RegionSense) -> bool {
    let inside = region.number == candidate.admin1
        || region.number == candidate.admin2
        || km(region.point, candidate.point) <= WITHIN_KM;
    let share = share(scale, candidate, region);
    share >= 0.5 || inside && (candidate.flags.has(PlaceFlags::SEAT) || share > 0.03)
}

/// A region is meant before a place of the same name, unless it is a city that everybody knows.
fn outweighs(scale: &Scale<'_>, candidate: &Candidate, region: &RegionSense) -> bool {
    let record = scale.gazetteer.index.region(region.number.into());
    record.is_some_and(|record| candidate.merit < f64::from(record.population.max(1)).log10() + 1.0)
}

fn share(scale: &Scale<'_>, candidate: &Candidate, region: &RegionSense) -> f64 {
    let population =
        scale.gazetteer.index.region(region.number.into()).map_or(1, |record| record.population.max(1));
    f64::from(candidate.population) / f64::from(population)
}

/// A region of another country that is better known than the place of the same name.
fn much_larger_region(scale: &Scale<'_>, winner: &Scored, group: &Group) -> Option<Area> {
    if winner.support.any() || winner.support.hint {
        return None;
    }
    let candidate = &winner.candidate;
    let larger = |region: &&RegionSense| {
        region.country != candidate.country
            && share(scale, candidate, region) < 0.1
            && outweighs(scale, candidate, region)
    };
    group.regions.iter().find(larger).map(|region| Area::Region(region.number.into()))
}

fn confidence(scale: &Scale<'_>, winner: &Scored, scored: &[Scored]) -> f64 {
    let support = winner.support;
    let mut margin = NO_RIVAL;
    for other in
        scored.iter().filter(|other| km(other.candidate.point, winner.candidate.point) > DISTINCT_KM).take(8)
    {
        let mut lead = weight(winner) - weight(other);
        let seat =
            other.candidate.flags.has(PlaceFlags::SEAT) && other.candidate.population >= SEAT_POPULATION;
        let bare = !support.any() && !support.hint;
        if seat
            && bare
            && other.candidate.country != winner.candidate.country
            && other.candidate.span == winner.candidate.span
        {
            lead -= SEAT_ELSEWHERE;
        }
        margin = margin.min(lead);
    }
    let by_margin = 0.30 + 0.68 * (1.0 - (-margin.max(0.0) / 1.7).exp());
    by_margin.min(ceiling(scale, winner)).clamp(0.0, 1.0)
}

/// The most that can be said of a candidate, whatever its rivals.
fn ceiling(scale: &Scale<'_>, winner: &Scored) -> f64 {
    let support = winner.support;
    let candidate = &winner.candidate;
    let mut ceiling: f64 = match (support.code.is_some(), support.country, support.region) {
        (true, true, _) | (true, _, true) => 0.97,
        (true, false, false) => 0.95,
        (false, true, true) => 0.96,
        (false, true, false) | (false, false, true) => 0.93,
        (false, false, false) if support.neighbour => 0.8,
        (false, false, false) if support.hint => by_merit(scale, candidate, 1.5).min(0.8),
        (false, false, false) => by_merit(scale, candidate, 0.0),
    };
    match candidate.kind {
        Kind::Postal { code, .. } => {
            let prefixed = scale.analysis.postal[code].prefixed;
            // A bare number may be anything.
            let span = &scale.analysis.text.words[candidate.span.first..=candidate.span.last];
            let number = span.iter().all(|word| word.all_digits);
            ceiling = if number && !prefixed && !support.any() && !support.hint {
                0.4
            } else if support.country || prefixed {
                0.75
            } else if support.region || support.neighbour {
                0.8
            } else {
                0.6
            };
        }
        Kind::Fuzzy { edits, .. } => {
            let sure = (support.country || support.region) && candidate.population >= 100_000 && edits == 1;
            ceiling = if sure { 0.5 } else { 0.45 / f64::from(edits) };
        }
        Kind::Place { usual: false, .. } if !support.any() => {
            let shadowed = candidate.shadow != Shadow::None && !support.hint;
            ceiling = ceiling.min(if shadowed { 0.45 } else { 0.75 });
        }
        // Its position is the mean of the codes that name it.
        Kind::Place { .. } if candidate.flags.has(PlaceFlags::POSTAL) => ceiling = ceiling.min(0.8),
        _ => {}
    }
    ceiling = ceiling.min(match winner.leftover {
        0 => 1.0,
        1 => 0.78,
        2 => 0.7,
        _ => 0.6,
    });
    let far = |group: &Group| {
        let weighty = |place: &PlaceSense| place.merit > candidate.merit - TORN_MARGIN;
        group.places.iter().any(weighty)
            && group.places.iter().all(|place| km(place.point, candidate.point) > DISTINCT_KM)
    };
    let place = matches!(candidate.kind, Kind::Place { .. });
    let torn = place && !support.any() && scale.analysis.shares_part_with(&candidate.span, far);
    if winner.street || torn {
        ceiling = ceiling.min(0.45);
    }
    if support.far_code.is_some() {
        ceiling = ceiling.min(0.45);
    }
    ceiling.min(match support.contradiction {
        c if c <= -2.5 => 0.45,
        c if c <= -0.8 => 0.7,
        c if c < -0.3 => 0.8,
        _ => 1.0,
    })
}

/// The most that can be said of a bare name by the weight of its place.
fn by_merit(scale: &Scale<'_>, candidate: &Candidate, more: f64) -> f64 {
    let alone = !scale.analysis.is_facility(&candidate.span);
    // Names on Dray's own list are known to be unlike others.
    let own = if candidate.flags.has(PlaceFlags::FREIGHT) { 4.0 } else { 0.0 };
    match candidate.merit + own + more {
        m if m >= 6.5 => 0.8,
        m if m >= 5.0 => 0.7,
        m if m >= 3.8 && (alone || more > 0.0) => 0.55,
        _ => 0.42,
    }
}

/// A smaller place near the winner that the query names too: the town, not the province's capital behind it.
fn specific<'s>(scale: &Scale<'_>, winner: &'s Scored, scored: &'s [Scored]) -> &'s Scored {
    if !matches!(winner.candidate.kind, Kind::Place { .. } | Kind::Postal { .. }) {
        return winner;
    }
    let fits = |other: &&Scored| {
        let candidate = &other.candidate;
        matches!(candidate.kind, Kind::Place { .. })
            && candidate.country == winner.candidate.country
            && !other.street
            && other.leftover == 0
            && !candidate.span.overlaps(&winner.candidate.span)
            && candidate.merit < winner.candidate.merit
            && weight(other) > weight(winner) - SPECIFIC_MARGIN
            && km(candidate.point, winner.candidate.point) <= WITHIN_KM
            && other.support.far_code.is_none()
            && !scale.analysis.is_company(scale.analysis.text.words[candidate.span.first].part)
            && is_longest(scale, candidate)
            && !is_region(scale, candidate)
            && !scale.analysis.is_general(&candidate.span)
    };
    let postal = matches!(winner.candidate.kind, Kind::Postal { .. });
    scored
        .iter()
        .filter(fits)
        .min_by(|a, b| a.candidate.merit.total_cmp(&b.candidate.merit))
        .filter(|_| !postal)
        .unwrap_or(winner)
}

/// A region of the country bears the name too, as in `St Helens, Merseyside`.
fn is_region(scale: &Scale<'_>, candidate: &Candidate) -> bool {
    let own = scale.analysis.groups.iter().filter(|group| group.span == candidate.span);
    own.flat_map(|group| &group.regions).any(|region| region.country == candidate.country)
        && candidate.population == 0
}

fn is_longest(scale: &Scale<'_>, candidate: &Candidate) -> bool {
    !scale
        .analysis
        .spans
        .iter()
        .any(|span| span.words() > candidate.span.words() && span.contains(&candidate.span))
}

/// The winner's port or airport, if one is asked for.
fn terminal(scale: &Scale<'_>, mode: Mode, winner: &Scored, scored: &[Scored]) -> Option<Scored> {
    let outside = |kind| {
        (0..scale.analysis.kinds.len()).any(|word| {
            scale.analysis.kinds[word].has(kind)
                && !(winner.candidate.span.first..=winner.candidate.span.last).contains(&word)
        })
    };
    let port = mode == Mode::Sea
        || mode == Mode::InlandWaterway
        || outside(Kinds::PORT)
        || says_spaceless(scale.analysis.text, Kinds::PORT);
    let airport =
        mode == Mode::Air || outside(Kinds::AIRPORT) || says_spaceless(scale.analysis.text, Kinds::AIRPORT);
    let asked = |candidate: &Candidate| match candidate.kind {
        Kind::Port(_) => port && !(airport && mode != Mode::Sea),
        Kind::Airport(_) => airport,
        _ => false,
    };
    let fits = |candidate: &Candidate| {
        asked(candidate)
            && candidate.country == winner.candidate.country
            && km(candidate.point, winner.candidate.point) <= TERMINAL_KM
    };
    let named = scored.iter().find(|other| fits(&other.candidate) && !other.street);
    let own = || {
        // The table of terminals may know the town by its usual name only.
        let Kind::Place { number, .. } = winner.candidate.kind else { return None };
        let mut own = terminals_of(
            scale.gazetteer,
            number,
            winner.candidate.span,
            Wanted { ports: port, airports: airport },
        );
        own.retain(fits);
        own.into_iter().max_by(|a, b| a.merit.total_cmp(&b.merit)).map(|candidate| scale.weigh(candidate))
    };
    named.cloned().or_else(|| if port || airport { own() } else { None })
}

/// Whether the choice would be another one, or none, without the hint.
fn settled_by_hint(scale: &Scale<'_>, winner: &Scored, scored: &[Scored]) -> bool {
    let mut without: Vec<Scored> = scored.to_vec();
    for other in &mut without {
        other.hint = 0.0;
        other.support.hint = false;
    }
    without.sort_by(|a, b| weight(b).total_cmp(&weight(a)));
    let Some(first) = without.first() else { return false };
    let same = km(first.candidate.point, winner.candidate.point) <= DISTINCT_KM;
    !same || confidence(scale, first, &without) < super::DEFAULT_MIN_CONFIDENCE
}

/// The place's postal code, if its position is the more exact one.
pub(super) fn exact_code(scale: &Scale<'_>, shown: &Scored) -> Option<(f64, f64)> {
    let code = scale.analysis.postal.get(shown.support.code?)?;
    if scale.is_coarse(shown.candidate.country) || shown.candidate.is_terminal() {
        return None;
    }
    let place = code.places.iter().find(|place| place.country == shown.candidate.country)?;
    let point = (place.record.lat, place.record.lon);
    // A small town lies where it lies; its code may cover the villages around it.
    let reach = if shown.candidate.population >= LARGE_CITY { OWN_CODE_KM } else { OWN_CODE_KM / 3.0 };
    (km(point, shown.candidate.point) <= reach).then_some(point)
}

/// What settled a choice.
pub(super) const fn match_type(choice: &Choice, by_code: bool) -> MatchType {
    match (choice.area, choice.shown.candidate.kind) {
        (Some(Area::Region(_)), _) => MatchType::Region,
        (Some(Area::Country(_)), _) => MatchType::Country,
        (None, Kind::Port(_) | Kind::Airport(_)) => MatchType::Terminal,
        (None, Kind::Postal { .. }) => MatchType::Postal,
        (None, Kind::Fuzzy { .. }) => MatchType::Fuzzy,
        (None, Kind::Place { .. }) if by_code => MatchType::Postal,
        (None, Kind::Place { .. }) => MatchType::Place,
    }
}

/// The next best places, one for each distinct position.
pub(super) fn distinct<'s>(first: &Scored, scored: &'s [Scored], count: usize) -> Vec<&'s Scored> {
    let mut kept: Vec<&Scored> = Vec::new();
    let mut points = vec![first.candidate.point];
    for other in scored {
        if kept.len() == count {
            break;
        }
        if points.iter().all(|point| km(*point, other.candidate.point) > DISTINCT_KM) {
            points.push(other.candidate.point);
            kept.push(other);
        }
    }
    kept
}

/// How sure one would be of a place that was beaten: less, the farther it lies behind.
pub(super) fn beaten_confidence(winner: &Scored, confidence: f64, other: &Scored) -> f64 {
    let behind = (weight(winner) - weight(other)).max(0.0);
    (confidence.min(0.5) * (-behind / 2.0).exp()).clamp(0.0, 1.0)
}
