//! What an overview says of an organization's emissions: where they come from, how good that is, and where less could be
//! emitted.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use emissions_core::Estimate;

use crate::Category;
use crate::report::{Cell, Figures, Lane, Remainder, Sums};

/// How many clients, lanes and levers are told.
const TOLD: usize = 10;
const LEVERS: usize = 5;

/// What counts as a good and as a poor intensity of a mode, well to wheel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Band {
    /// The mode.
    pub category: Category,
    /// Below it is good, in g CO2e per tonne-kilometre.
    pub good_below: f64,
    /// Above it is poor, in g CO2e per tonne-kilometre.
    pub poor_above: f64,
}

/// The bands that Dcycle publishes for its logistics reports.
pub const BANDS: [Band; 4] = [
    Band { category: Category::Road, good_below: 50.0, poor_above: 120.0 },
    Band { category: Category::Rail, good_below: 15.0, poor_above: 30.0 },
    Band { category: Category::Maritime, good_below: 10.0, poor_above: 20.0 },
    Band { category: Category::Air, good_below: 500.0, poor_above: 800.0 },
];

/// Where the bands stand.
pub const BANDS_SOURCE: &str =
    "Dcycle, help pages of the logistics module (docs.dcycle.io): benchmarks of the report";

/// How an intensity compares with its mode's band.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rating {
    /// It is below the band.
    Good,
    /// It is in it.
    Average,
    /// It is above it.
    Poor,
}

impl Band {
    /// How an intensity compares, in g CO2e per tonne-kilometre.
    #[must_use]
    pub fn rate(&self, grams: f64) -> Rating {
        if grams < self.good_below {
            Rating::Good
        } else if grams > self.poor_above {
            Rating::Poor
        } else {
            Rating::Average
        }
    }
}

/// The legs of a mode.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ModeSums {
    /// The band that the mode is compared with.
    pub band: Band,
    /// What its legs come to.
    pub sums: Sums,
    /// Its part of all emissions, from 0 to 1.
    pub share: f64,
    /// What its transport emits, in g CO2e per tonne-kilometre; nothing without activity.
    pub grams: Option<f64>,
}

/// Legs of one vehicle that emit much.
#[derive(Debug, Clone, PartialEq)]
pub struct Lever {
    /// The mode.
    pub category: Category,
    /// The vehicle, as the legs name it.
    pub toc: String,
    /// How many legs.
    pub legs: u64,
    /// Their part of all legs, from 0 to 1.
    pub legs_share: f64,
    /// Their part of all emissions, from 0 to 1.
    pub share: f64,
}

/// The overview.
#[derive(Debug, Clone, PartialEq)]
pub struct Overview {
    /// All legs together.
    pub total: Sums,
    /// What is emitted in each month, by mode, in the order of time.
    pub months: Vec<(NaiveDate, BTreeMap<Category, Sums>)>,
    /// The most that is emitted in a month, in kg CO2e.
    pub largest_month: f64,
    /// The legs by mode.
    pub modes: Vec<ModeSums>,
    /// The clients whose legs emit most; also those without a client.
    pub clients: Vec<(Option<String>, Sums)>,
    /// The lanes that emit most.
    pub lanes: Vec<Lane>,
    /// The vehicles whose legs emit most.
    pub levers: Vec<Lever>,
    /// The part of the emissions, from 0 to 1, for which something was estimated.
    pub estimated: f64,
    /// The same by what was estimated, the largest first.
    pub estimates: Vec<(Estimate, f64)>,
    /// The legs that are left out.
    pub remainder: Remainder,
}

