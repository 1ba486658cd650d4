//! A leg of a shipment: as a client states it, checked, and as it is kept.

mod draft;
mod filter;
mod hubs;
mod record;

pub(crate) use draft::{Faults, MAX_NAME, MAX_TEXT, trimmed};
pub use draft::{FieldError, LegDraft, Problem, shortened};
pub use filter::{AnyOf, Days, LegFilter, contains};
pub use hubs::{HandlingHub, LegHubs, WrittenEnds};
pub use record::{Family, LegRecord, LegStatus, Outcome, ResolvedLeg};

use chrono::NaiveDate;
use emissions_core::{CountryCode, Kilometres, Load, LoadFactor, LoadUnit, TonneKilometres};

use crate::Category;
use crate::trip::Trip;

/// How the freight travels, as far as the client says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Vehicle {
    /// A transport operation category, by its id or an alias.
    Toc(String),
    /// Only the category: its generic average stands in.
    Category(Category),
    /// The first of these TOCs that a factor pack in force has for the leg's country; for a leg without a load, one with an
    /// average load.
    FirstOf {
        /// Ids of TOCs, the closest first.
        tocs: &'static [&'static str],
        /// What is said where there is none of them.
        otherwise: String,
    },
}

/// What tells a leg apart and where it belongs. All of it is the client's own and kept as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Traceability {
    /// The shipment's id at the client.
    pub movement_id: Option<String>,
    /// The customer.
    pub client: Option<String>,
    /// Which stretch of the movement, as in `last_mile`.
    pub movement_stretch: Option<String>,
    /// Which stage of the chain, as in `delivery`.
    pub movement_stage: Option<String>,
    /// The vehicle.
    pub vehicle_license_plate: Option<String>,
    /// The trailer.
    pub trailer_license_plate: Option<String>,
    /// The hub that handled the load, by UUID, name or the client's own code.
    pub hub_id: Option<String>,
    /// The package that the leg belongs to.
    pub package_key: Option<String>,
    /// Whether somebody else carries it.
    pub subcontractor: bool,
}

/// A leg that can be calculated.
#[derive(Debug, Clone, PartialEq)]
pub struct NewLeg {
    /// Where it begins, as written.
    pub origin: Option<String>,
    /// Where it ends, as written.
    pub destination: Option<String>,
    /// Its length, where the client knows it.
    pub distance: Option<Kilometres>,
    /// Its transport activity, where the client knows it.
    pub tkm: Option<TonneKilometres>,
    /// What is carried.
    pub load: Option<Load>,
    /// The unit to show the load in, also where the load is a default.
    pub load_unit: LoadUnit,
    /// The share of the load that is really carried.
    pub load_factor: LoadFactor,
    /// How it travels.
    pub vehicle: Vehicle,
    /// The country whose factors apply; nothing for global ones.
    pub origin_country: Option<CountryCode>,
    /// The year of the factors; nothing for the current one.
    pub year: Option<u16>,
    /// Whether the vehicle was cleaned.
    pub cleaning: bool,
    /// The day of the shipment; nothing for today.
    pub shipment_date: Option<NaiveDate>,
    /// The client's own identifiers.
    pub trace: Traceability,
    /// What hubs have to do with it; nothing before a [`HubDirectory`](crate::hub::HubDirectory) settles it.
    pub hubs: LegHubs,
    /// What the client of a trip says of it; nothing for legs that are no trips.
    pub trip: Option<Box<Trip>>,
}
