use actix_web::{HttpRequest, HttpResponse, post, web};
use logistics_domain::batch::{self, Record, Refused};
use logistics_domain::geography::GeographySettings;
use logistics_domain::hub::HubDirectory;
use logistics_domain::intake::{Delivery, Kept};
use logistics_domain::leg::LegRecord;
use logistics_domain::ports::LegToSave;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::error::{ClimesError, ErrorBody};
use super::request::{self, TripBody};
use super::response::{TripData, saved_message};
use super::{Caller, Posted};
use crate::body;
use crate::dcycle_v1::bulk::{raw_records, to_save};
use crate::{Api, once};

/// Trips to calculate and keep.
#[derive(Deserialize, ToSchema)]
#[schema(as = FreightDistanceBulk)]
#[expect(dead_code, reason = "describes the body, which is read record by record")]
struct BulkBody {
    /// 1 to 5,000 of them.
    #[schema(min_items = 1, max_items = 5000)]
    records: Vec<TripBody>,
    options: Option<BulkOptions>,
}

/// How to go on.
#[derive(Deserialize, ToSchema)]
#[schema(as = FreightDistanceBulkOptions)]
#[expect(dead_code, reason = "describes the body, which is read record by record")]
struct BulkOptions {
    /// Whether a trip that cannot be taken leaves the others alone; true without it. False stops at the first one, and keeps
    /// those before it.
    continue_on_error: Option<bool>,
}

/// What became of the trips.
#[derive(Serialize, ToSchema)]
#[schema(as = FreightDistanceBulkResponse)]
struct BulkResponse<'r> {
    success: bool,
    #[schema(example = "2 of 3 logistic data saved")]
    message: String,
    data: BulkData<'r>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = FreightDistanceBulkData)]
struct BulkData<'r> {
    total_received: usize,
    /// Those that were looked at: `success` and `failed` together.
    total_processed: usize,
    success: usize,
    failed: usize,
    results: Vec<BulkResult<'r>>,
    errors: Vec<BulkError>,
}

/// A trip that was taken.
#[derive(Serialize, ToSchema)]
#[schema(as = FreightDistanceBulkResult)]
struct BulkResult<'r> {
    /// Its position in `records`, from 0.
    index: usize,
    message: String,
    data: TripData<'r>,
}

/// A trip that was not taken.
#[derive(Serialize, ToSchema)]
#[schema(as = FreightDistanceBulkError)]
struct BulkError {
    /// Its position in `records`, from 0.
    index: usize,
    trip_id: Option<String>,
    /// The text that a single call would give.
    message: String,
}

/// Calculates up to 5,000 trips and keeps them.
#[utoipa::path(
    tag = "freight distance",
    security(("api_key" = [])),
    params(once::KeyParam),
    request_body = BulkBody,
    responses(
        (status = 200, body = BulkResponse),
        (status = 400, body = ErrorBody, description = "The body is not JSON, or has no records or more than 5,000"),
        (status = 403, body = ErrorBody), (status = 413, body = ErrorBody), (status = 415, body = ErrorBody),
        (status = 503, body = ErrorBody),
    ),
)]
#[post("/v3/logistics/freight-distance/bulk")]
pub(super) async fn create(
    request: HttpRequest,
    api: web::Data<Api>,
    Posted { organization, body }: Posted,
) -> Result<HttpResponse, ClimesError> {
    let now = api.clock.now();
    let call = once::call_key(&request, &body)?;
    let intake = api.intakes.intake(organization);
    if let Some(response) = once::earlier(&*intake, call.as_ref(), now).await? {
        return Ok(response);
    }
    let calculator = api.calculator.clone();
    let resolved = web::block(move || {
        let (raw, on_error) = raw_records(&body)?;
        let records: Vec<Record> = body::parse_each(&raw, request::record);
        let received = records.len();
        let resolved = batch::resolve(&calculator, &HubDirectory::default(), records, on_error, now);
        Ok::<_, ClimesError>((received, resolved, on_error))
    });
    let (received, resolved, on_error) = resolved.await.map_err(|_panicked| ClimesError::Internal)??;
    let settings = GeographySettings::default();
    let outcome = batch::calculate(&api.calculator, resolved, &settings, on_error).await;

    let (indexes, legs): (Vec<usize>, Vec<LegToSave>) = outcome.taken.into_iter().map(to_save).unzip();
    let (refused, client) = (outcome.refused, Caller { organization }.client_id());
    let answer = Box::new(move |kept: Kept<'_>| {
        once::ok(&BulkResponse::new(received, &indexes, kept.legs, refused, &client))
    });
    let told = intake.take(Delivery { legs, job: None, call, answer }, api.clock.now()).await?;
    Ok(once::respond(told)?)
}

impl<'r> BulkResponse<'r> {
    fn new(
        total_received: usize,
        indexes: &[usize],
        kept: &'r [LegRecord],
        refused: Vec<Refused>,
        client: &'r str,
    ) -> Self {
        let result = |(index, record): (&usize, &'r LegRecord)| {
            let data = TripData::of(record, client)?;
            Some(BulkResult { index: *index, message: saved_message(&data), data })
        };
        let results: Vec<BulkResult<'r>> = indexes.iter().zip(kept).filter_map(result).collect();
        let errors: Vec<BulkError> = refused.into_iter().map(error).collect();
        let (success, failed) = (results.len(), errors.len());
        let total_processed = success + failed;
        let message = format!("{success} of {total_received} logistic data saved");
        let data = BulkData { total_received, total_processed, success, failed, results, errors };
        Self { success: true, message, data }
    }
}

fn error(refused: Refused) -> BulkError {
    BulkError { index: refused.index, trip_id: refused.movement_id, message: refused.reason }
}
