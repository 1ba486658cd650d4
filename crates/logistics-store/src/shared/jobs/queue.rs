//! Chunks, from the first claim to the last.

use diesel::prelude::*;
use diesel::sql_types::Integer;
use logistics_domain::ids::{JobId, OrganizationId};
use logistics_domain::jobs::{Claimed, Lease, LeaseTerms, Rest};
use uuid::Uuid;

use super::backend::{self, Connection};
use super::records::ChunkRecords;
use super::{chunk, read, state};
use crate::columns::{InstantValue, Uid, UidValue};
use crate::error::WorkError;
use crate::schema::job_chunks;

/// How many chunks one statement inserts.
const ROWS: usize = 500;

/// Puts chunks in the queue, each given by its number in the job and how many records it has.
pub fn append(
    connection: &mut Connection,
    organization: OrganizationId,
    job: JobId,
    chunks: impl Iterator<Item = (i32, i32)>,
    at: InstantValue,
) -> QueryResult<()> {
    let row = |(number, records): (i32, i32)| {
        (
            job_chunks::organization_id.eq(UidValue(organization.0)),
            job_chunks::job_id.eq(UidValue(job.0)),
            job_chunks::number.eq(number),
            job_chunks::state.eq(chunk::WAITING),
            job_chunks::records.eq(records),
            job_chunks::queued_at.eq(at),
            job_chunks::attempts.eq(0),
        )
    };
    let rows: Vec<_> = chunks.map(row).collect();
    for rows in rows.chunks(ROWS) {
        diesel::insert_into(job_chunks::table).values(rows.to_vec()).execute(connection)?;
    }
    Ok(())
}

/// The chunk that a claim took.
#[derive(QueryableByName)]
pub struct ClaimedRow {
    #[diesel(sql_type = Uid)]
    organization_id: UidValue,
    #[diesel(sql_type = Uid)]
    job_id: UidValue,
    #[diesel(sql_type = Integer)]
    number: i32,
    #[diesel(sql_type = Integer)]
    records: i32,
    #[diesel(sql_type = Integer)]
    attempts: i32,
}

/// Takes a chunk of the next organization after one, and notes that its job runs.
pub fn claim(
    connection: &mut Connection,
    terms: LeaseTerms,
    after: OrganizationId,
) -> Result<Option<Claimed>, WorkError> {
    match claim_after(connection, terms, after)? {
        None if !after.0.is_nil() => claim_after(connection, terms, OrganizationId(Uuid::nil())),
        claimed => Ok(claimed),
    }
}

fn claim_after(
    connection: &mut Connection,
    terms: LeaseTerms,
    after: OrganizationId,
) -> Result<Option<Claimed>, WorkError> {
    let holder = Uuid::now_v7();
    let row = backend::claim(connection, UidValue(holder), terms, UidValue(after.0))?;
    let Some(row) = row else { return Ok(None) };
    let (organization, job) = (OrganizationId(row.organization_id.0), JobId(row.job_id.0));
    state::begin(connection, organization, job, InstantValue::new(terms.now))?;
    Ok(Some(Claimed {
        lease: Lease { organization, job, chunk: row.number, holder },
        attempts: read::count("attempts", row.attempts)?,
        records: read::count("records", row.records)?,
    }))
}

/// The chunk of a lease, while it is the holder's.
#[diesel::dsl::auto_type(no_type_alias)]
pub fn held(lease: Lease) -> _ {
    let (organization, job): (UidValue, UidValue) = (UidValue(lease.organization.0), UidValue(lease.job.0));
    let (number, holder): (i32, UidValue) = (lease.chunk, UidValue(lease.holder));
    job_chunks::table
        .filter(job_chunks::organization_id.eq(organization))
        .filter(job_chunks::job_id.eq(job))
        .filter(job_chunks::number.eq(number))
        .filter(job_chunks::state.eq("leased"))
        .filter(job_chunks::leased_by.eq(holder))
}

/// Holds a chunk for longer.
pub fn extend(connection: &mut Connection, lease: Lease, until: InstantValue) -> QueryResult<bool> {
    let extended = diesel::update(held(lease)).set(job_chunks::lease_until.eq(Some(until)));
    Ok(extended.execute(connection)? == 1)
}

/// Ends a lease with records left.
pub fn put_back(
    connection: &mut Connection,
    lease: Lease,
    rest: Rest,
    at: InstantValue,
) -> Result<bool, WorkError> {
    let (state, from, uncounted) = match rest {
        Rest::Again(from) => (chunk::WAITING, Some(InstantValue::new(from)), 0),
        Rest::Returned => (chunk::WAITING, None, 1),
        Rest::GivenUp => (chunk::STOPPED, None, 0),
    };
    let ended = diesel::update(held(lease)).set((
        job_chunks::state.eq(state),
        job_chunks::leased_by.eq(None::<UidValue>),
        job_chunks::lease_until.eq(from),
        job_chunks::attempts.eq(job_chunks::attempts - uncounted),
        job_chunks::under_way.eq(false),
    ));
    let ended = ended.execute(connection)? == 1;
    if ended {
        state::settle(connection, lease.organization, lease.job, at)?;
    }
    Ok(ended)
}

/// Makes a chunk of each record that waits. The chunk keeps the first of them.
pub fn split(connection: &mut Connection, lease: Lease, at: InstantValue) -> Result<bool, WorkError> {
    let ended = diesel::update(held(lease)).set((
        job_chunks::state.eq(chunk::WAITING),
        job_chunks::leased_by.eq(None::<UidValue>),
        job_chunks::lease_until.eq(None::<InstantValue>),
        job_chunks::records.eq(1),
        job_chunks::attempts.eq(0),
        job_chunks::under_way.eq(false),
    ));
    if ended.execute(connection)? == 0 {
        return Ok(false);
    }
    let (organization, job) = (UidValue(lease.organization.0), UidValue(lease.job.0));
    let last: Option<i32> = job_chunks::table
        .filter(job_chunks::organization_id.eq(organization))
        .filter(job_chunks::job_id.eq(job))
        .select(diesel::dsl::max(job_chunks::number))
        .first(connection)?;
    let records = ChunkRecords::read(connection, lease.into())?;
    let numbers = last.unwrap_or(lease.chunk) + 1..;
    let made = records.split(connection, numbers.clone())?;
    let chunks = numbers.take(made).map(|number| (number, 1));
    append(connection, lease.organization, lease.job, chunks, at)?;
    Ok(true)
}
