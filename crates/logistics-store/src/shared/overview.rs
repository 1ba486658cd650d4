//! What an organization's legs and hubs come to.

use diesel::dsl::min;
use diesel::prelude::*;
use logistics_domain::ids::OrganizationId;
use logistics_domain::ports::Overview;

use super::backend::{self, Connection};
use crate::columns::{InstantValue, UidValue};
use crate::error::WorkError;
use crate::schema::{hubs, legs as table};

/// The clients of an organization's legs, sorted. Each is found behind the one before in an index: that takes as many
/// steps as there are clients, not legs.
pub fn clients(connection: &mut Connection, organization: OrganizationId) -> Result<Vec<String>, WorkError> {
    let own = table::organization_id.eq(UidValue(organization.0));
    backend::snapshot(connection, |connection| {
        let first = table::table.filter(own).select(min(table::client));
        let mut next: Option<String> = first.get_result(connection)?;
        let mut clients = Vec::new();
        while let Some(client) = next {
            let behind =
                table::table.filter(own).filter(table::client.gt(&client)).select(min(table::client));
            next = behind.get_result(connection)?;
            clients.push(client);
        }
        Ok(clients)
    })
}

/// How many legs an organization has, and when one was last changed.
pub fn legs(connection: &mut Connection, organization: OrganizationId) -> Result<Overview, WorkError> {
    let own = table::table.filter(table::organization_id.eq(UidValue(organization.0)));
    backend::snapshot(connection, |connection| {
        let count: i64 = own.count().get_result(connection)?;
        let latest = own.order(table::updated_at.desc()).select(table::updated_at);
        let last: Option<InstantValue> = latest.first(connection).optional()?;
        Ok(Overview { count: count.unsigned_abs(), last_updated: last.map(InstantValue::get) })
    })
}

/// How many hubs an organization has, and when one was last created or changed.
pub fn hubs(connection: &mut Connection, organization: OrganizationId) -> Result<Overview, WorkError> {
    let own = hubs::table.filter(hubs::organization_id.eq(UidValue(organization.0)));
    backend::snapshot(connection, |connection| {
        let count: i64 = own.count().get_result(connection)?;
        let created = own.order(hubs::created_at.desc()).select(hubs::created_at);
        let created: Option<InstantValue> = created.first(connection).optional()?;
        let changed = own.order(hubs::updated_at.desc()).select(hubs::updated_at);
        let changed: Option<Option<InstantValue>> = changed.first(connection).optional()?;
        let last_updated = created.map(InstantValue::get).max(changed.flatten().map(InstantValue::get));
        Ok(Overview { count: count.unsigned_abs(), last_updated })
    })
}
