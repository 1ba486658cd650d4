//! Parts of sets, one at a time: a statement costs SQLite little.

use diesel::prelude::*;
use logistics_domain::ids::OrganizationId;

use super::backend::Connection;
use super::shared::index::{Part, SegmentKey};
use crate::columns::UidValue;
use crate::schema::{bitmaps, leg_texts};

/// The parts of some segments: which segment each is of, its name, and its bits.
pub fn hold_parts(
    connection: &mut Connection,
    organization: OrganizationId,
    keys: &[SegmentKey],
) -> QueryResult<Vec<(usize, UidValue, Vec<u8>)>> {
    let mut parts = Vec::with_capacity(keys.len());
    for (index, key) in keys.iter().enumerate() {
        let of_segment = bitmaps::table
            .filter(bitmaps::organization_id.eq(UidValue(organization.0)))
            .filter(bitmaps::dimension.eq(key.dimension))
            .filter(bitmaps::value.eq(&key.value))
            .filter(bitmaps::segment.eq(key.segment));
        let rows: Vec<(UidValue, Vec<u8>)> =
            of_segment.select((bitmaps::part, bitmaps::bits)).load(connection)?;
        parts.extend(rows.into_iter().map(|(part, bits)| (index, part, bits)));
    }
    Ok(parts)
}

/// Writes parts that are new, and those that are held in their place.
pub fn write_parts(
    connection: &mut Connection,
    organization: OrganizationId,
    parts: &[Part<'_>],
) -> QueryResult<()> {
    for Part { key, part, bits } in parts {
        diesel::replace_into(bitmaps::table)
            .values((
                bitmaps::organization_id.eq(UidValue(organization.0)),
                bitmaps::dimension.eq(key.dimension),
                bitmaps::value.eq(&key.value),
                bitmaps::segment.eq(key.segment),
                bitmaps::part.eq(part),
                bitmaps::bits.eq(bits),
            ))
            .execute(connection)?;
    }
    Ok(())
}

/// Removes parts that are held.
pub fn remove_parts(
    connection: &mut Connection,
    organization: OrganizationId,
    parts: &[Part<'_>],
) -> QueryResult<()> {
    for Part { key, part, .. } in parts {
        let name = (UidValue(organization.0), key.dimension, &key.value, key.segment, *part);
        diesel::delete(bitmaps::table.find(name)).execute(connection)?;
    }
    Ok(())
}

/// The blocks of texts of fewer lines than `most`, and not fewer than `least`.
pub fn hold_texts(
    connection: &mut Connection,
    organization: OrganizationId,
    least: i32,
    most: i32,
) -> QueryResult<Vec<(UidValue, Vec<u8>)>> {
    let own = leg_texts::table.filter(leg_texts::organization_id.eq(UidValue(organization.0)));
    let alike = own.filter(leg_texts::lines.ge(least)).filter(leg_texts::lines.lt(most));
    alike.select((leg_texts::id, leg_texts::text)).load(connection)
}
