//! The rows that one calculation uses, and the calculation itself.

use serde::{Deserialize, Serialize};

use crate::{
    AIR_DETOUR, AdjustmentRow, CountryCode, DefaultLoadRow, DistanceBasis, ElectricityRow, Estimate,
    Estimates, FuelRow, HubRow, HubStay, HubUnit, Intensity, IntensityBasis, IntensityRow, KgCo2e, Leg,
    LegDistance, LoadUnit, LoadUnitRow, Split, Toc, TonneKilometres, Tonnes,
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

/// Emissions in kg CO2e, with their two parts.
///
/// `wtt + ttw` is `wtw`, except for what is published well-to-wheel only: that part is in `wtw` alone.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Emissions {
    /// Well to wheel: all of it.
    pub wtw: KgCo2e,
    /// Well to tank: energy provision.
    pub wtt: KgCo2e,
    /// Tank to wheel: vehicle operation.
    pub ttw: KgCo2e,
}

impl Emissions {
    fn whole(wtw: f64) -> Self {
        Self { wtw: KgCo2e::computed(wtw), ..Self::default() }
    }
}

impl std::ops::Add for Emissions {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { wtw: self.wtw + other.wtw, wtt: self.wtt + other.wtt, ttw: self.ttw + other.ttw }
    }
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
    /// The mode's distance adjustment factor.
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

/// What a leg emits, and how that came about.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct LegEmissions<'p> {
    /// The rows used.
    pub facts: Facts<'p>,
    /// The mass carried, after load factor; nothing where only the activity was given.
    pub mass: Option<Tonnes>,
    /// The distance that the intensity was multiplied with, in kilometres, after adjustment.
    pub adjusted_km: Option<f64>,
    /// Transport activity: mass x distance before adjustment, or as given.
    pub activity: TonneKilometres,
    /// The activity that the intensity was multiplied with, in tonne-kilometres.
    pub adjusted_activity: TonneKilometres,
    /// The intensity used, in kg CO2e per tonne-kilometre.
    pub intensity: Emissions,
    /// What the transport emits.
    pub transport: Emissions,
    /// What the hub emits for the load.
    pub hub: Emissions,
    /// What cleaning emits.
    pub cleaning: Emissions,
    /// Everything that was estimated.
    pub estimated: Estimates,
}

impl LegEmissions<'_> {
    /// Transport, hub and cleaning together.
    #[must_use]
    pub fn total(&self) -> Emissions {
        self.transport + self.hub + self.cleaning
    }

    /// Emissions per transport activity, in kg CO2e per tonne-kilometre; nothing for no activity.
    #[must_use]
    pub fn emission_intensity(&self) -> Option<f64> {
        (self.activity.get() > 0.0).then(|| self.total().wtw.get() / self.activity.get())
    }
}

