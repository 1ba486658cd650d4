//! An organization's legs.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use logistics_domain::ids::{LegId, OrganizationId};
use logistics_domain::leg::LegRecord;
use logistics_domain::ports::{LegRepository, LegToSave, Listed, Page, StoreError};

use super::{SqliteStore, read, save};
use crate::columns::InstantValue;

/// The legs of one organization.
pub struct SqliteLegs {
    pub store: SqliteStore,
    pub organization: OrganizationId,
}

#[async_trait]
impl LegRepository for SqliteLegs {
    async fn save(&self, legs: Vec<LegToSave>, at: DateTime<Utc>) -> Result<Vec<LegRecord>, StoreError> {
        if legs.is_empty() {
            return Ok(Vec::new());
        }
        let (store, organization) = (self.store.clone(), self.organization);
        let saved = self.store.0.writer.run(move |connection| {
            save::save(connection, &store.0.facts, organization, legs, InstantValue::new(at))
        });
        saved.await
    }

    async fn find(&self, id: LegId) -> Result<Option<LegRecord>, StoreError> {
        let (store, organization) = (self.store.clone(), self.organization);
        let found = self
            .store
            .0
            .readers
            .run(move |connection| read::find(connection, &store.0.facts, organization, id));
        found.await
    }

    async fn list(&self, page: Page) -> Result<Listed<LegRecord>, StoreError> {
        let (store, organization) = (self.store.clone(), self.organization);
        let listed = self
            .store
            .0
            .readers
            .run(move |connection| read::list(connection, &store.0.facts, organization, page));
        listed.await
    }
}
