//! What a file adds up to.

use emissions_core::Estimate;
use logistics_domain::numbers::decimal;
use logistics_domain::{Calculation, Category};
use serde::Serialize;

/// What one row adds to the sums.
pub struct Share {
    category: Category,
    tkm: f64,
    co2e: f64,
    estimated_distance: bool,
}

impl Share {
    pub fn of(category: Category, found: &Calculation) -> Self {
        Self {
            category,
            tkm: found.tkm.get(),
            co2e: found.total().wtw.get(),
            estimated_distance: found.estimated.iter().any(|estimate| estimate == Estimate::DistanceKm),
        }
    }
}

/// Sums over legs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Sums {
    legs: u64,
    tkm: f64,
    /// Kilograms.
    co2e: f64,
    /// Of legs whose distance was not given but found.
    distances_found: u64,
}

impl Sums {
    fn add(&mut self, share: &Share) {
        self.legs += 1;
        self.tkm += share.tkm;
        self.co2e += share.co2e;
        self.distances_found += u64::from(share.estimated_distance);
    }
}

/// What a file adds up to, in all and by category.
#[derive(Debug, Default, Serialize)]
pub struct Summary {
    pub rows: u64,
    pub rejected: u64,
    total: Sums,
    road: Sums,
    rail: Sums,
    maritime: Sums,
    air: Sums,
}

impl Summary {
    pub fn add(&mut self, share: &Share) {
        self.rows += 1;
        self.total.add(share);
        match share.category {
            Category::Road => self.road.add(share),
            Category::Rail => self.rail.add(share),
            Category::Maritime => self.maritime.add(share),
            Category::Air => self.air.add(share),
        }
    }

    pub fn reject(&mut self) {
        self.rows += 1;
        self.rejected += 1;
    }

    /// The sums as a table.
    pub fn text(&self) -> String {
        let mut lines = vec![format!(
            "{:<9} {:>10} {:>18} {:>16} {:>7} {:>12}",
            "", "legs", "tonne-km", "kg CO2e", "", "g CO2e/tkm"
        )];
        let parts =
            [("road", self.road), ("rail", self.rail), ("maritime", self.maritime), ("air", self.air)];
        for (name, sums) in parts.into_iter().filter(|(_, sums)| sums.legs > 0).chain([("total", self.total)])
        {
            let share = if self.total.co2e > 0.0 { 100.0 * sums.co2e / self.total.co2e } else { 0.0 };
            let per_tkm =
                if sums.tkm > 0.0 { format!("{:.1}", 1000.0 * sums.co2e / sums.tkm) } else { "-".to_owned() };
            lines.push(format!(
                "{name:<9} {:>10} {:>18} {:>16} {share:>5.1} % {per_tkm:>12}",
                decimal(sums.legs as f64, 0),
                decimal(sums.tkm, 0),
                decimal(sums.co2e, 0)
            ));
        }
        if self.total.distances_found > 0 {
            lines.push(format!("\ndistances found, not given: {} legs", self.total.distances_found));
        }
        lines.join("\n")
    }
}
