//! A filter as conditions on legs.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use diesel::prelude::*;
use logistics_domain::Category;
use logistics_domain::ids::OrganizationId;
use logistics_domain::leg::{AnyOf, Days, LegFilter, LegStatus};

use super::backend::{Backend, lower_contains};
use crate::columns::{InstantValue, UidValue};
use crate::schema::{job_records, legs, packages};

diesel::alias!(legs as searched: Searched);

/// The legs of an organization that a filter admits.
pub fn selected(organization: OrganizationId, filter: &LegFilter) -> legs::BoxedQuery<'_, Backend> {
    let organization = UidValue(organization.0);
    let mut query = legs::table.filter(legs::organization_id.eq(organization)).into_boxed();
    if let Some(search) = &filter.search {
        let needle = search.to_lowercase();
        let packages = packages::table
            .filter(packages::organization_id.eq(organization))
            .filter(lower_contains(packages::package_key.nullable(), needle.clone()))
            .select(packages::id.nullable());
        // All that is searched stands in one index. What is found is mostly little: it is better sorted than looked for in
        // passing over all legs in their order.
        let found = searched
            .filter(searched.field(legs::organization_id).eq(organization))
            .filter(
                lower_contains(searched.field(legs::movement_id), needle.clone())
                    .or(lower_contains(searched.field(legs::movement_stretch), needle))
                    .or(searched.field(legs::package_id).eq_any(packages).assume_not_null()),
            )
            .select(searched.field(legs::id));
        query = query.filter(legs::id.eq_any(found));
    }
    if let Some(movements) = filter.movements.values() {
        query = query.filter(legs::movement_id.eq_any(movements));
    }
    if let Some(clients) = filter.clients.values() {
        query = query.filter(legs::client.eq_any(clients));
    }
    if let Some(tocs) = filter.tocs.values() {
        query = query.filter(legs::toc.eq_any(tocs));
    }
    if let Some(categories) = names(&filter.categories, Category::as_str) {
        query = query.filter(legs::category.eq_any(categories));
    }
    if let Some(statuses) = names(&filter.statuses, LegStatus::as_str) {
        query = query.filter(legs::status.eq_any(statuses));
    }
    if let Some(hubs) = filter.hubs.values() {
        query = query.filter(legs::hub_id.eq_any(hubs));
    }
    if let Some(keys) = filter.packages.values() {
        let packages = packages::table
            .filter(packages::organization_id.eq(organization))
            .filter(packages::package_key.eq_any(keys));
        query = query.filter(legs::package_id.eq_any(packages.select(packages::id.nullable())));
    }
    if let Some(files) = filter.files.values() {
        let files = files.iter().map(|file| UidValue(file.0));
        let records = job_records::table
            .filter(job_records::organization_id.eq(organization))
            .filter(job_records::job_id.eq_any(files.collect::<Vec<_>>()));
        query = query.filter(legs::id.nullable().eq_any(records.select(job_records::leg_id)));
    }
    let Days { from, until } = filter.shipped;
    if let Some(from) = from {
        query = query.filter(legs::shipment_date.ge(from));
    }
    if let Some(until) = until {
        query = query.filter(legs::shipment_date.le(until));
    }
    if let Some(from) = filter.created.from {
        query = query.filter(legs::created_at.ge(midnight(from)));
    }
    if let Some(after) = filter.created.until.and_then(|until| until.succ_opt()) {
        query = query.filter(legs::created_at.lt(midnight(after)));
    }
    query
}

fn names<T: Copy>(wanted: &AnyOf<T>, name: impl Fn(T) -> &'static str) -> Option<Vec<&'static str>> {
    wanted.values().map(|values| values.iter().map(|value| name(*value)).collect())
}

/// The first instant of a day.
pub fn midnight(day: NaiveDate) -> InstantValue {
    InstantValue::new(DateTime::<Utc>::from_naive_utc_and_offset(day.and_time(NaiveTime::MIN), Utc))
}
