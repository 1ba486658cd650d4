//! The rows that one calculation uses, and the calculation itself.

use serde::Serialize;

use crate::emissions::Parts;
use crate::{
    AIR_DETOUR, AdjustmentRow, CountryCode, DefaultLoadRow, DistanceBasis, ElectricityRow, Emissions,
    EmptyRunning, Estimate, Estimates, FuelRow, HubRow, HubStay, HubUnit, Intensity, IntensityBasis,
    IntensityRow, Leg, LegDistance, LegEmissions, Load, LoadUnit, LoadUnitRow, Mode, Split, Toc,
    TonneKilometres, Tonnes,
};

/// Why a leg has no result.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalculationError {
    /// No load was given and none is published for the TOC.
    #[error("no load is given, and no average load is published for `{toc}`; give `load` or `tkm`")]
    NoLoad {
        /// The TOC's id.
        toc: String,
    },
    /// No distance was given or found.
    #[error("no distance is given; give `distance_km`, `tkm`, or both addresses")]
    NoDistance,
    /// The TOC is electric and no grid factor was found.
    #[error(
        "no grid factor is known for {}; name another `origin_country`",
        country.map_or_else(|| "the world".to_owned(), |country| country.to_string())
    )]
    NoElectricity {
        /// The leg's country.
        country: Option<CountryCode>,
    },
    /// No pack in force says what a unit of load weighs.
    #[error("no factor pack in force has the mass of one `{}`; give the load in `kg` or `ton`", unit.as_str())]
    NoUnitMass {
        /// The unit.
        unit: LoadUnit,
    },
}

/// The rows that a leg's calculation uses; with the [`Leg`] they determine its result to the last bit.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Facts<'p> {
    /// The transport operation category.
    pub toc: &'p Toc,
    /// Its intensity.
    pub intensity: &'p IntensityRow,
    /// The grid, for electric vehicles.
    pub grid: Option<&'p ElectricityRow>,
    /// The fuel whose WTT share divides an intensity published well-to-wheel only.
    pub fuel: Option<&'p FuelRow>,
    /// The mass of the load's unit, where it needs one.
    pub load_unit: Option<&'p LoadUnitRow>,
    /// The vehicle's average load, where no load was given.
    pub default_load: Option<&'p DefaultLoadRow>,
    /// The mass of a TEU, where intensities per TEU or container need it.
    pub teu: Option<&'p LoadUnitRow>,
    /// The mode's distance adjustment factor, where the leg's distance needs it.
    pub distance: Option<&'p AdjustmentRow>,
    /// The uplift for temperature control, where the leg wants it and the intensity lacks it.
    pub temperature: Option<&'p AdjustmentRow>,
    /// What one cleaning emits.
    pub cleaning: Option<&'p AdjustmentRow>,
    /// What the hub emits.
    pub hub: Option<&'p HubRow>,
    /// What was estimated in choosing the rows.
    pub estimated: Estimates,
}

/// How a leg's distance becomes the one that the intensity wants.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum DistanceAdjustment<'p> {
    /// It is that one already.
    None,
    /// Shortest feasible distance x the mode's factor.
    Factor(&'p AdjustmentRow),
    /// Great circle + [`AIR_DETOUR`].
    AddDetour,
    /// Great circle and 95 km - [`AIR_DETOUR`].
    TakeDetour,
}

/// Where the part of energy provision in an intensity comes from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Provision<'p> {
    /// The source publishes it.
    Published(f64),
    /// The source publishes both parts, but their printed digits do not add up: they give the proportion.
    Printed { wtt: f64, ttw: f64 },
    /// The source publishes well-to-wheel only: the fuel's own parts give the proportion.
    Fuel(&'p FuelRow),
    /// It is electricity: all of it.
    Electricity,
    /// Nothing says.
    Unknown,
}

