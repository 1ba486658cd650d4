//! What the domain needs from outside, apart from geography.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use thiserror::Error;

use crate::accounts::Accounts;
use crate::geography::{AliasName, AvoidedPassages, GeographySettings, Place};
use crate::hub::Hubs;
use crate::ids::{LegId, OrganizationId, PackageId};
use crate::intake::Intakes;
use crate::jobs::{Jobs, Outbox, WorkQueue};
use crate::leg::{LegFilter, LegRecord, Outcome, ResolvedLeg};
use crate::package::{PackageFilter, PackageRecord};
use crate::recharge::Recharges;
use crate::report::Ledgers;
use crate::sessions::Sessions;
use crate::trip::Trips;
use crate::uploads::Uploads;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The time now.
    fn now(&self) -> DateTime<Utc>;
}

/// Why a store did not answer.
#[derive(Debug, Error)]
pub enum StoreError {
    /// It is too busy or away; the same call may succeed later.
    #[error("the store is not available: {0}")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It holds something that cannot be, or refused something that should be possible.
    #[error("the store failed: {0}")]
    Broken(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// A leg to keep, with what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct LegToSave {
    /// The id for the leg, if it is new.
    pub id: LegId,
    /// The leg.
    pub leg: ResolvedLeg,
    /// What became of it.
    pub outcome: Outcome,
}

/// A part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// Which page, from 1.
    pub number: u32,
    /// How many entries a page has.
    pub size: u32,
}

/// One page of a list, and how long the list is.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed<T> {
    /// The entries of the page.
    pub items: Vec<T>,
    /// How many entries the list has.
    pub total: u64,
}

/// The legs of one organization. It is opened for that organization and cannot reach another's. The newest leg is the one
/// that was stored last; one that takes another's place keeps that.
#[async_trait]
pub trait LegRepository: Send + Sync {
    /// Keeps legs, their packages and their results, all or none.
    ///
    /// A leg with a `movement_id` that is the same as one kept before (see [`dedup_key`](ResolvedLeg::dedup_key)) takes its
    /// place: the row keeps its id and time of creation, its former result is kept beside the new one.
    async fn save(&self, legs: Vec<LegToSave>, at: DateTime<Utc>) -> Result<Vec<LegRecord>, StoreError>;

    /// One leg.
    async fn find(&self, id: LegId) -> Result<Option<LegRecord>, StoreError>;

    /// The legs that a filter admits, newest first.
    async fn select(&self, filter: &LegFilter, page: Page) -> Result<Listed<LegRecord>, StoreError>;

    /// Removes legs with all their results. Answers whether there were all of them; if not, none is removed.
    async fn delete(&self, ids: &[LegId], at: DateTime<Utc>) -> Result<bool, StoreError>;

    /// The clients of the legs, each once, sorted by their characters' code points.
    async fn clients(&self) -> Result<Vec<String>, StoreError>;

    /// How many legs there are, and when one of them was last changed.
    async fn overview(&self) -> Result<Overview, StoreError>;
}

/// How many of something there are, and when one of them was last changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overview {
    /// How many there are.
    pub count: u64,
    /// The latest change of those that there are; nothing where there are none.
    pub last_updated: Option<DateTime<Utc>>,
}

/// The packages of one organization. Legs make them; see [`LegRepository::save`].
#[async_trait]
pub trait PackageRepository: Send + Sync {
    /// One package.
    async fn find(&self, id: PackageId) -> Result<Option<PackageRecord>, StoreError>;

    /// The packages that a filter admits, newest first.
    async fn select(&self, filter: &PackageFilter, page: Page) -> Result<Listed<PackageRecord>, StoreError>;
}

/// What one organization knows better about the map.
#[async_trait]
pub trait GeographyRepository: Send + Sync {
    /// All of it, for calculations.
    async fn settings(&self) -> Result<GeographySettings, StoreError>;

    /// The pinned places, in alphabetical order of their names.
    async fn aliases(&self) -> Result<Vec<(AliasName, Place)>, StoreError>;

    /// Pins a place; a pin of the same name is replaced.
    async fn pin(&self, name: &AliasName, place: &Place, at: DateTime<Utc>) -> Result<(), StoreError>;

    /// Removes a pin. Answers whether there was one.
    async fn unpin(&self, name: &AliasName) -> Result<bool, StoreError>;

    /// Sets the passages that the organization's ships avoid.
    async fn avoid(&self, passages: AvoidedPassages) -> Result<(), StoreError>;
}

/// Opens an organization's repositories.
#[async_trait]
pub trait Repositories: Send + Sync {
    /// Whether the store can be asked.
    async fn ping(&self) -> Result<(), StoreError>;

    /// The organization's legs.
    fn legs(&self, organization: OrganizationId) -> Box<dyn LegRepository>;

    /// The organization's packages.
    fn packages(&self, organization: OrganizationId) -> Box<dyn PackageRepository>;
}

/// Opens an organization's map.
pub trait Maps: Send + Sync {
    /// What the organization knows better about the map.
    fn geography(&self, organization: OrganizationId) -> Box<dyn GeographyRepository>;
}

/// Every port that a store implements.
pub trait StorePorts:
    Accounts
    + Repositories
    + Intakes
    + Jobs
    + WorkQueue
    + Outbox
    + Maps
    + Hubs
    + Sessions
    + Trips
    + Recharges
    + Ledgers
    + Uploads
{
}
