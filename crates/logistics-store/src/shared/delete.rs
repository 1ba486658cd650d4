//! Legs that are removed for good.

use std::collections::HashSet;

use diesel::prelude::*;
use logistics_domain::ids::{LegId, OrganizationId};
use logistics_domain::leg::LegFilter;

use super::backend::{self, Connection};
use super::select::selected;
use crate::columns::{InstantValue, UidValue};
use crate::error::WorkError;
use crate::schema::{leg_results, legs, packages, trips};

/// Removes legs by their ids; nothing if one of them is not there. Answers whether all were.
pub fn by_ids(
    connection: &mut Connection,
    organization: OrganizationId,
    ids: &[LegId],
    at: InstantValue,
) -> Result<bool, WorkError> {
    let distinct: HashSet<LegId> = ids.iter().copied().collect();
    let ids: Vec<UidValue> = distinct.into_iter().map(|id| UidValue(id.0)).collect();
    if standing(connection, organization, &ids)? < ids.len() {
        return Ok(false);
    }
    remove(connection, organization, &ids, at)?;
    Ok(true)
}

/// Removes the legs that a filter admits. Answers with their ids, newest first.
pub fn by_filter(
    connection: &mut Connection,
    organization: OrganizationId,
    filter: &LegFilter,
    at: InstantValue,
) -> Result<Vec<LegId>, WorkError> {
    let newest_first = (legs::created_at.desc(), legs::id.desc());
    let ids: Vec<UidValue> =
        selected(organization, filter).order(newest_first).select(legs::id).load(connection)?;
    remove(connection, organization, &ids, at)?;
    Ok(ids.into_iter().map(|id| LegId(id.0)).collect())
}

/// How many of those ids are an organization's legs.
fn standing(
    connection: &mut Connection,
    organization: OrganizationId,
    ids: &[UidValue],
) -> QueryResult<usize> {
    let mut count = 0;
    for ids in ids.chunks(backend::KEYS) {
        let found: i64 = legs::table
            .filter(legs::organization_id.eq(UidValue(organization.0)))
            .filter(legs::id.eq_any(ids))
            .count()
            .get_result(connection)?;
        count += usize::try_from(found).unwrap_or_default();
    }
    Ok(count)
}

fn remove(
    connection: &mut Connection,
    organization: OrganizationId,
    ids: &[UidValue],
    at: InstantValue,
) -> QueryResult<()> {
    backend::lock_legs(connection, organization, ids)?;
    let organization = UidValue(organization.0);
    for ids in ids.chunks(backend::KEYS) {
        let gone = legs::table.filter(legs::organization_id.eq(organization)).filter(legs::id.eq_any(ids));
        let changed = packages::table
            .filter(packages::organization_id.eq(organization))
            .filter(packages::id.nullable().eq_any(gone.clone().select(legs::package_id)));
        diesel::update(changed).set(packages::updated_at.eq(at)).execute(connection)?;
        let results = leg_results::table
            .filter(leg_results::organization_id.eq(organization))
            .filter(leg_results::leg_id.eq_any(ids));
        diesel::delete(results).execute(connection)?;
        let trips =
            trips::table.filter(trips::organization_id.eq(organization)).filter(trips::leg_id.eq_any(ids));
        diesel::delete(trips).execute(connection)?;
        diesel::delete(gone).execute(connection)?;
    }
    Ok(())
}
