//! From tables to a [`FactorPack`].

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::rows::{
    AdjustmentKind, AdjustmentRow, Citation, DefaultLoadRow, ElectricityRow, FuelRow, FuelUnit, HubCategory,
    HubRow, HubUnit, Intensity, IntensityBasis, IntensityRow, LoadUnitRow, PackIdentity, RefrigerantRow,
    Served, Source, Split, Temperature, Toc, VehicleClass,
};
use super::table::{Row, Table};
use super::{FactorPack, PACK_FILES, PackError};
use crate::{LoadUnit, Mode, Region};

/// The version of the format that this crate reads.
const FORMAT: &str = "1";

/// An electricity total may differ from the sum of its parts by the rounding of each, in kg CO2e per kWh.
const GRID_ROUNDING: f64 = 1e-5;

pub(super) fn pack(files: &[(&str, &str)]) -> Result<FactorPack, PackError> {
    if let Some((unknown, _)) = files.iter().find(|(name, _)| !PACK_FILES.contains(name)) {
        return Err(PackError::file(unknown, "is not a file of a factor pack"));
    }
    let text = |file: &str| files.iter().find(|(name, _)| *name == file).map(|(_, text)| *text);
    let required = |file: &str| text(file).ok_or_else(|| PackError::file(file, "is missing"));

    let about = About::read(required("pack.tsv")?)?;
    let identity = Arc::new(PackIdentity { id: about.id, version: about.version, digest: digest(files) });
    let sources = Sources::read(required("sources.tsv")?, &identity)?;
    let (tocs, mut names) = tocs(text("tocs.tsv"))?;
    aliases(text("aliases.tsv"), &mut names)?;
    let (intensities, served) = intensities(text("intensities.tsv"), &sources, &names, tocs.len())?;
    if let Some(unserved) = served.iter().position(Vec::is_empty) {
        return Err(PackError::file("tocs.tsv", format!("`{}` has no intensity", tocs[unserved].id)));
    }
    Ok(FactorPack {
        default_loads: default_loads(text("default_loads.tsv"), &sources, &names, tocs.len())?,
        electricity: electricity(text("electricity.tsv"), &sources)?,
        fuels: fuels(text("fuels.tsv"), &sources)?,
        hubs: hubs(text("hubs.tsv"), &sources)?,
        load_units: load_units(text("load_units.tsv"), &sources)?,
        adjustments: adjustments(text("adjustments.tsv"), &sources)?,
        refrigerants: refrigerants(text("refrigerants.tsv"), &sources)?,
        sources: sources.list,
        title: about.title,
        licence: about.licence,
        notice: about.notice,
        identity,
        tocs,
        names,
        intensities,
        served,
    })
}

