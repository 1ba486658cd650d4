//! What there is to choose from.

use super::{Factors, KnownToc};
use crate::{DefaultLoadRow, Intensity, IntensityRow, LoadUnit, LoadUnitRow, Split, Toc};

/// A TOC's newest intensity for one location, for lists.
#[derive(Debug, Clone, Copy)]
pub struct ListedToc<'p> {
    /// The id under which it is listed: the TOC's own, or an alias.
    pub id: &'p str,
    /// The TOC.
    pub toc: &'p Toc,
    /// The newest row.
    pub intensity: &'p IntensityRow,
    /// The vehicle's average load where no country is known, if one is published: of the intensity's pack before others.
    pub default_load: Option<&'p DefaultLoadRow>,
    /// The mass of a TEU, for rows per TEU-kilometre.
    pub teu: Option<&'p LoadUnitRow>,
}

impl ListedToc<'_> {
    /// The intensity in kg CO2e per tonne-kilometre, and what an electric vehicle takes, in kWh per tonne-kilometre: its own
    /// intensity is 0, for the grid's depends on country and year.
    #[must_use]
    pub fn per_tonne_km(&self) -> (Split, Option<f64>) {
        match self.intensity.intensity {
            Intensity::PerTonneKm(split) => (split, None),
            Intensity::PerTeuKm(split) => {
                let tonnes = self.teu.map_or(1.0, |teu| teu.tonnes);
                let parts = split.parts.map(|(wtt, ttw)| (wtt / tonnes, ttw / tonnes));
                (Split { wtw: split.wtw / tonnes, parts }, None)
            }
            Intensity::Electric(kwh) => (Split { wtw: 0.0, parts: None }, Some(kwh)),
        }
    }
}

impl Factors {
    /// Every TOC and alias with its newest intensity for each location and distance band, in alphabetical order. Where
    /// several packs have one for the same location, the first pack's is listed: it is the one that is used.
    #[must_use]
    pub fn list(&self) -> Vec<ListedToc<'_>> {
        let teu = self.load_unit(LoadUnit::Teu);
        let listed = |name, index| {
            let known = self.known(index);
            let toc = self.describe(index);
            let rows = self.newest(known).into_iter();
            rows.map(move |(pack, intensity)| {
                let default_load = self.default_load(known, pack, None);
                ListedToc { id: name, toc, intensity, default_load, teu }
            })
        };
        self.names.iter().flat_map(|(name, index)| listed(&**name, *index)).collect()
    }

    /// The rows, each with its pack's position.
    fn newest<'p>(&'p self, known: &KnownToc) -> Vec<(usize, &'p IntensityRow)> {
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
        newest
    }
}
