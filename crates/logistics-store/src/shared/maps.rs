//! What organizations know better about the map.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::upsert::excluded;
use logistics_domain::geography::{AliasName, AvoidedPassages, GeographySettings, Passage, Place};
use logistics_domain::ids::OrganizationId;
use logistics_domain::ports::{GeographyRepository, Maps, StoreError};

use super::Store;
use super::backend::{self, Connection};
use crate::columns::{InstantValue, UidValue};
use crate::error::WorkError;
use crate::records::{RecordError, from_json, impossible, to_json};
use crate::schema::{organizations, pinned_places};

impl Maps for Store {
    fn geography(&self, organization: OrganizationId) -> Box<dyn GeographyRepository> {
        Box::new(StoredMap { store: self.clone(), organization: UidValue(organization.0) })
    }
}

struct StoredMap {
    store: Store,
    organization: UidValue,
}

#[async_trait]
impl GeographyRepository for StoredMap {
    async fn settings(&self) -> Result<GeographySettings, StoreError> {
        let organization = self.organization;
        let read = self.store.read(move |connection| {
            backend::snapshot(connection, |connection| {
                let avoid = avoided(connection, organization)?;
                Ok(GeographySettings::new(pinned(connection, organization)?, avoid))
            })
        });
        read.await
    }

    async fn aliases(&self) -> Result<Vec<(AliasName, Place)>, StoreError> {
        let organization = self.organization;
        self.store.read(move |connection| pinned(connection, organization)).await
    }

    async fn pin(&self, name: &AliasName, place: &Place, at: DateTime<Utc>) -> Result<(), StoreError> {
        let (organization, name) = (self.organization, name.as_str().to_owned());
        let place = to_json("place", place).map_err(WorkError::from)?;
        let at = InstantValue::new(at);
        let pinned = self.store.write(move |connection| {
            diesel::insert_into(pinned_places::table)
                .values((
                    pinned_places::organization_id.eq(organization),
                    pinned_places::name.eq(&name),
                    pinned_places::place.eq(&place),
                    pinned_places::created_at.eq(at),
                    pinned_places::updated_at.eq(at),
                ))
                .on_conflict((pinned_places::organization_id, pinned_places::name))
                .do_update()
                .set((
                    pinned_places::place.eq(excluded(pinned_places::place)),
                    pinned_places::updated_at.eq(excluded(pinned_places::updated_at)),
                ))
                .execute(connection)?;
            Ok(())
        });
        pinned.await
    }

    async fn unpin(&self, name: &AliasName) -> Result<bool, StoreError> {
        let (organization, name) = (self.organization, name.as_str().to_owned());
        let removed = self.store.write(move |connection| {
            let pinned = pinned_places::table.find((organization, &name));
            Ok(diesel::delete(pinned).execute(connection)? > 0)
        });
        removed.await
    }

    async fn avoid(&self, passages: AvoidedPassages) -> Result<(), StoreError> {
        let organization = self.organization;
        let names = to_json("avoided_passages", &passages.iter().collect::<Vec<Passage>>());
        let names = names.map_err(WorkError::from)?;
        let set = self.store.write(move |connection| {
            let set = diesel::update(organizations::table.find(organization))
                .set(organizations::avoided_passages.eq(&names))
                .execute(connection)?;
            if set == 0 { Err(diesel::result::Error::NotFound.into()) } else { Ok(()) }
        });
        set.await
    }
}

/// The passages that an organization's ships avoid; none for an organization that is not known.
fn avoided(connection: &mut Connection, organization: UidValue) -> Result<AvoidedPassages, WorkError> {
    let names: Option<String> = organizations::table
        .find(organization)
        .select(organizations::avoided_passages)
        .first(connection)
        .optional()?;
    let passages: Option<Vec<Passage>> =
        names.map(|names| from_json("avoided_passages", &names)).transpose()?;
    Ok(passages.into_iter().flatten().collect())
}

/// The places that an organization pinned, by name.
fn pinned(connection: &mut Connection, organization: UidValue) -> Result<Vec<(AliasName, Place)>, WorkError> {
    let rows: Vec<(String, String)> = pinned_places::table
        .filter(pinned_places::organization_id.eq(organization))
        .order(pinned_places::name)
        .select((pinned_places::name, pinned_places::place))
        .load(connection)?;
    let alias = |(name, place): (String, String)| {
        let name = AliasName::of(&name).ok_or_else(|| impossible("name", &name))?;
        Ok((name, from_json("place", &place)?))
    };
    let aliases: Result<_, RecordError> = rows.into_iter().map(alias).collect();
    Ok(aliases?)
}
