//! Logistics hubs: the places where freight is stored or changes vehicles.
//!
//! A hub lends a leg two things: its address, where the leg's client names the hub instead of an address, and its share
//! of what storing and handling emits, where the client says that the hub handled the load.

mod directory;
mod draft;
mod repository;

pub use directory::{End, HubDirectory, HubFault, HubMentions};
pub use draft::{HubDraft, Patch};
pub use repository::{HubFilter, HubRepository, HubWrite, Hubs, Removal};

use chrono::{DateTime, Utc};
use emissions_core::{CountryCode, HubCategory, HubStay, KgCo2e, KgCo2ePerTonne, Tonnes};
use uuid::Uuid;

use crate::ids::HubId;

/// Whose hub it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HubKind {
    /// The organization's own.
    Owned,
    /// Another company's.
    Subcontracted,
}

impl HubKind {
    /// Both kinds.
    pub const ALL: [Self; 2] = [Self::Owned, Self::Subcontracted];

    /// The kind's name: `owned` or `subcontracted`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owned => "owned",
            Self::Subcontracted => "subcontracted",
        }
    }

    /// The kind with that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// Whether a hub can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum HubStatus {
    /// It can.
    #[default]
    Active,
    /// It is out of use for a while.
    Inactive,
    /// Its data are at fault.
    Error,
    /// It is out of use for good.
    Archived,
}

impl HubStatus {
    /// Every status.
    pub const ALL: [Self; 4] = [Self::Active, Self::Inactive, Self::Error, Self::Archived];

    /// The status's name: `active`, `inactive`, `error` or `archived`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Inactive => "inactive",
            Self::Error => "error",
            Self::Archived => "archived",
        }
    }

    /// The status with that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == name)
    }
}

/// What a hub is found by: a name or an external code with case and blanks evened out, so that `Madrid  HUB` and
/// `madrid hub` are the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HubKey(String);

impl HubKey {
    /// The key that a text is; nothing if the text is blank.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
        (!words.is_empty()).then(|| Self(words.join(" ")))
    }

    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// All that the organization says about a hub.
#[derive(Debug, Clone, PartialEq)]
pub struct HubProfile {
    /// Its name; no two hubs of an organization have the same [`HubKey`].
    pub name: String,
    /// The organization's own code for it, as in `HUB-MAD-001`; unique in the same way.
    pub external_code: Option<String>,
    /// Whose it is.
    pub kind: HubKind,
    /// What it does, for the default intensity of its kind.
    pub category: Option<HubCategory>,
    /// Where it is, as written.
    pub address: Option<String>,
    /// The country that it is in.
    pub country: Option<CountryCode>,
    /// Whether it can be used.
    pub status: HubStatus,
    /// Whether it has a supercharger.
    pub supercharger: bool,
    /// The facility that its energy is accounted under; only own hubs have one.
    pub facility_id: Option<Uuid>,
    /// What an own hub emits in a year (scopes 1 and 2).
    pub annual_co2e: Option<KgCo2e>,
    /// What leaves an own hub in the same year; more than nothing.
    pub annual_throughput: Option<Tonnes>,
}

impl HubProfile {
    /// What the hub emits for each tonne that leaves it: annual emissions / annual throughput (ISO 14083:2023, clause 9).
    /// Only for own hubs with both figures.
    #[must_use]
    pub fn measured(&self) -> Option<KgCo2ePerTonne> {
        let (co2e, throughput) = (self.annual_co2e?, self.annual_throughput?);
        KgCo2ePerTonne::new(co2e.get() / throughput.get()).ok()
    }

    /// How a load's stay is calculated: by what an own hub measured, or by the default of the hub's kind. Nothing if
    /// neither is known.
    #[must_use]
    pub fn stay(&self) -> Option<HubStay> {
        self.measured().map(HubStay::Measured).or(self.category.map(HubStay::Subcontracted))
    }
}

/// A hub as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Hub {
    /// Its id.
    pub id: HubId,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was last changed; nothing if never.
    pub updated_at: Option<DateTime<Utc>>,
    /// What the organization says about it.
    pub profile: HubProfile,
}
