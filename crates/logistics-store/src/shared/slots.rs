//! The rows of `legs` that a batch writes, as far as they can be told without the database.

use std::collections::HashMap;

use logistics_domain::leg::LegRecord;

/// What tells legs of a movement apart.
pub type DedupKey = [u8; 32];

/// A row of `legs` that a batch writes. Legs of the batch that are the same leg share one, as if they were saved one
/// after the other: the first makes the row, the last one fills it.
pub struct Slot {
    pub first: usize,
    pub last: usize,
}

/// The rows of a batch, in the order of the legs that make them.
pub struct Slots {
    pub rows: Vec<Slot>,
    /// Each leg's key.
    pub keys: Vec<Option<DedupKey>>,
    /// The row that each leg goes to.
    pub of_legs: Vec<usize>,
}

impl Slots {
    pub fn of(legs: &[LegRecord]) -> Self {
        let keys: Vec<Option<DedupKey>> = legs.iter().map(|given| given.leg.dedup_key()).collect();
        let mut rows: Vec<Slot> = Vec::with_capacity(legs.len());
        let mut by_key: HashMap<&DedupKey, usize> = HashMap::with_capacity(legs.len());
        let mut of_legs = Vec::with_capacity(legs.len());
        for (index, key) in keys.iter().enumerate() {
            let fresh = rows.len();
            let row = key.as_ref().map_or(fresh, |key| *by_key.entry(key).or_insert(fresh));
            match rows.get_mut(row) {
                Some(row) => row.last = index,
                None => rows.push(Slot { first: index, last: index }),
            }
            of_legs.push(row);
        }
        Self { rows, keys, of_legs }
    }
}
