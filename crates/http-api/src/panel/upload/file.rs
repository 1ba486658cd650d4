//! A file as it is read.

use std::io::Cursor;

use actix_web::web;
use logistics_domain::batch::Record;
use logistics_domain::leg::{FieldError, Problem};
use serde_json::{Map, Value};
use shipment_table::{CellError, Columns, LegReader, Options, Row, Table, TableError};

use super::super::error::PanelError;
use crate::dcycle::DcycleError;
use crate::dcycle_v2::requests::Uploaded;

/// How many good rows are shown.
const SHOWN_ROWS: usize = 5;

/// How large a workbook may be once it is unpacked, in bytes.
const MOST_UNPACKED: u64 = 256 << 20;

/// A file that was read.
pub struct File {
    pub columns: Columns,
    /// The first good rows.
    pub sample: Vec<Vec<String>>,
    pub records: Vec<Uploaded>,
    /// The number of each record's row.
    pub rows: Vec<u64>,
    /// What is wrong with single cells.
    pub faults: Vec<CellError>,
}

fn open(content: impl AsRef<[u8]> + Send + 'static) -> Result<Table, TableError> {
    Table::open(Cursor::new(content), &Options { most_unpacked: MOST_UNPACKED, ..Options::default() })
}

/// How many records a file has.
pub fn count(content: web::Bytes) -> Result<u32, TableError> {
    let mut table = open(content)?;
    let mut records = 0;
    while let Some(block) = table.next_block()? {
        records += block.rows().filter(|row| !row.is_blank()).count();
    }
    Ok(u32::try_from(records).unwrap_or(u32::MAX))
}

impl File {
    /// Reads a file that was read before.
    pub async fn read(content: Vec<u8>) -> Result<Self, PanelError> {
        let read = web::block(move || read(content)).await.map_err(|_panicked| DcycleError::Internal)?;
        read.map_err(|error| PanelError::Unreadable(error.to_string()))
    }
}

fn read(content: Vec<u8>) -> Result<File, TableError> {
    let mut table = open(content)?;
    let reader = table.reader();
    let mut file = File {
        columns: reader.columns().clone(),
        sample: Vec::new(),
        records: Vec::new(),
        rows: Vec::new(),
        faults: Vec::new(),
    };
    while let Some(block) = table.next_block()? {
        for row in block.rows().filter(|row| !row.is_blank()) {
            let record = file.record(&reader, row);
            file.records.push(record);
            file.rows.push(row.number());
        }
    }
    Ok(file)
}

impl File {
    fn record(&mut self, reader: &LegReader, row: Row<'_>) -> Uploaded {
        match reader.draft(row) {
            Ok(draft) => {
                if self.sample.len() < SHOWN_ROWS {
                    self.sample.push(row.cells().map(str::to_owned).collect());
                }
                let upload = serde_json::to_string(&shipment_table::Record(&draft));
                let movement_id = draft.movement_id.clone();
                Uploaded {
                    upload: upload.expect("a record is plain data with text keys"),
                    record: Record::new(movement_id, draft.parse()),
                }
            }
            Err(faults) => {
                let upload = as_written(reader, row);
                let movement_id = upload.get("movement_id").and_then(Value::as_str).map(str::to_owned);
                let leg = Err(faults.iter().map(field_error).collect());
                self.faults.extend(faults);
                Uploaded { upload: Value::Object(upload).to_string(), record: Record::new(movement_id, leg) }
            }
        }
    }
}

/// A row at fault as a record, its cells as they are written: so it is kept, to be mended.
fn as_written(reader: &LegReader, row: Row<'_>) -> Map<String, Value> {
    let meanings = reader.columns().meanings().iter().enumerate();
    let known =
        meanings.filter_map(|(column, meaning)| Some((meaning.as_ref()?.field, row.cell(column).trim())));
    let filled = known.filter(|(_, cell)| !cell.is_empty());
    let json = |cell: &str| match cell.to_ascii_lowercase().as_str() {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        _ => Value::from(cell),
    };
    filled.map(|(field, cell)| (field.as_str().to_owned(), json(cell))).collect()
}

fn field_error(fault: &CellError) -> FieldError {
    let field = fault.field.unwrap_or("records");
    FieldError { field, problem: Problem::OutOfRange, message: fault.message.clone() }
}
