//! Rows that stand in a file twice.

use std::collections::{HashMap, VecDeque};

/// How many rows are remembered: about 80 megabytes.
const REMEMBERED: usize = 1_000_000;

/// The rows seen last, by what no two may share.
#[derive(Default)]
pub struct Seen {
    rows: HashMap<u128, u64>,
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
