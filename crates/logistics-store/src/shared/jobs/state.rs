//! How jobs go from one state to the next.

use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use logistics_domain::ids::{JobId, OrganizationId};
use logistics_domain::jobs::{Job, JobState, ROLLING, StopReason};

use super::backend::{self, Backend, Connection};
use super::chunk;
use crate::columns::{InstantValue, UidValue};
use crate::error::WorkError;
use crate::schema::{job_chunks, jobs};

/// That a job is not finished. Its values stand in the SQL: of bound ones SQLite cannot tell that an index of unfinished jobs
/// has them all.
pub fn unfinished() -> SqlLiteral<Bool> {
    let [pending, running] = [JobState::Pending, JobState::Running].map(JobState::as_str);
    sql(&format!("jobs.state IN ('{pending}', '{running}')"))
}

/// A job runs from the first claim of one of its chunks.
pub fn begin(
    connection: &mut Connection,
    organization: OrganizationId,
    job: JobId,
    at: InstantValue,
) -> QueryResult<()> {
    let pending = jobs::table
        .find((UidValue(organization.0), UidValue(job.0)))
        .filter(jobs::state.eq(JobState::Pending.as_str()));
    diesel::update(pending)
        .set((
            jobs::state.eq(JobState::Running.as_str()),
            jobs::started_at.eq(Some(at)),
            jobs::updated_at.eq(at),
        ))
        .execute(connection)?;
    Ok(())
}

/// Ends a job whose chunks are all finished or stopped and which no further record can join.
pub fn settle(
    connection: &mut Connection,
    organization: OrganizationId,
    job: JobId,
    at: InstantValue,
) -> QueryResult<()> {
    backend::lock_job(connection, organization, job)?;
    let key = (UidValue(organization.0), UidValue(job.0));
    let states: Vec<String> = job_chunks::table
        .filter(job_chunks::organization_id.eq(key.0))
        .filter(job_chunks::job_id.eq(key.1))
        .filter(job_chunks::state.ne(chunk::DONE))
        .select(job_chunks::state)
        .distinct()
        .load(connection)?;
    if states.iter().any(|state| state != chunk::STOPPED) {
        return Ok(());
    }
    let (state, reason) = match states.is_empty() {
        true => (JobState::Completed, None),
        false => (JobState::Failed, Some(StopReason::GaveUp.as_str())),
    };
    let beyond = InstantValue::new(at.get() + ROLLING);
    let closed = jobs::open_until.is_null().or(jobs::open_until.le(at)).or(jobs::open_until.gt(beyond));
    diesel::update(jobs::table.find(key).filter(unfinished()).filter(closed.assume_not_null()))
        .set((
            jobs::state.eq(state.as_str()),
            jobs::stop_reason.eq(reason),
            jobs::finished_at.eq(Some(at)),
            jobs::updated_at.eq(at),
        ))
        .execute(connection)?;
    Ok(())
}

/// The unfinished jobs of single creates whose minute is over. If a job's minute ends more than a minute from now, the clock
/// was wrong when the job was made: it counts as over.
pub fn rolling_due(connection: &mut Connection, now: InstantValue) -> QueryResult<Vec<(UidValue, UidValue)>> {
    over(now).select((jobs::organization_id, jobs::id)).load(connection)
}

/// The same as a query.
pub fn over(now: InstantValue) -> jobs::BoxedQuery<'static, Backend> {
    let beyond = InstantValue::new(now.get() + ROLLING);
    let open = diesel::dsl::exists(
        job_chunks::table
            .filter(job_chunks::organization_id.eq(jobs::organization_id))
            .filter(job_chunks::job_id.eq(jobs::id))
            .filter(job_chunks::state.eq_any(chunk::OPEN)),
    );
    jobs::table
        .filter(unfinished())
        .filter(jobs::open_until.is_not_null())
        .filter(jobs::open_until.le(now).or(jobs::open_until.gt(beyond)))
        .filter(diesel::dsl::not(open))
        .into_boxed()
}

/// Ends them.
pub fn close_rolling(connection: &mut Connection, now: InstantValue) -> Result<usize, WorkError> {
    let due = rolling_due(connection, now)?;
    for (organization, job) in &due {
        settle(connection, OrganizationId(organization.0), JobId(job.0), now)?;
    }
    Ok(due.len())
}

/// Lets a failed job run again.
pub fn retry(
    connection: &mut Connection,
    organization: OrganizationId,
    job: &Job,
    at: InstantValue,
) -> Result<bool, WorkError> {
    if job.state != JobState::Failed {
        return Ok(false);
    }
    let key = (UidValue(organization.0), UidValue(job.id.0));
    let stopped = job_chunks::table
        .filter(job_chunks::organization_id.eq(key.0))
        .filter(job_chunks::job_id.eq(key.1))
        .filter(job_chunks::state.eq(chunk::STOPPED));
    diesel::update(stopped)
        .set((
            job_chunks::state.eq(chunk::WAITING),
            job_chunks::queued_at.eq(at),
            job_chunks::lease_until.eq(None::<InstantValue>),
            job_chunks::attempts.eq(0),
            job_chunks::under_way.eq(false),
        ))
        .execute(connection)?;
    diesel::update(jobs::table.find(key))
        .set((
            jobs::state.eq(JobState::Running.as_str()),
            jobs::stop_reason.eq(None::<&str>),
            jobs::finished_at.eq(None::<InstantValue>),
            jobs::updated_at.eq(at),
        ))
        .execute(connection)?;
    settle(connection, organization, job.id, at)?;
    Ok(true)
}

/// Stops a job that is not finished: leases end, and what is being calculated finds no chunk to be written back to.
pub fn cancel(
    connection: &mut Connection,
    organization: OrganizationId,
    job: &Job,
    at: InstantValue,
) -> Result<bool, WorkError> {
    if job.state.is_final() {
        return Ok(false);
    }
    let key = (UidValue(organization.0), UidValue(job.id.0));
    let open = job_chunks::table
        .filter(job_chunks::organization_id.eq(key.0))
        .filter(job_chunks::job_id.eq(key.1))
        .filter(job_chunks::state.eq_any(chunk::OPEN));
    diesel::update(open)
        .set((
            job_chunks::state.eq(chunk::STOPPED),
            job_chunks::leased_by.eq(None::<UidValue>),
            job_chunks::lease_until.eq(None::<InstantValue>),
        ))
        .execute(connection)?;
    diesel::update(jobs::table.find(key))
        .set((
            jobs::state.eq(JobState::Failed.as_str()),
            jobs::stop_reason.eq(Some(StopReason::Cancelled.as_str())),
            jobs::finished_at.eq(Some(at)),
            jobs::updated_at.eq(at),
        ))
        .execute(connection)?;
    Ok(true)
}
