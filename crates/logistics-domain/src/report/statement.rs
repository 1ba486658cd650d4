//! What a report says: the accounts of the GHG Protocol, use by vehicle, data quality and sources, made of the figures.

use std::collections::{BTreeMap, BTreeSet};

use emissions_core::{
    Citation, Emissions, Estimate, Estimates, Factors, KgCo2e, OwnedFacts, PackIdentity, Source,
};

use super::{Cell, Figures, Sums};
use crate::hub::HubKind;

/// Where emissions are accounted for (GHG Protocol).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Burnt by the organization itself.
    One,
    /// Electricity that it buys.
    Two,
    /// Scopes 1 and 2 of an own hub, which are measured as one figure.
    OneAndTwo,
    /// All else along the chain.
    Three,
}

impl Scope {
    /// The scope's name: `1`, `2`, `1+2` or `3`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::One => "1",
            Self::Two => "2",
            Self::OneAndTwo => "1+2",
            Self::Three => "3",
        }
    }
}

/// One line of the accounts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scopes {
    /// Where it is accounted for.
    pub scope: Scope,
    /// What it is, as in `own_transport_ttw`.
    pub name: &'static str,
    /// How much, in kg CO2e.
    pub co2e: KgCo2e,
}

/// What the legs of a vehicle come to, own and subcontracted, and what its fuel says of its own legs.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TocUse {
    /// Legs with own vehicles.
    pub own: Sums,
    /// Legs that others carried.
    pub subcontracted: Sums,
    /// What the fuel and electricity of the own vehicles emit, as far as recharges name the TOC.
    pub fuel: Emissions,
    /// How many recharges that are.
    pub recharges: u64,
}

impl TocUse {
    /// The carrier's own intensity = fuel burnt, well to wheel / transport activity of the own legs (ISO 14083:2023, clause
    /// 8), in kg CO2e per tonne-kilometre; nothing without fuel or activity.
    #[must_use]
    pub fn own_intensity(&self) -> Option<f64> {
        let intensity = self.fuel.wtw.get() / self.own.tkm;
        Some(intensity).filter(|intensity| self.recharges > 0 && intensity.is_finite())
    }
}

/// Where the data of legs come from: the worst of a leg's data decides.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Quality {
    /// All that counts was given by the client, and factors are published for exactly the case.
    pub given: (u64, KgCo2e),
    /// A distance was found, or a factor is another region's or year's, or derived.
    pub estimated: (u64, KgCo2e),
    /// The load or the vehicle is a default.
    pub default: (u64, KgCo2e),
}

/// A publication that legs were calculated with.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceUse {
    /// The pack that cites it.
    pub pack: PackIdentity,
    /// The publication.
    pub source: Source,
    /// The rows of it that were used.
    pub rows: BTreeSet<String>,
    /// How many legs used it.
    pub legs: u64,
    /// What those legs emit.
    pub co2e: KgCo2e,
}

/// What [`Figures`] say, worked out for a report.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// All legs.
    pub total: Sums,
    /// The accounts. They add up to the total.
    pub scopes: Vec<Scopes>,
    /// The vehicles, by the TOCs' own ids.
    pub tocs: BTreeMap<String, TocUse>,
    /// Where the data come from.
    pub quality: Quality,
    /// What was estimated: in how many legs, and what they emit.
    pub estimates: Vec<(Estimate, u64, KgCo2e)>,
    /// The publications used, most legs first.
    pub sources: Vec<SourceUse>,
}

impl Statement {
    /// Works figures out.
    #[must_use]
    pub fn of(figures: &Figures, factors: &Factors) -> Self {
        let total = figures.total();
        Self {
            scopes: scopes(figures, factors, &total),
            tocs: tocs(figures, factors),
            quality: quality(&figures.cells),
            estimates: estimates(&figures.cells),
            sources: sources(figures),
            total,
        }
    }
}

/// The TOC's own id, where it is known under another.
fn own_id<'a>(factors: &'a Factors, toc: &'a str) -> &'a str {
    factors.toc(toc).map_or(toc, |index| &*factors.describe(index).id)
}

fn tocs(figures: &Figures, factors: &Factors) -> BTreeMap<String, TocUse> {
    let mut tocs: BTreeMap<String, TocUse> = BTreeMap::new();
    for cell in &figures.cells {
        let toc = tocs.entry(own_id(factors, &cell.toc).to_owned()).or_default();
        if cell.subcontractor { toc.subcontracted.add(&cell.sums) } else { toc.own.add(&cell.sums) }
    }
    for fuel in &figures.fuels {
        if let Some(toc) = &fuel.toc {
            let toc = tocs.entry(own_id(factors, toc).to_owned()).or_default();
            toc.fuel = toc.fuel + fuel.emissions;
            toc.recharges += fuel.recharges;
        }
    }
    tocs
}

