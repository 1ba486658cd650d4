//! Trips: legs that come through the Climes API, with what its clients say of them.

mod draft;
mod repository;
mod vehicle;

pub use draft::{Given, TripDraft};
pub use repository::{TripFilter, TripRepository, Trips};
pub use vehicle::{VehicleCode, VehicleFuel, mode_name};

use chrono::{DateTime, Utc};
use emissions_core::{EmptyRunning, Kilograms, Kilometres, Load, LoadUnit, Temperature, TonneKilometres};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::Category;

/// How a trip's cargo was booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ServiceType {
    /// Full container load.
    #[serde(rename = "FCL")]
    FullContainer,
    /// Full truck load.
    #[serde(rename = "FTL")]
    FullTruck,
    /// Less than container load.
    #[serde(rename = "LCL")]
    PartContainer,
    /// Nobody says.
    #[serde(rename = "")]
    Unstated,
}

impl ServiceType {
    /// Every service type, in the order of the API's documentation.
    pub const ALL: [Self; 4] = [Self::FullContainer, Self::FullTruck, Self::PartContainer, Self::Unstated];

    /// Its name: `FCL`, `FTL`, `LCL` or nothing.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FullContainer => "FCL",
            Self::FullTruck => "FTL",
            Self::PartContainer => "LCL",
            Self::Unstated => "",
        }
    }

    /// The service type with that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == name)
    }
}

/// What a trip's client says of its vehicle.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TripVehicle {
    /// Its registration.
    pub identifier: String,
    /// Whose it is, in the client's words.
    pub ownership: String,
    /// Its kind.
    pub code: VehicleCode,
    /// What drives it.
    pub fuel: VehicleFuel,
    /// Who made it.
    pub make: String,
    /// Its model.
    pub name: String,
    /// Its engine.
    pub engine_type: String,
    /// The year in which it was made.
    pub make_year: Option<f64>,
}

/// A trip as its client states it: checked, and otherwise as it came. A text that was not given is blank.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trip {
    /// The client's id of it.
    pub trip_id: String,
    /// Which shipment of the trip it is.
    pub sequence: Option<f64>,
    /// The client's id of its customer.
    pub customer_identifier: String,
    /// The customer's industry.
    pub customer_industry: String,
    /// How the cargo was booked.
    pub service_type: ServiceType,
    /// Primary or secondary freight, in the client's words.
    pub freight_segment: String,
    /// What kind of cargo, in the client's words.
    pub load_type: String,
    /// Containers, in TEU.
    pub teu: Option<f64>,
    /// When: seconds since 1970, or milliseconds from [`MILLISECONDS_FROM`](Self::MILLISECONDS_FROM) on.
    pub timestamp: f64,
    /// What the shipment weighs.
    pub shipment_weight: Kilograms,
    /// What everything on the vehicle weighs.
    pub trip_weight: Kilograms,
    /// Where it begins.
    pub origin: String,
    /// Where it ends.
    pub destination: String,
    /// How far it went.
    pub distance: Kilometres,
    /// With what.
    pub vehicle: TripVehicle,
    /// Whether it carried nothing.
    pub is_empty: bool,
    /// How many of the items are the customer's.
    pub customer_items: f64,
    /// How many items there are.
    pub total_items: f64,
    /// Whether the distance contains the vehicle's empty kilometres.
    pub empty_distance_included: bool,
    /// The country, as it was written.
    pub country: String,
}

/// Where the mass that a trip is calculated with comes from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cargo {
    /// The shipment was weighed.
    Weighed(Kilograms),
    /// It was not: its share of the trip's weight, by the number of items.
    ItemsShare(Kilograms),
    /// A full container load, or one without a weight: so many TEU.
    Containers(f64),
    /// The vehicle carries nothing.
    Empty,
}

/// Numbers that a store gives to a trip: whole, from 1, never given twice within an organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TripNumbers {
    /// The trip's.
    pub trip: i64,
    /// Its customer's, if it names one: the same for all trips with that customer identifier.
    pub customer: Option<i64>,
}

impl Trip {
    /// The timestamp from which on a number is taken for milliseconds: as seconds, it would lie in the year 5138.
    pub const MILLISECONDS_FROM: f64 = 1e11;

    /// What the trip is known by within its organization: `<trip_id>_<shipment_sequence>`, with 0 for no sequence.
    #[must_use]
    pub fn idempotency_key(&self) -> String {
        format!("{}_{}", self.trip_id, self.sequence.unwrap_or_default())
    }

    /// What identifies the trip's leg within its organization: a SHA-256 hash of the idempotency key.
    #[must_use]
    pub fn dedup_key(&self) -> [u8; 32] {
        let mut hasher = Sha256::new();
        hasher.update(b"climes\0");
        hasher.update(self.idempotency_key().as_bytes());
        hasher.finalize().into()
    }

    /// When it was, to the millisecond.
    #[must_use]
    pub fn instant(&self) -> DateTime<Utc> {
        instant(self.timestamp).unwrap_or_default()
    }

