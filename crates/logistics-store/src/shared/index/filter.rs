//! A filter as the set of positions that it admits.

use chrono::{Datelike, Days as Span, Months, NaiveDate};
use diesel::prelude::*;
use logistics_domain::Category;
use logistics_domain::ids::OrganizationId;
use logistics_domain::leg::{AnyOf, Days, LegFilter, LegStatus};

use super::super::backend::{self, Backend, Connection};
use super::super::jobs::records::legs_of;
use super::dimension::{Dimension, Value};
use super::texts;
use crate::columns::UidValue;
use crate::error::WorkError;
use crate::positions::{Positions, Segment};
use crate::schema::{bitmaps, legs, packages};
use crate::search_blocks::SearchBlocks;

/// Up to how many segments are asked for by their numbers.
const FEW: usize = 64;

/// The positions of an organization's legs that a filter admits.
pub fn positions(
    connection: &mut Connection,
    blocks: &SearchBlocks,
    organization: OrganizationId,
    filter: &LegFilter,
) -> Result<Positions, WorkError> {
    let mut found = Narrowing::new(blocks, organization);
    found.by_legs(connection, filter)?;
    found.finish(connection)
}

/// The positions that have a value.
pub fn of_value(
    connection: &mut Connection,
    organization: OrganizationId,
    dimension: Dimension,
    value: &str,
) -> Result<Positions, WorkError> {
    let own = of(organization, dimension);
    read(connection, own.filter(bitmaps::value.eq(value)))
}

/// The same of some segments.
pub fn of_value_in(
    connection: &mut Connection,
    organization: OrganizationId,
    dimension: Dimension,
    value: &str,
    segments: &[i32],
) -> Result<Positions, WorkError> {
    let own = of(organization, dimension).filter(bitmaps::value.eq(value));
    read(connection, own.filter(bitmaps::segment.eq_any(segments)))
}

/// The parts of the sets of a dimension.
fn of<'q>(organization: OrganizationId, dimension: Dimension) -> bitmaps::BoxedQuery<'q, Backend> {
    bitmaps::table
        .filter(bitmaps::organization_id.eq(UidValue(organization.0)))
        .filter(bitmaps::dimension.eq(dimension.as_str()))
        .into_boxed()
}

/// The union of the sets of different values. Exclusive or will do: no leg has two values of a dimension.
fn read(
    connection: &mut Connection,
    parts: bitmaps::BoxedQuery<'_, Backend>,
) -> Result<Positions, WorkError> {
    let rows: Vec<(i32, Vec<u8>)> = parts.select((bitmaps::segment, bitmaps::bits)).load(connection)?;
    let mut positions = Positions::default();
    for (segment, bits) in rows {
        positions.turn_segment(segment, Segment::from_bytes(&bits)?);
    }
    Ok(positions)
}

/// The positions that satisfy all conditions so far.
pub struct Narrowing<'s> {
    blocks: &'s SearchBlocks,
    organization: OrganizationId,
    /// The dimension whose one set has everything that there is.
    all: Dimension,
    found: Option<Positions>,
}

impl<'s> Narrowing<'s> {
    pub fn new(blocks: &'s SearchBlocks, organization: OrganizationId) -> Self {
        Self { blocks, organization, all: Dimension::All, found: None }
    }

    /// Of packages.
    pub fn packages(blocks: &'s SearchBlocks, organization: OrganizationId) -> Self {
        Self { all: Dimension::Package, ..Self::new(blocks, organization) }
    }

    /// What is left.
    pub fn finish(self, connection: &mut Connection) -> Result<Positions, WorkError> {
        match self.found {
            Some(found) => Ok(found),
            None => of_value(connection, self.organization, self.all, ""),
        }
    }

    /// Keeps only those that are also in another set.
    pub fn and(&mut self, others: Positions) {
        match &mut self.found {
            Some(found) => found.intersect(&others),
            None => self.found = Some(others),
        }
    }

    /// By a filter of legs.
    pub fn by_legs(&mut self, connection: &mut Connection, filter: &LegFilter) -> Result<(), WorkError> {
        self.by_rows(connection, filter)?;
        self.by_text(connection, Dimension::Client, &filter.clients)?;
        self.by_text(connection, Dimension::Hub, &filter.hubs)?;
        self.by_text(connection, Dimension::Toc, &filter.tocs)?;
        self.by_days(connection, &shipped(filter.shipped))?;
        self.by_days(connection, &created(filter.created))?;
        self.by_name(connection, Dimension::Category, &filter.categories, Category::as_str)?;
        self.by_name(connection, Dimension::Status, &filter.statuses, LegStatus::as_str)?;
        if let Some(search) = &filter.search {
            self.by_search(connection, search)?;
        }
        Ok(())
    }

