use std::time::{Duration, Instant};

use actix_web::http::header::{CACHE_CONTROL, CONTENT_ENCODING};
use actix_web::rt::time::sleep;
use actix_web::web::Bytes;
use actix_web::{HttpResponse, get, web};
use futures_util::stream::unfold;
use logistics_domain::ids::{JobId, OrganizationId};
use utoipa::ToSchema;

use super::jobs::{JobBody, find};
use crate::Api;
use crate::auth::Authorized;
use crate::dcycle::{DcycleError, ErrorBody, ValidationBody};

/// How soon the job is looked at again after a change. The pause doubles with each look that finds none, up to the longest.
const SOON: Duration = Duration::from_millis(125);

/// The longest pause between two looks. A server that ends waits no longer for those who watch.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// How long a silence may be: proxies cut connections on which nothing happens.
const SILENCE: Duration = Duration::from_secs(15);

/// A server-sent event.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the stream, which is written by `event`")]
struct JobEvent {
    /// Always `progress`.
    #[schema(example = "progress")]
    event: String,
    /// The job as JSON, as `GET /v2/logistics/jobs/{job_id}` shows it without its errors.
    #[schema(content_media_type = "application/json")]
    data: String,
}

/// A job as it goes on: server-sent events of the type `progress`, one for each change, until it is finished.
#[utoipa::path(
    tag = "jobs",
    security(("api_key" = [], "organization" = [])),
    params(("job_id" = Uuid, Path, description = "The job's id.")),
    responses(
        (status = 200, body = JobEvent, content_type = "text/event-stream"),
        (status = 401, body = ErrorBody), (status = 404, body = ErrorBody), (status = 422, body = ValidationBody),
        (status = 503, body = ErrorBody),
    ),
)]
#[get("/v2/logistics/jobs/{job_id}/events")]
pub(super) async fn events(
    api: web::Data<Api>,
    caller: Authorized,
    id: web::Path<String>,
) -> Result<HttpResponse, DcycleError> {
    let job = find(&*api.jobs.jobs(caller.organization), &id).await?;
    let watch = Watch {
        api,
        organization: caller.organization,
        job: job.id,
        shown: None,
        at: Instant::now(),
        pause: SOON,
    };
    let events = unfold(Some(watch), |watch| async { watch?.next().await });
    // An encoding keeps the middleware from compressing, which would hold events back.
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((CONTENT_ENCODING, "identity"))
        .streaming(events))
}

/// Somebody who watches a job.
struct Watch {
    api: web::Data<Api>,
    organization: OrganizationId,
    job: JobId,
    /// When the job that was shown last had changed, if any was shown.
    shown: Option<chrono::DateTime<chrono::Utc>>,
    /// When something was last sent.
    at: Instant,
    /// How long it is until the next look.
    pause: Duration,
}

type Sent = Result<Bytes, DcycleError>;

impl Watch {
    /// The next event, and who watches further.
    async fn next(mut self) -> Option<(Sent, Option<Self>)> {
        while !self.api.closing.is_closing() {
            let found = self.api.jobs.jobs(self.organization).find(self.job).await;
            let job = match found {
                Ok(job) => job?,
                Err(error) => return Some((Err(error.into()), None)),
            };
            if self.shown != Some(job.updated_at) {
                let event = event(&JobBody::new(&job, self.api.clock.now()));
                (self.shown, self.at, self.pause) = (Some(job.updated_at), Instant::now(), SOON);
                return Some((Ok(event), (!job.state.is_final()).then_some(self)));
            }
            if self.at.elapsed() >= SILENCE {
                self.at = Instant::now();
                return Some((Ok(Bytes::from_static(b": still there\n\n")), Some(self)));
            }
            sleep(self.pause).await;
            self.pause = (self.pause * 2).min(LONGEST_PAUSE);
        }
        None
    }
}

fn event(job: &JobBody) -> Bytes {
    let json = serde_json::to_string(job).expect("responses are plain data with text keys");
    Bytes::from(format!("event: progress\ndata: {json}\n\n"))
}
