//! A query cut into parts and words.

use freight_geo_index::gazetteer::{fold_into, is_invisible, is_word};

/// Longer queries are cut: the first and the last bytes up to these counts are read.
const HEAD_BYTES: usize = 400;
const TAIL_BYTES: usize = 200;
/// No address needs more words than this.
const MAX_WORDS: usize = 160;

/// What stands before a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Glue {
    /// Nothing: the script is written without blanks.
    None,
    /// A blank, an apostrophe or a stop.
    Space,
    /// A hyphen or a slash without blanks.
    Hyphen,
    /// A bracket or a dash between blanks: a new part, but a name may go on over it.
    Soft,
    /// A comma or a line end: a new part.
    Hard,
}

/// A word, or one letter of a script that is written without blanks.
#[derive(Debug, Clone)]
pub(super) struct Word {
    /// Where it stands in the query, in bytes.
    pub(super) start: usize,
    pub(super) end: usize,
    /// Where its folded form stands in [`Text::folded`].
    fold: (usize, usize),
    pub(super) glue: Glue,
    /// Number of its part.
    pub(super) part: usize,
    /// It is written in capitals, if it has any letters.
    pub(super) capitals: bool,
    pub(super) has_digit: bool,
    pub(super) all_digits: bool,
    /// One letter of a script without blanks.
    pub(super) spaceless: bool,
}

/// A query cut into words.
#[derive(Debug)]
pub(super) struct Text<'a> {
    pub(super) raw: &'a str,
    folded: String,
    pub(super) words: Vec<Word>,
    /// The first word of every part, and the number of words as a last entry.
    parts: Vec<usize>,
    /// The query has small letters, so that capitals mean something.
    pub(super) mixed_case: bool,
}

impl<'a> Text<'a> {
    pub(super) fn read(raw: &'a str) -> Self {
        let mut text =
            Self { raw, folded: String::new(), words: Vec::new(), parts: Vec::new(), mixed_case: false };
        let mut glue = Glue::Hard;
        let mut word: Option<(usize, bool)> = None;
        let mut previous = ' ';
        for (at, c) in readable(raw) {
            text.mixed_case |= c.is_lowercase() || !c.is_ascii() && c.is_alphabetic();
            if is_invisible(c) && word.is_some() {
                continue;
            }
            let spaceless = is_spaceless(c);
            if is_word(c) || is_joining_mark(c) {
                if let Some((start, was_spaceless)) = word {
                    if (was_spaceless || spaceless) && !is_joining_mark(c) {
                        text.push(start, at, glue, was_spaceless);
                        glue = Glue::None;
                        word = Some((at, spaceless));
                    }
                } else {
                    word = Some((at, spaceless));
                }
            } else {
                if let Some((start, was_spaceless)) = word.take() {
                    text.push(start, at, glue, was_spaceless);
                    glue = Glue::Space;
                }
                glue =
                    stronger(glue, separator(c, previous, raw.get(at + c.len_utf8()..).unwrap_or_default()));
            }
            previous = c;
        }
        if let Some((start, spaceless)) = word {
            text.push(start, raw.len(), glue, spaceless);
        }
        text.parts.push(text.words.len());
        text
    }

    fn push(&mut self, start: usize, end: usize, glue: Glue, spaceless: bool) {
        if self.words.len() == MAX_WORDS {
            return;
        }
        let written = &self.raw[start..end];
        let from = self.folded.len();
        let mut folded = String::new();
        fold_into(written, &mut folded);
        self.folded.push_str(&folded);
        if folded.is_empty() {
            return;
        }
        if matches!(glue, Glue::Hard | Glue::Soft) || self.words.is_empty() {
            self.parts.push(self.words.len());
        }
        self.words.push(Word {
            start,
            end,
            fold: (from, self.folded.len()),
            glue,
            part: self.parts.len() - 1,
            capitals: !written.chars().any(char::is_lowercase),
            has_digit: folded.bytes().any(|b| b.is_ascii_digit()),
            all_digits: folded.bytes().all(|b| b.is_ascii_digit()),
            spaceless,
        });
    }

    /// The folded form of a word.
    pub(super) fn fold(&self, word: usize) -> &str {
        self.words.get(word).map_or("", |word| &self.folded[word.fold.0..word.fold.1])
    }

