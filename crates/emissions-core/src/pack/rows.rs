//! What a factor pack holds: one type for the rows of each table.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{LoadUnit, Mode, Region};

/// Which pack, exactly: its digest changes with every byte of its tables.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PackIdentity {
    /// The pack's id, as in `open`.
    pub id: String,
    /// The pack's version.
    pub version: String,
    /// SHA-256 over the names and contents of the pack's files, in hexadecimal.
    pub digest: String,
}

/// A publication that factors come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The pack that cites it.
    pub pack: Arc<PackIdentity>,
    /// Its id in the pack.
    pub id: Box<str>,
    /// Its title and publisher.
    pub title: Box<str>,
    /// Its edition.
    pub edition: Box<str>,
    /// The edition's year.
    pub year: Option<u16>,
    /// The licence under which the pack carries its figures.
    pub licence: Box<str>,
    /// The attribution that the licence asks for.
    pub attribution: Box<str>,
    /// The IPCC assessment report whose global warming potentials it uses, as in `AR6`.
    pub gwp: Box<str>,
}

/// Where one figure stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Citation {
    /// The row's id in its table.
    pub row: Box<str>,
    /// The publication.
    pub source: Arc<Source>,
    /// The page, table or sheet in it.
    pub reference: Box<str>,
    /// What else a reader should know.
    pub note: Box<str>,
}

/// Which temperature uplift and adjustments a vehicle takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VehicleClass {
    /// Up to 3.5 t gross vehicle weight.
    Van,
    /// Above 3.5 t gross vehicle weight.
    Truck,
    /// Not a road vehicle.
    Other,
}

impl VehicleClass {
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        match name {
            "van" => Some(Self::Van),
            "truck" => Some(Self::Truck),
            "other" => Some(Self::Other),
            _ => None,
        }
    }
}

/// Whether the goods are kept at a temperature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Temperature {
    /// They are not.
    #[default]
    Ambient,
    /// They are chilled, frozen or heated.
    Controlled,
}

impl Temperature {
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        match name {
            "ambient" => Some(Self::Ambient),
            "controlled" => Some(Self::Controlled),
            _ => None,
        }
    }
}

/// A transport operation category (ISO 14083:2023, 3.1.29): transport operations alike enough to share one intensity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Toc {
    /// Its id, `<vehicle>_<type>`, as in `van_3.5_t_diesel`.
    pub id: Box<str>,
    /// The mode.
    pub mode: Mode,
    /// The vehicle, as in `van`.
    pub vehicle: Box<str>,
    /// What tells it from others of the vehicle: fuel, size, cargo.
    pub kind: Box<str>,
    /// Which uplifts it takes.
    pub class: VehicleClass,
    /// The fuel's id in the packs' fuel tables, `electricity`, or blank where it is mixed or unknown.
    pub fuel: Box<str>,
    /// Whether its intensities are those of temperature-controlled transport.
    pub temperature: Temperature,
    /// Its name in plain English.
    pub name: Box<str>,
}

impl Toc {
    /// Whether it runs on electricity from the grid: all that it emits is energy provision (ISO 14083:2023, annex J).
    #[must_use]
    pub fn is_electric(&self) -> bool {
        &*self.fuel == "electricity"
    }
}

/// An emission intensity divided into energy provision and vehicle operation, in kg CO2e.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Split {
    /// Well to wheel: the whole.
    pub wtw: f64,
    /// Well to tank and tank to wheel as printed, where the source publishes them.
    pub parts: Option<(f64, f64)>,
}

/// What one unit of transport emits or consumes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Intensity {
    /// kg CO2e per tonne-kilometre.
    PerTonneKm(Split),
    /// kg CO2e per kilometre of one twenty-foot equivalent unit.
    PerTeuKm(Split),
    /// kWh of electricity per tonne-kilometre.
    Electric(f64),
}

/// The distance that an intensity is to be multiplied with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IntensityBasis {
    /// Kilometres covered: a shortest feasible distance needs the mode's distance adjustment factor first.
    Actual,
    /// The shortest feasible distance: the adjustment is contained.
    ShortestFeasible,
    /// The great-circle distance: any uplift is contained.
    GreatCircle,
    /// The great-circle distance and 95 km.
    GreatCirclePlus95,
}

