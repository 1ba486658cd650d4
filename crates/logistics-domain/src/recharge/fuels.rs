//! The catalogue of fuels, made of the factors in force.

use std::collections::BTreeMap;

use emissions_core::{Factors, FuelUnit, Region};
use uuid::Uuid;

use crate::ids::FuelId;

/// The name of electricity among the fuels.
pub const ELECTRICITY: &str = "electricity";

/// Fuels that are sold by mass, though some sources also count them in litres.
const BY_MASS: [&str; 7] = ["bio_cng", "bio_lng", "biomethane", "cng", "hydrogen", "lng", "natural_gas"];

/// A fuel as it is sold in one region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fuel {
    /// Its id: made of name and region, so the same on every server and with every factor pack.
    pub id: FuelId,
    /// Its name, as in `diesel`.
    pub name: String,
    /// Its name in plain English.
    pub label: String,
    /// Where it is sold. Electricity is sold everywhere: its factor follows the country.
    pub region: Region,
    /// The unit that a quantity is in where none is named.
    pub unit: FuelUnit,
    /// The units that factors are published for.
    pub units: Vec<FuelUnit>,
}

/// The fuels that the factors in force know, by name and region; electricity last.
#[must_use]
pub fn fuels(factors: &Factors) -> Vec<Fuel> {
    let mut known: BTreeMap<(&str, Region), (&str, Vec<FuelUnit>)> = BTreeMap::new();
    for row in factors.fuels() {
        let (_, units) = known.entry((&row.fuel, row.region)).or_insert((&row.name, Vec::new()));
        if !units.contains(&row.unit) {
            units.push(row.unit);
        }
    }
    let mut fuels: Vec<Fuel> = known
        .into_iter()
        .map(|((name, region), (label, mut units))| {
            units.sort_unstable();
            let mass = units.iter().find(|unit| BY_MASS.contains(&name) && **unit == FuelUnit::Kg);
            let unit = mass.or(units.first()).copied().unwrap_or(FuelUnit::L);
            Fuel { id: id(name, region), name: name.to_owned(), label: label.to_owned(), region, unit, units }
        })
        .collect();
    fuels.push(Fuel {
        id: id(ELECTRICITY, Region::Global),
        name: ELECTRICITY.to_owned(),
        label: "Electricity from the grid of the country".to_owned(),
        region: Region::Global,
        unit: FuelUnit::KWh,
        units: vec![FuelUnit::KWh],
    });
    fuels
}

fn id(name: &str, region: Region) -> FuelId {
    FuelId(Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("fuel/{name}/{region}").as_bytes()))
}
