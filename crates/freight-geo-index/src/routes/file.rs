//! The file of a prepared network.
//!
//! Little-endian throughout, and read where it lies: nothing is copied to the heap. A header (`Header`) gives a magic
//! number, the format's version, the SHA-256 of the sources and where the sections begin; `Section` lists them.

mod reader;
mod writer;

pub use reader::{ChainRef, Hierarchy, NetworkFile, Position};
pub use writer::{OwnedHierarchy, WriteError, prepare};

use thiserror::Error;
use zerocopy::little_endian::{U16, U32, U64};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

const MAGIC: [u8; 8] = *b"DRAYNETW";
const VERSION: u32 = 1;

/// Which links a search may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// All of them.
    All,
    /// Those that trains take: no ferry that carries none.
    Trains,
}

/// A file that is not a prepared network of this version.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FileError {
    /// It does not begin as such a file does.
    #[error("this is not a prepared network: it does not begin with `DRAYNETW`")]
    Magic,
    /// It was written by another version.
    #[error("the prepared network has format {found}, this program reads format {VERSION}: prepare it again")]
    Version {
        /// The version in the file.
        found: u32,
    },
    /// It was cut off or damaged.
    #[error("the prepared network is damaged: {0}")]
    Damaged(&'static str),
}

/// What the file begins with.
#[derive(Debug, Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
struct Header {
    magic: [u8; 8],
    version: U32,
    cells_per_degree: U32,
    digest: [u8; 32],
    sections: [SectionRange; Section::COUNT],
}

#[derive(Debug, Clone, Copy, Default, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
struct SectionRange {
    start: U64,
    length: U64,
}

/// The parts of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Section {
    /// Positions of nodes, the most important first.
    Nodes,
    /// [`StoredChain`]s, and one more that marks the end of the shape.
    Chains,
    /// Points between the ends of chains.
    Shape,
    /// Cells of the grid.
    Cells,
    /// Pieces of chains in the cells.
    Entries,
    /// Names of tags, one a line: `T` or `-` for whether trains take it, then the name.
    Tags,
    /// For each node, where its upward arcs begin ([`Profile::All`]).
    FirstAll,
    /// The upward arcs ([`Profile::All`]).
    ArcsAll,
    /// As `FirstAll`, for [`Profile::Trains`].
    FirstTrains,
    /// As `ArcsAll`, for [`Profile::Trains`].
    ArcsTrains,
}

impl Section {
    const COUNT: usize = 10;
}

#[derive(Debug, Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
struct StoredChain {
    a: U32,
    b: U32,
    time: U32,
    length: U32,
    shape: U32,
    tag: U16,
    component: U16,
}
