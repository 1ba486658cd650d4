//! Electricity, fuels and refrigerants.

use std::collections::HashSet;

use super::intensities::split;
use super::regions;
use super::sources::Sources;
use super::table::{Keys, Row, Table};
use crate::pack::PackError;
use crate::pack::rows::{ElectricityRow, FuelRow, FuelUnit, RefrigerantRow};

/// An electricity total may differ from the sum of its parts by the rounding of each, in kg CO2e per kWh.
const GRID_ROUNDING: f64 = 1e-5;

/// Grids, ordered by region and year.
pub(super) fn electricity(text: Option<&str>, sources: &Sources) -> Result<Vec<ElectricityRow>, PackError> {
    #[rustfmt::skip]
    let columns = &[
        "row", "region", "year", "generation", "losses", "wtt_generation", "wtt_losses", "total", "source", "ref", "note",
    ];
    let mut grids = Vec::new();
    let Some(text) = text else { return Ok(grids) };
    let (mut keys, mut served) = (Keys::default(), HashSet::new());
    for row in Table::read("electricity.tsv", columns, text)?.rows() {
        let row = row?;
        let regions = regions(&row)?;
        let grid = ElectricityRow {
            citation: sources.citation(&row, &mut keys)?,
            region: regions[0],
            year: row.year()?,
            generation: row.number("generation")?,
            losses: row.number("losses")?,
            wtt_generation: row.number("wtt_generation")?,
            wtt_losses: row.number("wtt_losses")?,
            total: row.required_number("total")?,
        };
        check_total(&row, &grid)?;
        for region in regions {
            if !served.insert((region, grid.year)) {
                return Err(row.error(format!("`{region}` has a row for {} already", grid.year)));
            }
            grids.push(ElectricityRow { region, ..grid.clone() });
        }
    }
    grids.sort_by_key(|grid| (grid.region, grid.year));
    Ok(grids)
}

fn check_total(row: &Row<'_>, grid: &ElectricityRow) -> Result<(), PackError> {
    let parts = [grid.generation, grid.losses, grid.wtt_generation, grid.wtt_losses];
    let sum: f64 = parts.iter().flatten().sum();
    if grid.generation.is_some() && (sum - grid.total).abs() > GRID_ROUNDING {
        return Err(row.error(format!("the parts make {sum}, not `total` {}", grid.total)));
    }
    Ok(())
}

/// Fuels, ordered by fuel, region, unit and year.
pub(super) fn fuels(text: Option<&str>, sources: &Sources) -> Result<Vec<FuelRow>, PackError> {
    let columns =
        &["row", "fuel", "name", "region", "year", "unit", "wtt", "ttw", "wtw", "source", "ref", "note"];
    let mut fuels: Vec<FuelRow> = Vec::new();
    let Some(text) = text else { return Ok(fuels) };
    let (mut keys, mut served) = (Keys::default(), HashSet::new());
    for row in Table::read("fuels.tsv", columns, text)?.rows() {
        let row = row?;
        let Some((wtt, ttw)) = split(&row)?.parts else {
            return Err(row.error("a fuel needs `wtt` and `ttw`"));
        };
        let (fuel, year, unit) =
            (row.required("fuel")?, row.year()?, row.choice("unit", FuelUnit::from_name)?);
        let (citation, name) = (sources.citation(&row, &mut keys)?, row.required("name")?);
        for region in regions(&row)? {
            if !served.insert((fuel, region, year, unit)) {
                let unit = unit.as_str();
                return Err(
                    row.error(format!("`{fuel}` has a row for `{region}`, {year} and `{unit}` already"))
                );
            }
            let (citation, fuel, name) = (citation.clone(), fuel.into(), name.into());
            fuels.push(FuelRow { citation, fuel, name, region, year, unit, wtt, ttw });
        }
    }
    fuels.sort_by(|a, b| (&a.fuel, a.region, a.unit, a.year).cmp(&(&b.fuel, b.region, b.unit, b.year)));
    Ok(fuels)
}

/// Global warming potentials. Refrigerants are told apart whatever the case of their letters.
pub(super) fn refrigerants(text: Option<&str>, sources: &Sources) -> Result<Vec<RefrigerantRow>, PackError> {
    let columns = &["row", "refrigerant", "gwp100", "source", "ref", "note"];
    let mut refrigerants = Vec::new();
    let Some(text) = text else { return Ok(refrigerants) };
    let (mut keys, mut names) = (Keys::default(), HashSet::new());
    for row in Table::read("refrigerants.tsv", columns, text)?.rows() {
        let row = row?;
        let refrigerant = row.required("refrigerant")?;
        if !names.insert(refrigerant.to_ascii_lowercase()) {
            return Err(row.error(format!("`{refrigerant}` has a row already")));
        }
        refrigerants.push(RefrigerantRow {
            citation: sources.citation(&row, &mut keys)?,
            refrigerant: refrigerant.into(),
            gwp100: row.required_number("gwp100")?,
        });
    }
    Ok(refrigerants)
}