impl IntensityBasis {
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        match name {
            "actual" => Some(Self::Actual),
            "sfd" => Some(Self::ShortestFeasible),
            "gcd" => Some(Self::GreatCircle),
            "gcd+95km" => Some(Self::GreatCirclePlus95),
            _ => None,
        }
    }
}

/// A published or derived emission intensity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IntensityRow {
    /// Where it stands.
    pub citation: Citation,
    /// What the data describes, as in `GB` or `EU+SA`; it may serve other regions for want of their own.
    pub location: Box<str>,
    /// The year of the edition.
    pub year: u16,
    /// The intensity.
    pub intensity: Intensity,
    /// The distance that it wants.
    pub basis: IntensityBasis,
    /// Above how many kilometres it holds.
    pub min_km: f64,
    /// Up to how many kilometres it holds, where there is an end.
    pub max_km: Option<f64>,
    /// The load factor that the intensity contains, in per cent, where published.
    pub load_factor_pct: Option<f64>,
    /// The empty running that the intensity contains, in per cent, where published.
    pub empty_running_pct: Option<f64>,
    /// The formula, where the figure was derived from published ones; blank otherwise.
    pub derived: Box<str>,
}

/// The average load of a vehicle.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DefaultLoadRow {
    /// Where it stands.
    pub citation: Citation,
    /// The load in tonnes.
    pub tonnes: f64,
    /// The formula, where it was derived from published figures; blank otherwise.
    pub derived: Box<str>,
}

/// What a kilowatt-hour from the grid emits, in kg CO2e.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ElectricityRow {
    /// Where it stands.
    pub citation: Citation,
    /// Where the grid is.
    pub region: Region,
    /// The year of the data.
    pub year: u16,
    /// Generation, where published apart.
    pub generation: Option<f64>,
    /// Transmission and distribution losses, where published.
    pub losses: Option<f64>,
    /// Upstream of generation, where published.
    pub wtt_generation: Option<f64>,
    /// Upstream of the losses, where published.
    pub wtt_losses: Option<f64>,
    /// All that is published, together.
    pub total: f64,
}

/// A unit that fuel is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FuelUnit {
    /// Litres.
    L,
    /// Kilograms.
    Kg,
    /// Kilowatt-hours (net calorific value for fuels).
    KWh,
    /// Megajoules (net calorific value).
    Mj,
}

impl FuelUnit {
    /// The unit's name: `l`, `kg`, `kwh` or `mj`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::L => "l",
            Self::Kg => "kg",
            Self::KWh => "kwh",
            Self::Mj => "mj",
        }
    }

    /// The unit with that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::L, Self::Kg, Self::KWh, Self::Mj].into_iter().find(|unit| unit.as_str() == name)
    }
}

/// What a unit of fuel emits, in kg CO2e.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FuelRow {
    /// Where it stands.
    pub citation: Citation,
    /// The fuel's id, as in `diesel`.
    pub fuel: Box<str>,
    /// The fuel's name in plain English.
    pub name: Box<str>,
    /// Where the fuel is sold.
    pub region: Region,
    /// The year of the edition.
    pub year: u16,
    /// What the factors are per unit of.
    pub unit: FuelUnit,
    /// Well to tank.
    pub wtt: f64,
    /// Tank to wheel.
    pub ttw: f64,
}

impl FuelRow {
    /// Well to wheel, in kg CO2e per unit.
    #[must_use]
    pub fn wtw(&self) -> f64 {
        self.wtt + self.ttw
    }
}

/// The kind of a logistics hub, in the ten spellings of the Dcycle API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the variants are the API's names; GLEC v3.0 p. 87 describes the kinds")]
pub enum HubCategory {
    TransshipmentAmbient,
    TransshipmentMixed,
    StorageTranshipmentAmbient,
    StorageTranshipmentMixed,
    WarehouseAmbient,
    WarehouseMixed,
    LiquidBulkTerminalsAmbient,
    LiquidBulkTerminalsMixed,
    MaritimeContainerTerminalsAmbient,
    MaritimeContainerTerminalsTemperatureControlled,
}

impl HubCategory {
    /// Every kind.
    pub const ALL: [Self; 10] = [
        Self::TransshipmentAmbient,
        Self::TransshipmentMixed,
        Self::StorageTranshipmentAmbient,
        Self::StorageTranshipmentMixed,
        Self::WarehouseAmbient,
        Self::WarehouseMixed,
        Self::LiquidBulkTerminalsAmbient,
        Self::LiquidBulkTerminalsMixed,
        Self::MaritimeContainerTerminalsAmbient,
        Self::MaritimeContainerTerminalsTemperatureControlled,
    ];

