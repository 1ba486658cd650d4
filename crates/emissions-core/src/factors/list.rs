//! What there is to choose from.

use super::{Factors, KnownToc};
use crate::{DefaultLoadRow, IntensityRow, LoadUnit, LoadUnitRow, Toc};

/// A TOC's newest intensity for one location, for lists.
#[derive(Debug, Clone, Copy)]
pub struct ListedToc<'p> {
    /// The id under which it is listed: the TOC's own, or an alias.
    pub id: &'p str,
    /// The TOC.
    pub toc: &'p Toc,
    /// The newest row.
    pub intensity: &'p IntensityRow,
    /// The vehicle's average load, where published.
    pub default_load: Option<&'p DefaultLoadRow>,
    /// The mass of a TEU, for rows per TEU-kilometre.
    pub teu: Option<&'p LoadUnitRow>,
}

impl Factors {
    /// Every TOC and alias with its newest intensity for each location and distance band, in alphabetical order. Where
    /// several packs have one for the same location, the first pack's is listed: it is the one that is used.
    #[must_use]
    pub fn list(&self) -> Vec<ListedToc<'_>> {
        let teu = self.load_unit(LoadUnit::Teu);
        let listed = |name, index| {
            let known = self.known(index);
            let (toc, default_load) = (self.describe(index), self.default_load(known, None));
            let rows = self.newest(known).into_iter();
            rows.map(move |intensity| ListedToc { id: name, toc, intensity, default_load, teu })
        };
        self.names.iter().flat_map(|(name, index)| listed(&**name, *index)).collect()
    }

    fn newest<'p>(&'p self, known: &KnownToc) -> Vec<&'p IntensityRow> {
        let mut newest: Vec<(usize, &IntensityRow)> = Vec::new();
        for &(at, in_pack) in &known.in_packs {
            let pack = &self.packs[at];
            for served in &pack.served[in_pack] {
                let row = &pack.intensities[served.row as usize];
                let same = |(_, other): &&mut (usize, &IntensityRow)| {
                    (&other.location, other.min_km.to_bits()) == (&row.location, row.min_km.to_bits())
                };
                match newest.iter_mut().find(same) {
                    Some((pack, other)) if *pack == at && other.year < row.year => *other = row,
                    Some(_) => {}
                    None => newest.push((at, row)),
                }
            }
        }
        newest.into_iter().map(|(_, row)| row).collect()
    }
}
