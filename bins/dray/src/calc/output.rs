//! Files of results.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::ops::Range;
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
    /// Where it stands in the text of its block.
    Text(Range<usize>),
    Row(Box<Calculated>),
}

/// Renders a row, on the thread that calculated it, behind the text of the rows before it.
pub fn render(format: Option<Format>, done: Calculated, text: &mut Vec<u8>) -> Rendered {
    let begin = text.len();
    let values = || values(done.row, &done.leg, &done.calculation);
    match format {
        None => return Rendered::Nothing,
        Some(Format::Csv) => push_line(text, &values()),
        Some(Format::Json | Format::JsonLines) => {
            let written = serde_json::to_writer(&mut *text, &Object(&values()));
            written.expect("results are plain data with text keys");
        }
        Some(Format::Parquet) => return Rendered::Row(Box::new(done)),
    }
    Rendered::Text(begin..text.len())
}

fn push_line(line: &mut Vec<u8>, values: &[Value<'_>]) {
    for (at, value) in values.iter().enumerate() {
        if at > 0 {
            line.push(b',');
        }
        match value {
            Value::Absent => {}
            Value::Text(text) => push_text(line, text),
            Value::Number(number) => push_number(line, *number),
            Value::Whole(number) => line.extend_from_slice(itoa::Buffer::new().format(*number).as_bytes()),
            Value::Flag(flag) => line.extend_from_slice(if *flag { b"true" } else { b"false" }),
        }
    }
    line.push(b'\n');
}

fn push_text(line: &mut Vec<u8>, text: &str) {
    if text.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r')) {
        line.push(b'"');
        line.extend_from_slice(text.replace('"', "\"\"").as_bytes());
        line.push(b'"');
    } else {
        line.extend_from_slice(text.as_bytes());
    }
}

/// Appends a number as `Display` writes it: a shortest text that is read back to the same bits, never with an exponent.
fn push_number(line: &mut Vec<u8>, number: f64) {
    let mut buffer = zmij::Buffer::new();
    let text = buffer.format(number);
    if !number.is_finite() || text.contains('e') {
        line.extend_from_slice(number.to_string().as_bytes());
    } else {
        line.extend_from_slice(text.strip_suffix(".0").unwrap_or(text).as_bytes());
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

    /// Writes a row; `text` is that of its block.
    pub fn write(&mut self, row: Rendered, text: &[u8]) -> Result<(), Failure> {
        match (self, row) {
            (Self::Text { file, format, rows }, Rendered::Text(range)) => {
                if *format == Format::Json {
                    file.write_all(if *rows > 0 { b",\n" } else { b"\n" })?;
                }
                file.write_all(&text[range])?;
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::push_number;

    fn pushed(number: f64) -> String {
        let mut line = Vec::new();
        push_number(&mut line, number);
        String::from_utf8(line).unwrap()
    }

    #[test]
    fn numbers_have_no_exponent() {
        for number in
            [0.0, -0.0, 1.0, 1e15, 1e16, 1e300, 1e-5, 1e-7, 5e-324, 0.000_528, 62.61, f64::NAN, f64::INFINITY]
        {
            assert_eq!(pushed(number), number.to_string());
        }
    }

    proptest! {
        #[test]
        fn numbers_are_written_with_the_fewest_digits(bits in any::<u64>(), thousandths in -1_000_000_000i32..1_000_000_000) {
            let (any, likely) = (f64::from_bits(bits), f64::from(thousandths) / 1000.0);
            prop_assert_eq!(pushed(likely), likely.to_string());
            // Where two texts are as short and as near, either will do.
            prop_assert_eq!(pushed(any).len(), any.to_string().len());
            let read: f64 = pushed(any).parse().unwrap();
            prop_assert!(read == any || any.is_nan());
        }
    }
}
