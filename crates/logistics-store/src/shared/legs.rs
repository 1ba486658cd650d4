//! An organization's legs.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use logistics_domain::ids::{LegId, OrganizationId};
use logistics_domain::leg::{LegFilter, LegRecord};
use logistics_domain::ports::{LegRepository, LegToSave, Listed, Overview, Page, StoreError};

use super::save::Legs;
use super::{Store, delete, overview, read, save};
use crate::columns::InstantValue;

/// The legs of one organization.
pub struct StoredLegs {
    pub store: Store,
    pub organization: OrganizationId,
}

#[async_trait]
impl LegRepository for StoredLegs {
    async fn save(&self, legs: Vec<LegToSave>, at: DateTime<Utc>) -> Result<Vec<LegRecord>, StoreError> {
        if legs.is_empty() {
            return Ok(Vec::new());
        }
        let (store, organization, at) = (self.store.clone(), self.organization, InstantValue::new(at));
        let saved = self.store.write_prepared(
            Legs::new(legs, at),
            move |legs, connection| legs.reserve(connection, organization),
            move |legs, connection| save::write(connection, store.facts(), organization, legs, at),
        );
        let (facts, legs) = saved.await?;
        self.store.note(facts);
        Ok(legs.records)
    }

    async fn find(&self, id: LegId) -> Result<Option<LegRecord>, StoreError> {
        let (store, organization) = (self.store.clone(), self.organization);
        let found =
            self.store.read(move |connection| read::find(connection, store.facts(), organization, id));
        found.await
    }

    async fn select(&self, filter: &LegFilter, page: Page) -> Result<Listed<LegRecord>, StoreError> {
        let (store, organization, filter) = (self.store.clone(), self.organization, filter.clone());
        let listed = self.store.read(move |connection| {
            read::list(connection, store.facts(), store.blocks(), organization, &filter, page)
        });
        listed.await
    }

    async fn delete(&self, ids: &[LegId], at: DateTime<Utc>) -> Result<bool, StoreError> {
        let (organization, ids, at) = (self.organization, ids.to_vec(), InstantValue::new(at));
        self.store.write(move |connection| delete::by_ids(connection, organization, &ids, at)).await
    }

    async fn clients(&self) -> Result<Vec<String>, StoreError> {
        let organization = self.organization;
        self.store.read(move |connection| overview::clients(connection, organization)).await
    }

    async fn overview(&self) -> Result<Overview, StoreError> {
        let organization = self.organization;
        self.store.read(move |connection| overview::legs(connection, organization)).await
    }
}
