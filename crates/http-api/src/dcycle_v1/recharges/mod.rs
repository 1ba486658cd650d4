//! Fuel and electricity of the organization's vehicles.

mod list;
mod removal;
mod request;
mod response;

use actix_web::{HttpRequest, HttpResponse, post, web};
use logistics_domain::batch::{self, OnError};
use logistics_domain::ids::{FileId, RechargeId};
use logistics_domain::recharge::{
    NewRecharge, RechargeDelivery, RechargeRecord, RechargeToSave, WriteRechargeAnswer,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::bulk::{BulkOptions, raw_records};
use crate::Api;
use crate::auth::Authorized;
use crate::body::{self, RawBody};
use crate::dcycle::{DcycleError, ErrorBody, ValidationBody};
use crate::numbers::kg;
use crate::once;
use request::RechargeBody;
use response::RechargeResponse;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(create)
        .service(bulk)
        .service(removal::batch)
        .service(list::unique_values)
        .service(list::list)
        .service(removal::one);
}

/// Recharges to keep.
#[derive(Deserialize, ToSchema)]
#[schema(as = RechargeBulkRequest)]
#[expect(dead_code, reason = "describes the body, which is read record by record")]
struct BulkBody {
    /// 1 to 5,000 of them.
    #[schema(min_items = 1, max_items = 5000)]
    records: Vec<RechargeBody>,
    options: Option<BulkOptions>,
}

/// What became of the records.
#[derive(Serialize, ToSchema)]
#[schema(as = RechargeBulkResponse)]
struct BulkResponse {
    total_received: usize,
    /// Those that were looked at: `success` and `failed` together.
    total_processed: usize,
    /// Those that were created or updated.
    success: usize,
    failed: usize,
    results: Vec<BulkResult>,
    errors: Vec<BulkError>,
    /// What the records are found by later: the filter `file_id[]`.
    file_id: Uuid,
}

/// A record that was taken.
#[derive(Serialize, ToSchema)]
#[schema(as = RechargeBulkResult)]
struct BulkResult {
    /// Its position in `records`, from 0.
    index: usize,
    id: Uuid,
    vehicle_license_plate: Option<String>,
    /// Kilograms of CO2e.
    co2e: f64,
}

/// A record that was not taken.
#[derive(Serialize, ToSchema)]
#[schema(as = RechargeBulkError)]
struct BulkError {
    /// Its position in `records`, from 0.
    index: usize,
    /// The text that a single call would give.
    error: String,
}

/// Keeps fuel that was filled in, or electricity that was charged. One with the same country, date, quantity and licence plate
/// is updated.
#[utoipa::path(
    tag = "recharges",
    security(("api_key" = [], "organization" = [])),
    params(once::KeyParam),
    request_body = RechargeBody,
    responses(
        (status = 200, body = RechargeResponse),
        (status = 401, body = ErrorBody),
        (status = 404, body = ErrorBody, description = "The organization, the fuel or the TOC is not found"),
        (status = 413, body = ErrorBody), (status = 422, body = ValidationBody), (status = 503, body = ErrorBody),
    ),
)]
#[post("/v1/logistics/recharges")]
async fn create(
    request: HttpRequest,
    api: web::Data<Api>,
    caller: Authorized,
    body: RawBody,
) -> Result<HttpResponse, DcycleError> {
    let call = once::call_key(&request, &body.0)?;
    let intake = api.intakes.intake(caller.organization);
    if let Some(response) = once::earlier(&*intake, call.as_ref(), api.clock.now()).await? {
        return Ok(response);
    }
    let new = body::parse::<RechargeBody>(&body.0)?.parse().map_err(DcycleError::fields)?;
    let recharge = api.energy.calculate(api.calculator.factors(), new, None)?;
    let recharges = vec![RechargeToSave { id: RechargeId(Uuid::now_v7()), recharge }];
    let answer: WriteRechargeAnswer = Box::new(|kept| once::ok(&kept.first().map(RechargeResponse::of)));
    let delivery = RechargeDelivery { recharges, call, answer };
    once::respond(api.recharges.recharges(caller.organization).take(delivery, api.clock.now()).await?)
}

