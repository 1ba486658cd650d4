//! What a worker reads, and what it writes back.

use std::collections::HashMap;
use std::sync::Arc;

use diesel::prelude::*;
use logistics_domain::calculator::FactsRecord;
use logistics_domain::ids::{LegId, OrganizationId};
use logistics_domain::jobs::{DELETED, Lease, LegResult, PendingLeg, Rest};
use logistics_domain::leg::{LegRecord, LegStatus, Outcome};

use super::super::index::{Changes, Dimension, Value};
use super::super::read::{records, statuses};
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

/// A leg that a worker comes back to.
#[derive(Clone, Copy, Queryable, Selectable)]
#[diesel(table_name = legs, check_for_backend(backend::Backend))]
pub struct HeldLeg {
    id: UidValue,
    updated_at: InstantValue,
    position: i64,
}

/// The legs of a chunk that are still to be calculated.
pub fn pending(
    connection: &mut Connection,
    stored: &StoredFacts,
    lease: Lease,
) -> Result<Vec<PendingLeg>, WorkError> {
    backend::snapshot(connection, |connection| {
        let waiting = waiting(connection, lease)?;
        let mut kept = kept(connection, stored, lease.organization, &ids(&waiting))?;
        let pending = waiting.iter().filter_map(|waiting| {
            let record = kept.remove(&waiting.leg).filter(|kept| kept.outcome == Outcome::Pending)?;
            let index = read::count("position", waiting.position);
            let LegRecord { id, updated_at, leg, .. } = record;
            Some(index.map(|index| PendingLeg { index, id, updated_at, leg }))
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

fn ids(waiting: &[Waiting]) -> Vec<UidValue> {
    waiting.iter().map(|waiting| UidValue(waiting.leg.0)).collect()
}

/// Legs as they are now.
fn kept(
    connection: &mut Connection,
    stored: &StoredFacts,
    organization: OrganizationId,
    ids: &[UidValue],
) -> Result<HashMap<LegId, LegRecord>, WorkError> {
    let records = records(connection, stored, organization, ids)?;
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
    Calculated(HeldLeg, &'a Outcome),
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
    let fates = fates(connection, stored, lease, &waiting, results)?;
    write_results(connection, lease, &new, &fates)?;
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
    let ids = ids(waiting);
    let held = backend::hold_legs(connection, lease.organization, &ids)?;
    let held: HashMap<LegId, HeldLeg> = held.into_iter().map(|held| (LegId(held.id.0), held)).collect();
    let settled = statuses(connection, lease.organization, &ids)?.settled();
    let settled = kept(connection, stored, lease.organization, &settled)?;
    let mut calculated: HashMap<LegId, &Outcome> = HashMap::new();
    let mut fates = Vec::with_capacity(waiting.len());
    for Waiting { position, leg } in waiting {
        let result = results.get(&read::count("position", *position)?);
        let fate = match (held.get(leg), settled.get(leg), calculated.get(leg), result) {
            (None, ..) => Fate::Deleted,
            (Some(_), Some(settled), ..) => Fate::Settled(settled.outcome.clone()),
            // A leg that came twice is calculated once, for both of its records.
            (Some(_), None, Some(outcome), _) => Fate::Settled((*outcome).clone()),
            (Some(held), None, None, Some(result)) if held.updated_at.get() == result.updated_at => {
                calculated.insert(*leg, &result.outcome);
                Fate::Calculated(*held, &result.outcome)
            }
            (Some(_), None, None, Some(_)) => Fate::Changed,
            (Some(_), None, None, None) => Fate::Open,
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
) -> Result<(), WorkError> {
    let results = fates.iter().filter_map(|(_, fate)| match fate {
        Fate::Calculated(leg, outcome) => Some((leg, *outcome)),
        _ => None,
    });
    new.write(connection, results.clone().map(|(leg, outcome)| (LegId(leg.id.0), outcome, true)))?;
    let mut changes = Changes::default();
    for (leg, outcome) in results {
        for status in [LegStatus::Pending, outcome.status()] {
            changes.turn_value(Dimension::Status, Value::Text(status.as_str()), leg.position);
        }
    }
    changes.write(connection, lease.organization)
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
