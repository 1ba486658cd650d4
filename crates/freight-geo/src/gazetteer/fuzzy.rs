//! Names that are some letters away from what was written. The last resort: slow, and never sure.

use freight_geo_index::gazetteer::Target;
use fst::automaton::{Levenshtein, Str};
use fst::{Automaton, IntoStreamer, Streamer};

use super::Gazetteer;
use super::analysis::Analysis;
use super::candidates::{Candidate, Kind};
use super::walk::Span;

/// Smaller places are not guessed at.
const SMALLEST_PLACE: u32 = 5_000;
/// Shorter names are too near to each other.
const SHORTEST_NAME: usize = 5;
const LONGEST_NAME: usize = 24;
/// From this length two wrong letters are looked for if one finds nothing.
const TWO_EDITS_FROM: usize = 8;
/// At most so many parts of a query are looked for.
const MAX_SEARCHES: usize = 2;
/// At most so many similar names are looked at.
const MAX_NAMES: usize = 200;

/// Places whose names are similar to parts of the query that nothing explains.
pub(super) fn candidates(gazetteer: &Gazetteer, analysis: &Analysis<'_>) -> Vec<Candidate> {
    let mut found = Vec::new();
    for span in analysis.unknown_names().into_iter().rev().take(MAX_SEARCHES) {
        let name =
            (span.first..=span.last).map(|word| analysis.text.fold(word)).collect::<Vec<_>>().join(" ");
        let length = name.chars().count();
        if !(SHORTEST_NAME..=LONGEST_NAME).contains(&length) {
            continue;
        }
        let before = found.len();
        swapped(gazetteer, &name, span, &mut found);
        similar(gazetteer, &name, 1, span, &mut found);
        if found.len() == before && length >= TWO_EDITS_FROM {
            similar(gazetteer, &name, 2, span, &mut found);
        }
    }
    found
}

/// Adds the places with names within some edits, all of which begin with the same letter.
fn similar(gazetteer: &Gazetteer, name: &str, edits: u8, span: Span, found: &mut Vec<Candidate>) {
    let Some(first) = name.chars().next() else { return };
    let Ok(near) = Levenshtein::new(name, edits.into()) else { return };
    let start = first.to_string();
    let automaton = Str::new(&start).starts_with().intersection(near);
    let mut names = gazetteer.names.search(automaton).into_stream();
    let mut count = 0;
    while let Some((_, value)) = names.next() {
        count += 1;
        if count > MAX_NAMES {
            break;
        }
        add(gazetteer, value, edits, span, found);
    }
}

/// Adds the places with names in which two neighbouring letters stand the other way round, as one edit.
fn swapped(gazetteer: &Gazetteer, name: &str, span: Span, found: &mut Vec<Candidate>) {
    let mut letters: Vec<char> = name.chars().collect();
    for at in 1..letters.len() {
        letters.swap(at - 1, at);
        if let Some(value) = gazetteer.names.get(letters.iter().collect::<String>()) {
            add(gazetteer, value, 1, span, found);
        }
        letters.swap(at - 1, at);
    }
}

fn add(gazetteer: &Gazetteer, value: u64, edits: u8, span: Span, found: &mut Vec<Candidate>) {
    for target in gazetteer.index.targets(value).take(8) {
        let (Target::Place(number) | Target::OtherName(number)) = target else { continue };
        let record = gazetteer.index.place(number).filter(|record| record.population >= SMALLEST_PLACE);
        found.extend(
            record.map(|record| Candidate::place(number, &record, span, Kind::Fuzzy { number, edits })),
        );
    }
}
