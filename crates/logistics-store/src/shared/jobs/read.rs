//! Jobs and their errors, as they are shown.

use diesel::prelude::*;
use logistics_domain::ids::{JobId, OrganizationId};
use logistics_domain::jobs::{FailedRecord, FailureCount, Job, JobKind, JobState, Stage, StopReason};
use logistics_domain::ports::{Listed, Page};

use super::backend::{self, Connection};
use crate::columns::{InstantValue, UidValue};
use crate::error::WorkError;
use crate::records::{RecordError, impossible};
use crate::schema::{failed_records, jobs};

/// A job as it was read.
#[derive(Queryable, Selectable)]
#[diesel(table_name = jobs, check_for_backend(diesel::sqlite::Sqlite, diesel::pg::Pg))]
struct JobRow {
    id: UidValue,
    kind: String,
    state: String,
    stop_reason: Option<String>,
    total: i32,
    succeeded: i32,
    failed: i32,
    refused: i32,
    created_at: InstantValue,
    started_at: Option<InstantValue>,
    finished_at: Option<InstantValue>,
    updated_at: InstantValue,
}

impl TryFrom<JobRow> for Job {
    type Error = RecordError;

    fn try_from(row: JobRow) -> Result<Self, RecordError> {
        let stopped = row
            .stop_reason
            .as_deref()
            .map(|reason| StopReason::from_name(reason).ok_or_else(|| impossible("stop_reason", reason)));
        Ok(Self {
            id: JobId(row.id.0),
            kind: JobKind::from_name(&row.kind).ok_or_else(|| impossible("kind", &row.kind))?,
            state: JobState::from_name(&row.state).ok_or_else(|| impossible("state", &row.state))?,
            stopped: stopped.transpose()?,
            total: count("total", row.total)?,
            succeeded: count("succeeded", row.succeeded)?,
            failed: count("failed", row.failed)?,
            refused: count("refused", row.refused)?,
            created_at: row.created_at.get(),
            started_at: row.started_at.map(InstantValue::get),
            finished_at: row.finished_at.map(InstantValue::get),
            updated_at: row.updated_at.get(),
        })
    }
}

/// A number of things, of a column.
pub fn count(column: &'static str, value: i32) -> Result<u32, RecordError> {
    u32::try_from(value).map_err(|_negative| impossible(column, value))
}

/// One job.
pub fn find(
    connection: &mut Connection,
    organization: OrganizationId,
    id: JobId,
) -> Result<Option<Job>, WorkError> {
    let row = jobs::table
        .find((UidValue(organization.0), UidValue(id.0)))
        .select(JobRow::as_select())
        .first(connection)
        .optional()?;
    Ok(row.map(Job::try_from).transpose()?)
}

/// A page of jobs, newest first. The page and the total are of the same moment.
pub fn list(
    connection: &mut Connection,
    organization: OrganizationId,
    page: Page,
) -> Result<Listed<Job>, WorkError> {
    backend::snapshot(connection, |connection| {
        let own = jobs::organization_id.eq(UidValue(organization.0));
        let total: i64 = jobs::table.filter(own).count().get_result(connection)?;
        let size = i64::from(page.size);
        let rows = jobs::table
            .filter(own)
            .order((jobs::created_at.desc(), jobs::id.desc()))
            .limit(size)
            .offset(i64::from(page.number.saturating_sub(1)).saturating_mul(size))
            .select(JobRow::as_select())
            .load(connection)?;
        let items = rows.into_iter().map(Job::try_from).collect::<Result<_, _>>()?;
        Ok(Listed { items, total: total.unsigned_abs() })
    })
}

/// Position, movement, stage, code, error and upload of a record that failed.
type Failed = (i32, Option<String>, String, String, String, String);

/// The records of a job that failed, in the order of the job.
pub fn errors(
    connection: &mut Connection,
    organization: OrganizationId,
    id: JobId,
    most: usize,
) -> Result<Vec<FailedRecord>, WorkError> {
    let rows: Vec<Failed> = failed_records::table
        .filter(failed_records::organization_id.eq(UidValue(organization.0)))
        .filter(failed_records::job_id.eq(UidValue(id.0)))
        .order(failed_records::position)
        .limit(i64::try_from(most).unwrap_or(i64::MAX))
        .select((
            failed_records::position,
            failed_records::movement_id,
            failed_records::stage,
            failed_records::code,
            failed_records::error,
            failed_records::upload,
        ))
        .load(connection)?;
    Ok(rows.into_iter().map(failed).collect::<Result<_, _>>()?)
}

/// How many records of some jobs failed, by job and code.
pub fn failures(
    connection: &mut Connection,
    organization: OrganizationId,
    ids: &[JobId],
) -> Result<Vec<FailureCount>, WorkError> {
    let ids: Vec<UidValue> = ids.iter().map(|id| UidValue(id.0)).collect();
    let rows: Vec<(UidValue, String, i64)> = failed_records::table
        .filter(failed_records::organization_id.eq(UidValue(organization.0)))
        .filter(failed_records::job_id.eq_any(ids))
        .group_by((failed_records::job_id, failed_records::code))
        .order(failed_records::code)
        .select((failed_records::job_id, failed_records::code, diesel::dsl::count_star()))
        .load(connection)?;
    let counted = rows.into_iter().map(|(job, code, count)| FailureCount {
        job: JobId(job.0),
        code,
        count: count.unsigned_abs(),
    });
    Ok(counted.collect())
}

fn failed((position, movement_id, stage, code, error, upload): Failed) -> Result<FailedRecord, RecordError> {
    Ok(FailedRecord {
        index: count("position", position)?,
        movement_id,
        stage: Stage::from_name(&stage).ok_or_else(|| impossible("stage", &stage))?,
        code,
        error,
        upload,
    })
}
