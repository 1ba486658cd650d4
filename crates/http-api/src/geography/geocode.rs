use actix_web::{HttpResponse, get, web};
use emissions_core::CountryCode;
use logistics_domain::geography::{GeocodeError, PlaceQuery};
use serde::Serialize;
use utoipa::ToSchema;

use super::{PlaceBody, mode};
use crate::Api;
use crate::auth::Authorized;
use crate::dcycle::{DcycleError, ErrorBody};
use crate::query::Query;

/// The place that an address names.
#[derive(Serialize, ToSchema)]
struct GeocodeResponse {
    query: String,
    place: PlaceBody,
    /// What the place was chosen over, best first.
    candidates: Vec<PlaceBody>,
    /// The part of the query that settled it.
    matched: String,
    /// Where the answer comes from.
    source: String,
    /// Without the country hint, another place or none would have been chosen.
    settled_by_hint: bool,
}

/// A query that names no place, or several.
#[derive(Serialize, ToSchema)]
struct RefusedResponse {
    detail: String,
    #[schema(example = "NO_DISTANCE")]
    code: &'static str,
    candidates: Vec<PlaceBody>,
}

/// The place that an address, a name or a code stands for.
#[utoipa::path(
    tag = "geography",
    security(("api_key" = [], "organization" = [])),
    params(
        ("q" = String, Query, description = "An address, town, postal code, UN/LOCODE, IATA code or `latitude, longitude`."),
        ("country" = Option<String>, Query, description = "The country that it is probably in: ISO 3166-1."),
        ("category" = Option<String>, Query, description = "`maritime` prefers ports, `air` airports."),
    ),
    responses(
        (status = 200, body = GeocodeResponse),
        (status = 401, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 422, body = RefusedResponse, description = "Refused; a list in `detail` instead names wrong parameters"),
        (status = 503, body = ErrorBody),
    ),
)]
#[get("/v1/geocode")]
pub(super) async fn geocode(
    api: web::Data<Api>,
    caller: Authorized,
    mut query: Query,
) -> Result<HttpResponse, DcycleError> {
    let text = query.required("q");
    let country_hint =
        query.parsed("country", "an ISO 3166-1 country code", |code| CountryCode::parse(code).ok());
    let mode = mode(&mut query);
    query.finish()?;
    let settings = api.maps.geography(caller.organization).settings().await?;
    let found = api.calculator.place(PlaceQuery { text: &text, mode, country_hint }, &settings).await;
    Ok(match found {
        Ok(found) => HttpResponse::Ok().json(GeocodeResponse {
            place: PlaceBody::found(&found),
            candidates: found.beaten.iter().map(PlaceBody::candidate).collect(),
            matched: found.matched,
            source: found.source,
            settled_by_hint: found.settled_by_hint,
            query: text,
        }),
        Err(GeocodeError::Unavailable { reason }) => {
            tracing::warn!(reason, "geocoder unavailable");
            return Err(DcycleError::Unavailable);
        }
        Err(error) => HttpResponse::UnprocessableEntity().json(RefusedResponse {
            detail: error.to_string(),
            code: "NO_DISTANCE",
            candidates: match &error {
                GeocodeError::Ambiguous { candidates, .. } => {
                    candidates.iter().map(PlaceBody::candidate).collect()
                }
                GeocodeError::NotFound { .. } | GeocodeError::Unavailable { .. } => Vec::new(),
            },
        }),
    })
}