fn digest(files: &[(&str, &str)]) -> String {
    let mut hasher = Sha256::new();
    for name in PACK_FILES {
        if let Some((_, text)) = files.iter().find(|(file, _)| *file == name) {
            hasher.update(name.as_bytes());
            hasher.update(text.len().to_le_bytes());
            hasher.update(text.as_bytes());
        }
    }
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

struct About {
    id: String,
    version: String,
    title: String,
    licence: String,
    notice: String,
}

impl About {
    fn read(text: &str) -> Result<Self, PackError> {
        let table = Table::read("pack.tsv", &["key", "value"], text)?;
        let mut values = HashMap::new();
        let mut seen = HashSet::new();
        for row in table.rows() {
            let row = row?;
            values.insert(row.key("key", &mut seen)?, row.cell("value"));
        }
        let mut take = |key: &str| match values.remove(key) {
            Some(value) if !value.is_empty() || key == "notice" => Ok(value.to_owned()),
            _ => Err(PackError::file("pack.tsv", format!("`{key}` is missing"))),
        };
        let format = take("format")?;
        if format != FORMAT {
            return Err(PackError::file("pack.tsv", format!("`format` is `{format}`: expected `{FORMAT}`")));
        }
        Ok(Self {
            id: take("id")?,
            version: take("version")?,
            title: take("title")?,
            licence: take("licence")?,
            notice: take("notice")?,
        })
    }
}

struct Sources {
    list: Vec<Arc<Source>>,
    by_id: HashMap<Box<str>, usize>,
}

impl Sources {
    fn read(text: &str, pack: &Arc<PackIdentity>) -> Result<Self, PackError> {
        let columns = &["source", "title", "edition", "year", "licence", "attribution", "gwp"];
        let table = Table::read("sources.tsv", columns, text)?;
        let (mut list, mut by_id, mut seen) = (Vec::new(), HashMap::new(), HashSet::new());
        for row in table.rows() {
            let row = row?;
            let id: Box<str> = row.key("source", &mut seen)?.into();
            by_id.insert(id.clone(), list.len());
            list.push(Arc::new(Source {
                pack: pack.clone(),
                id,
                title: row.required("title")?.into(),
                edition: row.cell("edition").into(),
                year: if row.cell("year").is_empty() { None } else { Some(row.parse("year")?) },
                licence: row.required("licence")?.into(),
                attribution: row.cell("attribution").into(),
                gwp: row.cell("gwp").into(),
            }));
        }
        Ok(Self { list, by_id })
    }

    fn citation<'t>(&self, row: &Row<'t>, seen: &mut HashSet<&'t str>) -> Result<Citation, PackError> {
        let id = row.required("source")?;
        let Some(&at) = self.by_id.get(id) else {
            return Err(row.error(format!("`source` is `{id}`, which sources.tsv does not have")));
        };
        Ok(Citation {
            row: row.key("row", seen)?.into(),
            source: self.list[at].clone(),
            reference: row.required("ref")?.into(),
            note: row.cell("note").into(),
        })
    }
}

type Names = HashMap<Box<str>, usize>;

fn tocs(text: Option<&str>) -> Result<(Vec<Toc>, Names), PackError> {
    let columns = &["toc", "mode", "vehicle", "type", "class", "fuel", "temperature", "name"];
    let (mut tocs, mut names, mut seen) = (Vec::new(), HashMap::new(), HashSet::new());
    let Some(text) = text else { return Ok((tocs, names)) };
    for row in Table::read("tocs.tsv", columns, text)?.rows() {
        let row = row?;
        let toc = Toc {
            id: row.key("toc", &mut seen)?.into(),
            mode: row.choice("mode", Mode::from_name)?,
            vehicle: row.required("vehicle")?.into(),
            kind: row.cell("type").into(),
            class: row.choice("class", VehicleClass::from_name)?,
            fuel: row.cell("fuel").into(),
            temperature: row.choice("temperature", Temperature::from_name)?,
            name: row.required("name")?.into(),
        };
        let expected = if toc.kind.is_empty() {
            toc.vehicle.to_string()
        } else {
            format!("{}_{}", toc.vehicle, toc.kind)
        };
        if *toc.id != *expected {
            return Err(row.error(format!("`toc` is `{}`: vehicle and type make `{expected}`", toc.id)));
        }
        names.insert(toc.id.clone(), tocs.len());
        tocs.push(toc);
    }
    Ok((tocs, names))
}

fn aliases(text: Option<&str>, names: &mut Names) -> Result<(), PackError> {
    let Some(text) = text else { return Ok(()) };
    let mut seen = HashSet::new();
    for row in Table::read("aliases.tsv", &["alias", "toc"], text)?.rows() {
        let row = row?;
        let (alias, toc) = (row.key("alias", &mut seen)?, toc_index(&row, row.required("toc")?, names)?);
        if names.insert(alias.into(), toc).is_some() {
            return Err(row.error(format!("`alias` is `{alias}`, which is a TOC already")));
        }
    }
    Ok(())
}

fn toc_index(row: &Row<'_>, toc: &str, names: &Names) -> Result<usize, PackError> {
    names
        .get(toc)
        .copied()
        .ok_or_else(|| row.error(format!("`toc` is `{toc}`, which tocs.tsv does not have")))
}

fn regions(row: &Row<'_>) -> Result<Vec<Region>, PackError> {
    let parse = |name: &str| name.parse().map_err(|error| row.error(format!("`region`: {error}")));
    row.required("region")?.split('|').map(parse).collect()
}

