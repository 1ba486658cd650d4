use actix_web::{HttpRequest, HttpResponse, delete, post, web};
use logistics_domain::ids::LegId;
use logistics_domain::intake::{Call, Effect, Effected};
use logistics_domain::leg::Problem;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::filters::Filters;
use crate::Api;
use crate::auth::Authorized;
use crate::body::{self, RawBody};
use crate::dcycle::{DcycleError, ErrorBody, Fault, ValidationBody};
use crate::once;
use crate::query::Query;
use crate::values::{Faults, Given};

const NOT_FOUND: DcycleError = DcycleError::NotFound("Logistics request not found");

/// Legs to delete.
#[derive(Deserialize, ToSchema)]
#[schema(as = BatchDeleteRequest)]
struct BatchDelete {
    /// At least one.
    #[schema(value_type = Vec<Uuid>, min_items = 1)]
    request_ids: Given<Vec<Value>>,
}

/// What makes sure that the filters are those of the list that was looked at.
#[derive(Deserialize, ToSchema)]
#[schema(as = BulkDeleteRequest)]
struct Guard {
    /// From the list with the same filters.
    #[schema(value_type = String, example = "a3f1c2e4b5d6a7b8")]
    filter_hash: Given<String>,
}

/// What was deleted.
#[derive(Serialize, ToSchema)]
#[schema(as = BulkDeleteResponse)]
struct Deleted {
    success_count: usize,
    success_ids: Vec<Uuid>,
    /// Always 0: all are deleted, or the call fails and none is.
    failed_count: usize,
    failed_ids: Vec<Uuid>,
    #[schema(example = "2 requests deleted")]
    message: String,
}

/// Deletes a leg and its results for good.
#[utoipa::path(
    tag = "requests",
    security(("api_key" = [], "organization" = [])),
    params(("request_id" = Uuid, Path, description = "The leg's id.")),
    responses(
        (status = 204, description = "Deleted"),
        (status = 401, body = ErrorBody), (status = 404, body = ErrorBody), (status = 422, body = ValidationBody),
        (status = 503, body = ErrorBody),
    ),
)]
#[delete("/v1/logistics/requests/{request_id}")]
pub(super) async fn one(
    api: web::Data<Api>,
    caller: Authorized,
    id: web::Path<String>,
) -> Result<HttpResponse, DcycleError> {
    let id = DcycleError::id("request_id", &id)?;
    remove(&api, caller, &[LegId(id)]).await
}

/// Deletes legs and their results for good: all of them, or none if one is not there.
#[utoipa::path(
    tag = "requests",
    security(("api_key" = [], "organization" = [])),
    params(once::KeyParam),
    request_body = BatchDelete,
    responses(
        (status = 204, description = "Deleted"),
        (status = 401, body = ErrorBody), (status = 404, body = ErrorBody), (status = 413, body = ErrorBody),
        (status = 422, body = ValidationBody), (status = 503, body = ErrorBody),
    ),
)]
#[post("/v1/logistics/requests/batch-delete")]
pub(super) async fn batch(
    request: HttpRequest,
    api: web::Data<Api>,
    caller: Authorized,
    body: RawBody,
) -> Result<HttpResponse, DcycleError> {
    let key = once::call_key(&request, &body.0)?;
    let ids = ids("request_ids", body::parse::<BatchDelete>(&body.0)?.request_ids)?;
    let ids = ids.into_iter().map(LegId).collect();
    let answer = |effected: &Effected| (*effected == Effected::Deleted(true)).then(once::no_content);
    let call = Call { effect: Effect::DeleteLegs(ids), key, answer: Box::new(answer) };
    once::carry_out(&api, caller.organization, call).await?.map_err(|_not_there| NOT_FOUND)
}

/// Deletes the legs that the filters of the query select, as the list of requests takes them.
#[utoipa::path(
    tag = "requests",
    security(("api_key" = [], "organization" = [])),
    params(super::filters::FilterParams, once::KeyParam),
    request_body = Guard,
    responses(
        (status = 200, body = Deleted),
        (status = 401, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "The hash is of other filters"),
        (status = 413, body = ErrorBody), (status = 422, body = ValidationBody), (status = 503, body = ErrorBody),
    ),
)]
#[post("/v1/logistics/requests/bulk-delete-by-filters")]
pub(super) async fn by_filters(
    request: HttpRequest,
    api: web::Data<Api>,
    caller: Authorized,
    mut query: Query,
    body: RawBody,
) -> Result<HttpResponse, DcycleError> {
    let key = once::call_key(&request, &body.0)?;
    let guard: Guard = body::parse(&body.0)?;
    let filters = Filters::read(&mut query);
    Filters::refuse_others(&mut query);
    query.finish()?;
    if filters.is_empty() {
        let msg = "no filter is set; give at least one, to delete only what it selects".to_owned();
        return Err(DcycleError::Invalid(vec![Fault {
            loc: vec!["query".into()],
            msg,
            kind: "value_error",
        }]));
    }
    let mut faults = Faults::default();
    let remedy = "take it from the list with these filters";
    let filter_hash = faults.required("filter_hash", guard.filter_hash, remedy);
    faults.finish()?;
    if filter_hash != Some(filters.hash()) {
        return Err(DcycleError::OtherFilters(
            "filter_hash is not that of these filters; list the requests with them, and look again at what is selected",
        ));
    }
    let effect = Effect::DeleteSelected(Box::new(filters.leg_filter(api.calculator.factors())));
    let answer = |effected: &Effected| match effected {
        Effected::Selected(deleted) => Some(once::ok(&Deleted::of(deleted))),
        _ => None,
    };
    let call = Call { effect, key, answer: Box::new(answer) };
    once::carry_out(&api, caller.organization, call).await?.map_err(|_never| DcycleError::Internal)
}

impl Deleted {
    fn of(deleted: &[LegId]) -> Self {
        Self {
            success_count: deleted.len(),
            failed_count: 0,
            failed_ids: Vec::new(),
            message: message(deleted.len()),
            success_ids: deleted.iter().map(|id| id.0).collect(),
        }
    }
}

async fn remove(api: &Api, caller: Authorized, ids: &[LegId]) -> Result<HttpResponse, DcycleError> {
    if api.repositories.legs(caller.organization).delete(ids, api.clock.now()).await? {
        Ok(HttpResponse::NoContent().finish())
    } else {
        Err(NOT_FOUND)
    }
}

fn message(deleted: usize) -> String {
    match deleted {
        0 => "no request is selected by these filters".to_owned(),
        1 => "1 request deleted".to_owned(),
        count => format!("{count} requests deleted"),
    }
}

/// The ids of a body's field; at least one.
pub(super) fn ids(field: &'static str, given: Given<Vec<Value>>) -> Result<Vec<Uuid>, DcycleError> {
    let mut faults = Faults::default();
    let remedy = "give at least one id";
    let values = faults.required(field, given, remedy);
    if values.as_ref().is_some_and(Vec::is_empty) {
        faults.add(field, Problem::Missing, format!("{field} is empty; {remedy}"));
    }
    let ids = faults.uuids(field, values.unwrap_or_default());
    faults.finish().map(|()| ids)
}