    /// What is carried, and how that is known.
    #[must_use]
    pub fn cargo(&self) -> Cargo {
        let weight = self.shipment_weight;
        let containers = self.teu.filter(|teu| *teu > 0.0);
        let containers = containers.filter(|_| self.vehicle.code.category() == Category::Maritime);
        match (self.is_empty, containers, self.items_share()) {
            (true, ..) => Cargo::Empty,
            (_, Some(teu), _) if self.service_type == ServiceType::FullContainer => Cargo::Containers(teu),
            _ if weight > Kilograms::ZERO => Cargo::Weighed(weight),
            (.., Some(share)) => Cargo::ItemsShare(share),
            (_, Some(teu), _) => Cargo::Containers(teu),
            _ => Cargo::Weighed(weight),
        }
    }

    /// Share of the trip's weight = trip weight x customer's items / all items; nothing where it has none.
    fn items_share(&self) -> Option<Kilograms> {
        let counted = self.customer_items > 0.0 && self.customer_items <= self.total_items;
        let share = self.trip_weight.get() * (self.customer_items / self.total_items);
        Kilograms::new(share).ok().filter(|share| counted && *share > Kilograms::ZERO)
    }

    /// The load to calculate with; nothing for an empty trip.
    #[must_use]
    pub fn load(&self) -> Option<Load> {
        match self.cargo() {
            Cargo::Weighed(kg) | Cargo::ItemsShare(kg) => Load::new(kg.get(), LoadUnit::Kg).ok(),
            Cargo::Containers(teu) => Load::new(teu, LoadUnit::Teu).ok(),
            Cargo::Empty => None,
        }
    }

    /// Transport activity = mass x distance, in **kilogram-kilometres**. Full containers count by the shipment's weight too,
    /// where it has one; `calculated` stands in where it has none.
    #[must_use]
    pub fn activity_kg_km(&self, calculated: TonneKilometres) -> f64 {
        match self.cargo() {
            Cargo::Empty => 0.0,
            Cargo::ItemsShare(kg) => kg.get() * self.distance.get(),
            Cargo::Containers(_) if self.shipment_weight == Kilograms::ZERO => calculated.get() * 1000.0,
            Cargo::Weighed(_) | Cargo::Containers(_) => self.shipment_weight.get() * self.distance.get(),
        }
    }

    /// Whether the goods are kept at a temperature: `load_type` is one of the words for that, in any case.
    #[must_use]
    pub fn temperature(&self) -> Temperature {
        let letters = self.load_type.chars().filter(|c| c.is_alphanumeric());
        let word: String = letters.flat_map(char::to_lowercase).collect();
        match word.as_str() {
            "frozen" | "chilled" | "refrigerated" | "reefer" | "coldchain" | "temperaturecontrolled" => {
                Temperature::Controlled
            }
            _ => Temperature::Ambient,
        }
    }

    /// Whether the factor's empty running counts: not where the distance contains the vehicle's empty kilometres. An empty
    /// trip is calculated with average kilometres, empty ones included.
    #[must_use]
    pub const fn empty_running(&self) -> EmptyRunning {
        match self.empty_distance_included && !self.is_empty {
            true => EmptyRunning::TakenOut,
            false => EmptyRunning::Contained,
        }
    }

    /// Whether somebody else than the client carries it: ownership is neither `Own` nor `Owned`.
    #[must_use]
    pub fn is_subcontracted(&self) -> bool {
        !["own", "owned"].iter().any(|own| self.vehicle.ownership.eq_ignore_ascii_case(own))
    }

    /// What is odd about the trip, for people: it is calculated all the same.
    #[must_use]
    pub fn notes(&self) -> Vec<String> {
        let (shipment, trip) = (self.shipment_weight.get(), self.trip_weight.get());
        let mut notes = Vec::new();
        let code = self.vehicle.code;
        if let Some(capacity) = code.payload_capacity_kg().filter(|capacity| trip > *capacity) {
            let code = code.as_str();
            notes.push(format!(
                "trip_weight {trip} kg is more than the payload capacity of {code}, {capacity} kg"
            ));
        }
        if !self.is_empty && trip > 0.0 && shipment > trip {
            notes.push(format!("shipment_weight {shipment} kg is more than trip_weight {trip} kg"));
        }
        match self.cargo() {
            Cargo::Empty => notes.push(
                "the trip is empty: its activity is 0, and its emissions are those of average kilometres of the vehicle"
                    .to_owned(),
            ),
            Cargo::ItemsShare(kg) => {
                notes.push(format!("the shipment's weight is its items' share of trip_weight, {} kg", kg.get()));
            }
            Cargo::Weighed(kg) if kg == Kilograms::ZERO => {
                notes.push("nothing says what the shipment weighs: its emissions are 0".to_owned());
            }
            Cargo::Weighed(_) | Cargo::Containers(_) => {}
        }
        notes
    }
}

/// The time that a timestamp means, if it lies before the year 2101.
fn instant(timestamp: f64) -> Option<DateTime<Utc>> {
    const YEAR_2101: f64 = 4_133_980_800.0;
    let is_seconds = timestamp < Trip::MILLISECONDS_FROM;
    let millis = if is_seconds { timestamp * 1000.0 } else { timestamp };
    #[expect(clippy::cast_possible_truncation, reason = "it is within the bounds, and fractions are dropped")]
    (0.0..YEAR_2101 * 1000.0)
        .contains(&millis)
        .then_some(millis as i64)
        .and_then(DateTime::from_timestamp_millis)
}

#[cfg(test)]
mod tests;
