//! How the rows for a leg are found, and what is estimated in finding them.

use super::{Factors, KnownToc, TocIndex};
use crate::facts::{Facts, containers};
use crate::pack::Served;
use crate::{
    AIR_DETOUR, AdjustmentKind, AdjustmentRow, CalculationError, CountryCode, DefaultLoadRow, DistanceBasis,
    ElectricityRow, EmptyRunning, Estimate, Estimates, FactorPack, FuelRow, FuelUnit, HubCategory, HubRow,
    HubStay, HubUnit, Intensity, IntensityBasis, IntensityRow, Leg, LegDistance, LegEmissions, LoadUnit,
    LoadUnitRow, Mode, RefrigerantRow, Region, RegionGroup, Temperature, Toc, VehicleClass,
};

impl Factors {
    /// The rows that a leg needs, and what was estimated in choosing them.
    ///
    /// # Errors
    /// [`CalculationError::NoElectricity`] if the TOC is electric and no grid factor can be found.
    pub fn facts(&self, toc: TocIndex, leg: &Leg) -> Result<Facts<'_>, CalculationError> {
        let known = self.known(toc);
        let mut estimated = Estimates::NONE;
        let (pack, toc, intensity) = self.intensity(known, leg, &mut estimated);
        let grid = match intensity.intensity {
            Intensity::Electric(_) => Some(self.grid(leg, intensity, &mut estimated)?),
            _ => None,
        };
        let takes_out = leg.empty_running == EmptyRunning::TakenOut;
        estimated.insert_if(takes_out && intensity.empty_running_pct.is_none(), Estimate::EmptyRunning);
        let hub = match leg.hub {
            Some(HubStay::Subcontracted(category)) => self.hub(category),
            _ => None,
        };
        let load_unit = leg.load.map(|load| load.unit()).filter(|unit| !unit.is_mass());
        let handled = hub.is_some() || matches!(leg.hub, Some(HubStay::Measured(_)));
        let default_load = (leg.load.is_none() && (leg.activity.is_none() || handled))
            .then(|| self.default_load(known, pack, leg.country))
            .flatten();
        Ok(Facts {
            toc,
            intensity,
            grid,
            fuel: self.split_fuel(toc, intensity, leg, &mut estimated),
            load_unit: load_unit.and_then(|unit| self.load_unit(unit)),
            default_load,
            teu: self.teu(intensity, hub, leg),
            distance: self.distance(toc, intensity, leg),
            temperature: self.temperature(toc, leg, &mut estimated),
            cleaning: self.cleaning(toc, leg, &mut estimated),
            hub,
            estimated,
        })
    }

    /// The position of the first pack that has an intensity of the TOC for the country itself, its group or the world;
    /// nothing where a leg from there would be calculated with one of some other region.
    #[must_use]
    pub fn served_by(&self, toc: TocIndex, country: Option<CountryCode>) -> Option<usize> {
        let mut in_packs = self.known(toc).in_packs.iter();
        let serves =
            |served: &[Served]| Region::ladder(country).any(|region| of_region(served, region).is_some());
        in_packs.find(|(pack, in_pack)| serves(&self.packs[*pack].served[*in_pack])).map(|(pack, _)| *pack)
    }

    /// Whether the pack that a leg from the country is calculated with also has the TOC's average load there: the load of another
    /// pack's vehicle would not belong to the intensity.
    #[must_use]
    pub fn has_default_load(&self, toc: TocIndex, country: Option<CountryCode>) -> bool {
        let (pack, in_pack, _) = self.serving(self.known(toc), country);
        closest_load(&self.packs[pack].default_loads[in_pack], country).is_some()
    }

    /// What a leg emits: [`facts`](Self::facts), then [`Facts::calculate`].
    ///
    /// # Errors
    /// [`CalculationError`] if the leg has no load, no distance, or no grid factor where it needs one.
    pub fn calculate(&self, toc: TocIndex, leg: &Leg) -> Result<LegEmissions<'_>, CalculationError> {
        self.facts(toc, leg)?.calculate(leg)
    }

    /// The position of the first pack that has an intensity of the TOC for the country itself, its group or the world, or at least
    /// somewhere; the TOC's position in it; and the rows of the closest region.
    fn serving(&self, known: &KnownToc, country: Option<CountryCode>) -> (usize, usize, &[Served]) {
        let in_packs = || {
            let served =
                |&(pack, in_pack): &(usize, usize)| (pack, in_pack, &*self.packs[pack].served[in_pack]);
            known.in_packs.iter().map(served)
        };
        let found = in_packs().find_map(|(pack, in_pack, served)| {
            let rows = Region::ladder(country).find_map(|region| of_region(served, region))?;
            Some((pack, in_pack, rows))
        });
        let anywhere = || in_packs().map(|(pack, in_pack, served)| (pack, in_pack, widest(served)));
        found
            .or_else(|| anywhere().next())
            .expect("a TOC is known from a pack, and packs refuse TOCs without intensities")
    }

    /// The intensity, the position of the pack that has it, and the TOC as that pack describes it.
    fn intensity<'p>(
        &'p self,
        known: &KnownToc,
        leg: &Leg,
        estimated: &mut Estimates,
    ) -> (usize, &'p Toc, &'p IntensityRow) {
        let (at, in_pack, rows) = self.serving(known, leg.country);
        let pack = &self.packs[at];
        let (served, band_known) = closest(rows, leg.distance.map(band_km), leg.year);
        let (toc, row) = (&pack.tocs[in_pack], &pack.intensities[served.row as usize]);

        estimated
            .insert_if(!is_exact_region(leg.country, served.region, toc.mode, row), Estimate::FactorRegion);
        estimated.insert_if(served.year != leg.year, Estimate::FactorYear);
        estimated.insert_if(!row.derived.is_empty(), Estimate::FactorDerived);
        estimated.insert_if(!band_known, Estimate::DistanceBand);
        (at, toc, row)
    }

    /// The grid of the leg's country, its group or the world, in whichever pack; else that of the place which the
    /// intensity describes.
    fn grid(
        &self,
        leg: &Leg,
        intensity: &IntensityRow,
        estimated: &mut Estimates,
    ) -> Result<&ElectricityRow, CalculationError> {
        let in_region = |region: Region| self.grid_of(region, leg.year);
        let described = || Region::of_location(&intensity.location).and_then(in_region);
        let grid = Region::ladder(leg.country).find_map(in_region).or_else(described);
        let grid = grid.ok_or(CalculationError::NoElectricity { country: leg.country })?;
        let exact = grid.year == leg.year && leg.country.map(Region::Country) == Some(grid.region);
        estimated.insert_if(!exact, Estimate::GridFactor);
        Ok(grid)
    }

    /// The grid factor of a country: its own, its group's or the world's, in whichever pack; of the year, the nearest earlier,
    /// or the earliest.
    #[must_use]
    pub fn electricity(&self, country: CountryCode, year: u16) -> Option<&ElectricityRow> {
        Region::ladder(Some(country)).find_map(|region| self.grid_of(region, year))
    }

    fn grid_of(&self, region: Region, year: u16) -> Option<&ElectricityRow> {
        self.packs.iter().find_map(|pack| {
            let start = pack.electricity.partition_point(|grid| grid.region < region);
            let mut of_region = pack.electricity[start..].iter().take_while(|grid| grid.region == region);
            let earliest = of_region.next()?;
            Some(of_region.take_while(|grid| grid.year <= year).last().unwrap_or(earliest))
        })
    }

    /// The fuel whose WTT share divides an intensity that is published well-to-wheel only.
    fn split_fuel(
        &self,
        toc: &Toc,
        intensity: &IntensityRow,
        leg: &Leg,
        estimated: &mut Estimates,
    ) -> Option<&FuelRow> {
        let (Intensity::PerTonneKm(split) | Intensity::PerTeuKm(split)) = intensity.intensity else {
            return None;
        };
        if split.parts.is_some() || toc.is_electric() {
            return None;
        }
        let units = [FuelUnit::L, FuelUnit::Kg, FuelUnit::KWh, FuelUnit::Mj];
        let mut in_units =
            units.into_iter().filter_map(|unit| self.fuel(&toc.fuel, unit, leg.country, leg.year));
        let fuel = in_units.next();
        estimated.insert_if(fuel.is_some(), Estimate::WttTtwSplit);
        fuel
    }

    /// A fuel's factor: the country's own, its group's, the world's, or any region's; of the year, the nearest earlier,
    /// or the earliest.
    #[must_use]
    pub fn fuel(
        &self,
        fuel: &str,
        unit: FuelUnit,
        country: Option<CountryCode>,
        year: u16,
    ) -> Option<&FuelRow> {
        let in_region = |region: Option<Region>| self.fuel_in(fuel, region, unit, year);
        Region::ladder(country).map(Some).chain([None]).find_map(in_region)
    }

    /// The factor of a fuel as it is sold in one region: of the year, the nearest earlier, or the earliest.
    #[must_use]
    pub fn fuel_of(&self, fuel: &str, region: Region, unit: FuelUnit, year: u16) -> Option<&FuelRow> {
        self.fuel_in(fuel, Some(region), unit, year)
    }

    fn fuel_in(&self, fuel: &str, region: Option<Region>, unit: FuelUnit, year: u16) -> Option<&FuelRow> {
        self.packs.iter().find_map(|pack| {
            let rows = of_fuel(pack, fuel);
            let fits = |row: &&FuelRow| row.unit == unit && region.is_none_or(|region| row.region == region);
            let before = rows.iter().filter(fits).filter(|row| row.year <= year).max_by_key(|row| row.year);
            before.or_else(|| rows.iter().filter(fits).min_by_key(|row| row.year))
        })
    }

    /// Every fuel row of every pack, in the packs' order.
    pub fn fuels(&self) -> impl Iterator<Item = &FuelRow> {
        self.packs.iter().flat_map(|pack| &pack.fuels)
    }

    /// The default intensity of a kind of hub.
    #[must_use]
    pub fn hub(&self, category: HubCategory) -> Option<&HubRow> {
        self.packs.iter().flat_map(|pack| &pack.hubs).find(|row| row.category == category)
    }

    /// A refrigerant's global warming potential; the case of the name's letters does not matter.
    #[must_use]
    pub fn refrigerant(&self, name: &str) -> Option<&RefrigerantRow> {
        let mut rows = self.packs.iter().flat_map(|pack| &pack.refrigerants);
        rows.find(|row| row.refrigerant.eq_ignore_ascii_case(name))
    }

    /// The mass of a unit of load: the operator's own for a pallet, where it was set.
    #[must_use]
    pub fn load_unit(&self, unit: LoadUnit) -> Option<&LoadUnitRow> {
        let own = self.pallet.as_ref().filter(|pallet| pallet.unit == unit);
        own.or_else(|| self.packs.iter().flat_map(|pack| &pack.load_units).find(|row| row.unit == unit))
    }

    /// The adjustment of that kind for a mode and class: the class's own, or the mode's.
    #[must_use]
    pub fn adjustment(&self, kind: AdjustmentKind, mode: Mode, class: &str) -> Option<&AdjustmentRow> {
        self.packs.iter().find_map(|pack| pack.adjustment(kind, mode, class))
    }

    /// The average load for the country itself, its group or the world: of the pack that the intensity is from, else of the first
    /// that has one; or else the first that any pack has.
    pub(super) fn default_load(
        &self,
        known: &KnownToc,
        pack: usize,
        country: Option<CountryCode>,
    ) -> Option<&DefaultLoadRow> {
        let loads = |&(pack, in_pack): &(usize, usize)| &*self.packs[pack].default_loads[in_pack];
        let own = known.in_packs.iter().filter(|(at, _)| *at == pack);
        let own_first = || own.clone().chain(&known.in_packs).map(loads);
        let closest = own_first().find_map(|loads| closest_load(loads, country));
        closest.or_else(|| own_first().find_map(|loads| loads.first().map(|(_, load)| load)))
    }

    fn teu(&self, intensity: &IntensityRow, hub: Option<&HubRow>, leg: &Leg) -> Option<&LoadUnitRow> {
        let per_teu = matches!(intensity.intensity, Intensity::PerTeuKm(_));
        let counted = hub.is_some_and(|hub| hub.unit == HubUnit::Container) && containers(leg).is_none();
        (per_teu || counted).then(|| self.load_unit(LoadUnit::Teu)).flatten()
    }

    /// The mode's distance adjustment factor, where a shortest feasible distance meets an intensity made from actual ones.
    fn distance(&self, toc: &Toc, intensity: &IntensityRow, leg: &Leg) -> Option<&AdjustmentRow> {
        let shortest = leg.distance.is_some_and(|distance| distance.basis == DistanceBasis::ShortestFeasible);
        let adjusted = shortest && leg.activity.is_none() && intensity.basis == IntensityBasis::Actual;
        adjusted.then(|| self.adjustment(AdjustmentKind::Distance, toc.mode, "")).flatten()
    }

    fn temperature(&self, toc: &Toc, leg: &Leg, estimated: &mut Estimates) -> Option<&AdjustmentRow> {
        if (leg.temperature, toc.temperature) != (Temperature::Controlled, Temperature::Ambient) {
            return None;
        }
        let class = match toc.class {
            VehicleClass::Van => "van",
            VehicleClass::Truck => "truck",
            VehicleClass::Other => "other",
        };
        let uplift = self.adjustment(AdjustmentKind::Temperature, toc.mode, class);
        estimated.insert_if(uplift.is_none(), Estimate::Temperature);
        uplift
    }

    /// The figure for tanks, which is the only one published, serves every vehicle.
    fn cleaning(&self, toc: &Toc, leg: &Leg, estimated: &mut Estimates) -> Option<&AdjustmentRow> {
        if leg.cleanings == 0 {
            return None;
        }
        let is_tank = toc.vehicle.contains("tank") || toc.kind.contains("tank");
        let class = if is_tank { "tank" } else { "other" };
        let own = self.adjustment(AdjustmentKind::Cleaning, toc.mode, class);
        estimated.insert_if(own.is_none(), Estimate::Cleaning);
        own.or_else(|| {
            let mut adjustments = self.packs.iter().flat_map(|pack| &pack.adjustments);
            adjustments.find(|row| row.kind == AdjustmentKind::Cleaning)
        })
    }
}

