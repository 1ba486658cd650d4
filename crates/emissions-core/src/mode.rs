//! Modes of transport.

use serde::{Deserialize, Serialize};

/// A mode of transport, as ISO 14083 and the GLEC Framework divide freight transport.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Vans and trucks.
    Road,
    /// Freight trains.
    Rail,
    /// Barges and other vessels on rivers and canals.
    InlandWaterway,
    /// Seagoing ships.
    Sea,
    /// Freighters and the bellies of passenger aircraft.
    Air,
}

impl Mode {
    /// Every mode.
    pub const ALL: [Self; 5] = [Self::Road, Self::Rail, Self::InlandWaterway, Self::Sea, Self::Air];

    /// The name used in factor packs: `road`, `rail`, `inland_waterway`, `sea` or `air`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Road => "road",
            Self::Rail => "rail",
            Self::InlandWaterway => "inland_waterway",
            Self::Sea => "sea",
            Self::Air => "air",
        }
    }

    /// The mode with that name, as [`as_str`](Self::as_str) writes it.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.as_str() == name)
    }
}

impl std::fmt::Display for Mode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
