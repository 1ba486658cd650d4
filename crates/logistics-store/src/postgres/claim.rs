//! Who gets which chunk.

use diesel::prelude::*;
use logistics_domain::ids::{JobId, OrganizationId};
use logistics_domain::jobs::LeaseTerms;

use super::backend::Connection;
use super::shared::jobs::chunk;
use super::shared::jobs::queue::ClaimedRow;
use crate::columns::{Instant, InstantValue, Uid, UidValue};
use crate::schema::job_chunks;

/// The condition of a chunk that nobody holds. A lease or pause that ends beyond the horizon was written when the clock was
/// wrong, and counts for nothing.
const DUE: &str =
    "state IN ('waiting', 'leased') AND (lease_until IS NULL OR lease_until <= $1 OR lease_until > $2)";

#[derive(QueryableByName)]
struct Due {
    #[diesel(sql_type = diesel::sql_types::Bool)]
    due: bool,
}

/// Whether there is a chunk to claim.
pub fn is_any_due(connection: &mut Connection, terms: LeaseTerms) -> QueryResult<bool> {
    let due = diesel::sql_query(is_any_due_sql())
        .bind::<Instant, _>(InstantValue::new(terms.now))
        .bind::<Instant, _>(InstantValue::new(terms.horizon));
    Ok(due.get_result::<Due>(connection)?.due)
}

/// Takes `$1`, the time, and `$2`, the horizon. ORDER BY makes PostgreSQL walk the index of the queue instead of all chunks that
/// were ever worked on.
pub fn is_any_due_sql() -> String {
    format!(
        "SELECT count(*) > 0 AS due FROM (
             SELECT 1 FROM job_chunks WHERE {DUE} ORDER BY organization_id, queued_at, job_id, number LIMIT 1
         ) AS first"
    )
}

/// Takes the chunk that has waited longest, of the first organization after `after` that has one, in one statement. Chunks that
/// other claims are taking are passed over. A CTE chooses the chunk once: a subquery in the condition may run for each row.
pub fn claim(
    connection: &mut Connection,
    holder: UidValue,
    terms: LeaseTerms,
    after: UidValue,
) -> QueryResult<Option<ClaimedRow>> {
    let claimed = diesel::sql_query(claim_sql())
        .bind::<Instant, _>(InstantValue::new(terms.now))
        .bind::<Instant, _>(InstantValue::new(terms.horizon))
        .bind::<Uid, _>(holder)
        .bind::<Instant, _>(InstantValue::new(terms.until))
        .bind::<Uid, _>(after)
        .load::<ClaimedRow>(connection)?;
    Ok(claimed.into_iter().next())
}

/// Asks for `$1`, the time, `$2`, the horizon, `$3`, the holder, `$4`, the lease's end, and `$5`, the organization that came
/// before.
pub fn claim_sql() -> String {
    format!(
        "WITH due AS MATERIALIZED (
             SELECT organization_id, job_id, number FROM job_chunks
             WHERE {DUE} AND organization_id > $5
             ORDER BY organization_id, queued_at, job_id, number LIMIT 1 FOR UPDATE SKIP LOCKED
         )
         UPDATE job_chunks AS chunk
         SET state = 'leased', leased_by = $3, lease_until = $4, attempts = attempts + 1
         FROM due
         WHERE chunk.organization_id = due.organization_id AND chunk.job_id = due.job_id AND chunk.number = due.number
         RETURNING chunk.organization_id, chunk.job_id, chunk.number, chunk.records, chunk.attempts"
    )
}

/// A waiting chunk of a job with room for one more record, locked until the end of the transaction.
pub fn open_chunk(
    connection: &mut Connection,
    organization: OrganizationId,
    job: JobId,
    size: i32,
) -> QueryResult<Option<i32>> {
    job_chunks::table
        .filter(job_chunks::organization_id.eq(UidValue(organization.0)))
        .filter(job_chunks::job_id.eq(UidValue(job.0)))
        .filter(job_chunks::state.eq(chunk::WAITING))
        .filter(job_chunks::attempts.eq(0))
        .filter(job_chunks::records.lt(size))
        .select(job_chunks::number)
        .for_update()
        .skip_locked()
        .first(connection)
        .optional()
}
