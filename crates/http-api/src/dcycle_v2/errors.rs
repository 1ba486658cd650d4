use std::collections::HashSet;
use std::fmt;

use actix_web::{HttpRequest, HttpResponse, get, web};
use logistics_domain::ids::JobId;
use logistics_domain::jobs::FailedRecord;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::jobs::{JobErrorBody, find};
use crate::Api;
use crate::auth::Authorized;
use crate::dcycle::{DcycleError, ErrorBody, ValidationBody};
use crate::query::Query;

/// All records of a job that failed.
#[derive(Serialize, ToSchema)]
struct JobErrors {
    total: usize,
    items: Vec<JobErrorBody>,
}

/// The columns that are added to the upload's own.
const ADDED: [&str; 4] = ["dray_index", "dray_stage", "dray_code", "dray_error"];

/// All records of a job that failed: as JSON, or as CSV in the columns of the upload, so that they can be mended and sent
/// again.
#[utoipa::path(
    tag = "jobs",
    security(("api_key" = [], "organization" = [])),
    params(
        ("job_id" = Uuid, Path, description = "The job's id."),
        ("format" = Option<String>, Query, description = "`json` or `csv`; without it, what `Accept` prefers."),
    ),
    responses(
        (status = 200, content((JobErrors = "application/json"), (String = "text/csv"))),
        (status = 401, body = ErrorBody), (status = 404, body = ErrorBody), (status = 422, body = ValidationBody),
        (status = 503, body = ErrorBody),
    ),
)]
#[get("/v2/logistics/jobs/{job_id}/errors")]
pub(super) async fn errors(
    request: HttpRequest,
    api: web::Data<Api>,
    caller: Authorized,
    id: web::Path<String>,
    mut query: Query,
) -> Result<HttpResponse, DcycleError> {
    let as_csv = query.parsed("format", "json or csv", |format| match format {
        "csv" => Some(true),
        "json" => Some(false),
        _ => None,
    });
    query.finish()?;
    let accepted = request.headers().get("accept").and_then(|accept| accept.to_str().ok());
    let as_csv = as_csv.unwrap_or_else(|| accepted.is_some_and(|accept| accept.starts_with("text/csv")));

    let jobs = api.jobs.jobs(caller.organization);
    let job = find(&*jobs, &id).await?;
    let failed = jobs.errors(job.id, usize::MAX).await?;
    if !as_csv {
        let items: Vec<JobErrorBody> = failed.into_iter().map(JobErrorBody::from).collect();
        return Ok(HttpResponse::Ok().json(JobErrors { total: items.len(), items }));
    }
    as_file(job.id, &failed)
}

/// Failed records as a CSV file to download.
pub(crate) fn as_file(job: JobId, failed: &[FailedRecord]) -> Result<HttpResponse, DcycleError> {
    let table = table(failed).map_err(|error| {
        tracing::error!(%error, "the errors could not be written as CSV");
        DcycleError::Internal
    })?;
    let name = format!("attachment; filename=\"job-{job}-errors.csv\"");
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header(("content-disposition", name))
        .body(table))
}

/// A record's fields in the order in which they were sent, their values still JSON.
#[derive(Default)]
pub(crate) struct Fields(Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Fields;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Fields, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = entries.next_entry()? {
                    fields.push(field);
                }
                Ok(Fields(fields))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

impl Fields {
    /// The fields of a record as it was sent; none if it is no JSON object.
    pub fn of(upload: &str) -> Self {
        serde_json::from_str(upload).unwrap_or_default()
    }

    /// The fields' names, in the order in which they were sent.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// A field as a cell: text as it is, nothing for null, JSON for the rest. Of two equal names the last counts.
    pub fn cell(&self, name: &str) -> String {
        let value = self.0.iter().rev().find(|(own, _)| own == name).map(|(_, value)| value.get());
        match value {
            None | Some("null") => String::new(),
            Some(json) => serde_json::from_str::<String>(json).unwrap_or_else(|_no_text| json.to_owned()),
        }
    }
}

/// Failed records as CSV: the upload's columns in the order in which they first come, then what is wrong.
fn table(failed: &[FailedRecord]) -> Result<Vec<u8>, csv::Error> {
    let uploads: Vec<Fields> = failed.iter().map(|failed| Fields::of(&failed.upload)).collect();
    let mut seen = HashSet::new();
    let names = uploads.iter().flat_map(Fields::names);
    let columns: Vec<&str> = names.filter(|name| seen.insert(*name)).collect();

    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(columns.iter().copied().chain(ADDED))?;
    for (failed, upload) in failed.iter().zip(&uploads) {
        let own = columns.iter().map(|column| upload.cell(column));
        let index = failed.index.to_string();
        let added = [&index, failed.stage.as_str(), &failed.code, &failed.error].map(str::to_owned);
        writer.write_record(own.chain(added))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}
