//! The sums that a store makes of the legs of a period, and the port that gives them.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::NaiveDate;
use emissions_core::{Emissions, Estimates, FuelUnit, HubCategory, KgCo2e};

use crate::Category;
use crate::calculator::FactsRecord;
use crate::hub::HubKind;
use crate::ids::OrganizationId;
use crate::leg::Days;
use crate::ports::StoreError;

/// Which legs are summed up.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selection {
    /// The day of the shipment, or of the recharge.
    pub shipped: Days,
    /// The client, letter by letter; nothing for all.
    pub client: Option<String>,
}

/// Legs, summed up.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Sums {
    /// How many legs.
    pub legs: u64,
    /// Their transport activity in tonne-kilometres.
    pub tkm: f64,
    /// Their distances in kilometres, as far as they are known.
    pub distance_km: f64,
    /// Their loads in kilograms, after load factor, as far as they are known.
    pub load_kg: f64,
    /// All that they emit.
    pub total: Emissions,
    /// What the transport emits.
    pub transport: Emissions,
    /// What hubs emit for them, well to wheel.
    pub hub: KgCo2e,
    /// What cleaning emits, well to wheel.
    pub cleaning: KgCo2e,
}

impl Sums {
    /// Adds others.
    pub fn add(&mut self, other: &Self) {
        self.legs += other.legs;
        self.tkm += other.tkm;
        self.distance_km += other.distance_km;
        self.load_kg += other.load_kg;
        self.total = self.total + other.total;
        self.transport = self.transport + other.transport;
        self.hub = self.hub + other.hub;
        self.cleaning = self.cleaning + other.cleaning;
    }

    /// Emission intensity of the transport in kg CO2e per tonne-kilometre, well to wheel; nothing without activity.
    #[must_use]
    pub fn intensity(&self) -> Option<f64> {
        Some(self.transport.wtw.get() / self.tkm).filter(|intensity| intensity.is_finite())
    }
}

/// The legs of one month, vehicle and set of facts.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// The first day of the month.
    pub month: NaiveDate,
    /// The category.
    pub category: Category,
    /// The TOC, as the legs name it.
    pub toc: String,
    /// Whether somebody else carried them.
    pub subcontractor: bool,
    /// What was estimated.
    pub estimated: Estimates,
    /// The rows that they were calculated with: a position in [`Figures::facts`].
    pub facts: usize,
    /// What they come to.
    pub sums: Sums,
}

impl Cell {
    /// Whether the legs of another cell differ in nothing that cells tell apart.
    #[must_use]
    pub fn is_of_the_legs_of(&self, other: &Self) -> bool {
        let key = |cell: &Self| (cell.month, cell.category, cell.subcontractor, cell.estimated, cell.facts);
        key(self) == key(other) && self.toc == other.toc
    }
}

/// Legs between two places, as they were written.
#[derive(Debug, Clone, PartialEq)]
pub struct Lane {
    /// Where they begin.
    pub origin: Option<String>,
    /// Where they end.
    pub destination: Option<String>,
    /// What they come to.
    pub sums: Sums,
}

/// How many things were carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Items {
    /// Packages, each once.
    pub packages: u64,
    /// Legs that belong to no package.
    pub loose_legs: u64,
}

impl Items {
    /// All of them.
    #[must_use]
    pub const fn total(self) -> u64 {
        self.packages + self.loose_legs
    }
}

/// What hubs of one kind emit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HubUse {
    /// Whose they are.
    pub kind: HubKind,
    /// What they do.
    pub category: Option<HubCategory>,
    /// How many legs they handled.
    pub legs: u64,
    /// What they emit for them, well to wheel.
    pub co2e: KgCo2e,
}

/// What was filled in or charged.
#[derive(Debug, Clone, PartialEq)]
pub struct FuelUse {
    /// The fuel's name.
    pub fuel: String,
    /// What the quantity is counted in.
    pub unit: FuelUnit,
    /// The TOC of the vehicles; nothing where none is named.
    pub toc: Option<String>,
    /// How many recharges.
    pub recharges: u64,
    /// How much.
    pub quantity: f64,
    /// What it emits.
    pub emissions: Emissions,
    /// The part of it that power plants emit: scope 2.
    pub generation: KgCo2e,
}

/// Legs that are not summed up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Remainder {
    /// Those that are not calculated yet.
    pub pending: u64,
    /// Those that could not be calculated.
    pub failed: u64,
}

/// What the legs of a selection come to. All of it is of one moment.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Figures {
    /// The legs by month, category, vehicle, carrier, facts and estimates.
    pub cells: Vec<Cell>,
    /// The rows of factor packs that they were calculated with.
    pub facts: Vec<Arc<FactsRecord>>,
    /// The legs by client, the one that emits most first; also those without a client.
    pub clients: Vec<(Option<String>, Sums)>,
    /// The lanes that emit most, at most 50.
    pub lanes: Vec<Lane>,
    /// What was carried.
    pub items: Items,
    /// What was carried by category; what was carried by several is in each.
    pub items_by_category: BTreeMap<Category, Items>,
    /// What hubs emit.
    pub hubs: Vec<HubUse>,
    /// What was filled in or charged; empty where a client is selected, because fuel belongs to none.
    pub fuels: Vec<FuelUse>,
    /// The legs that are left out.
    pub remainder: Remainder,
}

impl Figures {
    /// All legs together.
    #[must_use]
    pub fn total(&self) -> Sums {
        let mut total = Sums::default();
        self.cells.iter().for_each(|cell| total.add(&cell.sums));
        total
    }

    /// The legs by some property of their cells, in its order.
    pub fn by<K: Ord>(&self, key: impl Fn(&Cell) -> K) -> BTreeMap<K, Sums> {
        let mut groups: BTreeMap<K, Sums> = BTreeMap::new();
        for cell in &self.cells {
            groups.entry(key(cell)).or_default().add(&cell.sums);
        }
        groups
    }
}

/// Sums up the legs of one organization. It is opened for that organization and cannot reach another's.
#[async_trait]
pub trait Ledger: Send + Sync {
    /// What the legs of a selection come to. Legs without a result are only counted.
    async fn figures(&self, selection: &Selection) -> Result<Figures, StoreError>;
}

impl dyn Ledger {
    /// The most lanes that are told.
    pub const LANES: u32 = 50;
}

/// Opens an organization's ledger.
pub trait Ledgers: Send + Sync {
    /// The organization's ledger.
    fn ledger(&self, organization: OrganizationId) -> Box<dyn Ledger>;
}
