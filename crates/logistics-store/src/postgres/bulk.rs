//! Whole batches: by COPY what is new, by arrays what may be there.

use diesel::prelude::*;
use diesel::sql_types::{Array, Binary, Bool, Text};
use logistics_domain::ids::OrganizationId;

use super::backend::Connection;
use super::shared::batch_packages::{Name, places};
use super::shared::index::PackagePlace;
use super::shared::read::packages_by_id;
use super::shared::slots::DedupKey;
use crate::columns::{InstantValue, Uid, UidValue};
use crate::records::{NewLegRow, NewPackageRow, NewResultRow};
use crate::schema::{leg_results, legs, packages};

/// How many keys one statement looks for: they are one parameter, however many.
pub const KEYS: usize = 20_000;

/// From how many rows on COPY is faster than INSERT.
const COPY_FROM: usize = 8;

/// Writes legs that are new.
pub fn insert_legs(connection: &mut Connection, rows: &[NewLegRow<'_>]) -> QueryResult<()> {
    if rows.len() < COPY_FROM {
        diesel::insert_into(legs::table).values(rows).execute(connection)?;
    } else {
        diesel::copy_from(legs::table).from_insertable(rows).execute(connection)?;
    }
    Ok(())
}

/// Writes results.
pub fn insert_results(connection: &mut Connection, rows: &[NewResultRow<'_>]) -> QueryResult<()> {
    if rows.len() < COPY_FROM {
        diesel::insert_into(leg_results::table).values(rows).execute(connection)?;
    } else {
        diesel::copy_from(leg_results::table).from_insertable(rows).execute(connection)?;
    }
    Ok(())
}

/// Writes those routes that are not there yet.
pub fn insert_routes(
    connection: &mut Connection,
    organization: OrganizationId,
    rows: &[([u8; 16], String)],
) -> QueryResult<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let ids: Vec<&[u8]> = rows.iter().map(|(id, _)| id.as_slice()).collect();
    let json: Vec<&str> = rows.iter().map(|(_, json)| json.as_str()).collect();
    diesel::sql_query(
        "INSERT INTO routes (organization_id, id, json)
         SELECT $1, row.id, row.json FROM unnest($2, $3) AS row (id, json)
         ON CONFLICT (organization_id, id) DO NOTHING",
    )
    .bind::<Uid, _>(UidValue(organization.0))
    .bind::<Array<Binary>, _>(ids)
    .bind::<Array<Text>, _>(json)
    .execute(connection)?;
    Ok(())
}

/// The packages of these names that there are, which stay as they are until the end of the transaction. Each is looked for by
/// itself, in the order of the names. `$1` is the organization, `$2` the movements, `$3` the keys.
pub const PACKAGES: &str = "SELECT package.* FROM unnest($2, $3) AS wanted (movement_id, package_key)
    CROSS JOIN LATERAL (
        SELECT id, movement_id, package_key, position FROM packages
        WHERE organization_id = $1 AND packages.movement_id = wanted.movement_id
            AND packages.package_key = wanted.package_key
        LIMIT 1 FOR NO KEY UPDATE
    ) AS package";

/// Finds or makes the packages of those names, which are in ascending order; answers with the place of each. Those that are
/// made take positions from the first on. Where another transaction makes one meanwhile, the write begins anew: to ask for each
/// row takes longer than to copy them.
pub fn upsert_packages(
    connection: &mut Connection,
    organization: OrganizationId,
    names: &[Name<'_>],
    first_position: i64,
    at: InstantValue,
) -> QueryResult<Vec<PackagePlace>> {
    let organization_id = UidValue(organization.0);
    let found = find_packages(connection, organization_id, names)?;
    let ids: Vec<UidValue> = found.iter().flatten().map(|found| found.id).collect();
    if !ids.is_empty() {
        let standing = packages_by_id(organization_id, &ids);
        diesel::update(standing).set(packages::updated_at.eq(at)).execute(connection)?;
    }
    let place = |(found, position): (&Option<_>, i64)| found.unwrap_or_else(|| PackagePlace::new(position));
    let places: Vec<PackagePlace> = found.iter().zip(first_position..).map(place).collect();
    let missing = names.iter().zip(&places).zip(&found).filter(|(_, found)| found.is_none());
    let made: Vec<NewPackageRow<'_>> = missing
        .map(|((name, place), _)| NewPackageRow::new(organization_id, place.id, *name, place.position, at))
        .collect();
    insert_packages(connection, &made)?;
    Ok(places)
}

/// Whether there is a package of a movement from `$2` to `$3` in the organization `$1`.
pub const ANY_BETWEEN: &str = "SELECT EXISTS (
        SELECT FROM packages WHERE organization_id = $1 AND movement_id BETWEEN $2 AND $3
    ) AS any";

#[derive(QueryableByName)]
struct Between {
    #[diesel(sql_type = Bool)]
    any: bool,
}

/// The packages of these names, in ascending order, that there are. A batch that is new mostly names movements between which
/// no package is, and they are not looked for one by one.
fn find_packages(
    connection: &mut Connection,
    organization: UidValue,
    names: &[Name<'_>],
) -> QueryResult<Vec<Option<PackagePlace>>> {
    let nothing = vec![None; names.len()];
    let (Some((first, _)), Some((last, _))) = (names.first(), names.last()) else { return Ok(nothing) };
    let between = diesel::sql_query(ANY_BETWEEN)
        .bind::<Uid, _>(organization)
        .bind::<Text, _>(first)
        .bind::<Text, _>(last);
    if !between.get_result::<Between>(connection)?.any {
        return Ok(nothing);
    }
    let (movements, keys): (Vec<&str>, Vec<&str>) = names.iter().copied().unzip();
    let found = diesel::sql_query(PACKAGES)
        .bind::<Uid, _>(organization)
        .bind::<Array<Text>, _>(movements)
        .bind::<Array<Text>, _>(keys)
        .load(connection)?;
    Ok(places(found, names))
}

fn insert_packages(connection: &mut Connection, rows: &[NewPackageRow<'_>]) -> QueryResult<()> {
    if rows.is_empty() {
        return Ok(());
    }
    if rows.len() < COPY_FROM {
        diesel::insert_into(packages::table).values(rows).execute(connection)?;
    } else {
        diesel::copy_from(packages::table).from_insertable(rows).execute(connection)?;
    }
    Ok(())
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Uid)]
    id: UidValue,
}

/// The legs of these keys and movements that there are, which stay as they are until the end of the transaction. Each is looked
/// for by itself, in the order of the keys, in which whoever locks several legs does it. `$1` is the organization, `$2` the movements, `$3` the keys.
pub const STANDING: &str = "SELECT leg.id FROM unnest($2, $3) AS wanted (movement_id, dedup_key)
    CROSS JOIN LATERAL (
        SELECT id FROM legs
        WHERE organization_id = $1 AND legs.movement_id = wanted.movement_id AND legs.dedup_key = wanted.dedup_key
        LIMIT 1 FOR UPDATE
    ) AS leg";

/// The legs of these keys, in ascending order, and movements that there are. They stay as they are until the end of the transaction.
pub fn standing(
    connection: &mut Connection,
    organization: OrganizationId,
    keys: &[(&DedupKey, &str)],
) -> QueryResult<Vec<UidValue>> {
    let (keys, movements): (Vec<&[u8]>, Vec<&str>) =
        keys.iter().map(|(key, movement)| (key.as_slice(), *movement)).unzip();
    let found = diesel::sql_query(STANDING)
        .bind::<Uid, _>(UidValue(organization.0))
        .bind::<Array<Text>, _>(movements)
        .bind::<Array<Binary>, _>(keys)
        .load::<Found>(connection)?;
    Ok(found.into_iter().map(|found| found.id).collect())
}

#[derive(QueryableByName)]
struct ResultFound {
    #[diesel(sql_type = Uid)]
    leg_id: UidValue,
    #[diesel(sql_type = Bool)]
    calculated: bool,
}

/// Those of legs that have a result in force, and whether it is a calculation. Each leg is looked for by itself: as long as
/// there are no statistics, PostgreSQL would rather go through all results of the organization.
pub fn with_result(
    connection: &mut Connection,
    organization: OrganizationId,
    legs: &[UidValue],
) -> QueryResult<Vec<(UidValue, bool)>> {
    let found = diesel::sql_query(
        "SELECT leg.id AS leg_id, result.calculated FROM unnest($2) AS leg (id)
         CROSS JOIN LATERAL (
             SELECT error_code IS NULL AS calculated FROM leg_results
             WHERE organization_id = $1 AND leg_id = leg.id AND is_current LIMIT 1
         ) AS result",
    )
    .bind::<Uid, _>(UidValue(organization.0))
    .bind::<Array<Uid>, _>(legs)
    .load::<ResultFound>(connection)?;
    Ok(found.into_iter().map(|found| (found.leg_id, found.calculated)).collect())
}
