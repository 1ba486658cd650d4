//! Rows of a workbook's sheet.

use std::io::{Read, Seek, SeekFrom};

use calamine::{DataRef, DataType, Reader, Xlsx};
use zip::ZipArchive;
use zip::result::ZipError;

use crate::block::{Block, BlockBuilder};
use crate::{Options, TableError};

/// A sheet. It is read whole, which its format bounds to 1,048,576 rows; what is kept is its text alone.
pub(crate) struct XlsxFile {
    pub header: Vec<String>,
    pub blocks: std::collections::VecDeque<Block>,
}

impl XlsxFile {
    /// Reads the named sheet, or the first one. The first row that is not blank is the header.
    pub fn open(mut source: impl Read + Seek, options: &Options<'_>) -> Result<Self, TableError> {
        let bytes = unpacked(&mut source).map_err(|error| TableError::Workbook(error.to_string()))?;
        if bytes > options.most_unpacked {
            return Err(TableError::LargeWorkbook { bytes, most: options.most_unpacked });
        }
        source.seek(SeekFrom::Start(0)).map_err(TableError::Read)?;
        let broken = |error: calamine::XlsxError| TableError::Workbook(error.to_string());
        let mut book = Xlsx::new(source).map_err(broken)?;
        let sheet = options.sheet;
        let names = book.sheet_names();
        let name = match sheet {
            Some(wanted) => names.iter().find(|name| *name == wanted),
            None => names.first(),
        };
        let Some(name) = name.cloned() else {
            return Err(TableError::NoSheet {
                wanted: sheet.unwrap_or_default().to_owned(),
                names: names.join(", "),
            });
        };
        let mut cells = book.worksheet_cells_reader(&name).map_err(broken)?;
        let mut file = Self { header: Vec::new(), blocks: [].into() };
        let mut rows = Rows {
            file: &mut file,
            block: BlockBuilder::default(),
            rows_per_block: options.rows_per_block,
            row: None,
            blank: true,
        };
        while let Some(cell) = cells.next_cell().map_err(broken)? {
            rows.put(cell.get_position(), &text(cell.get_value()));
        }
        rows.end_row();
        rows.end_block();
        Ok(file)
    }
}

/// How large a ZIP file says that it unpacks to, in bytes.
fn unpacked(source: impl Read + Seek) -> Result<u64, ZipError> {
    let mut archive = ZipArchive::new(source)?;
    (0..archive.len()).try_fold(0u64, |sum, at| Ok(sum.saturating_add(archive.by_index_raw(at)?.size())))
}

/// Puts cells, which come in the order of rows, together.
struct Rows<'f> {
    file: &'f mut XlsxFile,
    block: BlockBuilder,
    rows_per_block: usize,
    /// The row that cells are put into, and how many it has.
    row: Option<(u32, u32)>,
    blank: bool,
}

impl Rows<'_> {
    fn put(&mut self, (row, column): (u32, u32), text: &str) {
        if self.row.is_none_or(|(current, _)| current != row) {
            self.end_row();
            self.row = Some((row, 0));
        }
        let Some((_, width)) = &mut self.row else { return };
        if column < *width {
            return;
        }
        (*width..column).for_each(|_| self.block.push_cell(""));
        self.block.push_cell(text);
        *width = column + 1;
        self.blank &= text.trim().is_empty();
    }

    fn end_row(&mut self) {
        let Some((row, _)) = self.row.take() else { return };
        self.block.end_row(u64::from(row) + 1);
        let is_blank = std::mem::replace(&mut self.blank, true);
        if self.file.header.is_empty() && !is_blank {
            let block = std::mem::take(&mut self.block).finish();
            self.file.header =
                block.rows().last().map(|row| row.cells().map(str::to_owned).collect()).unwrap_or_default();
        } else if self.block.len() >= self.rows_per_block {
            self.end_block();
        }
    }

    fn end_block(&mut self) {
        if self.block.len() > 0 {
            self.file.blocks.push_back(std::mem::take(&mut self.block).finish());
        }
    }
}

/// A cell as CSV would have it.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(value) => value.to_string(),
        DataRef::DateTime(at) => match value.as_date() {
            Some(date) => date.to_string(),
            None => at.as_f64().to_string(),
        },
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}
