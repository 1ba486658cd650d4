use actix_web::{HttpResponse, get, web};
use emissions_core::Receipt;
use logistics_domain::Calculation;
use logistics_domain::calculator::RouteFound;
use logistics_domain::leg::Outcome;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::requests::find;
use crate::Api;
use crate::auth::Authorized;
use crate::dcycle::{DcycleError, ErrorBody, ValidationBody};

/// A leg's arithmetic, written out: unrounded, with the source of every factor, and with all that is needed to compute it
/// again.
#[derive(Serialize, ToSchema)]
struct ReceiptResponse<'r> {
    request_id: Uuid,
    /// How the distance was found, where it was not given.
    #[schema(value_type = Option<Object>)]
    route: Option<&'r RouteFound>,
    /// The steps in order, the leg, and the rows used.
    #[schema(value_type = Object)]
    receipt: Receipt,
}

/// The arithmetic behind a leg.
#[utoipa::path(
    tag = "requests",
    security(("api_key" = [], "organization" = [])),
    params(("request_id" = Uuid, Path, description = "The leg's id.")),
    responses(
        (status = 200, body = ReceiptResponse),
        (status = 401, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "The leg has no result"),
        (status = 422, body = ValidationBody), (status = 503, body = ErrorBody),
    ),
)]
#[get("/v1/logistics/requests/{request_id}/receipt")]
pub(super) async fn receipt(
    api: web::Data<Api>,
    caller: Authorized,
    id: web::Path<String>,
) -> Result<HttpResponse, DcycleError> {
    let record = find(&api, caller, &id).await?;
    let Outcome::Calculated(calculation) = &record.outcome else {
        return Err(DcycleError::NotCalculated(
            "the request has no result yet; see its status and error_messages",
        ));
    };
    let response = ReceiptResponse {
        request_id: record.id.0,
        route: calculation.route.as_deref(),
        receipt: written_out(calculation)?,
    };
    Ok(HttpResponse::Ok().json(response))
}

/// The receipt of a stored calculation, computed again from its question and its rows, and compared with what is stored.
pub(crate) fn written_out(calculation: &Calculation) -> Result<Receipt, DcycleError> {
    let facts = calculation.facts.facts().map_err(|error| broken(&error))?;
    let facts = facts.facts();
    let again = facts.calculate(&calculation.question).map_err(|error| broken(&error))?;
    if again.total() != calculation.total() {
        return Err(broken(&"computed again, the stored result comes out differently"));
    }
    Ok(Receipt::of(&calculation.question, &again))
}

fn broken(error: &dyn std::fmt::Display) -> DcycleError {
    tracing::error!(%error, "a stored result does not give its receipt");
    DcycleError::Internal
}
