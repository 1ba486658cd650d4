//! Organizations and their keys.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use logistics_domain::ids::{ApiKeyId, OrganizationId};
use logistics_domain::ports::{Accounts, KnownKey, NewOrganization, StoreError};
use uuid::Uuid;

use super::Store;
use super::backend::{self, Connection};
use crate::columns::{InstantValue, UidValue};
use crate::error::WorkError;
use crate::schema::{api_keys, organizations};

/// The name of the key that comes with an organization.
const FIRST_KEY: &str = "first key";

#[async_trait]
impl Accounts for Store {
    /// The index compares hashes byte by byte. That tells a stranger nothing: to make a hash that begins like a known
    /// one, they would have to find a preimage.
    async fn key(&self, hash: [u8; 32]) -> Result<Option<KnownKey>, StoreError> {
        let found = self.read(move |connection| {
            let key = api_keys::table
                .filter(api_keys::hash.eq(hash.as_slice()))
                .filter(api_keys::revoked_at.is_null())
                .select((api_keys::id, api_keys::organization_id, api_keys::expires_at))
                .first::<(UidValue, UidValue, Option<InstantValue>)>(connection)
                .optional()?;
            Ok(key)
        });
        Ok(found.await?.map(|(id, organization, expires_at)| KnownKey {
            id: ApiKeyId(id.0),
            organization: OrganizationId(organization.0),
            expires_at: expires_at.map(InstantValue::get),
        }))
    }

    async fn bootstrap(&self, organization: &NewOrganization, at: DateTime<Utc>) -> Result<bool, StoreError> {
        let organization = organization.clone();
        let made = self.write(move |connection| bootstrap(connection, &organization, InstantValue::new(at)));
        made.await
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
    let id = UidValue(organization.id.0);
    diesel::insert_into(organizations::table)
        .values((
            organizations::id.eq(id),
            organizations::name.eq(&organization.name),
            organizations::created_at.eq(at),
        ))
        .execute(connection)?;
    diesel::insert_into(api_keys::table)
        .values((
            api_keys::organization_id.eq(id),
            api_keys::id.eq(UidValue(Uuid::now_v7())),
            api_keys::name.eq(FIRST_KEY),
            api_keys::prefix.eq(&organization.key_prefix),
            api_keys::hash.eq(organization.key_hash.as_slice()),
            api_keys::access.eq("write"),
            api_keys::created_at.eq(at),
        ))
        .execute(connection)?;
    Ok(true)
}
