use actix_web::{HttpResponse, post, web};
use emissions_core::Load;
use logistics_domain::Calculator;
use logistics_domain::hub::{HubDirectory, HubMentions};
use logistics_domain::leg::{FieldError, LegDraft, NewLeg, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Api;
use crate::auth::Authorized;
use crate::body::JsonBody;
use crate::dcycle::{DcycleError, ErrorBody, ValidationBody};
use crate::numbers::{intensity, kg, km};
use crate::values::Given;

/// A shipment to calculate. `null` is a field that is not there.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = LegacyShipmentRequest)]
struct ShipmentBody {
    #[schema(value_type = String, example = "Madrid, Spain")]
    origin: Given<String>,
    #[schema(value_type = String, example = "Barcelona, Spain")]
    destination: Given<String>,
    /// The id of a TOC, or one of its older names.
    #[schema(value_type = String, example = "truck_articulated")]
    toc: Given<String>,
    /// The vehicle's average load without it.
    #[schema(value_type = Option<f64>, example = 1000)]
    load: Given<f64>,
    /// `kg` (without it), `ton`, `pallets`, `teu` or `feu`.
    #[schema(value_type = Option<String>, example = "kg")]
    load_unit: Given<String>,
    /// The year of the factors; the current one without it.
    #[schema(value_type = Option<i64>, example = 2024)]
    year: Given<i64>,
}

/// What a shipment emits.
#[derive(Serialize, ToSchema)]
#[schema(as = LegacyShipment)]
struct Shipment<'s> {
    /// Kilograms of CO2e, well to wheel.
    co2e: f64,
    distance_km: Option<f64>,
    toc: &'s str,
    load: Option<f64>,
    load_unit: &'static str,
    origin: Option<&'s str>,
    destination: Option<&'s str>,
    year: u16,
    /// Kilograms of CO2e per tonne-kilometre; null without transport activity.
    emission_factor: Option<f64>,
    #[schema(example = "ISO 14083")]
    methodology: &'static str,
}

impl ShipmentBody {
    fn parse(self) -> Result<NewLeg, Vec<FieldError>> {
        let mut wrong = Vec::new();
        let draft = LegDraft {
            origin: self.origin.filled(&mut wrong, "origin"),
            destination: self.destination.filled(&mut wrong, "destination"),
            toc: self.toc.filled(&mut wrong, "toc"),
            load: self.load.or_note(&mut wrong, "load"),
            load_unit: self.load_unit.filled(&mut wrong, "load_unit"),
            year: self.year.or_note(&mut wrong, "year"),
            ..LegDraft::default()
        };
        if draft.toc.is_none() && wrong.iter().all(|fault| fault.field != "toc") {
            let message = "toc is missing; take one from GET /api/v1/logistics/tocs".to_owned();
            wrong.push(FieldError { field: "toc", problem: Problem::Missing, message });
        }
        draft.parse_beside(wrong)
    }
}

/// Calculates a shipment. Nothing is kept.
#[utoipa::path(
    tag = "legacy",
    security(("api_key" = [], "organization" = [])),
    request_body = ShipmentBody,
    responses(
        (status = 200, body = Shipment),
        (status = 400, body = ErrorBody, description = "A hub that origin or destination names has no address"),
        (status = 401, body = ErrorBody), (status = 404, body = ErrorBody), (status = 413, body = ErrorBody),
        (status = 422, body = ValidationBody, description = "A field is at fault, or (with `code`) there is no TOC, load or distance"),
        (status = 503, body = ErrorBody),
    ),
)]
#[post("/api/v1/logistics/shipment")]
pub(super) async fn calculate(
    api: web::Data<Api>,
    caller: Authorized,
    body: JsonBody<ShipmentBody>,
) -> Result<HttpResponse, DcycleError> {
    let leg = body.0.parse().map_err(DcycleError::fields)?;
    let (origin, destination) = (leg.origin.clone(), leg.destination.clone());
    let mentioned = api.hubs.hubs(caller.organization).mentioned(HubMentions::of([&leg])).await?;
    let leg = HubDirectory::new(mentioned).settle(leg)?;
    let leg = api.calculator.resolve(leg, api.clock.now())?;
    let settings = api.maps.geography(caller.organization).settings().await?;
    let mut results = api.calculator.calculate(&[&leg], &settings).await;
    let found = results.pop().ok_or(DcycleError::Internal)??;
    let load = Calculator::shown_load(&leg, found.default_load);
    let tkm = found.tkm.get();
    Ok(HttpResponse::Ok().json(Shipment {
        co2e: kg(found.total().wtw.get()),
        distance_km: found.distance.map(|distance| km(distance.get())),
        toc: &leg.toc,
        load: load.map(Load::amount),
        load_unit: load.map_or(leg.load_unit, Load::unit).as_str(),
        origin: origin.as_deref(),
        destination: destination.as_deref(),
        year: leg.year,
        emission_factor: (tkm > 0.0).then(|| intensity(found.transport.wtw.get() / tkm)),
        methodology: "ISO 14083",
    }))
}
