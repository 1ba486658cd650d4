//! Blocks of texts that were searched lately.

use std::sync::Arc;

use logistics_domain::ids::OrganizationId;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use uuid::Uuid;

/// How many bytes of blocks are held in memory: those of some millions of legs.
const CAPACITY: u64 = 64 << 20;

/// What a block mostly takes.
const BLOCK: usize = 16 << 10;

type Name = (OrganizationId, Uuid);

/// Blocks, as far as they were searched lately. A block never changes: another one has another name.
pub struct SearchBlocks(Cache<Name, Arc<[u8]>, Bytes>);

#[derive(Clone)]
struct Bytes;

impl Weighter<Name, Arc<[u8]>> for Bytes {
    fn weight(&self, _: &Name, block: &Arc<[u8]>) -> u64 {
        block.len() as u64 + 64
    }
}

impl SearchBlocks {
    pub fn new() -> Self {
        let blocks = usize::try_from(CAPACITY).unwrap_or(usize::MAX) / BLOCK;
        Self(Cache::with_weighter(blocks, CAPACITY, Bytes))
    }

    pub fn get(&self, organization: OrganizationId, id: Uuid) -> Option<Arc<[u8]>> {
        self.0.get(&(organization, id))
    }

    pub fn note(&self, organization: OrganizationId, id: Uuid, block: Vec<u8>) {
        self.0.insert((organization, id), block.into());
    }
}
