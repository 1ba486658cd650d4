//! The factors in force: packs in their order of precedence.

mod list;
mod lookup;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

pub use list::ListedToc;

use crate::{Citation, FactorPack, Kilograms, LoadUnit, LoadUnitRow, PackIdentity, Source, Toc};

/// A transport operation category of one [`Factors`], by its position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TocIndex(u32);

/// Packs that contradict each other.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the factor packs `{first}` and `{second}` describe the TOC `{toc}` differently: mode, class, fuel and temperature must agree"
)]
pub struct PackConflict {
    /// The TOC.
    pub toc: String,
    /// The pack that comes first.
    pub first: String,
    /// The pack that contradicts it.
    pub second: String,
}

/// Factor packs in their order of precedence, and the rows that legs need from them.
///
/// **Intensities** come from the first pack that has one for the TOC in the country itself, its group or the world. Within
/// a pack the closest region wins, then the distance band, then the year itself, the nearest earlier one, or the earliest.
/// **Default loads** come from the intensity's own pack, or else the first that has one, in the same way. **Grids and
/// fuels** come from the closest region that any pack has. **Units, hubs, adjustments and refrigerants** come from the first
/// pack that has them.
///
/// **Names.** A name means, in each pack, the TOC with that id or alias there, or else the TOC with the id that the first
/// pack with the name gives it. So an alias in one pack finds rows of the same TOC in the others.
#[derive(Debug, Clone)]
pub struct Factors {
    packs: Vec<Arc<FactorPack>>,
    tocs: Vec<KnownToc>,
    /// Every id and alias, in alphabetical order.
    names: Vec<(Box<str>, TocIndex)>,
    pallet: Option<LoadUnitRow>,
}

/// Where the rows of a TOC are: packs by their position, in order, each with the TOC's position there.
type InPacks = Vec<(usize, usize)>;

#[derive(Debug, Clone)]
struct KnownToc {
    in_packs: InPacks,
}

impl Factors {
    /// The embedded `open` pack alone.
    #[must_use]
    pub fn open() -> Self {
        Self::new(vec![FactorPack::open()]).expect("one pack cannot contradict itself")
    }

    /// Packs in their order of precedence.
    ///
    /// # Errors
    /// [`PackConflict`] if two of them describe a TOC differently, or mean different modes with one name.
    pub fn new(packs: Vec<Arc<FactorPack>>) -> Result<Self, PackConflict> {
        let mut factors = Self { packs, tocs: Vec::new(), names: Vec::new(), pallet: None };
        let packs = factors.packs.clone();
        let every: BTreeSet<&str> =
            packs.iter().flat_map(|pack| pack.names.keys()).map(AsRef::as_ref).collect();
        let mut known: HashMap<InPacks, TocIndex> = HashMap::new();
        for name in every {
            let in_packs = factors.find(name);
            factors.check(name, &in_packs)?;
            let next = TocIndex(u32::try_from(factors.tocs.len()).unwrap_or(u32::MAX));
            let index = *known.entry(in_packs.clone()).or_insert(next);
            if index == next {
                factors.tocs.push(KnownToc { in_packs });
            }
            factors.names.push((name.into(), index));
        }
        Ok(factors)
    }

    fn find(&self, name: &str) -> InPacks {
        let here = |pack: &FactorPack, name: &str| pack.names.get(name).copied();
        let first = self.packs.iter().find_map(|pack| Some(&*pack.tocs[here(pack, name)?].id));
        let id = first.unwrap_or(name);
        let found =
            |(at, pack): (usize, &Arc<FactorPack>)| Some((at, here(pack, name).or_else(|| here(pack, id))?));
        self.packs.iter().enumerate().filter_map(found).collect()
    }

    fn check(&self, name: &str, in_packs: &InPacks) -> Result<(), PackConflict> {
        let tocs = || in_packs.iter().map(|&(pack, toc)| (&self.packs[pack], &self.packs[pack].tocs[toc]));
        for (at, (second, b)) in tocs().enumerate() {
            let conflict = tocs().take(at).find(|(_, a)| {
                a.mode != b.mode
                    || a.id == b.id && (a.class, &a.fuel, a.temperature) != (b.class, &b.fuel, b.temperature)
            });
            if let Some((first, _)) = conflict {
                let (first, second) = (first.identity.id.clone(), second.identity.id.clone());
                return Err(PackConflict { toc: name.to_owned(), first, second });
            }
        }
        Ok(())
    }

    /// The same factors with the operator's own mass of a pallet in place of the pack's assumption.
    #[must_use]
    pub fn with_pallet_mass(mut self, mass: Kilograms) -> Self {
        let pack =
            Arc::new(PackIdentity { id: "operator".into(), version: String::new(), digest: String::new() });
        let source = Arc::new(Source {
            pack,
            id: "operator".into(),
            title: "Setting of the operator".into(),
            edition: "".into(),
            year: None,
            licence: "none needed".into(),
            attribution: "".into(),
            gwp: "".into(),
        });
        let citation =
            Citation { row: "pallet".into(), source, reference: "mass of a pallet".into(), note: "".into() };
        let tonnes = mass.get() / 1000.0;
        self.pallet = Some(LoadUnitRow { citation, unit: LoadUnit::Pallets, tonnes, assumption: true });
        self
    }

    /// The packs, in their order of precedence.
    #[must_use]
    pub fn packs(&self) -> &[Arc<FactorPack>] {
        &self.packs
    }

    /// Every id and alias, in alphabetical order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|(name, _)| &**name)
    }

    /// The TOC with that id or alias.
    #[must_use]
    pub fn toc(&self, name: &str) -> Option<TocIndex> {
        let at = self.names.binary_search_by(|(known, _)| (**known).cmp(name)).ok()?;
        Some(self.names[at].1)
    }

    /// What the TOC is, in the first pack that has it.
    #[must_use]
    pub fn describe(&self, toc: TocIndex) -> &Toc {
        let (pack, in_pack) = self.known(toc).in_packs[0];
        &self.packs[pack].tocs[in_pack]
    }

    /// The indexes that may lead to a pack's TOC: its own, and those of names that other packs give to other TOCs.
    pub(crate) fn named(&self, toc: &Toc) -> impl Iterator<Item = TocIndex> {
        let is_it = |&(pack, in_pack): &(usize, usize)| self.packs[pack].tocs[in_pack].id == toc.id;
        let known = (0..).zip(&self.tocs);
        known.filter(move |(_, known)| known.in_packs.iter().any(is_it)).map(|(index, _)| TocIndex(index))
    }

    fn known(&self, toc: TocIndex) -> &KnownToc {
        &self.tocs[toc.0 as usize]
    }
}
