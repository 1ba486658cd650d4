use actix_web::{HttpResponse, get, web};
use emissions_core::ListedToc;
use logistics_domain::Category;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Api;
use crate::auth::Authorized;
use crate::dcycle::{DcycleError, ErrorBody, ValidationBody};
use crate::numbers::intensity;

/// A vehicle.
#[derive(Serialize, ToSchema)]
#[schema(as = LegacyToc)]
struct LegacyToc<'p> {
    #[schema(example = "truck_articulated")]
    toc_id: &'p str,
    name: &'p str,
    /// `road`, `rail`, `sea` or `air`.
    #[schema(example = "road")]
    category: &'static str,
    vehicle_type: &'p str,
    fuel_type: Option<&'p str>,
    /// Kilograms of CO2e per tonne-kilometre; 0 for electric vehicles, whose grid factor depends on country and year.
    emission_factor: f64,
    /// The vehicle's average load, where published.
    #[schema(example = "11900 kg")]
    capacity: Option<String>,
}

/// Every vehicle, also by its older names, each once.
#[utoipa::path(
    tag = "legacy",
    security(("api_key" = [], "organization" = [])),
    responses(
        (status = 200, body = Vec<LegacyToc>),
        (status = 401, body = ErrorBody), (status = 404, body = ErrorBody), (status = 422, body = ValidationBody),
        (status = 503, body = ErrorBody),
    ),
)]
#[get("/api/v1/logistics/tocs")]
pub(super) async fn list(api: web::Data<Api>, _caller: Authorized) -> Result<HttpResponse, DcycleError> {
    let mut listed = api.calculator.factors().list();
    listed.dedup_by(|later, first| later.id == first.id);
    Ok(HttpResponse::Ok().json(listed.iter().map(LegacyToc::of).collect::<Vec<_>>()))
}

impl<'p> LegacyToc<'p> {
    fn of(listed: &ListedToc<'p>) -> Self {
        let toc = listed.toc;
        let category = match Category::from(toc.mode) {
            Category::Maritime => "sea",
            category => category.as_str(),
        };
        Self {
            toc_id: listed.id,
            name: &toc.name,
            category,
            vehicle_type: &toc.vehicle,
            fuel_type: Some(&*toc.fuel).filter(|fuel| !fuel.is_empty()),
            emission_factor: intensity(listed.per_tonne_km().0.wtw),
            capacity: listed.default_load.map(|load| format!("{:.0} kg", load.tonnes * 1000.0)),
        }
    }
}
