//! A hub as the API shows it.

use logistics_domain::hub::Hub;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::dcycle_v1::response::timestamp;
use crate::numbers::{intensity, kg};
use crate::schemas;

/// A hub: the documented fields, then what Dray adds.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LogisticHubResponse)]
pub(super) struct HubResponse<'h> {
    id: Uuid,
    #[schema(example = "Madrid Distribution Center")]
    name: &'h str,
    #[schema(example = "Calle Industrial 5, Madrid")]
    address: Option<&'h str>,
    /// ISO 3166-1.
    #[schema(example = "ES")]
    country: Option<String>,
    #[schema(schema_with = schemas::hub_kind)]
    r#type: &'static str,
    #[schema(schema_with = schemas::hub_category)]
    category: Option<&'static str>,
    #[schema(schema_with = schemas::hub_status)]
    status: &'static str,
    supercharger: bool,
    facility_id: Option<Uuid>,
    /// What an own hub emits in a year, in kilograms of CO2e: `annual_co2e_kg`.
    #[schema(example = 1250.5)]
    co2e: Option<f64>,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    updated_at: Option<String>,
    #[schema(example = "HUB-MAD-001")]
    external_code: Option<&'h str>,
    annual_co2e_kg: Option<f64>,
    /// What leaves an own hub in the same year, in tonnes.
    annual_throughput_t: Option<f64>,
    /// Kilograms of CO2e per tonne that an own hub measured: annual emissions / annual throughput.
    measured_kgco2e_per_t: Option<f64>,
}

impl<'h> HubResponse<'h> {
    pub fn of(hub: &'h Hub) -> Self {
        let profile = &hub.profile;
        let annual_co2e = profile.annual_co2e.map(|co2e| kg(co2e.get()));
        Self {
            id: hub.id.0,
            name: &profile.name,
            address: profile.address.as_deref(),
            country: profile.country.map(|country| country.to_string()),
            r#type: profile.kind.as_str(),
            category: profile.category.map(|category| category.as_str()),
            status: profile.status.as_str(),
            supercharger: profile.supercharger,
            facility_id: profile.facility_id,
            co2e: annual_co2e,
            created_at: timestamp(hub.created_at),
            updated_at: hub.updated_at.map(timestamp),
            external_code: profile.external_code.as_deref(),
            annual_co2e_kg: annual_co2e,
            annual_throughput_t: profile.annual_throughput.map(|tonnes| kg(tonnes.get())),
            measured_kgco2e_per_t: profile.measured().map(|measured| intensity(measured.get())),
        }
    }
}
