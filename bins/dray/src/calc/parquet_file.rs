//! Results as Parquet, through the plain column writer.

use std::fs::File;
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical, ZstdLevel};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::Type;

use super::columns::{COLUMNS, Kind, Value, values};
use super::work::Calculated;

/// How many rows are put together before they are written: they are what is held in memory.
const ROWS_PER_GROUP: usize = 50_000;

/// The cells of a column that are there, and for every row whether one is.
struct Column {
    name: &'static str,
    cells: Cells,
    present: Vec<i16>,
}

enum Cells {
    Text(Vec<ByteArray>),
    Number(Vec<f64>),
    Whole(Vec<i64>),
    Flag(Vec<bool>),
}

/// A Parquet file that is being written.
pub struct ParquetFile {
    writer: SerializedFileWriter<File>,
    columns: Vec<Column>,
    rows: usize,
}

impl ParquetFile {
    pub fn create(file: File) -> Result<Self, ParquetError> {
        let fields = COLUMNS.map(|(name, kind)| {
            let (physical, logical) = match kind {
                Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
                Kind::Number => (Physical::DOUBLE, None),
                Kind::Whole => (Physical::INT64, None),
                Kind::Flag => (Physical::BOOLEAN, None),
            };
            let field = Type::primitive_type_builder(name, physical).with_logical_type(logical);
            field.with_repetition(Repetition::OPTIONAL).build().map(Arc::new)
        });
        let fields = fields.into_iter().collect::<Result<_, _>>()?;
        let schema = Type::group_type_builder("shipments").with_fields(fields).build()?;
        let properties =
            WriterProperties::builder().set_compression(Compression::ZSTD(ZstdLevel::default())).build();
        let writer = SerializedFileWriter::new(file, Arc::new(schema), Arc::new(properties))?;
        Ok(Self { writer, columns: COLUMNS.map(Column::new).into(), rows: 0 })
    }

    pub fn write(&mut self, done: &Calculated) -> Result<(), ParquetError> {
        for (column, value) in self.columns.iter_mut().zip(values(done.row, &done.leg, &done.calculation)) {
            column.push(&value);
        }
        self.rows += 1;
        if self.rows == ROWS_PER_GROUP { self.write_group() } else { Ok(()) }
    }

    fn write_group(&mut self) -> Result<(), ParquetError> {
        let mut group = self.writer.next_row_group()?;
        for column in &mut self.columns {
            if let Some(writer) = group.next_column()? {
                column.write(writer)?;
            }
        }
        group.close()?;
        self.rows = 0;
        Ok(())
    }

    pub fn finish(mut self) -> Result<(), ParquetError> {
        if self.rows > 0 {
            self.write_group()?;
        }
        self.writer.close().map(|_about| ())
    }
}

impl Column {
    fn new((name, kind): (&'static str, Kind)) -> Self {
        let cells = match kind {
            Kind::Text => Cells::Text(Vec::new()),
            Kind::Number => Cells::Number(Vec::new()),
            Kind::Whole => Cells::Whole(Vec::new()),
            Kind::Flag => Cells::Flag(Vec::new()),
        };
        Self { name, cells, present: Vec::new() }
    }

    fn push(&mut self, value: &Value<'_>) {
        let is_present = match (&mut self.cells, value) {
            (_, Value::Absent) => false,
            (Cells::Text(cells), Value::Text(text)) => {
                cells.push(ByteArray::from(text.as_bytes().to_vec()));
                true
            }
            (Cells::Number(cells), Value::Number(number)) => {
                cells.push(*number);
                true
            }
            (Cells::Whole(cells), Value::Whole(number)) => {
                cells.push(i64::try_from(*number).unwrap_or(i64::MAX));
                true
            }
            (Cells::Flag(cells), Value::Flag(flag)) => {
                cells.push(*flag);
                true
            }
            _ => {
                debug_assert!(false, "a value of another kind than its column {}", self.name);
                false
            }
        };
        self.present.push(i16::from(is_present));
    }

    fn write(&mut self, mut writer: SerializedColumnWriter<'_>) -> Result<(), ParquetError> {
        let present = Some(self.present.as_slice());
        match &mut self.cells {
            Cells::Text(cells) => {
                writer.typed::<ByteArrayType>().write_batch(cells, present, None)?;
                cells.clear();
            }
            Cells::Number(cells) => {
                writer.typed::<DoubleType>().write_batch(cells, present, None)?;
                cells.clear();
            }
            Cells::Whole(cells) => {
                writer.typed::<Int64Type>().write_batch(cells, present, None)?;
                cells.clear();
            }
            Cells::Flag(cells) => {
                writer.typed::<BoolType>().write_batch(cells, present, None)?;
                cells.clear();
            }
        }
        self.present.clear();
        writer.close()
    }
}
