//! The factors in force: packs in their order of precedence, and how the rows for a leg are found in them.

use std::collections::HashMap;
use std::sync::Arc;

use crate::facts::Facts;
use crate::pack::Served;
use crate::{
    AdjustmentKind, AdjustmentRow, CalculationError, Citation, CountryCode, DefaultLoadRow, ElectricityRow,
    Estimate, Estimates, FactorPack, FuelRow, FuelUnit, HubCategory, HubRow, HubStay, Intensity,
    IntensityRow, Kilograms, Leg, LegEmissions, LoadUnit, LoadUnitRow, Mode, PackIdentity, RefrigerantRow,
    Region, Source, Temperature, Toc, VehicleClass,
};

/// A transport operation category of one [`Factors`], by its position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TocIndex(u32);

/// Packs that contradict each other.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the factor packs `{first}` and `{second}` describe the TOC `{toc}` differently: mode, class, fuel and temperature must agree"
)]
pub struct PackConflict {
    /// The TOC.
    pub toc: String,
    /// The pack that comes first.
    pub first: String,
    /// The pack that contradicts it.
    pub second: String,
}

/// Factor packs in their order of precedence.
///
/// A row is taken from the first pack that has one for the TOC in the country itself, its group or the world; within a
/// pack the closest region wins, then the year itself, the nearest earlier one, or the earliest.
#[derive(Debug, Clone)]
pub struct Factors {
    packs: Vec<Arc<FactorPack>>,
    tocs: Vec<KnownToc>,
    names: HashMap<Box<str>, TocIndex>,
    aliases: Vec<(Box<str>, TocIndex)>,
    pallet: Option<LoadUnitRow>,
}

#[derive(Debug, Clone)]
struct KnownToc {
    toc: Toc,
    /// The packs that have it, in order, each with its position there.
    in_packs: Vec<(usize, usize)>,
}

/// A TOC's newest intensity for one location, for lists.
#[derive(Debug, Clone, Copy)]
pub struct ListedToc<'p> {
    /// The id under which it is listed: the TOC's own, or an alias.
    pub id: &'p str,
    /// The TOC.
    pub toc: &'p Toc,
    /// The newest row.
    pub intensity: &'p IntensityRow,
    /// The vehicle's average load, where published.
    pub default_load: Option<&'p DefaultLoadRow>,
    /// The mass of a TEU, for rows per TEU-kilometre.
    pub teu: Option<&'p LoadUnitRow>,
}

impl Factors {
    /// The embedded `open` pack alone.
    #[must_use]
    pub fn open() -> Self {
        Self::new(vec![FactorPack::open()]).expect("one pack cannot contradict itself")
    }

    /// Packs in their order of precedence.
    ///
    /// # Errors
    /// [`PackConflict`] if two of them describe a TOC differently.
    pub fn new(packs: Vec<Arc<FactorPack>>) -> Result<Self, PackConflict> {
        let mut factors = Self {
            packs: Vec::new(),
            tocs: Vec::new(),
            names: HashMap::new(),
            aliases: Vec::new(),
            pallet: None,
        };
        for pack in packs {
            factors.add(pack)?;
        }
        Ok(factors)
    }

    fn add(&mut self, pack: Arc<FactorPack>) -> Result<(), PackConflict> {
        let at = self.packs.len();
        for (in_pack, toc) in pack.tocs.iter().enumerate() {
            match self.names.get(&toc.id) {
                Some(index) => {
                    let known = &mut self.tocs[index.0 as usize];
                    let describes = |toc: &Toc| (toc.mode, toc.class, toc.fuel.clone(), toc.temperature);
                    if describes(&known.toc) != describes(toc) {
                        let first = self.packs[known.in_packs[0].0].identity.id.clone();
                        let second = pack.identity.id.clone();
                        return Err(PackConflict { toc: toc.id.to_string(), first, second });
                    }
                    known.in_packs.push((at, in_pack));
                }
                None => {
                    let index = TocIndex(u32::try_from(self.tocs.len()).unwrap_or(u32::MAX));
                    self.names.insert(toc.id.clone(), index);
                    self.tocs.push(KnownToc { toc: toc.clone(), in_packs: vec![(at, in_pack)] });
                }
            }
        }
        let aliases = pack.names.iter().filter(|(name, toc)| **name != pack.tocs[**toc].id);
        for (alias, toc) in aliases {
            if !self.names.contains_key(alias) {
                let index = self.names[&pack.tocs[*toc].id];
                self.names.insert(alias.clone(), index);
                self.aliases.push((alias.clone(), index));
            }
        }
        self.aliases.sort_by(|a, b| a.0.cmp(&b.0));
        self.packs.push(pack);
        Ok(())
    }

