//! Rows that stand in a file twice.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasherDefault, Hasher};

/// How many rows are remembered: about 80 megabytes.
const REMEMBERED: usize = 1_000_000;

/// The rows seen last, by what no two may share.
#[derive(Default)]
pub struct Seen {
    rows: HashMap<u128, u64, BuildHasherDefault<Folded>>,
    order: VecDeque<u128>,
}

impl Seen {
    /// Remembers a row. Answers with the row that had the key before, if there is one among the last million.
    pub fn before(&mut self, key: u128, row: u64) -> Option<u64> {
        if let Some(before) = self.rows.get(&key) {
            return Some(*before);
        }
        if self.order.len() == REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.rows.remove(&oldest);
        }
        self.rows.insert(key, row);
        self.order.push_back(key);
        None
    }
}

/// The halves of a key, which is a hash already, in one number.
#[derive(Default)]
struct Folded(u64);

impl Hasher for Folded {
    fn write(&mut self, bytes: &[u8]) {
        for part in bytes.chunks(8) {
            let mut number = [0; 8];
            number[..part.len()].copy_from_slice(part);
            self.0 ^= u64::from_le_bytes(number);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
