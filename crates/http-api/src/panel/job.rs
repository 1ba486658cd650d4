//! One job: how far it is, what failed of it, and what can be done about that.

use actix_web::{HttpResponse, get, post, web};
use logistics_domain::ids::JobId;
use logistics_domain::intake::Answer;
use logistics_domain::jobs::{FailedRecord, JobState, Order, Ordered};
use logistics_domain::ports::Page;
use maud::{Markup, html};
use uuid::Uuid;

use super::activity::{self, Shown};
use super::error::PanelError;
use super::format::{count, instant};
use super::frame::{self, Tab};
use super::texts::TEXTS;
use super::visitor::{Editor, Visitor};
use crate::Api;
use crate::dcycle::DcycleError;
use crate::dcycle_v2::errors::as_file;
use crate::paging;
use crate::query::Query;

/// How many errors a page shows.
const SIZE: u32 = 50;

#[get("/jobs/{job_id}")]
pub(super) async fn show(
    api: web::Data<Api>,
    visitor: Visitor,
    id: web::Path<String>,
    mut query: Query,
) -> Result<HttpResponse, PanelError> {
    let page = Page { size: SIZE, ..paging::page(&mut query) };
    let shown = find(&api, &visitor, &id).await?;
    let job = &shown.job;
    let failed = match job.failed {
        0 => Vec::new(),
        _ => api.jobs.jobs(visitor.organization).errors(job.id, usize::MAX).await?,
    };
    let title = activity::title(job);
    let content = html! {
        div.head {
            h1 { (title) }
            a.button href={ "/shipments?file_id=" (job.id) } { (TEXTS.job_shipments) }
        }
        div data-events=[(!job.state.is_final()).then(|| format!("/jobs/{}/events", job.id))] data-then="settled" {
            article.card id={ "job-" (job.id) } {
                (activity::live(&shown, api.clock.now()))
            }
        }
        div #settled .cards {
            (about(&shown))
            @if !failed.is_empty() { (errors(&shown, failed, &query, page)) }
        }
    };
    Ok(frame::page(&visitor, Tab::Activity, &title, &content))
}

#[get("/jobs/{job_id}/errors.csv")]
pub(super) async fn errors_as_csv(
    api: web::Data<Api>,
    visitor: Visitor,
    id: web::Path<String>,
) -> Result<HttpResponse, PanelError> {
    let Shown { job, .. } = find(&api, &visitor, &id).await?;
    let failed = api.jobs.jobs(visitor.organization).errors(job.id, usize::MAX).await?;
    Ok(as_file(job.id, &failed)?)
}

#[post("/jobs/{job_id}/retry")]
pub(super) async fn retry(
    api: web::Data<Api>,
    editor: Editor,
    id: web::Path<String>,
) -> Result<HttpResponse, PanelError> {
    let order = order(&id)?;
    let address = format!("/jobs/{}", order.job);
    let ordered = api.jobs.jobs(editor.visitor.organization).retry(order, api.clock.now()).await?;
    api.dispatch.announce();
    done(&ordered, &address, "only a FAILED job can be retried")
}

#[post("/jobs/{job_id}/cancel")]
pub(super) async fn cancel(
    api: web::Data<Api>,
    editor: Editor,
    id: web::Path<String>,
) -> Result<HttpResponse, PanelError> {
    let order = order(&id)?;
    let address = format!("/jobs/{}", order.job);
    let ordered = api.jobs.jobs(editor.visitor.organization).cancel(order, api.clock.now()).await?;
    done(&ordered, &address, "only a PENDING or RUNNING job can be cancelled")
}

fn order(id: &str) -> Result<Order, PanelError> {
    let answer = Box::new(|_: &_| Answer { status: 303, location: None, body: Vec::new() });
    Ok(Order { job: job_id(id)?, call: None, answer })
}

fn done(ordered: &Ordered, address: &str, remedy: &'static str) -> Result<HttpResponse, PanelError> {
    match ordered {
        Ordered::Told(_) => Ok(frame::see_other(address)),
        Ordered::NoSuchJob => Err(no_such_job()),
        Ordered::NotNow(state) => Err(DcycleError::JobState { state: state.as_str(), remedy }.into()),
    }
}

/// The job that a path names.
pub(super) async fn find(api: &Api, visitor: &Visitor, id: &str) -> Result<Shown, PanelError> {
    activity::one(api, visitor.organization, job_id(id)?).await?.ok_or_else(no_such_job)
}

fn job_id(id: &str) -> Result<JobId, PanelError> {
    Uuid::parse_str(id).map(JobId).map_err(|_not_a_uuid| no_such_job())
}

fn no_such_job() -> PanelError {
    DcycleError::NotFound(TEXTS.no_such_job).into()
}

