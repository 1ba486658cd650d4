//! What a worker reads, and what it writes back.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use diesel::prelude::*;
use logistics_domain::calculator::FactsRecord;
use logistics_domain::ids::{LegId, OrganizationId};
use logistics_domain::jobs::{DELETED, Lease, LegResult, PendingLeg, Rest, Stage};
use logistics_domain::leg::{LegRecord, LegStatus, Outcome};

use super::super::index::{Changes, Dimension, Value};
use super::super::read::{records, statuses};
use super::super::results::Results;
use super::backend::{self, Connection};
use super::records::{self as packed_records, ChunkRecords, NewFailure, Waiting};
use super::{chunk, queue, read, state};
use crate::columns::{InstantValue, UidValue};
use crate::error::WorkError;
use crate::facts::StoredFacts;
use crate::schema::{job_chunks, jobs, legs};

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
        let waiting = ChunkRecords::read(connection, lease.into())?.waiting;
        let mut kept = kept(connection, stored, lease.organization, &ids(&waiting))?;
        let pending = waiting.iter().filter_map(|waiting| {
            let record = kept.remove(&waiting.leg()).filter(|kept| kept.outcome == Outcome::Pending)?;
            let index = read::count("position", waiting.position());
            let LegRecord { id, updated_at, leg, .. } = record;
            Some(index.map(|index| PendingLeg { index, id, updated_at, leg }))
        });
        Ok(pending.collect::<Result<_, _>>()?)
    })
}

fn ids(waiting: &[Waiting]) -> Vec<UidValue> {
    waiting.iter().map(|waiting| UidValue(waiting.leg().0)).collect()
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

/// Writes results and the job's counts and ends the lease. Returns the facts that are stored once the transaction is
/// committed. If the lease is no longer the worker's, nothing is written.
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
    let records = ChunkRecords::read(connection, lease.into())?;
    let fates = fates(connection, lease, &records.waiting, results)?;
    write_results(connection, lease, &new, &fates)?;
    let settled = settle_records(connection, lease, records, &fates)?;
    count_settled(connection, lease, settled, at)?;
    end_lease(connection, lease, &fates, rest)?;
    state::settle(connection, lease.organization, lease.job, at)?;
    Ok(Some(new.into_facts()))
}

fn fates<'a>(
    connection: &mut Connection,
    lease: Lease,
    waiting: &[Waiting],
    results: &'a [LegResult],
) -> Result<Vec<Fate<'a>>, WorkError> {
    let results: HashMap<u32, &LegResult> = results.iter().map(|result| (result.index, result)).collect();
    let ids = ids(waiting);
    let held = backend::hold_legs(connection, lease.organization, &ids)?;
    let held: HashMap<LegId, HeldLeg> = held.into_iter().map(|held| (LegId(held.id.0), held)).collect();
    let settled = statuses(connection, lease.organization, &ids)?.settled();
    let settled = kept(connection, &StoredFacts::none(), lease.organization, &settled)?;
    let mut calculated: HashMap<LegId, &Outcome> = HashMap::new();
    let mut fates = Vec::with_capacity(waiting.len());
    for waiting in waiting {
        let leg = waiting.leg();
        let result = results.get(&read::count("position", waiting.position())?);
        let fate = match (held.get(&leg), settled.get(&leg), calculated.get(&leg), result) {
            (None, ..) => Fate::Deleted,
            (Some(_), Some(settled), ..) => Fate::Settled(settled.outcome.clone()),
            // A leg that came twice is calculated once, for both of its records.
            (Some(_), None, Some(outcome), _) => Fate::Settled((*outcome).clone()),
            (Some(held), None, None, Some(result)) if held.updated_at.get() == result.updated_at => {
                calculated.insert(leg, &result.outcome);
                Fate::Calculated(*held, &result.outcome)
            }
            (Some(_), None, None, Some(_)) => Fate::Changed,
            (Some(_), None, None, None) => Fate::Open,
        };
        fates.push(fate);
    }
    Ok(fates)
}

fn write_results(
    connection: &mut Connection,
    lease: Lease,
    new: &Results,
    fates: &[Fate<'_>],
) -> Result<(), WorkError> {
    let results = fates.iter().filter_map(|fate| match fate {
        Fate::Calculated(leg, outcome) => Some((leg, *outcome)),
        _ => None,
    });
    let rows = new.rows(results.clone().map(|(leg, outcome)| (LegId(leg.id.0), outcome, true)))?;
    new.write(connection, &rows)?;
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

/// Leaves the open records waiting, settles the others, and keeps the errors of those that failed.
fn settle_records(
    connection: &mut Connection,
    lease: Lease,
    records: ChunkRecords,
    fates: &[Fate<'_>],
) -> Result<Settled, WorkError> {
    let failures: Vec<_> = fates.iter().map(Fate::failure).collect();
    let is_open = |fate: &Fate<'_>| matches!(fate, Fate::Open | Fate::Changed);
    let mut uploads = HashMap::new();
    if failures.iter().any(Option::is_some) || fates.iter().any(is_open) {
        uploads = records.uploads(connection)?;
    }
    let mut failed = Vec::new();
    for (waiting, failure) in records.waiting.iter().zip(&failures) {
        let Some((code, error)) = failure else { continue };
        failed.push(NewFailure {
            organization_id: UidValue(lease.organization.0),
            job_id: UidValue(lease.job.0),
            position: waiting.position(),
            movement_id: waiting.movement(),
            stage: Stage::Calculation.as_str(),
            code,
            error,
            upload: &uploads[&waiting.position()],
        });
    }
    packed_records::fail(connection, &failed)?;
    let failed = i32::try_from(failed.len()).unwrap_or(i32::MAX);
    let open = records.waiting.iter().zip(fates).filter(|(_, fate)| is_open(fate));
    let open: HashSet<i32> = open.map(|(waiting, _)| waiting.position()).collect();
    uploads.retain(|position, _| open.contains(position));
    let settled = i32::try_from(records.settle(connection, &uploads)?).unwrap_or(i32::MAX);
    Ok(Settled { succeeded: settled - failed, failed })
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

/// What becomes of a chunk once its records are written. Legs that were replaced do not count as a failed attempt.
fn end_lease(connection: &mut Connection, lease: Lease, fates: &[Fate<'_>], rest: Rest) -> QueryResult<()> {
    let open = fates.iter().any(|fate| matches!(fate, Fate::Open));
    let changed = fates.iter().any(|fate| matches!(fate, Fate::Changed));
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
