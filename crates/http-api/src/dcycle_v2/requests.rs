use actix_web::{HttpRequest, HttpResponse, post, web};
use logistics_domain::batch::{self, OnError, Outcome as Resolved, Record, Refused};
use logistics_domain::hub::{HubDirectory, HubMentions};
use logistics_domain::ids::{LegId, OrganizationId};
use logistics_domain::intake::{Answer, Delivery, Kept};
use logistics_domain::jobs::{AcceptedRecord, FailedRecord, JobKind, NewJob, Stage};
use logistics_domain::leg::{Outcome, ResolvedLeg};
use logistics_domain::ports::LegToSave;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::Api;
use crate::auth::Authorized;
use crate::body::{self, RawBody};
use crate::dcycle::{DcycleError, ErrorBody, ValidationBody};
use crate::dcycle_v1::bulk::{BulkBody, BulkResponse, raw_records};
use crate::dcycle_v1::request::LegBody;
use crate::dcycle_v1::response::LegResponse;
use crate::once;

/// What stores promise of deliveries that ask for a job.
pub const HAS_JOB: &str = "a delivery with a job is kept with one";

/// A leg that waits for its calculation: `co2e` is null, `distance_km` and `tkm` are null where they were not given.
#[derive(Serialize, ToSchema)]
struct QueuedLeg<'r> {
    #[serde(flatten)]
    leg: LegResponse<'r>,
    /// The job that calculates it: one for all legs that the organization sends within a minute.
    job_id: Uuid,
    /// The file that it came in.
    file_id: Uuid,
}

/// Keeps a leg and answers; a worker calculates it.
#[utoipa::path(
    tag = "requests",
    security(("api_key" = [], "organization" = [])),
    params(once::KeyParam),
    request_body = LegBody,
    responses(
        (status = 200, body = QueuedLeg, headers(("location" = String, description = "The job."))),
        (status = 400, body = ErrorBody, description = "A hub that origin or destination names has no address"),
        (status = 401, body = ErrorBody),
        (status = 404, body = ErrorBody, description = "The organization, or a hub that origin or destination names, is not found"),
        (status = 413, body = ErrorBody),
        (status = 422, body = ValidationBody, description = "A field is at fault, or (with `code`) the TOC is not known"),
        (status = 503, body = ErrorBody),
    ),
)]
#[post("/v2/logistics/requests")]
pub(super) async fn create(
    request: HttpRequest,
    api: web::Data<Api>,
    caller: Authorized,
    body: RawBody,
) -> Result<HttpResponse, DcycleError> {
    let now = api.clock.now();
    let call = once::call_key(&request, &body.0)?;
    let intake = api.intakes.intake(caller.organization);
    if let Some(response) = once::earlier(&*intake, call.as_ref(), now).await? {
        return Ok(response);
    }
    let leg = body::parse::<LegBody>(&body.0)?.parse().map_err(DcycleError::fields)?;
    let mentioned = api.hubs.hubs(caller.organization).mentioned(HubMentions::of([&leg])).await?;
    let leg = HubDirectory::new(mentioned).settle(leg)?;
    let leg = api.calculator.resolve(leg, now)?;
    let foreseen = api.calculator.foresee(&leg);
    let answer = Box::new(move |kept: Kept<'_>| {
        let record = kept.legs.first().expect("a delivery of one leg keeps one");
        let job = kept.job.expect(HAS_JOB);
        let leg = LegResponse::foreseen(record, foreseen);
        once::watched(job, &QueuedLeg { leg, job_id: job.0, file_id: job.0 })
    });
    let upload = String::from_utf8_lossy(&body.0).into_owned();
    let job = NewJob {
        kind: JobKind::Singles,
        accepted: vec![AcceptedRecord { index: 0, upload }],
        refused: Vec::new(),
        chunk: api.limits.chunk,
    };
    let delivery = Delivery { legs: vec![pending(leg)], job: Some(job), call, answer };
    let told = intake.take(delivery, now).await?;
    api.dispatch.announce();
    once::respond(told)
}