    /// The same factors with the operator's own mass of a pallet in place of the pack's assumption.
    #[must_use]
    pub fn with_pallet_mass(mut self, mass: Kilograms) -> Self {
        let pack =
            Arc::new(PackIdentity { id: "operator".into(), version: String::new(), digest: String::new() });
        let source = Arc::new(Source {
            pack,
            id: "operator".into(),
            title: "Setting of the operator".into(),
            edition: "".into(),
            year: None,
            licence: "none needed".into(),
            attribution: "".into(),
            gwp: "".into(),
        });
        let citation =
            Citation { row: "pallet".into(), source, reference: "mass of a pallet".into(), note: "".into() };
        let tonnes = mass.get() / 1000.0;
        self.pallet = Some(LoadUnitRow { citation, unit: LoadUnit::Pallets, tonnes, assumption: true });
        self
    }

    /// The packs, in their order of precedence.
    #[must_use]
    pub fn packs(&self) -> &[Arc<FactorPack>] {
        &self.packs
    }

    /// The TOC with that id or alias.
    #[must_use]
    pub fn toc(&self, id: &str) -> Option<TocIndex> {
        self.names.get(id).copied()
    }

    /// What the TOC is.
    #[must_use]
    pub fn describe(&self, toc: TocIndex) -> &Toc {
        &self.tocs[toc.0 as usize].toc
    }

