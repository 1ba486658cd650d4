//! What a worker reads, and what it writes back.

use std::collections::HashMap;
use std::sync::Arc;

use diesel::prelude::*;
use logistics_domain::calculator::FactsRecord;
use logistics_domain::ids::{LegId, OrganizationId};
use logistics_domain::jobs::{DELETED, Lease, LegResult, PendingLeg, Rest};
use logistics_domain::leg::{LegRecord, LegStatus, Outcome};

use super::super::read::records;
use super::super::results::Results;
use super::backend::{self, Connection};
use super::{chunk, queue, read, record, state};
use crate::columns::{InstantValue, UidValue};
use crate::error::WorkError;
use crate::facts::StoredFacts;
use crate::schema::{job_chunks, job_records, jobs, legs};

/// A record that waits.
struct Waiting {
    position: i32,
    leg: LegId,
}

/// The legs of a chunk that are still to be calculated.
pub fn pending(
    connection: &mut Connection,
    stored: &StoredFacts,
    lease: Lease,
) -> Result<Vec<PendingLeg>, WorkError> {
    backend::snapshot(connection, |connection| {
        let waiting = waiting(connection, lease)?;
        let mut kept = kept(connection, stored, lease.organization, &waiting)?;
        let pending = waiting.iter().filter_map(|waiting| {
            let record = kept.remove(&waiting.leg).filter(|kept| kept.outcome == Outcome::Pending)?;
            let index = read::count("position", waiting.position);
            Some(index.map(|index| PendingLeg { index, id: record.id, leg: record.leg }))
        });
        Ok(pending.collect::<Result<_, _>>()?)
    })
}

fn waiting(connection: &mut Connection, lease: Lease) -> QueryResult<Vec<Waiting>> {
    let rows: Vec<(i32, UidValue)> = job_records::table
        .filter(job_records::organization_id.eq(UidValue(lease.organization.0)))
        .filter(job_records::job_id.eq(UidValue(lease.job.0)))
        .filter(job_records::chunk.eq(lease.chunk))
        .filter(job_records::state.eq(record::WAITING))
        .order(job_records::position)
        .select((job_records::position, job_records::leg_id.assume_not_null()))
        .load(connection)?;
    Ok(rows.into_iter().map(|(position, leg)| Waiting { position, leg: LegId(leg.0) }).collect())
}

/// The legs of records as they are now.
fn kept(
    connection: &mut Connection,
    stored: &StoredFacts,
    organization: OrganizationId,
    waiting: &[Waiting],
) -> Result<HashMap<LegId, LegRecord>, WorkError> {
    let ids: Vec<UidValue> = waiting.iter().map(|waiting| UidValue(waiting.leg.0)).collect();
    let records = records(connection, stored, organization, &ids)?;
    Ok(records.into_iter().map(|record| (record.id, record)).collect())
}

/// A record whose leg could not be calculated.
pub struct FailedCalculation {
    pub position: i32,
    pub code: &'static str,
    pub error: String,
}

/// What becomes of a record.
enum Fate<'a> {
    /// Its leg takes a result of the worker's.
    Calculated(LegId, &'a Outcome),
    /// Its leg has a result already.
    Settled(Outcome),
    /// Its leg is gone.
    Deleted,
    /// Its leg is not the one that was calculated.
    Changed,
    /// The worker has no result for it.
    Open,
}

impl Fate<'_> {
    /// Stage, code and error of a record that failed; nothing for one that did not.
    fn failure(&self) -> Option<(&'static str, String)> {
        let outcome = match self {
            Self::Calculated(_, outcome) => outcome,
            Self::Settled(outcome) => outcome,
            Self::Deleted => {
                return Some((DELETED, "the leg was deleted before it was calculated".to_owned()));
            }
            Self::Changed | Self::Open => return None,
        };
        match outcome {
            Outcome::Failed(failure) => Some((failure.code.as_str(), failure.to_string())),
            Outcome::Pending | Outcome::Calculated(_) => None,
        }
    }
}

/// Writes results with the job's counts and ends the lease. Answers with the facts that are stored once that is committed,
/// or does nothing if the lease is not the holder's any more.
pub fn write_back(
    connection: &mut Connection,
    stored: &StoredFacts,
    lease: Lease,
    results: &[LegResult],
    rest: Rest,
    at: InstantValue,
) -> Result<Option<Vec<Arc<FactsRecord>>>, WorkError> {
    let new = Results::new(lease.organization, at, results.iter().map(|result| &result.outcome), stored)?;
    if !backend::hold(connection, lease)? {
        return Ok(None);
    }
    let waiting = waiting(connection, lease)?;
    let legs: Vec<UidValue> = waiting.iter().map(|waiting| UidValue(waiting.leg.0)).collect();
    backend::lock_legs(connection, lease.organization, &legs)?;
    let fates = fates(connection, stored, lease, &waiting, results)?;
    write_results(connection, lease, &new, &fates, at)?;
    let settled = settle_records(connection, lease, &fates)?;
    count_settled(connection, lease, settled, at)?;
    end_lease(connection, lease, &fates, rest)?;
    state::settle(connection, lease.organization, lease.job, at)?;
    Ok(Some(new.into_facts()))
}

