//! Calculates what fuel and electricity emit.

use std::collections::HashMap;

use chrono::Datelike;
use emissions_core::{
    CountryCode, Emissions, Estimate, Estimates, Factors, FuelUnit, KgCo2e, KilowattHours, Region,
};
use uuid::Uuid;

use super::{ELECTRICITY, EnergyFactor, Fuel, NewRecharge, Recharge, RechargeToc, fuels};
use crate::ids::{FileId, FuelId};
use crate::leg::{FieldError, Problem};
use crate::toc::toc_id;

/// Why a recharge that is well formed cannot be calculated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RechargeFault {
    /// No fuel has the id.
    #[error("Fuel not found: fuel_id is '{0}'; take the id of a fuel from GET /v1/logistics/fuels")]
    UnknownFuel(FuelId),
    /// No TOC has the id.
    #[error("TOC not found: toc_id is '{0}'; take the id of a TOC from GET /v1/logistics/tocs")]
    UnknownToc(Uuid),
    /// A field cannot be used with the others.
    #[error("{}", .0.message)]
    Field(FieldError),
}

/// Calculates recharges with the factors in force.
#[derive(Debug)]
pub struct EnergyCalculator {
    fuels: Vec<Fuel>,
    by_id: HashMap<FuelId, usize>,
    tocs: HashMap<Uuid, RechargeToc>,
}

impl EnergyCalculator {
    /// A calculator for the fuels and TOCs of these factors.
    #[must_use]
    pub fn new(factors: &Factors) -> Self {
        let fuels = fuels(factors);
        let by_id = fuels.iter().enumerate().map(|(at, fuel)| (fuel.id, at)).collect();
        let listed = factors.list();
        let toc = |listed: &emissions_core::ListedToc<'_>| {
            let id = toc_id(listed);
            let (toc, vehicle) = (listed.toc.id.to_string(), listed.toc.vehicle.to_string());
            (id, RechargeToc { id, toc, vehicle })
        };
        let tocs = listed.iter().map(toc).collect();
        Self { fuels, by_id, tocs }
    }

    /// The catalogue of fuels.
    #[must_use]
    pub fn fuels(&self) -> &[Fuel] {
        &self.fuels
    }

    /// Calculates a recharge: emissions = quantity x factor of the fuel, unit and year (ISO 14083:2023, clause 8). The
    /// year is that of the recharge, else the nearest earlier, else the earliest.
    ///
    /// # Errors
    /// [`RechargeFault`] if the fuel or the TOC is unknown, or no factor is published for the unit or the country.
    pub fn calculate(
        &self,
        factors: &Factors,
        new: NewRecharge,
        file: Option<FileId>,
    ) -> Result<Recharge, RechargeFault> {
        let fuel = self.by_id.get(&new.fuel).map(|at| &self.fuels[*at]);
        let fuel = fuel.ok_or(RechargeFault::UnknownFuel(new.fuel))?;
        let unit = new.unit.unwrap_or(fuel.unit);
        if !fuel.units.contains(&unit) {
            return Err(RechargeFault::Field(no_such_unit(fuel, unit)));
        }
        let toc = match new.toc {
            Some(id) => Some(self.tocs.get(&id).cloned().ok_or(RechargeFault::UnknownToc(id))?),
            None => None,
        };
        let (emissions, generation, factor, estimated) = emitted(factors, fuel, unit, &new)?;
        Ok(Recharge {
            fuel: fuel.id,
            fuel_name: fuel.name.clone(),
            country: new.country,
            date: new.date,
            quantity: new.quantity,
            unit,
            plate: new.plate,
            toc,
            project: new.project,
            file,
            emissions,
            generation,
            estimated,
            factor,
        })
    }
}

fn emitted(
    factors: &Factors,
    fuel: &Fuel,
    unit: FuelUnit,
    new: &NewRecharge,
) -> Result<(Emissions, KgCo2e, EnergyFactor, Estimates), RechargeFault> {
    let year = u16::try_from(new.date.year()).unwrap_or_default();
    let mut estimated = Estimates::NONE;
    if fuel.name == ELECTRICITY {
        let grid = factors.electricity(new.country, year);
        let grid = grid.ok_or_else(|| RechargeFault::Field(no_grid(new.country)))?;
        if grid.year != year || grid.region != Region::Country(new.country) {
            estimated.insert(Estimate::GridFactor);
        }
        let energy = KilowattHours::new(new.quantity.get()).unwrap_or(KilowattHours::MAX);
        let factor = EnergyFactor::Grid(grid.clone());
        return Ok((grid.emissions(energy), grid.generation(energy), factor, estimated));
    }
    let row = factors.fuel_of(&fuel.name, fuel.region, unit, year);
    let row = row.ok_or_else(|| RechargeFault::Field(no_such_unit(fuel, unit)))?;
    if row.year != year {
        estimated.insert(Estimate::FactorYear);
    }
    Ok((row.emissions(new.quantity), KgCo2e::ZERO, EnergyFactor::Fuel(row.clone()), estimated))
}

