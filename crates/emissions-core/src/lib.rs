//! What a leg of freight emits, after ISO 14083:2023 and the GLEC Framework: a load, carried over a distance, by a
//! vehicle, in kilograms of CO2 equivalent, with every factor's source and every step of the arithmetic.
//!
//! The crate knows nothing of files (but for [`FactorPack::from_dir`], behind the feature `fs`), clocks, networks or
//! databases. The same question put to the same factor packs has the same answer, bit for bit, on every machine.
//!
//! ```
//! use emissions_core::{
//!     CountryCode, DistanceBasis, Factors, Kilometres, Leg, LegDistance, Load, LoadUnit, Receipt,
//! };
//!
//! let factors = Factors::open();
//! let truck = factors.toc("artic_truck_diesel").ok_or("no such vehicle")?;
//!
//! let load = Load::new(5_000.0, LoadUnit::Kg)?;
//! let distance = LegDistance { km: Kilometres::new(203.0)?, basis: DistanceBasis::Actual };
//! let leg = Leg { country: Some(CountryCode::parse("GB")?), ..Leg::new(2025, load, distance) };
//!
//! let emissions = factors.calculate(truck, &leg)?;
//! assert_eq!(emissions.activity.get(), 1_015.0);
//! assert_eq!(format!("{:.2} kg", emissions.total().wtw.get()), "97.67 kg"); // 1,015 tkm x 0.09623
//!
//! let receipt = Receipt::of(&leg, &emissions);
//! receipt.verify()?;
//! println!("{receipt}");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! `cargo run -p emissions-core --example one_leg` prints a whole receipt.
//!
//! # The way of a calculation
//!
//! 1. [`Factors::toc`] finds a vehicle (a *transport operation category*, TOC) by its id or an alias.
//! 2. [`Factors::facts`] finds the rows that the leg needs: intensity, grid, mass of a unit, average load, adjustments,
//!    hub. It names in [`Estimates`] every step away from an exact match.
//! 3. [`Facts::calculate`] multiplies. [`Factors::calculate`] is both in one.
//! 4. [`Receipt::of`] writes the steps out, for those who ask.
//!
//! | step | formula |
//! | --- | --- |
//! | mass | load x tonnes per unit x [`LoadFactor`], or the vehicle's average load x load factor |
//! | distance | x the mode's factor, + 95 km, - 95 km, or as it is, by [`DistanceBasis`] and [`IntensityBasis`] |
//! | transport activity | mass x distance, or as the leg states it |
//! | emission intensity | as published; per TEU-km / tonnes per TEU; kWh/tkm x grid factor; then x temperature uplift |
//! | transport | WTW = activity x intensity; WTT = activity x WTT intensity; TTW = WTW - WTT |
//! | hub | tonnes or containers x hub intensity, or the leg's share of an own hub |
//! | cleaning | operations x kg CO2e per operation |
//!
//! `docs/methodology.md` gives the reasons and the sources.
//!
//! # Units
//!
//! Quantities carry their unit in their type: [`Kilograms`], [`Tonnes`], [`Kilometres`], [`TonneKilometres`], [`KgCo2e`],
//! [`KgCo2ePerTonneKm`], [`KgCo2ePerTonne`], [`KilowattHours`]. They are finite and not negative; what is not is refused where it comes in.
//! CO2 equivalents are 100-year global warming potentials. Nothing is rounded between steps.
//!
//! # Factor packs and licences
//!
//! A [`FactorPack`] is a versioned set of tables whose rows all cite source, table or page, edition and licence.
//! [`FactorPack::open`] is compiled in: open licences only, every mode, every region. Others are read with
//! [`FactorPack::from_dir`] or [`FactorPack::from_tables`], which refuse what is not in order with file, line and reason,
//! and put in force with [`Factors::new`], the most important first:
//!
//! ```no_run
//! use std::{path::Path, sync::Arc};
//! use emissions_core::{FactorPack, Factors};
//!
//! let own = FactorPack::from_dir(Path::new("packs/our-carriers"))?;
//! if !own.notice().is_empty() {
//!     eprintln!("{}", own.notice());
//! }
//! let factors = Factors::new(vec![Arc::new(own), FactorPack::open()])?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Whoever shows or passes on a result owes its sources what their licences ask for: [`Source::licence`] and
//! [`Source::attribution`] say it for each row used. `docs/adding-a-factor-pack.md` describes the tables.
//!
//! # Receipts
//!
//! A [`Receipt`] holds the question, the rows and every step with formula, inputs, result, source and clause. Each result
//! is its formula over its inputs, to the bit. [`Receipt::verify`] computes it again; [`Receipt::verify_against`] also
//! finds its rows in the packs in force. For storage, [`OwnedFacts`] and the [`Leg`] are enough to write it anew.
#![deny(missing_docs)]

mod allocation;
mod country;
mod country_names;
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
pub use leg::{EmptyRunning, HubStay, Leg, LegDistance};
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
    KgCo2e, KgCo2ePerTonne, KgCo2ePerTonneKm, Kilograms, Kilometres, KilowattHours, TonneKilometres, Tonnes,
    UnitError,
};
