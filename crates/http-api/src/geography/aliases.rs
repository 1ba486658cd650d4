//! What an organization knows better: places that it calls by names of its own, and passages that its ships avoid.

use actix_web::{HttpResponse, delete, get, put, web};
use emissions_core::CountryCode;
use logistics_domain::geography::{AliasName, Coordinates, Passage, Place};
use logistics_domain::leg::{Problem, shortened};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::PlaceBody;
use crate::Api;
use crate::auth::Authorized;
use crate::body::JsonBody;
use crate::dcycle::{DcycleError, ErrorBody, ValidationBody};
use crate::values::{Faults, Given};

/// A place to pin a name to.
#[derive(Deserialize, ToSchema)]
struct PinRequest {
    /// Degrees, from -90 to 90.
    #[schema(value_type = f64, example = 40.37)]
    lat: Given<f64>,
    /// Degrees, from -180 to 180.
    #[schema(value_type = f64, example = -3.63)]
    lon: Given<f64>,
    /// ISO 3166-1.
    #[schema(value_type = String, example = "ES")]
    country: Given<String>,
    /// The place's name; the alias itself without it.
    #[schema(value_type = Option<String>, example = "Centro Logistico Madrid")]
    name: Given<String>,
}

/// A pinned place.
#[derive(Serialize, ToSchema)]
struct AliasBody {
    #[schema(example = "centro logistico madrid")]
    alias: String,
    place: PlaceBody,
}

/// The passages that the organization's ships avoid.
#[derive(Serialize, ToSchema)]
struct AvoidedBody {
    #[schema(value_type = Vec<String>, example = json!(["suez", "bab_el_mandeb"]))]
    avoid: Vec<Passage>,
}

/// The passages to avoid.
#[derive(Deserialize, ToSchema)]
struct AvoidRequest {
    #[schema(value_type = Vec<String>, example = json!(["suez", "bab_el_mandeb"]))]
    avoid: Given<Vec<Value>>,
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
    request_body = AvoidRequest,
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
    body: JsonBody<AvoidRequest>,
) -> Result<HttpResponse, DcycleError> {
    let avoid = passages(body.0)?;
    api.maps.geography(caller.organization).avoid(avoid.iter().copied().collect()).await?;
    Ok(HttpResponse::Ok().json(AvoidedBody { avoid }))
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
    let mut faults = Faults::default();
    let lat = faults.required("lat", request.lat, "give degrees from -90 to 90");
    let lon = faults.required("lon", request.lon, "give degrees from -180 to 180");
    let coordinates = lat.zip(lon).and_then(|(lat, lon)| {
        let coordinates = Coordinates::new(lat, lon);
        coordinates.map_err(|error| faults.add("lat", Problem::OutOfRange, error.to_string())).ok()
    });
    let a_country = "give an ISO 3166-1 country code such as ES";
    let country = faults.required("country", request.country, a_country).and_then(|code| {
        let country = CountryCode::parse(&code).ok();
        if country.is_none() {
            let message = format!("country is '{}'; {a_country}", shortened(&code));
            faults.add("country", Problem::NotPermitted, message);
        }
        country
    });
    let name = faults.read("name", request.name).filter(|name| !name.trim().is_empty());
    if name.as_ref().is_some_and(|name| name.contains('\0')) {
        faults.add("name", Problem::OutOfRange, "name contains a NUL character; remove it".to_owned());
    }
    faults.finish()?;
    let (coordinates, country) = coordinates.zip(country).ok_or(DcycleError::Internal)?;
    let name = name.unwrap_or_else(|| alias.as_str().to_owned());
    Ok(Place { name, country, admin1: None, coordinates, code: None })
}

fn passages(request: AvoidRequest) -> Result<Vec<Passage>, DcycleError> {
    let mut faults = Faults::default();
    let names = Passage::ALL.map(Passage::as_str).join(", ");
    let values = faults.required("avoid", request.avoid, &format!("give a list of {names}"));
    let mut passages = Vec::new();
    for value in values.unwrap_or_default() {
        match value.as_str().and_then(Passage::from_name) {
            Some(passage) => passages.push(passage),
            None => {
                let value = shortened(&value.to_string());
                faults.add(
                    "avoid",
                    Problem::NotPermitted,
                    format!("avoid has {value}; give some of {names}"),
                );
            }
        }
    }
    faults.finish().map(|()| passages)
}
