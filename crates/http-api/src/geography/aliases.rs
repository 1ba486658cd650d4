//! What an organization knows better: places that it calls by names of its own, and passages that its ships avoid.

use actix_web::{HttpResponse, delete, get, put, web};
use emissions_core::CountryCode;
use logistics_domain::geography::{AliasName, Coordinates, Passage, Place};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::PlaceBody;
use crate::Api;
use crate::auth::Authorized;
use crate::body::JsonBody;
use crate::dcycle::{DcycleError, ErrorBody, Fault, ValidationBody};

/// A place to pin a name to.
#[derive(Deserialize, ToSchema)]
struct PinRequest {
    /// Degrees, from -90 to 90.
    #[schema(example = 40.37)]
    lat: f64,
    /// Degrees, from -180 to 180.
    #[schema(example = -3.63)]
    lon: f64,
    /// ISO 3166-1.
    #[schema(example = "ES")]
    country: String,
    /// The place's name; the alias itself without it.
    #[schema(example = "Centro Logistico Madrid")]
    name: Option<String>,
}

/// A pinned place.
#[derive(Serialize, ToSchema)]
struct AliasBody {
    #[schema(example = "centro logistico madrid")]
    alias: String,
    place: PlaceBody,
}

/// The passages that the organization's ships avoid.
#[derive(Serialize, Deserialize, ToSchema)]
struct AvoidedBody {
    #[schema(value_type = Vec<String>, example = json!(["suez", "bab_el_mandeb"]))]
    avoid: Vec<Passage>,
}

/// The names that the organization pinned, in alphabetical order.
#[utoipa::path(
    tag = "geography",
    security(("api_key" = [], "organization" = [])),
    responses(
        (status = 200, body = Vec<AliasBody>),
        (status = 401, body = ErrorBody), (status = 404, body = ErrorBody), (status = 422, body = ValidationBody),
        (status = 503, body = ErrorBody),
    ),
)]
#[get("/v1/geocode/aliases")]
pub(super) async fn list(api: web::Data<Api>, caller: Authorized) -> Result<HttpResponse, DcycleError> {
    let aliases = api.maps.geography(caller.organization).aliases().await?;
    let body = |(name, place): &(AliasName, Place)| alias_body(name, place);
    Ok(HttpResponse::Ok().json(aliases.iter().map(body).collect::<Vec<_>>()))
}

/// Pins a name to a place: from then on an address that is this name is that place.
#[utoipa::path(
    tag = "geography",
    security(("api_key" = [], "organization" = [])),
    params(("alias" = String, Path, description = "The name; case and blanks do not matter.")),
    request_body = PinRequest,
    responses(
        (status = 200, body = AliasBody),
        (status = 401, body = ErrorBody), (status = 404, body = ErrorBody), (status = 413, body = ErrorBody),
        (status = 422, body = ValidationBody), (status = 503, body = ErrorBody),
    ),
)]
#[put("/v1/geocode/aliases/{alias}")]
pub(super) async fn pin(
    api: web::Data<Api>,
    caller: Authorized,
    alias: web::Path<String>,
    body: JsonBody<PinRequest>,
) -> Result<HttpResponse, DcycleError> {
    let name = alias_name(&alias)?;
    let place = parse(body.0, &name)?;
    api.maps.geography(caller.organization).pin(&name, &place, api.clock.now()).await?;
    Ok(HttpResponse::Ok().json(alias_body(&name, &place)))
}

/// Removes a pinned name.
#[utoipa::path(
    tag = "geography",
    security(("api_key" = [], "organization" = [])),
    params(("alias" = String, Path, description = "The name; case and blanks do not matter.")),
    responses(
        (status = 204),
        (status = 401, body = ErrorBody), (status = 404, body = ErrorBody), (status = 422, body = ValidationBody),
        (status = 503, body = ErrorBody),
    ),
)]
#[delete("/v1/geocode/aliases/{alias}")]
pub(super) async fn unpin(
    api: web::Data<Api>,
    caller: Authorized,
    alias: web::Path<String>,
) -> Result<HttpResponse, DcycleError> {
    if api.maps.geography(caller.organization).unpin(&alias_name(&alias)?).await? {
        Ok(HttpResponse::NoContent().finish())
    } else {
        Err(DcycleError::NotFound("Alias not found"))
    }
}

/// The passages that the organization's ships avoid.
#[utoipa::path(
    tag = "geography",
    security(("api_key" = [], "organization" = [])),
    responses(
        (status = 200, body = AvoidedBody),
        (status = 401, body = ErrorBody), (status = 404, body = ErrorBody), (status = 422, body = ValidationBody),
        (status = 503, body = ErrorBody),
    ),
)]
#[get("/v1/geocode/avoided-passages")]
pub(super) async fn avoided(api: web::Data<Api>, caller: Authorized) -> Result<HttpResponse, DcycleError> {
    let settings = api.maps.geography(caller.organization).settings().await?;
    Ok(HttpResponse::Ok().json(AvoidedBody { avoid: settings.avoid.iter().collect() }))
}

/// Sets the passages that the organization's ships avoid, in place of those set before.
#[utoipa::path(
    tag = "geography",
    security(("api_key" = [], "organization" = [])),
    request_body = AvoidedBody,
    responses(
        (status = 200, body = AvoidedBody),
        (status = 401, body = ErrorBody), (status = 404, body = ErrorBody), (status = 413, body = ErrorBody),
        (status = 422, body = ValidationBody), (status = 503, body = ErrorBody),
    ),
)]
#[put("/v1/geocode/avoided-passages")]
pub(super) async fn avoid(
    api: web::Data<Api>,
    caller: Authorized,
    body: JsonBody<AvoidedBody>,
) -> Result<HttpResponse, DcycleError> {
    let passages = body.0.avoid.iter().copied().collect();
    api.maps.geography(caller.organization).avoid(passages).await?;
    Ok(HttpResponse::Ok().json(body.0))
}

fn alias_body(name: &AliasName, place: &Place) -> AliasBody {
    AliasBody { alias: name.as_str().to_owned(), place: PlaceBody::of(place) }
}

fn alias_name(alias: &str) -> Result<AliasName, DcycleError> {
    let is_storable = |name: &AliasName| name.as_str().len() <= 1000 && !name.as_str().contains('\0');
    AliasName::of(alias)
        .filter(is_storable)
        .ok_or_else(|| DcycleError::path("alias", alias, "a name of 1 to 1000 bytes without a NUL character"))
}

fn parse(request: PinRequest, alias: &AliasName) -> Result<Place, DcycleError> {
    let fault = |field: &str, msg: String| {
        let loc = vec!["body".into(), field.into()];
        DcycleError::Invalid(vec![Fault { loc, msg, kind: "value_error" }])
    };
    let coordinates =
        Coordinates::new(request.lat, request.lon).map_err(|error| fault("lat", error.to_string()))?;
    let country =
        CountryCode::parse(&request.country).map_err(|error| fault("country", error.to_string()))?;
    let name =
        request.name.filter(|name| !name.trim().is_empty()).unwrap_or_else(|| alias.as_str().to_owned());
    Ok(Place { name, country, admin1: None, coordinates, code: None })
}
