//! Hubs, the mass of units, and what is applied beside an intensity.

use super::sources::Sources;
use super::table::{Keys, Row, Table};
use crate::pack::PackError;
use crate::pack::rows::{AdjustmentKind, AdjustmentRow, HubCategory, HubRow, HubUnit, LoadUnitRow};
use crate::{LoadUnit, Mode};

/// The default intensities of hubs, one for each kind.
pub(super) fn hubs(text: Option<&str>, sources: &Sources) -> Result<Vec<HubRow>, PackError> {
    let columns = &["row", "category", "unit", "wtw", "source", "ref", "note"];
    let mut hubs: Vec<HubRow> = Vec::new();
    let Some(text) = text else { return Ok(hubs) };
    let mut keys = Keys::default();
    for row in Table::read("hubs.tsv", columns, text)?.rows() {
        let row = row?;
        let hub = HubRow {
            citation: sources.citation(&row, &mut keys)?,
            category: row.choice("category", HubCategory::from_name)?,
            unit: row.choice("unit", hub_unit)?,
            wtw: row.required_number("wtw")?,
        };
        if hubs.iter().any(|other| other.category == hub.category) {
            return Err(row.error(format!("`{}` has a row already", hub.category.as_str())));
        }
        hubs.push(hub);
    }
    Ok(hubs)
}

fn hub_unit(name: &str) -> Option<HubUnit> {
    match name {
        "t" => Some(HubUnit::Tonne),
        "container" => Some(HubUnit::Container),
        _ => None,
    }
}

/// The mass of units of load, one row for each.
pub(super) fn load_units(text: Option<&str>, sources: &Sources) -> Result<Vec<LoadUnitRow>, PackError> {
    let columns = &["row", "unit", "tonnes", "assumption", "source", "ref", "note"];
    let mut units: Vec<LoadUnitRow> = Vec::new();
    let Some(text) = text else { return Ok(units) };
    let mut keys = Keys::default();
    for row in Table::read("load_units.tsv", columns, text)?.rows() {
        let row = row?;
        let unit = LoadUnitRow {
            citation: sources.citation(&row, &mut keys)?,
            unit: row.choice("unit", LoadUnit::from_name)?,
            tonnes: row.number_within("tonnes", 0.001, 1000.0)?,
            assumption: assumption(&row)?,
        };
        let fixed = match unit.unit {
            LoadUnit::Kg => Some(0.001),
            LoadUnit::Ton => Some(1.0),
            _ => None,
        };
        if fixed.is_some_and(|tonnes| tonnes != unit.tonnes) {
            return Err(row.error(format!("`tonnes` is {}: a unit of mass has a fixed one", unit.tonnes)));
        }
        if units.iter().any(|other| other.unit == unit.unit) {
            return Err(row.error(format!("`{}` has a row already", unit.unit.as_str())));
        }
        units.push(unit);
    }
    Ok(units)
}

fn assumption(row: &Row<'_>) -> Result<bool, PackError> {
    match row.cell("assumption") {
        "" => Ok(false),
        "yes" => Ok(true),
        other => Err(row.error(format!("`assumption` is `{other}`: expected `yes` or nothing"))),
    }
}

/// Distance adjustment, temperature uplifts, cleaning, and leakage of refrigerants.
pub(super) fn read(text: Option<&str>, sources: &Sources) -> Result<Vec<AdjustmentRow>, PackError> {
    let columns = &["row", "kind", "mode", "class", "value", "unit", "source", "ref", "note"];
    let mut adjustments: Vec<AdjustmentRow> = Vec::new();
    let Some(text) = text else { return Ok(adjustments) };
    let mut keys = Keys::default();
    for row in Table::read("adjustments.tsv", columns, text)?.rows() {
        let row = row?;
        let kind = row.choice("kind", AdjustmentKind::from_name)?;
        let adjustment = AdjustmentRow {
            citation: sources.citation(&row, &mut keys)?,
            kind,
            mode: row.choice("mode", Mode::from_name)?,
            class: class(&row)?.into(),
            value: value(&row, kind)?,
        };
        let same = |other: &AdjustmentRow| {
            (other.kind, other.mode, &other.class) == (adjustment.kind, adjustment.mode, &adjustment.class)
        };
        if adjustments.iter().any(same) {
            return Err(row.error("another row adjusts the same kind, mode and class"));
        }
        adjustments.push(adjustment);
    }
    Ok(adjustments)
}

/// Factors only raise what they are applied to.
fn value(row: &Row<'_>, kind: AdjustmentKind) -> Result<f64, PackError> {
    match kind {
        AdjustmentKind::Distance | AdjustmentKind::Temperature => row.number_within("value", 1.0, 10.0),
        AdjustmentKind::Cleaning | AdjustmentKind::RefrigerantLeak => row.required_number("value"),
    }
}

fn class<'t>(row: &Row<'t>) -> Result<&'t str, PackError> {
    match row.cell("class") {
        class @ ("" | "van" | "truck" | "tank" | "other") => Ok(class),
        other => {
            Err(row
                .error(format!("`class` is `{other}`: expected `van`, `truck`, `tank`, `other` or nothing")))
        }
    }
}
