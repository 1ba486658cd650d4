//! Jobs as they go on: server-sent events, each a card drawn anew.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use actix_web::http::header::CONTENT_ENCODING;
use actix_web::rt::time::sleep;
use actix_web::web::Bytes;
use actix_web::{HttpResponse, get, web};
use chrono::{DateTime, Utc};
use futures_util::stream::unfold;
use logistics_domain::ids::{JobId, OrganizationId};

use super::activity::{self, Shown};
use super::error::PanelError;
use super::frame;
use super::job;
use super::visitor::Visitor;
use crate::Api;

/// How often jobs are looked at.
const EVERY: Duration = Duration::from_millis(500);

/// How long a silence may be: proxies cut connections on which nothing happens.
const SILENCE: Duration = Duration::from_secs(15);

/// How long one connection lasts. The browser asks again, and its session is looked at again.
const LONGEST: Duration = Duration::from_secs(600);

/// What became of the newest jobs.
#[get("/events")]
pub(super) async fn of_all(api: web::Data<Api>, visitor: Visitor) -> HttpResponse {
    respond(Watch::new(api, visitor.organization, None))
}

/// What becomes of one job, until it is finished.
#[get("/jobs/{job_id}/events")]
pub(super) async fn of_one(
    api: web::Data<Api>,
    visitor: Visitor,
    id: web::Path<String>,
) -> Result<HttpResponse, PanelError> {
    let found = job::find(&api, &visitor, &id).await?;
    Ok(respond(Watch::new(api, visitor.organization, Some(found.job.id))))
}

fn respond(watch: Watch) -> HttpResponse {
    let events = unfold(Some(watch), |watch| async { watch?.next().await });
    // An encoding keeps the middleware from compressing, which would hold events back.
    let mut response = HttpResponse::Ok();
    frame::guarded(&mut response)
        .content_type("text/event-stream")
        .insert_header((CONTENT_ENCODING, "identity"))
        .streaming(events)
}

/// Somebody who watches.
struct Watch {
    api: web::Data<Api>,
    organization: OrganizationId,
    /// The job that is watched; without it, the newest.
    only: Option<JobId>,
    /// When the jobs that were shown had changed.
    shown: HashMap<JobId, DateTime<Utc>>,
    began: Instant,
    /// When something was last sent.
    at: Instant,
}

type Sent = Result<Bytes, PanelError>;

impl Watch {
    fn new(api: web::Data<Api>, organization: OrganizationId, only: Option<JobId>) -> Self {
        let now = Instant::now();
        Self { api, organization, only, shown: HashMap::new(), began: now, at: now }
    }

    /// The next events, and who watches further.
    async fn next(mut self) -> Option<(Sent, Option<Self>)> {
        while self.began.elapsed() < LONGEST && !self.api.closing.is_closing() {
            let jobs = match self.look().await {
                Ok(jobs) => jobs,
                Err(error) => return Some((Err(error), None)),
            };
            let is_over = self.only.is_some() && jobs.iter().all(|shown| shown.job.state.is_final());
            let mut events = self.changes(&jobs);
            if is_over {
                events.push_str("event: end\ndata:\n\n");
            } else if events.is_empty() && self.at.elapsed() >= SILENCE {
                events.push_str(": still there\n\n");
            }
            if !events.is_empty() {
                self.at = Instant::now();
                return Some((Ok(Bytes::from(events)), (!is_over).then_some(self)));
            }
            sleep(EVERY).await;
        }
        None
    }

    async fn look(&self) -> Result<Vec<Shown>, PanelError> {
        match self.only {
            Some(id) => Ok(activity::one(&self.api, self.organization, id).await?.into_iter().collect()),
            None => activity::newest(&self.api, self.organization).await,
        }
    }

    /// What has changed since it was last shown, the oldest first so that the newest comes to stand at the top.
    fn changes(&mut self, jobs: &[Shown]) -> String {
        let mut events = String::new();
        for shown in jobs.iter().rev() {
            let changed = shown.job.updated_at;
            if self.shown.insert(shown.job.id, changed) != Some(changed) {
                let card = activity::card(shown, self.api.clock.now()).into_string();
                let json = serde_json::to_string(&card).expect("text is JSON");
                events.push_str(&format!("event: job\ndata: {json}\n\n"));
            }
        }
        events
    }
}
