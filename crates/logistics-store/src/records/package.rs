use diesel::prelude::*;
use emissions_core::LoadUnit;
use logistics_domain::ids::{LegId, PackageId};
use logistics_domain::package::{PackageLeg, PackageRecord};

use super::{RecordError, impossible};
use crate::columns::{InstantValue, UidValue};
use crate::schema::{leg_results, legs, packages};

/// A package to write.
#[derive(Insertable)]
#[diesel(table_name = packages, treat_none_as_default_value = false)]
pub struct NewPackageRow<'a> {
    organization_id: UidValue,
    id: UidValue,
    movement_id: &'a str,
    package_key: &'a str,
    created_at: InstantValue,
    updated_at: InstantValue,
    position: i64,
}

impl<'a> NewPackageRow<'a> {
    /// A package that is named by movement and key.
    pub fn new(
        organization_id: UidValue,
        id: UidValue,
        (movement_id, package_key): (&'a str, &'a str),
        position: i64,
        at: InstantValue,
    ) -> Self {
        Self { organization_id, id, movement_id, package_key, created_at: at, updated_at: at, position }
    }
}

/// A package as it was read.
#[derive(Queryable, Selectable)]
#[diesel(table_name = packages, check_for_backend(diesel::sqlite::Sqlite, diesel::pg::Pg))]
pub struct PackageRow {
    id: UidValue,
    movement_id: String,
    package_key: String,
    created_at: InstantValue,
    updated_at: InstantValue,
}

impl PackageRow {
    pub fn id(&self) -> PackageId {
        PackageId(self.id.0)
    }

    pub fn into_record(self, legs: Vec<PackageLeg>) -> PackageRecord {
        PackageRecord {
            id: self.id(),
            movement_id: self.movement_id,
            package_key: self.package_key,
            created_at: self.created_at.get(),
            updated_at: self.updated_at.get(),
            legs,
        }
    }
}

/// A leg of a package, with what its result in force adds.
#[derive(Queryable, Selectable)]
#[diesel(table_name = legs, check_for_backend(diesel::sqlite::Sqlite, diesel::pg::Pg))]
pub struct PackageLegRow {
    id: UidValue,
    package_id: Option<UidValue>,
    origin: Option<String>,
    destination: Option<String>,
    client: Option<String>,
    distance_km: Option<f64>,
    tkm: Option<f64>,
    load: Option<f64>,
    load_unit: String,
    load_factor: f64,
    #[diesel(embed)]
    result: Option<PackageResultRow>,
}

/// What a result says of a package.
#[derive(Queryable, Selectable)]
#[diesel(table_name = leg_results, check_for_backend(diesel::sqlite::Sqlite, diesel::pg::Pg))]
pub struct PackageResultRow {
    #[expect(dead_code, reason = "a column that is never null tells diesel whether a join found a row")]
    id: UidValue,
    total_wtw: Option<f64>,
    tkm: Option<f64>,
    distance_km: Option<f64>,
    default_load_kg: Option<f64>,
}

impl PackageLegRow {
    pub fn package_id(&self) -> Option<PackageId> {
        self.package_id.map(|id| PackageId(id.0))
    }

    pub fn into_leg(self) -> Result<PackageLeg, RecordError> {
        let weight_kg = self.weight_kg()?;
        let found = self.result.as_ref();
        Ok(PackageLeg {
            id: LegId(self.id.0),
            weight_kg,
            distance_km: self.distance_km.or(found.and_then(|found| found.distance_km)),
            co2e: found.and_then(|found| found.total_wtw),
            origin: self.origin,
            destination: self.destination,
            client: self.client,
        })
    }

    /// The mass that is carried. How much a pallet or container weighs is known from the result alone: it is its transport
    /// activity by its distance, unless the client gave the activity.
    fn weight_kg(&self) -> Result<Option<f64>, RecordError> {
        let unit = LoadUnit::from_name(&self.load_unit);
        let unit = unit.ok_or_else(|| impossible("load_unit", &self.load_unit))?;
        let found = self.result.as_ref();
        let default_load = || found.and_then(|found| found.default_load_kg);
        let kilograms = match (self.load, unit) {
            (None, _) => default_load().map(|kg| kg * self.load_factor),
            (Some(load), LoadUnit::Kg) => Some(load * self.load_factor),
            (Some(load), LoadUnit::Ton) => Some(load * self.load_factor * 1000.0),
            (Some(_), LoadUnit::Pallets | LoadUnit::Teu | LoadUnit::Feu) => {
                found.filter(|_| self.tkm.is_none()).and_then(PackageResultRow::mass_kg)
            }
        };
        Ok(kilograms)
    }
}

impl PackageResultRow {
    /// Transport activity by distance.
    fn mass_kg(&self) -> Option<f64> {
        let km = self.distance_km.filter(|km| *km > 0.0)?;
        Some(self.tkm? / km * 1000.0)
    }
}
