//! Jobs are made in the transaction that keeps their legs.

use diesel::prelude::*;
use logistics_domain::ids::{JobId, OrganizationId};
use logistics_domain::jobs::{AcceptedRecord, JobKind, JobState, NewJob, ROLLING, Stage};
use logistics_domain::leg::LegRecord;
use uuid::Uuid;

use super::backend::{self, Backend, Connection};
use super::records::{ChunkKey, NewFailure, NewRow, Waiting};
use super::state::unfinished;
use super::{queue, records};
use crate::columns::{InstantValue, UidValue};
use crate::error::WorkError;
use crate::packed;
use crate::records::impossible;
use crate::schema::{job_chunks, jobs};

/// A job with what was sent for its chunks, packed.
pub struct PackedJob<'n> {
    new: &'n NewJob,
    uploads: Vec<Vec<u8>>,
}

impl<'n> PackedJob<'n> {
    pub fn new(new: &'n NewJob) -> Self {
        let pack =
            |accepted: &[AcceptedRecord]| packed::pack(accepted.iter().map(|record| record.upload.as_str()));
        Self { new, uploads: new.accepted.chunks(chunk_size(new)).map(pack).collect() }
    }
}

/// Makes the job of a call, or lets its records join the job of this minute. `legs` are those of the accepted records.
pub fn make(
    connection: &mut Connection,
    organization: OrganizationId,
    PackedJob { new, uploads }: PackedJob<'_>,
    legs: &[LegRecord],
    at: InstantValue,
) -> Result<JobId, WorkError> {
    let standing = match new.kind {
        JobKind::Bulk => None,
        JobKind::Singles => standing(connection, organization, at)?,
    };
    let (job, first) = match standing {
        Some(standing) => standing,
        None => (insert(connection, organization, new.kind, at)?, 0),
    };
    let maker = Maker { organization, job, first, at };
    let first_chunk = maker.make_chunks(connection, new, legs.len())?;
    maker.write_records(connection, new, uploads, legs, first_chunk)?;
    maker.count(connection, new)?;
    Ok(job)
}

/// The job that a single create joins. If there is none, the organization is locked until the end of the transaction, so
/// that nobody else makes one, and looked at again: a job that was made meanwhile is joined.
fn standing(
    connection: &mut Connection,
    organization: OrganizationId,
    at: InstantValue,
) -> QueryResult<Option<(JobId, i32)>> {
    if let Some(found) = rolling(connection, organization, at)? {
        return Ok(Some(found));
    }
    backend::lock_organization(connection, organization)?;
    rolling(connection, organization, at)
}

/// The job that single creates go into now, and how many records it has.
fn rolling(
    connection: &mut Connection,
    organization: OrganizationId,
    at: InstantValue,
) -> QueryResult<Option<(JobId, i32)>> {
    let found: Option<UidValue> = joined(organization, at).select(jobs::id).first(connection).optional()?;
    let Some(id) = found else { return Ok(None) };
    backend::lock_job(connection, organization, JobId(id.0))?;
    let total = jobs::table.find((UidValue(organization.0), id)).filter(unfinished());
    let total: Option<i32> = total.select(jobs::total).first(connection).optional()?;
    Ok(total.map(|total| (JobId(id.0), total)))
}

/// The jobs that single creates of an organization may join.
pub fn joined(organization: OrganizationId, at: InstantValue) -> jobs::BoxedQuery<'static, Backend> {
    jobs::table
        .filter(jobs::organization_id.eq(UidValue(organization.0)))
        .filter(unfinished())
        .filter(jobs::open_until.gt(at))
        .filter(jobs::open_until.le(InstantValue::new(at.get() + ROLLING)))
        .into_boxed()
}

fn insert(
    connection: &mut Connection,
    organization: OrganizationId,
    kind: JobKind,
    at: InstantValue,
) -> QueryResult<JobId> {
    let id = Uuid::now_v7();
    let open_until = match kind {
        JobKind::Bulk => None,
        JobKind::Singles => Some(InstantValue::new(at.get() + ROLLING)),
    };
    diesel::insert_into(jobs::table)
        .values((
            jobs::organization_id.eq(UidValue(organization.0)),
            jobs::id.eq(UidValue(id)),
            jobs::kind.eq(kind.as_str()),
            jobs::state.eq(JobState::Pending.as_str()),
            (jobs::total.eq(0), jobs::succeeded.eq(0), jobs::failed.eq(0), jobs::refused.eq(0)),
            jobs::created_at.eq(at),
            jobs::updated_at.eq(at),
            jobs::open_until.eq(open_until),
        ))
        .execute(connection)?;
    Ok(JobId(id))
}

