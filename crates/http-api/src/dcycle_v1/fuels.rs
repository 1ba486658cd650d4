use actix_web::{HttpResponse, get, web};
use emissions_core::FuelUnit;
use logistics_domain::recharge::Fuel;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::Api;
use crate::auth::Authorized;
use crate::dcycle::{DcycleError, ErrorBody, ValidationBody};

/// The fuels that recharges can name.
#[derive(Serialize, ToSchema)]
struct FuelCatalogue<'f> {
    total_count: usize,
    fuels: Vec<FuelItem<'f>>,
}

/// A fuel as it is sold in one region.
#[derive(Serialize, ToSchema)]
#[schema(as = Fuel)]
struct FuelItem<'f> {
    /// Stable: the same fuel and region have the same id on every server, whatever factor packs it has.
    id: Uuid,
    #[schema(example = "diesel")]
    name: &'f str,
    /// Stable id of `unit`.
    unit_id: Uuid,
    /// `EU`, `NA`, a country such as `GB`, or `GLO` for the world.
    #[schema(example = "GLO")]
    region: String,
    /// The unit of a quantity where a recharge names none: `l`, `kg`, `kwh` or `mj`.
    #[schema(example = "l")]
    unit: &'static str,
    /// The units that factors are published for.
    units: Vec<&'static str>,
    #[schema(example = "Diesel, average biofuel blend")]
    label: &'f str,
}

/// The fuels that recharges can name, by region.
#[utoipa::path(
    tag = "recharges",
    security(("api_key" = [], "organization" = [])),
    responses(
        (status = 200, body = FuelCatalogue),
        (status = 401, body = ErrorBody), (status = 404, body = ErrorBody), (status = 422, body = ValidationBody),
        (status = 503, body = ErrorBody),
    ),
)]
#[get("/v1/logistics/fuels")]
pub(super) async fn list(api: web::Data<Api>, _caller: Authorized) -> Result<HttpResponse, DcycleError> {
    let fuels: Vec<FuelItem<'_>> = api.energy.fuels().iter().map(FuelItem::of).collect();
    Ok(HttpResponse::Ok().json(FuelCatalogue { total_count: fuels.len(), fuels }))
}

impl<'f> FuelItem<'f> {
    fn of(fuel: &'f Fuel) -> Self {
        let unit = fuel.unit.as_str();
        Self {
            id: fuel.id.0,
            name: &fuel.name,
            unit_id: Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("unit/{unit}").as_bytes()),
            region: fuel.region.label(),
            unit,
            units: fuel.units.iter().copied().map(FuelUnit::as_str).collect(),
            label: &fuel.label,
        }
    }
}
