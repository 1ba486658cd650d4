//! A file of shipments, row by row.

use std::collections::VecDeque;
use std::io::{Read, Seek, SeekFrom};
use std::sync::Arc;

use thiserror::Error;

use crate::block::{Block, BlockBuilder};
use crate::cells::Habits;
use crate::csv_file::CsvFile;
use crate::legs::LegReader;
use crate::xlsx_file::XlsxFile;
use crate::{Columns, Field};

/// Why a file cannot be read, or not further.
#[derive(Debug, Error)]
pub enum TableError {
    /// The system could not read it.
    #[error("the file cannot be read: {0}")]
    Read(#[source] std::io::Error),
    /// It is no workbook after all.
    #[error("the workbook cannot be read: {0}; save it as .xlsx or .csv again")]
    Workbook(String),
    /// It has no sheet of that name.
    #[error("there is no sheet '{wanted}'; the sheets are: {names}")]
    NoSheet {
        /// The sheet that was asked for.
        wanted: String,
        /// Those that there are.
        names: String,
    },
    /// It unpacks to more than it may.
    #[error(
        "the workbook unpacks to {bytes} bytes, more than {most}; save the sheet with the shipments as .csv"
    )]
    LargeWorkbook {
        /// How large it would be.
        bytes: u64,
        /// How large it may be.
        most: u64,
    },
    /// It has no row.
    #[error("the file is empty; its first row names the columns, as in: origin,destination,load,category")]
    Empty,
    /// No column has a known name.
    #[error(
        "no column has a known name: {found}; name them in the first row, as in: origin, destination, load, load_unit, \
         category, shipment_date"
    )]
    NoColumns {
        /// The names that there are.
        found: String,
    },
    /// Two columns have names of the same field.
    #[error("the columns '{first}' and '{second}' both name the {field}; rename the one that does not")]
    TwoColumns {
        /// The field.
        field: Field,
        /// The name of a column.
        first: String,
        /// The name of another.
        second: String,
    },
    /// A row is longer than any honest one.
    #[error(
        "the row that begins in line {row} does not end; a quotation mark in it is probably never closed"
    )]
    LongRow {
        /// Its number.
        row: u64,
    },
}

/// How a file is to be read.
#[derive(Debug, Clone, Copy)]
pub struct Options<'o> {
    /// How many rows a block has at most.
    pub rows_per_block: usize,
    /// The sheet of a workbook; the first one where none is named.
    pub sheet: Option<&'o str>,
    /// How large a workbook may be once it is unpacked, in bytes.
    pub most_unpacked: u64,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self { rows_per_block: 5_000, sheet: None, most_unpacked: 4 << 30 }
    }
}

/// A file of shipments that is open: CSV in any of its dialects and encodings, or XLSX.
///
/// CSV is read as it is needed, a block at a time. Comma, semicolon, tab or `|` may separate cells; UTF-8, UTF-16 and Windows-1252 are
/// told apart.
pub struct Table {
    source: Source,
    rows_per_block: usize,
    waiting: VecDeque<Block>,
    reader: Arc<LegReader>,
}

enum Source {
    Csv(Box<CsvFile>),
    Xlsx,
}

impl Table {
    /// Opens a file; what begins as a ZIP file does is read as XLSX.
    ///
    /// # Errors
    /// [`TableError`] if it cannot be read, or its first row names no columns.
    pub fn open(
        mut source: impl Read + Seek + Send + 'static,
        options: &Options<'_>,
    ) -> Result<Self, TableError> {
        let mut magic = [0; 4];
        let is_zip = match source.read_exact(&mut magic) {
            Ok(()) => magic == *b"PK\x03\x04",
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => false,
            Err(error) => return Err(TableError::Read(error)),
        };
        source.seek(SeekFrom::Start(0)).map_err(TableError::Read)?;
        if !is_zip {
            return Self::stream(source, options);
        }
        let file = XlsxFile::open(source, options)?;
        if file.header.is_empty() {
            return Err(TableError::Empty);
        }
        let columns = Columns::recognize(file.header)?;
        let reader = LegReader::new(columns, Habits::of_numbers(), b',');
        let mut table = Self {
            source: Source::Xlsx,
            rows_per_block: options.rows_per_block,
            waiting: file.blocks,
            reader: Arc::new(reader),
        };
        table.learn();
        Ok(table)
    }

    /// Reads CSV from a source that can be read once.
    ///
    /// # Errors
    /// As [`Table::open`].
    pub fn stream(source: impl Read + Send + 'static, options: &Options<'_>) -> Result<Self, TableError> {
        let mut file = CsvFile::open(Box::new(source))?;
        let mut first = BlockBuilder::default();
        if !file.read_row(&mut first)? {
            return Err(TableError::Empty);
        }
        let first = first.finish();
        let names = first.rows().flat_map(|row| row.cells()).map(|name| name.trim().to_owned()).collect();
        let columns = Columns::recognize(names)?;
        let habits = Habits::unknown(file.delimiter());
        let reader = LegReader::new(columns, habits, file.delimiter());
        let mut table = Self {
            source: Source::Csv(Box::new(file)),
            rows_per_block: options.rows_per_block.max(1),
            waiting: VecDeque::new(),
            reader: Arc::new(reader),
        };
        let block = table.read_block()?;
        table.waiting.extend(block);
        table.learn();
        Ok(table)
    }

    /// Turns rows into legs, on any thread.
    #[must_use]
    pub fn reader(&self) -> Arc<LegReader> {
        Arc::clone(&self.reader)
    }

    /// The next rows; nothing at the end.
    ///
    /// # Errors
    /// [`TableError`] if they cannot be read.
    pub fn next_block(&mut self) -> Result<Option<Block>, TableError> {
        match self.waiting.pop_front() {
            Some(block) => Ok(Some(block)),
            None => self.read_block(),
        }
    }

    fn read_block(&mut self) -> Result<Option<Block>, TableError> {
        let Source::Csv(file) = &mut self.source else { return Ok(None) };
        let mut block = BlockBuilder::default();
        while block.len() < self.rows_per_block && file.read_row(&mut block)? {}
        Ok((block.len() > 0).then(|| block.finish()))
    }

    /// Learns from the first block how numbers and dates are written.
    fn learn(&mut self) {
        let Some(block) = self.waiting.front() else { return };
        let habits = self.reader.habits().learned(self.reader.columns(), block);
        self.reader =
            Arc::new(LegReader::new(self.reader.columns().clone(), habits, self.reader.delimiter()));
    }
}
