//! Jobs, and how far they are.

use actix_web::{HttpResponse, get, web};
use chrono::{DateTime, Utc};
use logistics_domain::ids::{JobId, OrganizationId};
use logistics_domain::jobs::{FailureCount, Job, JobKind, JobState, StopReason};
use logistics_domain::numbers::decimal;
use logistics_domain::ports::{Listed, Page};
use maud::{Markup, html};

use super::error::PanelError;
use super::format::{count, duration, instant};
use super::frame::{self, Tab};
use super::texts::TEXTS;
use super::visitor::Visitor;
use crate::Api;
use crate::paging;
use crate::query::Query;

/// How many jobs a page shows.
const SIZE: u32 = 20;

/// A job with what failed of it.
pub(super) struct Shown {
    pub job: Job,
    pub failures: Vec<FailureCount>,
}

#[get("/")]
pub(super) async fn list(
    api: web::Data<Api>,
    visitor: Visitor,
    mut query: Query,
) -> Result<HttpResponse, PanelError> {
    let page = Page { size: SIZE, ..paging::page(&mut query) };
    let listed = shown(&api, visitor.organization, page).await?;
    let now = api.clock.now();
    let content = html! {
        div.head {
            h1 { (TEXTS.activity) }
            a.button href="/upload" { (TEXTS.upload) }
        }
        @if listed.items.is_empty() {
            div.card data-empty { p { (TEXTS.no_jobs) } }
        }
        div #jobs .cards data-events=[(page.number == 1).then_some("/events")] {
            @for shown in &listed.items { (card(shown, now)) }
        }
        (frame::pager(&query, page, listed.total))
    };
    Ok(frame::page(&visitor, Tab::Activity, TEXTS.activity, &content))
}

/// The first jobs, newest first: those that are watched.
pub(super) async fn newest(api: &Api, organization: OrganizationId) -> Result<Vec<Shown>, PanelError> {
    Ok(shown(api, organization, Page { number: 1, size: SIZE }).await?.items)
}

/// One job.
pub(super) async fn one(
    api: &Api,
    organization: OrganizationId,
    id: JobId,
) -> Result<Option<Shown>, PanelError> {
    let jobs = api.jobs.jobs(organization);
    let Some(job) = jobs.find(id).await? else { return Ok(None) };
    let failures = jobs.failures(&[id]).await?;
    Ok(Some(Shown { job, failures }))
}

async fn shown(api: &Api, organization: OrganizationId, page: Page) -> Result<Listed<Shown>, PanelError> {
    let jobs = api.jobs.jobs(organization);
    let Listed { items, total } = jobs.list(page).await?;
    let with_failures: Vec<JobId> = items.iter().filter(|job| job.failed > 0).map(|job| job.id).collect();
    let failures = if with_failures.is_empty() { Vec::new() } else { jobs.failures(&with_failures).await? };
    let of = |job: &Job| failures.iter().filter(|failure| failure.job == job.id).cloned().collect();
    let items = items.into_iter().map(|job| Shown { failures: of(&job), job }).collect();
    Ok(Listed { items, total })
}

/// A job in the list. Its part that moves is replaced while it runs.
pub(super) fn card(shown: &Shown, now: DateTime<Utc>) -> Markup {
    let job = &shown.job;
    html! {
        article.card id={ "job-" (job.id) } {
            div.row.spread {
                h2 { a href={ "/jobs/" (job.id) } { (title(job)) } }
                span.muted { (instant(job.created_at)) }
            }
            (live(shown, now))
        }
    }
}

/// What a job is called.
pub(super) fn title(job: &Job) -> String {
    let records = if job.total == 1 { TEXTS.record } else { TEXTS.records };
    let kind = match job.kind {
        JobKind::Bulk => TEXTS.job_bulk,
        JobKind::Singles => TEXTS.job_singles,
    };
    format!("{kind}: {} {records}", count(job.total))
}

/// How far a job is.
pub(super) fn live(shown: &Shown, now: DateTime<Utc>) -> Markup {
    let job = &shown.job;
    let settled = job.total.saturating_sub(job.pending());
    let number = |number: u32| html! { (count(number)) };
    let figures = [
        Some((TEXTS.calculated, number(job.succeeded))),
        Some((TEXTS.failed, html! { span.bad[job.failed > 0] { (count(job.failed)) } })),
        Some((TEXTS.waiting, number(job.pending()))),
        job.records_per_second(now).map(|rate| (TEXTS.rate, html! { (decimal(rate, 0)) " / s" })),
        job.seconds_left(now).map(|left| (TEXTS.time_left, html! { (duration(left)) })),
    ];
    html! {
        div.cards data-live {
            div.row.spread {
                (state(job))
                span.muted { (count(settled)) " " (TEXTS.of) " " (count(job.total)) }
            }
            div.progress role="progressbar" aria-label=(title(job)) aria-valuemin="0" aria-valuemax=(job.total) aria-valuenow=(settled) {
                svg viewBox={ "0 0 " (job.total.max(1)) " 1" } preserveAspectRatio="none" aria-hidden="true" {
                    rect.done width=(job.succeeded) height="1" {}
                    rect.failed x=(job.succeeded) width=(job.failed) height="1" {}
                }
            }
            dl.figures {
                @for (name, value) in figures.into_iter().flatten() {
                    div { dt { (name) } dd { (value) } }
                }
            }
            @if !shown.failures.is_empty() {
                ul.row aria-label=(TEXTS.errors_by_code) {
                    @for failure in &shown.failures {
                        li { span.code { (failure.code) } " " span.muted { (count(failure.count)) } }
                    }
                }
            }
        }
    }
}

fn state(job: &Job) -> Markup {
    let (class, word) = match (job.state, job.stopped) {
        (JobState::Pending, _) => ("muted", TEXTS.state_pending),
        (JobState::Running, _) => ("wait", TEXTS.state_running),
        (JobState::Completed, _) => ("good", TEXTS.state_completed),
        (JobState::Failed, Some(StopReason::Cancelled)) => ("muted", TEXTS.state_cancelled),
        (JobState::Failed, Some(StopReason::GaveUp) | None) => ("bad", TEXTS.state_gave_up),
    };
    html! { span class={ "state " (class) } data-state=(job.state.as_str()) { (word) } }
}
