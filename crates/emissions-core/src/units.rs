//! Quantities with their unit in the name.
//!
//! Every quantity is a finite, non-negative `f64` with an upper bound that no physical value reaches. The bounds exist
//! so that no product of valid quantities can overflow to infinity: they hold for what is put in, and the greatest result
//! that can be computed from the greatest inputs is still a valid number of kg CO2e. Nothing here rounds.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A number that cannot be the quantity it was offered as.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
#[error("{value} is not a valid {quantity}: expected a number from 0 to {max:e}")]
pub struct UnitError {
    /// The quantity's name with its unit, as in `kilometres`.
    pub quantity: &'static str,
    /// The number that was refused.
    pub value: f64,
    /// The largest accepted number.
    pub max: f64,
}

macro_rules! quantity {
    ($(#[$doc:meta])* $name:ident, $label:literal, $max:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default, Serialize, Deserialize)]
        #[serde(try_from = "f64", into = "f64")]
        pub struct $name(f64);

        impl $name {
            /// Nothing of it.
            pub const ZERO: Self = Self(0.0);
            #[doc = concat!("The largest accepted number of ", $label, ": ", stringify!($max), ".")]
            pub const MAX: Self = Self($max);

            #[doc = concat!("Takes a number of ", $label, ".")]
            ///
            /// # Errors
            /// [`UnitError`] if the number is negative, not finite, or above [`Self::MAX`].
            pub fn new(value: f64) -> Result<Self, UnitError> {
                if (0.0..=$max).contains(&value) {
                    // `+ 0.0` turns a negative zero into zero, so that equal quantities have equal bytes.
                    Ok(Self(value + 0.0))
                } else {
                    Err(UnitError { quantity: $label, value, max: $max })
                }
            }

            #[doc = concat!("The number of ", $label, ".")]
            #[must_use]
            pub const fn get(self) -> f64 {
                self.0
            }

            /// For results computed from quantities that are valid already.
            #[allow(dead_code, reason = "one macro serves inputs, which only `new` makes, and results")]
            pub(crate) const fn computed(value: f64) -> Self {
                Self(value)
            }
        }

        impl TryFrom<f64> for $name {
            type Error = UnitError;

            fn try_from(value: f64) -> Result<Self, UnitError> {
                Self::new(value)
            }
        }

        impl From<$name> for f64 {
            fn from(quantity: $name) -> f64 {
                quantity.0
            }
        }
    };
}

quantity!(
    /// A mass in **kilograms**.
    Kilograms, "kilograms", 1e15
);
quantity!(
    /// A mass in metric **tonnes** (1,000 kg).
    Tonnes, "tonnes", 1e12
);
quantity!(
    /// A distance in **kilometres**.
    Kilometres, "kilometres", 1e9
);
quantity!(
    /// Transport activity in **tonne-kilometres** (ISO 14083:2023, 3.1.25).
    TonneKilometres, "tonne-kilometres", 1e21
);
quantity!(
    /// Greenhouse gas emissions in **kilograms of CO2 equivalent** (100-year global warming potential).
    KgCo2e, "kg CO2e", 1e60
);
quantity!(
    /// Emission intensity in **kilograms of CO2e per tonne-kilometre**.
    KgCo2ePerTonneKm, "kg CO2e per tonne-kilometre", 1e6
);
quantity!(
    /// Emission intensity of a hub in **kilograms of CO2e per tonne** that leaves it.
    KgCo2ePerTonne, "kg CO2e per tonne", 1e9
);
quantity!(
    /// Energy in **kilowatt-hours**.
    KilowattHours, "kilowatt-hours", 1e24
);

impl From<Kilograms> for Tonnes {
    fn from(mass: Kilograms) -> Self {
        Self(mass.0 / 1000.0)
    }
}

impl From<Tonnes> for Kilograms {
    fn from(mass: Tonnes) -> Self {
        Self(mass.0 * 1000.0)
    }
}

impl std::ops::Mul<Kilometres> for Tonnes {
    type Output = TonneKilometres;

    /// Transport activity = mass x distance (ISO 14083:2023, clause 6).
    fn mul(self, distance: Kilometres) -> TonneKilometres {
        TonneKilometres(self.0 * distance.0)
    }
}

impl std::ops::Mul<KgCo2ePerTonneKm> for TonneKilometres {
    type Output = KgCo2e;

    /// Emissions = transport activity x emission intensity (ISO 14083:2023, clause 12).
    fn mul(self, intensity: KgCo2ePerTonneKm) -> KgCo2e {
        KgCo2e(self.0 * intensity.0)
    }
}

impl std::ops::Add for KgCo2e {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl std::iter::Sum for KgCo2e {
    /// Neumaier's compensated sum: the total does not depend on the order of the terms beyond the last bit.
    fn sum<I: Iterator<Item = Self>>(terms: I) -> Self {
        let (mut sum, mut lost) = (0.0_f64, 0.0_f64);
        for Self(term) in terms {
            let next = sum + term;
            lost += if sum >= term { (sum - next) + term } else { (term - next) + sum };
            sum = next;
        }
        Self(sum + lost)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_are_not_quantities_are_refused() {
        for value in [-1.0, -f64::MIN_POSITIVE, f64::NAN, f64::INFINITY, f64::MAX] {
            assert!(Kilometres::new(value).is_err(), "{value}");
            assert!(KgCo2e::new(value).is_err(), "{value}");
        }
        assert_eq!(
            Tonnes::new(-1.0).unwrap_err().to_string(),
            "-1 is not a valid tonnes: expected a number from 0 to 1e12"
        );
        assert!(serde_json::from_str::<Tonnes>("-1").is_err());
    }

    #[test]
    fn negative_zero_is_zero() {
        assert_eq!(Kilometres::new(-0.0).unwrap().get().to_bits(), 0);
    }

    #[test]
    fn sums_do_not_lose_small_terms() {
        let terms = [1e16, 1.0, 1.0, 1.0, 1.0].map(|kg| KgCo2e::new(kg).unwrap());
        assert_eq!(terms.into_iter().sum::<KgCo2e>().get(), 1e16 + 4.0);
        let many = std::iter::repeat_n(KgCo2e::new(0.1).unwrap(), 10);
        assert_eq!(many.sum::<KgCo2e>().get(), 1.0);
    }
}