fn no_such_unit(fuel: &Fuel, unit: FuelUnit) -> FieldError {
    let published: Vec<&str> = fuel.units.iter().map(|unit| unit.as_str()).collect();
    let (unit, name, published) = (unit.as_str(), &fuel.name, published.join(", "));
    let message =
        format!("unit is '{unit}', for which no factor of {name} is published; give one of {published}");
    FieldError { field: "unit", problem: Problem::NotPermitted, message }
}

fn no_grid(country: CountryCode) -> FieldError {
    let message =
        format!("country is '{country}', for whose grid no factor is known; load a factor pack that has one");
    FieldError { field: "country", problem: Problem::NotPermitted, message }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use emissions_core::FuelQuantity;

    use super::*;

    fn recharge(fuel: &str, region: &str, country: &str, day: &str, quantity: f64) -> NewRecharge {
        let factors = Factors::open();
        let fuels = fuels(&factors);
        let fuel = fuels.iter().find(|known| known.name == fuel && known.region.label() == region).unwrap();
        NewRecharge {
            fuel: fuel.id,
            country: CountryCode::parse(country).unwrap(),
            date: day.parse::<NaiveDate>().unwrap(),
            quantity: FuelQuantity::new(quantity).unwrap(),
            unit: None,
            plate: None,
            toc: None,
            project: None,
        }
    }

    fn calculate(new: NewRecharge) -> Result<Recharge, RechargeFault> {
        let factors = Factors::open();
        EnergyCalculator::new(&factors).calculate(&factors, new, None)
    }

    #[test]
    fn a_litre_of_diesel_emits_what_is_published() {
        let found = calculate(recharge("diesel", "GLO", "ES", "2025-03-01", 100.0)).unwrap();
        assert_eq!(
            (found.emissions.wtt.get(), found.emissions.ttw.get()),
            (100.0 * 0.61101, 100.0 * 2.57082)
        );
        assert_eq!((found.unit, found.generation), (FuelUnit::L, KgCo2e::ZERO));
        assert_eq!(&*found.factor.citation().row, "defra2025-diesel-average-biofuel-blend.l");
        assert_eq!(found.estimated, Estimates::NONE);
    }

    #[test]
    fn another_unit_takes_the_factor_published_for_it() {
        let new =
            NewRecharge { unit: Some(FuelUnit::Kg), ..recharge("diesel", "GLO", "ES", "2025-03-01", 2.0) };
        let found = calculate(new).unwrap();
        assert_eq!(found.emissions.ttw.get(), 2.0 * 3.087_945);
        let new =
            NewRecharge { unit: Some(FuelUnit::Mj), ..recharge("diesel", "GLO", "ES", "2025-03-01", 2.0) };
        let Err(RechargeFault::Field(fault)) = calculate(new) else {
            panic!("no factor per MJ is published")
        };
        assert!(fault.message.ends_with("give one of l, kg, kwh"), "{}", fault.message);
    }

    #[test]
    fn electricity_follows_country_and_year() {
        let spain = calculate(recharge("electricity", "GLO", "ES", "2022-05-05", 100.0)).unwrap();
        let poland = calculate(recharge("electricity", "GLO", "PL", "2022-05-05", 100.0)).unwrap();
        assert!(poland.emissions.wtw > spain.emissions.wtw);
        assert_eq!((spain.emissions.wtt, spain.emissions.ttw), (spain.emissions.wtw, KgCo2e::ZERO));
        assert!(spain.generation <= spain.emissions.wtw);
        let later = calculate(recharge("electricity", "GLO", "ES", "2030-05-05", 100.0)).unwrap();
        assert!(later.estimated.contains(Estimate::GridFactor));
    }

    #[test]
    fn gas_is_counted_in_kilograms_and_a_year_without_a_row_is_said() {
        let found = calculate(recharge("cng", "GLO", "DE", "2031-01-01", 1.0)).unwrap();
        assert_eq!(found.unit, FuelUnit::Kg);
        assert!(found.estimated.contains(Estimate::FactorYear));
    }

    #[test]
    fn unknown_ids_are_refused() {
        let new = recharge("diesel", "GLO", "ES", "2025-03-01", 1.0);
        let unknown = NewRecharge { fuel: FuelId(Uuid::nil()), ..new.clone() };
        assert_eq!(calculate(unknown), Err(RechargeFault::UnknownFuel(FuelId(Uuid::nil()))));
        let unknown = NewRecharge { toc: Some(Uuid::nil()), ..new };
        assert_eq!(calculate(unknown), Err(RechargeFault::UnknownToc(Uuid::nil())));
    }

    #[test]
    fn ids_are_the_same_for_every_pack() {
        let fuels = fuels(&Factors::open());
        let diesel =
            fuels.iter().find(|fuel| fuel.name == "diesel" && fuel.region == Region::Global).unwrap();
        assert_eq!(diesel.id.0, Uuid::new_v5(&Uuid::NAMESPACE_URL, b"fuel/diesel/global"));
        let distinct: std::collections::HashSet<FuelId> = fuels.iter().map(|fuel| fuel.id).collect();
        assert_eq!(distinct.len(), fuels.len());
    }
}
