//! Whole batches, in statements of as many rows as SQLite takes fastest.

use diesel::prelude::*;
use diesel::upsert::excluded;
use logistics_domain::ids::OrganizationId;
use logistics_domain::jobs::{Lease, Stage};
use uuid::Uuid;

use super::backend::Connection;
use super::shared::jobs::make::NewRecord;
use super::shared::jobs::record;
use super::shared::jobs::write_back::FailedCalculation;
use super::shared::read::results_of;
use super::shared::save::{PackageFound, StandingRow};
use crate::columns::{InstantValue, UidValue};
use crate::records::{NewLegRow, NewResultRow};
use crate::schema::{job_records, leg_results, legs, packages, routes};

/// How many keys one statement looks for.
pub const KEYS: usize = 1000;

/// How many rows one statement inserts. SQLite takes 32,766 parameters in a statement, and rows have up to 30.
const ROWS: usize = 250;

/// Writes legs that are new.
pub fn insert_legs(connection: &mut Connection, rows: &[NewLegRow<'_>]) -> QueryResult<()> {
    for rows in rows.chunks(ROWS) {
        diesel::insert_into(legs::table).values(rows).execute(connection)?;
    }
    Ok(())
}

/// Writes results.
pub fn insert_results(connection: &mut Connection, rows: &[NewResultRow<'_>]) -> QueryResult<()> {
    for rows in rows.chunks(ROWS) {
        diesel::insert_into(leg_results::table).values(rows).execute(connection)?;
    }
    Ok(())
}

/// Writes the records of a job.
pub fn insert_records(connection: &mut Connection, rows: &[NewRecord<'_>]) -> QueryResult<()> {
    for rows in rows.chunks(ROWS) {
        diesel::insert_into(job_records::table).values(rows).execute(connection)?;
    }
    Ok(())
}

/// Writes those routes that are not there yet.
pub fn insert_routes(
    connection: &mut Connection,
    organization: OrganizationId,
    rows: &[([u8; 16], String)],
) -> QueryResult<()> {
    for rows in rows.chunks(ROWS) {
        let row = |(id, json): &'_ ([u8; 16], String)| {
            (
                routes::organization_id.eq(UidValue(organization.0)),
                routes::id.eq(id.to_vec()),
                routes::json.eq(json.clone()),
            )
        };
        let rows: Vec<_> = rows.iter().map(row).collect();
        diesel::insert_into(routes::table).values(rows).on_conflict_do_nothing().execute(connection)?;
    }
    Ok(())
}

/// Finds or makes the packages of those names, movement and key. Those that are made take positions from the first on.
pub fn upsert_packages(
    connection: &mut Connection,
    organization: OrganizationId,
    names: &[(&str, &str)],
    first_position: i64,
    at: InstantValue,
) -> QueryResult<Vec<PackageFound>> {
    let mut found = Vec::with_capacity(names.len());
    let mut positions = first_position..;
    for names in names.chunks(KEYS) {
        let row = |((movement, key), position): (&(&str, &str), i64)| {
            (
                packages::organization_id.eq(UidValue(organization.0)),
                packages::id.eq(UidValue(Uuid::now_v7())),
                packages::movement_id.eq((*movement).to_owned()),
                packages::package_key.eq((*key).to_owned()),
                packages::created_at.eq(at),
                packages::updated_at.eq(at),
                packages::position.eq(position),
            )
        };
        let rows: Vec<_> = names.iter().zip(positions.by_ref()).map(row).collect();
        let written = diesel::insert_into(packages::table)
            .values(&rows)
            .on_conflict((packages::organization_id, packages::movement_id, packages::package_key))
            .do_update()
            .set(packages::updated_at.eq(excluded(packages::updated_at)))
            .returning((packages::id, packages::movement_id, packages::package_key, packages::position))
            .get_results(connection)?;
        found.extend::<Vec<PackageFound>>(written);
    }
    Ok(found)
}

/// The rows that stand for legs already, by the keys that tell legs apart.
pub fn standing(
    connection: &mut Connection,
    organization: OrganizationId,
    keys: &[&[u8]],
) -> QueryResult<Vec<StandingRow>> {
    legs::table
        .filter(legs::organization_id.eq(UidValue(organization.0)))
        .filter(legs::dedup_key.eq_any(keys))
        .select(StandingRow::as_select())
        .load(connection)
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

/// Notes what went wrong with the records of a chunk.
pub fn fail_records(
    connection: &mut Connection,
    lease: Lease,
    failed: &[FailedCalculation],
) -> QueryResult<()> {
    let job = (UidValue(lease.organization.0), UidValue(lease.job.0));
    for FailedCalculation { position, code, error } in failed {
        diesel::update(job_records::table.find((job.0, job.1, position)))
            .set((
                job_records::state.eq(record::FAILED),
                job_records::stage.eq(Some(Stage::Calculation.as_str())),
                job_records::code.eq(Some(code)),
                job_records::error.eq(Some(error)),
            ))
            .execute(connection)?;
    }
    Ok(())
}
