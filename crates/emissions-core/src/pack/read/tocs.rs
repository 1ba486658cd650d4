//! Transport operation categories, their other names and their default loads.

use std::collections::HashMap;

use super::sources::Sources;
use super::table::{Keys, Table};
use super::{Names, regions, toc_index};
use crate::pack::PackError;
use crate::pack::rows::{DefaultLoadRow, FuelRow, Temperature, Toc, VehicleClass};
use crate::{Mode, Region};

/// Reads the TOCs. Their fuels are checked against the pack's own, where it has any.
pub(super) fn tocs(text: Option<&str>, fuels: Option<&[FuelRow]>) -> Result<(Vec<Toc>, Names), PackError> {
    let columns = &["toc", "mode", "vehicle", "type", "class", "fuel", "temperature", "name"];
    let (mut tocs, mut names, mut keys) = (Vec::new(), HashMap::new(), Keys::default());
    let Some(text) = text else { return Ok((tocs, names)) };
    for row in Table::read("tocs.tsv", columns, text)?.rows() {
        let row = row?;
        let toc = Toc {
            id: row.key("toc", &mut keys)?.into(),
            mode: row.choice("mode", Mode::from_name)?,
            vehicle: row.required("vehicle")?.into(),
            kind: row.cell("type").into(),
            class: row.choice("class", VehicleClass::from_name)?,
            fuel: row.cell("fuel").into(),
            temperature: row.choice("temperature", Temperature::from_name)?,
            name: row.required("name")?.into(),
        };
        let separator = if toc.kind.is_empty() { "" } else { "_" };
        let expected = format!("{}{separator}{}", toc.vehicle, toc.kind);
        if *toc.id != *expected {
            return Err(row.error(format!("`toc` is `{}`: vehicle and type make `{expected}`", toc.id)));
        }
        let known = |fuels: &[FuelRow]| fuels.iter().any(|row| row.fuel == toc.fuel);
        if !(toc.fuel.is_empty() || toc.is_electric() || fuels.is_none_or(known)) {
            return Err(row.error(format!("`fuel` is `{}`, which fuels.tsv does not have", toc.fuel)));
        }
        names.insert(toc.id.clone(), tocs.len());
        tocs.push(toc);
    }
    Ok((tocs, names))
}

/// Adds the other names of TOCs.
pub(super) fn aliases(text: Option<&str>, names: &mut Names) -> Result<(), PackError> {
    let Some(text) = text else { return Ok(()) };
    let (mut keys, mut aliases) = (Keys::default(), Vec::new());
    for row in Table::read("aliases.tsv", &["alias", "toc"], text)?.rows() {
        let row = row?;
        let (alias, toc) = (row.key("alias", &mut keys)?, toc_index(&row, row.required("toc")?, names)?);
        if names.contains_key(alias) {
            return Err(row.error(format!("`alias` is `{alias}`, which is a TOC already")));
        }
        aliases.push((alias, toc));
    }
    names.extend(aliases.into_iter().map(|(alias, toc)| (alias.into(), toc)));
    Ok(())
}

/// For each TOC, its default loads by region.
pub(super) fn default_loads(
    text: Option<&str>,
    sources: &Sources,
    names: &Names,
    tocs: usize,
) -> Result<Vec<Vec<(Region, DefaultLoadRow)>>, PackError> {
    let columns = &["row", "toc", "region", "load_t", "derived", "source", "ref", "note"];
    let mut loads: Vec<Vec<(Region, DefaultLoadRow)>> = vec![Vec::new(); tocs];
    let Some(text) = text else { return Ok(loads) };
    let mut keys = Keys::default();
    for row in Table::read("default_loads.tsv", columns, text)?.rows() {
        let row = row?;
        let load = DefaultLoadRow {
            citation: sources.citation(&row, &mut keys)?,
            tonnes: row.required_number("load_t")?,
            derived: row.cell("derived").into(),
        };
        for toc in row.required("toc")?.split('|') {
            let of_toc = &mut loads[toc_index(&row, toc, names)?];
            for region in regions(&row)? {
                if of_toc.iter().any(|(other, _)| *other == region) {
                    return Err(row.error(format!("`{toc}` has a default load for `{region}` already")));
                }
                of_toc.push((region, load.clone()));
            }
        }
    }
    Ok(loads)
}
