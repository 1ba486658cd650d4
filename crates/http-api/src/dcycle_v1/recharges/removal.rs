use actix_web::{HttpResponse, delete, post, web};
use logistics_domain::ids::RechargeId;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::Api;
use crate::auth::Authorized;
use crate::body::JsonBody;
use crate::dcycle::{DcycleError, ErrorBody, ValidationBody};
use crate::dcycle_v1::removal::ids;

/// Recharges to delete.
#[derive(Deserialize, ToSchema)]
#[schema(as = RechargeBatchDeleteRequest)]
struct BatchDelete {
    /// At least one.
    #[schema(value_type = Vec<Uuid>, min_items = 1)]
    recharge_ids: Option<Vec<Value>>,
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
    let id = Uuid::parse_str(&id).map_err(|_not_a_uuid| DcycleError::path("recharge_id", &id))?;
    remove(&api, caller, &[RechargeId(id)]).await
}

/// Deletes recharges for good: all of them, or none if one is not there.
#[utoipa::path(
    tag = "recharges",
    security(("api_key" = [], "organization" = [])),
    request_body = BatchDelete,
    responses(
        (status = 204, description = "Deleted"),
        (status = 401, body = ErrorBody), (status = 404, body = ErrorBody), (status = 413, body = ErrorBody),
        (status = 422, body = ValidationBody), (status = 503, body = ErrorBody),
    ),
)]
#[post("/v1/logistics/recharges/batch-delete")]
pub(super) async fn batch(
    api: web::Data<Api>,
    caller: Authorized,
    body: JsonBody<BatchDelete>,
) -> Result<HttpResponse, DcycleError> {
    let ids = ids("recharge_ids", body.0.recharge_ids.unwrap_or_default())?;
    let ids: Vec<RechargeId> = ids.into_iter().map(RechargeId).collect();
    remove(&api, caller, &ids).await
}

async fn remove(api: &Api, caller: Authorized, ids: &[RechargeId]) -> Result<HttpResponse, DcycleError> {
    if api.recharges.recharges(caller.organization).delete(ids).await? {
        Ok(HttpResponse::NoContent().finish())
    } else {
        Err(DcycleError::NotFound("Logistics recharge not found"))
    }
}
