//! What hubs have to do with legs.

use std::collections::HashSet;

use diesel::prelude::*;
use diesel::upsert::excluded;
use logistics_domain::ids::{LegId, OrganizationId};
use logistics_domain::leg::LegHubs;

use super::backend::{self, Connection};
use crate::columns::UidValue;
use crate::error::WorkError;
use crate::records::{RecordError, to_json};
use crate::schema::leg_hubs;

/// How many rows one statement writes.
const ROWS: usize = 500;

/// Writes what hubs have to do with legs, in the place of what stood there. The hubs that handled them stay until that is
/// committed; one that was removed since the legs were read is an error.
pub fn write<'l>(
    connection: &mut Connection,
    organization: OrganizationId,
    legs: impl Iterator<Item = (LegId, &'l LegHubs)>,
    standing: &[UidValue],
) -> Result<(), WorkError> {
    let organization = UidValue(organization.0);
    for legs in standing.chunks(ROWS) {
        let former = leg_hubs::table
            .filter(leg_hubs::organization_id.eq(organization))
            .filter(leg_hubs::leg_id.eq_any(legs));
        diesel::delete(former).execute(connection)?;
    }
    let legs: Vec<(LegId, &LegHubs)> = legs.filter(|(_, hubs)| !hubs.is_none()).collect();
    let handling = |hubs: &LegHubs| hubs.handled_by.as_ref().map(|hub| UidValue(hub.id.0));
    let used: HashSet<UidValue> = legs.iter().filter_map(|(_, hubs)| handling(hubs)).collect();
    let used: Vec<UidValue> = used.into_iter().collect();
    for used in used.chunks(backend::KEYS) {
        if backend::hold_hubs(connection, organization, used)? < used.len() {
            return Err(WorkError::HubRemoved);
        }
    }
    let row = |(leg, hubs): (LegId, &LegHubs)| -> Result<_, RecordError> {
        Ok((
            leg_hubs::organization_id.eq(organization),
            leg_hubs::leg_id.eq(UidValue(leg.0)),
            leg_hubs::hub_id.eq(handling(hubs)),
            leg_hubs::json.eq(to_json("leg_hubs.json", hubs)?),
        ))
    };
    let rows: Result<Vec<_>, _> = legs.into_iter().map(row).collect();
    for rows in rows?.chunks(ROWS) {
        diesel::insert_into(leg_hubs::table)
            .values(rows)
            .on_conflict((leg_hubs::organization_id, leg_hubs::leg_id))
            .do_update()
            .set((
                leg_hubs::hub_id.eq(excluded(leg_hubs::hub_id)),
                leg_hubs::json.eq(excluded(leg_hubs::json)),
            ))
            .execute(connection)?;
    }
    Ok(())
}
