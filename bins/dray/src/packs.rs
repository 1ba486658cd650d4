use std::path::PathBuf;

use clap::Subcommand;
use emissions_core::FactorPack;
use serde::Serialize;

use crate::{Failure, print};

#[derive(Debug, Subcommand)]
pub enum Packs {
    /// Shows the embedded pack, and those in the folders named.
    List {
        /// Folders of factor packs.
        folders: Vec<PathBuf>,
    },
    /// Reads a pack and says what is wrong with it, with file, line and reason.
    Check {
        /// The pack's folder.
        folder: PathBuf,
    },
}

/// A pack, as it is shown.
#[derive(Serialize)]
struct Shown<'p> {
    id: &'p str,
    version: &'p str,
    digest: &'p str,
    title: &'p str,
    licence: &'p str,
    tocs: usize,
    intensities: usize,
    sources: usize,
}

impl<'p> Shown<'p> {
    fn of(pack: &'p FactorPack) -> Self {
        let about = pack.identity();
        Self {
            id: &about.id,
            version: &about.version,
            digest: &about.digest,
            title: pack.title(),
            licence: pack.licence(),
            tocs: pack.tocs().len(),
            intensities: pack.intensities().len(),
            sources: pack.sources().len(),
        }
    }

    fn text(&self) -> String {
        format!(
            "{} {} ({})\n  {} TOCs, {} intensities, {} sources\n  licence: {}\n  digest: {}",
            self.id,
            self.version,
            self.title,
            self.tocs,
            self.intensities,
            self.sources,
            self.licence,
            self.digest
        )
    }
}

impl Packs {
    pub fn run(self, json: bool) -> Result<(), Failure> {
        match self {
            Self::List { folders } => {
                let open = FactorPack::open();
                let read: Vec<FactorPack> =
                    folders.iter().map(|folder| FactorPack::from_dir(folder)).collect::<Result<_, _>>()?;
                let shown: Vec<Shown<'_>> = std::iter::once(&*open).chain(&read).map(Shown::of).collect();
                print(json, &shown, || shown.iter().map(Shown::text).collect::<Vec<_>>().join("\n"))
            }
            Self::Check { folder } => {
                let pack = FactorPack::from_dir(&folder)?;
                let shown = Shown::of(&pack);
                print(json, &shown, || format!("{}\nnothing is wrong with it", shown.text()))
            }
        }
    }
}
