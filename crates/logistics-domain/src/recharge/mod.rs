//! Fuel that vehicles filled in and electricity that they charged: what it emits, apart from any leg.
//!
//! Legs are always calculated with the intensities of their TOC. What the vehicles really burnt is kept beside them: it is
//! the carrier's own account, and divided by the transport activity it gives the carrier's own intensity.

mod calculator;
mod draft;
mod fuels;
mod repository;

pub use calculator::{EnergyCalculator, RechargeFault};
pub use draft::{NewRecharge, RechargeDraft};
pub use fuels::{ELECTRICITY, Fuel, fuels};
pub use repository::{
    RechargeDelivery, RechargeField, RechargeFilter, RechargeRepository, RechargeToSave, Recharges,
    ValueCount, WriteRechargeAnswer,
};

use chrono::{DateTime, NaiveDate, Utc};
use emissions_core::{
    Citation, CountryCode, ElectricityRow, Emissions, Estimates, FuelQuantity, FuelRow, FuelUnit, KgCo2e,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::ids::{FileId, FuelId, ProjectId, RechargeId};

/// The row of a factor pack that a recharge was calculated with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EnergyFactor {
    /// A fuel's.
    Fuel(FuelRow),
    /// A grid's.
    Grid(ElectricityRow),
}

impl EnergyFactor {
    /// Where the figure stands.
    #[must_use]
    pub const fn citation(&self) -> &Citation {
        match self {
            Self::Fuel(row) => &row.citation,
            Self::Grid(row) => &row.citation,
        }
    }

    /// The year of the figure.
    #[must_use]
    pub const fn year(&self) -> u16 {
        match self {
            Self::Fuel(row) => row.year,
            Self::Grid(row) => row.year,
        }
    }
}

/// The vehicle's transport operation category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RechargeToc {
    /// The id of the entry in the list of TOCs.
    pub id: Uuid,
    /// The TOC's own id, never an alias.
    pub toc: String,
    /// The vehicle, as in `rigid_truck`.
    pub vehicle: String,
}

/// Fuel filled in or electricity charged, with what it emits.
#[derive(Debug, Clone, PartialEq)]
pub struct Recharge {
    /// Which fuel.
    pub fuel: FuelId,
    /// The fuel's name, as in `diesel`.
    pub fuel_name: String,
    /// Where.
    pub country: CountryCode,
    /// When.
    pub date: NaiveDate,
    /// How much.
    pub quantity: FuelQuantity,
    /// What the quantity is counted in.
    pub unit: FuelUnit,
    /// The vehicle.
    pub plate: Option<String>,
    /// The vehicle's TOC.
    pub toc: Option<RechargeToc>,
    /// The project that it belongs to.
    pub project: Option<ProjectId>,
    /// What it was sent in with.
    pub file: Option<FileId>,
    /// What it emits.
    pub emissions: Emissions,
    /// The part of it that power plants emit: scope 2.
    pub generation: KgCo2e,
    /// What was estimated.
    pub estimated: Estimates,
    /// The factor used.
    pub factor: EnergyFactor,
}

impl Recharge {
    /// What tells recharges apart: a hash of country, day, quantity and licence plate. One that comes again takes the place
    /// of the former.
    #[must_use]
    pub fn key(&self) -> [u8; 32] {
        let mut hasher = Sha256::new();
        hasher.update(self.country.as_str());
        hasher.update(self.date.to_string());
        hasher.update(self.quantity.get().to_bits().to_be_bytes());
        hasher.update([u8::from(self.plate.is_some())]);
        hasher.update(self.plate.as_deref().unwrap_or_default());
        hasher.finalize().into()
    }
}

/// A recharge as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct RechargeRecord {
    /// Its id.
    pub id: RechargeId,
    /// When it was first stored.
    pub created_at: DateTime<Utc>,
    /// When it was last stored.
    pub updated_at: DateTime<Utc>,
    /// What it says.
    pub recharge: Recharge,
}
