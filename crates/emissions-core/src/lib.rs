//! Freight emissions after ISO 14083 and the GLEC Framework.
#![deny(missing_docs)]

mod country;
mod distance;
mod mode;
mod units;

pub use country::{Continent, CountryCode, UnknownCountry};
pub use distance::{AIR_DETOUR, DistanceBasis};
pub use mode::Mode;
pub use units::{
    KgCo2e, KgCo2ePerTonneKm, Kilograms, Kilometres, KilowattHours, TonneKilometres, Tonnes, UnitError,
};
