//! Parts of sets, all in one statement. Nobody waits for a lock: parts that other transactions are changing are passed over.

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Binary, Integer, Text};
use logistics_domain::ids::OrganizationId;

use super::backend::Connection;
use super::shared::index::{Part, SegmentKey};
use crate::columns::{Uid, UidValue};
use crate::schema::leg_texts;

#[derive(QueryableByName)]
struct Held {
    #[diesel(sql_type = BigInt)]
    number: i64,
    #[diesel(sql_type = Uid)]
    part: UidValue,
    #[diesel(sql_type = Binary)]
    bits: Vec<u8>,
}

/// Locks the parts of some segments that no other transaction is changing, until the end of the transaction. Returns the
/// number of each part's segment among `keys`, the part's name and its bits. The lateral join looks each segment up in the
/// index, whatever the statistics say of the table's size.
pub fn hold_parts(
    connection: &mut Connection,
    organization: OrganizationId,
    keys: &[SegmentKey],
) -> QueryResult<Vec<(usize, UidValue, Vec<u8>)>> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let held = diesel::sql_query(
        "SELECT wanted.number, held.part, held.bits
         FROM unnest($2, $3, $4) WITH ORDINALITY AS wanted (dimension, value, segment, number)
         CROSS JOIN LATERAL (
             SELECT part, bits FROM bitmaps AS stored
             WHERE stored.organization_id = $1 AND stored.dimension = wanted.dimension AND stored.value = wanted.value
                 AND stored.segment = wanted.segment
             FOR UPDATE SKIP LOCKED
         ) AS held",
    )
    .bind::<Uid, _>(UidValue(organization.0))
    .bind::<Array<Text>, _>(keys.iter().map(|key| key.dimension).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(keys.iter().map(|key| key.value.as_str()).collect::<Vec<_>>())
    .bind::<Array<Integer>, _>(keys.iter().map(|key| key.segment).collect::<Vec<_>>())
    .load::<Held>(connection)?;
    let place = |number: i64| usize::try_from(number - 1).unwrap_or(usize::MAX);
    Ok(held.into_iter().map(|held| (place(held.number), held.part, held.bits)).collect())
}

/// Writes parts that are new, and those that are held in their place.
pub fn write_parts(
    connection: &mut Connection,
    organization: OrganizationId,
    parts: &[Part<'_>],
) -> QueryResult<()> {
    if parts.is_empty() {
        return Ok(());
    }
    diesel::sql_query(
        "INSERT INTO bitmaps (organization_id, dimension, value, segment, part, bits)
         SELECT $1, row.dimension, row.value, row.segment, row.part, row.bits
         FROM unnest($2, $3, $4, $5, $6) AS row (dimension, value, segment, part, bits)
         ON CONFLICT (organization_id, dimension, value, segment, part) DO UPDATE SET bits = excluded.bits",
    )
    .bind::<Uid, _>(UidValue(organization.0))
    .bind::<Array<Text>, _>(parts.iter().map(|part| part.key.dimension).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(parts.iter().map(|part| part.key.value.as_str()).collect::<Vec<_>>())
    .bind::<Array<Integer>, _>(parts.iter().map(|part| part.key.segment).collect::<Vec<_>>())
    .bind::<Array<Uid>, _>(parts.iter().map(|part| part.part).collect::<Vec<_>>())
    .bind::<Array<Binary>, _>(parts.iter().map(|part| part.bits.as_slice()).collect::<Vec<_>>())
    .execute(connection)?;
    Ok(())
}

/// Removes parts that are held.
pub fn remove_parts(
    connection: &mut Connection,
    organization: OrganizationId,
    parts: &[Part<'_>],
) -> QueryResult<()> {
    if parts.is_empty() {
        return Ok(());
    }
    diesel::sql_query(
        "DELETE FROM bitmaps AS stored
         USING unnest($2, $3, $4, $5) AS gone (dimension, value, segment, part)
         WHERE stored.organization_id = $1 AND stored.dimension = gone.dimension AND stored.value = gone.value
             AND stored.segment = gone.segment AND stored.part = gone.part",
    )
    .bind::<Uid, _>(UidValue(organization.0))
    .bind::<Array<Text>, _>(parts.iter().map(|part| part.key.dimension).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(parts.iter().map(|part| part.key.value.as_str()).collect::<Vec<_>>())
    .bind::<Array<Integer>, _>(parts.iter().map(|part| part.key.segment).collect::<Vec<_>>())
    .bind::<Array<Uid>, _>(parts.iter().map(|part| part.part).collect::<Vec<_>>())
    .execute(connection)?;
    Ok(())
}

/// The blocks of texts of fewer lines than `most`, and not fewer than `least`, that no other transaction is changing.
pub fn hold_texts(
    connection: &mut Connection,
    organization: OrganizationId,
    least: i32,
    most: i32,
) -> QueryResult<Vec<(UidValue, Vec<u8>)>> {
    let own = leg_texts::table.filter(leg_texts::organization_id.eq(UidValue(organization.0)));
    let alike = own.filter(leg_texts::lines.ge(least)).filter(leg_texts::lines.lt(most));
    alike.select((leg_texts::id, leg_texts::text)).for_update().skip_locked().load(connection)
}
