//! The sets and texts of legs that were there before there were sets.

use diesel::prelude::*;
use logistics_domain::ids::OrganizationId;

use super::super::backend::Connection;
use super::super::read::statuses;
use super::changes::Changes;
use super::dimension::{Dimension, MarksRow, Value};
use super::packages::clients_of_packages;
use super::write_texts;
use crate::columns::UidValue;
use crate::error::WorkError;
use crate::schema::{legs, packages, position_counters, trips};
use crate::texts::Line;

/// How many legs are read at once.
const ROWS: i64 = 16_384;

/// Writes the sets of all packages.
pub fn build_packages(connection: &mut Connection) -> Result<(), WorkError> {
    let organizations: Vec<UidValue> =
        position_counters::table.select(position_counters::organization_id).load(connection)?;
    for organization in organizations {
        let organization = OrganizationId(organization.0);
        let mut next = 0;
        loop {
            let packages: Vec<(UidValue, i64)> = packages::table
                .filter(packages::organization_id.eq(UidValue(organization.0)))
                .filter(packages::position.ge(next))
                .order(packages::position)
                .limit(ROWS)
                .select((packages::id, packages::position))
                .load(connection)?;
            let Some((_, last)) = packages.last() else { break };
            next = last + 1;
            let ids: Vec<UidValue> = packages.iter().map(|(id, _)| *id).collect();
            let clients = clients_of_packages(connection, organization, &ids)?;
            let mut changes = Changes::default();
            for (_, position) in packages {
                changes.turn_value(Dimension::Package, Value::Text(""), position);
            }
            for (position, client) in &clients {
                changes.turn_value(Dimension::PackageClient, Value::Text(client), *position);
            }
            changes.write(connection, organization)?;
        }
    }
    Ok(())
}

/// A leg's id and marks, the vehicle of a trip, and what it is searched by.
type Row = (UidValue, MarksRow, Option<String>, (Option<String>, Option<String>, Option<String>));

/// Writes the sets and texts of all legs.
pub fn build(connection: &mut Connection) -> Result<(), WorkError> {
    let organizations: Vec<UidValue> =
        position_counters::table.select(position_counters::organization_id).load(connection)?;
    for organization in organizations {
        let organization = OrganizationId(organization.0);
        let mut next = 0;
        while let Some(last) = build_from(connection, organization, next)? {
            next = last + 1;
        }
    }
    Ok(())
}

/// Writes those of some legs from a position on; answers with the last one's.
fn build_from(
    connection: &mut Connection,
    organization: OrganizationId,
    from: i64,
) -> Result<Option<i64>, WorkError> {
    let of_leg = trips::organization_id.eq(legs::organization_id).and(trips::leg_id.eq(legs::id));
    let package =
        packages::organization_id.eq(legs::organization_id).and(packages::id.nullable().eq(legs::package_id));
    let rows: Vec<Row> = legs::table
        .left_join(packages::table.on(package))
        .left_join(trips::table.on(of_leg))
        .filter(legs::organization_id.eq(UidValue(organization.0)))
        .filter(legs::position.ge(from))
        .order(legs::position)
        .limit(ROWS)
        .select((
            legs::id,
            MarksRow::as_select(),
            trips::vehicle_code.nullable(),
            (legs::movement_id, legs::movement_stretch, packages::package_key.nullable()),
        ))
        .load(connection)?;
    let ids: Vec<UidValue> = rows.iter().map(|(id, ..)| *id).collect();
    let statuses = statuses(connection, organization, &ids)?;
    let (mut changes, mut lines) = (Changes::default(), Vec::with_capacity(rows.len()));
    for (id, row, vehicle, (movement, stretch, package)) in &rows {
        changes.turn(row.marks(statuses.of(*id)));
        if let Some(vehicle) = vehicle {
            changes.turn_value(Dimension::Vehicle, Value::Text(vehicle), row.position);
        }
        let searched = [movement, stretch, package].map(Option::as_deref);
        lines.extend(Line::new(row.position, searched));
    }
    changes.write(connection, organization)?;
    write_texts(connection, organization, lines)?;
    Ok(rows.last().map(|(_, row, ..)| row.position))
}
