use chrono::NaiveDate;

use super::{LegRecord, LegStatus};
use crate::Category;
use crate::ids::JobId;

/// Which legs of a list are meant. A leg must fulfil every condition that is set; of a condition with several values, one.
/// Without conditions it is all legs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LegFilter {
    /// Text that stands in the movement, the stretch or the package key; case does not matter.
    pub search: Option<String>,
    /// Movements.
    pub movements: AnyOf<String>,
    /// Clients.
    pub clients: AnyOf<String>,
    /// Ids of transport operation categories.
    pub tocs: AnyOf<String>,
    /// Categories.
    pub categories: AnyOf<Category>,
    /// Statuses.
    pub statuses: AnyOf<LegStatus>,
    /// Hubs, as legs name them.
    pub hubs: AnyOf<String>,
    /// Keys of packages.
    pub packages: AnyOf<String>,
    /// Jobs that legs came in with; the APIs call them files. A record does not tell its jobs, only a store knows them.
    pub files: AnyOf<JobId>,
    /// The day of the shipment.
    pub shipped: Days,
    /// The day, in UTC, on which the leg was first stored.
    pub created: Days,
}

/// Values of which one must be met. Unset, any value will do, also none; set but empty, nothing will.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnyOf<T>(Option<Vec<T>>);

/// Days from one to another, both included; open where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Days {
    /// The first day.
    pub from: Option<NaiveDate>,
    /// The last day.
    pub until: Option<NaiveDate>,
}

impl<T> Default for AnyOf<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> AnyOf<T> {
    /// One of these values.
    #[must_use]
    pub const fn these(values: Vec<T>) -> Self {
        Self(Some(values))
    }

    /// The values, if any are set.
    #[must_use]
    pub fn values(&self) -> Option<&[T]> {
        self.0.as_deref()
    }
}

impl<T: PartialEq> AnyOf<T> {
    /// Whether a value will do.
    #[must_use]
    pub fn admits(&self, value: &T) -> bool {
        self.0.as_ref().is_none_or(|values| values.contains(value))
    }
}

impl AnyOf<String> {
    fn admits_text(&self, text: Option<&str>) -> bool {
        self.0.as_ref().is_none_or(|values| values.iter().any(|value| Some(value.as_str()) == text))
    }
}

impl Days {
    /// Whether a day lies within.
    #[must_use]
    pub fn contains(&self, day: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }
}

impl LegFilter {
    /// Whether a leg is meant, as far as its record tells: by nothing but `files`. Stores answer the same with their own
    /// means.
    #[must_use]
    pub fn admits(&self, record: &LegRecord) -> bool {
        let (leg, trace) = (&record.leg, &record.leg.trace);
        let searched = [&trace.movement_id, &trace.movement_stretch, &trace.package_key];
        let found = |needle: &String| searched.into_iter().flatten().any(|text| contains(text, needle));
        self.search.as_ref().is_none_or(found)
            && self.movements.admits_text(trace.movement_id.as_deref())
            && self.clients.admits_text(trace.client.as_deref())
            && self.tocs.admits(&leg.toc)
            && self.categories.admits(&leg.category)
            && self.statuses.admits(&record.outcome.status())
            && self.hubs.admits_text(trace.hub_id.as_deref())
            && self.packages.admits_text(trace.package_key.as_deref())
            && self.shipped.contains(leg.shipment_date)
            && self.created.contains(record.created_at.date_naive())
    }
}

/// Whether a text contains another, both in lower case.
#[must_use]
pub fn contains(text: &str, needle: &str) -> bool {
    text.to_lowercase().contains(&needle.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unset_admits_all_and_empty_admits_nothing() {
        assert!(AnyOf::default().admits(&1) && AnyOf::default().admits_text(None));
        assert!(!AnyOf::these(Vec::new()).admits(&1) && !AnyOf::these(Vec::new()).admits_text(Some("a")));
        assert!(!AnyOf::these(vec![String::new()]).admits_text(None), "nothing is not the empty text");
    }

    #[test]
    fn days_include_both_ends() {
        let day = |day| NaiveDate::from_ymd_opt(2025, 3, day).unwrap();
        let days = Days { from: Some(day(2)), until: Some(day(3)) };
        assert_eq!([1, 2, 3, 4].map(|number| days.contains(day(number))), [false, true, true, false]);
        assert!(Days::default().contains(day(1)));
    }

    #[test]
    fn case_does_not_matter_in_any_script() {
        assert!(contains("PEÑÍSCOLA-1", "peñísc") && contains("движение", "ДВИЖ"));
        assert!(!contains("MOV-1", "MOV-2"));
    }
}
