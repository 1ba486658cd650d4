use chrono::{DateTime, NaiveDate, Utc};
use emissions_core::{CountryCode, Kilometres, Load, LoadFactor, LoadUnit, TonneKilometres};
use sha2::{Digest, Sha256};

use super::{LegHubs, Traceability};
use crate::ids::{LegId, PackageId};
use crate::trip::{Trip, TripNumbers};
use crate::{Calculation, Category, LegFailure, numbers};

/// A leg whose vehicle, year and day are settled; only its distance and emissions are still to be found.
#[derive(Debug, Clone, PartialEq)]
pub struct ResolvedLeg {
    /// Where it begins: as written, or the address of the hub that was named.
    pub origin: Option<String>,
    /// Where it ends: as written, or the address of the hub that was named.
    pub destination: Option<String>,
    /// Its length, where the client knows it.
    pub distance: Option<Kilometres>,
    /// Its transport activity, where the client knows it.
    pub tkm: Option<TonneKilometres>,
    /// What is carried, where the client says.
    pub load: Option<Load>,
    /// The unit to show the load in.
    pub load_unit: LoadUnit,
    /// The share of the load that is really carried.
    pub load_factor: LoadFactor,
    /// The id of its transport operation category.
    pub toc: String,
    /// Nobody named the TOC: it is its category's generic average.
    pub toc_estimated: bool,
    /// The TOC's category.
    pub category: Category,
    /// The country whose factors apply; nothing for global ones.
    pub origin_country: Option<CountryCode>,
    /// The year of the factors.
    pub year: u16,
    /// Whether the vehicle was cleaned.
    pub cleaning: bool,
    /// The day of the shipment.
    pub shipment_date: NaiveDate,
    /// The client's own identifiers.
    pub trace: Traceability,
    /// What hubs have to do with it.
    pub hubs: LegHubs,
    /// What the client of a trip says of it; nothing for legs that are no trips.
    pub trip: Option<Box<Trip>>,
}

/// The family of APIs that a leg came in through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Family {
    /// Logistics requests.
    Dcycle,
    /// Freight-distance trips.
    Climes,
}

impl Family {
    /// The family's name: `dcycle` or `climes`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Dcycle => "dcycle",
            Self::Climes => "climes",
        }
    }
}

impl ResolvedLeg {
    /// The family of APIs that it came in through.
    #[must_use]
    pub const fn family(&self) -> Family {
        if self.trip.is_some() { Family::Climes } else { Family::Dcycle }
    }

    /// What identifies the leg within its organization: movement, stretch, stage, package, both ends and day, trimmed,
    /// nothing equal to nothing. Ends count as the client wrote them: a hub whose address is changed makes no other
    /// leg of one that is sent again. A leg without a movement is never the same as another. A trip is identified by its
    /// [own key](Trip::dedup_key).
    #[must_use]
    pub fn dedup_key(&self) -> Option<[u8; 32]> {
        if let Some(trip) = &self.trip {
            return Some(trip.dedup_key());
        }
        let movement = self.trace.movement_id.as_deref()?;
        let date = numbers::day(self.shipment_date);
        let (origin, destination) = match &self.hubs.written {
            Some(written) => (&written.origin, &written.destination),
            None => (&self.origin, &self.destination),
        };
        let parts = [
            Some(movement),
            self.trace.movement_stretch.as_deref(),
            self.trace.movement_stage.as_deref(),
            self.trace.package_key.as_deref(),
            origin.as_deref(),
            destination.as_deref(),
            Some(date.as_str()),
        ];
        // Hashed at once: piece by piece takes twice as long.
        let mut content = Vec::with_capacity(256);
        for part in parts {
            let part = part.unwrap_or_default();
            content.extend(u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
            content.extend(part.as_bytes());
        }
        Some(Sha256::digest(&content).into())
    }
}

/// Where a leg stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LegStatus {
    /// It waits to be calculated.
    Pending,
    /// It has a result.
    Active,
    /// It could not be calculated.
    Error,
}

impl LegStatus {
    /// Every status.
    pub const ALL: [Self; 3] = [Self::Pending, Self::Active, Self::Error];

    /// The status's name: `pending`, `active` or `error`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Error => "error",
        }
    }

    /// The status with that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == name)
    }
}

/// What became of a leg.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It waits to be calculated.
    Pending,
    /// It was calculated.
    Calculated(Box<Calculation>),
    /// It could not be calculated.
    Failed(LegFailure),
}

impl Outcome {
    /// The status that goes with it.
    #[must_use]
    pub const fn status(&self) -> LegStatus {
        match self {
            Self::Pending => LegStatus::Pending,
            Self::Calculated(_) => LegStatus::Active,
            Self::Failed(_) => LegStatus::Error,
        }
    }
}

/// A leg as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct LegRecord {
    /// Its id.
    pub id: LegId,
    /// When it was first stored.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// The package that it belongs to.
    pub package_id: Option<PackageId>,
    /// The numbers of a trip; nothing for legs that are no trips.
    pub trip: Option<TripNumbers>,
    /// The leg itself.
    pub leg: ResolvedLeg,
    /// What became of it.
    pub outcome: Outcome,
}