    /// By what indexes of the legs' own tables tell, which mostly leaves few.
    fn by_rows(&mut self, connection: &mut Connection, filter: &LegFilter) -> Result<(), WorkError> {
        let organization = UidValue(self.organization.0);
        let own = || legs::table.filter(legs::organization_id.eq(organization)).select(legs::position);
        if let Some(movements) = filter.movements.values() {
            let rows: Vec<i64> = own().filter(legs::movement_id.eq_any(movements)).load(connection)?;
            self.and(rows.into_iter().collect());
        }
        if let Some(keys) = filter.packages.values() {
            let named = packages::table
                .filter(packages::organization_id.eq(organization))
                .filter(packages::package_key.eq_any(keys))
                .select(packages::id.nullable());
            let rows: Vec<i64> = own().filter(legs::package_id.eq_any(named)).load(connection)?;
            self.and(rows.into_iter().collect());
        }
        if let Some(files) = filter.files.values() {
            let files: Vec<UidValue> = files.iter().map(|file| UidValue(file.0)).collect();
            let ids = legs_of(connection, self.organization, &files)?;
            let mut positions = Vec::with_capacity(ids.len());
            for ids in ids.chunks(backend::KEYS) {
                positions.extend(own().filter(legs::id.eq_any(ids)).load::<i64>(connection)?);
            }
            self.and(positions.into_iter().collect());
        }
        Ok(())
    }

    /// By a part of a text that is searched.
    fn by_search(&mut self, connection: &mut Connection, part: &str) -> Result<(), WorkError> {
        if self.found.as_ref().is_some_and(Positions::is_empty) {
            return Ok(());
        }
        let found = texts::search(connection, self.blocks, self.organization, part)?;
        if self.found.is_none() {
            self.found = Some(super::all(connection, self.organization)?);
        }
        self.and(found);
        Ok(())
    }

    /// By texts of which a leg must have one.
    pub fn by_text(
        &mut self,
        connection: &mut Connection,
        dimension: Dimension,
        wanted: &AnyOf<String>,
    ) -> Result<(), WorkError> {
        let Some(values) = wanted.values() else { return Ok(()) };
        self.by_parts(connection, of(self.organization, dimension).filter(bitmaps::value.eq_any(values)))
    }

    /// By names of which a leg must have one.
    pub fn by_name<T: Copy>(
        &mut self,
        connection: &mut Connection,
        dimension: Dimension,
        wanted: &AnyOf<T>,
        name: impl Fn(T) -> &'static str,
    ) -> Result<(), WorkError> {
        let Some(values) = wanted.values() else { return Ok(()) };
        let names: Vec<&str> = values.iter().map(|value| name(*value)).collect();
        self.by_parts(connection, of(self.organization, dimension).filter(bitmaps::value.eq_any(names)))
    }

    /// By having any value of a dimension.
    pub fn by_having(&mut self, connection: &mut Connection, dimension: Dimension) -> Result<(), WorkError> {
        self.by_parts(connection, of(self.organization, dimension))
    }

    /// By ranges of values of which a leg must be in one; there must be one.
    fn by_days(&mut self, connection: &mut Connection, ranges: &[Range]) -> Result<(), WorkError> {
        let mut within: Option<Positions> = None;
        for Range { dimension, from, until } in ranges {
            let parts =
                of(self.organization, *dimension).filter(bitmaps::value.between(from.clone(), until.clone()));
            let read = self.read(connection, parts)?;
            match &mut within {
                None => within = Some(read),
                Some(within) => within.join(&read),
            }
        }
        if let Some(within) = within {
            self.and(within);
        }
        Ok(())
    }

    fn by_parts(
        &mut self,
        connection: &mut Connection,
        parts: bitmaps::BoxedQuery<'_, Backend>,
    ) -> Result<(), WorkError> {
        let positions = self.read(connection, parts)?;
        self.and(positions);
        Ok(())
    }

