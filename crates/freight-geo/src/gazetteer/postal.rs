//! Postal codes in a query.

use freight_geo_index::gazetteer::{Index, PostalRecord};
use fst::{IntoStreamer, Map, Streamer};

use super::countries::Countries;
use super::text::{Glue, Text};

/// A code that more countries know than this tells nothing by itself.
const MAX_COUNTRIES: usize = 40;
/// More codes than this are not looked for in one query.
const MAX_CODES: usize = 12;
/// The longest spelling of a code.
const LONGEST_CODE: usize = 10;

/// What a postal code is in one country.
#[derive(Debug, Clone, Copy)]
pub(super) struct PostalPlace {
    pub(super) country: u8,
    pub(super) record: PostalRecord,
}

/// Some words that are a postal code in at least one country.
#[derive(Debug, Clone)]
pub(super) struct PostalSpan {
    pub(super) first: usize,
    /// Inclusive.
    pub(super) last: usize,
    pub(super) places: Vec<PostalPlace>,
    /// The country was written before the code, as in `D-20457`.
    pub(super) prefixed: bool,
    /// How many letters and digits the code has.
    pub(super) length: usize,
}

/// Finds the postal codes of a query.
pub(super) struct PostalFinder<'t> {
    pub(super) index: Index<'static>,
    pub(super) keys: &'t Map<&'static [u8]>,
    pub(super) countries: &'t Countries,
}

impl PostalFinder<'_> {
    /// The codes, the longest ones first, none within another.
    pub(super) fn find(&self, text: &Text<'_>) -> Vec<PostalSpan> {
        let mut spans: Vec<PostalSpan> = Vec::new();
        for words in [3, 2, 1] {
            for first in 0..text.words.len() {
                let last = first + words - 1;
                let taken = |span: &PostalSpan| span.first <= last && first <= span.last;
                if spans.len() >= MAX_CODES || !may_be_code(text, first, last) || spans.iter().any(taken) {
                    continue;
                }
                spans.extend(self.code(text, first, last));
            }
        }
        spans.sort_by_key(|span| span.first);
        spans
    }

    fn code(&self, text: &Text<'_>, first: usize, last: usize) -> Option<PostalSpan> {
        let mut code: String = (first..=last).map(|word| text.fold(word)).collect();
        if code.len() > LONGEST_CODE || !code.is_ascii() {
            return None;
        }
        code.make_ascii_uppercase();
        let (sign, digits) = split_sign(&code);
        let joined = text.words[first + 1..=last].iter().all(|word| word.glue != Glue::Space);
        let sign_country = self.countries.by_plate(sign).filter(|_| joined && !digits.is_empty());
        if let Some(country) = sign_country {
            let places = self.places(digits, Some(country));
            if !places.is_empty() {
                return Some(PostalSpan { first, last, places, prefixed: true, length: digits.len() });
            }
        }
        // Two numbers side by side are a code only in the countries that write it so.
        let split = last > first;
        let mut places = Vec::new();
        for (spelling, only) in spellings(&code) {
            let country = only.and_then(|alpha2| self.countries.by_alpha2(alpha2));
            if only.is_none() || country.is_some() {
                places.extend(self.places(spelling, country));
            }
        }
        if split {
            places.retain(|place| self.countries.splits_codes(place.country));
        }
        if places.is_empty() {
            return None;
        }
        places.sort_by_key(|place| place.country);
        places.dedup_by_key(|place| place.country);
        let length = code.len();
        Some(PostalSpan { first, last, places, prefixed: false, length })
    }

    /// A code's places in all countries that know it, or in one.
    fn places(&self, code: &str, country: Option<u8>) -> Vec<PostalPlace> {
        let from = format!("{code} ");
        let mut stream = self.keys.range().ge(&from).lt(format!("{code}!")).into_stream();
        let mut places = Vec::new();
        while let Some((key, number)) = stream.next() {
            let alpha2 = &key[from.len()..];
            let known = self.countries.by_alpha2(std::str::from_utf8(alpha2).unwrap_or_default());
            let wanted = known.filter(|known| country.is_none_or(|country| country == *known));
            if let (Some(country), Some(record)) = (wanted, self.index.postal_code(number)) {
                places.push(PostalPlace { country, record });
            }
            if places.len() == MAX_COUNTRIES {
                break;
            }
        }
        places
    }
}

/// Whether some words have the look of a postal code.
fn may_be_code(text: &Text<'_>, first: usize, last: usize) -> bool {
    let Some(words) = text.words.get(first..=last) else { return false };
    let joined = words[1..].iter().all(|word| matches!(word.glue, Glue::Space | Glue::Hyphen | Glue::None));
    let length: usize = words.iter().map(|word| word.end - word.start).sum();
    let digits = words.iter().any(|word| word.has_digit);
    let short = words.iter().all(|word| word.end - word.start <= 8);
    joined && digits && short && (3..=LONGEST_CODE * 3).contains(&length)
}

/// A country's sign and the digits after it, as in `D20457`.
fn split_sign(code: &str) -> (&str, &str) {
    let digits = code.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let sign = &code[..code.len() - digits.len()];
    if digits.bytes().all(|b| b.is_ascii_digit()) { (sign, digits) } else { (sign, "") }
}

/// The spellings under which the index may know a code, with the country that shortens it so.
fn spellings(code: &str) -> Vec<(&str, Option<&'static str>)> {
    let bytes = code.as_bytes();
    let shape: String = code.chars().map(|c| if c.is_ascii_digit() { '9' } else { 'A' }).collect();
    let mut spellings = vec![(code, None)];
    match shape.as_str() {
        "A9A9A9" => spellings.push((&code[..3], Some("CA"))),
        "9999AA" => spellings.push((&code[..4], Some("NL"))),
        "A9999" | "A9999AAA" => spellings.push((&code[1..5], Some("AR"))),
        "999999999" => spellings.push((&code[..5], Some("US"))),
        "A99" | "A9A" => {}
        _ if bytes.len() == 7 && matches!(&shape[..3], "A99" | "A9A") => {
            spellings.push((&code[..3], Some("IE")))
        }
        _ => {}
    }
    if shape.ends_with("9AA") && matches!(bytes.len(), 5..=7) {
        spellings.push((&code[..code.len() - 3], Some("GB")));
    }
    spellings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn national_spellings_are_shortened() {
        assert!(spellings("SW1A1AA").contains(&("SW1A", Some("GB"))));
        assert!(spellings("M5V2T6").contains(&("M5V", Some("CA"))));
        assert!(spellings("3011AB").contains(&("3011", Some("NL"))));
        assert!(spellings("C1425").contains(&("1425", Some("AR"))));
        assert!(spellings("902101234").contains(&("90210", Some("US"))));
        assert!(spellings("D02X285").contains(&("D02", Some("IE"))));
        assert_eq!(split_sign("D20457"), ("D", "20457"));
        assert_eq!(split_sign("SW1A"), ("SW", ""));
    }
}
