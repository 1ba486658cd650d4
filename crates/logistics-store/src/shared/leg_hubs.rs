//! What hubs have to do with legs.

use diesel::prelude::*;
use diesel::upsert::excluded;
use logistics_domain::ids::{LegId, OrganizationId};
use logistics_domain::leg::LegHubs;

use super::backend::Connection;
use crate::columns::UidValue;
use crate::error::WorkError;
use crate::records::{RecordError, to_json};
use crate::schema::leg_hubs;

/// How many rows one statement writes.
const ROWS: usize = 500;

/// Writes what hubs have to do with legs, in the place of what stood there.
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
    let row = |(leg, hubs): (LegId, &LegHubs)| -> Result<_, RecordError> {
        let hub = hubs.handled_by.as_ref().map(|hub| UidValue(hub.id.0));
        Ok((
            leg_hubs::organization_id.eq(organization),
            leg_hubs::leg_id.eq(UidValue(leg.0)),
            leg_hubs::hub_id.eq(hub),
            leg_hubs::json.eq(to_json("leg_hubs.json", hubs)?),
        ))
    };
    let rows: Result<Vec<_>, _> = legs.filter(|(_, hubs)| !hubs.is_none()).map(row).collect();
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
