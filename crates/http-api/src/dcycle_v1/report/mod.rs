//! The report of a period, as JSON, as a page and as a table.

mod page;
mod plot;
mod table;
mod view;

use actix_web::http::header::{ACCEPT, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY};
use actix_web::{HttpRequest, HttpResponse, get, web};
use chrono::NaiveDate;
use logistics_domain::leg::Days;
use logistics_domain::report::{Selection, Statement};

use crate::Api;
use crate::auth::Authorized;
use crate::dcycle::{DcycleError, ErrorBody, ValidationBody};
use crate::query::Query;
use view::Report;
pub(crate) use view::percentage;

/// A page may use the style that it brings, and nothing else.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// What a report is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Json,
    Html,
    Csv,
}

impl Format {
    fn from_name(name: &str) -> Option<Self> {
        match name {
            "json" => Some(Self::Json),
            "html" => Some(Self::Html),
            "csv" => Some(Self::Csv),
            _ => None,
        }
    }

    const fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Html => "text/html; charset=utf-8",
            Self::Csv => "text/csv; charset=utf-8",
        }
    }

    /// The report in this format.
    fn body(self, report: &Report) -> Option<Vec<u8>> {
        match self {
            Self::Json => serde_json::to_vec(report).ok(),
            Self::Html => Some(page::page(report).into_string().into_bytes()),
            Self::Csv => table::csv(report).ok(),
        }
    }

    /// The format that comes first in an `Accept` header.
    fn accepted(request: &HttpRequest) -> Self {
        let accept = request.headers().get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let named = accept.split(',').map(|part| part.split(';').next().unwrap_or_default().trim());
        let format = |media: &str| match media {
            "application/json" => Some(Self::Json),
            "text/html" => Some(Self::Html),
            "text/csv" => Some(Self::Csv),
            _ => None,
        };
        named.filter_map(format).next().unwrap_or(Self::Json)
    }
}

/// What the legs of a period emit, after ISO 14083: as JSON, as a page that stands for itself, or as a table.
#[utoipa::path(
    tag = "report",
    security(("api_key" = [], "organization" = [])),
    params(
        ("start_date" = NaiveDate, Query, description = "The first day of shipment."),
        ("end_date" = NaiveDate, Query, description = "The last day of shipment."),
        ("client" = Option<String>, Query, description = "Only the legs of this client, letter by letter."),
        ("format" = Option<String>, Query, description = "`json`, `html` or `csv`; what `Accept` names without it."),
    ),
    responses(
        (status = 200, content((Report = "application/json"), (String = "text/html"), (String = "text/csv"))),
        (status = 401, body = ErrorBody), (status = 404, body = ErrorBody), (status = 422, body = ValidationBody),
        (status = 503, body = ErrorBody),
    ),
)]
#[get("/v1/logistics/report")]
pub(super) async fn show(
    request: HttpRequest,
    api: web::Data<Api>,
    caller: Authorized,
    mut query: Query,
) -> Result<HttpResponse, DcycleError> {
    let period = period(&mut query);
    let format = query.parsed("format", "json, html or csv", Format::from_name);
    let client = query.text("client");
    query.finish()?;
    let (start, end) = period.ok_or(DcycleError::Internal)?;
    let selection = Selection { shipped: Days { from: Some(start), until: Some(end) }, client };
    let figures = api.ledgers.ledger(caller.organization).figures(&selection).await?;
    let format = format.unwrap_or_else(|| Format::accepted(&request));
    let name = format!("attachment; filename=\"report-{start}-{end}.csv\"");
    let written = web::block(move || {
        let statement = Statement::of(&figures, api.calculator.factors());
        format.body(&Report::new((start, end), selection.client, &figures, &statement))
    });
    let body = written.await.map_err(|_panicked| DcycleError::Internal)?.ok_or(DcycleError::Internal)?;
    let mut response = HttpResponse::Ok();
    response.content_type(format.content_type());
    match format {
        Format::Json => {}
        Format::Html => {
            response.insert_header((CONTENT_SECURITY_POLICY, POLICY));
        }
        Format::Csv => {
            response.insert_header((CONTENT_DISPOSITION, name));
        }
    }
    Ok(response.body(body))
}

/// The days of a report, which must be there and in order.
pub(crate) fn period(query: &mut Query) -> Option<(NaiveDate, NaiveDate)> {
    let mut day = |name: &str| {
        if query.text(name).is_none() {
            query.missing(name, "give a day as YYYY-MM-DD");
        }
        query.day(name)
    };
    let (start, end) = (day("start_date")?, day("end_date")?);
    if start > end {
        query.fault("end_date", format!("end_date is {end}, before start_date; give {start} or a later day"));
    }
    Some((start, end))
}
