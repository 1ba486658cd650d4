//! The file of the rows that were not taken: as they came, with the reason, to be mended and sent again.

use std::fs::File;
use std::path::{Path, PathBuf};

use logistics_domain::batch::INVALID;
use serde::Serialize;
use shipment_table::{CellError, LegReader, Row};

use crate::Failure;

/// Why a row was not taken.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rejection {
    /// The row's number in the file.
    pub row: u64,
    /// Why, for programs, as in `NO_DISTANCE`.
    pub code: String,
    /// Why, for people.
    pub error: String,
    /// The cells at fault, where the fault lies in cells.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cells: Vec<CellError>,
}

impl Rejection {
    /// A row with cells at fault.
    pub fn of_cells(row: u64, cells: Vec<CellError>) -> Self {
        let error = cells.iter().map(|cell| cell.message.as_str()).collect::<Vec<_>>().join("; ");
        Self { row, code: INVALID.to_owned(), error, cells }
    }
}

/// Columns that Dray adds; of a file that has them already, they are left out.
const ADDED: [&str; 3] = ["dray_row", "dray_code", "dray_error"];

/// The file, which is made when there is a first row for it.
pub struct RejectedFile {
    path: PathBuf,
    writer: Option<csv::Writer<File>>,
    delimiter: u8,
    /// The names of the columns, and their positions.
    columns: Vec<(String, usize)>,
}

impl RejectedFile {
    pub fn new(path: PathBuf, reader: &LegReader) -> Self {
        let columns = reader.columns().names().iter().cloned().zip(0..);
        let columns = columns.filter(|(name, _)| !name.starts_with("dray_")).collect();
        Self { path, writer: None, delimiter: reader.delimiter(), columns }
    }

    /// The file's path, if there is anything in it.
    pub fn path(&self) -> Option<&Path> {
        self.writer.is_some().then_some(&*self.path)
    }

    pub fn add(&mut self, row: Row<'_>, rejection: &Rejection) -> Result<(), Failure> {
        let failed =
            |error: &dyn std::fmt::Display| format!("{} cannot be written: {error}", self.path.display());
        let writer = match &mut self.writer {
            Some(writer) => writer,
            none => {
                let file = File::create(&self.path).map_err(|error| failed(&error))?;
                let mut writer = csv::WriterBuilder::new().delimiter(self.delimiter).from_writer(file);
                let names = self.columns.iter().map(|(name, _)| name.as_str()).chain(ADDED);
                writer.write_record(names).map_err(|error| failed(&error))?;
                none.insert(writer)
            }
        };
        let number = rejection.row.to_string();
        let cells = self.columns.iter().map(|(_, at)| row.cell(*at));
        let cells = cells.chain([number.as_str(), &rejection.code, &rejection.error]);
        writer.write_record(cells).map_err(|error| failed(&error))?;
        Ok(())
    }

    /// Brings all to the disk.
    pub fn finish(&mut self) -> Result<(), Failure> {
        match &mut self.writer {
            Some(writer) => Ok(writer.flush()?),
            None => Ok(()),
        }
    }
}

/// Where the rejected rows of a file go, unless somebody says: beside `beside`, as `name.rejected.csv`.
pub fn path_beside(beside: &Path) -> PathBuf {
    let stem = beside.file_stem().filter(|stem| *stem != "-").unwrap_or("shipments".as_ref());
    let mut name = stem.to_owned();
    name.push(".rejected.csv");
    beside.with_file_name(name)
}