/// When the job was what, and what can be ordered of it.
fn about(Shown { job, .. }: &Shown) -> Markup {
    let never = html! { span.muted { "–" } };
    let times = [
        (TEXTS.created, Some(job.created_at)),
        (TEXTS.started, job.started_at),
        (TEXTS.finished, job.finished_at),
    ];
    html! {
        div.card {
            dl.figures {
                @for (name, time) in times {
                    div { dt { (name) } dd { (time.map_or_else(|| never.clone(), instant)) } }
                }
            }
            @if job.state == JobState::Failed {
                form method="post" action={ "/jobs/" (job.id) "/retry" } {
                    p.muted { (TEXTS.retry_help) }
                    div { button.primary type="submit" { (TEXTS.retry) } }
                }
            }
            @if !job.state.is_final() {
                details {
                    summary { (TEXTS.cancel) }
                    form method="post" action={ "/jobs/" (job.id) "/cancel" } {
                        div.row {
                            p { (TEXTS.cancel_help) }
                            button type="submit" { (TEXTS.cancel_really) }
                        }
                    }
                }
            }
        }
    }
}

/// What errors are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Record,
    Movement,
    Code,
    Error,
}

impl Column {
    const ALL: [Self; 4] = [Self::Record, Self::Movement, Self::Code, Self::Error];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Record => "record",
            Self::Movement => "movement",
            Self::Code => "code",
            Self::Error => "error",
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Record => TEXTS.record_number,
            Self::Movement => TEXTS.movement,
            Self::Code => TEXTS.code,
            Self::Error => TEXTS.error,
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.as_str() == name)
    }

    fn sort(self, failed: &mut [FailedRecord]) {
        match self {
            Self::Record => failed.sort_by_key(|failed| failed.index),
            Self::Movement => failed.sort_by(|a, b| a.movement_id.cmp(&b.movement_id)),
            Self::Code => failed.sort_by(|a, b| a.code.cmp(&b.code)),
            Self::Error => failed.sort_by(|a, b| a.error.cmp(&b.error)),
        }
    }
}

fn errors(shown: &Shown, mut failed: Vec<FailedRecord>, query: &Query, page: Page) -> Markup {
    let (id, all) = (shown.job.id, failed.len());
    let (search, code) = (query.text("search").unwrap_or_default(), query.text("code").unwrap_or_default());
    let sorted = query.text("sort").as_deref().and_then(Column::from_name).unwrap_or(Column::Record);
    let descending = query.text("order").as_deref() == Some("descending");
    failed.retain(|failed| matches(failed, &search) && (code.is_empty() || failed.code == code));
    sorted.sort(&mut failed);
    if descending {
        failed.reverse();
    }
    let first = (page.number.saturating_sub(1) as usize).saturating_mul(SIZE as usize);
    html! {
        section.card aria-labelledby="errors-title" {
            div.row.spread {
                h2 id="errors-title" { (count(all as u64)) " " (TEXTS.records_failed) }
                a.button href={ "/jobs/" (id) "/errors.csv" } download { (TEXTS.errors_csv) }
            }
            p.muted { (TEXTS.errors_help) }
            (search_form(shown, &search, &code, sorted, descending))
            @if failed.is_empty() {
                p { (TEXTS.nothing_found) }
            } @else {
                div.scroll role="group" aria-labelledby="errors-title" tabindex="0" {
                    table {
                        thead { tr {
                            @for column in Column::ALL { (heading(column, query, sorted, descending)) }
                        } }
                        tbody {
                            @for failed in failed.iter().skip(first).take(SIZE as usize) { (error_row(id, failed)) }
                        }
                    }
                }
                (frame::pager(query, page, failed.len() as u64))
            }
        }
    }
}

fn matches(failed: &FailedRecord, search: &str) -> bool {
    let contains = |text: &str| logistics_domain::leg::contains(text, search);
    search.is_empty() || contains(&failed.error) || failed.movement_id.as_deref().is_some_and(contains)
}

fn search_form(shown: &Shown, search: &str, code: &str, sorted: Column, descending: bool) -> Markup {
    html! {
        form method="get" action={ "/jobs/" (shown.job.id) } role="search" {
            div.fields {
                div.field {
                    label for="search" { (TEXTS.search) }
                    input #search type="search" name="search" value=(search);
                }
                div.field {
                    label for="code" { (TEXTS.code) }
                    select #code name="code" {
                        option value="" { (TEXTS.any) }
                        @for failure in &shown.failures {
                            option value=(failure.code) selected[failure.code == code] { (failure.code) " (" (count(failure.count)) ")" }
                        }
                    }
                }
                input type="hidden" name="sort" value=(sorted.as_str());
                @if descending { input type="hidden" name="order" value="descending"; }
                div.field { span aria-hidden="true" { "\u{a0}" } button type="submit" { (TEXTS.show) } }
            }
        }
    }
}

fn heading(column: Column, query: &Query, sorted: Column, descending: bool) -> Markup {
    let is_sorted = column == sorted;
    let (direction, other) =
        if descending { ("descending", "ascending") } else { ("ascending", "descending") };
    let turned = if is_sorted { other } else { "ascending" };
    let address = query.with_all(&[("sort", column.as_str()), ("order", turned), ("page", "1")]);
    html! {
        th scope="col" aria-sort=[is_sorted.then_some(direction)] { a href=(address) { (column.name()) } }
    }
}

fn error_row(job: JobId, failed: &FailedRecord) -> Markup {
    html! {
        tr {
            td { a href={ "/jobs/" (job) "/records/" (failed.index) } { (failed.index + 1) } }
            td { (failed.movement_id.as_deref().unwrap_or("–")) }
            td.code { (failed.code) }
            td { div.message { (failed.error) } }
        }
    }
}
