//! The four categories of freight transport.

use emissions_core::Mode;
use serde::{Deserialize, Serialize};

/// The APIs' division of freight transport.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Category {
    /// Vans and trucks.
    Road,
    /// Freight trains.
    Rail,
    /// Ships, at sea and on inland waterways.
    Maritime,
    /// Aircraft.
    Air,
}

impl Category {
    /// Every category.
    pub const ALL: [Self; 4] = [Self::Road, Self::Rail, Self::Maritime, Self::Air];

    /// The category's name: `road`, `rail`, `maritime` or `air`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Road => "road",
            Self::Rail => "rail",
            Self::Maritime => "maritime",
            Self::Air => "air",
        }
    }

    /// The category with that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|category| category.as_str() == name)
    }

    /// The TOC that stands for the category when no vehicle is named.
    #[must_use]
    pub const fn generic_toc(self) -> &'static str {
        match self {
            Self::Road => "generic_average_road",
            Self::Rail => "generic_average_rail",
            Self::Maritime => "generic_average_maritime",
            Self::Air => "generic_average_air",
        }
    }
}

impl From<Mode> for Category {
    fn from(mode: Mode) -> Self {
        match mode {
            Mode::Road => Self::Road,
            Mode::Rail => Self::Rail,
            Mode::InlandWaterway | Mode::Sea => Self::Maritime,
            Mode::Air => Self::Air,
        }
    }
}

impl std::fmt::Display for Category {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
