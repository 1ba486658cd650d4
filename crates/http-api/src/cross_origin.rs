//! Calls from pages of other origins.

use actix_cors::Cors;
use actix_web::http::header;

use crate::observe::REQUEST_ID;

/// For how long a browser remembers what it may do, in seconds.
const REMEMBERED: usize = 3600;

/// Lets pages of these origins call, `*` for all. Cookies are never let through: pages elsewhere bring a key.
pub(crate) fn allow(origins: &[String]) -> Cors {
    let cors = Cors::default()
        .allowed_methods(["GET", "POST", "PUT", "PATCH", "DELETE"])
        .allowed_headers([header::ACCEPT, header::AUTHORIZATION, header::CONTENT_TYPE, REQUEST_ID])
        .allowed_headers(["x-api-key", "x-organization-id", "idempotency-key"])
        .expose_headers([header::LOCATION, header::RETRY_AFTER, header::CONTENT_DISPOSITION, REQUEST_ID])
        .expose_headers(["idempotency-replayed"])
        .max_age(REMEMBERED);
    let allow = |cors: Cors, origin: &String| match origin.as_str() {
        "*" => cors.allow_any_origin().send_wildcard(),
        origin => cors.allowed_origin(origin),
    };
    origins.iter().fold(cors, allow)
}