impl Overview {
    /// The overview of some figures.
    #[must_use]
    pub fn of(figures: Figures) -> Self {
        let total = figures.total();
        let share = |kg: f64| if kg > 0.0 { kg / total.total.wtw.get() } else { 0.0 };
        let mut months: BTreeMap<NaiveDate, BTreeMap<Category, Sums>> = BTreeMap::new();
        for ((month, category), sums) in figures.by(|cell| (cell.month, cell.category)) {
            months.entry(month).or_default().insert(category, sums);
        }
        let by_month = figures.by(|cell| cell.month);
        let largest_month = by_month.values().map(|sums| sums.total.wtw.get()).fold(0.0, f64::max);
        let by_mode = figures.by(|cell| cell.category);
        let modes = BANDS.into_iter().filter_map(|band| {
            let sums = *by_mode.get(&band.category)?;
            let grams = sums.intensity().map(|kg| kg * 1000.0);
            Some(ModeSums { band, sums, share: share(sums.total.wtw.get()), grams })
        });
        let emitted = |counts: &dyn Fn(&Cell) -> bool| -> f64 {
            let cells = figures.cells.iter().filter(|cell| counts(cell));
            cells.map(|cell| cell.sums.total.wtw.get()).sum()
        };
        let kinds = figures.cells.iter().flat_map(|cell| cell.estimated.iter());
        let kinds: std::collections::BTreeSet<Estimate> = kinds.collect();
        let part = |kind: Estimate| emitted(&|cell| cell.estimated.iter().any(|one| one == kind));
        let mut estimates: Vec<(Estimate, f64)> =
            kinds.into_iter().map(|kind| (kind, share(part(kind)))).collect();
        estimates.sort_by(|a, b| b.1.total_cmp(&a.1));
        Self {
            total,
            months: months.into_iter().collect(),
            largest_month,
            modes: modes.collect(),
            levers: levers(&figures, &total),
            estimated: share(emitted(&|cell| cell.estimated.iter().next().is_some())),
            estimates,
            clients: figures.clients.into_iter().take(TOLD).collect(),
            lanes: figures.lanes.into_iter().take(TOLD).collect(),
            remainder: figures.remainder,
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "numbers of legs are far below 2^53")]
fn levers(figures: &Figures, total: &Sums) -> Vec<Lever> {
    let emitted = total.total.wtw.get();
    if emitted <= 0.0 {
        return Vec::new();
    }
    let groups = figures.by(|cell| (cell.category, cell.toc.clone()));
    let mut levers: Vec<Lever> = groups
        .into_iter()
        .map(|((category, toc), sums)| Lever {
            category,
            toc,
            legs: sums.legs,
            legs_share: sums.legs as f64 / total.legs as f64,
            share: sums.total.wtw.get() / emitted,
        })
        .collect();
    levers.sort_by(|a, b| b.share.total_cmp(&a.share));
    levers.truncate(LEVERS);
    levers
}

#[cfg(test)]
mod tests {
    use emissions_core::{Emissions, Estimates, KgCo2e};

    use super::*;

    fn cell(month: u32, category: Category, toc: &str, legs: u64, kg: f64, tkm: f64) -> Cell {
        let wtw = KgCo2e::new(kg).unwrap();
        let emissions = Emissions { wtw, ..Emissions::default() };
        Cell {
            month: NaiveDate::from_ymd_opt(2025, month, 1).unwrap(),
            category,
            toc: toc.to_owned(),
            subcontractor: false,
            estimated: Estimates::NONE,
            facts: 0,
            sums: Sums { legs, tkm, total: emissions, transport: emissions, ..Sums::default() },
        }
    }

    #[test]
    fn few_legs_may_emit_most() {
        let mut by_air = cell(2, Category::Air, "freighter", 40, 610.0, 1000.0);
        by_air.estimated.insert(Estimate::DistanceKm);
        let by_road = |month| cell(month, Category::Road, "van_diesel", 480, 195.0, 3250.0);
        let figures = Figures { cells: vec![by_road(1), by_air, by_road(2)], ..Figures::default() };
        let overview = Overview::of(figures);
        let lever = &overview.levers[0];
        assert_eq!(
            (lever.toc.as_str(), lever.legs, lever.share, lever.legs_share),
            ("freighter", 40, 0.61, 0.04)
        );
        assert_eq!((overview.estimated, overview.largest_month), (0.61, 805.0));
        assert_eq!(overview.estimates, [(Estimate::DistanceKm, 0.61)]);
        assert_eq!(overview.months.len(), 2);
        let ratings: Vec<_> = overview.modes.iter().map(|mode| mode.band.rate(mode.grams.unwrap())).collect();
        assert_eq!(ratings, [Rating::Average, Rating::Average]);
    }

    #[test]
    fn nothing_has_no_shares() {
        let overview = Overview::of(Figures::default());
        assert_eq!((overview.estimated, overview.levers.len(), overview.modes.len()), (0.0, 0, 0));
    }

    #[test]
    fn bands_are_rated_at_their_edges() {
        let road = BANDS[0];
        let rated = [49.9, 50.0, 120.0, 120.1].map(|grams| road.rate(grams));
        assert_eq!(rated, [Rating::Good, Rating::Average, Rating::Average, Rating::Poor]);
    }
}
