//! Which legs have which values: what lists are filtered, counted and cut into pages by.
//!
//! Every leg has a position, counted up in the order of storing. For each value of a [`Dimension`] the set of positions that
//! have it is kept, in segments; the transaction that changes legs changes the sets. A set is the exclusive or of its parts: a
//! transaction toggles the bits of what it changes, in a part that nobody else is changing or in a new one. So writers do not
//! wait for each other, and the set is the same in whichever order they commit. A writer that finds several parts merges them.
//!
//! Searchable texts are in blocks of one line for each leg; a search reads all lines. A position is never given twice, and the
//! texts at a position never change. The line of a removed leg stays for a while, but never counts: its position is not in the
//! set of all legs.

mod build;
mod changes;
mod dimension;
mod filter;
mod packages;
mod texts;

pub use build::{build, build_packages};
pub use changes::{Changes, Part, SegmentKey};
pub use dimension::{Dimension, Marks, MarksRow, Value};
pub use filter::{Narrowing, positions};
pub use packages::{PackagePlace, clients_of_packages};
pub use texts::{clear as clear_texts, write as write_texts};

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use logistics_domain::ids::OrganizationId;

use super::backend::{self, Connection};
use crate::columns::{Uid, UidValue};
use crate::error::WorkError;
use crate::positions::Positions;
use crate::schema::{bitmaps, legs};

#[derive(QueryableByName)]
struct Counters {
    #[diesel(sql_type = BigInt)]
    positions: i64,
    #[diesel(sql_type = BigInt)]
    packages: i64,
}

/// Positions that were reserved for a transaction, as many for legs as for packages.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reserved {
    /// The first of those for legs.
    pub leg: i64,
    /// The first of those for packages.
    pub package: i64,
    many: i64,
}

impl Reserved {
    /// Whether a leg has one of them. Later positions are those of other transactions.
    pub fn has_leg(self, position: i64) -> bool {
        (self.leg..self.leg + self.many).contains(&position)
    }

    /// Whether a package has one of them.
    pub fn has_package(self, position: i64) -> bool {
        (self.package..self.package + self.many).contains(&position)
    }
}

/// Reserves `many` positions for legs and as many for packages; nobody else has them or will get them. An unknown organization
/// is an error: it has no counters.
pub fn reserve(
    connection: &mut Connection,
    organization: OrganizationId,
    many: usize,
) -> QueryResult<Reserved> {
    let many = i64::try_from(many).unwrap_or(i64::MAX);
    let counted = diesel::sql_query(
        "INSERT INTO position_counters (organization_id, positions, packages)
         SELECT id, $1, $1 FROM organizations WHERE id = $2
         ON CONFLICT (organization_id) DO UPDATE SET positions = position_counters.positions + excluded.positions,
             packages = position_counters.packages + excluded.packages
         RETURNING positions, packages",
    );
    let counted = counted.bind::<BigInt, _>(many).bind::<Uid, _>(UidValue(organization.0));
    let Counters { positions, packages } =
        backend::unawaited(connection, |connection| counted.get_result(connection))?;
    Ok(Reserved { leg: positions - many, package: packages - many, many })
}

/// The ids of the legs at some positions, in the order of the positions; those without a leg are left out.
pub fn ids(
    connection: &mut Connection,
    organization: OrganizationId,
    positions: &[i64],
) -> QueryResult<Vec<UidValue>> {
    let mut ids = Vec::with_capacity(positions.len());
    for positions in positions.chunks(backend::KEYS) {
        let rows: Vec<(i64, UidValue)> = at(organization, positions).load(connection)?;
        let found: HashMap<i64, UidValue> = rows.into_iter().collect();
        ids.extend(positions.iter().filter_map(|position| found.get(position)));
    }
    Ok(ids)
}

/// The positions and ids of the legs at some positions.
#[diesel::dsl::auto_type(no_type_alias)]
pub fn at<'p>(organization: OrganizationId, positions: &'p [i64]) -> _ {
    let own: UidValue = UidValue(organization.0);
    legs::table
        .filter(legs::organization_id.eq(own))
        .filter(legs::position.eq_any(positions))
        .select((legs::position, legs::id))
}

/// The values of a dimension that some legs have, in the order of their characters' code points.
pub fn values(
    connection: &mut Connection,
    organization: OrganizationId,
    dimension: Dimension,
) -> Result<Vec<String>, WorkError> {
    let own = bitmaps::table
        .filter(bitmaps::organization_id.eq(UidValue(organization.0)))
        .filter(bitmaps::dimension.eq(dimension.as_str()));
    let keys: Vec<(String, i32)> = own
        .order((bitmaps::value, bitmaps::segment))
        .select((bitmaps::value, bitmaps::segment))
        .load(connection)?;
    let mut values = Vec::new();
    for of_value in keys.chunk_by(|(one, _), (other, _)| one == other) {
        let value = &of_value[0].0;
        let in_parts = of_value.windows(2).any(|two| two[0].1 == two[1].1);
        // A single part has at least one bit. Several parts may cancel each other out.
        if !in_parts || !filter::of_value(connection, organization, dimension, value)?.is_empty() {
            values.push(value.clone());
        }
    }
    Ok(values)
}

/// All legs.
pub fn all(connection: &mut Connection, organization: OrganizationId) -> Result<Positions, WorkError> {
    filter::of_value(connection, organization, Dimension::All, "")
}
