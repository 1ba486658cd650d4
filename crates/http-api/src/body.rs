//! JSON bodies, and what is wrong with them.

use std::future::Future;
use std::panic::resume_unwind;
use std::pin::Pin;
use std::thread;

use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::{FromRequest, HttpRequest, web};
use logistics_domain::leg::shortened;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use crate::dcycle::{DcycleError, Fault};
use crate::{Api, Limits};

/// A body as it came, within the limit.
pub(crate) struct RawBody(pub web::Bytes);

/// A body that was read and parsed from JSON, whatever content type it claims.
pub(crate) struct JsonBody<T>(pub T);

impl FromRequest for RawBody {
    type Error = DcycleError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, DcycleError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let limits = request.app_data::<web::Data<Api>>().map(|api| api.limits);
        let bytes = web::Bytes::from_request(request, payload);
        Box::pin(async move {
            let limits = limits.ok_or(DcycleError::Internal)?;
            bytes.await.map(Self).map_err(|error| unreadable(&error, limits))
        })
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for JsonBody<T> {
    type Error = DcycleError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, DcycleError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = RawBody::from_request(request, payload);
        Box::pin(async move { parse(&body.await?.0).map(Self) })
    }
}

/// What a body says that must be a JSON object. Types that `serde` derives would take a list of their fields as well.
pub(crate) fn parse<'b, T: Deserialize<'b>>(bytes: &'b [u8]) -> Result<T, DcycleError> {
    if bytes.trim_ascii_start().first() != Some(&b'{') {
        json::<IgnoredAny>(bytes)?;
        let found = String::from_utf8_lossy(bytes.trim_ascii());
        return Err(invalid_body(
            "body".to_owned(),
            format!("the body is {}; send a JSON object", shortened(&found)),
        ));
    }
    json(bytes)
}

/// The value that a body's JSON says.
pub(crate) fn json<'b, T: Deserialize<'b>>(bytes: &'b [u8]) -> Result<T, DcycleError> {
    serde_json::from_slice(bytes).map_err(|error| malformed(&error, bytes))
}

/// How many records are parsed on one thread at least: about a millisecond.
const LEAST_RECORDS: usize = 256;

/// On how many threads the records of a call are parsed at most.
const MOST_THREADS: usize = 4;

/// What each record of a call says, in their order, parsed on several threads where there are many and the system gives them.
pub(crate) fn parse_each<T: Send>(records: &[&str], parse: impl Fn(&str) -> T + Sync) -> Vec<T> {
    let cores = thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS);
    let threads = cores.min(records.len() / LEAST_RECORDS).max(1);
    let parse = |records: &[&str]| -> Vec<T> { records.iter().map(|record| parse(record)).collect() };
    let (own, others) = records.split_at(records.len() / threads);
    thread::scope(|scope| {
        let others = others.chunks(others.len().div_ceil((threads - 1).max(1)).max(1));
        let spawn = |part| (part, thread::Builder::new().spawn_scoped(scope, move || parse(part)));
        let others: Vec<_> = others.map(spawn).collect();
        let mut parsed = parse(own);
        for (part, other) in others {
            parsed.extend(match other {
                Ok(other) => other.join().unwrap_or_else(|panic| resume_unwind(panic)),
                Err(_no_thread) => parse(part),
            });
        }
        parsed
    })
}

fn unreadable(error: &actix_web::Error, limits: Limits) -> DcycleError {
    match error.as_error::<PayloadError>() {
        Some(PayloadError::Overflow) => DcycleError::TooLarge { limit: limits.body_bytes },
        Some(PayloadError::Io(cause)) if cause.kind() == std::io::ErrorKind::TimedOut => {
            DcycleError::SlowClient { seconds: limits.silence.as_secs() }
        }
        _ => invalid_body("body".to_owned(), format!("the body could not be read: {error}")),
    }
}

fn malformed(error: &serde_json::Error, bytes: &[u8]) -> DcycleError {
    if bytes.is_empty() {
        return invalid_body("body".to_owned(), "field required: send a JSON object".to_owned());
    }
    let at = offset(bytes, error.line(), error.column());
    if error.is_data() {
        return invalid_body(at, format!("{error}; send a JSON object with each field once"));
    }
    invalid_body(at, format!("the body is not valid JSON: {error}"))
}

fn invalid_body(at: String, msg: String) -> DcycleError {
    let loc = if at == "body" { vec![at] } else { vec!["body".to_owned(), at] };
    DcycleError::Invalid(vec![Fault { loc, msg, kind: "value_error.jsondecode" }])
}

/// The position of a line and column, counted in bytes from the beginning.
fn offset(bytes: &[u8], line: usize, column: usize) -> String {
    let before: usize =
        bytes.split(|byte| *byte == b'\n').take(line.saturating_sub(1)).map(|line| line.len() + 1).sum();
    (before + column).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_parsed_in_their_order_on_however_many_threads() {
        let numbers: Vec<String> = (0..5_000).map(|number| number.to_string()).collect();
        for many in [0, 1, LEAST_RECORDS, 2 * LEAST_RECORDS + 1, 5_000] {
            let records: Vec<&str> = numbers[..many].iter().map(String::as_str).collect();
            let parsed = parse_each(&records, |record| record.parse::<usize>().ok());
            assert_eq!(parsed, (0..many).map(Some).collect::<Vec<_>>());
        }
    }
}
