//! Calls with an `Idempotency-Key`: sent again, they have no second effect and the first answer.

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, LOCATION};
use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, Utc};
use logistics_domain::ids::{JobId, OrganizationId};
use logistics_domain::intake::{Answer, Call, CallKey, Done, Effected, Intake, Told};
use serde::Serialize;
use sha2::{Digest, Sha256};
use utoipa::IntoParams;

use crate::Api;
use crate::dcycle::DcycleError;

/// The header with the client's name for its call.
pub(crate) const KEY_HEADER: &str = "idempotency-key";

/// The header, as the API's description has it.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "describes the header, which is read by `call_key`")]
pub(crate) struct KeyParam {
    /// Sent again with the same body, the call has no second effect and the first answer; kept for 24 hours.
    #[param(rename = "idempotency-key")]
    idempotency_key: Option<String>,
}

/// The longest key, in characters.
const MAX_KEY: usize = 255;

/// The key of a call, with a hash of its method, path, query and body.
pub(crate) fn call_key(request: &HttpRequest, body: &[u8]) -> Result<Option<CallKey>, DcycleError> {
    let Some(key) = request.headers().get(KEY_HEADER) else { return Ok(None) };
    let key = key.to_str().unwrap_or_default().trim();
    if key.is_empty() || key.len() > MAX_KEY {
        let fault = format!("give 1 to {MAX_KEY} printable ASCII characters");
        return Err(DcycleError::header(KEY_HEADER, &fault));
    }
    let mut hasher = Sha256::new();
    for part in [request.method().as_str().as_bytes(), request.uri().to_string().as_bytes()] {
        hasher.update(part);
        hasher.update([0]);
    }
    hasher.update(body);
    Ok(Some(CallKey { key: key.to_owned(), fingerprint: hasher.finalize().into() }))
}

/// The answer to a call that was done before: nothing need be calculated for it again.
pub(crate) async fn earlier(
    intake: &dyn Intake,
    call: Option<&CallKey>,
    at: DateTime<Utc>,
) -> Result<Option<HttpResponse>, DcycleError> {
    let Some(call) = call else { return Ok(None) };
    intake.told(call, at).await?.map(respond).transpose()
}

/// An answer of status 200.
pub(crate) fn ok(body: &impl Serialize) -> Answer {
    let body = serde_json::to_vec(body).expect("responses are plain data with text keys");
    Answer { status: 200, location: None, body }
}

/// An answer of status 201.
pub(crate) fn created(body: &impl Serialize) -> Answer {
    Answer { status: 201, ..ok(body) }
}

/// An answer of status 204.
pub(crate) fn no_content() -> Answer {
    Answer { status: 204, location: None, body: Vec::new() }
}

/// Does what a call asks, once if it has a key. Where nothing came of it, what did.
pub(crate) async fn carry_out(
    api: &Api,
    organization: OrganizationId,
    call: Call,
) -> Result<Result<HttpResponse, Effected>, DcycleError> {
    match api.intakes.intake(organization).carry_out(call, api.clock.now()).await? {
        Done::Told(told) => respond(told).map(Ok),
        Done::Refused(effected) => Ok(Err(effected)),
    }
}

/// An answer of status 200, which says where the job can be watched.
pub(crate) fn watched(job: JobId, body: &impl Serialize) -> Answer {
    Answer { location: Some(format!("/v2/logistics/jobs/{job}")), ..ok(body) }
}

/// The response that a call is told.
pub(crate) fn respond(told: Told) -> Result<HttpResponse, DcycleError> {
    let (answer, replayed) = match told {
        Told::Now(answer) => (answer, false),
        Told::Before(answer) => (answer, true),
        Told::OtherCall => return Err(DcycleError::KeyReused),
    };
    let status = StatusCode::from_u16(answer.status).map_err(|_range| DcycleError::Internal)?;
    let mut response = HttpResponse::build(status);
    if !answer.body.is_empty() {
        response.insert_header((CONTENT_TYPE, "application/json"));
    }
    if let Some(location) = answer.location {
        response.insert_header((LOCATION, location));
    }
    if replayed {
        response.insert_header(("idempotency-replayed", "true"));
    }
    Ok(response.body(answer.body))
}