/// Keeps up to 5,000 recharges.
#[utoipa::path(
    tag = "recharges",
    security(("api_key" = [], "organization" = [])),
    params(once::KeyParam),
    request_body = BulkBody,
    responses(
        (status = 200, body = BulkResponse),
        (status = 401, body = ErrorBody), (status = 404, body = ErrorBody), (status = 413, body = ErrorBody),
        (status = 422, body = ValidationBody), (status = 503, body = ErrorBody),
    ),
)]
#[post("/v1/logistics/recharges/bulk")]
async fn bulk(
    request: HttpRequest,
    api: web::Data<Api>,
    caller: Authorized,
    body: RawBody,
) -> Result<HttpResponse, DcycleError> {
    let call = once::call_key(&request, &body.0)?;
    let intake = api.intakes.intake(caller.organization);
    if let Some(response) = once::earlier(&*intake, call.as_ref(), api.clock.now()).await? {
        return Ok(response);
    }
    let (file, api_to_work) = (FileId(Uuid::now_v7()), api.clone());
    let judged = web::block(move || judge(&api_to_work, &body.0, file));
    let Judged { received, indexes, recharges, errors } =
        judged.await.map_err(|_panicked| DcycleError::Internal)??;
    let answer: WriteRechargeAnswer = Box::new(move |kept| {
        let results: Vec<BulkResult> =
            indexes.iter().zip(kept).map(|(index, kept)| result(*index, kept)).collect();
        let (success, failed) = (results.len(), errors.len());
        let (total_received, total_processed) = (received, success + failed);
        once::ok(&BulkResponse {
            total_received,
            total_processed,
            success,
            failed,
            results,
            errors,
            file_id: file.0,
        })
    });
    let delivery = RechargeDelivery { recharges, call, answer };
    once::respond(api.recharges.recharges(caller.organization).take(delivery, api.clock.now()).await?)
}

/// The records of a batch, calculated or refused, each by itself.
struct Judged {
    received: usize,
    indexes: Vec<usize>,
    recharges: Vec<RechargeToSave>,
    errors: Vec<BulkError>,
}

fn judge(api: &Api, bytes: &[u8], file: FileId) -> Result<Judged, DcycleError> {
    let (records, on_error) = raw_records(bytes)?;
    let mut judged = Judged {
        received: records.len(),
        indexes: Vec::with_capacity(records.len()),
        recharges: Vec::with_capacity(records.len()),
        errors: Vec::new(),
    };
    for (index, json) in records.into_iter().enumerate() {
        let calculated = record(json).and_then(|new| {
            let calculated = api.energy.calculate(api.calculator.factors(), new, Some(file));
            calculated.map_err(|fault| fault.to_string())
        });
        match calculated {
            Ok(recharge) => {
                judged.indexes.push(index);
                judged.recharges.push(RechargeToSave { id: RechargeId(Uuid::now_v7()), recharge });
            }
            Err(error) => {
                judged.errors.push(BulkError { index, error });
                if on_error == OnError::Stop {
                    break;
                }
            }
        }
    }
    Ok(judged)
}

fn record(json: &str) -> Result<NewRecharge, String> {
    let body: RechargeBody = serde_json::from_str(json)
        .map_err(|error| format!("the record is not a JSON object of a recharge: {error}"))?;
    body.parse().map_err(|faults| batch::in_words(&faults))
}

fn result(index: usize, kept: &RechargeRecord) -> BulkResult {
    let co2e = kg(kept.recharge.emissions.wtw.get());
    BulkResult { index, id: kept.id.0, vehicle_license_plate: kept.recharge.plate.clone(), co2e }
}
