//! The committed tables: UTF-8, one header line, tab-separated, no quoting, compressed with zstd.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::{CountryBytes, IndexError};

/// The largest window that the tables are compressed with, as a power of two.
const WINDOW_LOG: u32 = 27;

/// A table in memory.
pub(crate) struct Table {
    path: PathBuf,
    text: String,
}

impl Table {
    pub(crate) fn read(folder: &Path, file: &str) -> Result<Self, IndexError> {
        let path = folder.join(file);
        let mut text = String::new();
        let read = |text: &mut String| {
            let mut decoder = zstd::Decoder::new(File::open(&path)?)?;
            decoder.window_log_max(WINDOW_LOG)?;
            decoder.read_to_string(text)
        };
        match read(&mut text) {
            Ok(_) => Ok(Self { path, text }),
            Err(source) => Err(IndexError::Io { path, source }),
        }
    }

    /// Reads a table that is not compressed, because people edit it.
    pub(crate) fn read_plain(folder: &Path, file: &str) -> Result<Self, IndexError> {
        let path = folder.join(file);
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok(Self { path, text }),
            Err(source) => Err(IndexError::Io { path, source }),
        }
    }

    /// The rows below the header.
    pub(crate) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        let lines = self.text.lines().enumerate().skip(1);
        lines.map(|(at, line)| Row { table: self, line: at + 1, fields: line.split('\t').collect() })
    }
}

/// One row of a table.
pub(crate) struct Row<'a> {
    table: &'a Table,
    line: usize,
    fields: Vec<&'a str>,
}

impl<'a> Row<'a> {
    /// The text of a column, from 0.
    pub(crate) fn text(&self, column: usize) -> Result<&'a str, IndexError> {
        self.fields.get(column).copied().ok_or_else(|| self.error(format!("no column {column}")))
    }

    /// The parsed content of a column.
    pub(crate) fn parse<T: FromStr>(&self, column: usize) -> Result<T, IndexError> {
        let text = self.text(column)?;
        text.parse()
            .ok()
            .ok_or_else(|| self.error(format!("`{text}` in column {column} is not expected there")))
    }

    /// The parsed content of a column that may be empty.
    pub(crate) fn parse_optional<T: FromStr>(&self, column: usize) -> Result<Option<T>, IndexError> {
        if self.text(column)?.is_empty() { Ok(None) } else { self.parse(column).map(Some) }
    }

    /// A text of exactly `N` bytes, such as a code.
    pub(crate) fn code<const N: usize>(&self, column: usize) -> Result<[u8; N], IndexError> {
        let text = self.text(column)?;
        text.as_bytes().try_into().ok().ok_or_else(|| self.error(format!("`{text}` has not {N} letters")))
    }

    /// A country's alpha-2 code.
    pub(crate) fn country(&self, column: usize) -> Result<CountryBytes, IndexError> {
        self.code(column)
    }

    pub(crate) fn error(&self, reason: String) -> IndexError {
        IndexError::Row { path: self.table.path.clone(), line: self.line, reason }
    }
}
