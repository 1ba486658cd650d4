//! `page` and `size`, as every list takes them.

use logistics_domain::ports::Page;

use crate::query::Query;

/// The part of a list that a query asks for: `page` from 1 (1 without it), `size` from 1 to 100 (10 without it).
pub(crate) fn page(query: &mut Query) -> Page {
    let mut number = |name: &str, default: u32, max: u32| {
        let in_range = |value: &str| value.parse().ok().filter(|number| (1..=max).contains(number));
        query.parsed(name, &format!("a whole number from 1 to {max}"), in_range).unwrap_or(default)
    };
    Page { number: number("page", 1, u32::MAX), size: number("size", 10, 100) }
}
