//! The port that keeps hubs, and what it is asked and answers.

use async_trait::async_trait;
use emissions_core::HubCategory;

use super::{Hub, HubKind, HubMentions, HubStatus};
use crate::ids::{HubId, OrganizationId};
use crate::ports::{Listed, Overview, Page, StoreError};

/// Which hubs a list shows: those that fit every part that is set.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HubFilter {
    /// Text that the name contains; case and repeated blanks do not matter.
    pub name: Option<String>,
    /// Whose it is.
    pub kind: Option<HubKind>,
    /// What it does.
    pub category: Option<HubCategory>,
    /// Any of these; all if there are none.
    pub statuses: Vec<HubStatus>,
}

/// What became of a hub that was to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HubWrite {
    /// It is kept.
    Kept,
    /// Another hub of the organization has the same name.
    NameTaken,
    /// Another hub of the organization has the same external code.
    CodeTaken,
    /// The hub is not there any more, or not as it was read.
    Outdated,
}

/// What became of a hub that was to be removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removal {
    /// It is gone.
    Done,
    /// There was none.
    Unknown,
    /// A leg was handled by it: it stays.
    InUse,
}

/// The hubs of one organization. It is opened for that organization and cannot reach another's.
#[async_trait]
pub trait HubRepository: Send + Sync {
    /// Keeps a new hub.
    async fn create(&self, hub: &Hub) -> Result<HubWrite, StoreError>;

    /// Puts a hub in the place of the one that was read as `former`, unless it was changed meanwhile.
    async fn replace(&self, former: &Hub, hub: &Hub) -> Result<HubWrite, StoreError>;

    /// How many hubs there are, and when one was last created or changed.
    async fn overview(&self) -> Result<Overview, StoreError>;

    /// One hub.
    async fn find(&self, id: HubId) -> Result<Option<Hub>, StoreError>;

    /// Hubs, newest first.
    async fn list(&self, filter: &HubFilter, page: Page) -> Result<Listed<Hub>, StoreError>;

    /// The hubs that legs mention, in no particular order.
    async fn mentioned(&self, mentions: HubMentions) -> Result<Vec<Hub>, StoreError>;

    /// Removes a hub, unless a leg was handled by it.
    async fn remove(&self, id: HubId) -> Result<Removal, StoreError>;
}

/// Opens an organization's hubs.
pub trait Hubs: Send + Sync {
    /// The organization's hubs.
    fn hubs(&self, organization: OrganizationId) -> Box<dyn HubRepository>;
}