impl<'p> Facts<'p> {
    /// What a leg emits (ISO 14083:2023, clauses 6 to 12; GLEC v3.0 section 3).
    ///
    /// - Transport activity = mass x distance, adjusted to the basis that the intensity wants; or as the leg states it.
    /// - Transport emissions = transport activity x emission intensity.
    /// - Hub emissions = handled x hub intensity, an own hub's or the default of its kind; or the leg's share as stated.
    /// - Cleaning = cleanings x emissions per cleaning.
    ///
    /// Nothing is rounded between the steps.
    ///
    /// # Errors
    /// [`CalculationError`] if a load, a distance, a grid factor or the mass of a unit is needed and neither given nor
    /// among the facts.
    pub fn calculate(&self, leg: &Leg) -> Result<LegEmissions<'p>, CalculationError> {
        let mut estimated = self.estimated;
        let mass = self.mass(leg, &mut estimated)?;
        let (activity, adjusted_activity, adjusted_km) = match leg.activity {
            Some(activity) => (activity, activity, None),
            None => {
                let mass = mass.ok_or_else(|| self.no_load())?;
                let distance = leg.distance.ok_or(CalculationError::NoDistance)?;
                let km = self.adjusted_km(distance);
                (mass * distance.km, TonneKilometres::computed(mass.get() * km), Some(km))
            }
        };
        let intensity = self.intensity_per_tonne_km(leg)?;
        Ok(LegEmissions {
            facts: *self,
            mass,
            adjusted_km,
            activity,
            adjusted_activity,
            intensity: intensity.emissions(),
            transport: intensity.times(adjusted_activity.get()).emissions(),
            hub: self.hub_emissions(leg, mass, &mut estimated)?,
            cleaning: Emissions::whole(f64::from(leg.cleanings) * self.cleaning.map_or(0.0, |row| row.value)),
            estimated,
        })
    }

    fn no_load(&self) -> CalculationError {
        CalculationError::NoLoad { toc: self.toc.id.to_string() }
    }

    /// Whether the result depends on the mass: a stated activity takes its place, except in a hub.
    pub(crate) fn needs_mass(&self, leg: &Leg) -> bool {
        leg.activity.is_none() || self.hub.is_some() || matches!(leg.hub, Some(HubStay::Measured(_)))
    }

    /// Mass = load x tonnes per unit x load factor, or the vehicle's average load x load factor.
    fn mass(&self, leg: &Leg, estimated: &mut Estimates) -> Result<Option<Tonnes>, CalculationError> {
        let needed = self.needs_mass(leg);
        let tonnes = match leg.load {
            Some(load) => self.tonnes(load).map(Some),
            None if needed => Ok(self.default_load.map(|row| row.tonnes)),
            None => Ok(None),
        };
        let tonnes = if needed {
            estimated.insert_if(leg.load.is_none(), Estimate::Load);
            estimated.insert_if(leg.load.is_some_and(|load| !load.unit().is_mass()), Estimate::LoadUnit);
            tonnes?
        } else {
            tonnes.unwrap_or_default()
        };
        Ok(tonnes.map(|tonnes| Tonnes::computed(tonnes * leg.load_factor.get())))
    }

    fn tonnes(&self, load: Load) -> Result<f64, CalculationError> {
        match load.unit() {
            LoadUnit::Kg => Ok(load.amount() / 1000.0),
            LoadUnit::Ton => Ok(load.amount()),
            unit => {
                let row = self.load_unit.ok_or(CalculationError::NoUnitMass { unit })?;
                Ok(load.amount() * row.tonnes)
            }
        }
    }

    /// The distance on the basis that the intensity wants.
    fn adjusted_km(&self, distance: LegDistance) -> f64 {
        let km = distance.km.get();
        match self.distance_adjustment(distance) {
            DistanceAdjustment::None => km,
            DistanceAdjustment::Factor(row) => km * row.value,
            DistanceAdjustment::AddDetour => km + AIR_DETOUR.get(),
            DistanceAdjustment::TakeDetour => (km - AIR_DETOUR.get()).max(0.0),
        }
    }

    /// A shortest feasible distance takes the mode's distance adjustment factor where the intensity was made from actual
    /// kilometres (GLEC v3.0 p. 143); a flight's great circle takes or loses the 95 km of its detours (p. 115). All else
    /// is used as it is.
    pub(crate) fn distance_adjustment(&self, distance: LegDistance) -> DistanceAdjustment<'p> {
        use {DistanceBasis as Given, IntensityBasis as Wanted};
        let flight = self.toc.mode == Mode::Air && distance.km.get() > 0.0;
        match (self.intensity.basis, distance.basis) {
            (Wanted::Actual, Given::ShortestFeasible) => {
                self.distance.map_or(DistanceAdjustment::None, DistanceAdjustment::Factor)
            }
            (Wanted::Actual | Wanted::GreatCirclePlus95, Given::GreatCircle) if flight => {
                DistanceAdjustment::AddDetour
            }
            (Wanted::GreatCircle, Given::GreatCirclePlus95) if flight => DistanceAdjustment::TakeDetour,
            _ => DistanceAdjustment::None,
        }
    }

    /// The intensity in kg CO2e per tonne-kilometre, without empty running where the leg wants that, and uplifted for
    /// temperature control where the leg wants it (GLEC v3.0 p. 94).
    fn intensity_per_tonne_km(&self, leg: &Leg) -> Result<Parts, CalculationError> {
        let base = self.base_intensity(leg)?;
        let ambient = self.empty_running_out(leg).map_or(base, |percent| base.times(laden_share(percent)));
        Ok(self.temperature.map_or(ambient, |row| ambient.times(row.value)))
    }

    /// The empty running to take out of the intensity, in per cent of all kilometres: where the leg wants that and the
    /// source publishes it.
    pub(crate) fn empty_running_out(&self, leg: &Leg) -> Option<f64> {
        self.intensity.empty_running_pct.filter(|_| leg.empty_running == EmptyRunning::TakenOut)
    }

    /// The intensity in kg CO2e per tonne-kilometre before any uplift: as published, per TEU-km / tonnes per TEU, or
    /// kWh per tonne-kilometre x grid factor.
    pub(crate) fn base_intensity(&self, leg: &Leg) -> Result<Parts, CalculationError> {
        let wtw = match self.intensity.intensity {
            Intensity::PerTonneKm(split) => split.wtw,
            Intensity::PerTeuKm(split) => split.wtw / self.tonnes_per_teu()?,
            Intensity::Electric(kwh) => {
                let grid = self.grid.ok_or(CalculationError::NoElectricity { country: leg.country })?;
                kwh * grid.total
            }
        };
        let wtt = match self.provision() {
            Provision::Published(wtt) => Some(wtt),
            Provision::Printed { wtt, ttw } => Some(wtw * (wtt / (wtt + ttw))),
            Provision::Fuel(fuel) => Some(wtw * (fuel.wtt / (fuel.wtt + fuel.ttw))),
            Provision::Electricity => Some(wtw),
            Provision::Unknown => None,
        };
        Ok(Parts { wtw, wtt })
    }

    /// Where the WTT part of the intensity comes from.
    pub(crate) fn provision(&self) -> Provision<'p> {
        match self.intensity.intensity {
            Intensity::Electric(_) => Provision::Electricity,
            Intensity::PerTonneKm(Split { wtw, parts: Some((wtt, ttw)) })
                if wtt <= wtw && (wtt + ttw - wtw).abs() <= 4.0 * f64::EPSILON * wtw =>
            {
                Provision::Published(wtt)
            }
            Intensity::PerTonneKm(split) | Intensity::PerTeuKm(split) => match split.parts {
                Some((wtt, ttw)) if wtt + ttw > 0.0 => Provision::Printed { wtt, ttw },
                Some(_) => Provision::Unknown,
                None if self.toc.is_electric() => Provision::Electricity,
                None => match self.fuel {
                    Some(fuel) if fuel.wtw() > 0.0 => Provision::Fuel(fuel),
                    _ => Provision::Unknown,
                },
            },
        }
    }

    pub(crate) fn tonnes_per_teu(&self) -> Result<f64, CalculationError> {
        let teu = self.teu.map(|row| row.tonnes).filter(|tonnes| *tonnes > 0.0);
        teu.ok_or(CalculationError::NoUnitMass { unit: LoadUnit::Teu })
    }

    /// Hub emissions = handled x hub intensity (ISO 14083:2023, clause 9; GLEC v3.0 p. 87), in kg CO2e.
    fn hub_emissions(
        &self,
        leg: &Leg,
        mass: Option<Tonnes>,
        estimated: &mut Estimates,
    ) -> Result<Emissions, CalculationError> {
        match (leg.hub, self.hub) {
            (None, _) => Ok(Emissions::default()),
            (Some(HubStay::Owned(share)), _) => Ok(Emissions::whole(share.get())),
            (Some(HubStay::Measured(intensity)), _) => {
                let mass = mass.ok_or_else(|| self.no_load())?;
                Ok(Emissions::whole(mass.get() * intensity.get()))
            }
            (Some(HubStay::Subcontracted(_)), row) => {
                estimated.insert(Estimate::Hub);
                let Some(row) = row else { return Ok(Emissions::default()) };
                let handled = match row.unit {
                    HubUnit::Tonne => mass.ok_or_else(|| self.no_load())?.get(),
                    HubUnit::Container => match containers(leg) {
                        Some(load) => load.amount() * leg.load_factor.get(),
                        None => mass.ok_or_else(|| self.no_load())?.get() / self.tonnes_per_teu()?,
                    },
                };
                Ok(Emissions::whole(handled * row.wtw))
            }
        }
    }
}

/// The share of a vehicle's kilometres that are laden, where `percent` of them are empty.
pub(crate) fn laden_share(percent: f64) -> f64 {
    (100.0 - percent) / 100.0
}

/// The load, where it is a number of containers: one TEU or FEU is one of them.
pub(crate) fn containers(leg: &Leg) -> Option<Load> {
    leg.load.filter(|load| matches!(load.unit(), LoadUnit::Teu | LoadUnit::Feu))
}
