//! What in a result was not given, or not published for exactly this case.

use serde::{Deserialize, Serialize};

/// One thing that was estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Estimate {
    /// No TOC was given: the mode's average was used.
    Toc,
    /// No load was given: the TOC's average load was used, or a share of what a whole vehicle carried.
    Load,
    /// The mass of the load's unit is an assumption or an average.
    LoadUnit,
    /// No distance was given: it was found from the places.
    DistanceKm,
    /// The origin's place was settled by a hint, not by what was written.
    Origin,
    /// The destination's place was settled by a hint, not by what was written.
    Destination,
    /// The factor is another region's, for want of one of the country itself.
    FactorRegion,
    /// The factor is another year's.
    FactorYear,
    /// The factor was derived from published ones.
    FactorDerived,
    /// The distance that decides between short and long haul is not known.
    DistanceBand,
    /// The source publishes well-to-wheel only: the parts follow the fuel's share.
    WttTtwSplit,
    /// The grid factor is another region's or year's.
    GridFactor,
    /// No uplift for temperature control is published for the vehicle.
    Temperature,
    /// The cleaning figure is published for tanks only.
    Cleaning,
    /// The hub's emissions are a default for its kind.
    Hub,
    /// The intensity's empty running was to be taken out, but its source does not publish it: it is still in.
    EmptyRunning,
}

impl Estimate {
    const ALL: [Self; 16] = [
        Self::Toc,
        Self::Load,
        Self::LoadUnit,
        Self::DistanceKm,
        Self::Origin,
        Self::Destination,
        Self::FactorRegion,
        Self::FactorYear,
        Self::FactorDerived,
        Self::DistanceBand,
        Self::WttTtwSplit,
        Self::GridFactor,
        Self::Temperature,
        Self::Cleaning,
        Self::Hub,
        Self::EmptyRunning,
    ];

    /// The name that APIs show, as in `factor_region`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Toc => "toc",
            Self::Load => "load",
            Self::LoadUnit => "load_unit",
            Self::DistanceKm => "distance_km",
            Self::Origin => "origin",
            Self::Destination => "destination",
            Self::FactorRegion => "factor_region",
            Self::FactorYear => "factor_year",
            Self::FactorDerived => "factor_derived",
            Self::DistanceBand => "distance_band",
            Self::WttTtwSplit => "wtt_ttw_split",
            Self::GridFactor => "grid_factor",
            Self::Temperature => "temperature",
            Self::Cleaning => "cleaning",
            Self::Hub => "hub",
            Self::EmptyRunning => "empty_running",
        }
    }
}

/// A set of [`Estimate`]s.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(from = "Vec<Estimate>", into = "Vec<Estimate>")]
pub struct Estimates(u16);

impl Estimates {
    /// Nothing was estimated.
    pub const NONE: Self = Self(0);

    /// Adds one.
    pub const fn insert(&mut self, estimate: Estimate) {
        self.0 |= 1 << estimate as u16;
    }

    /// Adds one where the condition holds.
    pub(crate) const fn insert_if(&mut self, condition: bool, estimate: Estimate) {
        if condition {
            self.insert(estimate);
        }
    }

    /// Both sets together.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether it is among them.
    #[must_use]
    pub const fn contains(self, estimate: Estimate) -> bool {
        self.0 & 1 << estimate as u16 != 0
    }

    /// All of them, in the order of [`Estimate`].
    pub fn iter(self) -> impl Iterator<Item = Estimate> {
        Estimate::ALL.into_iter().filter(move |estimate| self.contains(*estimate))
    }

    /// The set as bits, for storage: one for each [`Estimate`] in its order.
    #[must_use]
    pub const fn bits(self) -> u16 {
        self.0
    }

    /// The set that [`bits`](Self::bits) wrote. Unknown bits are dropped.
    #[must_use]
    pub fn from_bits(bits: u16) -> Self {
        Estimate::ALL.into_iter().filter(|estimate| Self(bits).contains(*estimate)).collect()
    }
}

impl FromIterator<Estimate> for Estimates {
    fn from_iter<I: IntoIterator<Item = Estimate>>(estimates: I) -> Self {
        let mut set = Self::NONE;
        estimates.into_iter().for_each(|estimate| set.insert(estimate));
        set
    }
}

impl From<Vec<Estimate>> for Estimates {
    fn from(estimates: Vec<Estimate>) -> Self {
        estimates.into_iter().collect()
    }
}

impl From<Estimates> for Vec<Estimate> {
    fn from(set: Estimates) -> Self {
        set.iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_estimate_is_kept_through_bits() {
        for estimate in Estimate::ALL {
            let set: Estimates = [estimate].into_iter().collect();
            assert_eq!(Estimates::from_bits(set.bits()).iter().collect::<Vec<_>>(), [estimate]);
        }
        assert_eq!(Estimates::from_bits(u16::MAX).iter().count(), Estimate::ALL.len());
    }
}