fn intensities(
    text: Option<&str>,
    sources: &Sources,
    names: &Names,
    tocs: usize,
) -> Result<(Vec<IntensityRow>, Vec<Vec<Served>>), PackError> {
    #[rustfmt::skip]
    let columns = &[
        "row", "toc", "region", "location", "year", "unit", "wtt", "ttw", "wtw", "kwh", "basis", "min_km", "max_km",
        "load_factor_pct", "empty_running_pct", "derived", "source", "ref", "note",
    ];
    let (mut rows, mut served): (Vec<IntensityRow>, _) = (Vec::new(), vec![Vec::new(); tocs]);
    let Some(text) = text else { return Ok((rows, served)) };
    let (mut ids, mut keys) = (HashSet::new(), HashSet::new());
    for row in Table::read("intensities.tsv", columns, text)?.rows() {
        let row = row?;
        let intensity = intensity_row(&row, sources, &mut ids)?;
        for toc in row.required("toc")?.split('|') {
            let toc = toc_index(&row, toc, names)?;
            for region in regions(&row)? {
                let (year, at) = (intensity.year, u32::try_from(rows.len()).unwrap_or(u32::MAX));
                if !keys.insert((toc, region, year, intensity.min_km.to_bits())) {
                    return Err(row.error(format!(
                        "another row serves the same TOC, region `{region}`, year {year} and distance"
                    )));
                }
                served[toc].push(Served { region, year, row: at });
            }
        }
        rows.push(intensity);
    }
    for served in &mut served {
        served.sort_by(|a, b| {
            let band = |served: &Served| rows[served.row as usize].min_km;
            (a.region, a.year).cmp(&(b.region, b.year)).then(band(a).total_cmp(&band(b)))
        });
    }
    Ok((rows, served))
}

fn intensity_row<'t>(
    row: &Row<'t>,
    sources: &Sources,
    ids: &mut HashSet<&'t str>,
) -> Result<IntensityRow, PackError> {
    let (min_km, max_km) = (row.number("min_km")?.unwrap_or(0.0), row.number("max_km")?);
    if max_km.is_some_and(|max_km| max_km <= min_km) {
        return Err(row.error("`max_km` is not above `min_km`"));
    }
    Ok(IntensityRow {
        citation: sources.citation(row, ids)?,
        location: row.required("location")?.into(),
        year: row.parse("year")?,
        intensity: intensity(row)?,
        basis: row.choice("basis", IntensityBasis::from_name)?,
        min_km,
        max_km,
        load_factor_pct: row.number("load_factor_pct")?,
        empty_running_pct: row.number("empty_running_pct")?,
        derived: row.cell("derived").into(),
    })
}

fn intensity(row: &Row<'_>) -> Result<Intensity, PackError> {
    let unit = row.required("unit")?;
    if let Some(kwh) = row.number("kwh")? {
        let blank = ["wtt", "ttw", "wtw"].iter().all(|column| row.cell(column).is_empty());
        return match (unit, blank) {
            ("tkm", true) => Ok(Intensity::Electric(kwh)),
            _ => Err(row.error("a row with `kwh` has unit `tkm` and leaves `wtt`, `ttw` and `wtw` blank")),
        };
    }
    let split = split(row)?;
    match unit {
        "tkm" => Ok(Intensity::PerTonneKm(split)),
        "teu_km" => Ok(Intensity::PerTeuKm(split)),
        unit => Err(row.error(format!("`unit` is `{unit}`: expected `tkm` or `teu_km`"))),
    }
}

/// WTW with its parts; they must add up within the rounding of the printed digits.
fn split(row: &Row<'_>) -> Result<Split, PackError> {
    let wtw = row.required_number("wtw")?;
    match (row.number("wtt")?, row.number("ttw")?) {
        (None, None) => Ok(Split { wtw, parts: None }),
        (Some(wtt), Some(ttw)) => {
            let rounding: f64 = ["wtt", "ttw", "wtw"].iter().map(|column| row.printed_rounding(column)).sum();
            if (wtt + ttw - wtw).abs() > rounding * (1.0 + 1e-9) {
                return Err(row.error(format!("`wtt` {wtt} and `ttw` {ttw} do not add up to `wtw` {wtw}")));
            }
            Ok(Split { wtw, parts: Some((wtt, ttw)) })
        }
        _ => Err(row.error("`wtt` and `ttw` are either both given or both blank")),
    }
}

