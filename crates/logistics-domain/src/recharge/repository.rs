//! The port that keeps recharges, and what it is asked and given.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{Recharge, RechargeRecord};
use crate::ids::{FileId, FuelId, OrganizationId, ProjectId, RechargeId};
use crate::intake::{Answer, CallKey, Told};
use crate::leg::{AnyOf, Days};
use crate::ports::{Listed, Overview, Page, StoreError};

/// Which recharges of a list are meant: those that fulfil every condition that is set.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RechargeFilter {
    /// Text in the licence plate; case does not matter.
    pub search: Option<String>,
    /// Vehicles, as the list of TOCs names them.
    pub vehicles: AnyOf<String>,
    /// Fuels.
    pub fuels: AnyOf<FuelId>,
    /// Licence plates.
    pub plates: AnyOf<String>,
    /// What they were sent in with.
    pub files: AnyOf<FileId>,
    /// Projects.
    pub projects: AnyOf<ProjectId>,
    /// The day of the recharge.
    pub dates: Days,
    /// The day, in UTC, on which it was first stored.
    pub created: Days,
}

/// A recharge to keep.
#[derive(Debug, Clone, PartialEq)]
pub struct RechargeToSave {
    /// The id for it, if it is new.
    pub id: RechargeId,
    /// What it says.
    pub recharge: Recharge,
}

/// Writes the answer to a call from the recharges as they are kept. It runs inside the transaction: it must be quick.
pub type WriteRechargeAnswer = Box<dyn FnOnce(&[RechargeRecord]) -> Answer + Send>;

/// What a call brings.
pub struct RechargeDelivery {
    /// The recharges to keep.
    pub recharges: Vec<RechargeToSave>,
    /// The call's key, if it has one.
    pub call: Option<CallKey>,
    /// Writes the answer.
    pub answer: WriteRechargeAnswer,
}

/// What recharges can be told apart by in lists of their values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RechargeField {
    /// The fuel's name.
    FuelName,
    /// What they were sent in with.
    File,
}

/// A value, and how many recharges have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueCount {
    /// The value; nothing for those that have none.
    pub value: Option<String>,
    /// How many there are.
    pub count: u64,
}

/// The recharges of one organization. It is opened for that organization and cannot reach another's.
#[async_trait]
pub trait RechargeRepository: Send + Sync {
    /// Keeps recharges together with the answer, if the call has a key: all or none. A call that was done before has no
    /// effect, also if both are under way at once.
    ///
    /// A recharge whose [key](Recharge::key) stands already takes the place of that one, which keeps its id and time of
    /// creation. The records are those of the recharges, in their order; of equal ones in a call the last counts.
    async fn take(&self, delivery: RechargeDelivery, at: DateTime<Utc>) -> Result<Told, StoreError>;

    /// The recharges that a filter admits, newest first.
    async fn select(&self, filter: &RechargeFilter, page: Page)
    -> Result<Listed<RechargeRecord>, StoreError>;

    /// Removes recharges. Answers whether there were all of them; if not, none is removed.
    async fn delete(&self, ids: &[RechargeId]) -> Result<bool, StoreError>;

    /// The values of a field with their counts, in alphabetical order; those without one first.
    async fn values(&self, field: RechargeField) -> Result<Vec<ValueCount>, StoreError>;

    /// How many recharges there are, and when one was last stored.
    async fn overview(&self, project: Option<ProjectId>) -> Result<Overview, StoreError>;
}

/// Opens an organization's recharges.
pub trait Recharges: Send + Sync {
    /// The organization's recharges.
    fn recharges(&self, organization: OrganizationId) -> Box<dyn RechargeRepository>;
}