/// TTW of the own fleet is scope 1, the electricity that it charges scope 2, all else scope 3. An own hub's figure is of
/// scopes 1 and 2 together. What a source does not divide into WTT and TTW counts as TTW.
fn scopes(figures: &Figures, factors: &Factors, total: &Sums) -> Vec<Scopes> {
    let is_electric =
        |cell: &Cell| factors.toc(&cell.toc).is_some_and(|toc| factors.describe(toc).is_electric());
    let sum = |of: &dyn Fn(&Cell) -> bool| {
        let mut sums = Sums::default();
        figures.cells.iter().filter(|cell| of(cell)).for_each(|cell| sums.add(&cell.sums));
        sums.transport
    };
    let own_fuel = sum(&|cell| !cell.subcontractor && !is_electric(cell));
    let own_grid = sum(&|cell| !cell.subcontractor && is_electric(cell));
    let others = sum(&|cell| cell.subcontractor);
    let hubs = |kind| figures.hubs.iter().filter(|hub| hub.kind == kind).map(|hub| hub.co2e).sum::<KgCo2e>();
    let own_hubs = hubs(HubKind::Owned);
    let line = |scope, name, co2e| Scopes { scope, name, co2e };
    let lines = [
        line(Scope::One, "own_transport_ttw", less(own_fuel.wtw, own_fuel.wtt)),
        line(Scope::Two, "own_transport_electricity", own_grid.wtw),
        line(Scope::Three, "own_transport_wtt", own_fuel.wtt),
        line(Scope::Three, "subcontracted_transport_ttw", less(others.wtw, others.wtt)),
        line(Scope::Three, "subcontracted_transport_wtt", others.wtt),
        line(Scope::OneAndTwo, "own_hubs", own_hubs),
        line(Scope::Three, "subcontracted_hubs", less(total.hub, own_hubs)),
        line(Scope::Three, "cleaning", total.cleaning),
    ];
    lines.into_iter().collect()
}

/// What is left of a whole without a part.
fn less(whole: KgCo2e, part: KgCo2e) -> KgCo2e {
    KgCo2e::new((whole.get() - part.get()).max(0.0)).unwrap_or_default()
}

fn quality(cells: &[Cell]) -> Quality {
    let mut quality = Quality::default();
    for cell in cells {
        let is_default = [Estimate::Toc, Estimate::Load].iter().any(|data| cell.estimated.contains(*data));
        let (legs, co2e) = match cell.estimated {
            _ if is_default => &mut quality.default,
            Estimates::NONE => &mut quality.given,
            _ => &mut quality.estimated,
        };
        *legs += cell.sums.legs;
        *co2e = *co2e + cell.sums.total.wtw;
    }
    quality
}

fn estimates(cells: &[Cell]) -> Vec<(Estimate, u64, KgCo2e)> {
    let mut found: BTreeMap<Estimate, (u64, KgCo2e)> = BTreeMap::new();
    for cell in cells {
        for estimate in cell.estimated.iter() {
            let (legs, co2e) = found.entry(estimate).or_default();
            *legs += cell.sums.legs;
            *co2e = *co2e + cell.sums.total.wtw;
        }
    }
    found.into_iter().map(|(estimate, (legs, co2e))| (estimate, legs, co2e)).collect()
}

fn sources(figures: &Figures) -> Vec<SourceUse> {
    let mut used = vec![Sums::default(); figures.facts.len()];
    for cell in &figures.cells {
        if let Some(sums) = used.get_mut(cell.facts) {
            sums.add(&cell.sums);
        }
    }
    let mut sources: BTreeMap<(String, String), SourceUse> = BTreeMap::new();
    for (record, sums) in figures.facts.iter().zip(used) {
        let Ok(facts) = serde_json::from_str::<OwnedFacts>(&record.json) else { continue };
        let mut counted: BTreeSet<(String, String)> = BTreeSet::new();
        for citation in citations(&facts) {
            let source = &citation.source;
            let key = (source.pack.digest.clone(), source.id.to_string());
            let entry = sources.entry(key.clone()).or_insert_with(|| SourceUse {
                pack: (*source.pack).clone(),
                source: (**source).clone(),
                rows: BTreeSet::new(),
                legs: 0,
                co2e: KgCo2e::ZERO,
            });
            entry.rows.insert(citation.row.to_string());
            if counted.insert(key) {
                entry.legs += sums.legs;
                entry.co2e = entry.co2e + sums.total.wtw;
            }
        }
    }
    let mut sources: Vec<SourceUse> = sources.into_values().collect();
    sources.sort_by(|a, b| b.legs.cmp(&a.legs).then_with(|| a.source.id.cmp(&b.source.id)));
    sources
}

/// Where the figures stand that legs with these facts were calculated with.
fn citations(facts: &OwnedFacts) -> impl Iterator<Item = &Citation> {
    let adjustments = [&facts.distance, &facts.temperature, &facts.cleaning];
    let units = [&facts.load_unit, &facts.teu];
    [&facts.intensity.citation]
        .into_iter()
        .chain(facts.grid.as_ref().map(|row| &row.citation))
        .chain(facts.fuel.as_ref().map(|row| &row.citation))
        .chain(facts.default_load.as_ref().map(|row| &row.citation))
        .chain(facts.hub.as_ref().map(|row| &row.citation))
        .chain(adjustments.into_iter().flatten().map(|row| &row.citation))
        .chain(units.into_iter().flatten().map(|row| &row.citation))
}
