//! The index of places, postal codes, terminals, regions and countries: its format, its builder and its reader.
//!
//! One file of named [`Section`]s. Records have fixed sizes and are read in place, little-endian, so that opening the
//! index costs nothing and nothing is copied.

mod admin;
mod build;
mod codec;
mod container;
mod fold;
mod grid;
mod locode;
mod names;
mod place;
mod postal;
mod table;
mod terminals;

pub use admin::{CountryRecord, RegionRecord};
pub use build::build;
pub use codec::Strings;
pub use container::{Section, Sections};
pub use fold::{fold, fold_into, is_invisible, is_word};
pub use locode::{LocodeFunctions, LocodeRecord};
pub use names::{Target, Targets};
pub use place::{PlaceFlags, PlaceRecord};
pub use postal::{PostalRecord, normal_postal_code};
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

/// An opened index. Cheap to copy.
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

    /// The folded names.
    ///
    /// # Errors
    /// [`IndexError::Names`] if the section is damaged.
    pub fn names(&self) -> Result<fst::Map<&'a [u8]>, IndexError> {
        Ok(fst::Map::new(self.sections.get(Section::Names))?)
    }

    /// What a name means, by its value in [`Self::names`].
    #[must_use]
    pub fn targets(&self, value: u64) -> Targets<'a> {
        Targets::new(value, self.sections.get(Section::Targets))
    }

    /// The keys of postal codes: the code in its [`normal_postal_code`] spelling, a blank, the country. Their values are
    /// the numbers of the records.
    ///
    /// # Errors
    /// [`IndexError::Names`] if the section is damaged.
    pub fn postal_keys(&self) -> Result<fst::Map<&'a [u8]>, IndexError> {
        Ok(fst::Map::new(self.sections.get(Section::PostalKeys))?)
    }

    /// A postal code by number.
    #[must_use]
    pub fn postal_code(&self, number: u64) -> Option<PostalRecord> {
        let number = usize::try_from(number).ok()?;
        self.record(Section::PostalCodes, number, PostalRecord::SIZE).map(PostalRecord::decode)
    }

    /// A place by number.
    #[must_use]
    pub fn place(&self, number: u32) -> Option<PlaceRecord> {
        self.record(Section::Places, number as usize, PlaceRecord::SIZE).map(PlaceRecord::decode)
    }

    /// How many places there are.
    #[must_use]
    pub fn place_count(&self) -> usize {
        self.sections.get(Section::Places).len() / PlaceRecord::SIZE
    }

    /// A region by number, from 1.
    #[must_use]
    pub fn region(&self, number: u32) -> Option<RegionRecord> {
        let at = (number as usize).checked_sub(1)?;
        self.record(Section::Regions, at, RegionRecord::SIZE).map(RegionRecord::decode)
    }

    /// Every country, ordered by alpha-2 code; their numbers count from 0.
    pub fn countries(&self) -> impl ExactSizeIterator<Item = CountryRecord> + use<'a> {
        self.sections.get(Section::Countries).chunks_exact(CountryRecord::SIZE).map(CountryRecord::decode)
    }

    /// The UN/LOCODE location with a code in upper-case letters.
    #[must_use]
    pub fn locode(&self, code: [u8; 5]) -> Option<LocodeRecord> {
        let records = self.sections.get(Section::Locodes);
        let (mut low, mut high) = (0, records.len() / LocodeRecord::SIZE);
        while low < high {
            let middle = low.midpoint(high);
            let record = LocodeRecord::decode(self.record(Section::Locodes, middle, LocodeRecord::SIZE)?);
            match record.code.cmp(&code) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Some(record),
            }
        }
        None
    }

    /// Every port, ordered by UN/LOCODE.
    pub fn ports(&self) -> impl ExactSizeIterator<Item = PortRecord> + use<'a> {
        self.sections.get(Section::Ports).chunks_exact(PortRecord::SIZE).map(PortRecord::decode)
    }

    /// Every airport, ordered by IATA code.
    pub fn airports(&self) -> impl ExactSizeIterator<Item = AirportRecord> + use<'a> {
        self.sections.get(Section::Airports).chunks_exact(AirportRecord::SIZE).map(AirportRecord::decode)
    }

    fn record(&self, section: Section, at: usize, size: usize) -> Option<&'a [u8]> {
        let start = at.checked_mul(size)?;
        self.sections.get(section).get(start..start.checked_add(size)?)
    }
}
