//! Which chunks workers are told of, and claims of those that they were told of.

use std::collections::BTreeMap;

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Integer};
use logistics_domain::ids::{JobId, OrganizationId};
use logistics_domain::jobs::{ChunkName, Claim, Claimed, Lease, LeaseTerms, Word};
use uuid::Uuid;

use super::backend::{Backend, Connection};
use super::{chunk, read, state};
use crate::columns::{Instant, InstantValue, Uid, UidValue};
use crate::error::WorkError;
use crate::schema::job_chunks;

/// Chunks that could be claimed and of which no message is under way, round robin: the first of every organization, then the
/// second of every organization, and so on. Both databases read `$1` and `$2` in the order of their first mention.
pub const TO_SEND: &str = "SELECT organization_id, job_id, number, turns FROM (
        SELECT organization_id, job_id, number, turns, queued_at,
            row_number() OVER (PARTITION BY organization_id ORDER BY queued_at, job_id, number) AS place
        FROM job_chunks
        WHERE state IN ('waiting', 'leased') AND NOT under_way
            AND (lease_until IS NULL OR lease_until <= $1 OR lease_until > $2)
    ) AS waiting
    ORDER BY place, queued_at, organization_id LIMIT $3";

#[derive(QueryableByName)]
struct ToSend {
    #[diesel(sql_type = Uid)]
    organization_id: UidValue,
    #[diesel(sql_type = Uid)]
    job_id: UidValue,
    #[diesel(sql_type = Integer)]
    number: i32,
    #[diesel(sql_type = Integer)]
    turns: i32,
}

/// The open chunks of which workers were told. Their states stand in the SQL, as in [`TO_SEND`]: of bound ones SQLite cannot
/// tell that the queue's index has them all.
pub fn under_way() -> job_chunks::BoxedQuery<'static, Backend> {
    let open = sql::<Bool>("job_chunks.state IN ('waiting', 'leased')");
    job_chunks::table.filter(open).filter(job_chunks::under_way).into_boxed()
}

/// What is to be sent so that `most` are under way.
pub fn to_send(connection: &mut Connection, most: u32, terms: LeaseTerms) -> Result<Vec<Word>, WorkError> {
    let under_way: i64 = under_way().count().get_result(connection)?;
    let room = i64::from(most) - under_way;
    if room <= 0 {
        return Ok(Vec::new());
    }
    let rows = diesel::sql_query(TO_SEND)
        .bind::<Instant, _>(InstantValue::new(terms.now))
        .bind::<Instant, _>(InstantValue::new(terms.horizon))
        .bind::<BigInt, _>(room)
        .load::<ToSend>(connection)?;
    let words = rows.into_iter().map(|row| {
        let (organization, job) = (OrganizationId(row.organization_id.0), JobId(row.job_id.0));
        let chunk = ChunkName { organization, job, number: row.number };
        Ok(Word { chunk, turn: read::count("turns", row.turns)? + 1 })
    });
    words.collect()
}

/// Notes that words are under way, unless they were noted before.
pub fn sent(connection: &mut Connection, words: &[Word]) -> QueryResult<()> {
    let mut together: BTreeMap<(OrganizationId, JobId, i32), Vec<i32>> = BTreeMap::new();
    for Word { chunk, turn } in words {
        let before = i32::try_from(turn.saturating_sub(1)).unwrap_or(i32::MAX);
        together.entry((chunk.organization, chunk.job, before)).or_default().push(chunk.number);
    }
    for ((organization, job, before), numbers) in together {
        let unsent = job_chunks::table
            .filter(job_chunks::organization_id.eq(UidValue(organization.0)))
            .filter(job_chunks::job_id.eq(UidValue(job.0)))
            .filter(job_chunks::number.eq_any(numbers))
            .filter(job_chunks::turns.eq(before))
            .filter(job_chunks::state.eq_any(chunk::OPEN));
        diesel::update(unsent)
            .set((job_chunks::turns.eq(before + 1), job_chunks::under_way.eq(true)))
            .execute(connection)?;
    }
    Ok(())
}

/// Takes one chunk, in one statement, and notes that its job runs.
pub fn claim(connection: &mut Connection, name: ChunkName, terms: LeaseTerms) -> Result<Claim, WorkError> {
    let (now, holder) = (InstantValue::new(terms.now), Uuid::now_v7());
    let key = (UidValue(name.organization.0), UidValue(name.job.0), name.number);
    let over =
        job_chunks::lease_until.le(now).or(job_chunks::lease_until.gt(InstantValue::new(terms.horizon)));
    let due = job_chunks::table
        .find(key)
        .filter(job_chunks::state.eq_any(chunk::OPEN))
        .filter(job_chunks::lease_until.is_null().or(over.assume_not_null()));
    let taken: Option<(i32, i32)> = diesel::update(due)
        .set((
            job_chunks::state.eq(chunk::LEASED),
            job_chunks::leased_by.eq(Some(UidValue(holder))),
            job_chunks::lease_until.eq(Some(InstantValue::new(terms.until))),
            job_chunks::attempts.eq(job_chunks::attempts + 1),
        ))
        .returning((job_chunks::attempts, job_chunks::records))
        .get_result(connection)
        .optional()?;
    let Some((attempts, records)) = taken else { return not_taken(connection, key) };
    state::begin(connection, name.organization, name.job, now)?;
    Ok(Claim::Taken(Claimed {
        lease: Lease { organization: name.organization, job: name.job, chunk: name.number, holder },
        attempts: read::count("attempts", attempts)?,
        records: read::count("records", records)?,
    }))
}

fn not_taken(connection: &mut Connection, key: (UidValue, UidValue, i32)) -> Result<Claim, WorkError> {
    let until: Option<Option<InstantValue>> = job_chunks::table
        .find(key)
        .filter(job_chunks::state.eq_any(chunk::OPEN))
        .select(job_chunks::lease_until)
        .first(connection)
        .optional()?;
    Ok(until.flatten().map_or(Claim::Nothing, |until| Claim::NotBefore(until.get())))
}
