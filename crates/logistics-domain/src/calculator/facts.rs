//! The rows behind results, each combination kept once.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use emissions_core::{Estimates, Facts, OwnedFacts};
use sha2::{Digest, Sha256};

/// The name of a [`FactsRecord`]: a hash of its content, the same on every machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FactsId(pub [u8; 16]);

/// The rows that a result rests on, as they are stored: thousands of legs share one record.
#[derive(Debug, PartialEq)]
pub struct FactsRecord {
    /// Its name.
    pub id: FactsId,
    /// The rows as JSON, as [`OwnedFacts`] writes them.
    pub json: String,
}

impl FactsRecord {
    /// The record of some rows.
    #[must_use]
    pub fn new(facts: &Facts<'_>) -> Self {
        let json = serde_json::to_string(facts).expect("rows are plain data with text keys");
        let hash = Sha256::digest(json.as_bytes());
        let mut id = [0; 16];
        id.copy_from_slice(&hash[..16]);
        Self { id: FactsId(id), json }
    }

    /// The rows.
    ///
    /// # Errors
    /// If the JSON was not written by [`FactsRecord::new`].
    pub fn facts(&self) -> Result<OwnedFacts, serde_json::Error> {
        serde_json::from_str(&self.json)
    }
}

/// The records of the factors in force. They are few: one for each combination of rows that was ever used together.
#[derive(Default)]
pub(super) struct FactsCache(RwLock<HashMap<Key, Arc<FactsRecord>>>);

/// Rows by their addresses: they stay where they are as long as the factors live.
type Key = ([usize; 11], Estimates);

impl FactsCache {
    pub fn record(&self, facts: &Facts<'_>) -> Arc<FactsRecord> {
        let key = key(facts);
        if let Some(record) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return record.clone();
        }
        let mut records = self.0.write().unwrap_or_else(PoisonError::into_inner);
        records.entry(key).or_insert_with(|| Arc::new(FactsRecord::new(facts))).clone()
    }
}

fn key(facts: &Facts<'_>) -> Key {
    fn address<T>(row: Option<&T>) -> usize {
        row.map_or(0, |row| std::ptr::from_ref(row).addr())
    }
    let addresses = [
        address(Some(facts.toc)),
        address(Some(facts.intensity)),
        address(facts.grid),
        address(facts.fuel),
        address(facts.load_unit),
        address(facts.default_load),
        address(facts.teu),
        address(facts.distance),
        address(facts.temperature),
        address(facts.cleaning),
        address(facts.hub),
    ];
    (addresses, facts.estimated)
}
