//! Legs, as rows.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use emissions_core::{CountryCode, Kilometres, Load, LoadFactor, LoadUnit, TonneKilometres};
use logistics_domain::Category;
use logistics_domain::ids::{LegId, OrganizationId, PackageId};
use logistics_domain::leg::{LegHubs, ResolvedLeg, Traceability};
use logistics_domain::trip::Trip;

use super::{RecordError, from_json, impossible};
use crate::columns::{InstantValue, UidValue};
use crate::schema::legs;

/// A leg to write.
#[derive(Insertable)]
#[diesel(table_name = legs, treat_none_as_default_value = false)]
pub struct NewLegRow<'a> {
    organization_id: UidValue,
    id: UidValue,
    created_at: InstantValue,
    updated_at: InstantValue,
    origin: Option<&'a str>,
    destination: Option<&'a str>,
    origin_country: Option<&'a str>,
    distance_km: Option<f64>,
    tkm: Option<f64>,
    load: Option<f64>,
    load_unit: &'static str,
    load_factor: f64,
    toc: &'a str,
    toc_estimated: bool,
    category: &'static str,
    year: i32,
    cleaning: bool,
    shipment_date: NaiveDate,
    movement_id: Option<&'a str>,
    movement_stretch: Option<&'a str>,
    movement_stage: Option<&'a str>,
    client: Option<&'a str>,
    vehicle_license_plate: Option<&'a str>,
    trailer_license_plate: Option<&'a str>,
    subcontractor: bool,
    hub_id: Option<&'a str>,
    package_id: Option<UidValue>,
    dedup_key: Option<&'a [u8]>,
    position: i64,
}

/// What a leg's row holds beside the leg.
pub struct LegKeys<'a> {
    pub organization: OrganizationId,
    pub id: LegId,
    pub created_at: InstantValue,
    pub updated_at: InstantValue,
    pub package: Option<PackageId>,
    pub dedup_key: Option<&'a [u8; 32]>,
    pub position: i64,
}

impl<'a> NewLegRow<'a> {
    pub fn new(keys: &LegKeys<'a>, leg: &'a ResolvedLeg) -> Result<Self, RecordError> {
        let trace = &leg.trace;
        if let Some(load) = leg.load.filter(|load| load.unit() != leg.load_unit) {
            let (load, shown) = (load.unit().as_str(), leg.load_unit.as_str());
            return Err(RecordError::LoadUnit { load, shown });
        }
        Ok(Self {
            organization_id: UidValue(keys.organization.0),
            id: UidValue(keys.id.0),
            created_at: keys.created_at,
            updated_at: keys.updated_at,
            origin: leg.origin.as_deref(),
            destination: leg.destination.as_deref(),
            origin_country: leg.origin_country.as_ref().map(CountryCode::as_str),
            distance_km: leg.distance.map(Kilometres::get),
            tkm: leg.tkm.map(TonneKilometres::get),
            load: leg.load.map(Load::amount),
            load_unit: leg.load_unit.as_str(),
            load_factor: leg.load_factor.get(),
            toc: &leg.toc,
            toc_estimated: leg.toc_estimated,
            category: leg.category.as_str(),
            year: leg.year.into(),
            cleaning: leg.cleaning,
            shipment_date: leg.shipment_date,
            movement_id: trace.movement_id.as_deref(),
            movement_stretch: trace.movement_stretch.as_deref(),
            movement_stage: trace.movement_stage.as_deref(),
            client: trace.client.as_deref(),
            vehicle_license_plate: trace.vehicle_license_plate.as_deref(),
            trailer_license_plate: trace.trailer_license_plate.as_deref(),
            subcontractor: trace.subcontractor,
            hub_id: trace.hub_id.as_deref(),
            package_id: keys.package.map(|package| UidValue(package.0)),
            dedup_key: keys.dedup_key.map(<[u8; 32]>::as_slice),
            position: keys.position,
        })
    }
}

/// A leg as it was read.
#[derive(Queryable, Selectable)]
#[diesel(table_name = legs, check_for_backend(diesel::sqlite::Sqlite, diesel::pg::Pg))]
pub struct LegRow {
    id: UidValue,
    created_at: InstantValue,
    updated_at: InstantValue,
    origin: Option<String>,
    destination: Option<String>,
    origin_country: Option<String>,
    distance_km: Option<f64>,
    tkm: Option<f64>,
    load: Option<f64>,
    load_unit: String,
    load_factor: f64,
    toc: String,
    toc_estimated: bool,
    category: String,
    year: i32,
    cleaning: bool,
    shipment_date: NaiveDate,
    movement_id: Option<String>,
    movement_stretch: Option<String>,
    movement_stage: Option<String>,
    client: Option<String>,
    vehicle_license_plate: Option<String>,
    trailer_license_plate: Option<String>,
    subcontractor: bool,
    hub_id: Option<String>,
    package_id: Option<UidValue>,
}

impl LegRow {
    pub fn id(&self) -> LegId {
        LegId(self.id.0)
    }

    pub fn created_at(&self) -> DateTime<Utc> {
        self.created_at.get()
    }

    /// When the client last said what the leg is.
    pub fn updated_at(&self) -> DateTime<Utc> {
        self.updated_at.get()
    }

    pub fn package_id(&self) -> Option<PackageId> {
        self.package_id.map(|id| PackageId(id.0))
    }

    /// The leg, with the key of its package, what hubs have to do with it, as JSON, and what the client of a trip says.
    pub fn into_leg(
        self,
        package_key: Option<String>,
        hubs: Option<&str>,
        trip: Option<Trip>,
    ) -> Result<ResolvedLeg, RecordError> {
        let unit = LoadUnit::from_name(&self.load_unit);
        let load_unit = unit.ok_or_else(|| impossible("load_unit", &self.load_unit))?;
        let category = Category::from_name(&self.category);
        let country = self.origin_country.map(CountryCode::try_from).transpose();
        Ok(ResolvedLeg {
            origin: self.origin,
            destination: self.destination,
            distance: self.distance_km.map(Kilometres::new).transpose()?,
            tkm: self.tkm.map(TonneKilometres::new).transpose()?,
            load: self.load.map(|amount| Load::new(amount, load_unit)).transpose()?,
            load_unit,
            load_factor: LoadFactor::new(self.load_factor)?,
            toc: self.toc,
            toc_estimated: self.toc_estimated,
            category: category.ok_or_else(|| impossible("category", &self.category))?,
            origin_country: country.map_err(|unknown| impossible("origin_country", unknown.0))?,
            year: u16::try_from(self.year).map_err(|_range| impossible("year", self.year))?,
            cleaning: self.cleaning,
            shipment_date: self.shipment_date,
            trace: Traceability {
                movement_id: self.movement_id,
                client: self.client,
                movement_stretch: self.movement_stretch,
                movement_stage: self.movement_stage,
                vehicle_license_plate: self.vehicle_license_plate,
                trailer_license_plate: self.trailer_license_plate,
                hub_id: self.hub_id,
                package_key,
                subcontractor: self.subcontractor,
            },
            hubs: hubs.map_or_else(|| Ok(LegHubs::default()), |json| from_json("leg_hubs.json", json))?,
            trip: trip.map(Box::new),
        })
    }
}
