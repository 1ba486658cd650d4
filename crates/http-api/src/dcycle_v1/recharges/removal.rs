use actix_web::{HttpRequest, HttpResponse, delete, post, web};
use logistics_domain::ids::RechargeId;
use logistics_domain::intake::{Call, Effect, Effected};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::auth::Authorized;
use crate::body::{self, RawBody};
use crate::dcycle::{DcycleError, ErrorBody, ValidationBody};
use crate::dcycle_v1::removal::ids;
use crate::values::Given;
use crate::{Api, once};

const NOT_FOUND: DcycleError = DcycleError::NotFound("Logistics recharge not found");

/// Recharges to delete.
#[derive(Deserialize, ToSchema)]
#[schema(as = RechargeBatchDeleteRequest)]
struct BatchDelete {
    /// At least one.
    #[schema(value_type = Vec<Uuid>, min_items = 1)]
    recharge_ids: Given<Vec<Value>>,
}

/// Deletes a recharge for good.
#[utoipa::path(
    tag = "recharges",
    security(("api_key" = [], "organization" = [])),
    params(("recharge_id" = Uuid, Path, description = "The recharge's id.")),
    responses(
        (status = 204, description = "Deleted"),
        (status = 401, body = ErrorBody), (status = 404, body = ErrorBody), (status = 422, body = ValidationBody),
        (status = 503, body = ErrorBody),
    ),
)]
#[delete("/v1/logistics/recharges/{recharge_id}")]
pub(super) async fn one(
    api: web::Data<Api>,
    caller: Authorized,
    id: web::Path<String>,
) -> Result<HttpResponse, DcycleError> {
    let id = DcycleError::id("recharge_id", &id)?;
    let there = api.recharges.recharges(caller.organization).delete(&[RechargeId(id)]).await?;
    if there { Ok(HttpResponse::NoContent().finish()) } else { Err(NOT_FOUND) }
}

/// Deletes recharges for good: all of them, or none if one is not there.
#[utoipa::path(
    tag = "recharges",
    security(("api_key" = [], "organization" = [])),
    params(once::KeyParam),
    request_body = BatchDelete,
    responses(
        (status = 204, description = "Deleted"),
        (status = 401, body = ErrorBody), (status = 404, body = ErrorBody), (status = 413, body = ErrorBody),
        (status = 422, body = ValidationBody), (status = 503, body = ErrorBody),
    ),
)]
#[post("/v1/logistics/recharges/batch-delete")]
pub(super) async fn batch(
    request: HttpRequest,
    api: web::Data<Api>,
    caller: Authorized,
    body: RawBody,
) -> Result<HttpResponse, DcycleError> {
    let key = once::call_key(&request, &body.0)?;
    let asked: BatchDelete = body::parse(&body.0)?;
    let ids = ids("recharge_ids", asked.recharge_ids)?;
    let ids = ids.into_iter().map(RechargeId).collect();
    let answer = |effected: &Effected| (*effected == Effected::Deleted(true)).then(once::no_content);
    let call = Call { effect: Effect::DeleteRecharges(ids), key, answer: Box::new(answer) };
    once::carry_out(&api, caller.organization, call).await?.map_err(|_not_there| NOT_FOUND)
}
