//! Numbers, as people and programs write them.

/// What divides a number's decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DecimalMark {
    Point,
    Comma,
}

impl DecimalMark {
    const fn as_char(self) -> char {
        match self {
            Self::Point => '.',
            Self::Comma => ',',
        }
    }
}

/// Why a cell is no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NumberFault {
    /// It is something else.
    NoNumber,
    /// It is `1.234` or `1,234`, and the file does not show which mark divides decimals.
    Ambiguous,
}

/// A number. Blanks and apostrophes may group its digits, as may the mark that does not divide decimals.
pub(crate) fn number(cell: &str, decimal: Option<DecimalMark>) -> Result<f64, NumberFault> {
    // What programs write, and nearly every cell there is.
    let is_plain = |byte: &u8| byte.is_ascii_digit() || *byte == b'-';
    if cell.as_bytes().iter().all(is_plain) || (decimal == Some(DecimalMark::Point) && !has_groups(cell)) {
        return finite(cell);
    }
    let digits: String = cell.chars().filter(|c| !is_blank(*c)).collect();
    let decimal = match (decimal, shown(&digits)) {
        (_, Some(shown)) => shown,
        (Some(decimal), None) => decimal,
        (None, None) if digits.contains(['.', ',']) => return Err(NumberFault::Ambiguous),
        (None, None) => DecimalMark::Point,
    };
    let grouped = match decimal {
        DecimalMark::Point => ',',
        DecimalMark::Comma => '.',
    };
    let (whole, fraction) = match digits.split_once(decimal.as_char()) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits.as_str(), None),
    };
    let mut groups = whole.split(grouped);
    let first = groups.next().unwrap_or_default();
    let groups: Vec<&str> = groups.collect();
    let well_formed = groups.iter().all(|group| group.len() == 3)
        && (groups.is_empty() || (1..=3).contains(&first.trim_start_matches('-').len()));
    if !well_formed {
        return Err(NumberFault::NoNumber);
    }
    let plain = format!("{first}{}.{}", groups.concat(), fraction.unwrap_or("0"));
    finite(&plain)
}

/// A number without decimals, also written as `2024.0`.
#[expect(clippy::cast_possible_truncation, reason = "only whole numbers that an i64 holds exactly pass")]
pub(crate) fn whole(cell: &str) -> Option<i64> {
    cell.parse().ok().or_else(|| {
        let number: f64 = cell.parse().ok()?;
        (number.fract() == 0.0 && number.abs() < 9e15).then_some(number as i64)
    })
}

/// The mark that a number shows to divide its decimals, if it can be no other: it follows the other mark, or has other than three
/// digits behind it, or only a zero before it.
pub(crate) fn shown(cell: &str) -> Option<DecimalMark> {
    let at = cell.rfind(['.', ','])?;
    let (whole, fraction) = (&cell[..at], &cell[at + 1..]);
    let (mark, other) = match cell.as_bytes()[at] {
        b'.' => (DecimalMark::Point, DecimalMark::Comma),
        _ => (DecimalMark::Comma, DecimalMark::Point),
    };
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || b".,- '".contains(&byte));
    if !is_number(whole) || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    if whole.contains(mark.as_char()) {
        // Of several equal marks none divides decimals.
        return (!whole.contains(other.as_char())).then_some(other);
    }
    let decides = whole.contains(other.as_char())
        || fraction.len() != 3
        || matches!(whole.trim_start_matches('-'), "" | "0")
        || whole.trim_start_matches('-').len() > 3;
    decides.then_some(mark)
}

fn finite(text: &str) -> Result<f64, NumberFault> {
    text.parse().ok().filter(|number: &f64| number.is_finite()).ok_or(NumberFault::NoNumber)
}

fn has_groups(cell: &str) -> bool {
    cell.chars().any(|c| c == ',' || is_blank(c))
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\'' | '’' | '\u{a0}' | '\u{202f}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_number_is_read_as_it_is_meant() {
        let (point, comma) = (Some(DecimalMark::Point), Some(DecimalMark::Comma));
        for (cell, decimal, expected) in [
            ("1234", None, Ok(1234.0)),
            ("1234.5", point, Ok(1234.5)),
            ("1e3", point, Ok(1000.0)),
            ("1,234.5", None, Ok(1234.5)),
            ("1.234,5", None, Ok(1234.5)),
            ("1.234.567", None, Ok(1_234_567.0)),
            ("0,125", None, Ok(0.125)),
            ("12,5", None, Ok(12.5)),
            ("1 234,5", comma, Ok(1234.5)),
            ("1'234.5", point, Ok(1234.5)),
            ("1.234", comma, Ok(1234.0)),
            ("1.234", point, Ok(1.234)),
            ("1,234", point, Ok(1234.0)),
            ("-5", comma, Ok(-5.0)),
            ("1.234", None, Err(NumberFault::Ambiguous)),
            ("1,234", None, Err(NumberFault::Ambiguous)),
            ("12,34,567", point, Err(NumberFault::NoNumber)),
            ("heavy", None, Err(NumberFault::NoNumber)),
            ("inf", point, Err(NumberFault::NoNumber)),
            ("", None, Err(NumberFault::NoNumber)),
        ] {
            assert_eq!(number(cell, decimal), expected, "{cell}");
        }
    }

    proptest! {
        #[test]
        fn both_marks_write_the_same_number(value in -1e9f64..1e9) {
            let text = format!("{value:.2}");
            prop_assume!(text.len() < 18);
            let expected: f64 = text.parse().unwrap();
            prop_assert_eq!(number(&text, Some(DecimalMark::Point)), Ok(expected));
            prop_assert_eq!(number(&text.replace('.', ","), Some(DecimalMark::Comma)), Ok(expected));
            prop_assert_eq!(number(&text.replace('.', ","), None), Ok(expected));
        }

        #[test]
        fn no_text_is_too_strange(text in ".*") {
            let _ = (number(&text, None), number(&text, Some(DecimalMark::Comma)), shown(&text), whole(&text));
        }
    }
}
