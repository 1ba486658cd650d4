//! From tables to a [`FactorPack`].

mod adjustments;
mod energy;
mod intensities;
mod sources;
mod table;
mod tocs;

use std::collections::HashMap;
use std::sync::Arc;

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::rows::PackIdentity;
use super::{FactorPack, PACK_FILES, PackError};
use crate::Region;
use sources::Sources;
use table::{Keys, Row, Table};

/// The version of the format that this crate reads.
const FORMAT: &str = "1";

/// Ids and aliases, each with the position of its TOC.
type Names = HashMap<Box<str>, usize>;

pub(super) fn pack(files: &[(&str, &str)]) -> Result<FactorPack, PackError> {
    check_names(files)?;
    let text = |file: &str| files.iter().find(|(name, _)| *name == file).map(|(_, text)| *text);
    let required = |file: &str| text(file).ok_or_else(|| PackError::file(file, "is missing"));

    let about = About::read(required("pack.tsv")?)?;
    let identity = Arc::new(PackIdentity { id: about.id, version: about.version, digest: digest(files) });
    let sources = Sources::read(required("sources.tsv")?, &identity)?;
    let fuels = energy::fuels(text("fuels.tsv"), &sources)?;
    let (tocs, mut names) = tocs::tocs(text("tocs.tsv"), text("fuels.tsv").map(|_| &*fuels))?;
    tocs::aliases(text("aliases.tsv"), &mut names)?;
    let (intensities, served) = intensities::read(text("intensities.tsv"), &sources, &names, &tocs)?;
    Ok(FactorPack {
        default_loads: tocs::default_loads(text("default_loads.tsv"), &sources, &names, tocs.len())?,
        electricity: energy::electricity(text("electricity.tsv"), &sources)?,
        hubs: adjustments::hubs(text("hubs.tsv"), &sources)?,
        load_units: adjustments::load_units(text("load_units.tsv"), &sources)?,
        adjustments: adjustments::read(text("adjustments.tsv"), &sources)?,
        refrigerants: energy::refrigerants(text("refrigerants.tsv"), &sources)?,
        fuels,
        sources: sources.into_list(),
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

fn check_names(files: &[(&str, &str)]) -> Result<(), PackError> {
    for (at, (name, _)) in files.iter().enumerate() {
        if !PACK_FILES.contains(name) {
            return Err(PackError::file(name, "is not a file of a factor pack"));
        }
        if files[..at].iter().any(|(other, _)| other == name) {
            return Err(PackError::file(name, "is given twice"));
        }
    }
    Ok(())
}

/// SHA-256 over name, length and text of each file, in the order of [`PACK_FILES`]: the same on every machine.
fn digest(files: &[(&str, &str)]) -> String {
    let mut hasher = Sha256::new();
    for name in PACK_FILES {
        if let Some((_, text)) = files.iter().find(|(file, _)| *file == name) {
            hasher.update(name.as_bytes());
            hasher.update((text.len() as u64).to_le_bytes());
            hasher.update(text.as_bytes());
        }
    }
    HEXLOWER.encode(&hasher.finalize())
}

struct About {
    id: String,
    version: String,
    title: String,
    licence: String,
    notice: String,
}

impl About {
    const KEYS: [&str; 6] = ["format", "id", "version", "title", "licence", "notice"];

    fn read(text: &str) -> Result<Self, PackError> {
        let table = Table::read("pack.tsv", &["key", "value"], text)?;
        let (mut values, mut keys) = (HashMap::new(), Keys::default());
        for row in table.rows() {
            let row = row?;
            let key = row.key("key", &mut keys)?;
            if !Self::KEYS.contains(&key) {
                let known = Self::KEYS.join("`, `");
                return Err(row.error(format!("`key` is `{key}`: expected one of `{known}`")));
            }
            values.insert(key, row.cell("value"));
        }
        let mut take = |key: &str| match values.remove(key) {
            Some(value) if !value.is_empty() || key == "notice" => Ok(value.to_owned()),
            None if key == "notice" => Ok(String::new()),
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

/// The TOC with an id or alias.
fn toc_index(row: &Row<'_>, toc: &str, names: &Names) -> Result<usize, PackError> {
    let known = names.get(toc).copied();
    known.ok_or_else(|| row.error(format!("`toc` is `{toc}`, which tocs.tsv does not have")))
}

/// The regions of a row, joined by `|`.
fn regions(row: &Row<'_>) -> Result<Vec<Region>, PackError> {
    let parse = |name: &str| name.parse().map_err(|error| row.error(format!("`region`: {error}")));
    row.required("region")?.split('|').map(parse).collect()
}
