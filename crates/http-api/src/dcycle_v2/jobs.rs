use actix_web::{HttpRequest, HttpResponse, get, post, web};
use chrono::{DateTime, Utc};
use logistics_domain::ids::JobId;
use logistics_domain::jobs::{FailedRecord, Job, JobRepository, JobState, Order, Ordered, SHOWN_ERRORS};
use logistics_domain::ports::Page;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::Api;
use crate::auth::Authorized;
use crate::body::RawBody;
use crate::dcycle::{DcycleError, ErrorBody, ValidationBody};
use crate::dcycle_v1::response::timestamp;
use crate::once;
use crate::paging;
use crate::query::Query;
use crate::schemas;

/// A job and how far it is.
#[derive(Clone, PartialEq, Serialize, ToSchema)]
pub(super) struct JobBody {
    id: Uuid,
    /// The file that its records came in.
    file_id: Uuid,
    /// `bulk`, or `single` for the single creates of a minute.
    #[serde(rename = "type")]
    kind: &'static str,
    #[schema(schema_with = schemas::job_status)]
    status: &'static str,
    #[schema(schema_with = schemas::stop_reason)]
    stop_reason: Option<&'static str>,
    total: u32,
    success_count: u32,
    failed_count: u32,
    pending_count: u32,
    /// Records settled in a second since a worker began.
    records_per_second: Option<f64>,
    /// Seconds until the last record is calculated, if it goes on like that.
    seconds_left: Option<f64>,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    started_at: Option<String>,
    #[schema(format = DateTime)]
    finished_at: Option<String>,
    #[schema(format = DateTime)]
    updated_at: String,
}

/// A job with its first errors.
#[derive(Serialize, ToSchema)]
pub(super) struct JobWithErrors {
    #[serde(flatten)]
    job: JobBody,
    /// The first 100.
    errors: Vec<JobErrorBody>,
    /// Whether there are more.
    errors_truncated: bool,
}

/// A record that failed.
#[derive(Serialize, ToSchema)]
pub(super) struct JobErrorBody {
    /// Its position in the call, from 0.
    index: u32,
    movement_id: Option<String>,
    #[schema(schema_with = schemas::stage)]
    stage: &'static str,
    /// `INVALID`, `DUPLICATE`, `NO_TOC`, `NO_LOAD`, `NO_DISTANCE`, `DELETED` or `INTERNAL_ERROR`.
    code: String,
    error: String,
}

/// Jobs, a page at a time.
#[derive(Serialize, ToSchema)]
struct JobPage {
    page: u32,
    size: u32,
    total: u64,
    items: Vec<JobBody>,
}

impl JobBody {
    pub fn new(job: &Job, now: DateTime<Utc>) -> Self {
        let tenths = |value: f64| (value * 10.0).round() / 10.0;
        Self {
            id: job.id.0,
            file_id: job.id.0,
            kind: job.kind.as_str(),
            status: job.state.as_str(),
            stop_reason: job.stopped.map(|reason| reason.as_str()),
            total: job.total,
            success_count: job.succeeded,
            failed_count: job.failed,
            pending_count: job.pending(),
            records_per_second: job.records_per_second(now).map(tenths),
            seconds_left: job.seconds_left(now).map(tenths),
            created_at: timestamp(job.created_at),
            started_at: job.started_at.map(timestamp),
            finished_at: job.finished_at.map(timestamp),
            updated_at: timestamp(job.updated_at),
        }
    }
}

impl From<FailedRecord> for JobErrorBody {
    fn from(failed: FailedRecord) -> Self {
        let FailedRecord { index, movement_id, stage, code, error, .. } = failed;
        Self { index, movement_id, stage: stage.as_str(), code, error }
    }
}

/// Jobs, newest first.
#[utoipa::path(
    tag = "jobs",
    security(("api_key" = [], "organization" = [])),
    params(
        ("page" = Option<u32>, Query, minimum = 1, description = "Which page; 1 without it."),
        ("size" = Option<u32>, Query, minimum = 1, maximum = 100, description = "Entries on a page; 10 without it."),
    ),
    responses(
        (status = 200, body = JobPage),
        (status = 401, body = ErrorBody), (status = 404, body = ErrorBody), (status = 422, body = ValidationBody),
        (status = 503, body = ErrorBody),
    ),
)]
#[get("/v2/logistics/jobs")]
pub(super) async fn list(
    api: web::Data<Api>,
    caller: Authorized,
    mut query: Query,
) -> Result<HttpResponse, DcycleError> {
    let page = paging::page(&mut query);
    query.finish()?;
    let Page { number, size } = page;
    let listed = api.jobs.jobs(caller.organization).list(page).await?;
    let now = api.clock.now();
    let items = listed.items.iter().map(|job| JobBody::new(job, now)).collect();
    Ok(HttpResponse::Ok().json(JobPage { page: number, size, total: listed.total, items }))
}

