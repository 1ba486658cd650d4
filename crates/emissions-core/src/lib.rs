//! Freight emissions after ISO 14083 and the GLEC Framework.
#![deny(missing_docs)]

mod allocation;
mod country;
mod distance;
mod emissions;
mod estimates;
mod factors;
mod facts;
mod fuel;
mod leg;
mod load;
mod mode;
mod pack;
mod receipt;
mod region;
mod units;

pub use allocation::allocate;
pub use country::{Continent, CountryCode, UnknownCountry};
pub use distance::{AIR_DETOUR, DistanceBasis};
pub use emissions::{Emissions, LegEmissions};
pub use estimates::{Estimate, Estimates};
pub use factors::{Factors, ListedToc, PackConflict, TocIndex};
pub use facts::{CalculationError, Facts};
pub use fuel::FuelQuantity;
pub use leg::{HubStay, Leg, LegDistance};
pub use load::{Load, LoadFactor, LoadUnit};
pub use mode::Mode;
pub use pack::{
    AdjustmentKind, AdjustmentRow, Citation, DefaultLoadRow, ElectricityRow, FactorPack, FuelRow, FuelUnit,
    HubCategory, HubRow, HubUnit, Intensity, IntensityBasis, IntensityRow, LoadUnitRow, PACK_FILES,
    PackError, PackIdentity, RefrigerantRow, Source, Split, Temperature, Toc, VehicleClass,
};
pub use receipt::{OwnedFacts, Quantity, Receipt, ReceiptError, Step};
pub use region::{Region, RegionGroup, UnknownRegion};
pub use units::{
    KgCo2e, KgCo2ePerTonneKm, Kilograms, Kilometres, KilowattHours, TonneKilometres, Tonnes, UnitError,
};
