//! Recharges as responses show them.

use chrono::NaiveDate;
use emissions_core::Estimate;
use logistics_domain::recharge::{EnergyFactor, RechargeRecord};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::dcycle_v1::response::timestamp;
use crate::numbers::{intensity, kg};

/// Fuel that was filled in, or electricity that was charged, and what it emits.
#[derive(Serialize, ToSchema)]
#[schema(as = Recharge)]
pub(super) struct RechargeResponse<'r> {
    id: Uuid,
    vehicle_license_plate: Option<&'r str>,
    /// The vehicle of the TOC.
    #[schema(example = "artic_truck")]
    vehicle_type: Option<&'r str>,
    #[schema(example = "diesel")]
    fuel_name: &'r str,
    quantity: f64,
    #[schema(example = "l")]
    unit: &'static str,
    date: NaiveDate,
    /// Kilograms of CO2e, well to wheel.
    co2e: f64,
    created_at: String,
    updated_at: String,
    fuel_id: Uuid,
    #[schema(example = "ES")]
    country: String,
    toc_id: Option<Uuid>,
    toc: Option<&'r str>,
    project_id: Option<Uuid>,
    /// The call that it came in with, if that was a bulk call.
    file_id: Option<Uuid>,
    /// Always `active`.
    status: &'static str,
    /// Energy provision, in kilograms of CO2e.
    co2e_wtt: f64,
    /// Combustion, in kilograms of CO2e.
    co2e_ttw: f64,
    /// What power plants emit for it, in kilograms of CO2e: scope 2. It is part of `co2e_wtt`.
    co2e_generation: f64,
    /// `factor_year` or `grid_factor`: there is no factor for exactly the year, or the country.
    estimated_data: Vec<&'static str>,
    factor: Factor<'r>,
}

/// The row of a factor pack that was used.
#[derive(Serialize, ToSchema)]
#[schema(as = RechargeFactor)]
struct Factor<'r> {
    /// Kilograms of CO2e per unit, well to tank.
    wtt: f64,
    /// Kilograms of CO2e per unit, tank to wheel.
    ttw: f64,
    year: u16,
    region: String,
    pack: &'r str,
    pack_version: &'r str,
    /// SHA-256 of the pack's tables.
    pack_digest: &'r str,
    row: &'r str,
    source: &'r str,
    edition: &'r str,
    reference: &'r str,
    licence: &'r str,
}

impl<'r> RechargeResponse<'r> {
    pub fn of(record: &'r RechargeRecord) -> Self {
        let recharge = &record.recharge;
        let toc = recharge.toc.as_ref();
        Self {
            id: record.id.0,
            vehicle_license_plate: recharge.plate.as_deref(),
            vehicle_type: toc.map(|toc| toc.vehicle.as_str()),
            fuel_name: &recharge.fuel_name,
            quantity: recharge.quantity.get(),
            unit: recharge.unit.as_str(),
            date: recharge.date,
            co2e: kg(recharge.emissions.wtw.get()),
            created_at: timestamp(record.created_at),
            updated_at: timestamp(record.updated_at),
            fuel_id: recharge.fuel.0,
            country: recharge.country.to_string(),
            toc_id: toc.map(|toc| toc.id),
            toc: toc.map(|toc| toc.toc.as_str()),
            project_id: recharge.project.map(|project| project.0),
            file_id: recharge.file.map(|file| file.0),
            status: "active",
            co2e_wtt: kg(recharge.emissions.wtt.get()),
            co2e_ttw: kg(recharge.emissions.ttw.get()),
            co2e_generation: kg(recharge.generation.get()),
            estimated_data: recharge.estimated.iter().map(Estimate::as_str).collect(),
            factor: Factor::of(&recharge.factor),
        }
    }
}

impl<'r> Factor<'r> {
    fn of(factor: &'r EnergyFactor) -> Self {
        let (wtt, ttw, region) = match factor {
            EnergyFactor::Fuel(row) => (row.wtt, row.ttw, row.region),
            EnergyFactor::Grid(row) => (row.total, 0.0, row.region),
        };
        let citation = factor.citation();
        let (source, pack) = (&citation.source, &citation.source.pack);
        Self {
            wtt: intensity(wtt),
            ttw: intensity(ttw),
            year: factor.year(),
            region: region.label(),
            pack: &pack.id,
            pack_version: &pack.version,
            pack_digest: &pack.digest,
            row: &citation.row,
            source: &source.title,
            edition: &source.edition,
            reference: &citation.reference,
            licence: &source.licence,
        }
    }
}
