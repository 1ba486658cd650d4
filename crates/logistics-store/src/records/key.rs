//! API keys, as rows.

use diesel::prelude::*;
use logistics_domain::accounts::{Access, ApiKey, KnownKey};
use logistics_domain::ids::{ApiKeyId, OrganizationId};

use super::{RecordError, impossible};
use crate::columns::{InstantValue, UidValue};
use crate::schema::api_keys;

/// A row of `api_keys`.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = api_keys)]
pub struct KeyRow {
    pub id: UidValue,
    organization_id: UidValue,
    name: String,
    prefix: String,
    hash: Vec<u8>,
    access: String,
    manages: bool,
    created_at: InstantValue,
    expires_at: Option<InstantValue>,
    last_used_at: Option<InstantValue>,
    revoked_at: Option<InstantValue>,
}

impl KeyRow {
    /// The key with the other organizations that it works for, as it is presented.
    pub fn known(self, others: Vec<OrganizationId>) -> Result<KnownKey, RecordError> {
        let hash: Result<[u8; 32], _> = self.hash.as_slice().try_into();
        Ok(KnownKey {
            id: ApiKeyId(self.id.0),
            hash: hash.map_err(|_length| impossible("api_keys.hash", "not 32 bytes"))?,
            access: self.access()?,
            expires_at: self.expires_at.map(InstantValue::get),
            organizations: self.organizations(others),
        })
    }

    /// The key with the other organizations that it works for, as it is managed.
    pub fn key(self, others: Vec<OrganizationId>) -> Result<ApiKey, RecordError> {
        Ok(ApiKey {
            id: ApiKeyId(self.id.0),
            access: self.access()?,
            organizations: self.organizations(others),
            created_at: self.created_at.get(),
            expires_at: self.expires_at.map(InstantValue::get),
            last_used_at: self.last_used_at.map(InstantValue::get),
            revoked_at: self.revoked_at.map(InstantValue::get),
            name: self.name,
            prefix: self.prefix,
        })
    }

    fn access(&self) -> Result<Access, RecordError> {
        match Access::from_name(&self.access) {
            Some(Access::Write) if self.manages => Ok(Access::Admin),
            Some(access) => Ok(access),
            None => Err(impossible("api_keys.access", &self.access)),
        }
    }

    fn organizations(&self, others: Vec<OrganizationId>) -> Vec<OrganizationId> {
        std::iter::once(OrganizationId(self.organization_id.0)).chain(others).collect()
    }
}

/// What `access` and `manages` say of an access.
pub fn access_columns(access: Access) -> (&'static str, bool) {
    match access {
        Access::Read => ("read", false),
        Access::Write => ("write", false),
        Access::Admin => ("write", true),
    }
}
