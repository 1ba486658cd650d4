//! Emission intensities of transport.

use super::sources::Sources;
use super::table::{Keys, Row, Table};
use super::{Names, regions, toc_index};
use crate::pack::PackError;
use crate::pack::rows::{Intensity, IntensityBasis, IntensityRow, Served, Split, Toc};
use crate::{CountryCode, Region};

#[rustfmt::skip]
const COLUMNS: &[&str] = &[
    "row", "toc", "region", "location", "year", "unit", "wtt", "ttw", "wtw", "kwh", "basis", "min_km", "max_km",
    "load_factor_pct", "empty_running_pct", "derived", "source", "ref", "note",
];

/// Names of places that are not one country.
const WIDE_LOCATIONS: [&str; 6] = ["EU", "SA", "NA", "ASIA", "AFRICA", "GLO"];

/// The intensities and, for each TOC, the rows that serve it, ordered by region, year and distance band.
pub(super) fn read(
    text: Option<&str>,
    sources: &Sources,
    names: &Names,
    tocs: &[Toc],
) -> Result<(Vec<IntensityRow>, Vec<Vec<Served>>), PackError> {
    let (mut rows, mut served): (Vec<IntensityRow>, Vec<Vec<Served>>) =
        (Vec::new(), vec![Vec::new(); tocs.len()]);
    let (mut keys, mut lines) = (Keys::default(), Vec::new());
    let table = text.map(|text| Table::read("intensities.tsv", COLUMNS, text)).transpose()?;
    for row in table.iter().flat_map(Table::rows) {
        let row = row?;
        let intensity = intensity_row(&row, sources, &mut keys)?;
        let regions = regions(&row)?;
        for toc in row.required("toc")?.split('|') {
            let index = toc_index(&row, toc, names)?;
            check_energy(&row, &tocs[index], &intensity)?;
            for &region in &regions {
                let entry = serve(&intensity, region, rows.len());
                if let Some(other) = served[index].iter().find(|other| overlap(other, &entry)) {
                    return Err(row.error(format!(
                        "line {} serves the same TOC `{toc}`, region `{region}`, year {} and distance",
                        lines[other.row as usize], entry.year
                    )));
                }
                served[index].push(entry);
            }
        }
        lines.push(row.line());
        rows.push(intensity);
    }
    for of_toc in &mut served {
        of_toc
            .sort_by(|a, b| (a.region, a.year).cmp(&(b.region, b.year)).then(a.min_km.total_cmp(&b.min_km)));
    }
    match served.iter().position(Vec::is_empty) {
        Some(unserved) => {
            Err(PackError::file("tocs.tsv", format!("`{}` has no intensity", tocs[unserved].id)))
        }
        None => Ok((rows, served)),
    }
}

fn serve(intensity: &IntensityRow, region: Region, row: usize) -> Served {
    Served {
        region,
        year: intensity.year,
        min_km: intensity.min_km,
        max_km: intensity.max_km.unwrap_or(f64::INFINITY),
        row: u32::try_from(row).unwrap_or(u32::MAX),
    }
}

fn overlap(a: &Served, b: &Served) -> bool {
    (a.region, a.year) == (b.region, b.year) && a.min_km < b.max_km && b.min_km < a.max_km
}

/// A vehicle that is counted in kWh runs on electricity.
fn check_energy(row: &Row<'_>, toc: &Toc, intensity: &IntensityRow) -> Result<(), PackError> {
    if matches!(intensity.intensity, Intensity::Electric(_)) && !toc.is_electric() {
        return Err(row.error(format!("`kwh` is given, but the fuel of `{}` is not `electricity`", toc.id)));
    }
    Ok(())
}

fn intensity_row<'t>(
    row: &Row<'t>,
    sources: &Sources,
    keys: &mut Keys<'t>,
) -> Result<IntensityRow, PackError> {
    let (min_km, max_km) = (row.number("min_km")?.unwrap_or(0.0), row.number("max_km")?);
    if max_km.is_some_and(|max_km| max_km <= min_km) {
        return Err(row.error("`max_km` is not above `min_km`"));
    }
    Ok(IntensityRow {
        citation: sources.citation(row, keys)?,
        location: location(row)?.into(),
        year: row.year()?,
        intensity: intensity(row)?,
        basis: row.choice("basis", IntensityBasis::from_name)?,
        min_km,
        max_km,
        load_factor_pct: row.percentage("load_factor_pct")?,
        empty_running_pct: row.percentage("empty_running_pct")?,
        derived: row.cell("derived").into(),
    })
}

fn location<'t>(row: &Row<'t>) -> Result<&'t str, PackError> {
    let location = row.required("location")?;
    let known = |part: &str| {
        WIDE_LOCATIONS.contains(&part) || CountryCode::parse(part).is_ok_and(|code| code.as_str() == part)
    };
    if location.split('+').all(known) {
        return Ok(location);
    }
    let wide = WIDE_LOCATIONS.join("`, `");
    Err(row.error(format!(
        "`location` is `{location}`: expected `{wide}` or an ISO 3166-1 alpha-2 code, several joined by `+`"
    )))
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
pub(super) fn split(row: &Row<'_>) -> Result<Split, PackError> {
    let wtw = row.required_number("wtw")?;
    match (row.number("wtt")?, row.number("ttw")?) {
        (None, None) => Ok(Split { wtw, parts: None }),
        (Some(wtt), Some(ttw)) => {
            let rounding: f64 = ["wtt", "ttw", "wtw"].iter().map(|column| row.printed_rounding(column)).sum();
            if (wtt + ttw - wtw).abs() > rounding * (1.0 + 1e-9) + 4.0 * f64::EPSILON * wtw {
                return Err(row.error(format!("`wtt` {wtt} and `ttw` {ttw} do not add up to `wtw` {wtw}")));
            }
            Ok(Split { wtw, parts: Some((wtt, ttw)) })
        }
        _ => Err(row.error("`wtt` and `ttw` are either both given or both blank")),
    }
}