fn default_loads(
    text: Option<&str>,
    sources: &Sources,
    names: &Names,
    tocs: usize,
) -> Result<Vec<Vec<(Region, DefaultLoadRow)>>, PackError> {
    let columns = &["row", "toc", "region", "load_t", "derived", "source", "ref", "note"];
    let mut loads: Vec<Vec<(Region, DefaultLoadRow)>> = vec![Vec::new(); tocs];
    let Some(text) = text else { return Ok(loads) };
    let mut ids = HashSet::new();
    for row in Table::read("default_loads.tsv", columns, text)?.rows() {
        let row = row?;
        let load = DefaultLoadRow {
            citation: sources.citation(&row, &mut ids)?,
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

fn electricity(text: Option<&str>, sources: &Sources) -> Result<Vec<ElectricityRow>, PackError> {
    #[rustfmt::skip]
    let columns = &[
        "row", "region", "year", "generation", "losses", "wtt_generation", "wtt_losses", "total", "source", "ref", "note",
    ];
    let mut grids = Vec::new();
    let Some(text) = text else { return Ok(grids) };
    let (mut ids, mut keys) = (HashSet::new(), HashSet::new());
    for row in Table::read("electricity.tsv", columns, text)?.rows() {
        let row = row?;
        let grid = ElectricityRow {
            citation: sources.citation(&row, &mut ids)?,
            region: row.parse("region")?,
            year: row.parse("year")?,
            generation: row.number("generation")?,
            losses: row.number("losses")?,
            wtt_generation: row.number("wtt_generation")?,
            wtt_losses: row.number("wtt_losses")?,
            total: row.required_number("total")?,
        };
        let parts = [grid.generation, grid.losses, grid.wtt_generation, grid.wtt_losses];
        let sum: f64 = parts.iter().flatten().sum();
        if grid.generation.is_some() && (sum - grid.total).abs() > GRID_ROUNDING {
            return Err(row.error(format!("the parts make {sum}, not `total` {}", grid.total)));
        }
        if !keys.insert((grid.region, grid.year)) {
            return Err(row.error(format!("`{}` has a row for {} already", grid.region, grid.year)));
        }
        grids.push(grid);
    }
    grids.sort_by_key(|grid| (grid.region, grid.year));
    Ok(grids)
}

fn fuels(text: Option<&str>, sources: &Sources) -> Result<Vec<FuelRow>, PackError> {
    let columns =
        &["row", "fuel", "name", "region", "year", "unit", "wtt", "ttw", "wtw", "source", "ref", "note"];
    let mut fuels: Vec<FuelRow> = Vec::new();
    let Some(text) = text else { return Ok(fuels) };
    let (mut ids, mut keys) = (HashSet::new(), HashSet::new());
    for row in Table::read("fuels.tsv", columns, text)?.rows() {
        let row = row?;
        let Some((wtt, ttw)) = split(&row)?.parts else {
            return Err(row.error("a fuel needs `wtt` and `ttw`"));
        };
        let (fuel, year, unit) =
            (row.required("fuel")?, row.parse("year")?, row.choice("unit", FuelUnit::from_name)?);
        let citation = sources.citation(&row, &mut ids)?;
        for region in regions(&row)? {
            if !keys.insert((fuel, region, year, unit)) {
                return Err(
                    row.error(format!("`{fuel}` has a row for `{region}`, {year} and its unit already"))
                );
            }
            let name = row.required("name")?.into();
            fuels.push(FuelRow {
                citation: citation.clone(),
                fuel: fuel.into(),
                name,
                region,
                year,
                unit,
                wtt,
                ttw,
            });
        }
    }
    fuels.sort_by(|a, b| (&a.fuel, a.region, a.unit, a.year).cmp(&(&b.fuel, b.region, b.unit, b.year)));
    Ok(fuels)
}

fn hubs(text: Option<&str>, sources: &Sources) -> Result<Vec<HubRow>, PackError> {
    let columns = &["row", "category", "unit", "wtw", "source", "ref", "note"];
    let mut hubs: Vec<HubRow> = Vec::new();
    let Some(text) = text else { return Ok(hubs) };
    let mut ids = HashSet::new();
    for row in Table::read("hubs.tsv", columns, text)?.rows() {
        let row = row?;
        let hub = HubRow {
            citation: sources.citation(&row, &mut ids)?,
            category: row.choice("category", HubCategory::from_name)?,
            unit: row.choice("unit", |unit| match unit {
                "t" => Some(HubUnit::Tonne),
                "container" => Some(HubUnit::Container),
                _ => None,
            })?,
            wtw: row.required_number("wtw")?,
        };
        if hubs.iter().any(|other| other.category == hub.category) {
            return Err(row.error(format!("`{}` has a row already", hub.category.as_str())));
        }
        hubs.push(hub);
    }
    Ok(hubs)
}

fn load_units(text: Option<&str>, sources: &Sources) -> Result<Vec<LoadUnitRow>, PackError> {
    let columns = &["row", "unit", "tonnes", "assumption", "source", "ref", "note"];
    let mut units: Vec<LoadUnitRow> = Vec::new();
    let Some(text) = text else { return Ok(units) };
    let mut ids = HashSet::new();
    for row in Table::read("load_units.tsv", columns, text)?.rows() {
        let row = row?;
        let unit = LoadUnitRow {
            citation: sources.citation(&row, &mut ids)?,
            unit: row.choice("unit", LoadUnit::from_name)?,
            tonnes: row.required_number("tonnes")?,
            assumption: !row.cell("assumption").is_empty(),
        };
        if units.iter().any(|other| other.unit == unit.unit) {
            return Err(row.error(format!("`{}` has a row already", unit.unit.as_str())));
        }
        units.push(unit);
    }
    Ok(units)
}

fn adjustments(text: Option<&str>, sources: &Sources) -> Result<Vec<AdjustmentRow>, PackError> {
    let columns = &["row", "kind", "mode", "class", "value", "unit", "source", "ref", "note"];
    let mut adjustments: Vec<AdjustmentRow> = Vec::new();
    let Some(text) = text else { return Ok(adjustments) };
    let mut ids = HashSet::new();
    for row in Table::read("adjustments.tsv", columns, text)?.rows() {
        let row = row?;
        let adjustment = AdjustmentRow {
            citation: sources.citation(&row, &mut ids)?,
            kind: row.choice("kind", AdjustmentKind::from_name)?,
            mode: row.choice("mode", Mode::from_name)?,
            class: row.cell("class").into(),
            value: row.required_number("value")?,
        };
        let same = |other: &AdjustmentRow| {
            (other.kind, other.mode, &other.class) == (adjustment.kind, adjustment.mode, &adjustment.class)
        };
        if adjustments.iter().any(same) {
            return Err(row.error("another row adjusts the same thing"));
        }
        adjustments.push(adjustment);
    }
    Ok(adjustments)
}

fn refrigerants(text: Option<&str>, sources: &Sources) -> Result<Vec<RefrigerantRow>, PackError> {
    let columns = &["row", "refrigerant", "gwp100", "source", "ref", "note"];
    let mut refrigerants = Vec::new();
    let Some(text) = text else { return Ok(refrigerants) };
    let (mut ids, mut keys) = (HashSet::new(), HashSet::new());
    for row in Table::read("refrigerants.tsv", columns, text)?.rows() {
        let row = row?;
        let refrigerant = row.required("refrigerant")?;
        if !keys.insert(refrigerant) {
            return Err(row.error(format!("`{refrigerant}` has a row already")));
        }
        refrigerants.push(RefrigerantRow {
            citation: sources.citation(&row, &mut ids)?,
            refrigerant: refrigerant.into(),
            gwp100: row.required_number("gwp100")?,
        });
    }
    Ok(refrigerants)
}
