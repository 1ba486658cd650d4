//! What is counted of every request, and the id that ties it to the log.

use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage};
use tracing::{Span, field};
use tracing_actix_web::RootSpanBuilder;
use uuid::Uuid;

/// The header with a request's id.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The longest id that is taken from a client.
const MAX_ID: usize = 128;

/// A request's id: the client's, or one of ours.
#[derive(Clone)]
struct RequestId(String);

impl RequestId {
    fn of(headers: &HeaderMap) -> Self {
        let sent = headers.get(REQUEST_ID).and_then(|id| id.to_str().ok()).filter(|id| is_id(id));
        Self(sent.map_or_else(|| Uuid::new_v4().to_string(), str::to_owned))
    }
}

/// Whether it can stand in a log line and break nothing.
fn is_id(text: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.:".contains(c);
    (1..=MAX_ID).contains(&text.len()) && text.chars().all(is_plain)
}

/// What stands with every log line of a request. Paths and queries do not: they may hold addresses and names.
pub(crate) struct RequestSpan;

impl RootSpanBuilder for RequestSpan {
    fn on_request_start(request: &ServiceRequest) -> Span {
        let id = RequestId::of(request.headers());
        let (method, route) = (request.method(), request.match_pattern());
        let span = tracing::info_span!("request", request_id = id.0, %method, route, status = field::Empty);
        request.extensions_mut().insert(id);
        span
    }

    fn on_request_end<B: MessageBody>(span: Span, outcome: &Result<ServiceResponse<B>, Error>) {
        span.record("status", status(outcome).as_u16());
    }
}

fn status<B>(outcome: &Result<ServiceResponse<B>, Error>) -> StatusCode {
    match outcome {
        Ok(response) => response.status(),
        Err(error) => error.as_response_error().status_code(),
    }
}

/// A method as metrics name it. Clients may send any word, and each that is named is held in memory.
fn label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

/// A request's id as a header's value.
pub(crate) fn id(request: &ServiceRequest) -> Option<HeaderValue> {
    let id = request.extensions().get::<RequestId>().cloned();
    id.and_then(|id| HeaderValue::from_str(&id.0).ok())
}

pub(crate) async fn observe(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let started = Instant::now();
    let (method, id) = (label(request.method()), id(&request));
    let route = request.match_pattern().unwrap_or_else(|| "none".to_owned());
    let mut answered = next.call(request).await;

    let status = status(&answered).as_u16();
    let labels = [("method", method.to_owned()), ("route", route), ("status", status.to_string())];
    metrics::counter!("dray_http_requests_total", &labels).increment(1);
    metrics::histogram!("dray_http_request_seconds", &labels).record(started.elapsed());
    tracing::debug!(status, elapsed = ?started.elapsed(), "answered");
    if let (Ok(response), Some(id)) = (&mut answered, id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    answered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clients_id_is_taken_if_it_is_harmless() {
        let id = |sent: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(REQUEST_ID, HeaderValue::from_static(sent));
            RequestId::of(&headers).0
        };
        assert_eq!(id("batch-2026.11_21:7"), "batch-2026.11_21:7");
        for strange in ["", "a b", "\"}{", "a\tb"] {
            assert!(Uuid::parse_str(&id(strange)).is_ok(), "{strange:?}");
        }
        assert!(!is_id(&"x".repeat(MAX_ID + 1)));
    }
}
