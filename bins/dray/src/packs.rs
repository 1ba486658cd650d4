//! `dray packs`: factor packs, listed, shown and checked.

use std::collections::BTreeMap;
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
    /// Shows what a pack rests on: its sources, with their licences, and what it has of each mode.
    Show {
        /// `open`, or the pack's folder.
        #[arg(default_value = "open")]
        pack: PathBuf,
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

/// All that a pack rests on.
#[derive(Serialize)]
struct Detail<'p> {
    #[serde(flatten)]
    pack: Shown<'p>,
    notice: &'p str,
    /// How many TOCs there are by mode.
    tocs_by_mode: BTreeMap<&'static str, usize>,
    cited: Vec<Cited<'p>>,
}

/// A publication.
#[derive(Serialize)]
struct Cited<'p> {
    id: &'p str,
    title: &'p str,
    edition: &'p str,
    licence: &'p str,
    /// How many intensities come from it.
    intensities: usize,
}

impl<'p> Detail<'p> {
    fn of(pack: &'p FactorPack) -> Self {
        let mut tocs_by_mode = BTreeMap::new();
        for toc in pack.tocs() {
            *tocs_by_mode.entry(toc.mode.as_str()).or_default() += 1;
        }
        let cited = pack.sources().iter().map(|source| Cited {
            id: &source.id,
            title: &source.title,
            edition: &source.edition,
            licence: &source.licence,
            intensities: pack.intensities().iter().filter(|row| row.citation.source.id == source.id).count(),
        });
        Self { pack: Shown::of(pack), notice: pack.notice(), tocs_by_mode, cited: cited.collect() }
    }

    fn text(&self) -> String {
        let modes: Vec<String> =
            self.tocs_by_mode.iter().map(|(mode, count)| format!("{count} {mode}")).collect();
        let mut text = format!("{}\n  TOCs by mode: {}", self.pack.text(), modes.join(", "));
        if !self.notice.is_empty() {
            text.push_str(&format!("\n  {}", self.notice));
        }
        for cited in &self.cited {
            let Cited { id, title, edition, licence, intensities } = cited;
            text.push_str(&format!(
                "\n\n  {id}: {title}, {edition}\n    {intensities} intensities; {licence}"
            ));
        }
        text
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
            Self::Show { pack } => {
                let pack = FactorPack::named(&pack)?;
                let detail = Detail::of(&pack);
                print(json, &detail, || detail.text())
            }
            Self::Check { folder } => {
                let pack = FactorPack::from_dir(&folder)?;
                let shown = Shown::of(&pack);
                print(json, &shown, || format!("{}\nnothing is wrong with it", shown.text()))
            }
        }
    }
}
