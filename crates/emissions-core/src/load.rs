//! What is carried.

use serde::{Deserialize, Serialize};

use crate::UnitError;

/// A unit that loads are given in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LoadUnit {
    /// Kilograms.
    Kg,
    /// Metric tonnes (1,000 kg).
    Ton,
    /// Pallets; the mass of one is an assumption of the factor pack or the operator.
    Pallets,
    /// Twenty-foot equivalent units.
    Teu,
    /// Forty-foot equivalent units (2 TEU).
    Feu,
}

impl LoadUnit {
    /// Every unit.
    pub const ALL: [Self; 5] = [Self::Kg, Self::Ton, Self::Pallets, Self::Teu, Self::Feu];

    /// The unit's name: `kg`, `ton`, `pallets`, `teu` or `feu`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Kg => "kg",
            Self::Ton => "ton",
            Self::Pallets => "pallets",
            Self::Teu => "teu",
            Self::Feu => "feu",
        }
    }

    /// The unit with that name, as [`as_str`](Self::as_str) writes it.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.as_str() == name)
    }

    /// Whether it is a unit of mass. The mass of all others depends on the factor pack.
    #[must_use]
    pub const fn is_mass(self) -> bool {
        matches!(self, Self::Kg | Self::Ton)
    }
}

/// An amount of freight in a unit: actual mass (GLEC v3.0 module 4: never chargeable weight; packaging that belongs to
/// the goods counts, the carrier's pallets and containers do not), or a number of pallets, TEU or FEU.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "StatedLoad")]
pub struct Load {
    amount: f64,
    unit: LoadUnit,
}

/// A [`Load`] as it is read, before its amount is checked.
#[derive(Deserialize)]
#[serde(rename = "Load")]
struct StatedLoad {
    amount: f64,
    unit: LoadUnit,
}

impl TryFrom<StatedLoad> for Load {
    type Error = UnitError;

    fn try_from(stated: StatedLoad) -> Result<Self, UnitError> {
        Self::new(stated.amount, stated.unit)
    }
}

impl Load {
    /// The largest accepted amount, in any unit.
    pub const MAX: f64 = 1e10;

    /// Takes an amount from 0 to [`Load::MAX`].
    ///
    /// # Errors
    /// [`UnitError`] if the amount is negative, not finite, or above [`Load::MAX`].
    pub fn new(amount: f64, unit: LoadUnit) -> Result<Self, UnitError> {
        if (0.0..=Self::MAX).contains(&amount) {
            Ok(Self { amount: amount + 0.0, unit })
        } else {
            Err(UnitError { quantity: "load", value: amount, max: Self::MAX })
        }
    }

    /// The amount in its own unit.
    #[must_use]
    pub const fn amount(self) -> f64 {
        self.amount
    }

    /// The unit of the amount.
    #[must_use]
    pub const fn unit(self) -> LoadUnit {
        self.unit
    }
}

/// The share of the stated load that is really carried, from 0 to 1: "100 pallets at 0.5 is 50 pallets".
///
/// It belongs to the Dcycle API and multiplies the load. It is not the load factor of GLEC and ISO 14083, which describes
/// how full a vehicle is and is contained in published intensities already.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct LoadFactor(f64);

impl LoadFactor {
    /// The whole load.
    pub const FULL: Self = Self(1.0);

    /// Takes a share from 0 to 1.
    ///
    /// # Errors
    /// [`UnitError`] outside that range.
    pub fn new(share: f64) -> Result<Self, UnitError> {
        if (0.0..=1.0).contains(&share) {
            Ok(Self(share + 0.0))
        } else {
            Err(UnitError { quantity: "load factor", value: share, max: 1.0 })
        }
    }

    /// The share, from 0 to 1.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }
}

impl Default for LoadFactor {
    fn default() -> Self {
        Self::FULL
    }
}

impl TryFrom<f64> for LoadFactor {
    type Error = UnitError;

    fn try_from(share: f64) -> Result<Self, UnitError> {
        Self::new(share)
    }
}

impl From<LoadFactor> for f64 {
    fn from(factor: LoadFactor) -> f64 {
        factor.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loads_that_are_not_amounts_are_refused() {
        for amount in [-1.0, f64::NAN, f64::INFINITY, 1.1e10] {
            assert!(Load::new(amount, LoadUnit::Kg).is_err());
        }
        assert!(serde_json::from_str::<Load>(r#"{"amount":-1,"unit":"kg"}"#).is_err());
        let load = Load::new(2.5, LoadUnit::Pallets).unwrap();
        assert_eq!(serde_json::to_string(&load).unwrap(), r#"{"amount":2.5,"unit":"pallets"}"#);
        assert_eq!(serde_json::from_str::<Load>(r#"{"amount":2.5,"unit":"pallets"}"#).unwrap(), load);
    }

    #[test]
    fn load_factors_are_shares() {
        for share in [-0.1, 1.1, f64::NAN] {
            assert!(LoadFactor::new(share).is_err());
        }
        assert!(serde_json::from_str::<LoadFactor>("1.5").is_err());
        assert_eq!(LoadFactor::default(), LoadFactor::FULL);
    }

    #[test]
    fn names_round_trip() {
        for unit in LoadUnit::ALL {
            assert_eq!(LoadUnit::from_name(unit.as_str()), Some(unit));
        }
        assert_eq!(LoadUnit::from_name("KG"), None);
    }
}