    /// Reads sets, but only the segments in which anything is left.
    fn read(
        &self,
        connection: &mut Connection,
        parts: bitmaps::BoxedQuery<'_, Backend>,
    ) -> Result<Positions, WorkError> {
        match self.found.as_ref().map(Positions::segments) {
            Some(segments) if segments.is_empty() => Ok(Positions::default()),
            Some(segments) if segments.len() <= FEW => {
                read(connection, parts.filter(bitmaps::segment.eq_any(segments)))
            }
            _ => read(connection, parts),
        }
    }
}

/// Values of a dimension from one to another, both included.
#[derive(Debug, PartialEq)]
struct Range {
    dimension: Dimension,
    from: String,
    until: String,
}

/// A text that sorts after every day and month.
const END: &str = "~";

impl Range {
    fn new(dimension: Dimension, from: Option<Value<'_>>, until: Option<Value<'_>>) -> Self {
        let text =
            |value: Option<Value<'_>>, open: &str| value.map_or(open.to_owned(), |value| value.to_string());
        Self { dimension, from: text(from, ""), until: text(until, END) }
    }

    fn days(dimension: Dimension, from: Option<NaiveDate>, until: Option<NaiveDate>) -> Self {
        Self::new(dimension, from.map(Value::Day), until.map(Value::Day))
    }
}

/// Days of storing.
fn created(days: Days) -> Vec<Range> {
    match days {
        Days { from: None, until: None } => Vec::new(),
        Days { from, until } => vec![Range::days(Dimension::Created, from, until)],
    }
}

/// Days of shipment: whole months, and the days before and after them.
fn shipped(days: Days) -> Vec<Range> {
    let Days { from, until } = days;
    if days == Days::default() {
        return Vec::new();
    }
    let first = |day: NaiveDate| day.with_day(1).unwrap_or(day);
    let last = |day: NaiveDate| {
        let next = first(day).checked_add_months(Months::new(1));
        next.and_then(|next| next.checked_sub_days(Span::new(1))).unwrap_or(day)
    };
    // The first and the last of the whole months, by their first and last day.
    let begin = from.map(|from| if from == first(from) { Some(from) } else { last(from).succ_opt() });
    let end = until.map(|until| if until == last(until) { Some(until) } else { first(until).pred_opt() });
    let whole = match (begin, end) {
        (Some(None), _) | (_, Some(None)) => false,
        (Some(Some(begin)), Some(Some(end))) => begin < end,
        _ => true,
    };
    if !whole {
        return vec![Range::days(Dimension::Shipped, from, until)];
    }
    let (begin, end) = (begin.flatten(), end.flatten());
    let mut ranges =
        vec![Range::new(Dimension::ShippedMonth, begin.map(Value::month), end.map(Value::month))];
    if from != begin {
        ranges.push(Range::days(Dimension::Shipped, from, begin.and_then(|begin| begin.pred_opt())));
    }
    if until != end {
        ranges.push(Range::days(Dimension::Shipped, end.and_then(|end| end.succ_opt()), until));
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_of_days_is_months_and_the_days_beside_them() {
        let day = |text: &str| (!text.is_empty()).then(|| text.parse::<NaiveDate>().unwrap());
        let cases = [
            ("", "", vec![]),
            ("2025-03-01", "2025-03-31", vec![("2025-03", "2025-03")]),
            ("2025-03-02", "2025-03-31", vec![("2025-03-02", "2025-03-31")]),
            ("2025-03-05", "2025-03-05", vec![("2025-03-05", "2025-03-05")]),
            ("2025-02-02", "2025-04-30", vec![("2025-03", "2025-04"), ("2025-02-02", "2025-02-28")]),
            ("2024-12-01", "2025-03-30", vec![("2024-12", "2025-02"), ("2025-03-01", "2025-03-30")]),
            ("2025-01-31", "2025-02-01", vec![("2025-01-31", "2025-02-01")]),
            ("2025-01-31", "", vec![("2025-02", "~"), ("2025-01-31", "2025-01-31")]),
            ("", "2025-01-30", vec![("", "2024-12"), ("2025-01-01", "2025-01-30")]),
            ("2025-03-31", "2025-03-01", vec![("2025-03-31", "2025-03-01")]),
        ];
        for (from, until, expected) in cases {
            let ranges = shipped(Days { from: day(from), until: day(until) });
            let found: Vec<_> =
                ranges.iter().map(|range| (range.from.as_str(), range.until.as_str())).collect();
            assert_eq!(found, expected, "{from} to {until}");
        }
    }
}
