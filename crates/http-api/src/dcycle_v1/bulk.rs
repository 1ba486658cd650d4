use actix_web::{HttpRequest, HttpResponse, post, web};
use logistics_domain::Calculation;
use logistics_domain::batch::{self, MAX_RECORDS, OnError, Record, Refused, Taken};
use logistics_domain::hub::HubDirectory;
use logistics_domain::ids::LegId;
use logistics_domain::intake::{Delivery, Kept};
use logistics_domain::leg::{LegRecord, Outcome};
use logistics_domain::ports::LegToSave;
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, SeqAccess};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;
use utoipa::openapi::schema::Type;
use uuid::Uuid;

use super::request::LegBody;
use crate::Api;
use crate::auth::Authorized;
use crate::body::{self, RawBody};
use crate::dcycle::{DcycleError, ErrorBody, Fault, ValidationBody};
use crate::numbers::kg;
use crate::once;
use crate::values::{Faults, FieldType, Given};

/// Legs to calculate and keep.
#[derive(Deserialize, ToSchema)]
#[schema(as = BulkRequest)]
#[expect(dead_code, reason = "describes the body, which is read by `Envelope` record by record")]
pub(crate) struct BulkBody {
    /// 1 to 5,000 of them.
    #[schema(min_items = 1, max_items = 5000)]
    records: Vec<LegBody>,
    options: Option<BulkOptions>,
}

/// How to go on.
#[derive(Default, Deserialize, ToSchema)]
pub(crate) struct BulkOptions {
    /// Whether a record that cannot be taken leaves the others alone; true without it. False stops at the first one, and
    /// keeps those before it.
    #[schema(value_type = Option<bool>)]
    continue_on_error: Given<bool>,
}

impl<'de> FieldType<'de> for BulkOptions {
    const EXPECTED: &'static str = "an object";
    const SCHEMA: Type = Type::Object;

    fn of_object<A: MapAccess<'de>>(entries: A) -> Result<Option<Self>, A::Error> {
        Self::deserialize(MapAccessDeserializer::new(entries)).map(Some)
    }
}

/// Records that are still text: each is parsed by itself, so that a bad one costs only itself.
#[derive(Default)]
struct RawRecords<'b>(Vec<&'b RawValue>);

impl<'de: 'b, 'b> FieldType<'de> for RawRecords<'b> {
    const EXPECTED: &'static str = "a list of records";
    const SCHEMA: Type = Type::Array;

    fn of_list<A: SeqAccess<'de>>(mut items: A) -> Result<Option<Self>, A::Error> {
        let mut records = Vec::new();
        while let Some(record) = items.next_element()? {
            records.push(record);
        }
        Ok(Some(Self(records)))
    }
}

/// The body of a bulk call.
#[derive(Deserialize)]
struct Envelope<'b> {
    #[serde(borrow)]
    records: Given<RawRecords<'b>>,
    options: Given<BulkOptions>,
}

/// What became of the records.
#[derive(Serialize, ToSchema)]
pub(crate) struct BulkResponse {
    total_received: usize,
    /// Those that were looked at: `success` and `failed` together.
    total_processed: usize,
    success: usize,
    failed: usize,
    results: Vec<BulkResult>,
    errors: Vec<BulkError>,
    /// The job that calculates the records; only of version 2.
    #[serde(skip_serializing_if = "Option::is_none")]
    job_id: Option<Uuid>,
    /// The file that the records came in; only of version 2.
    #[serde(skip_serializing_if = "Option::is_none")]
    file_id: Option<Uuid>,
}

/// A record that was taken.
#[derive(Serialize, ToSchema)]
struct BulkResult {
    /// Its position in `records`, from 0.
    index: usize,
    id: Uuid,
    movement_id: Option<String>,
    package_id: Option<Uuid>,
    /// Kilograms of CO2e.
    co2e: Option<f64>,
}

/// A record that was not taken.
#[derive(Serialize, ToSchema)]
struct BulkError {
    /// Its position in `records`, from 0.
    index: usize,
    movement_id: Option<String>,
    /// The text that a single call would give.
    error: String,
}

