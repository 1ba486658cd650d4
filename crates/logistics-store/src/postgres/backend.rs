//! What PostgreSQL does in its own way.

use diesel::Connection as _;
use diesel::connection::SimpleConnection as _;
pub use diesel::pg::{Pg as Backend, PgConnection as Connection};
use diesel::prelude::*;
use logistics_domain::ids::{JobId, OrganizationId};
use logistics_domain::jobs::Lease;
use logistics_domain::ports::StoreError;

pub use super::bitmaps::{hold_parts, hold_texts, remove_parts, write_parts};
pub use super::bulk::*;
pub use super::claim::{claim, is_any_due, open_chunk};
pub use super::search::lower_contains;
use super::shared::hubs::hubs_by_id;
use super::shared::jobs::queue::held;
use super::shared::jobs::write_back::HeldLeg;
use super::shared::read::{legs_by_id, packages_by_id};
use crate::columns::UidValue;
use crate::error::{WorkError, is_conflict};
use crate::gate::Gate;
use crate::schema::{hubs, job_chunks, jobs, legs, organizations, packages};

/// The way to the database: every connection reads and writes.
pub struct Gates {
    pub gate: Gate<Connection>,
}

/// How often a write is attempted while other transactions are in its way.
const ATTEMPTS: u32 = 6;

impl Gates {
    pub async fn read<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> Result<T, WorkError> + Send + 'static,
    {
        self.gate.run(work).await
    }

    /// Repeats the write if it fails because of another transaction; a failed attempt leaves nothing. The preparation is
    /// committed beforehand and not repeated.
    pub async fn write<S, T, P, F>(
        &self,
        mut subject: S,
        prepare: P,
        mut work: F,
    ) -> Result<(T, S), StoreError>
    where
        S: Send + 'static,
        T: Send + 'static,
        P: FnOnce(&mut S, &mut Connection) -> Result<(), WorkError> + Send + 'static,
        F: FnMut(&mut S, &mut Connection) -> Result<T, WorkError> + Send + 'static,
    {
        let done = self.gate.run(move |connection| {
            prepare(&mut subject, connection)?;
            let mut attempts = 1;
            loop {
                match connection.transaction(|connection| work(&mut subject, connection)) {
                    Ok(done) => return Ok((done, subject)),
                    Err(error) if attempts < ATTEMPTS && is_conflict(&error) => attempts += 1,
                    Err(error) => return Err(error),
                }
            }
        });
        done.await
    }
}

/// Commits without waiting for the disk. The log is sequential, so a later durable commit also makes this one durable.
pub fn unawaited<T>(
    connection: &mut Connection,
    work: impl FnOnce(&mut Connection) -> QueryResult<T>,
) -> QueryResult<T> {
    connection.transaction(|connection| {
        connection.batch_execute("SET LOCAL synchronous_commit = off")?;
        work(connection)
    })
}

/// Reads of one moment.
pub fn snapshot<T, E: From<diesel::result::Error>>(
    connection: &mut Connection,
    work: impl FnOnce(&mut Connection) -> Result<T, E>,
) -> Result<T, E> {
    connection.build_transaction().read_only().repeatable_read().run(work)
}

/// The number of the lock that programs hold while they make tables or the first organization. It is arbitrary.
const ALONE: i64 = 0x4452_4159;

/// Work that only one program at a time does on the database.
pub fn alone<T, E: From<diesel::result::Error>>(
    connection: &mut Connection,
    work: impl FnOnce(&mut Connection) -> Result<T, E>,
) -> Result<T, E> {
    connection.transaction(|connection| {
        lock_organizations(connection)?;
        work(connection)
    })
}

/// Keeps others from making the first organization until the end of the transaction.
pub fn lock_organizations(connection: &mut Connection) -> QueryResult<()> {
    let lock =
        diesel::sql_query("SELECT pg_advisory_xact_lock($1)").bind::<diesel::sql_types::BigInt, _>(ALONE);
    lock.execute(connection)?;
    Ok(())
}