/// Whether a row describes the leg's own region: its country, the world where no country is asked for, or the world for
/// ships and aircraft, whose intensities are published for the world only.
fn is_exact_region(country: Option<CountryCode>, served: Region, mode: Mode, row: &IntensityRow) -> bool {
    let location = &*row.location;
    match (country, served) {
        (Some(country), served) if location.split('+').any(|part| part == country.as_str()) => {
            // As locations, these two are continents, unless the row serves the country by its code.
            served == Region::Country(country) || !matches!(country.as_str(), "SA" | "NA")
        }
        (Some(_), Region::Global) => location == "GLO" && matches!(mode, Mode::Sea | Mode::Air),
        (None, Region::Global) => location == "GLO",
        _ => false,
    }
}

/// The average load for the country itself, its group or the world.
fn closest_load(loads: &[(Region, DefaultLoadRow)], country: Option<CountryCode>) -> Option<&DefaultLoadRow> {
    let of_region = |region: Region| loads.iter().find(|(of, _)| *of == region);
    Region::ladder(country).find_map(of_region).map(|(_, load)| load)
}

fn of_fuel<'p>(pack: &'p FactorPack, fuel: &str) -> &'p [FuelRow] {
    let start = pack.fuels.partition_point(|row| &*row.fuel < fuel);
    let end = pack.fuels.partition_point(|row| &*row.fuel <= fuel);
    &pack.fuels[start..end]
}

