use actix_web::{HttpResponse, get, web};
use emissions_core::CountryCode;
use logistics_domain::calculator::RouteQuery;
use logistics_domain::geography::{AvoidedPassages, Coordinates, DistanceMethod, Passage, Via};
use serde::Serialize;
use utoipa::ToSchema;

use super::{PlaceBody, basis, mode};
use crate::Api;
use crate::auth::Authorized;
use crate::dcycle::{DcycleError, ErrorBody};
use crate::numbers::km;
use crate::query::Query;

/// The distance between two addresses.
#[derive(Serialize, ToSchema)]
struct DistanceResponse<'r> {
    distance_km: f64,
    /// `SFD` (shortest feasible), `GCD` (great circle) or `actual`.
    #[schema(example = "SFD")]
    basis: &'static str,
    #[schema(value_type = String, example = "road_network")]
    method: DistanceMethod,
    /// From 0 to 1.
    confidence: f64,
    origin: PlaceBody,
    destination: PlaceBody,
    /// Ports, airports, passages and ferries on the way.
    #[schema(value_type = Vec<Object>)]
    via: &'r [Via],
    /// The kilometres on ferries, contained in `distance_km`.
    ferry_km: f64,
    /// The engine and the version of its data.
    engine: &'r str,
    /// A GeoJSON MultiLineString, where it was asked for.
    #[schema(value_type = Option<Object>)]
    geometry: Option<MultiLine>,
}

/// A GeoJSON geometry: longitude before latitude.
#[derive(Serialize)]
struct MultiLine {
    r#type: &'static str,
    coordinates: Vec<Vec<[f64; 2]>>,
}

impl MultiLine {
    fn of(lines: &[Vec<Coordinates>]) -> Self {
        let line = |line: &Vec<Coordinates>| line.iter().map(|point| [point.lon(), point.lat()]).collect();
        Self { r#type: "MultiLineString", coordinates: lines.iter().map(line).collect() }
    }
}

/// How far freight travels between two addresses, and how that was found.
#[utoipa::path(
    tag = "geography",
    security(("api_key" = [], "organization" = [])),
    params(
        ("origin" = String, Query, description = "Where it begins."),
        ("destination" = String, Query, description = "Where it ends."),
        ("category" = Option<String>, Query, description = "`road` (the default), `rail`, `maritime` or `air`."),
        ("origin_country" = Option<String>, Query, description = "The country that the origin is probably in: ISO 3166-1."),
        ("avoid" = Option<String>, Query, description = "Passages that ships avoid, separated by commas, as in `suez,panama`."),
        ("geometry" = Option<bool>, Query, description = "`true` for the route's line."),
    ),
    responses(
        (status = 200, body = DistanceResponse),
        (status = 401, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 422, body = ErrorBody, description = "With `code` NO_DISTANCE; a list in `detail` instead names wrong parameters"),
        (status = 503, body = ErrorBody),
    ),
)]
#[get("/v1/distance")]
pub(super) async fn distance(
    api: web::Data<Api>,
    caller: Authorized,
    mut query: Query,
) -> Result<HttpResponse, DcycleError> {
    let (asked, avoid) = parse(&mut query);
    query.finish()?;
    let mut settings = api.maps.geography(caller.organization).settings().await?;
    settings.avoid = settings.avoid.union(avoid);
    let route = api.calculator.route(&asked, &settings).await?;
    let distance = &route.distance;
    let ferry_km = |via: &Via| if let Via::Ferry { km, .. } = via { *km } else { 0.0 };
    Ok(HttpResponse::Ok().json(DistanceResponse {
        distance_km: km(distance.km.get()),
        basis: basis(distance.basis),
        method: distance.method,
        confidence: distance.confidence,
        origin: PlaceBody::found(&route.origin),
        destination: PlaceBody::found(&route.destination),
        via: &distance.via,
        ferry_km: km(distance.via.iter().map(ferry_km).fold(0.0, |sum, km| sum + km)),
        engine: &distance.engine,
        geometry: distance.geometry.as_deref().map(MultiLine::of),
    }))
}

fn parse(query: &mut Query) -> (RouteQuery, AvoidedPassages) {
    let country = |code: &str| CountryCode::parse(code).ok();
    let asked = RouteQuery {
        origin: query.required("origin"),
        destination: query.required("destination"),
        mode: mode(query),
        country: query.parsed("origin_country", "an ISO 3166-1 country code", country),
        geometry: query.parsed("geometry", "true or false", |text| text.parse().ok()).unwrap_or(false),
    };
    let names = Passage::ALL.map(Passage::as_str).join(", ");
    let passages = |text: &str| text.split(',').map(|name| Passage::from_name(name.trim())).collect();
    let avoid = query.parsed("avoid", &format!("passages of {names}, separated by commas"), passages);
    (asked, avoid.unwrap_or_default())
}
