//! Files of results.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::columns::{COLUMNS, Value, values};
use super::work::Calculated;
use crate::Failure;

/// How results are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Csv,
    /// A list of objects.
    Json,
    /// An object a line.
    JsonLines,
    Parquet,
}

impl Format {
    /// The format that a file's name asks for.
    pub fn of(path: &Path) -> Result<Self, Failure> {
        match path.extension().and_then(|extension| extension.to_str()).unwrap_or("csv") {
            "csv" => Ok(Self::Csv),
            "json" => Ok(Self::Json),
            "jsonl" | "ndjson" => Ok(Self::JsonLines),
            "parquet" => Ok(Self::Parquet),
            other => Err(format!(
                "results cannot be written as .{other}; name the file .csv, .json, .jsonl or .parquet"
            )
            .into()),
        }
    }
}

/// A row's result as its file has it.
pub enum Rendered {
    Nothing,
    Text(String),
    Row(Box<Calculated>),
}

/// Renders a row, on the thread that calculated it.
pub fn render(format: Option<Format>, done: Calculated) -> Rendered {
    let values = || values(done.row, &done.leg, &done.calculation);
    match format {
        None => Rendered::Nothing,
        Some(Format::Csv) => Rendered::Text(csv_line(&values())),
        Some(Format::Json | Format::JsonLines) => {
            Rendered::Text(serde_json::to_string(&Object(&values())).unwrap_or_default())
        }
        Some(Format::Parquet) => Rendered::Row(Box::new(done)),
    }
}

fn csv_line(values: &[Value<'_>]) -> String {
    let mut line = String::with_capacity(256);
    for (at, value) in values.iter().enumerate() {
        if at > 0 {
            line.push(',');
        }
        let _ = match value {
            Value::Absent => Ok(()),
            Value::Text(text) => quote(&mut line, text),
            Value::Number(number) => write!(line, "{number}"),
            Value::Whole(number) => write!(line, "{number}"),
            Value::Flag(flag) => write!(line, "{flag}"),
        };
    }
    line.push('\n');
    line
}

fn quote(line: &mut String, text: &str) -> std::fmt::Result {
    if text.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r')) {
        write!(line, "\"{}\"", text.replace('"', "\"\""))
    } else {
        line.write_str(text)
    }
}

struct Object<'v>(&'v [Value<'v>]);

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(COLUMNS.len()))?;
        for ((name, _), value) in COLUMNS.iter().zip(self.0) {
            match value {
                Value::Absent => map.serialize_entry(name, &())?,
                Value::Text(text) => map.serialize_entry(name, text)?,
                Value::Number(number) => map.serialize_entry(name, number)?,
                Value::Whole(number) => map.serialize_entry(name, number)?,
                Value::Flag(flag) => map.serialize_entry(name, flag)?,
            }
        }
        map.end()
    }
}

/// A file of results that is being written.
pub enum Output {
    Nothing,
    Text { file: BufWriter<Box<dyn Write>>, format: Format, rows: u64 },
    Parquet(super::parquet_file::ParquetFile),
}

impl Output {
    /// Creates the file, or takes standard output for `-`.
    pub fn create(path: &Path, format: Format) -> Result<Self, Failure> {
        let failed = |error: io::Error| format!("{} cannot be written: {error}", path.display());
        if format == Format::Parquet {
            let file = File::create(path).map_err(failed)?;
            return Ok(Self::Parquet(super::parquet_file::ParquetFile::create(file)?));
        }
        let file: Box<dyn Write> = if path.as_os_str() == "-" {
            Box::new(io::stdout())
        } else {
            Box::new(File::create(path).map_err(failed)?)
        };
        let mut file = BufWriter::with_capacity(1 << 18, file);
        match format {
            Format::Csv => writeln!(file, "{}", COLUMNS.map(|(name, _)| name).join(","))?,
            Format::Json => file.write_all(b"[")?,
            _ => {}
        }
        Ok(Self::Text { file, format, rows: 0 })
    }

    pub fn write(&mut self, row: Rendered) -> Result<(), Failure> {
        match (self, row) {
            (Self::Text { file, format, rows }, Rendered::Text(text)) => {
                if *format == Format::Json {
                    file.write_all(if *rows > 0 { b",\n" } else { b"\n" })?;
                }
                file.write_all(text.as_bytes())?;
                if *format == Format::JsonLines {
                    file.write_all(b"\n")?;
                }
                *rows += 1;
            }
            (Self::Parquet(file), Rendered::Row(row)) => file.write(&row)?,
            _ => {}
        }
        Ok(())
    }

    pub fn finish(self) -> Result<(), Failure> {
        match self {
            Self::Nothing => {}
            Self::Text { mut file, format, .. } => {
                if format == Format::Json {
                    file.write_all(b"\n]\n")?;
                }
                file.flush()?;
            }
            Self::Parquet(file) => file.finish()?,
        }
        Ok(())
    }
}
