//! The question: one leg of a shipment.

use serde::{Deserialize, Serialize};

use crate::{
    CountryCode, DistanceBasis, HubCategory, KgCo2e, KgCo2ePerTonne, Kilometres, Load, LoadFactor,
    Temperature, TonneKilometres,
};

/// The distance of a leg.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LegDistance {
    /// Its length.
    pub km: Kilometres,
    /// What kind of distance it is. A distance of unknown kind, such as one that a client states, is
    /// [`Actual`](DistanceBasis::Actual): it is used as it is.
    pub basis: DistanceBasis,
}

/// The logistics hub that handled the load.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HubStay {
    /// Another company's hub: the default intensity of its kind (GLEC v3.0 module 2, hub operations) applies.
    Subcontracted(HubCategory),
    /// An own hub: the leg's share of what it really emitted.
    Owned(KgCo2e),
    /// An own hub: what it really emitted in a period / all that left it in that period (ISO 14083:2023, clause 9). The
    /// leg's share is its mass x this.
    Measured(KgCo2ePerTonne),
}

/// Whether the empty running that a published intensity contains counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EmptyRunning {
    /// It counts: the leg's distance is that of the laden vehicle.
    #[default]
    Contained,
    /// It is taken out: the leg's distance contains the vehicle's empty kilometres already.
    TakenOut,
}

impl EmptyRunning {
    fn is_contained(&self) -> bool {
        *self == Self::Contained
    }
}

/// One leg of a shipment: a load, carried over a distance, by a vehicle.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Leg {
    /// Where it begins; it selects the region of the factors. Nothing selects global ones.
    pub country: Option<CountryCode>,
    /// The year of the factors.
    pub year: u16,
    /// What is carried. Nothing means the TOC's average load.
    pub load: Option<Load>,
    /// The share of the load that is really carried.
    pub load_factor: LoadFactor,
    /// How far.
    pub distance: Option<LegDistance>,
    /// The transport activity, where it is known: it takes the place of load x distance.
    pub activity: Option<TonneKilometres>,
    /// Whether the goods are kept at a temperature.
    pub temperature: Temperature,
    /// Whether the intensity's empty running counts.
    #[serde(default, skip_serializing_if = "EmptyRunning::is_contained")]
    pub empty_running: EmptyRunning,
    /// How often the vehicle is cleaned for it.
    pub cleanings: u16,
    /// The hub that handles it.
    pub hub: Option<HubStay>,
}

impl Leg {
    /// A leg of nothing but a load and a distance, with global factors of the year.
    #[must_use]
    pub const fn new(year: u16, load: Load, distance: LegDistance) -> Self {
        Self {
            country: None,
            year,
            load: Some(load),
            load_factor: LoadFactor::FULL,
            distance: Some(distance),
            activity: None,
            temperature: Temperature::Ambient,
            empty_running: EmptyRunning::Contained,
            cleanings: 0,
            hub: None,
        }
    }
}
