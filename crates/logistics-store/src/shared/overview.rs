//! What an organization's legs and hubs come to.

use diesel::prelude::*;
use logistics_domain::ids::OrganizationId;
use logistics_domain::ports::Overview;

use super::backend::{self, Connection};
use super::index::{self, Dimension};
use crate::columns::{InstantValue, UidValue};
use crate::error::WorkError;
use crate::schema::{hubs, jobs, legs as table};

/// The clients of an organization's legs, sorted.
pub fn clients(connection: &mut Connection, organization: OrganizationId) -> Result<Vec<String>, WorkError> {
    backend::snapshot(connection, |connection| index::values(connection, organization, Dimension::Client))
}

/// How many legs an organization has, and when one was last changed, or a job of them.
pub fn legs(connection: &mut Connection, organization: OrganizationId) -> Result<Overview, WorkError> {
    let own = table::table.filter(table::organization_id.eq(UidValue(organization.0)));
    backend::snapshot(connection, |connection| {
        let count = index::all(connection, organization)?.len();
        let latest = own.order(table::updated_at.desc()).select(table::updated_at);
        let said: Option<InstantValue> = latest.first(connection).optional()?;
        let jobs = jobs::table.filter(jobs::organization_id.eq(UidValue(organization.0)));
        let latest = jobs.order(jobs::updated_at.desc()).select(jobs::updated_at);
        let calculated: Option<InstantValue> = latest.first(connection).optional()?;
        // Without legs nothing of them was changed.
        let last_updated = said.map(|said| calculated.map_or(said.get(), |at| at.get().max(said.get())));
        Ok(Overview { count, last_updated })
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