    /// Every TOC and alias with its newest intensity for each location, in alphabetical order.
    #[must_use]
    pub fn list(&self) -> Vec<ListedToc<'_>> {
        let own = self.tocs.iter().map(|known| (&*known.toc.id, known));
        let aliases = self.aliases.iter().map(|(alias, toc)| (&**alias, &self.tocs[toc.0 as usize]));
        let mut list: Vec<_> = own.chain(aliases).flat_map(|(id, known)| self.listed(id, known)).collect();
        list.sort_by(|a, b| a.id.cmp(b.id));
        list
    }

    fn listed<'p>(&'p self, id: &'p str, known: &'p KnownToc) -> Vec<ListedToc<'p>> {
        let mut newest: Vec<&IntensityRow> = Vec::new();
        for (pack, in_pack) in &known.in_packs {
            let pack = &self.packs[*pack];
            for served in &pack.served[*in_pack] {
                let row = &pack.intensities[served.row as usize];
                let same = |other: &&mut &IntensityRow| {
                    (&other.location, other.min_km.to_bits()) == (&row.location, row.min_km.to_bits())
                };
                match newest.iter_mut().find(same) {
                    Some(other) if other.year < row.year => *other = row,
                    Some(_) => {}
                    None => newest.push(row),
                }
            }
        }
        let teu = self.load_unit(LoadUnit::Teu);
        let default_load = self.default_load(known, None);
        newest
            .into_iter()
            .map(|intensity| ListedToc { id, toc: &known.toc, intensity, default_load, teu })
            .collect()
    }

    /// The rows that a leg needs, and what was estimated in choosing them.
    ///
    /// # Errors
    /// [`CalculationError::NoElectricity`] if the TOC is electric and no grid factor can be found.
    pub fn facts(&self, toc: TocIndex, leg: &Leg) -> Result<Facts<'_>, CalculationError> {
        let known = &self.tocs[toc.0 as usize];
        let mut estimated = Estimates::NONE;
        let intensity = self.intensity(known, leg, &mut estimated);
        let grid = match intensity.intensity {
            Intensity::Electric(_) => Some(self.grid(leg, intensity, &mut estimated)?),
            _ => None,
        };
        let load_unit = leg.load.and_then(|load| self.load_unit(load.unit()));
        let hub = match leg.hub {
            Some(HubStay::Subcontracted(category)) => self.hub(category),
            _ => None,
        };
        let teu = match (&intensity.intensity, hub.is_some()) {
            (Intensity::PerTeuKm(_), _) | (_, true) => self.load_unit(LoadUnit::Teu),
            _ => None,
        };
        let default_load = match leg.load {
            None => self.default_load(known, leg.country),
            Some(_) => None,
        };
        Ok(Facts {
            toc: &known.toc,
            intensity,
            grid,
            fuel: self.split_fuel(known, intensity, leg, &mut estimated),
            load_unit,
            default_load,
            teu,
            distance: self.adjustment(AdjustmentKind::Distance, known.toc.mode, ""),
            temperature: self.temperature(&known.toc, leg, &mut estimated),
            cleaning: self.cleaning(&known.toc, leg, &mut estimated),
            hub,
            estimated,
        })
    }

    /// What a leg emits: [`facts`](Self::facts), then [`Facts::calculate`].
    ///
    /// # Errors
    /// [`CalculationError`] if the leg has no load, no distance, or no grid factor where it needs one.
    pub fn calculate(&self, toc: TocIndex, leg: &Leg) -> Result<LegEmissions<'_>, CalculationError> {
        self.facts(toc, leg)?.calculate(leg)
    }

    fn intensity<'p>(
        &'p self,
        known: &'p KnownToc,
        leg: &Leg,
        estimated: &mut Estimates,
    ) -> &'p IntensityRow {
        let km = leg.distance.map(|distance| distance.km.get());
        let found = known.in_packs.iter().find_map(|(pack, in_pack)| {
            let pack = &self.packs[*pack];
            let served = &pack.served[*in_pack];
            let region = Region::ladder(leg.country).find_map(|region| {
                let of_region = of_region(served, region);
                (!of_region.is_empty()).then_some((region, of_region))
            });
            region.map(|(region, served)| (pack, region, served))
        });
        let (pack, region, served) = found.unwrap_or_else(|| {
            let (pack, in_pack) = known.in_packs[0];
            let pack = &self.packs[pack];
            let served = &pack.served[in_pack];
            (pack, served[0].region, of_region(served, served[0].region))
        });
        let year = nearest_year(served, leg.year);
        let of_year = &served[served.partition_point(|served| served.year < year)..];
        let of_year = &of_year[..of_year.partition_point(|served| served.year == year)];
        let rows = || of_year.iter().map(|served| &pack.intensities[served.row as usize]);
        let row = match km {
            Some(km) => rows().find(|row| row.max_km.is_none_or(|max_km| km <= max_km)),
            None => {
                estimated.insert_if(of_year.len() > 1, Estimate::DistanceBand);
                None
            }
        };
        let row = row.or_else(|| rows().last()).expect("the year was taken from these rows");

        let exact = match (leg.country, region) {
            (Some(country), Region::Country(of)) => country == of,
            (None, Region::Global) => &*row.location == "GLO",
            (Some(_), Region::Global) => {
                &*row.location == "GLO" && matches!(known.toc.mode, Mode::Sea | Mode::Air)
            }
            _ => false,
        };
        estimated.insert_if(!exact, Estimate::FactorRegion);
        estimated.insert_if(year != leg.year, Estimate::FactorYear);
        estimated.insert_if(!row.derived.is_empty(), Estimate::FactorDerived);
        row
    }

    fn grid(
        &self,
        leg: &Leg,
        intensity: &IntensityRow,
        estimated: &mut Estimates,
    ) -> Result<&ElectricityRow, CalculationError> {
        let location = intensity.location.parse().ok();
        let ladder = Region::ladder(leg.country).chain(location);
        let found = ladder.into_iter().find_map(|region| {
            let rows = |pack: &'_ FactorPack| {
                let start = pack.electricity.partition_point(|grid| grid.region < region);
                let end = pack.electricity.partition_point(|grid| grid.region <= region);
                start..end
            };
            self.packs.iter().find_map(|pack| {
                let of_region = &pack.electricity[rows(pack)];
                let after = of_region.partition_point(|grid| grid.year <= leg.year);
                of_region.get(after.saturating_sub(1)).map(|grid| (region, grid))
            })
        });
        let (region, grid) = found.ok_or(CalculationError::NoElectricity { country: leg.country })?;
        let exact = grid.year == leg.year && leg.country.map(Region::Country) == Some(region);
        estimated.insert_if(!exact, Estimate::GridFactor);
        Ok(grid)
    }

    /// The fuel whose WTT share divides an intensity that is published well-to-wheel only.
    fn split_fuel(
        &self,
        known: &KnownToc,
        intensity: &IntensityRow,
        leg: &Leg,
        estimated: &mut Estimates,
    ) -> Option<&FuelRow> {
        let (Intensity::PerTonneKm(split) | Intensity::PerTeuKm(split)) = intensity.intensity else {
            return None;
        };
        if split.parts.is_some() {
            return None;
        }
        let unit = |unit| self.fuel(&known.toc.fuel, unit, leg.country, leg.year);
        let fuel = unit(FuelUnit::L).or_else(|| unit(FuelUnit::Kg)).or_else(|| unit(FuelUnit::KWh));
        estimated.insert(Estimate::WttTtwSplit);
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
        let of_fuel = |pack: &'_ FactorPack| {
            let start = pack.fuels.partition_point(|row| &*row.fuel < fuel);
            let end = pack.fuels.partition_point(|row| &*row.fuel <= fuel);
            start..end
        };
        let in_region = |region: Option<Region>| {
            self.packs.iter().find_map(|pack| {
                let rows = &pack.fuels[of_fuel(pack)];
                let fits =
                    |row: &&FuelRow| row.unit == unit && region.is_none_or(|region| row.region == region);
                let before =
                    rows.iter().filter(fits).filter(|row| row.year <= year).max_by_key(|row| row.year);
                before.or_else(|| rows.iter().filter(fits).min_by_key(|row| row.year))
            })
        };
        Region::ladder(country).map(Some).chain([None]).find_map(in_region)
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

    /// A refrigerant's global warming potential.
    #[must_use]
    pub fn refrigerant(&self, name: &str) -> Option<&RefrigerantRow> {
        let mut rows = self.packs.iter().flat_map(|pack| &pack.refrigerants);
        rows.find(|row| row.refrigerant.eq_ignore_ascii_case(name))
    }

    /// The mass of a unit of load, where it needs a factor. Kilograms and tonnes need none.
    #[must_use]
    pub fn load_unit(&self, unit: LoadUnit) -> Option<&LoadUnitRow> {
        let own = self.pallet.as_ref().filter(|pallet| pallet.unit == unit);
        own.or_else(|| self.packs.iter().flat_map(|pack| &pack.load_units).find(|row| row.unit == unit))
    }

    /// The adjustment of that kind for a mode and class.
    #[must_use]
    pub fn adjustment(&self, kind: AdjustmentKind, mode: Mode, class: &str) -> Option<&AdjustmentRow> {
        self.packs.iter().find_map(|pack| pack.adjustment(kind, mode, class))
    }

    fn default_load(&self, known: &KnownToc, country: Option<CountryCode>) -> Option<&DefaultLoadRow> {
        let in_packs =
            || known.in_packs.iter().map(|(pack, in_pack)| &self.packs[*pack].default_loads[*in_pack]);
        let closest = in_packs().find_map(|loads| {
            Region::ladder(country).find_map(|region| loads.iter().find(|(of, _)| *of == region))
        });
        closest.or_else(|| in_packs().find_map(|loads| loads.first())).map(|(_, load)| load)
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

    fn cleaning(&self, toc: &Toc, leg: &Leg, estimated: &mut Estimates) -> Option<&AdjustmentRow> {
        if leg.cleanings == 0 {
            return None;
        }
        estimated.insert_if(!toc.vehicle.contains("tank"), Estimate::Cleaning);
        let mut adjustments = self.packs.iter().flat_map(|pack| &pack.adjustments);
        adjustments.find(|row| row.kind == AdjustmentKind::Cleaning)
    }
}

/// The part of a TOC's rows that serves one region.
fn of_region(served: &[Served], region: Region) -> &[Served] {
    let rest = &served[served.partition_point(|served| served.region < region)..];
    &rest[..rest.partition_point(|served| served.region == region)]
}

/// The year itself, the nearest earlier one, or the earliest, of rows that are ordered by year.
fn nearest_year(served: &[Served], year: u16) -> u16 {
    let after = served.partition_point(|served| served.year <= year);
    served[after.saturating_sub(1)].year
}
