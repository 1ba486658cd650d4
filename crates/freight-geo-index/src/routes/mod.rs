//! Prepared networks of roads and shipping lanes: how they are built from tables or OpenStreetMap, and their file.
//!
//! 1. [`tables`] (or `osm`, with the feature of that name) reads a [`RawNetwork`]: points and the links between them.
//! 2. [`chains`] joins links that meet where nothing branches, so that only crossings remain as nodes; the points in
//!    between are kept as the chain's shape.
//! 3. [`contraction`] orders the nodes and adds shortcuts (a contraction hierarchy), so that a search over a continent
//!    visits a few hundred nodes.
//! 4. [`file`](mod@file) writes all of it, with a grid to find the chain nearest to a point, and reads it without copying.
//!
//! Links are undirected: a distance is the same both ways.

pub mod chains;
pub mod contraction;
mod ferries;
pub mod file;
pub mod gaps;
pub mod geodesy;
pub mod grid;
pub mod hierarchy;
pub mod land;
#[cfg(feature = "osm")]
pub mod osm;
pub mod tables;

pub use chains::RawNetwork;
pub use file::{NetworkFile, Profile};
pub use tables::TableError;

use sha2::Digest as _;

/// The SHA-256 of a source that is too large for memory.
///
/// # Errors
/// What reading it says.
pub fn digest_of(mut source: impl std::io::Read) -> std::io::Result<[u8; 32]> {
    let mut hash = sha2::Sha256::new();
    let mut part = vec![0; 1 << 20];
    loop {
        match source.read(&mut part)? {
            0 => return Ok(hash.finalize().into()),
            read => hash.update(&part[..read]),
        }
    }
}

/// The SHA-256 of sources one after another.
#[must_use]
pub fn digest(sources: &[&[u8]]) -> [u8; 32] {
    let mut hash = sha2::Sha256::new();
    sources.iter().for_each(|source| hash.update(source));
    hash.finalize().into()
}
