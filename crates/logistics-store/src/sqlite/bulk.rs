//! Whole batches, in statements of as many rows as SQLite takes fastest.

use diesel::prelude::*;
use diesel::result::Error;
use diesel::sql_types::{Binary, Text};
use diesel::upsert::excluded;
use logistics_domain::ids::OrganizationId;
use serde::Serialize;

use super::backend::Connection;
use super::rows;
use super::shared::batch_packages::{Name, PackageFound, places};
use super::shared::index::PackagePlace;
use super::shared::read::results_of;
use super::shared::slots::DedupKey;
use crate::columns::{InstantValue, Uid, UidValue};
use crate::records::{NewLegRow, NewPackageRow, NewResultRow};
use crate::schema::{leg_results, legs, packages, routes};

/// How many keys one statement looks for.
pub const KEYS: usize = 1000;

/// Writes legs that are new.
pub fn insert_legs(connection: &mut Connection, rows: &[NewLegRow<'_>]) -> QueryResult<()> {
    rows::insert::<legs::table, _>(
        connection,
        rows.iter().map(|row| diesel::insert_into(legs::table).values(row)),
    )
}

/// Writes results.
pub fn insert_results(connection: &mut Connection, rows: &[NewResultRow<'_>]) -> QueryResult<()> {
    rows::insert::<leg_results::table, _>(
        connection,
        rows.iter().map(|row| diesel::insert_into(leg_results::table).values(row)),
    )
}

/// Writes those routes that are not there yet.
pub fn insert_routes(
    connection: &mut Connection,
    organization: OrganizationId,
    rows: &[([u8; 16], String)],
) -> QueryResult<()> {
    let row = |(id, json): &([u8; 16], String)| {
        let row = (
            routes::organization_id.eq(UidValue(organization.0)),
            routes::id.eq(id.to_vec()),
            routes::json.eq(json.clone()),
        );
        diesel::insert_into(routes::table).values(row).on_conflict_do_nothing()
    };
    rows::insert::<routes::table, _>(connection, rows.iter().map(row))
}

/// Finds or makes the packages of those names, which are in ascending order; answers with the place of each. Those that are
/// made take positions from the first on.
pub fn upsert_packages(
    connection: &mut Connection,
    organization: OrganizationId,
    names: &[Name<'_>],
    first_position: i64,
    at: InstantValue,
) -> QueryResult<Vec<PackagePlace>> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let organization_id = UidValue(organization.0);
    let made: Vec<PackagePlace> =
        names.iter().zip(first_position..).map(|(_, position)| PackagePlace::new(position)).collect();
    rows::insert::<packages::table, _>(
        connection,
        names.iter().zip(&made).map(|(name, place)| {
            diesel::insert_into(packages::table)
                .values(NewPackageRow::new(organization_id, place.id, *name, place.position, at))
                .on_conflict((packages::organization_id, packages::movement_id, packages::package_key))
                .do_update()
                .set(packages::updated_at.eq(excluded(packages::updated_at)))
        }),
    )?;
    // To have each row say what it became takes a third longer: mostly all are new.
    let end = first_position.saturating_add(i64::try_from(made.len()).unwrap_or(i64::MAX));
    let new: i64 = packages::table
        .filter(packages::organization_id.eq(organization_id))
        .filter(packages::position.ge(first_position).and(packages::position.lt(end)))
        .count()
        .get_result(connection)?;
    if usize::try_from(new) == Ok(made.len()) {
        return Ok(made);
    }
    let found = places(packages(connection, organization, names)?, names);
    found.into_iter().collect::<Option<_>>().ok_or(Error::NotFound)
}

/// The packages of these names. `?1` is a JSON array of their movements and keys.
pub const PACKAGES: &str = "SELECT package.id, package.movement_id, package.package_key, package.position
    FROM json_each(?1) AS wanted CROSS JOIN packages AS package
    WHERE package.organization_id = ?2 AND package.movement_id = wanted.value ->> 0
        AND package.package_key = wanted.value ->> 1";

fn packages(
    connection: &mut Connection,
    organization: OrganizationId,
    names: &[Name<'_>],
) -> QueryResult<Vec<PackageFound>> {
    diesel::sql_query(PACKAGES)
        .bind::<Text, _>(json(&names)?)
        .bind::<Uid, _>(UidValue(organization.0))
        .load(connection)
}

fn json(value: &impl Serialize) -> QueryResult<String> {
    serde_json::to_string(value).map_err(|error| Error::SerializationError(error.into()))
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Uid)]
    id: UidValue,
}

/// The legs of these keys and movements that there are. `?1` is a JSON array of the movements, `?2` has the keys one after the
/// other.
pub const STANDING: &str = "SELECT leg.id FROM json_each(?1) AS wanted CROSS JOIN legs AS leg
    WHERE leg.organization_id = ?3 AND leg.movement_id = wanted.value
        AND leg.dedup_key = substr(?2, wanted.key * 32 + 1, 32)";

/// The legs of these keys and movements that there are.
pub fn standing(
    connection: &mut Connection,
    organization: OrganizationId,
    keys: &[(&DedupKey, &str)],
) -> QueryResult<Vec<UidValue>> {
    let movements: Vec<&str> = keys.iter().map(|(_, movement)| *movement).collect();
    let keys: Vec<u8> = keys.iter().flat_map(|(key, _)| **key).collect();
    let found = diesel::sql_query(STANDING)
        .bind::<Text, _>(json(&movements)?)
        .bind::<Binary, _>(keys)
        .bind::<Uid, _>(UidValue(organization.0))
        .load::<Found>(connection)?;
    Ok(found.into_iter().map(|found| found.id).collect())
}

/// Those of legs that have a result in force, and whether it is a calculation.
pub fn with_result(
    connection: &mut Connection,
    organization: OrganizationId,
    legs: &[UidValue],
) -> QueryResult<Vec<(UidValue, bool)>> {
    let results = results_of(UidValue(organization.0), legs);
    results.select((leg_results::leg_id, leg_results::error_code.is_null())).load(connection)
}
