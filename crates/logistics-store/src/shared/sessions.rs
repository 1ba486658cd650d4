//! Sessions of browsers.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use logistics_domain::ids::{ApiKeyId, OrganizationId};
use logistics_domain::ports::{KnownKey, StoreError};
use logistics_domain::sessions::{LASTS, NewSession, Sessions};

use super::Store;
use super::backend::Connection;
use crate::columns::{InstantValue, UidValue};
use crate::error::WorkError;
use crate::schema::{api_keys, sessions};

#[async_trait]
impl Sessions for Store {
    async fn begin(&self, session: NewSession, at: DateTime<Utc>) -> Result<(), StoreError> {
        let begun = self.write(move |connection| begin(connection, &session, at));
        begun.await
    }

    async fn session(&self, token: [u8; 32], at: DateTime<Utc>) -> Result<Option<KnownKey>, StoreError> {
        let found = self.read(move |connection| {
            let now = InstantValue::new(at);
            let same_key = api_keys::organization_id
                .eq(sessions::organization_id)
                .and(api_keys::id.eq(sessions::key_id));
            let key = sessions::table
                .inner_join(api_keys::table.on(same_key))
                .filter(sessions::token.eq(token.as_slice()))
                .filter(sessions::expires_at.gt(now))
                .filter(api_keys::revoked_at.is_null())
                .filter(api_keys::expires_at.is_null().or(api_keys::expires_at.gt(now)))
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

    async fn end(&self, token: [u8; 32]) -> Result<(), StoreError> {
        let ended = self.write(move |connection| {
            diesel::delete(sessions::table.filter(sessions::token.eq(token.as_slice())))
                .execute(connection)?;
            Ok(())
        });
        ended.await
    }
}

fn begin(connection: &mut Connection, session: &NewSession, at: DateTime<Utc>) -> Result<(), WorkError> {
    diesel::delete(sessions::table.filter(sessions::expires_at.le(InstantValue::new(at))))
        .execute(connection)?;
    diesel::insert_into(sessions::table)
        .values((
            sessions::organization_id.eq(UidValue(session.organization.0)),
            sessions::token.eq(session.token.as_slice()),
            sessions::key_id.eq(UidValue(session.key.0)),
            sessions::expires_at.eq(InstantValue::new(at + LASTS)),
        ))
        .execute(connection)?;
    Ok(())
}
