//! Names that are some letters away from what was written. The last resort: slow, and never sure.

use freight_geo_index::gazetteer::Target;
use fst::raw::{Fst, Node, Output};

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
    let letters: Vec<char> = name.chars().collect();
    let names = gazetteer.names.as_fst();
    let mut search = Search { names, letters: &letters, edits, values: Vec::new() };
    search.run();
    search.values.into_iter().for_each(|value| add(gazetteer, value, edits, span, found));
}

/// A walk through all names that may still come within some edits of the letters.
///
/// It takes a tenth of the time of the `fst` crate's automaton for two edits, which is built anew for every word.
struct Search<'s> {
    names: &'s Fst<&'static [u8]>,
    letters: &'s [char],
    edits: u8,
    values: Vec<u64>,
}

/// The edits between what was walked and each beginning of the letters.
type Row = [u8; LONGEST_NAME + 1];

/// A character of which some bytes are still to come.
#[derive(Clone, Copy)]
struct Partial {
    bits: u32,
    missing: u32,
}

impl Partial {
    const NONE: Self = Self { bits: 0, missing: 0 };

    fn and(self, byte: u8) -> Self {
        let bits = u32::from(byte);
        match (self.missing, byte) {
            (1.., _) => Self { bits: self.bits << 6 | bits & 0x3f, missing: self.missing - 1 },
            (0, 0xf0..) => Self { bits: bits & 0x07, missing: 3 },
            (0, 0xe0..) => Self { bits: bits & 0x0f, missing: 2 },
            (0, 0xc0..) => Self { bits: bits & 0x1f, missing: 1 },
            (0, _) => Self { bits, missing: 0 },
        }
    }
}

impl Search<'_> {
    fn run(&mut self) {
        let Some(first) = self.letters.first() else { return };
        let (mut node, mut output) = (self.names.root(), Output::zero());
        for &byte in first.encode_utf8(&mut [0; 4]).as_bytes() {
            let Some(at) = node.find_input(byte) else { return };
            let transition = node.transition(at);
            output = output.cat(transition.out);
            node = self.names.node(transition.addr);
        }
        let mut start: Row = [0; LONGEST_NAME + 1];
        for (edits, cell) in (0..).zip(&mut start) {
            *cell = edits;
        }
        let row = self.step(&start, *first);
        self.walk(node, output, &row, Partial::NONE);
    }

    fn walk(&mut self, node: Node<'_>, output: Output, row: &Row, partial: Partial) {
        for transition in node.transitions() {
            if self.values.len() >= MAX_NAMES {
                return;
            }
            let next = self.names.node(transition.addr);
            let output = output.cat(transition.out);
            let partial = partial.and(transition.inp);
            if partial.missing > 0 {
                self.walk(next, output, row, partial);
                continue;
            }
            let Some(letter) = char::from_u32(partial.bits) else { continue };
            let row = self.step(row, letter);
            let reachable = &row[..=self.letters.len()];
            if next.is_final() && reachable[self.letters.len()] <= self.edits {
                self.values.push(output.cat(next.final_output()).value());
            }
            if reachable.iter().any(|&edits| edits <= self.edits) {
                self.walk(next, output, &row, Partial::NONE);
            }
        }
    }

    /// The row after one more letter: Levenshtein's distances.
    fn step(&self, row: &Row, letter: char) -> Row {
        let mut next = *row;
        next[0] = row[0].saturating_add(1);
        for (at, own) in self.letters.iter().enumerate() {
            let change = row[at] + u8::from(*own != letter);
            next[at + 1] = change.min(row[at + 1].saturating_add(1)).min(next[at].saturating_add(1));
        }
        next
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn similar_names_are_found_in_any_script() {
        let gazetteer = Gazetteer::embedded();
        for (name, edits, right) in [
            ("barcelonna", 1, "barcelona"),
            ("ludwigshaffenn", 2, "ludwigshafen"),
            ("екатеринбрг", 1, "екатеринбург"),
        ] {
            let letters: Vec<char> = name.chars().collect();
            let mut search =
                Search { names: gazetteer.names.as_fst(), letters: &letters, edits, values: Vec::new() };
            search.run();
            assert!(search.values.contains(&gazetteer.names.get(right).unwrap()), "{name}");
            assert!(search.values.len() < MAX_NAMES);
        }
    }
}
