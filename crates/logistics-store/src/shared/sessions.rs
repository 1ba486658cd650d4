//! Sessions of browsers.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use logistics_domain::ids::{ApiKeyId, OrganizationId};
use logistics_domain::ports::StoreError;
use logistics_domain::sessions::{LASTS, NewSession, Session, Sessions};

use super::backend::Connection;
use super::{Store, accounts};
use crate::columns::{InstantValue, UidValue};
use crate::error::WorkError;
use crate::schema::sessions;

#[async_trait]
impl Sessions for Store {
    async fn begin(&self, session: NewSession, at: DateTime<Utc>) -> Result<(), StoreError> {
        let begun = self.write(move |connection| begin(connection, &session, at));
        begun.await
    }

    async fn session(&self, token: [u8; 32], at: DateTime<Utc>) -> Result<Option<Session>, StoreError> {
        let found = self.read(move |connection| {
            let session: Option<(UidValue, UidValue)> = sessions::table
                .filter(sessions::token.eq(token.as_slice()))
                .filter(sessions::expires_at.gt(InstantValue::new(at)))
                .select((sessions::organization_id, sessions::key_id))
                .first(connection)
                .optional()?;
            let Some((organization, key)) = session else { return Ok(None) };
            let organization = OrganizationId(organization.0);
            let key = accounts::known_by_id(connection, ApiKeyId(key.0))?;
            let key = key.filter(|key| key.holds(at) && key.works_for(organization));
            Ok(key.map(|key| Session { organization, key }))
        });
        found.await
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