/// The part of a TOC's rows that serves one region, if there is any.
fn of_region(served: &[Served], region: Region) -> Option<&[Served]> {
    let rest = &served[served.partition_point(|served| served.region < region)..];
    let rows = &rest[..rest.partition_point(|served| served.region == region)];
    (!rows.is_empty()).then_some(rows)
}

/// The rows of the widest region that there is: the world, a group in the order of [`RegionGroup`], or a country.
fn widest(served: &[Served]) -> &[Served] {
    let groups = RegionGroup::ALL.map(Region::Group);
    let rows = [Region::Global].into_iter().chain(groups).find_map(|region| of_region(served, region));
    let first = || of_region(served, served.first()?.region);
    rows.or_else(first).unwrap_or(served)
}

/// A distance as distance bands count it: those of flights are drawn in great circles, which do not contain the 95 km.
fn band_km(distance: LegDistance) -> f64 {
    let km = distance.km.get();
    match distance.basis {
        DistanceBasis::GreatCirclePlus95 => (km - AIR_DETOUR.get()).max(0.0),
        _ => km,
    }
}

/// The row for a distance and a year, and whether its distance band is the right one for certain.
///
/// Among the rows that hold for the distance: of the year itself, the nearest earlier one, or the earliest. Without a
/// distance, the longest band. For a distance that no band holds, the band that is nearest to it.
fn closest(rows: &[Served], km: Option<f64>, year: u16) -> (&Served, bool) {
    let fits = |served: &&Served| km.is_none_or(|km| served.holds_for(km));
    if let Some(served) = nearest_year(rows, year, fits) {
        return (served, km.is_some() || !served.is_banded());
    }
    let off = |served: &Served| km.map_or(0.0, |km| (served.min_km - km).max(km - served.max_km));
    let least = rows.iter().map(off).fold(f64::INFINITY, f64::min);
    let nearest = nearest_year(rows, year, |served| off(served) <= least);
    (nearest.unwrap_or(&rows[0]), false)
}

/// Rows are ordered by year and band: the last that fits of the year or before it, or the last of the earliest year.
fn nearest_year<'s>(rows: &'s [Served], year: u16, fits: impl Fn(&&'s Served) -> bool) -> Option<&'s Served> {
    let until = rows.partition_point(|served| served.year <= year);
    rows[..until].iter().rev().find(|served| fits(served)).or_else(|| {
        let earliest = rows[until..].iter().find(|served| fits(served))?.year;
        rows[until..].iter().rev().find(|served| served.year == earliest && fits(served))
    })
}