struct Maker {
    organization: OrganizationId,
    job: JobId,
    /// How many records the job has already.
    first: i32,
    at: InstantValue,
}

impl Maker {
    /// Cuts legs into chunks; answers with the first one's number.
    fn make_chunks(&self, connection: &mut Connection, new: &NewJob, legs: usize) -> QueryResult<i32> {
        if let Some(number) = self.join_chunk(connection, new, legs)? {
            return Ok(number);
        }
        let next: Option<i32> = job_chunks::table
            .filter(job_chunks::organization_id.eq(UidValue(self.organization.0)))
            .filter(job_chunks::job_id.eq(UidValue(self.job.0)))
            .select(diesel::dsl::max(job_chunks::number))
            .first(connection)?;
        let first = next.map_or(0, |last| last + 1);
        let size = chunk_size(new);
        let records = (0..legs).step_by(size).map(|start| size.min(legs - start));
        let chunks = (first..).zip(records.map(|records| i32::try_from(records).unwrap_or(i32::MAX)));
        queue::append(connection, self.organization, self.job, chunks, self.at)?;
        Ok(first)
    }

    /// Adds the leg of a single create to a chunk of its job that waits and has room.
    fn join_chunk(&self, connection: &mut Connection, new: &NewJob, legs: usize) -> QueryResult<Option<i32>> {
        if new.kind == JobKind::Bulk || legs != 1 {
            return Ok(None);
        }
        let size = i32::try_from(chunk_size(new)).unwrap_or(i32::MAX);
        let number = backend::open_chunk(connection, self.organization, self.job, size)?;
        if let Some(number) = number {
            let key = (UidValue(self.organization.0), UidValue(self.job.0), number);
            diesel::update(job_chunks::table.find(key))
                .set(job_chunks::records.eq(job_chunks::records + 1))
                .execute(connection)?;
        }
        Ok(number)
    }

    fn write_records(
        &self,
        connection: &mut Connection,
        new: &NewJob,
        uploads: Vec<Vec<u8>>,
        legs: &[LegRecord],
        first_chunk: i32,
    ) -> Result<(), WorkError> {
        let size = chunk_size(new);
        let chunks = new.accepted.chunks(size).zip(legs.chunks(size)).zip(uploads).zip(first_chunk..);
        let rows = chunks.map(|(((accepted, legs), uploads), number)| {
            let key = ChunkKey { organization: self.organization, job: self.job, number };
            Ok(key.waiting(&self.waiting(accepted, legs)?, uploads)?)
        });
        let rows: Vec<NewRow> = rows.collect::<Result<_, WorkError>>()?;
        records::insert(connection, &rows)?;
        let refused = new.refused.iter().map(|refused| {
            Ok(NewFailure {
                organization_id: UidValue(self.organization.0),
                job_id: UidValue(self.job.0),
                position: self.position(refused.index)?,
                movement_id: refused.movement_id.as_deref(),
                stage: Stage::Sync.as_str(),
                code: &refused.code,
                error: &refused.error,
                upload: &refused.upload,
            })
        });
        let refused: Vec<NewFailure<'_>> = refused.collect::<Result<_, WorkError>>()?;
        Ok(records::fail(connection, &refused)?)
    }

    fn waiting(&self, accepted: &[AcceptedRecord], legs: &[LegRecord]) -> Result<Vec<Waiting>, WorkError> {
        let waiting = accepted.iter().zip(legs).map(|(accepted, leg)| {
            Ok(Waiting::new(self.position(accepted.index)?, leg.id, leg.leg.trace.movement_id.as_deref()))
        });
        waiting.collect()
    }

    fn position(&self, index: u32) -> Result<i32, WorkError> {
        let position = i32::try_from(index).ok().and_then(|index| self.first.checked_add(index));
        Ok(position.ok_or_else(|| impossible("position", index))?)
    }

    /// Adds the new records to the job's counts. A job without legs is finished at once.
    fn count(&self, connection: &mut Connection, new: &NewJob) -> QueryResult<()> {
        let refused = i32::try_from(new.refused.len()).unwrap_or(i32::MAX);
        let total = refused.saturating_add(i32::try_from(new.accepted.len()).unwrap_or(i32::MAX));
        let job = jobs::table.find((UidValue(self.organization.0), UidValue(self.job.0)));
        diesel::update(job)
            .set((
                jobs::total.eq(jobs::total + total),
                jobs::failed.eq(jobs::failed + refused),
                jobs::refused.eq(jobs::refused + refused),
                jobs::updated_at.eq(self.at),
            ))
            .execute(connection)?;
        super::state::settle(connection, self.organization, self.job, self.at)
    }
}

fn chunk_size(new: &NewJob) -> usize {
    usize::try_from(new.chunk.max(1)).unwrap_or(usize::MAX)
}
