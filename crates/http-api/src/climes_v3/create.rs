use actix_web::{HttpRequest, HttpResponse, post, web};
use logistics_domain::geography::GeographySettings;
use logistics_domain::ids::LegId;
use logistics_domain::intake::{Delivery, Kept};
use logistics_domain::leg::Outcome;
use logistics_domain::ports::LegToSave;
use uuid::Uuid;

use super::error::{ClimesError, ErrorBody};
use super::request::{self, TripBody};
use super::response::{Saved, TripData};
use super::{Caller, Posted};
use crate::{Api, body, once};

/// Calculates a trip and keeps it.
///
/// A trip with the same `trip_id` and `shipment_sequence` as one kept before takes its place; one that is the same
/// altogether is answered with what is kept.
#[utoipa::path(
    tag = "freight distance",
    security(("api_key" = [])),
    params(once::KeyParam),
    request_body = TripBody,
    responses(
        (status = 200, body = Saved),
        (status = 400, body = ErrorBody, description = "Something is wrong with the trip: every field at fault is named"),
        (status = 403, body = ErrorBody), (status = 413, body = ErrorBody), (status = 415, body = ErrorBody),
        (status = 503, body = ErrorBody),
    ),
)]
#[post("/v3/logistics/freight-distance")]
pub(super) async fn create(
    request: HttpRequest,
    api: web::Data<Api>,
    Posted { organization, body }: Posted,
) -> Result<HttpResponse, ClimesError> {
    let call = once::call_key(&request, &body)?;
    let intake = api.intakes.intake(organization);
    if let Some(response) = once::earlier(&*intake, call.as_ref(), api.clock.now()).await? {
        return Ok(response);
    }
    let leg = request::trip(body::json(&body)?).map_err(|faults| ClimesError::fields(&faults))?;
    let leg = api.calculator.resolve(leg, api.clock.now())?;
    let mut results = api.calculator.calculate(&[&leg], &GeographySettings::default()).await;
    let calculation = results.pop().ok_or(ClimesError::Internal)??;

    let outcome = Outcome::Calculated(Box::new(calculation));
    let legs = vec![LegToSave { id: LegId(Uuid::now_v7()), leg, outcome }];
    let client = Caller { organization }.client_id();
    let answer = Box::new(move |kept: Kept<'_>| {
        let data = kept.legs.first().and_then(|record| TripData::of(record, &client));
        once::ok(&data.map(Saved::of))
    });
    let told = intake.take(Delivery { legs, job: None, call, answer }, api.clock.now()).await?;
    Ok(once::respond(told)?)
}
