//! The body of a recharge, as clients write it.

use std::collections::HashMap;

use logistics_domain::leg::FieldError;
use logistics_domain::recharge::{NewRecharge, RechargeDraft};
use serde::Deserialize;
use serde::de::IgnoredAny;
use utoipa::ToSchema;

use crate::values::Given;

/// Fuel that was filled in, or electricity that was charged. `null` is a field that is not there.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = RechargeRequest)]
#[serde(expecting = "a JSON object")]
pub(super) struct RechargeBody {
    /// From `GET /v1/logistics/fuels`.
    #[schema(value_type = String, format = Uuid)]
    fuel_id: Given<String>,
    /// ISO 3166-1. The grid of electricity is this country's.
    #[schema(value_type = String, example = "ES")]
    country: Given<String>,
    #[schema(value_type = String, example = "2024-11-25")]
    date: Given<String>,
    /// In `unit`.
    #[schema(value_type = f64, example = 120.5, minimum = 0)]
    quantity: Given<f64>,
    /// `l`, `kg`, `kwh` or `mj`, as far as the fuel has factors for it; the fuel's own unit without it.
    #[schema(value_type = Option<String>, example = "l")]
    unit: Given<String>,
    #[schema(value_type = Option<String>, example = "1234-ABC")]
    vehicle_license_plate: Given<String>,
    /// From `GET /v1/logistics/tocs`: which vehicle it was.
    #[schema(value_type = Option<String>, format = Uuid)]
    toc_id: Given<String>,
    /// Kept as it is.
    #[schema(value_type = Option<String>, format = Uuid)]
    project_id: Given<String>,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: HashMap<String, IgnoredAny>,
}

impl RechargeBody {
    /// The recharge, if nothing is wrong with it.
    pub fn parse(self) -> Result<NewRecharge, Vec<FieldError>> {
        metrics::counter!("dray_unknown_body_fields_total").increment(self.unknown.len() as u64);
        let mut wrong = Vec::new();
        let draft = RechargeDraft {
            fuel_id: self.fuel_id.filled(&mut wrong, "fuel_id"),
            country: self.country.filled(&mut wrong, "country"),
            date: self.date.filled(&mut wrong, "date"),
            quantity: self.quantity.or_note(&mut wrong, "quantity"),
            unit: self.unit.filled(&mut wrong, "unit"),
            vehicle_license_plate: self.vehicle_license_plate.filled(&mut wrong, "vehicle_license_plate"),
            toc_id: self.toc_id.filled(&mut wrong, "toc_id"),
            project_id: self.project_id.filled(&mut wrong, "project_id"),
        };
        draft.parse(wrong)
    }
}
