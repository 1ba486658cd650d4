//! Builds the index from the tables.

use std::path::Path;

use super::codec::StringsWriter;
use super::container::{Section, SectionsWriter};
use super::{IndexError, terminals};

/// Builds the index from the tables in the folder `data` and writes it to `out`.
///
/// # Errors
/// [`IndexError`] if a table is missing or a row of it makes no sense, with the file and line, or if `out` cannot be written.
pub fn build(data: &Path, out: &Path) -> Result<(), IndexError> {
    let mut strings = StringsWriter::new();
    let mut sections = SectionsWriter::default();
    let ports = terminals::read_ports(data, &mut strings)?;
    sections.put(Section::Ports, terminals::encode_ports(&ports));
    let airports = terminals::read_airports(data, &mut strings)?;
    sections.put(Section::Airports, terminals::encode_airports(&airports));
    sections.put(Section::Strings, strings.into_bytes());
    let file = sections.finish()?;
    std::fs::write(out, file).map_err(|source| IndexError::Io { path: out.to_owned(), source })
}
