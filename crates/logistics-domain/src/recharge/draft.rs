use chrono::NaiveDate;
use emissions_core::{CountryCode, FuelQuantity, FuelUnit};
use uuid::Uuid;

use crate::ids::{FuelId, ProjectId};
use crate::leg::{Faults, FieldError, Problem, shortened};

/// A recharge as a client states it: every field has its type, but nothing more is known of it.
#[derive(Debug, Clone, PartialEq, Default)]
#[expect(missing_docs, reason = "the fields are those of `NewRecharge`, documented there")]
pub struct RechargeDraft {
    pub fuel_id: Option<String>,
    pub country: Option<String>,
    pub date: Option<String>,
    pub quantity: Option<f64>,
    pub unit: Option<String>,
    pub vehicle_license_plate: Option<String>,
    pub toc_id: Option<String>,
    pub project_id: Option<String>,
}

/// A recharge that is well formed.
#[derive(Debug, Clone, PartialEq)]
pub struct NewRecharge {
    /// Which fuel.
    pub fuel: FuelId,
    /// Where it was filled in.
    pub country: CountryCode,
    /// When.
    pub date: NaiveDate,
    /// How much.
    pub quantity: FuelQuantity,
    /// What the quantity is counted in; nothing for the fuel's own unit.
    pub unit: Option<FuelUnit>,
    /// The vehicle.
    pub plate: Option<String>,
    /// The id of the vehicle's TOC.
    pub toc: Option<Uuid>,
    /// The project that it belongs to.
    pub project: Option<ProjectId>,
}

impl RechargeDraft {
    /// Checks the draft, beside what was found of a wrong type already.
    ///
    /// # Errors
    /// Every field at fault, once.
    pub fn parse(self, wrong_types: Vec<FieldError>) -> Result<NewRecharge, Vec<FieldError>> {
        let mut faults = Faults(wrong_types);
        let unit_names = [FuelUnit::L, FuelUnit::Kg, FuelUnit::KWh, FuelUnit::Mj].map(FuelUnit::as_str);
        let fuel = uuid(&mut faults, "fuel_id", self.fuel_id);
        let country = faults.country("country", self.country);
        let date = faults.date("date", self.date);
        let quantity = faults.quantity("quantity", self.quantity, FuelQuantity::new);
        let unit = faults.choice("unit", self.unit, FuelUnit::from_name, &unit_names);
        let plate = faults.name("vehicle_license_plate", self.vehicle_license_plate);
        let toc = uuid(&mut faults, "toc_id", self.toc_id);
        let project = uuid(&mut faults, "project_id", self.project_id).map(ProjectId);
        need(&mut faults, "fuel_id", fuel.is_some(), "take the id of a fuel from GET /v1/logistics/fuels");
        need(&mut faults, "country", country.is_some(), "give an ISO 3166-1 country code such as ES");
        need(&mut faults, "date", date.is_some(), "give a date such as 2024-11-25");
        need(&mut faults, "quantity", quantity.is_some(), "give how much was filled in or charged");
        match (fuel, country, date, quantity, faults.0) {
            (Some(fuel), Some(country), Some(date), Some(quantity), faults) if faults.is_empty() => {
                Ok(NewRecharge { fuel: FuelId(fuel), country, date, quantity, unit, plate, toc, project })
            }
            (.., faults) => Err(faults),
        }
    }
}

fn uuid(faults: &mut Faults, field: &'static str, value: Option<String>) -> Option<Uuid> {
    let value = faults.text(field, value)?;
    let uuid = Uuid::parse_str(&value).ok();
    if uuid.is_none() {
        faults.add(field, Problem::OutOfRange, format!("{field} is '{}'; give a UUID", shortened(&value)));
    }
    uuid
}

/// Notes a field that must be there, unless something is wrong with it already.
fn need(faults: &mut Faults, field: &'static str, is_there: bool, remedy: &str) {
    if !is_there && faults.0.iter().all(|fault| fault.field != field) {
        faults.add(field, Problem::Missing, format!("{field} is missing; {remedy}"));
    }
}
