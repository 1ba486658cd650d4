//! Changes of the sets, as a transaction collects and writes them.

use std::collections::HashMap;

use logistics_domain::ids::OrganizationId;
use uuid::Uuid;

use super::super::backend::{self, Connection};
use super::dimension::{Dimension, Marks, Value};
use crate::columns::UidValue;
use crate::error::WorkError;
use crate::positions::{Positions, Segment};

/// The positions to toggle in the sets of values.
#[derive(Default)]
pub struct Changes<'a> {
    sets: Vec<((Dimension, Value<'a>), Positions)>,
    by_value: HashMap<(Dimension, Value<'a>), usize>,
    /// The set of each dimension that was used last: legs of a batch are much alike.
    last: [Option<usize>; Dimension::COUNT],
}

/// What names a segment of a value's set.
pub struct SegmentKey {
    pub dimension: &'static str,
    pub value: String,
    pub segment: i32,
}

/// A part of a segment.
pub struct Part<'k> {
    pub key: &'k SegmentKey,
    pub part: UidValue,
    pub bits: Vec<u8>,
}

impl<'a> Changes<'a> {
    /// Toggles a leg in the sets of all its values: it is added, or removed if it was there.
    pub fn turn(&mut self, marks: Marks<'a>) {
        for (dimension, value) in marks.values() {
            self.turn_value(dimension, value, marks.position);
        }
    }

    /// Toggles a leg in the set of one value.
    pub fn turn_value(&mut self, dimension: Dimension, value: Value<'a>, position: i64) {
        let key = (dimension, value);
        let last = &mut self.last[dimension as usize];
        let set = match *last {
            Some(set) if self.sets[set].0 == key => set,
            _ => *self.by_value.entry(key).or_insert_with(|| {
                self.sets.push((key, Positions::default()));
                self.sets.len() - 1
            }),
        };
        *last = Some(set);
        self.sets[set].1.turn(position);
    }

    /// Writes what was collected. Call it last: parts that are locked belong to transactions about to commit, and are left
    /// alone.
    pub fn write(self, connection: &mut Connection, organization: OrganizationId) -> Result<(), WorkError> {
        let (mut keys, mut segments) = (Vec::new(), Vec::new());
        for ((dimension, value), positions) in self.sets {
            for (segment, bits) in positions.into_segments() {
                keys.push(SegmentKey { dimension: dimension.as_str(), value: value.to_string(), segment });
                segments.push(bits);
            }
        }
        let held = backend::hold_parts(connection, organization, &keys)?;
        let mut parts: Vec<Option<UidValue>> = vec![None; keys.len()];
        let mut gone = Vec::new();
        for (key, part, bits) in held {
            segments[key].turn_all(&Segment::from_bytes(&bits)?);
            if let Some(merged) = parts[key].replace(part) {
                gone.push(Part { key: &keys[key], part: merged, bits: Vec::new() });
            }
        }
        let mut written = Vec::with_capacity(keys.len());
        for ((key, part), segment) in keys.iter().zip(parts).zip(&segments) {
            match part {
                Some(part) if segment.is_empty() => gone.push(Part { key, part, bits: Vec::new() }),
                None if segment.is_empty() => {}
                part => {
                    let part = part.unwrap_or_else(|| UidValue(Uuid::now_v7()));
                    written.push(Part { key, part, bits: segment.to_bytes() });
                }
            }
        }
        backend::write_parts(connection, organization, &written)?;
        Ok(backend::remove_parts(connection, organization, &gone)?)
    }
}