    /// The API's spelling, as in `storage_transhipment_ambient`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TransshipmentAmbient => "transshipment_ambient",
            Self::TransshipmentMixed => "transshipment_mixed",
            Self::StorageTranshipmentAmbient => "storage_transhipment_ambient",
            Self::StorageTranshipmentMixed => "storage_transhipment_mixed",
            Self::WarehouseAmbient => "warehouse_ambient",
            Self::WarehouseMixed => "warehouse_mixed",
            Self::LiquidBulkTerminalsAmbient => "liquid_bulk_terminals_ambient",
            Self::LiquidBulkTerminalsMixed => "liquid_bulk_terminals_mixed",
            Self::MaritimeContainerTerminalsAmbient => "maritime_container_terminals_ambient",
            Self::MaritimeContainerTerminalsTemperatureControlled => {
                "maritime_container_terminals_temperature_controlled"
            }
        }
    }

    /// The kind with that name. `transhipment` and `transshipment` are taken for each other, because the API writes both.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let name = name.replace("transshipment", "transhipment");
        Self::ALL
            .into_iter()
            .find(|category| category.as_str().replace("transshipment", "transhipment") == name)
    }
}

/// What a hub intensity is per.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HubUnit {
    /// A tonne that leaves the hub.
    Tonne,
    /// A container handled.
    Container,
}

/// What a hub emits for what it handles (HOC intensity), in kg CO2e, well to wheel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HubRow {
    /// Where it stands.
    pub citation: Citation,
    /// The kind of hub.
    pub category: HubCategory,
    /// What the intensity is per.
    pub unit: HubUnit,
    /// The intensity.
    pub wtw: f64,
}

/// The mass of a unit of load.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LoadUnitRow {
    /// Where it stands.
    pub citation: Citation,
    /// The unit.
    pub unit: LoadUnit,
    /// Its mass in tonnes.
    pub tonnes: f64,
    /// No source publishes it: it is an assumption, shown as such in every result that uses it.
    pub assumption: bool,
}

/// What an [`AdjustmentRow`] adjusts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdjustmentKind {
    /// A factor from shortest feasible to actual distance.
    Distance,
    /// A factor on the intensity of ambient transport for temperature-controlled goods.
    Temperature,
    /// kg CO2e of one cleaning.
    Cleaning,
    /// kg of refrigerant that one unit loses in a year.
    RefrigerantLeak,
}

impl AdjustmentKind {
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        match name {
            "distance" => Some(Self::Distance),
            "temperature" => Some(Self::Temperature),
            "cleaning" => Some(Self::Cleaning),
            "refrigerant_leak" => Some(Self::RefrigerantLeak),
            _ => None,
        }
    }
}

/// A factor or amount that is applied beside an intensity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AdjustmentRow {
    /// Where it stands.
    pub citation: Citation,
    /// What it adjusts.
    pub kind: AdjustmentKind,
    /// The mode that it holds for.
    pub mode: Mode,
    /// The class of vehicle or equipment that it holds for; blank for all of the mode.
    pub class: Box<str>,
    /// The factor or amount, in the unit that `kind` says.
    pub value: f64,
}

/// A refrigerant's 100-year global warming potential.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RefrigerantRow {
    /// Where it stands.
    pub citation: Citation,
    /// The refrigerant, as in `R-134a`.
    pub refrigerant: Box<str>,
    /// kg CO2e per kg.
    pub gwp100: f64,
}

/// Whom a row serves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Served {
    pub region: Region,
    pub year: u16,
    /// Above how many kilometres the row holds; from nothing on, if 0.
    pub min_km: f64,
    /// Up to how many kilometres the row holds; infinity where there is no end.
    pub max_km: f64,
    /// Index in the pack's table of intensities.
    pub row: u32,
}

impl Served {
    /// Whether the row holds for a distance.
    pub fn holds_for(&self, km: f64) -> bool {
        (km > self.min_km || self.min_km == 0.0) && km <= self.max_km
    }

    /// Whether the row holds for some distances only.
    pub fn is_banded(&self) -> bool {
        self.min_km > 0.0 || self.max_km < f64::INFINITY
    }
}
