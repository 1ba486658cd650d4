//! Days, as people and programs write them.

use chrono::NaiveDate;

/// Which of the first two numbers of a date is the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DateOrder {
    DayFirst,
    MonthFirst,
}

/// Why a cell is no day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DateFault {
    /// It is something else, or a day that no calendar has.
    NoDate,
    /// It is one of two days, and the file does not show which.
    Ambiguous(NaiveDate, NaiveDate),
}

/// A day. `2024-11-25` is the same everywhere, also as the beginning of a time; `25/11/2024` may be written with `.` or `-` as well.
pub(crate) fn date(cell: &str, order: Option<DateOrder>) -> Result<NaiveDate, DateFault> {
    let [first, second, third] = parts(cell).ok_or(DateFault::NoDate)?;
    if first.len() == 4 {
        return day(first, second, third).ok_or(DateFault::NoDate);
    }
    if third.len() != 4 {
        return Err(DateFault::NoDate);
    }
    let (day_first, month_first) = (day(third, second, first), day(third, first, second));
    match (order, day_first, month_first) {
        (Some(DateOrder::DayFirst), Some(day), _) | (Some(DateOrder::MonthFirst), _, Some(day)) => Ok(day),
        (None, Some(one), Some(other)) if one != other => Err(DateFault::Ambiguous(one, other)),
        (None, Some(day), _) | (None, None, Some(day)) => Ok(day),
        _ => Err(DateFault::NoDate),
    }
}

/// The order that a date shows, if it can have no other.
pub(crate) fn shown(cell: &str) -> Option<DateOrder> {
    let [first, second, third] = parts(cell).filter(|parts| parts[0].len() < 3)?;
    match (day(third, second, first), day(third, first, second)) {
        (Some(_), None) => Some(DateOrder::DayFirst),
        (None, Some(_)) => Some(DateOrder::MonthFirst),
        _ => None,
    }
}

/// The three numbers of a date; a time behind them is dropped.
fn parts(cell: &str) -> Option<[&str; 3]> {
    let cell = cell.split(['T', ' ']).next()?;
    let mark = cell.chars().find(|c| !c.is_ascii_digit()).filter(|mark| matches!(mark, '-' | '/' | '.'))?;
    let mut parts = cell.split(mark);
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next()?);
    parts.next().is_none().then_some([first, second, third])
}

fn day(year: &str, month: &str, day: &str) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Datelike;
    use proptest::prelude::*;

    #[test]
    fn a_day_is_read_as_it_is_meant() {
        let of = |month, day| NaiveDate::from_ymd_opt(2024, month, day).unwrap();
        let (day_first, month_first) = (Some(DateOrder::DayFirst), Some(DateOrder::MonthFirst));
        for (cell, order, expected) in [
            ("2024-04-03", None, Ok(of(4, 3))),
            ("2024-04-03T23:59:00Z", None, Ok(of(4, 3))),
            ("2024/4/3", month_first, Ok(of(4, 3))),
            ("03/04/2024", day_first, Ok(of(4, 3))),
            ("03/04/2024 10:30", month_first, Ok(of(3, 4))),
            ("25.11.2024", None, Ok(of(11, 25))),
            ("11-25-2024", None, Ok(of(11, 25))),
            ("04/04/2024", None, Ok(of(4, 4))),
            ("03/04/2024", None, Err(DateFault::Ambiguous(of(4, 3), of(3, 4)))),
            ("11/25/2024", day_first, Err(DateFault::NoDate)),
            ("31/02/2024", None, Err(DateFault::NoDate)),
            ("3 April", None, Err(DateFault::NoDate)),
            ("25/11/24", None, Err(DateFault::NoDate)),
        ] {
            assert_eq!(date(cell, order), expected, "{cell}");
        }
    }

    proptest! {
        #[test]
        fn days_come_back(days in 0i32..60_000) {
            let known = NaiveDate::from_num_days_from_ce_opt(700_000 + days).unwrap();
            prop_assert_eq!(date(&known.to_string(), None), Ok(known));
            let spanish = known.format("%d/%m/%Y").to_string();
            prop_assert_eq!(date(&spanish, Some(DateOrder::DayFirst)), Ok(known));
            prop_assert!(shown(&spanish) != Some(DateOrder::MonthFirst) && known.year() > 0);
        }

        #[test]
        fn no_text_is_too_strange(text in ".*") {
            let _ = (date(&text, None), shown(&text));
        }
    }
}