fn fates<'a>(
    connection: &mut Connection,
    stored: &StoredFacts,
    lease: Lease,
    waiting: &[Waiting],
    results: &'a [LegResult],
) -> Result<Vec<(i32, Fate<'a>)>, WorkError> {
    let results: HashMap<u32, &LegResult> = results.iter().map(|result| (result.index, result)).collect();
    let mut kept = kept(connection, stored, lease.organization, waiting)?;
    let mut fates = Vec::with_capacity(waiting.len());
    for Waiting { position, leg } in waiting {
        let result = results.get(&read::count("position", *position)?);
        let fate = match (kept.remove(leg), result) {
            (None, _) => Fate::Deleted,
            (Some(record), _) if record.outcome != Outcome::Pending => Fate::Settled(record.outcome),
            (Some(record), Some(result)) if record.leg == result.leg => {
                Fate::Calculated(*leg, &result.outcome)
            }
            (Some(_), Some(_)) => Fate::Changed,
            (Some(_), None) => Fate::Open,
        };
        fates.push((*position, fate));
    }
    Ok(fates)
}

fn write_results(
    connection: &mut Connection,
    lease: Lease,
    new: &Results,
    fates: &[(i32, Fate<'_>)],
    at: InstantValue,
) -> Result<(), WorkError> {
    let results: Vec<(LegId, &Outcome)> = fates
        .iter()
        .filter_map(|(_, fate)| match fate {
            Fate::Calculated(leg, outcome) => Some((*leg, *outcome)),
            _ => None,
        })
        .collect();
    new.write(connection, results.iter().map(|(leg, outcome)| (*leg, *outcome, true)))?;
    for status in [LegStatus::Active, LegStatus::Error] {
        let of_status = results.iter().filter(|(_, outcome)| outcome.status() == status);
        let ids: Vec<UidValue> = of_status.map(|(leg, _)| UidValue(leg.0)).collect();
        for ids in ids.chunks(backend::KEYS) {
            let settled = legs::table
                .filter(legs::organization_id.eq(UidValue(lease.organization.0)))
                .filter(legs::id.eq_any(ids));
            diesel::update(settled)
                .set((legs::status.eq(status.as_str()), legs::updated_at.eq(at)))
                .execute(connection)?;
        }
    }
    Ok(())
}

/// How many records a chunk settled.
#[derive(Clone, Copy)]
struct Settled {
    succeeded: i32,
    failed: i32,
}

fn settle_records(
    connection: &mut Connection,
    lease: Lease,
    fates: &[(i32, Fate<'_>)],
) -> QueryResult<Settled> {
    let (mut done, mut failed) = (Vec::with_capacity(fates.len()), Vec::new());
    for (position, fate) in fates {
        if let Some((code, error)) = fate.failure() {
            failed.push(FailedCalculation { position: *position, code, error });
        } else if matches!(fate, Fate::Calculated(..) | Fate::Settled(_)) {
            done.push(*position);
        }
    }
    backend::fail_records(connection, lease, &failed)?;
    let failed = i32::try_from(failed.len()).unwrap_or(i32::MAX);
    let mut succeeded = 0;
    for positions in done.chunks(backend::KEYS) {
        let own = job_records::table
            .filter(job_records::organization_id.eq(UidValue(lease.organization.0)))
            .filter(job_records::job_id.eq(UidValue(lease.job.0)))
            .filter(job_records::position.eq_any(positions));
        diesel::update(own)
            .set((job_records::state.eq(record::DONE), job_records::upload.eq(None::<&str>)))
            .execute(connection)?;
        succeeded += i32::try_from(positions.len()).unwrap_or(i32::MAX);
    }
    Ok(Settled { succeeded, failed })
}

fn count_settled(
    connection: &mut Connection,
    lease: Lease,
    settled: Settled,
    at: InstantValue,
) -> QueryResult<()> {
    diesel::update(jobs::table.find((UidValue(lease.organization.0), UidValue(lease.job.0))))
        .set((
            jobs::succeeded.eq(jobs::succeeded + settled.succeeded),
            jobs::failed.eq(jobs::failed + settled.failed),
            jobs::updated_at.eq(at),
        ))
        .execute(connection)?;
    Ok(())
}

/// What becomes of a chunk after its records. That legs were replaced is no failed attempt.
fn end_lease(
    connection: &mut Connection,
    lease: Lease,
    fates: &[(i32, Fate<'_>)],
    rest: Rest,
) -> QueryResult<()> {
    let open = fates.iter().any(|(_, fate)| matches!(fate, Fate::Open));
    let changed = fates.iter().any(|(_, fate)| matches!(fate, Fate::Changed));
    let (state, from) = match rest {
        _ if !open && !changed => (chunk::DONE, None),
        _ if changed => (chunk::WAITING, None),
        Rest::Again(from) => (chunk::WAITING, Some(InstantValue::new(from))),
        Rest::Returned => (chunk::WAITING, None),
        Rest::GivenUp => (chunk::STOPPED, None),
    };
    if changed {
        diesel::update(queue::held(lease)).set(job_chunks::attempts.eq(0)).execute(connection)?;
    }
    diesel::update(queue::held(lease))
        .set((
            job_chunks::state.eq(state),
            job_chunks::leased_by.eq(None::<UidValue>),
            job_chunks::lease_until.eq(from),
            job_chunks::under_way.eq(false),
        ))
        .execute(connection)?;
    Ok(())
}
