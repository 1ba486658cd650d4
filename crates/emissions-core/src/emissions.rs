//! The answer: what a leg emits.

use serde::{Deserialize, Serialize};

use crate::{Estimates, Facts, KgCo2e, TonneKilometres, Tonnes};

/// Emissions in kg CO2e, with their two parts.
///
/// `wtt + ttw` is `wtw` within one unit in the last place, except for what is published well-to-wheel only, such as hubs
/// and cleaning: that is in `wtw` alone.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Emissions {
    /// Well to wheel: all of it.
    pub wtw: KgCo2e,
    /// Well to tank: energy provision.
    pub wtt: KgCo2e,
    /// Tank to wheel: vehicle operation.
    pub ttw: KgCo2e,
}

impl Emissions {
    /// Emissions whose parts are not published.
    pub(crate) fn whole(wtw: f64) -> Self {
        Self { wtw: KgCo2e::computed(wtw), ..Self::default() }
    }
}

impl std::ops::Add for Emissions {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { wtw: self.wtw + other.wtw, wtt: self.wtt + other.wtt, ttw: self.ttw + other.ttw }
    }
}

/// What is emitted well to wheel, and the part of it that is energy provision, where that part is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Parts {
    pub wtw: f64,
    pub wtt: Option<f64>,
}

impl Parts {
    pub fn times(self, factor: f64) -> Self {
        Self { wtw: self.wtw * factor, wtt: self.wtt.map(|wtt| wtt * factor) }
    }

    /// Vehicle operation is what energy provision leaves: TTW = WTW - WTT.
    pub fn emissions(self) -> Emissions {
        let (wtt, ttw) = self.wtt.map_or((0.0, 0.0), |wtt| (wtt, self.wtw - wtt));
        Emissions { wtw: KgCo2e::computed(self.wtw), wtt: KgCo2e::computed(wtt), ttw: KgCo2e::computed(ttw) }
    }
}

/// What a leg emits, and how that came about.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct LegEmissions<'p> {
    /// The rows used.
    pub facts: Facts<'p>,
    /// The mass carried, after load factor; nothing where only the activity was given.
    pub mass: Option<Tonnes>,
    /// The distance that the intensity was multiplied with, in kilometres, after adjustment; nothing where the activity
    /// was given.
    pub adjusted_km: Option<f64>,
    /// Transport activity: mass x distance before adjustment, or as given.
    pub activity: TonneKilometres,
    /// The activity that the intensity was multiplied with, in tonne-kilometres.
    pub adjusted_activity: TonneKilometres,
    /// The intensity used, in kg CO2e per tonne-kilometre.
    pub intensity: Emissions,
    /// What the transport emits.
    pub transport: Emissions,
    /// What the hub emits for the load.
    pub hub: Emissions,
    /// What cleaning emits.
    pub cleaning: Emissions,
    /// Everything that was estimated.
    pub estimated: Estimates,
}

impl LegEmissions<'_> {
    /// Emissions = transport + hub + cleaning (ISO 14083:2023, clause 12: the sum over a chain's elements).
    #[must_use]
    pub fn total(&self) -> Emissions {
        self.transport + self.hub + self.cleaning
    }

    /// Emission intensity = emissions / transport activity (ISO 14083:2023, clause 12).
    ///
    /// # Units
    /// kg CO2e per tonne-kilometre before distance adjustment; nothing for no activity, or for one too small to divide by.
    #[must_use]
    pub fn emission_intensity(&self) -> Option<f64> {
        let intensity = self.total().wtw.get() / self.activity.get();
        intensity.is_finite().then_some(intensity)
    }
}
