//! Words, made comparable.

use std::collections::HashSet;

use emissions_core::CountryCode;
use unicode_normalization::UnicodeNormalization;

/// The words of a text, without accents and in lower case.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut folded = String::with_capacity(text.len());
    for c in text.nfkd().flat_map(char::to_lowercase) {
        match c {
            // Accents, which the decomposition has taken off the letters.
            '\u{300}'..='\u{36f}' => {}
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' => folded.push('d'),
            'ı' => folded.push('i'),
            // `L'Aquila` is two words, `Xi'an` is none: both sides are folded alike.
            c if c.is_alphanumeric() => folded.push(c),
            _ => folded.push(' '),
        }
    }
    folded.split_whitespace().map(str::to_owned).collect()
}

/// How a written word agrees with what a place is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Agreement {
    Same,
    /// One letter is different.
    Similar,
    None,
}

/// Letters from which on a word may have a wrong one. Ours.
const LONG_WORD: usize = 5;

pub(super) fn agreement(word: &str, known: &HashSet<String>, country: CountryCode) -> Agreement {
    if known.contains(word) || names_country(word, country) || within_script_without_blanks(word, known) {
        return Agreement::Same;
    }
    let long = |word: &str| word.chars().count() >= LONG_WORD;
    let similar = |known: &String| long(known) && strsim::osa_distance(word, known) <= 1;
    if long(word) && known.iter().any(similar) { Agreement::Similar } else { Agreement::None }
}

/// `es`, `esp`, and `uk`, which isn't a code but is written everywhere.
fn names_country(word: &str, country: CountryCode) -> bool {
    let code = if word == "uk" { "gb" } else { word };
    matches!(code.len(), 2 | 3) && CountryCode::parse(code).is_ok_and(|named| named == country)
}

/// Chinese, Japanese and Thai names are written without blanks: 上海 in 上海市.
fn within_script_without_blanks(word: &str, known: &HashSet<String>) -> bool {
    !word.is_ascii()
        && word.chars().any(|c| matches!(c, '\u{0e00}'..='\u{0e7f}' | '\u{3040}'..='\u{9fff}'))
        && known
            .iter()
            .any(|known| known.contains(word) || (!known.is_ascii() && word.contains(known.as_str())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agree(word: &str, known: &[&str]) -> Agreement {
        let known = known.iter().map(|&word| word.to_owned()).collect();
        agreement(word, &known, CountryCode::parse("GB").unwrap())
    }

    #[test]
    fn writing_does_not_matter() {
        assert_eq!(words("  São-Paulo, (BR) "), ["sao", "paulo", "br"]);
        assert_eq!(words("Łódź GROẞ-Gerau Ærø"), ["lodz", "gross", "gerau", "aero"]);
        assert_eq!(words("Αθήνα ТОКИО"), ["αθηνα", "токио"]);
        assert_eq!(words(" ,; "), Vec::<String>::new());
    }

    #[test]
    fn words_agree_exactly_by_code_and_nearly() {
        assert_eq!(agree("leeds", &["leeds"]), Agreement::Same);
        assert_eq!(agree("uk", &[]), Agreement::Same);
        assert_eq!(agree("gbr", &[]), Agreement::Same);
        assert_eq!(agree("us", &[]), Agreement::None);
        assert_eq!(agree("leedz", &["leeds"]), Agreement::Similar);
        assert_eq!(agree("lees", &["leeds"]), Agreement::None);
        assert_eq!(agree("上海", &["上海市"]), Agreement::Same);
    }
}
