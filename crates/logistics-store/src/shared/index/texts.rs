//! Searching for text: blocks of lines that are written once and read from the first line to the last.

use diesel::dsl::count_star;
use diesel::prelude::*;
use logistics_domain::ids::OrganizationId;
use uuid::Uuid;

use super::super::backend::{self, Connection};
use super::Dimension;
use super::filter::of_value_in;
use crate::columns::UidValue;
use crate::error::WorkError;
use crate::positions::{Ascending, Positions, SEGMENT};
use crate::schema::leg_texts;
use crate::search_blocks::SearchBlocks;
use crate::texts::{self, Line};

/// How many lines a block has at most.
const BLOCK: usize = 4096;

/// Legs may come one by one, so small blocks are merged: those of fewer lines than the first number, and those between the two
/// numbers, as soon as there are [`MANY`] of a kind.
const SMALL: [i32; 2] = [32, 1024];

/// How many small blocks make a larger one.
const MANY: i64 = 32;

/// How many blocks one statement reads.
const ROWS: usize = 64;

/// Keeps the lines of legs that are new.
pub fn write(
    connection: &mut Connection,
    organization: OrganizationId,
    mut lines: Vec<Line>,
) -> Result<(), WorkError> {
    let mut least = 0;
    for most in SMALL {
        if lines.is_empty() || lines.len() >= usize::try_from(most).unwrap_or_default() {
            least = most;
            continue;
        }
        let alike: i64 = leg_texts::table
            .filter(leg_texts::organization_id.eq(UidValue(organization.0)))
            .filter(leg_texts::lines.ge(least))
            .filter(leg_texts::lines.lt(most))
            .select(count_star())
            .first(connection)?;
        if alike + 1 < MANY {
            break;
        }
        lines.extend(take(connection, organization, least, most)?);
        least = most;
    }
    lines.sort_unstable();
    for lines in lines.chunks(BLOCK) {
        let count = i32::try_from(lines.len()).unwrap_or(i32::MAX);
        diesel::insert_into(leg_texts::table)
            .values((
                leg_texts::organization_id.eq(UidValue(organization.0)),
                leg_texts::id.eq(UidValue(Uuid::now_v7())),
                leg_texts::lines.eq(count),
                leg_texts::first.eq(lines.first().map_or(0, |line| line.position)),
                leg_texts::last.eq(lines.last().map_or(0, |line| line.position)),
                leg_texts::text.eq(texts::write(lines)),
            ))
            .execute(connection)?;
    }
    Ok(())
}

/// Removes blocks of fewer lines than `most`, and not fewer than `least`. Answers with the lines of legs that there still are.
fn take(
    connection: &mut Connection,
    organization: OrganizationId,
    least: i32,
    most: i32,
) -> Result<Vec<Line>, WorkError> {
    let blocks = backend::hold_texts(connection, organization, least, most)?;
    let ids: Vec<UidValue> = blocks.iter().map(|(id, _)| *id).collect();
    remove(connection, organization, &ids)?;
    let mut lines = Vec::new();
    for (_, block) in &blocks {
        lines.extend(texts::read(block)?);
    }
    let positions: Positions = lines.iter().map(|line| line.position).collect();
    let there = of_value_in(connection, organization, Dimension::All, "", &positions.segments())?;
    lines.retain(|line| there.contains(line.position));
    Ok(lines)
}

fn remove(connection: &mut Connection, organization: OrganizationId, ids: &[UidValue]) -> QueryResult<()> {
    let blocks = leg_texts::table
        .filter(leg_texts::organization_id.eq(UidValue(organization.0)))
        .filter(leg_texts::id.eq_any(ids));
    diesel::delete(blocks).execute(connection)?;
    Ok(())
}

/// Removes the blocks about some positions in which there is no leg any more.
pub fn clear(
    connection: &mut Connection,
    organization: OrganizationId,
    positions: impl Iterator<Item = i64> + Clone,
) -> Result<(), WorkError> {
    let (Some(first), Some(last)) = (positions.clone().min(), positions.max()) else { return Ok(()) };
    let blocks: Vec<(UidValue, i64, i64)> = leg_texts::table
        .filter(leg_texts::organization_id.eq(UidValue(organization.0)))
        .filter(leg_texts::first.le(last))
        .filter(leg_texts::last.ge(first))
        .select((leg_texts::id, leg_texts::first, leg_texts::last))
        .load(connection)?;
    let mut about = Ascending::default();
    for (_, first, last) in &blocks {
        (first / SEGMENT..=last / SEGMENT).for_each(|segment| about.push(segment * SEGMENT));
    }
    let there = of_value_in(connection, organization, Dimension::All, "", &about.finish().segments())?;
    let empty = blocks.into_iter().filter(|(_, first, last)| !there.has_any(*first, *last));
    remove(connection, organization, &empty.map(|(id, ..)| id).collect::<Vec<_>>())?;
    Ok(())
}

/// The positions of the legs with a text that contains another, in any case; also of legs that are there no more.
pub fn search(
    connection: &mut Connection,
    blocks: &SearchBlocks,
    organization: OrganizationId,
    part: &str,
) -> Result<Positions, WorkError> {
    let own = leg_texts::table.filter(leg_texts::organization_id.eq(UidValue(organization.0)));
    let needle = part.to_lowercase();
    let ids: Vec<UidValue> = own.select(leg_texts::id).load(connection)?;
    let mut found = Positions::default();
    let mut others = Vec::new();
    for id in ids {
        match blocks.get(organization, id.0) {
            Some(block) => found.join(&texts::search(&block, &needle)?),
            None => others.push(id),
        }
    }
    for ids in others.chunks(ROWS) {
        let rows: Vec<(UidValue, Vec<u8>)> = own
            .filter(leg_texts::id.eq_any(ids))
            .select((leg_texts::id, leg_texts::text))
            .load(connection)?;
        for (id, block) in rows {
            found.join(&texts::search(&block, &needle)?);
            blocks.note(organization, id.0, block);
        }
    }
    Ok(found)
}
