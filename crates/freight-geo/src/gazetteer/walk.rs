//! Finds every name in a query, in one walk through the index from each word.

use fst::raw::{Fst, Node, Output};

use super::text::{Glue, Text};
use super::words::{KOREAN_ENDINGS, expansions};

/// The longest name, in words or in letters of a script without blanks.
const LONGEST_NAME: usize = 9;
const LONGEST_SPACELESS_NAME: usize = 16;
/// A query with more names than this is no address; the rest are not looked at.
const MAX_SPANS: usize = 120;

/// Some words that are a name in the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) first: usize,
    /// Inclusive.
    pub(super) last: usize,
    /// The name's value in the index.
    pub(super) value: u64,
    /// An abbreviation was written out, or an ending left off.
    pub(super) adapted: bool,
}

impl Span {
    pub(super) const fn overlaps(&self, other: &Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }

    pub(super) const fn contains(&self, other: &Self) -> bool {
        self.first <= other.first && other.last <= self.last
    }

    pub(super) const fn words(&self) -> usize {
        self.last + 1 - self.first
    }
}

/// Every name in the query.
pub(super) fn spans(names: &Fst<&'static [u8]>, text: &Text<'_>) -> Vec<Span> {
    let mut walk = Walk { names, text, spans: Vec::new(), first: 0 };
    for first in 0..text.words.len() {
        walk.first = first;
        walk.word(first, names.root(), Output::zero(), false);
        if walk.spans.len() >= MAX_SPANS {
            break;
        }
    }
    walk.spans
}

struct Walk<'t> {
    names: &'t Fst<&'static [u8]>,
    text: &'t Text<'t>,
    spans: Vec<Span>,
    first: usize,
}

type At<'t> = (Node<'t>, Output);

impl<'t> Walk<'t> {
    /// Goes on from a node over a word, and over the words after it.
    fn word(&mut self, word: usize, node: Node<'t>, output: Output, adapted: bool) {
        let Some((node, output)) = self.glue(word, (node, output)) else { return };
        let folded = self.text.fold(word);
        self.spelled(word, folded, (node, output), adapted);
        for spelling in expansions(folded) {
            self.spelled(word, spelling, (node, output), true);
        }
        if let Some(stem) = korean_stem(folded) {
            self.spelled(word, stem, (node, output), true);
        }
        if let Some(stem) = folded.strip_prefix("ال").filter(|stem| stem.chars().count() > 2) {
            self.spelled(word, stem, (node, output), true);
        }
    }

    fn spelled(&mut self, word: usize, spelling: &str, at: At<'t>, adapted: bool) {
        let Some((node, output)) = self.follow(at, spelling.as_bytes()) else { return };
        if node.is_final() && self.spans.len() < MAX_SPANS {
            let value = output.cat(node.final_output()).value();
            self.spans.push(Span { first: self.first, last: word, value, adapted });
        }
        if self.goes_on(word + 1) {
            self.word(word + 1, node, output, adapted);
        }
    }

    /// The blank before a word, unless it begins the name or the script has none.
    fn glue(&self, word: usize, at: At<'t>) -> Option<At<'t>> {
        let words = &self.text.words;
        let blank = word > self.first && words.get(word)?.glue != Glue::None;
        if blank { self.follow(at, b" ") } else { Some(at) }
    }

    fn goes_on(&self, word: usize) -> bool {
        let Some(next) = self.text.words.get(word) else { return false };
        let longest = if next.spaceless { LONGEST_SPACELESS_NAME } else { LONGEST_NAME };
        next.glue != Glue::Hard && word - self.first < longest
    }

    fn follow(&self, (mut node, mut output): At<'t>, bytes: &[u8]) -> Option<At<'t>> {
        for &byte in bytes {
            let transition = node.transition(node.find_input(byte)?);
            output = output.cat(transition.out);
            node = self.names.node(transition.addr);
        }
        Some((node, output))
    }
}

/// A Korean word without the ending that says what kind of a place it is.
fn korean_stem(word: &str) -> Option<&str> {
    let stem = KOREAN_ENDINGS.iter().find_map(|ending| word.strip_suffix(ending))?;
    (stem.chars().count() >= 2).then_some(stem)
}
