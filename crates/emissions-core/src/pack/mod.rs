//! Factor packs: versioned sets of tables, every row with its source.

mod error;
mod read;
mod rows;

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

pub use error::PackError;
pub(crate) use rows::Served;
pub use rows::{
    AdjustmentKind, AdjustmentRow, Citation, DefaultLoadRow, ElectricityRow, FuelRow, FuelUnit, HubCategory,
    HubRow, HubUnit, Intensity, IntensityBasis, IntensityRow, LoadUnitRow, PackIdentity, RefrigerantRow,
    Source, Split, Temperature, Toc, VehicleClass,
};

use crate::{Mode, Region};

/// The files of a pack, in the order that its digest takes them.
pub const PACK_FILES: [&str; 12] = [
    "pack.tsv",
    "sources.tsv",
    "tocs.tsv",
    "aliases.tsv",
    "intensities.tsv",
    "default_loads.tsv",
    "electricity.tsv",
    "fuels.tsv",
    "hubs.tsv",
    "load_units.tsv",
    "adjustments.tsv",
    "refrigerants.tsv",
];

/// A versioned set of emission factors. `docs/adding-a-factor-pack.md` describes the tables.
#[derive(Debug)]
pub struct FactorPack {
    pub(crate) identity: Arc<PackIdentity>,
    pub(crate) title: String,
    pub(crate) licence: String,
    pub(crate) notice: String,
    pub(crate) sources: Vec<Arc<Source>>,
    pub(crate) tocs: Vec<Toc>,
    /// Ids and aliases, each with the index of its TOC.
    pub(crate) names: HashMap<Box<str>, usize>,
    pub(crate) intensities: Vec<IntensityRow>,
    /// For each TOC, the rows that serve it, ordered by region, year and distance band.
    pub(crate) served: Vec<Vec<Served>>,
    /// For each TOC, its default loads by region.
    pub(crate) default_loads: Vec<Vec<(Region, DefaultLoadRow)>>,
    /// Ordered by region and year.
    pub(crate) electricity: Vec<ElectricityRow>,
    /// Ordered by fuel, region, unit and year.
    pub(crate) fuels: Vec<FuelRow>,
    pub(crate) hubs: Vec<HubRow>,
    pub(crate) load_units: Vec<LoadUnitRow>,
    pub(crate) adjustments: Vec<AdjustmentRow>,
    pub(crate) refrigerants: Vec<RefrigerantRow>,
}

macro_rules! embedded {
    ($($file:literal),* $(,)?) => { [$(($file, include_str!(concat!("../../packs/open/", $file)))),*] };
}

/// The tables of the embedded pack, in the order of [`PACK_FILES`].
const OPEN_TABLES: [(&str, &str); 12] = embedded![
    "pack.tsv",
    "sources.tsv",
    "tocs.tsv",
    "aliases.tsv",
    "intensities.tsv",
    "default_loads.tsv",
    "electricity.tsv",
    "fuels.tsv",
    "hubs.tsv",
    "load_units.tsv",
    "adjustments.tsv",
    "refrigerants.tsv",
];

/// The tables in a folder, ordered by name.
#[cfg(feature = "fs")]
fn tables_in(folder: &std::path::Path) -> Result<Vec<(String, String)>, PackError> {
    let unreadable = |path: &std::path::Path, error: std::io::Error| {
        PackError::file(&path.to_string_lossy(), error.to_string())
    };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|error| unreadable(folder, error))? {
        let path = entry.map_err(|error| unreadable(folder, error))?.path();
        if path.extension().is_some_and(|extension| extension == "tsv") {
            let text = std::fs::read_to_string(&path).map_err(|error| unreadable(&path, error))?;
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            files.push((name, text));
        }
    }
    files.sort();
    Ok(files)
}

impl FactorPack {
    /// The pack that comes with the library: open licences only, every mode, every region. Read once, from memory.
    #[must_use]
    pub fn open() -> Arc<Self> {
        static OPEN: OnceLock<Arc<FactorPack>> = OnceLock::new();
        let read = || {
            let pack = Self::from_tables(&OPEN_TABLES);
            Arc::new(pack.expect("the embedded pack is read by this crate's tests"))
        };
        OPEN.get_or_init(read).clone()
    }

    /// The tables of the pack that comes with the library, as pairs of file name and text: an example of the format, and
    /// a pack to start an own one from.
    #[must_use]
    pub const fn open_tables() -> &'static [(&'static str, &'static str)] {
        &OPEN_TABLES
    }

    /// Reads a pack from its tables: pairs of file name and text. `pack.tsv` and `sources.tsv` must be among them.
    ///
    /// # Errors
    /// [`PackError`] with file, line and reason if a table is not in the documented format, a value is not one, WTT and
    /// TTW do not add up to WTW within printed rounding, a key stands twice, or a source is missing.
    pub fn from_tables(files: &[(&str, &str)]) -> Result<Self, PackError> {
        read::pack(files)
    }

    /// Reads a pack from a folder: every `.tsv` file in it is one of its tables. Other files, such as a licence, are left
    /// alone.
    ///
    /// # Errors
    /// As [`from_tables`](Self::from_tables), and if the folder or a file cannot be read or is not UTF-8.
    #[cfg(feature = "fs")]
    pub fn from_dir(folder: &std::path::Path) -> Result<Self, PackError> {
        let files = tables_in(folder)?;
        let borrowed: Vec<(&str, &str)> =
            files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        Self::from_tables(&borrowed).map_err(|error| PackError {
            file: folder.join(&error.file).to_string_lossy().into_owned(),
            ..error
        })
    }

    /// The pack of a name as operators write it: `open`, which comes with the library, or the folder of another.
    ///
    /// # Errors
    /// As [`from_dir`](Self::from_dir).
    #[cfg(feature = "fs")]
    pub fn named(name: &std::path::Path) -> Result<Arc<Self>, PackError> {
        if name.as_os_str() == "open" { Ok(Self::open()) } else { Self::from_dir(name).map(Arc::new) }
    }

    /// The pack's id, version and digest.
    #[must_use]
    pub fn identity(&self) -> &PackIdentity {
        &self.identity
    }

    /// The pack's title.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The licence of the pack as a whole.
    #[must_use]
    pub fn licence(&self) -> &str {
        &self.licence
    }

    /// What an operator must be told before the pack is used; blank for nothing.
    #[must_use]
    pub fn notice(&self) -> &str {
        &self.notice
    }

    /// The publications that the pack cites.
    #[must_use]
    pub fn sources(&self) -> &[Arc<Source>] {
        &self.sources
    }

    /// The transport operation categories that the pack has intensities for.
    #[must_use]
    pub fn tocs(&self) -> &[Toc] {
        &self.tocs
    }

    /// Every intensity of the pack, in the order of its table.
    #[must_use]
    pub fn intensities(&self) -> &[IntensityRow] {
        &self.intensities
    }

    pub(crate) fn adjustment(&self, kind: AdjustmentKind, mode: Mode, class: &str) -> Option<&AdjustmentRow> {
        let of_class = |class: &str| {
            let fits = |row: &&AdjustmentRow| (row.kind, row.mode, &*row.class) == (kind, mode, class);
            self.adjustments.iter().find(fits)
        };
        of_class(class).or_else(|| of_class(""))
    }
}
