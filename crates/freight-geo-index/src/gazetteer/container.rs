//! The file: a header with the place of every section, then the sections.

use super::IndexError;

const MAGIC: &[u8; 8] = b"DRAYGAZ1";
/// Sections begin at multiples of this, so that a page of one is not shared with the next one's first record.
const ALIGNMENT: usize = 64;

macro_rules! sections {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {
        /// A part of the index file.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Section {
            $($(#[$doc])* $name,)+
        }

        impl Section {
            /// Every section, in file order.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];
        }
    };
}

sections! {
    /// Texts that records refer to.
    Strings,
    /// Folded names.
    Names,
    /// What names mean.
    Targets,
    /// Places, ordered by merit.
    Places,
    /// Places by where they are.
    Grid,
    /// First- and second-level regions.
    Regions,
    /// Countries, ordered by alpha-2 code.
    Countries,
    /// Keys of postal codes.
    PostalKeys,
    /// Postal codes, ordered by key.
    PostalCodes,
    /// UN/LOCODE locations, ordered by code.
    Locodes,
    /// Ports, ordered by UN/LOCODE.
    Ports,
    /// Airports, ordered by IATA code.
    Airports,
}

const HEADER: usize = MAGIC.len() + 8 * Section::ALL.len();

/// Collects the sections of an index and puts them into one file.
#[derive(Default)]
pub(crate) struct SectionsWriter {
    bodies: Vec<(Section, Vec<u8>)>,
}

impl SectionsWriter {
    pub(crate) fn put(&mut self, section: Section, body: Vec<u8>) {
        self.bodies.push((section, body));
    }

    /// The whole file. A section that was never put is empty.
    pub(crate) fn finish(self) -> Result<Vec<u8>, IndexError> {
        let mut file = MAGIC.to_vec();
        file.resize(HEADER.next_multiple_of(ALIGNMENT), 0);
        for (section, body) in self.bodies {
            let too_large = |_| IndexError::Format("larger than 4 GiB");
            let start = u32::try_from(file.len()).map_err(too_large)?;
            let length = u32::try_from(body.len()).map_err(too_large)?;
            let slot = MAGIC.len() + 8 * section as usize;
            file[slot..slot + 4].copy_from_slice(&start.to_le_bytes());
            file[slot + 4..slot + 8].copy_from_slice(&length.to_le_bytes());
            file.extend_from_slice(&body);
            file.resize(file.len().next_multiple_of(ALIGNMENT), 0);
        }
        Ok(file)
    }
}

/// The sections of an opened index.
#[derive(Debug, Clone, Copy)]
pub struct Sections<'a> {
    file: &'a [u8],
}

impl<'a> Sections<'a> {
    /// Checks the header and that every section lies inside the file.
    ///
    /// # Errors
    /// [`IndexError::Format`] if not.
    pub fn open(file: &'a [u8]) -> Result<Self, IndexError> {
        if file.len() < HEADER || !file.starts_with(MAGIC) {
            return Err(IndexError::Format("the header is missing"));
        }
        let sections = Self { file };
        if Section::ALL.iter().any(|&section| sections.find(section).is_none()) {
            return Err(IndexError::Format("a section lies beyond the file's end"));
        }
        Ok(sections)
    }

    /// A section's bytes.
    #[must_use]
    pub fn get(&self, section: Section) -> &'a [u8] {
        self.find(section).unwrap_or_default()
    }

    fn find(&self, section: Section) -> Option<&'a [u8]> {
        let slot = MAGIC.len() + 8 * section as usize;
        let number = |at: usize| Some(u32::from_le_bytes(*self.file.get(at..)?.first_chunk()?) as usize);
        let (start, length) = (number(slot)?, number(slot + 4)?);
        self.file.get(start..start.checked_add(length)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_come_back_and_damage_is_refused() {
        let mut writer = SectionsWriter::default();
        writer.put(Section::Ports, vec![1, 2, 3]);
        let mut file = writer.finish().unwrap();
        let sections = Sections::open(&file).unwrap();
        assert_eq!(sections.get(Section::Ports), [1, 2, 3]);
        assert!(sections.get(Section::Airports).is_empty());
        assert!(Sections::open(&file[..20]).is_err());
        file.truncate(ALIGNMENT);
        assert!(Sections::open(&file).is_err());
    }
}
