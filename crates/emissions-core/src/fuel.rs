//! Emissions from fuel burnt and refrigerant lost.

use crate::{ElectricityRow, Emissions, FuelRow, KgCo2e, KilowattHours, RefrigerantRow, UnitError};

/// An amount of fuel, in the unit of the [`FuelRow`] that it is used with.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct FuelQuantity(f64);

impl FuelQuantity {
    /// The largest accepted amount.
    pub const MAX: f64 = 1e12;

    /// Takes an amount from 0 to [`FuelQuantity::MAX`].
    ///
    /// # Errors
    /// [`UnitError`] outside that range.
    pub fn new(amount: f64) -> Result<Self, UnitError> {
        if (0.0..=Self::MAX).contains(&amount) {
            Ok(Self(amount + 0.0))
        } else {
            Err(UnitError { quantity: "quantity of fuel", value: amount, max: Self::MAX })
        }
    }

    /// The amount.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }
}

impl FuelRow {
    /// Emissions of fuel = quantity x fuel factor, apart for provision (WTT) and combustion (TTW)
    /// (ISO 14083:2023, clause 8 and annex J; GLEC v3.0 module 1). WTW = WTT + TTW.
    ///
    /// # Units
    /// The quantity is in the row's own unit; the result in kg CO2e.
    #[must_use]
    pub fn emissions(&self, quantity: FuelQuantity) -> Emissions {
        let (wtt, ttw) = (quantity.0 * self.wtt, quantity.0 * self.ttw);
        Emissions { wtw: KgCo2e::computed(wtt + ttw), wtt: KgCo2e::computed(wtt), ttw: KgCo2e::computed(ttw) }
    }
}

impl ElectricityRow {
    /// Emissions of electricity = energy x grid factor. All of it is energy provision (ISO 14083:2023, annex J): WTW = WTT.
    ///
    /// # Units
    /// The result is in kg CO2e.
    #[must_use]
    pub fn emissions(&self, energy: KilowattHours) -> Emissions {
        let kg = KgCo2e::computed(energy.get() * self.total);
        Emissions { wtw: kg, wtt: kg, ttw: KgCo2e::ZERO }
    }

    /// The part of those emissions that the power plants emit, which greenhouse gas accounts call scope 2: energy x
    /// generation, or all of it where the source publishes one figure for everything.
    ///
    /// # Units
    /// The result is in kg CO2e.
    #[must_use]
    pub fn generation(&self, energy: KilowattHours) -> KgCo2e {
        KgCo2e::computed(energy.get() * self.generation.unwrap_or(self.total))
    }
}

impl RefrigerantRow {
    /// Emissions of lost refrigerant = kilograms lost x GWP100 (ISO 14083:2023, annex I; GLEC v3.0 p. 101).
    ///
    /// # Units
    /// `lost` is in **kilograms** of refrigerant: charge x yearly leakage rate x years. The result is in kg CO2e and
    /// belongs to vehicle operation.
    ///
    /// # Errors
    /// [`UnitError`] if `lost` is negative, not finite, or above 1e9.
    pub fn leakage(&self, lost: f64) -> Result<Emissions, UnitError> {
        if !(0.0..=1e9).contains(&lost) {
            return Err(UnitError { quantity: "kilograms of refrigerant", value: lost, max: 1e9 });
        }
        let kg = KgCo2e::computed(lost * self.gwp100);
        Ok(Emissions { wtw: kg, wtt: KgCo2e::ZERO, ttw: kg })
    }
}
