//! The body of a recharge, as clients write it.

use std::collections::HashMap;

use logistics_domain::leg::FieldError;
use logistics_domain::recharge::{NewRecharge, RechargeDraft};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use utoipa::ToSchema;

use crate::values::{number, text};

/// Fuel that was filled in, or electricity that was charged. `null` is a field that is not there.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = RechargeRequest)]
#[serde(default)]
pub(super) struct RechargeBody {
    /// From `GET /v1/logistics/fuels`.
    #[schema(value_type = String, format = Uuid, required)]
    fuel_id: Value,
    /// ISO 3166-1. The grid of electricity is this country's.
    #[schema(value_type = String, example = "ES", required)]
    country: Value,
    #[schema(value_type = String, example = "2024-11-25", required)]
    date: Value,
    /// In `unit`.
    #[schema(value_type = f64, example = 120.5, minimum = 0, required)]
    quantity: Value,
    /// `l`, `kg`, `kwh` or `mj`, as far as the fuel has factors for it; the fuel's own unit without it.
    #[schema(value_type = Option<String>, example = "l")]
    unit: Value,
    #[schema(value_type = Option<String>, example = "1234-ABC")]
    vehicle_license_plate: Value,
    /// From `GET /v1/logistics/tocs`: which vehicle it was.
    #[schema(value_type = Option<String>, format = Uuid)]
    toc_id: Value,
    /// Kept as it is.
    #[schema(value_type = Option<String>, format = Uuid)]
    project_id: Value,
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
            fuel_id: text(&mut wrong, "fuel_id", self.fuel_id),
            country: text(&mut wrong, "country", self.country),
            date: text(&mut wrong, "date", self.date),
            quantity: number(&mut wrong, "quantity", &self.quantity),
            unit: text(&mut wrong, "unit", self.unit),
            vehicle_license_plate: text(&mut wrong, "vehicle_license_plate", self.vehicle_license_plate),
            toc_id: text(&mut wrong, "toc_id", self.toc_id),
            project_id: text(&mut wrong, "project_id", self.project_id),
        };
        draft.parse(wrong)
    }
}
