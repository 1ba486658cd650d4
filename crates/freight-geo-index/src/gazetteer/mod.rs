//! The index of places, postal codes, terminals, regions and countries: its format, its builder and its reader.
//!
//! One file of named [`Section`]s. Records have fixed sizes and are read in place, little-endian, so that opening the
//! index costs nothing and nothing is copied.

mod build;
mod codec;
mod container;
mod table;
mod terminals;

pub use build::build;
pub use codec::Strings;
pub use container::{Section, Sections};
pub use terminals::{AirportRecord, PortRecord};

use std::path::PathBuf;

use thiserror::Error;

/// Why an index could not be built or opened.
#[derive(Debug, Error)]
pub enum IndexError {
    /// A file could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A row of a table makes no sense.
    #[error("{}, line {line}: {reason}", path.display())]
    Row {
        /// The table.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// The name index could not be built or read.
    #[error("name index: {0}")]
    Names(#[from] fst::Error),
    /// The bytes are not an index of this version.
    #[error("not a gazetteer index of this version: {0}")]
    Format(&'static str),
}

/// A country's ISO 3166-1 alpha-2 code, as two bytes.
pub type CountryBytes = [u8; 2];

/// An opened index.
#[derive(Debug, Clone, Copy)]
pub struct Index<'a> {
    sections: Sections<'a>,
}

impl<'a> Index<'a> {
    /// Opens an index over the bytes of its file.
    ///
    /// # Errors
    /// [`IndexError::Format`] if the bytes are not an index of this version.
    pub fn open(bytes: &'a [u8]) -> Result<Self, IndexError> {
        Ok(Self { sections: Sections::open(bytes)? })
    }

    /// The texts that records refer to.
    #[must_use]
    pub fn strings(&self) -> Strings<'a> {
        Strings::new(self.sections.get(Section::Strings))
    }

    /// Every port, ordered by UN/LOCODE.
    pub fn ports(&self) -> impl ExactSizeIterator<Item = PortRecord> + use<'a> {
        self.sections.get(Section::Ports).chunks_exact(PortRecord::SIZE).map(PortRecord::decode)
    }

    /// Every airport, ordered by IATA code.
    pub fn airports(&self) -> impl ExactSizeIterator<Item = AirportRecord> + use<'a> {
        self.sections.get(Section::Airports).chunks_exact(AirportRecord::SIZE).map(AirportRecord::decode)
    }
}
