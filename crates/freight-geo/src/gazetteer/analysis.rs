//! What stands in a query: streets, postal codes, names, and what the names say about a place.

use freight_geo_index::gazetteer::Target;

use super::Gazetteer;
use super::geodesy::Point;
use super::postal::{PostalFinder, PostalSpan};
use super::text::{Glue, Text};
use super::walk::{Span, spans};
use super::words::{Kinds, says_spaceless};

/// How many words before `street` may belong to its name.
const STREET_WORDS: usize = 4;
/// How many namesakes of a place are compared with the other names of a query.
const NAMESAKES: usize = 96;

/// A query, read.
pub(super) struct Analysis<'t> {
    pub(super) text: &'t Text<'t>,
    pub(super) kinds: Vec<Kinds>,
    /// For a word of a street's name, the word that says so; itself if it does.
    street: Vec<Option<usize>>,
    pub(super) postal: Vec<PostalSpan>,
    pub(super) spans: Vec<Span>,
    pub(super) groups: Vec<Group>,
    /// Words whose meaning is known: all but those that could be part of an unknown name.
    known: Vec<bool>,
    pub(super) says_port: bool,
    pub(super) says_airport: bool,
}

/// Everything that some words can mean, as evidence about a place named by other words.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) span: Span,
    pub(super) part: usize,
    /// Numbers of countries.
    pub(super) countries: Vec<u8>,
    pub(super) regions: Vec<RegionSense>,
    pub(super) places: Vec<PlaceSense>,
    /// Nothing else stands in its part.
    pub(super) whole: bool,
    pub(super) street: bool,
    /// It is written as a code.
    pub(super) code: bool,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct RegionSense {
    pub(super) number: u16,
    pub(super) country: u8,
    pub(super) point: Point,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct PlaceSense {
    pub(super) country: u8,
    pub(super) admin1: u16,
    pub(super) admin2: u16,
    pub(super) point: Point,
    pub(super) merit: f64,
}

/// Names of places below this merit may as well be misspelt names of others.
const MINOR_MERIT: f64 = 4.0;

impl<'t> Analysis<'t> {
    pub(super) fn read(gazetteer: &Gazetteer, text: &'t Text<'t>) -> Self {
        let kinds: Vec<Kinds> = (0..text.words.len()).map(|word| Kinds::of(text.fold(word))).collect();
        let finder = PostalFinder {
            index: gazetteer.index,
            keys: &gazetteer.postal_keys,
            countries: &gazetteer.countries,
        };
        let postal = finder.find(text);
        let said = |kind: Kinds| kinds.iter().any(|kinds| kinds.has(kind)) || says_spaceless(text, kind);
        let mut analysis = Self {
            text,
            street: vec![None; kinds.len()],
            known: vec![false; kinds.len()],
            postal,
            spans: Vec::new(),
            groups: Vec::new(),
            says_port: said(Kinds::PORT),
            says_airport: said(Kinds::AIRPORT),
            kinds,
        };
        analysis.mark_streets();
        analysis.spans = spans(gazetteer.names.as_fst(), text);
        analysis.spans.retain(|span| analysis_keeps(text, &analysis.kinds, &analysis.postal, span));
        analysis.collect_groups(gazetteer);
        analysis.mark_known();
        analysis.drop_unplaced_codes();
        analysis
    }

    /// Whether a span is (part of) the name of a street, and not itself a name that contains such a word.
    pub(super) fn is_street(&self, span: &Span) -> bool {
        (span.first..=span.last).any(|word| {
            self.street[word].is_some_and(|sign| {
                sign == word && span.first == span.last || sign < span.first || sign > span.last
            })
        })
    }

    /// How many words of a span's part are left that nothing explains.
    pub(super) fn leftover(&self, span: &Span) -> usize {
        let part = self.text.part(self.text.words[span.first].part);
        let outside = part.filter(|word| !(span.first..=span.last).contains(word));
        outside.filter(|word| !self.known[*word] || self.is_rest_of_name(*word, span)).count()
    }

    /// Whether a span is made of words that usually say nothing about where.
    pub(super) fn is_general(&self, span: &Span) -> bool {
        (span.first..=span.last)
            .all(|word| is_general(self.kinds[word]) || self.kinds[word].has(Kinds::MARKER))
    }

    /// Whether a word is two Latin letters.
    pub(super) fn is_two_letters(&self, word: usize) -> bool {
        let folded = self.text.fold(word);
        folded.len() == 2 && folded.is_ascii()
    }

    /// Runs of words that nothing explains, within one part each.
    pub(super) fn unknown_names(&self) -> Vec<Span> {
        let unknown = |word: usize| !self.known[word] || self.is_minor_name(word);
        let mut runs: Vec<Span> = Vec::new();
        for word in (0..self.known.len()).filter(|word| unknown(*word)) {
            match runs.last_mut() {
                Some(run)
                    if run.last + 1 == word
                        && self.text.words[run.first].part == self.text.words[word].part =>
                {
                    run.last = word;
                }
                _ => runs.push(Span { first: word, last: word, value: 0, adapted: false }),
            }
        }
        runs
    }

    /// Only places that hardly anybody has heard of are called so.
    fn is_minor_name(&self, word: usize) -> bool {
        let group = self.groups.iter().find(|group| (group.span.first..=group.span.last).contains(&word));
        group.is_some_and(|group| {
            group.countries.is_empty()
                && group.regions.is_empty()
                && group.places.iter().all(|place| place.merit < MINOR_MERIT)
        })
    }

    /// Whether a word belongs to a longer name that a span is a piece of.
    fn is_rest_of_name(&self, word: usize, span: &Span) -> bool {
        let general = self.kinds[word].has(Kinds::NOISE) || self.kinds[word].has(Kinds::MARKER);
        let longer =
            |group: &Group| group.span.overlaps(span) && (group.span.first..=group.span.last).contains(&word);
        !general && self.groups.iter().any(longer)
    }

    /// Whether a part is named like a company.
    pub(super) fn is_company(&self, part: usize) -> bool {
        let words = self.text.part(part);
        let code = |word: usize| self.groups.iter().any(|group| group.code && group.span.first == word);
        words.len() > 1
            && words.clone().any(|word| self.kinds[word].has(Kinds::COMPANY) && !code(word))
            && !self.postal.iter().any(|code| words.contains(&code.first))
    }

    fn is_postal(&self, word: usize) -> bool {
        self.postal.iter().any(|code| (code.first..=code.last).contains(&word))
    }

    fn mark_streets(&mut self) {
        for part in 0..self.text.part_count() {
            for word in self.text.part(part) {
                if self.kinds[word].has(Kinds::STREET_BEFORE) && self.begins_street(word, part) {
                    self.mark_after(word, part);
                }
                if self.kinds[word].has(Kinds::STREET_AFTER) {
                    self.mark_before(word, part);
                }
                let numbered =
                    self.text.words.get(word + 1).is_some_and(|next| next.part == part && next.has_digit);
                if self.kinds[word].has(Kinds::STREET_NAME) && numbered && !self.is_postal(word + 1) {
                    self.street[word] = Some(word);
                }
            }
        }
    }

    /// Short words begin a street only at the start of a part or before a slash: `C/ Montera`, `Am Hafen`.
    fn begins_street(&self, word: usize, part: usize) -> bool {
        let first = self.text.part(part).start == word;
        let slash = self.text.words.get(word + 1).is_some_and(|next| next.glue == Glue::Hyphen);
        self.text.fold(word).chars().count() > 2 || first || slash
    }

    fn mark_after(&mut self, sign: usize, part: usize) {
        for word in sign + 1..self.text.part(part).end {
            if self.is_postal(word) && self.text.words[word].all_digits && self.text.fold(word).len() > 3 {
                break;
            }
            self.street[sign] = Some(sign);
            self.street[word] = Some(sign);
            if self.text.words[word].has_digit {
                break;
            }
        }
    }

    fn mark_before(&mut self, sign: usize, part: usize) {
        let start = self.text.part(part).start.max(sign.saturating_sub(STREET_WORDS));
        if self.is_two_letters(sign)
            && self.text.words[sign].capitals
            && self.text.mixed_case
            && self.is_bare_end(sign)
        {
            return;
        }
        for word in (start..sign).rev() {
            if self.text.words[word].has_digit
                || self.kinds[word].has(Kinds::MARKER) && self.text.words[word].spaceless
            {
                break;
            }
            self.street[sign] = Some(sign);
            self.street[word].get_or_insert(sign);
        }
    }

    /// The last word of a part without numbers: `Catania CT` rather than a court.
    fn is_bare_end(&self, word: usize) -> bool {
        let mut part = self.text.part(self.text.words[word].part);
        word + 1 == part.end && !part.any(|other| self.text.words[other].has_digit)
    }

    fn mark_known(&mut self) {
        for word in 0..self.known.len() {
            let kinds = self.kinds[word];
            let general = kinds.has(Kinds::NOISE)
                || kinds.has(Kinds::MARKER)
                || kinds.has(Kinds::COMPANY)
                || kinds.has(Kinds::PORT)
                || kinds.has(Kinds::AIRPORT);
            let named = self.groups.iter().any(|group| (group.span.first..=group.span.last).contains(&word));
            self.known[word] = general
                || named
                || self.street[word].is_some()
                || self.is_postal(word)
                || self.text.words[word].has_digit
                || self.text.words[word].spaceless
                || self.text.fold(word).chars().count() == 1;
        }
        for at in 0..self.groups.len() {
            let span = self.groups[at].span;
            self.groups[at].whole = self.leftover(&span) == 0 && !self.shares_part(&self.groups[at]);
        }
    }

    /// Another place is named in the group's part.
    fn shares_part(&self, group: &Group) -> bool {
        let only_places = |other: &Group| other.countries.is_empty() && other.regions.is_empty();
        let area = !only_places(group);
        self.groups.iter().any(|other| {
            other.part == group.part && !other.span.overlaps(&group.span) && only_places(other) && !area
        })
    }

    /// Groups of the longest names that do not overlap, and of country codes.
    fn collect_groups(&mut self, gazetteer: &Gazetteer) {
        let mut order: Vec<Span> = self.spans.clone();
        order.sort_by_key(|span| (std::cmp::Reverse(span.words()), span.adapted, span.first));
        let mut chosen: Vec<Span> = Vec::new();
        for span in order {
            if !chosen.iter().any(|other| other.overlaps(&span)) {
                chosen.push(span);
            }
        }
        let mut groups: Vec<Group> = chosen.into_iter().map(|span| self.group(gazetteer, span)).collect();
        for word in 0..self.text.words.len() {
            self.add_country_code(gazetteer, word, &mut groups);
        }
        for code in self.postal.iter().filter(|code| code.prefixed) {
            let span = Span { first: code.first, last: code.last, value: 0, adapted: false };
            let countries = code.places.iter().map(|place| place.country).collect();
            groups.push(Group { countries, ..self.empty_group(span) });
        }
        groups.retain(|group| {
            !(group.countries.is_empty() && group.regions.is_empty() && group.places.is_empty())
        });
        groups.sort_by_key(|group| group.span.first);
        groups.iter_mut().for_each(|group| self.settle_by_postal(group));
        self.groups = groups;
    }

    /// `CA 90058` is California, as the code lies there, and not Canada.
    fn settle_by_postal(&self, group: &mut Group) {
        let beside =
            |code: &&PostalSpan| code.first == group.span.last + 1 || code.last + 1 == group.span.first;
        let Some(code) = self.postal.iter().find(beside).filter(|_| group.code) else { return };
        let holds = |region: &RegionSense| {
            code.places
                .iter()
                .any(|place| place.country == region.country && place.record.admin1 == region.number)
        };
        if group.regions.iter().any(holds) {
            group.regions.retain(holds);
            group.countries.clear();
        }
    }

    fn empty_group(&self, span: Span) -> Group {
        let (countries, regions, places) = (Vec::new(), Vec::new(), Vec::new());
        let part = self.text.words[span.first].part;
        Group {
            span,
            part,
            countries,
            regions,
            places,
            whole: false,
            street: self.is_street(&span),
            code: false,
        }
    }

    fn group(&self, gazetteer: &Gazetteer, span: Span) -> Group {
        let mut group = self.empty_group(span);
        for target in gazetteer.index.targets(span.value) {
            match target {
                Target::Country(number) => group.countries.extend(u8::try_from(number)),
                Target::Region(number) => group.regions.extend(region_sense(gazetteer, number)),
                Target::RegionCode(number) if self.may_be_code(span.first) && !span.adapted => {
                    group.regions.extend(region_sense(gazetteer, number));
                    group.code = true;
                }
                Target::Place(number) | Target::OtherName(number) if group.places.len() < NAMESAKES => {
                    group.places.extend(gazetteer.index.place(number).map(|place| PlaceSense {
                        country: place.country,
                        admin1: place.admin1,
                        admin2: place.admin2,
                        point: (place.lat, place.lon),
                        merit: place.merit(),
                    }));
                }
                _ => {}
            }
        }
        group
    }

    /// Two or three capitals may be a country's code where codes stand.
    fn add_country_code(&self, gazetteer: &Gazetteer, word: usize, groups: &mut Vec<Group>) {
        let written = self.text.written(word, word);
        if !matches!(written.len(), 2 | 3) || !self.may_be_code(word) {
            return;
        }
        let upper = written.to_ascii_uppercase();
        let countries = &gazetteer.countries;
        let alone = self.stands_alone(word);
        let country = match upper.len() {
            2 => countries.by_alpha2(&upper),
            _ => countries.by_alpha3(&upper).filter(|_| alone && self.text.words.len() > 1),
        };
        let Some(country) = country else { return };
        let span = Span { first: word, last: word, value: 0, adapted: false };
        match groups.iter_mut().find(|group| group.span.overlaps(&span)) {
            Some(group) if group.span.words() == 1 => {
                group.countries.push(country);
                group.code = true;
            }
            Some(_) => {}
            None => groups.push(Group { countries: vec![country], code: true, ..self.empty_group(span) }),
        }
    }

    /// Codes stand alone in a part, next to a postal code, or at the end of a part.
    fn may_be_code(&self, word: usize) -> bool {
        let Some(this) = self.text.words.get(word) else { return false };
        let letters = self.text.written(word, word).bytes().all(|b| b.is_ascii_alphabetic());
        let part = self.text.part(this.part);
        let beside_postal = self.postal.iter().any(|code| code.first == word + 1 || code.last + 1 == word);
        let last = word + 1 == part.end && part.len() > 1;
        let small = !this.capitals && self.text.mixed_case && self.text.raw.chars().any(char::is_uppercase);
        letters && !small && self.text.words.len() > 1 && (self.stands_alone(word) || beside_postal || last)
    }

    /// Whether a code is only the last word of a part, where it may be a company's legal form (`Volkswagen AG`) or an
    /// abbreviation that the tables do not know.
    pub(super) fn may_be_no_code(&self, group: &Group) -> bool {
        group.code && !self.stands_alone(group.span.first)
    }

    /// Whether another place than a candidate's, far from it, is named in the candidate's part.
    pub(super) fn shares_part_with(&self, span: &Span, far: impl Fn(&Group) -> bool) -> bool {
        let part = self.text.words[span.first].part;
        let place =
            |group: &&Group| group.part == part && !group.span.overlaps(span) && !group.street && !group.code;
        self.groups.iter().filter(place).any(|group| !self.is_general(&group.span) && far(group))
    }

    /// Words outside a span say what kind of facility it is.
    pub(super) fn is_facility(&self, span: &Span) -> bool {
        let outside = |word: &usize| !(span.first..=span.last).contains(word);
        (0..self.kinds.len()).filter(outside).any(|word| self.kinds[word].has(Kinds::NOISE))
    }

    /// Only postal codes stand in the word's part beside it.
    fn stands_alone(&self, word: usize) -> bool {
        let part = self.text.part(self.text.words[word].part);
        part.into_iter().all(|other| other == word || self.is_postal(other))
    }

    /// A two-letter word within a sentence in capitals is no code.
    fn drop_unplaced_codes(&mut self) {
        let last = self.text.words.len().saturating_sub(1);
        let keep: Vec<bool> =
            self.groups
                .iter()
                .map(|group| {
                    let placed = group.whole || group.span.last == last || self.text.mixed_case;
                    !group.code
                        || placed
                        || self.postal.iter().any(|code| {
                            code.first == group.span.last + 1 || code.last + 1 == group.span.first
                        })
                })
                .collect();
        let mut keep = keep.into_iter();
        self.groups.retain(|_| keep.next().unwrap_or(true));
    }
}

fn region_sense(gazetteer: &Gazetteer, number: u32) -> Option<RegionSense> {
    let region = gazetteer.index.region(number)?;
    Some(RegionSense {
        number: u16::try_from(number).ok()?,
        country: region.country,
        point: (region.lat, region.lon),
    })
}

/// Names of one letter, of general words only, or made of a postal code's digits are not looked at.
fn analysis_keeps(text: &Text<'_>, kinds: &[Kinds], postal: &[PostalSpan], span: &Span) -> bool {
    let words = span.first..=span.last;
    let letters: usize = words.clone().map(|word| text.fold(word).chars().count()).sum();
    let spaceless = text.words[span.first].spaceless;
    let thai = text.fold(span.first).starts_with(|c| matches!(c, '\u{e00}'..='\u{eff}'));
    let shortest = if thai { 5 } else { 2 };
    let may_be_code = letters == 2 && text.words[span.first].capitals;
    let general = |word: usize| {
        let kinds = kinds[word];
        let street = kinds.has(Kinds::STREET_BEFORE) || kinds.has(Kinds::STREET_AFTER);
        is_general(kinds)
            || kinds.has(Kinds::MARKER) && !spaceless
            || kinds.has(Kinds::AIRPORT) && span.words() == 1
            || street && span.words() > 1
    };
    // `Sur, Oman`, but not `Warehouse`.
    let own_part =
        span.words() == 1 && text.part_count() > 1 && text.part(text.words[span.first].part).len() == 1;
    let digits = words.clone().all(|word| text.words[word].all_digits);
    let in_code = postal.iter().any(|code| code.first <= span.first && span.last <= code.last);
    let port = span.words() == 1
        && kinds[span.first].has(Kinds::PORT)
        && (text.fold(span.first) != "porto" || is_joint(text.fold(span.first + 1)));
    letters >= shortest
        && !digits
        && !in_code
        && !port
        && (own_part || may_be_code || span.words() > 2 || !words.into_iter().all(general))
}

/// `Porto di Genova` is a port, `Porto` is a city.
fn is_joint(word: &str) -> bool {
    matches!(word, "di" | "do" | "de" | "da" | "d")
}

const fn is_general(kinds: Kinds) -> bool {
    kinds.has(Kinds::NOISE) || kinds.has(Kinds::COMPANY)
}