impl<'p> Facts<'p> {
    /// What a leg emits (ISO 14083:2023, clauses 6 to 12; GLEC v3.0 section 3).
    ///
    /// Transport: activity x intensity, where activity is mass x distance (adjusted to the basis that the intensity
    /// wants) or what the leg states. Hub: intensity x mass, or the leg's share of an own hub. Cleaning: per operation.
    ///
    /// # Errors
    /// [`CalculationError::NoLoad`] or [`CalculationError::NoDistance`] if one is needed and neither given nor known.
    pub fn calculate(&self, leg: &Leg) -> Result<LegEmissions<'p>, CalculationError> {
        let mut estimated = self.estimated;
        let mass = self.mass(leg, &mut estimated)?;
        let (activity, adjusted_activity, adjusted_km) = match leg.activity {
            Some(activity) => (activity, activity, None),
            None => {
                let mass = mass.ok_or_else(|| CalculationError::NoLoad { toc: self.toc.id.to_string() })?;
                let distance = leg.distance.ok_or(CalculationError::NoDistance)?;
                let km = self.adjusted_km(distance);
                (mass * distance.km, TonneKilometres::computed(mass.get() * km), Some(km))
            }
        };
        let intensity = self.intensity_per_tonne_km(leg)?;
        let wtw = adjusted_activity.get() * intensity.wtw.get();
        let wtt = adjusted_activity.get() * intensity.wtt.get();
        let split = intensity.wtt.get() + intensity.ttw.get() > 0.0;
        let transport = Emissions {
            wtw: KgCo2e::computed(wtw),
            wtt: KgCo2e::computed(wtt),
            ttw: KgCo2e::computed(if split { wtw - wtt } else { 0.0 }),
        };
        let hub = self.hub_emissions(leg, mass, &mut estimated)?;
        let per_cleaning = self.cleaning.map_or(0.0, |row| row.value);
        let cleaning = Emissions::whole(f64::from(leg.cleanings) * per_cleaning);
        Ok(LegEmissions {
            facts: *self,
            mass,
            adjusted_km,
            activity,
            adjusted_activity,
            intensity,
            transport,
            hub,
            cleaning,
            estimated,
        })
    }

    /// load x tonnes per unit x load factor, or the vehicle's average load x load factor.
    fn mass(&self, leg: &Leg, estimated: &mut Estimates) -> Result<Option<Tonnes>, CalculationError> {
        let tonnes = match leg.load {
            Some(load) => match load.unit() {
                LoadUnit::Kg => load.amount() / 1000.0,
                LoadUnit::Ton => load.amount(),
                unit => {
                    estimated.insert(Estimate::LoadUnit);
                    let row = self.load_unit.ok_or(CalculationError::NoUnitMass { unit })?;
                    load.amount() * row.tonnes
                }
            },
            None if leg.activity.is_some() => return Ok(None),
            None => {
                estimated.insert(Estimate::Load);
                let Some(row) = self.default_load else { return Ok(None) };
                row.tonnes
            }
        };
        Ok(Some(Tonnes::computed(tonnes * leg.load_factor.get())))
    }

    /// The distance on the basis that the intensity wants.
    ///
    /// A shortest feasible distance takes the mode's distance adjustment factor where the intensity was made from actual
    /// kilometres; a great circle takes or loses the 95 km of a flight. All else is used as it is.
    fn adjusted_km(&self, distance: LegDistance) -> f64 {
        let km = distance.km.get();
        let detour = AIR_DETOUR.get();
        match (self.intensity.basis, distance.basis) {
            (IntensityBasis::Actual, DistanceBasis::ShortestFeasible) => {
                km * self.distance.map_or(1.0, |row| row.value)
            }
            (IntensityBasis::Actual | IntensityBasis::GreatCirclePlus95, DistanceBasis::GreatCircle)
                if km > 0.0 =>
            {
                km + detour
            }
            (IntensityBasis::GreatCircle, DistanceBasis::GreatCirclePlus95) => (km - detour).max(0.0),
            _ => km,
        }
    }

    /// The intensity in kg CO2e per tonne-kilometre, uplifted for temperature control where the leg wants it.
    fn intensity_per_tonne_km(&self, leg: &Leg) -> Result<Emissions, CalculationError> {
        let uplift = self.temperature.map_or(1.0, |row| row.value);
        let (wtw, wtt) = match self.intensity.intensity {
            Intensity::PerTonneKm(split) => self.parts(split),
            Intensity::PerTeuKm(split) => {
                let tonnes = self.tonnes_per_teu()?;
                let (wtw, wtt) = self.parts(split);
                (wtw / tonnes, wtt.map(|wtt| wtt / tonnes))
            }
            Intensity::Electric(kwh) => {
                let grid = self.grid.ok_or(CalculationError::NoElectricity { country: leg.country })?;
                (kwh * grid.total, Some(kwh * grid.total))
            }
        };
        let wtw = wtw * uplift;
        let (wtt, ttw) = wtt.map_or((0.0, 0.0), |wtt| (wtt * uplift, wtw - wtt * uplift));
        Ok(Emissions { wtw: KgCo2e::computed(wtw), wtt: KgCo2e::computed(wtt), ttw: KgCo2e::computed(ttw) })
    }

    /// WTW as published, and its WTT part: as published, in the published proportion where the printed digits do not
    /// quite add up, by the fuel's own share where only WTW is published, or nothing.
    fn parts(&self, split: Split) -> (f64, Option<f64>) {
        let share = match (split.parts, self.fuel) {
            (Some((wtt, ttw)), _) if wtt + ttw == split.wtw => return (split.wtw, Some(wtt)),
            (Some((wtt, ttw)), _) if wtt + ttw > 0.0 => Some(wtt / (wtt + ttw)),
            (Some(_), _) => None,
            (None, Some(fuel)) if fuel.wtw() > 0.0 => Some(fuel.wtt / fuel.wtw()),
            (None, _) => None,
        };
        (split.wtw, share.map(|share| split.wtw * share))
    }

    fn tonnes_per_teu(&self) -> Result<f64, CalculationError> {
        let teu = self.teu.map(|row| row.tonnes).filter(|tonnes| *tonnes > 0.0);
        teu.ok_or(CalculationError::NoUnitMass { unit: LoadUnit::Teu })
    }

    fn hub_emissions(
        &self,
        leg: &Leg,
        mass: Option<Tonnes>,
        estimated: &mut Estimates,
    ) -> Result<Emissions, CalculationError> {
        let (Some(HubStay::Subcontracted(_)), Some(row)) = (leg.hub, self.hub) else {
            return Ok(match leg.hub {
                Some(HubStay::Owned(share)) => Emissions::whole(share.get()),
                _ => Emissions::default(),
            });
        };
        estimated.insert(Estimate::Hub);
        let mass = mass.ok_or_else(|| CalculationError::NoLoad { toc: self.toc.id.to_string() })?.get();
        let handled = match (row.unit, leg.load) {
            (HubUnit::Tonne, _) => mass,
            (HubUnit::Container, Some(load)) if matches!(load.unit(), LoadUnit::Teu | LoadUnit::Feu) => {
                load.amount() * leg.load_factor.get()
            }
            (HubUnit::Container, _) => mass / self.tonnes_per_teu()?,
        };
        Ok(Emissions::whole(handled * row.wtw))
    }
}
