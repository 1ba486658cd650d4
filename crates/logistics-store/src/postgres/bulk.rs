//! Whole batches: by COPY where nothing can stand in the way, by arrays where something can.

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Binary, Bool, Integer, Text};
use logistics_domain::ids::OrganizationId;
use logistics_domain::jobs::{Lease, Stage};
use uuid::Uuid;

use super::backend::Connection;
use super::shared::jobs::make::NewRecord;
use super::shared::jobs::record;
use super::shared::jobs::write_back::FailedCalculation;
use super::shared::save::{PackageFound, StandingRow};
use crate::columns::{Instant, InstantValue, Uid, UidValue};
use crate::records::{NewLegRow, NewResultRow};
use crate::schema::{job_records, leg_results, legs};

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

/// Writes the records of a job.
pub fn insert_records(connection: &mut Connection, rows: &[NewRecord<'_>]) -> QueryResult<()> {
    if rows.len() < COPY_FROM {
        diesel::insert_into(job_records::table).values(rows).execute(connection)?;
    } else {
        diesel::copy_from(job_records::table).from_insertable(rows).execute(connection)?;
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

#[derive(QueryableByName)]
struct PackageRow {
    #[diesel(sql_type = Uid)]
    id: UidValue,
    #[diesel(sql_type = Text)]
    movement_id: String,
    #[diesel(sql_type = Text)]
    package_key: String,
    #[diesel(sql_type = BigInt)]
    position: i64,
}

/// Finds or makes the packages of those names, movement and key. Those that are made take positions from the first on.
pub fn upsert_packages(
    connection: &mut Connection,
    organization: OrganizationId,
    names: &[(&str, &str)],
    first_position: i64,
    at: InstantValue,
) -> QueryResult<Vec<PackageFound>> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<UidValue> = names.iter().map(|_| UidValue(Uuid::now_v7())).collect();
    let (movements, keys): (Vec<&str>, Vec<&str>) = names.iter().copied().unzip();
    let written = diesel::sql_query(
        "INSERT INTO packages (organization_id, id, movement_id, package_key, created_at, updated_at, position)
         SELECT $1, row.id, row.movement_id, row.package_key, $2, $2, row.position
         FROM unnest($3, $4, $5, $6) AS row (id, movement_id, package_key, position)
         ON CONFLICT (organization_id, movement_id, package_key) DO UPDATE SET updated_at = excluded.updated_at
         RETURNING id, movement_id, package_key, position",
    )
    .bind::<Uid, _>(UidValue(organization.0))
    .bind::<Instant, _>(at)
    .bind::<Array<Uid>, _>(ids)
    .bind::<Array<Text>, _>(movements)
    .bind::<Array<Text>, _>(keys)
    .bind::<Array<BigInt>, _>((first_position..).take(names.len()).collect::<Vec<_>>())
    .load::<PackageRow>(connection)?;
    Ok(written.into_iter().map(|row| (row.id, row.movement_id, row.package_key, row.position)).collect())
}

/// The rows that stand for legs already, by the keys that tell legs apart. They stay as they are until the end of the
/// transaction.
pub fn standing(
    connection: &mut Connection,
    organization: OrganizationId,
    keys: &[&[u8]],
) -> QueryResult<Vec<StandingRow>> {
    legs::table
        .filter(legs::organization_id.eq(UidValue(organization.0)))
        .filter(legs::dedup_key.eq_any(keys))
        .order((legs::dedup_key, legs::id))
        .select(StandingRow::as_select())
        .for_update()
        .load(connection)
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

/// Notes what went wrong with the records of a chunk.
pub fn fail_records(
    connection: &mut Connection,
    lease: Lease,
    failed: &[FailedCalculation],
) -> QueryResult<()> {
    if failed.is_empty() {
        return Ok(());
    }
    let positions: Vec<i32> = failed.iter().map(|failed| failed.position).collect();
    let codes: Vec<&str> = failed.iter().map(|failed| failed.code).collect();
    let errors: Vec<&str> = failed.iter().map(|failed| failed.error.as_str()).collect();
    diesel::sql_query(
        "UPDATE job_records AS record SET state = $1, stage = $2, code = failed.code, error = failed.error
         FROM unnest($3, $4, $5) AS failed (position, code, error)
         WHERE record.organization_id = $6 AND record.job_id = $7 AND record.position = failed.position",
    )
    .bind::<Text, _>(record::FAILED)
    .bind::<Text, _>(Stage::Calculation.as_str())
    .bind::<Array<Integer>, _>(positions)
    .bind::<Array<Text>, _>(codes)
    .bind::<Array<Text>, _>(errors)
    .bind::<Uid, _>(UidValue(lease.organization.0))
    .bind::<Uid, _>(UidValue(lease.job.0))
    .execute(connection)?;
    Ok(())
}
