//! Numbers and days as others read them: rounded once, where they are written, and grouped for people.

use chrono::{Datelike, NaiveDate};

/// Kilograms of CO2e and tonne-kilometres: to the milligram.
#[must_use]
pub fn kg(value: f64) -> f64 {
    rounded(value, 6)
}

/// Kilometres: to the decimetre.
#[must_use]
pub fn km(value: f64) -> f64 {
    rounded(value, 4)
}

/// Intensities and other factors: to nine decimals.
#[must_use]
pub fn intensity(value: f64) -> f64 {
    rounded(value, 9)
}

/// A number with so many decimals, in groups of three digits: `12,345.60`.
#[must_use]
pub fn decimal(number: f64, decimals: usize) -> String {
    let text = format!("{number:.decimals$}");
    let (sign, digits) = text.strip_prefix('-').map_or(("", &*text), |digits| ("-", digits));
    match digits.split_once('.') {
        Some((whole, fraction)) => format!("{sign}{}.{fraction}", grouped(whole)),
        None => format!("{sign}{}", grouped(digits)),
    }
}

/// Digits in groups of three: `12,345`.
#[must_use]
pub fn grouped(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.char_indices() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A day as in `2025-03-04`.
#[must_use]
pub fn day(date: NaiveDate) -> String {
    let (Ok(year @ 0..=9999), month, day) = (u32::try_from(date.year()), date.month(), date.day()) else {
        return date.to_string();
    };
    let digits = [year / 1000, year / 100, year / 10, year, month / 10, month, day / 10, day];
    let mut text = String::with_capacity(10);
    for (at, digit) in digits.into_iter().enumerate() {
        if at == 4 || at == 6 {
            text.push('-');
        }
        text.push(char::from(b'0' + u8::try_from(digit % 10).unwrap_or_default()));
    }
    text
}

/// The day that a text such as `2025-03-04` says: ten characters, a year from 1 to 9999.
#[must_use]
pub fn read_day(text: &str) -> Option<NaiveDate> {
    let is_written =
        |(at, byte): (usize, u8)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() };
    let is_day = text.len() == 10 && text.bytes().enumerate().all(is_written);
    let date: NaiveDate = text.parse().ok().filter(|_| is_day)?;
    (date.year() > 0).then_some(date)
}

/// A number with so many decimals, or as it is where it is too large to have any.
fn rounded(value: f64, decimals: i32) -> f64 {
    let scale = 10f64.powi(decimals);
    let scaled = value * scale;
    if scaled.abs() < 9e15 { scaled.round() / scale } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_written_as_chrono_writes_them() {
        for days in (-800_000..4_000_000).step_by(97) {
            let date = NaiveDate::from_num_days_from_ce_opt(days).unwrap();
            assert_eq!(day(date), date.to_string());
        }
    }

    #[test]
    fn digits_are_grouped() {
        assert_eq!(
            ["0", "7", "999", "1000", "1234567"].map(grouped),
            ["0", "7", "999", "1,000", "1,234,567"]
        );
        assert_eq!(decimal(-1234.5, 2), "-1,234.50");
        assert_eq!(decimal(-123.0, 0), "-123");
        assert_eq!(decimal(999_999.99, 1), "1,000,000.0");
    }

    #[test]
    fn days_are_read_as_they_are_written_and_not_otherwise() {
        for text in ["0001-01-01", "2024-02-29", "9999-12-31"] {
            assert_eq!(read_day(text).map(day).as_deref(), Some(text));
        }
        for text in [
            "",
            "2025-1-1",
            "2025-01-1",
            " 2025-01-01",
            "2025- 1- 1",
            "+2025-01-1",
            "-999-01-01",
            "+262142-12-31",
            "0000-01-01",
            "2025-02-29",
            "2025/01/01",
            "20250101",
            "2025-01-01T00:00",
            "２０２5-1",
        ] {
            assert_eq!(read_day(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_are_rounded_where_they_have_decimals() {
        assert_eq!(kg(0.000_528_049_6), 0.000_528);
        assert_eq!(kg(62.610_000_000_000_01), 62.61);
        assert_eq!(km(3.444_700_000_1), 3.4447);
        assert_eq!(kg(1e300), 1e300);
    }
}
