//! Organizations and their keys.

use std::collections::HashMap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use logistics_domain::accounts::{
    Access, Accounts, ApiKey, KeyMade, KnownKey, NewKey, NewOrganization, Organization,
};
use logistics_domain::ids::{ApiKeyId, OrganizationId};
use logistics_domain::ports::StoreError;
use uuid::Uuid;

use super::Store;
use super::backend::{self, Connection};
use crate::columns::{InstantValue, UidValue};
use crate::error::WorkError;
use crate::records::{KeyRow, access_columns};
use crate::schema::{api_key_organizations as others, api_keys, organizations};

/// The name of the key that comes with an organization.
const FIRST_KEY: &str = "first key";

#[async_trait]
impl Accounts for Store {
    async fn key(&self, hash: [u8; 32]) -> Result<Option<KnownKey>, StoreError> {
        let found = self.read(move |connection| {
            let key = api_keys::table
                .filter(api_keys::hash.eq(hash.as_slice()))
                .filter(api_keys::revoked_at.is_null())
                .select(KeyRow::as_select())
                .first(connection)
                .optional()?;
            known(connection, key)
        });
        found.await
    }

    async fn bootstrap(&self, organization: &NewOrganization, at: DateTime<Utc>) -> Result<bool, StoreError> {
        let organization = organization.clone();
        let made = self.write(move |connection| bootstrap(connection, &organization, InstantValue::new(at)));
        made.await
    }

    async fn create_organization(&self, organization: &Organization) -> Result<bool, StoreError> {
        let organization = organization.clone();
        let made = self.write(move |connection| create_organization(connection, &organization, None));
        made.await
    }

    async fn organizations(&self) -> Result<Vec<Organization>, StoreError> {
        let found = self.read(|connection| {
            let rows: Vec<(UidValue, String, InstantValue)> = organizations::table
                .order((organizations::created_at, organizations::id))
                .select((organizations::id, organizations::name, organizations::created_at))
                .load(connection)?;
            Ok(rows)
        });
        let organization = |(id, name, created_at): (UidValue, String, InstantValue)| Organization {
            id: OrganizationId(id.0),
            name,
            created_at: created_at.get(),
        };
        Ok(found.await?.into_iter().map(organization).collect())
    }

    async fn create_key(&self, key: &NewKey, at: DateTime<Utc>) -> Result<KeyMade, StoreError> {
        let key = key.clone();
        let made = self.write(move |connection| create_key(connection, &key, InstantValue::new(at)));
        made.await
    }

    async fn keys(&self, organization: Option<OrganizationId>) -> Result<Vec<ApiKey>, StoreError> {
        let found = self.read(move |connection| {
            backend::snapshot(connection, |connection| list(connection, organization))
        });
        found.await
    }

    async fn find_key(&self, id: ApiKeyId) -> Result<Option<ApiKey>, StoreError> {
        let found = self.read(move |connection| find(connection, id));
        found.await
    }

    async fn revoke(&self, id: ApiKeyId, at: DateTime<Utc>) -> Result<bool, StoreError> {
        let revoked = self.write(move |connection| {
            let key = api_keys::table.filter(api_keys::id.eq(UidValue(id.0)));
            diesel::update(key.filter(api_keys::revoked_at.is_null()))
                .set(api_keys::revoked_at.eq(InstantValue::new(at)))
                .execute(connection)?;
            let known: Option<UidValue> = key.select(api_keys::id).first(connection).optional()?;
            Ok(known.is_some())
        });
        revoked.await
    }

    async fn note_use(&self, mut uses: Vec<(ApiKeyId, DateTime<Utc>)>) -> Result<(), StoreError> {
        uses.sort_unstable();
        let noted = self.write(move |connection| {
            for (id, at) in &uses {
                let at = InstantValue::new(*at);
                let earlier = api_keys::last_used_at.is_null().or(api_keys::last_used_at.lt(at));
                let key = api_keys::table.filter(api_keys::id.eq(UidValue(id.0)).and(earlier));
                diesel::update(key).set(api_keys::last_used_at.eq(at)).execute(connection)?;
            }
            Ok(())
        });
        noted.await
    }
}

fn bootstrap(
    connection: &mut Connection,
    organization: &NewOrganization,
    at: InstantValue,
) -> Result<bool, WorkError> {
    backend::lock_organizations(connection)?;
    let first = organizations::table.select(organizations::id).first::<UidValue>(connection).optional()?;
    if first.is_some() {
        return Ok(false);
    }
    insert_organization(connection, organization.id, &organization.name, at)?;
    let (access, manages) = access_columns(Access::Admin);
    diesel::insert_into(api_keys::table)
        .values((
            api_keys::organization_id.eq(UidValue(organization.id.0)),
            api_keys::id.eq(UidValue(Uuid::now_v7())),
            api_keys::name.eq(FIRST_KEY),
            api_keys::prefix.eq(&organization.key_prefix),
            api_keys::hash.eq(organization.key_hash.as_slice()),
            api_keys::access.eq(access),
            api_keys::manages.eq(manages),
            api_keys::created_at.eq(at),
        ))
        .execute(connection)?;
    Ok(true)
}

