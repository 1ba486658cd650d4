//! The facts that are known to be stored.

use std::sync::Arc;

use logistics_domain::calculator::{FactsId, FactsRecord};
use quick_cache::sync::Cache;

/// How many facts are held in memory. One takes two or three kilobytes, and few are in use at a time.
const CAPACITY: usize = 4096;

/// The facts that were used lately and are known to be in the database: they need not be written or read again.
pub struct StoredFacts(Option<Cache<FactsId, Arc<FactsRecord>>>);

impl StoredFacts {
    pub fn new() -> Self {
        Self(Some(Cache::new(CAPACITY)))
    }

    /// None, and none is noted: for reads within transactions that write. What these find may never be committed.
    pub const fn none() -> Self {
        Self(None)
    }

    pub fn get(&self, id: FactsId) -> Option<Arc<FactsRecord>> {
        self.0.as_ref()?.get(&id)
    }

    /// Notes facts that are certainly in the database: they were read, or their transaction was committed.
    pub fn note(&self, facts: Arc<FactsRecord>) {
        if let Some(known) = &self.0 {
            known.insert(facts.id, facts);
        }
    }
}
