//! Numbers and times as people read them. Nothing here is computed further.

use chrono::{DateTime, Utc};
use logistics_domain::numbers::{decimal, grouped};
use maud::{Markup, html};

/// A whole number, in groups of three digits: `12,345`.
pub(super) fn count(number: impl Into<u64>) -> String {
    grouped(&number.into().to_string())
}

/// A number with as many decimals as show about four digits of it: `0.0962`, `62.61`, `12,345`.
pub(super) fn significant(number: f64) -> String {
    let decimals = match number.abs() {
        0.0 => 0,
        size if size >= 1000.0 => 0,
        size if size >= 100.0 => 1,
        size if size >= 10.0 => 2,
        size if size >= 1.0 => 3,
        size if size >= 0.1 => 4,
        size if size >= 0.01 => 5,
        _ => 7,
    };
    decimal(number, decimals)
}

/// A number that somebody gave, with the decimals that it has, three at most: `2`, `12.5`. One that would be nothing by that
/// has those that show it.
pub(super) fn given(number: f64) -> String {
    if number != 0.0 && number.abs() < 0.0005 {
        return significant(number);
    }
    let text = decimal(number, 3);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A duration of so many seconds, to one or two units: `40 s`, `3 min 20 s`, `2 h 5 min`.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a time left is short and not negative"
)]
pub(super) fn duration(seconds: f64) -> String {
    let seconds = seconds.ceil().clamp(0.0, 1e9) as u64;
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

/// An instant, to the second, in UTC.
pub(super) fn instant(at: DateTime<Utc>) -> Markup {
    html! { time datetime=(at.to_rfc3339()) { (at.format("%Y-%m-%d %H:%M:%S UTC")) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn about_four_digits_are_shown() {
        let shown = [0.0, 0.096_23, 62.61, 12_345.6, 5.0].map(significant);
        assert_eq!(shown, ["0", "0.09623", "62.61", "12,346", "5.000"]);
    }

    #[test]
    fn what_was_given_has_its_own_decimals() {
        assert_eq!(
            [2.0, 12.5, 8000.0, 0.1239, 0.0004, 0.0].map(given),
            ["2", "12.5", "8,000", "0.124", "0.0004000", "0"]
        );
    }

    #[test]
    fn durations_have_two_units_at_most() {
        assert_eq!([0.0, 39.2, 200.0, 7500.0].map(duration), ["0 s", "40 s", "3 min 20 s", "2 h 5 min"]);
    }
}