/// One job, with its first 100 errors.
#[utoipa::path(
    tag = "jobs",
    security(("api_key" = [], "organization" = [])),
    params(("job_id" = Uuid, Path, description = "The job's id.")),
    responses(
        (status = 200, body = JobWithErrors),
        (status = 401, body = ErrorBody), (status = 404, body = ErrorBody), (status = 422, body = ValidationBody),
        (status = 503, body = ErrorBody),
    ),
)]
#[get("/v2/logistics/jobs/{job_id}")]
pub(super) async fn get(
    api: web::Data<Api>,
    caller: Authorized,
    id: web::Path<String>,
) -> Result<HttpResponse, DcycleError> {
    let jobs = api.jobs.jobs(caller.organization);
    let job = find(&*jobs, &id).await?;
    let mut errors = jobs.errors(job.id, SHOWN_ERRORS + 1).await?;
    let errors_truncated = errors.len() > SHOWN_ERRORS;
    errors.truncate(SHOWN_ERRORS);
    let errors = errors.into_iter().map(JobErrorBody::from).collect();
    let job = JobBody::new(&job, api.clock.now());
    Ok(HttpResponse::Ok().json(JobWithErrors { job, errors, errors_truncated }))
}

/// Has a failed job run again: workers take up the records that are still pending.
#[utoipa::path(
    tag = "jobs",
    security(("api_key" = [], "organization" = [])),
    params(
        ("job_id" = Uuid, Path, description = "The job's id."),
        once::KeyParam,
    ),
    responses(
        (status = 200, body = JobBody),
        (status = 401, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "The job is not `FAILED`"),
        (status = 422, body = ValidationBody), (status = 503, body = ErrorBody),
    ),
)]
#[post("/v2/logistics/jobs/{job_id}/retry")]
pub(super) async fn retry(
    request: HttpRequest,
    api: web::Data<Api>,
    caller: Authorized,
    id: web::Path<String>,
    body: RawBody,
) -> Result<HttpResponse, DcycleError> {
    let order = order(&request, &api, &id, &body)?;
    let ordered = api.jobs.jobs(caller.organization).retry(order, api.clock.now()).await?;
    api.dispatch.announce();
    respond(ordered, "only a FAILED job can be retried")
}

/// Stops a job that is not finished; its records that were not calculated stay pending.
#[utoipa::path(
    tag = "jobs",
    security(("api_key" = [], "organization" = [])),
    params(
        ("job_id" = Uuid, Path, description = "The job's id."),
        once::KeyParam,
    ),
    responses(
        (status = 200, body = JobBody),
        (status = 401, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "The job is finished"),
        (status = 422, body = ValidationBody), (status = 503, body = ErrorBody),
    ),
)]
#[post("/v2/logistics/jobs/{job_id}/cancel")]
pub(super) async fn cancel(
    request: HttpRequest,
    api: web::Data<Api>,
    caller: Authorized,
    id: web::Path<String>,
    body: RawBody,
) -> Result<HttpResponse, DcycleError> {
    let order = order(&request, &api, &id, &body)?;
    let ordered = api.jobs.jobs(caller.organization).cancel(order, api.clock.now()).await?;
    respond(ordered, "only a PENDING or RUNNING job can be cancelled")
}

fn order(request: &HttpRequest, api: &Api, id: &str, body: &RawBody) -> Result<Order, DcycleError> {
    let now = api.clock.now();
    Ok(Order {
        job: job_id(id)?,
        call: once::call_key(request, &body.0)?,
        answer: Box::new(move |job| once::ok(&JobBody::new(job, now))),
    })
}

fn respond(ordered: Ordered, remedy: &'static str) -> Result<HttpResponse, DcycleError> {
    match ordered {
        Ordered::Told(told) => once::respond(told),
        Ordered::NoSuchJob => Err(no_such_job()),
        Ordered::NotNow(state) => Err(not_now(state, remedy)),
    }
}

fn not_now(state: JobState, remedy: &'static str) -> DcycleError {
    DcycleError::JobState { state: state.as_str(), remedy }
}

fn no_such_job() -> DcycleError {
    DcycleError::NotFound("Job not found")
}

fn job_id(id: &str) -> Result<JobId, DcycleError> {
    DcycleError::id("job_id", id).map(JobId)
}

/// The job that a path names.
pub(super) async fn find(jobs: &dyn JobRepository, id: &str) -> Result<Job, DcycleError> {
    jobs.find(job_id(id)?).await?.ok_or_else(no_such_job)
}
