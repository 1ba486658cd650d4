//! Rows in memory, many in a few large allocations.

use encoding_rs::WINDOWS_1252;

/// Some consecutive rows of a file. Their cells lie one behind the other in one text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Block {
    text: String,
    /// Where each cell ends in `text`.
    cells: Vec<usize>,
    rows: Vec<RowEnd>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct RowEnd {
    number: u64,
    /// Where the row ends in `cells`.
    cells: usize,
}

impl Block {
    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The rows, in the order of the file.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = Row<'_>> {
        (0..self.rows.len()).map(|at| {
            let first = at.checked_sub(1).map_or(0, |before| self.rows[before].cells);
            Row { block: self, number: self.rows[at].number, first, end: self.rows[at].cells }
        })
    }
}

/// One row of a file.
#[derive(Debug, Clone, Copy)]
pub struct Row<'b> {
    block: &'b Block,
    number: u64,
    first: usize,
    end: usize,
}

impl<'b> Row<'b> {
    /// Its number in the file, from 1: in CSV that of its first line, in XLSX that of the sheet's row.
    #[must_use]
    pub const fn number(&self) -> u64 {
        self.number
    }

    /// How many cells it has.
    #[must_use]
    pub const fn width(&self) -> usize {
        self.end - self.first
    }

    /// One of its cells, from 0; empty where the row has no such cell.
    #[must_use]
    pub fn cell(&self, column: usize) -> &'b str {
        let at = self.first + column;
        if at >= self.end {
            return "";
        }
        let begin = at.checked_sub(1).map_or(0, |before| self.block.cells[before]);
        self.block.text.get(begin..self.block.cells[at]).unwrap_or_default()
    }

    /// Its cells.
    pub fn cells(&self) -> impl Iterator<Item = &'b str> + use<'b> {
        let row = *self;
        (0..row.width()).map(move |column| row.cell(column))
    }

    /// Whether all its cells are blank.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.cells().all(|cell| cell.trim().is_empty())
    }
}

/// A block while it is read: its text may still be in another encoding.
#[derive(Debug, Default)]
pub(crate) struct BlockBuilder {
    pub bytes: Vec<u8>,
    pub cells: Vec<usize>,
    rows: Vec<RowEnd>,
}

impl BlockBuilder {
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Ends a cell of text.
    pub fn push_cell(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
        self.cells.push(self.bytes.len());
    }

    /// Ends a row, whose cells are those since the one before.
    pub fn end_row(&mut self, number: u64) {
        self.rows.push(RowEnd { number, cells: self.cells.len() });
    }

    /// The block. Cells that are not UTF-8 are taken for Windows-1252, of which Latin-1 is a part.
    pub fn finish(self) -> Block {
        let Self { bytes, cells, rows } = self;
        match String::from_utf8(bytes) {
            Ok(text) if cells.iter().all(|&end| text.is_char_boundary(end)) => Block { text, cells, rows },
            Ok(text) => decoded(text.as_bytes(), &cells, rows),
            Err(error) => decoded(error.as_bytes(), &cells, rows),
        }
    }
}

fn decoded(bytes: &[u8], ends: &[usize], rows: Vec<RowEnd>) -> Block {
    let (mut text, mut cells, mut begin) =
        (String::with_capacity(bytes.len()), Vec::with_capacity(ends.len()), 0);
    for &end in ends {
        let cell = &bytes[begin..end];
        match str::from_utf8(cell) {
            Ok(cell) => text.push_str(cell),
            Err(_not_utf8) => text.push_str(&WINDOWS_1252.decode_without_bom_handling(cell).0),
        }
        cells.push(text.len());
        begin = end;
    }
    Block { text, cells, rows }
}
