//! Recharges, as rows.

use chrono::NaiveDate;
use diesel::prelude::*;
use emissions_core::{CountryCode, Emissions, Estimates, FuelQuantity, FuelUnit, KgCo2e};
use logistics_domain::ids::{FileId, FuelId, OrganizationId, ProjectId, RechargeId};
use logistics_domain::recharge::{EnergyFactor, Recharge, RechargeRecord, RechargeToSave, RechargeToc};
use sha2::{Digest, Sha256};

use super::{RecordError, from_json, impossible, to_json};
use crate::columns::{InstantValue, UidValue};
use crate::schema::recharges;

/// A recharge, to write or as it was read.
#[derive(Debug, Clone, Insertable, Queryable, Selectable)]
#[diesel(table_name = recharges, primary_key(organization_id, id))]
#[diesel(treat_none_as_default_value = false, check_for_backend(diesel::sqlite::Sqlite, diesel::pg::Pg))]
pub struct RechargeRow {
    organization_id: UidValue,
    id: UidValue,
    created_at: InstantValue,
    updated_at: InstantValue,
    dedup_key: Vec<u8>,
    fuel_id: UidValue,
    fuel_name: String,
    country: String,
    date: NaiveDate,
    quantity: f64,
    unit: String,
    vehicle_license_plate: Option<String>,
    toc_id: Option<UidValue>,
    toc: Option<String>,
    vehicle_type: Option<String>,
    project_id: Option<UidValue>,
    file_id: Option<UidValue>,
    wtw: f64,
    wtt: f64,
    ttw: f64,
    generation: f64,
    estimated: i32,
    factor_id: Vec<u8>,
}

impl RechargeRow {
    /// The row of a recharge, and the factor that it was calculated with: its id and its JSON.
    pub fn new(
        organization: OrganizationId,
        given: &RechargeToSave,
        at: InstantValue,
    ) -> Result<(Self, String), RecordError> {
        let recharge = &given.recharge;
        let factor = to_json("json", &recharge.factor)?;
        let toc = recharge.toc.as_ref();
        let row = Self {
            organization_id: UidValue(organization.0),
            id: UidValue(given.id.0),
            created_at: at,
            updated_at: at,
            dedup_key: recharge.key().to_vec(),
            fuel_id: UidValue(recharge.fuel.0),
            fuel_name: recharge.fuel_name.clone(),
            country: recharge.country.to_string(),
            date: recharge.date,
            quantity: recharge.quantity.get(),
            unit: recharge.unit.as_str().to_owned(),
            vehicle_license_plate: recharge.plate.clone(),
            toc_id: toc.map(|toc| UidValue(toc.id)),
            toc: toc.map(|toc| toc.toc.clone()),
            vehicle_type: toc.map(|toc| toc.vehicle.clone()),
            project_id: recharge.project.map(|project| UidValue(project.0)),
            file_id: recharge.file.map(|file| UidValue(file.0)),
            wtw: recharge.emissions.wtw.get(),
            wtt: recharge.emissions.wtt.get(),
            ttw: recharge.emissions.ttw.get(),
            generation: recharge.generation.get(),
            estimated: recharge.estimated.bits().into(),
            factor_id: Sha256::digest(factor.as_bytes())[..16].to_vec(),
        };
        Ok((row, factor))
    }

    /// What tells it from other recharges.
    pub fn dedup_key(&self) -> &[u8] {
        &self.dedup_key
    }

    /// The id of the factor that it was calculated with.
    pub fn factor_id(&self) -> &[u8] {
        &self.factor_id
    }

    /// The recharge, with the JSON of its factor.
    pub fn into_record(self, factor: &str) -> Result<RechargeRecord, RecordError> {
        let unit = FuelUnit::from_name(&self.unit).ok_or_else(|| impossible("unit", &self.unit))?;
        let country =
            CountryCode::try_from(self.country).map_err(|unknown| impossible("country", unknown.0))?;
        let bits = u16::try_from(self.estimated).map_err(|_range| impossible("estimated", self.estimated))?;
        let toc = match (self.toc_id, self.toc, self.vehicle_type) {
            (Some(id), Some(toc), Some(vehicle)) => Some(RechargeToc { id: id.0, toc, vehicle }),
            _ => None,
        };
        let factor: EnergyFactor = from_json("json", factor)?;
        let (wtw, wtt, ttw) = (KgCo2e::new(self.wtw)?, KgCo2e::new(self.wtt)?, KgCo2e::new(self.ttw)?);
        Ok(RechargeRecord {
            id: RechargeId(self.id.0),
            created_at: self.created_at.get(),
            updated_at: self.updated_at.get(),
            recharge: Recharge {
                fuel: FuelId(self.fuel_id.0),
                fuel_name: self.fuel_name,
                country,
                date: self.date,
                quantity: FuelQuantity::new(self.quantity)?,
                unit,
                plate: self.vehicle_license_plate,
                toc,
                project: self.project_id.map(|id| ProjectId(id.0)),
                file: self.file_id.map(|id| FileId(id.0)),
                emissions: Emissions { wtw, wtt, ttw },
                generation: KgCo2e::new(self.generation)?,
                estimated: Estimates::from_bits(bits),
                factor,
            },
        })
    }
}
