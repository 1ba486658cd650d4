//! Legs that are removed for good.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use logistics_domain::ids::{LegId, OrganizationId};
use logistics_domain::leg::LegFilter;
use uuid::Uuid;

use super::backend::{self, Connection};
use super::index::{self, Changes, Dimension, MarksRow, Value};
use super::read::{Statuses, statuses};
use crate::columns::{InstantValue, UidValue};
use crate::error::WorkError;
use crate::schema::{leg_hubs, leg_results, legs, packages, trips};
use crate::search_blocks::SearchBlocks;

/// Removes legs by their ids; nothing if one of them is not there. Answers whether all were.
pub fn by_ids(
    connection: &mut Connection,
    organization: OrganizationId,
    ids: &[LegId],
    at: InstantValue,
) -> Result<bool, WorkError> {
    let distinct: HashSet<LegId> = ids.iter().copied().collect();
    let ids: Vec<UidValue> = distinct.into_iter().map(|id| UidValue(id.0)).collect();
    lock(connection, organization, &ids)?;
    if standing(connection, organization, &ids)? < ids.len() {
        return Ok(false);
    }
    remove(connection, organization, &ids, at)?;
    Ok(true)
}

/// Removes the legs that a filter admits. Answers with their ids, newest first.
pub fn by_filter(
    connection: &mut Connection,
    blocks: &SearchBlocks,
    organization: OrganizationId,
    filter: &LegFilter,
    at: InstantValue,
) -> Result<Vec<LegId>, WorkError> {
    let found = index::positions(connection, blocks, organization, filter)?;
    let mut ids = index::ids(connection, organization, &found.descending(0, usize::MAX))?;
    lock(connection, organization, &ids)?;
    // Whom the locks were waited for may have changed legs: what the filter does not admit any more stays.
    let admitted = index::positions(connection, blocks, organization, filter)?;
    if admitted != found {
        let locked: HashSet<UidValue> = ids.into_iter().collect();
        ids = index::ids(connection, organization, &admitted.descending(0, usize::MAX))?;
        ids.retain(|id| locked.contains(id));
    }
    remove(connection, organization, &ids, at)?;
    Ok(ids.into_iter().map(|id| LegId(id.0)).collect())
}

/// Keeps legs and their packages as they are until the end of the transaction, in the order of saves: packages first.
fn lock(connection: &mut Connection, organization: OrganizationId, ids: &[UidValue]) -> QueryResult<()> {
    backend::lock_packages_of(connection, organization, ids)?;
    backend::lock_legs(connection, organization, ids)
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

/// What was removed of some legs.
#[derive(Default)]
struct Removed {
    legs: Vec<RemovedLeg>,
    /// Their statuses.
    statuses: Statuses,
    /// The vehicles of those that were trips.
    vehicles: HashMap<Uuid, String>,
    /// The positions of their packages.
    packages: HashMap<Uuid, i64>,
}

/// A leg that was removed: its id, its package, and what it was found by.
type RemovedLeg = (UidValue, Option<UidValue>, MarksRow);

/// Removes legs that were locked.
fn remove(
    connection: &mut Connection,
    organization: OrganizationId,
    ids: &[UidValue],
    at: InstantValue,
) -> Result<(), WorkError> {
    let mut removed = Removed { statuses: statuses(connection, organization, ids)?, ..Removed::default() };
    for ids in ids.chunks(backend::KEYS) {
        remove_rows(connection, UidValue(organization.0), ids, at, &mut removed)?;
    }
    let packages: Vec<UidValue> = removed.packages.keys().map(|id| UidValue(*id)).collect();
    let carried = index::clients_of_packages(connection, organization, &packages)?;
    let mut lost = HashSet::new();
    let mut changes = Changes::default();
    for (id, package, row) in &removed.legs {
        let marks = row.marks(removed.statuses.of(*id));
        changes.turn(marks);
        if let Some(vehicle) = removed.vehicles.get(&id.0) {
            changes.turn_value(Dimension::Vehicle, Value::Text(vehicle), marks.position);
        }
        if let Some(package) = package.and_then(|package| removed.packages.get(&package.0))
            && let Some(client) = marks.client
            && !carried.contains(&(*package, client.to_owned()))
            && lost.insert((*package, client))
        {
            changes.turn_value(Dimension::PackageClient, Value::Text(client), *package);
        }
    }
    changes.write(connection, organization)?;
    index::clear_texts(connection, organization, removed.legs.iter().map(|(.., marks)| marks.position))
}

/// Removes the rows of legs.
fn remove_rows(
    connection: &mut Connection,
    organization: UidValue,
    ids: &[UidValue],
    at: InstantValue,
    removed: &mut Removed,
) -> QueryResult<()> {
    let gone = legs::table.filter(legs::organization_id.eq(organization)).filter(legs::id.eq_any(ids));
    // By their ids: as part of one statement, PostgreSQL may go through all packages for them.
    let carried: Vec<UidValue> = gone
        .clone()
        .filter(legs::package_id.is_not_null())
        .select(legs::package_id.assume_not_null())
        .distinct()
        .load(connection)?;
    let changed = packages::table
        .filter(packages::organization_id.eq(organization))
        .filter(packages::id.eq_any(&carried));
    let packages: Vec<(UidValue, i64)> = diesel::update(changed)
        .set(packages::updated_at.eq(at))
        .returning((packages::id, packages::position))
        .get_results(connection)?;
    removed.packages.extend(packages.into_iter().map(|(package, position)| (package.0, position)));
    let results = leg_results::table
        .filter(leg_results::organization_id.eq(organization))
        .filter(leg_results::leg_id.eq_any(ids));
    diesel::delete(results).execute(connection)?;
    let hubs = leg_hubs::table
        .filter(leg_hubs::organization_id.eq(organization))
        .filter(leg_hubs::leg_id.eq_any(ids));
    diesel::delete(hubs).execute(connection)?;
    let trips =
        trips::table.filter(trips::organization_id.eq(organization)).filter(trips::leg_id.eq_any(ids));
    let trips: Vec<(UidValue, String)> =
        diesel::delete(trips).returning((trips::leg_id, trips::vehicle_code)).get_results(connection)?;
    removed.vehicles.extend(trips.into_iter().map(|(leg, vehicle)| (leg.0, vehicle)));
    let legs: Vec<RemovedLeg> = diesel::delete(gone)
        .returning((legs::id, legs::package_id, MarksRow::as_returning()))
        .get_results(connection)?;
    removed.legs.extend(legs);
    Ok(())
}