/// Creates an organization, for which its maker works from then on. Answers whether the id was free.
pub fn create_organization(
    connection: &mut Connection,
    organization: &Organization,
    maker: Option<ApiKeyId>,
) -> Result<bool, WorkError> {
    if is_organization(connection, organization.id)? {
        return Ok(false);
    }
    let Organization { id, name, created_at } = organization;
    insert_organization(connection, *id, name, InstantValue::new(*created_at))?;
    if let Some(maker) = maker {
        insert_others(connection, maker, &[*id])?;
    }
    Ok(true)
}

/// Creates a key.
pub fn create_key(connection: &mut Connection, key: &NewKey, at: InstantValue) -> Result<KeyMade, WorkError> {
    for organization in std::iter::once(&key.organization).chain(&key.others) {
        if !is_organization(connection, *organization)? {
            return Ok(KeyMade::NoOrganization(*organization));
        }
    }
    let (access, manages) = access_columns(key.access);
    diesel::insert_into(api_keys::table)
        .values((
            api_keys::organization_id.eq(UidValue(key.organization.0)),
            api_keys::id.eq(UidValue(key.id.0)),
            api_keys::name.eq(key.name.as_str()),
            api_keys::prefix.eq(&key.prefix),
            api_keys::hash.eq(key.hash.as_slice()),
            api_keys::access.eq(access),
            api_keys::manages.eq(manages),
            api_keys::created_at.eq(at),
            api_keys::expires_at.eq(key.expires_at.map(InstantValue::new)),
        ))
        .execute(connection)?;
    insert_others(connection, key.id, &key.others)?;
    let made = find(connection, key.id)?;
    made.map(KeyMade::Made).ok_or_else(|| diesel::result::Error::NotFound.into())
}

fn list(connection: &mut Connection, organization: Option<OrganizationId>) -> Result<Vec<ApiKey>, WorkError> {
    let mut keys = api_keys::table.into_boxed();
    if let Some(organization) = organization {
        let organization = UidValue(organization.0);
        let also_for = others::table.filter(others::organization_id.eq(organization)).select(others::key_id);
        let own = api_keys::organization_id.eq(organization);
        keys = keys.filter(own.or(api_keys::id.eq_any(also_for)));
    }
    let keys: Vec<KeyRow> =
        keys.order((api_keys::created_at, api_keys::id)).select(KeyRow::as_select()).load(connection)?;
    let ids: Vec<UidValue> = keys.iter().map(|key| key.id).collect();
    let mut of_keys = others_of(connection, &ids)?;
    let key = |key: KeyRow| {
        let others = of_keys.remove(&key.id).unwrap_or_default();
        Ok(key.key(others)?)
    };
    keys.into_iter().map(key).collect()
}

fn find(connection: &mut Connection, id: ApiKeyId) -> Result<Option<ApiKey>, WorkError> {
    let key = api_keys::table.filter(api_keys::id.eq(UidValue(id.0)));
    let key = key.select(KeyRow::as_select()).first(connection).optional()?;
    let Some(key) = key else { return Ok(None) };
    let others = others_of(connection, &[key.id])?.remove(&key.id).unwrap_or_default();
    Ok(Some(key.key(others)?))
}

/// The key with that id, unless it was revoked.
pub fn known_by_id(connection: &mut Connection, id: ApiKeyId) -> Result<Option<KnownKey>, WorkError> {
    let key = api_keys::table.filter(api_keys::id.eq(UidValue(id.0))).filter(api_keys::revoked_at.is_null());
    let key = key.select(KeyRow::as_select()).first(connection).optional()?;
    known(connection, key)
}

/// A row as a key that was presented.
fn known(connection: &mut Connection, key: Option<KeyRow>) -> Result<Option<KnownKey>, WorkError> {
    let Some(key) = key else { return Ok(None) };
    let others = others_of(connection, &[key.id])?.remove(&key.id).unwrap_or_default();
    Ok(Some(key.known(others)?))
}

/// The organizations that keys work for beside their own.
fn others_of(
    connection: &mut Connection,
    keys: &[UidValue],
) -> Result<HashMap<UidValue, Vec<OrganizationId>>, WorkError> {
    let mut found: HashMap<_, Vec<_>> = HashMap::new();
    for keys in keys.chunks(500) {
        let rows: Vec<(UidValue, UidValue)> = others::table
            .filter(others::key_id.eq_any(keys))
            .order((others::key_id, others::organization_id))
            .select((others::key_id, others::organization_id))
            .load(connection)?;
        for (key, organization) in rows {
            found.entry(key).or_default().push(OrganizationId(organization.0));
        }
    }
    Ok(found)
}

fn insert_organization(
    connection: &mut Connection,
    id: OrganizationId,
    name: &str,
    at: InstantValue,
) -> Result<(), WorkError> {
    diesel::insert_into(organizations::table)
        .values((
            organizations::id.eq(UidValue(id.0)),
            organizations::name.eq(name),
            organizations::created_at.eq(at),
        ))
        .execute(connection)?;
    Ok(())
}

fn insert_others(
    connection: &mut Connection,
    key: ApiKeyId,
    organizations: &[OrganizationId],
) -> Result<(), WorkError> {
    for organization in organizations {
        diesel::insert_into(others::table)
            .values((
                others::organization_id.eq(UidValue(organization.0)),
                others::key_id.eq(UidValue(key.0)),
            ))
            .execute(connection)?;
    }
    Ok(())
}

fn is_organization(connection: &mut Connection, id: OrganizationId) -> Result<bool, WorkError> {
    let organization = organizations::table.find(UidValue(id.0)).select(organizations::id);
    Ok(organization.first::<UidValue>(connection).optional()?.is_some())
}
