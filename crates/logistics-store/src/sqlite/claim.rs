//! Who gets which chunk.

use diesel::prelude::*;
use logistics_domain::ids::{JobId, OrganizationId};
use logistics_domain::jobs::LeaseTerms;
use uuid::Uuid;

use super::backend::Connection;
use super::shared::jobs::chunk;
use super::shared::jobs::queue::ClaimedRow;
use crate::columns::{Instant, InstantValue, Uid, UidValue};
use crate::schema::job_chunks;

/// The chunk that has waited longest, of the first organization after one, of those that nobody holds. A lease or pause that
/// ends beyond the horizon was written when the clock was wrong, and counts for nothing.
pub const DUE: &str = "SELECT rowid FROM job_chunks
    WHERE state IN ('waiting', 'leased') AND (lease_until IS NULL OR lease_until <= ? OR lease_until > ?)
        AND organization_id > ?
    ORDER BY organization_id, queued_at, job_id, number LIMIT 1";

#[derive(QueryableByName)]
struct Due {
    #[expect(dead_code, reason = "whether there is a row is all that is asked")]
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    rowid: i64,
}

/// Whether there is a chunk to claim. It is asked before the database is locked for a claim.
pub fn is_any_due(connection: &mut Connection, terms: LeaseTerms) -> QueryResult<bool> {
    let due = diesel::sql_query(DUE)
        .bind::<Instant, _>(InstantValue::new(terms.now))
        .bind::<Instant, _>(InstantValue::new(terms.horizon))
        .bind::<Uid, _>(UidValue(Uuid::nil()));
    Ok(!due.load::<Due>(connection)?.is_empty())
}

/// Takes a chunk, in one statement.
pub fn claim(
    connection: &mut Connection,
    holder: UidValue,
    terms: LeaseTerms,
    after: UidValue,
) -> QueryResult<Option<ClaimedRow>> {
    let sql = format!(
        "UPDATE job_chunks SET state = 'leased', leased_by = ?, lease_until = ?, attempts = attempts + 1
         WHERE rowid = ({DUE}) RETURNING organization_id, job_id, number, records, attempts"
    );
    let claimed = diesel::sql_query(sql)
        .bind::<Uid, _>(holder)
        .bind::<Instant, _>(InstantValue::new(terms.until))
        .bind::<Instant, _>(InstantValue::new(terms.now))
        .bind::<Instant, _>(InstantValue::new(terms.horizon))
        .bind::<Uid, _>(after)
        .load::<ClaimedRow>(connection)?;
    Ok(claimed.into_iter().next())
}

/// A waiting chunk of a job with room for one more record.
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
        .first(connection)
        .optional()
}