    /// What was written from one word to another, inclusive.
    pub(super) fn written(&self, first: usize, last: usize) -> &'a str {
        match (self.words.get(first), self.words.get(last)) {
            (Some(first), Some(last)) => &self.raw[first.start..last.end],
            _ => "",
        }
    }

    pub(super) fn part_count(&self) -> usize {
        self.parts.len() - 1
    }

    /// The words of a part.
    pub(super) fn part(&self, part: usize) -> std::ops::Range<usize> {
        match (self.parts.get(part), self.parts.get(part + 1)) {
            (Some(&start), Some(&end)) => start..end,
            _ => 0..0,
        }
    }
}

/// The characters that are read: all of them, or the first and the last ones of a very long query.
fn readable(raw: &str) -> impl Iterator<Item = (usize, char)> {
    let (head, tail) = if raw.len() <= HEAD_BYTES + TAIL_BYTES {
        (raw.len(), raw.len())
    } else {
        (raw.floor_char_boundary(HEAD_BYTES), raw.ceil_char_boundary(raw.len() - TAIL_BYTES))
    };
    let first = raw[..head].char_indices();
    let last = raw[tail..].char_indices().map(move |(at, c)| (at + tail, c));
    // A line end between the two, so that no word is made of both.
    let gap = (head < tail).then_some((head, '\n'));
    first.chain(gap.filter(|_| raw.is_char_boundary(head))).chain(last)
}

/// Scripts that are written without blanks between words.
const fn is_spaceless(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{2e80}'..='\u{2fff}'
        | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}')
        && !matches!(c, '\u{e50}'..='\u{e59}')
}

/// Vowel signs and tone marks of spaceless scripts, which stand on the letter before them.
const fn is_joining_mark(c: char) -> bool {
    matches!(c, '\u{e31}' | '\u{e33}'..='\u{e3a}' | '\u{e47}'..='\u{e4e}' | '\u{eb1}' | '\u{eb4}'..='\u{ebc}'
        | '\u{102b}'..='\u{103e}' | '\u{17b4}'..='\u{17d3}' | '\u{3099}' | '\u{309a}' | 'ー')
}

fn separator(c: char, previous: char, rest: &str) -> Glue {
    let (before, after) = (previous.is_whitespace(), rest.starts_with(char::is_whitespace));
    match c {
        ',' | ';' | '\n' | '\r' | '\t' | '|' | '•' | '，' | '、' | '；' | '。' | '،' | '؛' | ':' | '：'
        | '►' | '→' | '>' => Glue::Hard,
        '(' | ')' | '[' | ']' | '{' | '}' | '（' | '）' | '【' | '】' | '"' | '«' | '»' | '“' | '”' => {
            Glue::Soft
        }
        '-' | '–' | '—' | '/' | '_' | '‐' | '‑' | '−' | '\\' if before && after => Glue::Soft,
        '-' if before || after => Glue::Soft,
        '–' | '—' => Glue::Soft,
        '-' | '/' | '_' | '‐' | '‑' | '−' | '\\' => Glue::Hyphen,
        _ => Glue::Space,
    }
}

const fn stronger(a: Glue, b: Glue) -> Glue {
    if (a as u8) < (b as u8) { b } else { a }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(raw: &str) -> Vec<Vec<String>> {
        let text = Text::read(raw);
        (0..text.part_count())
            .map(|part| text.part(part).map(|word| text.fold(word).to_owned()).collect())
            .collect()
    }

    #[test]
    fn parts_and_words() {
        assert_eq!(
            parts("C/ Montera, 25-27 - P.I. Los Ñ"),
            [vec!["c", "montera"], vec!["25", "27"], vec!["p", "i", "los", "n"]]
        );
        assert_eq!(parts("Frankfurt (Oder)"), [vec!["frankfurt"], vec!["oder"]]);
        assert_eq!(parts("上海市A路10号"), [vec!["上", "海", "市", "a", "路", "10", "号"]]);
        assert_eq!(parts(" , ;; "), Vec::<Vec<String>>::new());
        assert_eq!(parts(""), Vec::<Vec<String>>::new());
    }

    #[test]
    fn long_queries_are_cut_in_the_middle() {
        let raw = format!("Berlin, {}, Deutschland", "ä".repeat(100_000));
        let parts = parts(&raw);
        assert_eq!(parts.first(), Some(&vec!["berlin".to_owned()]));
        assert_eq!(parts.last(), Some(&vec!["deutschland".to_owned()]));
    }
}