/// Calculates up to 5,000 legs and keeps them.
#[utoipa::path(
    tag = "requests",
    security(("api_key" = [], "organization" = [])),
    params(once::KeyParam),
    request_body = BulkBody,
    responses(
        (status = 200, body = BulkResponse),
        (status = 401, body = ErrorBody), (status = 404, body = ErrorBody), (status = 413, body = ErrorBody),
        (status = 422, body = ValidationBody), (status = 503, body = ErrorBody),
    ),
)]
#[post("/v1/logistics/requests/bulk")]
pub(super) async fn create(
    request: HttpRequest,
    api: web::Data<Api>,
    caller: Authorized,
    body: RawBody,
) -> Result<HttpResponse, DcycleError> {
    let now = api.clock.now();
    let call = once::call_key(&request, &body.0)?;
    let intake = api.intakes.intake(caller.organization);
    if let Some(response) = once::earlier(&*intake, call.as_ref(), now).await? {
        return Ok(response);
    }
    let read = web::block(move || {
        let (records, on_error) = records(&body.0)?;
        let mentions = batch::mentions(&records);
        Ok::<_, DcycleError>((records, mentions, on_error))
    });
    let (records, mentions, on_error) = read.await.map_err(|_panicked| DcycleError::Internal)??;
    let hubs = HubDirectory::new(api.hubs.hubs(caller.organization).mentioned(mentions).await?);
    let (received, calculator) = (records.len(), api.calculator.clone());
    let resolved = web::block(move || batch::resolve(&calculator, &hubs, records, on_error, now));
    let resolved = resolved.await.map_err(|_panicked| DcycleError::Internal)?;
    let settings = api.maps.geography(caller.organization).settings().await?;
    let outcome = batch::calculate(&api.calculator, resolved, &settings, on_error).await;

    let (indexes, legs): (Vec<usize>, Vec<LegToSave>) = outcome.taken.into_iter().map(to_save).unzip();
    let refused = outcome.refused;
    let answer =
        Box::new(move |kept: Kept<'_>| once::ok(&BulkResponse::new(received, &indexes, kept, refused)));
    once::respond(intake.take(Delivery { legs, job: None, call, answer }, api.clock.now()).await?)
}

impl BulkResponse {
    pub fn new(total_received: usize, indexes: &[usize], kept: Kept<'_>, refused: Vec<Refused>) -> Self {
        let results: Vec<BulkResult> =
            indexes.iter().zip(kept.legs).map(|(index, leg)| result(*index, leg)).collect();
        let errors: Vec<BulkError> = refused.into_iter().map(error).collect();
        let (success, failed) = (results.len(), errors.len());
        let (total_processed, job_id) = (success + failed, kept.job.map(|job| job.0));
        Self { total_received, total_processed, success, failed, results, errors, job_id, file_id: job_id }
    }
}

/// The records of a body, each still JSON, and how to go on.
pub(crate) fn raw_records(bytes: &[u8]) -> Result<(Vec<&str>, OnError), DcycleError> {
    let envelope: Envelope<'_> = body::parse(bytes)?;
    let mut faults = Faults::default();
    let records = faults.read("records", envelope.records);
    let options = faults.read("options", envelope.options).unwrap_or_default();
    let goes_on = faults.read("options.continue_on_error", options.continue_on_error).unwrap_or(true);
    faults.finish()?;
    let raw = records.unwrap_or_default().0;
    if raw.is_empty() || raw.len() > MAX_RECORDS {
        let msg = format!("records has {} entries; give 1 to {MAX_RECORDS}", raw.len());
        let loc = vec!["body".into(), "records".into()];
        return Err(DcycleError::Invalid(vec![Fault { loc, msg, kind: "value_error" }]));
    }
    let on_error = if goes_on { OnError::Continue } else { OnError::Stop };
    Ok((raw.into_iter().map(RawValue::get).collect(), on_error))
}

/// The records of a body, each parsed by itself, and how to go on.
fn records(bytes: &[u8]) -> Result<(Vec<Record>, OnError), DcycleError> {
    let (raw, on_error) = raw_records(bytes)?;
    Ok((body::parse_each(&raw, LegBody::record), on_error))
}

/// A leg that was calculated, to keep, and its position in the batch.
pub(crate) fn to_save(taken: Taken<Calculation>) -> (usize, LegToSave) {
    let outcome = Outcome::Calculated(Box::new(taken.result));
    (taken.index, LegToSave { id: LegId(Uuid::now_v7()), leg: taken.leg, outcome })
}

fn result(index: usize, record: &LegRecord) -> BulkResult {
    let co2e = match &record.outcome {
        Outcome::Calculated(calculation) => Some(kg(calculation.total().wtw.get())),
        Outcome::Pending | Outcome::Failed(_) => None,
    };
    let package_id = record.package_id.map(|package| package.0);
    let movement_id = record.leg.trace.movement_id.clone();
    BulkResult { index, id: record.id.0, movement_id, package_id, co2e }
}

fn error(refused: Refused) -> BulkError {
    BulkError { index: refused.index, movement_id: refused.movement_id, error: refused.reason }
}
