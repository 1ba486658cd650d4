use actix_web::{HttpResponse, get, web};
use logistics_domain::ids::PackageId;
use logistics_domain::package::{PackageFilter, PackageLeg, PackageRecord};
use logistics_domain::ports::Page;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::response::timestamp;
use crate::Api;
use crate::auth::Authorized;
use crate::dcycle::{DcycleError, ErrorBody, ValidationBody};
use crate::numbers::{kg, km};
use crate::paging;
use crate::query::Query;

/// Packages, a page at a time.
#[derive(Serialize, ToSchema)]
struct PackagePage<'r> {
    page: u32,
    size: u32,
    total: u64,
    items: Vec<Package<'r>>,
}

/// A package and what its legs come to.
#[derive(Serialize, ToSchema)]
#[schema(as = LogisticsPackage)]
struct Package<'r> {
    id: Uuid,
    /// The movement that it is part of.
    #[schema(example = "SHIP-2024-001")]
    shipment_id: &'r str,
    #[schema(example = "26830007899150601093463")]
    package_key: &'r str,
    /// The client of the first leg that names one.
    #[schema(example = "CLIENT-001")]
    client_billing_id: Option<&'r str>,
    /// Kilograms: the heaviest of its legs' loads, times the load factor; null where no leg says.
    #[schema(example = 15.0)]
    weight_kg: Option<f64>,
    /// The sum of its legs' kilometres.
    #[schema(example = 850.5)]
    total_distance_km: f64,
    /// The sum of its legs' kilograms of CO2e; legs that are not calculated count nothing.
    #[schema(example = 42.75)]
    total_co2e: f64,
    /// `active`, or `inactive` when all its legs were deleted.
    #[schema(example = "active")]
    status: &'static str,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    updated_at: String,
    /// The oldest first. In lists only where `package_key` is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    legs: Option<Vec<Leg<'r>>>,
}

/// A leg of a package.
#[derive(Serialize, ToSchema)]
#[schema(as = LogisticsPackageLeg)]
struct Leg<'r> {
    id: Uuid,
    origin: Option<&'r str>,
    destination: Option<&'r str>,
    distance_km: Option<f64>,
    /// Kilograms of CO2e, well to wheel; null while it is not calculated.
    co2e: Option<f64>,
}

/// Packages, newest first.
#[utoipa::path(
    tag = "packages",
    security(("api_key" = [], "organization" = [])),
    params(
        ("page" = Option<u32>, Query, minimum = 1, description = "Which page; 1 without it."),
        ("size" = Option<u32>, Query, minimum = 1, maximum = 100, description = "Entries on a page; 10 without it."),
        ("movement_id" = Option<String>, Query, description = "Packages of this movement."),
        ("client" = Option<String>, Query, description = "Packages with a leg of this client."),
        ("package_key" = Option<String>, Query, description = "Packages of this key, with their legs."),
    ),
    responses(
        (status = 200, body = PackagePage),
        (status = 401, body = ErrorBody), (status = 404, body = ErrorBody), (status = 422, body = ValidationBody),
        (status = 503, body = ErrorBody),
    ),
)]
#[get("/v1/logistics/packages")]
pub(super) async fn list(
    api: web::Data<Api>,
    caller: Authorized,
    mut query: Query,
) -> Result<HttpResponse, DcycleError> {
    let page = paging::page(&mut query);
    let filter = PackageFilter {
        movement_id: query.text("movement_id"),
        client: query.text("client"),
        package_key: query.text("package_key"),
    };
    query.finish()?;
    let listed = api.repositories.packages(caller.organization).select(&filter, page).await?;
    let with_legs = filter.package_key.is_some();
    let items = listed.items.iter().map(|package| Package::of(package, with_legs)).collect();
    let Page { number, size } = page;
    Ok(HttpResponse::Ok().json(PackagePage { page: number, size, total: listed.total, items }))
}

/// One package with its legs.
#[utoipa::path(
    tag = "packages",
    security(("api_key" = [], "organization" = [])),
    params(("package_id" = Uuid, Path, description = "The package's id.")),
    responses(
        (status = 200, body = Package),
        (status = 401, body = ErrorBody), (status = 404, body = ErrorBody), (status = 422, body = ValidationBody),
        (status = 503, body = ErrorBody),
    ),
)]
#[get("/v1/logistics/packages/{package_id}")]
pub(super) async fn get(
    api: web::Data<Api>,
    caller: Authorized,
    id: web::Path<String>,
) -> Result<HttpResponse, DcycleError> {
    let id = DcycleError::id("package_id", &id)?;
    let found = api.repositories.packages(caller.organization).find(PackageId(id)).await?;
    let package = found.ok_or(DcycleError::NotFound("Package not found"))?;
    Ok(HttpResponse::Ok().json(Package::of(&package, true)))
}

impl<'r> Package<'r> {
    fn of(package: &'r PackageRecord, with_legs: bool) -> Self {
        Self {
            id: package.id.0,
            shipment_id: &package.movement_id,
            package_key: &package.package_key,
            client_billing_id: package.client(),
            weight_kg: package.weight_kg().map(kg),
            total_distance_km: km(package.total_distance_km()),
            total_co2e: kg(package.total_co2e()),
            status: package.status().as_str(),
            created_at: timestamp(package.created_at),
            updated_at: timestamp(package.updated_at),
            legs: with_legs.then(|| package.legs.iter().map(Leg::of).collect()),
        }
    }
}

impl<'r> Leg<'r> {
    fn of(leg: &'r PackageLeg) -> Self {
        Self {
            id: leg.id.0,
            origin: leg.origin.as_deref(),
            destination: leg.destination.as_deref(),
            distance_km: leg.distance_km.map(km),
            co2e: leg.co2e.map(kg),
        }
    }
}