/// Keeps up to 5,000 legs and answers; a worker calculates them.
#[utoipa::path(
    tag = "requests",
    security(("api_key" = [], "organization" = [])),
    params(once::KeyParam),
    request_body = BulkBody,
    responses(
        (status = 200, body = BulkResponse, headers(("location" = String, description = "The job."))),
        (status = 401, body = ErrorBody), (status = 404, body = ErrorBody), (status = 413, body = ErrorBody),
        (status = 422, body = ValidationBody), (status = 503, body = ErrorBody),
    ),
)]
#[post("/v2/logistics/requests/bulk")]
pub(super) async fn create_bulk(
    request: HttpRequest,
    api: web::Data<Api>,
    caller: Authorized,
    body: RawBody,
) -> Result<HttpResponse, DcycleError> {
    let now = api.clock.now();
    let call = once::call_key(&request, &body.0)?;
    let intake = api.intakes.intake(caller.organization);
    if let Some(response) = once::earlier(&*intake, call.as_ref(), now).await? {
        return Ok(response);
    }
    let read = web::block(move || {
        let (raw, on_error) = raw_records(&body.0)?;
        let uploaded = |json: &str| Uploaded { upload: json.to_owned(), record: LegBody::record(json) };
        Ok::<_, DcycleError>((body::parse_each(&raw, uploaded), on_error))
    });
    let (records, on_error) = read.await.map_err(|_panicked| DcycleError::Internal)??;
    let batch = Batch::resolve(&api, caller.organization, records, on_error).await?;
    let Batch { received, indexes, legs, job, refused } = batch;
    let answer = Box::new(move |kept: Kept<'_>| -> Answer {
        let job = kept.job.expect(HAS_JOB);
        once::watched(job, &BulkResponse::new(received, &indexes, kept, refused))
    });
    let told = intake.take(Delivery { legs, job: Some(job), call, answer }, api.clock.now()).await?;
    api.dispatch.announce();
    once::respond(told)
}

/// A record as it was sent, and what it says.
pub(crate) struct Uploaded {
    /// The record as JSON: so it is kept beside its leg.
    pub upload: String,
    pub record: Record,
}

/// Records of a call, resolved, and the job that will calculate them.
pub(crate) struct Batch {
    received: usize,
    /// The positions of the legs.
    indexes: Vec<usize>,
    pub legs: Vec<LegToSave>,
    pub job: NewJob,
    refused: Vec<Refused>,
}

impl Batch {
    /// Resolves records.
    pub async fn resolve(
        api: &Api,
        organization: OrganizationId,
        records: Vec<Uploaded>,
        on_error: OnError,
    ) -> Result<Self, DcycleError> {
        let split = web::block(move || {
            let (raw, records): (Vec<String>, Vec<Record>) =
                records.into_iter().map(|uploaded| (uploaded.upload, uploaded.record)).unzip();
            let mentions = batch::mentions(&records);
            (raw, records, mentions)
        });
        let (raw, records, mentions) = split.await.map_err(|_panicked| DcycleError::Internal)?;
        let hubs = HubDirectory::new(api.hubs.hubs(organization).mentioned(mentions).await?);
        let (calculator, chunk, now) = (api.calculator.clone(), api.limits.chunk, api.clock.now());
        let resolved = web::block(move || {
            let resolved = batch::resolve(&calculator, &hubs, records, on_error, now);
            Self::of(raw, resolved, chunk)
        });
        resolved.await.map_err(|_panicked| DcycleError::Internal)
    }

    fn of(mut raw: Vec<String>, resolved: Resolved<()>, chunk: u32) -> Self {
        let received = raw.len();
        let Resolved { taken, refused } = resolved;
        let mut upload = |index: usize| raw.get_mut(index).map(std::mem::take).unwrap_or_default();
        let accepted = taken
            .iter()
            .map(|taken| AcceptedRecord { index: position(taken.index), upload: upload(taken.index) })
            .collect();
        let failed = refused.iter().map(|refused| FailedRecord {
            index: position(refused.index),
            movement_id: refused.movement_id.clone(),
            stage: Stage::Sync,
            code: refused.code.to_owned(),
            error: refused.reason.clone(),
            upload: upload(refused.index),
        });
        let job = NewJob { kind: JobKind::Bulk, accepted, refused: failed.collect(), chunk };
        let (indexes, legs) = taken.into_iter().map(|taken| (taken.index, pending(taken.leg))).unzip();
        Self { received, indexes, legs, job, refused }
    }
}

/// A position in a batch, which has at most 5,000 records.
fn position(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

fn pending(leg: ResolvedLeg) -> LegToSave {
    LegToSave { id: LegId(Uuid::now_v7()), leg, outcome: Outcome::Pending }
}