/// Locks an organization's row until the end of the transaction: it stands for what an organization has only one of.
pub fn lock_organization(connection: &mut Connection, organization: OrganizationId) -> QueryResult<()> {
    let row = organizations::table.find(UidValue(organization.0)).select(organizations::id);
    row.for_no_key_update().execute(connection)?;
    Ok(())
}

/// Whether a chunk is still the holder's; then it stays so until the end of the transaction.
pub fn hold(connection: &mut Connection, lease: Lease) -> QueryResult<bool> {
    let held = held(lease).select(job_chunks::number).for_update().first::<i32>(connection);
    Ok(held.optional()?.is_some())
}

/// Locks legs until the end of the transaction and returns them. They are locked in the order of their keys, so that two
/// transactions cannot wait for each other.
pub fn hold_legs(
    connection: &mut Connection,
    organization: OrganizationId,
    ids: &[UidValue],
) -> QueryResult<Vec<HeldLeg>> {
    let own = legs_by_id(UidValue(organization.0), ids).order((legs::dedup_key, legs::id));
    own.select(HeldLeg::as_select()).for_update().load(connection)
}

/// Keeps legs as they are until the end of the transaction.
pub fn lock_legs(
    connection: &mut Connection,
    organization: OrganizationId,
    ids: &[UidValue],
) -> QueryResult<()> {
    hold_legs(connection, organization, ids).map(drop)
}

/// Keeps the packages of legs as they are until the end of the transaction. Whoever locks several does it in the order of
/// their names, and before legs.
pub fn lock_packages_of(
    connection: &mut Connection,
    organization: OrganizationId,
    legs: &[UidValue],
) -> QueryResult<()> {
    let organization = UidValue(organization.0);
    let packages: Vec<UidValue> = legs_by_id(organization, legs)
        .filter(legs::package_id.is_not_null())
        .select(legs::package_id.assume_not_null())
        .distinct()
        .load(connection)?;
    let rows = packages_by_id(organization, &packages).order((packages::movement_id, packages::package_key));
    rows.select(packages::id).for_no_key_update().execute(connection)?;
    Ok(())
}

/// How many of some hubs there are. They are not removed until the end of the transaction.
pub fn hold_hubs(
    connection: &mut Connection,
    organization: UidValue,
    ids: &[UidValue],
) -> QueryResult<usize> {
    hubs_by_id(organization, ids).select(hubs::id).for_key_share().execute(connection)
}

/// Waits for those that hold a hub, and keeps others from holding it until the end of the transaction.
pub fn lock_hub(connection: &mut Connection, organization: UidValue, id: UidValue) -> QueryResult<()> {
    hubs::table.find((organization, id)).select(hubs::id).for_update().execute(connection)?;
    Ok(())
}

/// Keeps a job as it is until the end of the transaction. Lock chunks and legs before the job: the order is the same
/// everywhere.
pub fn lock_job(connection: &mut Connection, organization: OrganizationId, job: JobId) -> QueryResult<()> {
    let row = jobs::table.find((UidValue(organization.0), UidValue(job.0))).select(jobs::id);
    row.for_no_key_update().execute(connection)?;
    Ok(())
}

/// Keeps a job and its open chunks as they are until the end of the transaction.
pub fn lock_whole_job(
    connection: &mut Connection,
    organization: OrganizationId,
    job: JobId,
) -> QueryResult<()> {
    let chunks = job_chunks::table
        .filter(job_chunks::organization_id.eq(UidValue(organization.0)))
        .filter(job_chunks::job_id.eq(UidValue(job.0)))
        .filter(job_chunks::state.ne(super::shared::jobs::chunk::DONE))
        .order(job_chunks::number)
        .select(job_chunks::number);
    chunks.for_update().execute(connection)?;
    lock_job(connection, organization, job)
}

/// The month of a leg's shipment, as in `2025-12`.
pub const MONTH: &str = "to_char(leg.shipment_date, 'YYYY-MM')";
