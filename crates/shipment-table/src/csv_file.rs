//! Rows of delimited text.

use std::io::{BufRead, BufReader, Chain, Cursor, Read};

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};
use encoding_rs_io::{DecodeReaderBytes, DecodeReaderBytesBuilder};

use crate::block::BlockBuilder;
use crate::{Columns, TableError};

/// The delimiters that are looked for.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// How much of the file is looked at to find its encoding and delimiter, in bytes.
const LOOK_AHEAD: u64 = 1 << 16;
/// The longest row, in bytes: what is longer has a quote that is never closed.
const LONGEST_ROW: usize = 1 << 20;
/// The most columns of a row, as many as XLSX has.
const MOST_CELLS: usize = 1 << 14;

type Prefixed<R> = Chain<Cursor<Vec<u8>>, R>;
type Decoded = DecodeReaderBytes<Prefixed<Box<dyn Read + Send>>, Vec<u8>>;

pub(crate) struct CsvFile {
    source: BufReader<Prefixed<Decoded>>,
    reader: Reader,
    delimiter: u8,
    /// Lines before what `reader` counts.
    lines_before: u64,
}

impl CsvFile {
    pub fn open(mut source: Box<dyn Read + Send>) -> Result<Self, TableError> {
        let raw = look_ahead(&mut source)?;
        let encoding = encoding(&raw);
        let mut text = DecodeReaderBytesBuilder::new()
            .encoding(encoding)
            .utf8_passthru(true)
            .strip_bom(true)
            .build_with_buffer(Cursor::new(raw).chain(source), vec![0; 1 << 16])
            .map_err(TableError::Read)?;
        let mut start = look_ahead(&mut text)?;
        let named = named_delimiter(&start);
        if let Some((_, line_end)) = named {
            start.drain(..line_end);
        }
        let delimiter = named.map_or_else(|| likely_delimiter(&start), |(delimiter, _)| delimiter);
        Ok(Self {
            source: BufReader::with_capacity(1 << 16, Cursor::new(start).chain(text)),
            reader: ReaderBuilder::new().delimiter(delimiter).build(),
            delimiter,
            lines_before: u64::from(named.is_some()),
        })
    }

    pub const fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// Appends the next row. Answers whether there was one.
    pub fn read_row(&mut self, block: &mut BlockBuilder) -> Result<bool, TableError> {
        let (text, first) = (block.bytes.len(), block.cells.len());
        let (mut written, mut ended) = (0, 0);
        let mut number = None;
        loop {
            let input = self.source.fill_buf().map_err(TableError::Read)?;
            let blank = match number {
                None => blank_lines(input),
                Some(_) => 0,
            };
            if blank > 0 {
                // Counted by the reader, which passes over them itself.
                let (_, read, _, _) = self.reader.read_record(&input[..blank], &mut [0], &mut [0]);
                self.source.consume(read);
                continue;
            }
            number.get_or_insert(self.lines_before + self.reader.line());
            if block.bytes.len() == text + written {
                block.bytes.resize(text + 2 * written.max(256), 0);
            }
            if block.cells.len() == first + ended {
                block.cells.resize(first + 2 * ended.max(16), 0);
            }
            let (result, read, out, ends) = self.reader.read_record(
                input,
                &mut block.bytes[text + written..],
                &mut block.cells[first + ended..],
            );
            self.source.consume(read);
            written += out;
            ended += ends;
            if written > LONGEST_ROW || ended > MOST_CELLS {
                return Err(TableError::LongRow { row: number.unwrap_or_default() });
            }
            match result {
                ReadRecordResult::InputEmpty
                | ReadRecordResult::OutputFull
                | ReadRecordResult::OutputEndsFull => {}
                ReadRecordResult::Record => {
                    block.bytes.truncate(text + written);
                    block.cells.truncate(first + ended);
                    block.cells[first..].iter_mut().for_each(|end| *end += text);
                    block.end_row(number.unwrap_or_default());
                    return Ok(true);
                }
                ReadRecordResult::End => {
                    block.bytes.truncate(text);
                    block.cells.truncate(first);
                    return Ok(false);
                }
            }
        }
    }
}

/// The length of the line ends that some text begins with.
fn blank_lines(input: &[u8]) -> usize {
    input.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count()
}

fn look_ahead(source: &mut impl Read) -> Result<Vec<u8>, TableError> {
    let mut start = Vec::new();
    source.take(LOOK_AHEAD).read_to_end(&mut start).map_err(TableError::Read)?;
    Ok(start)
}

/// The encoding of a text that says nothing of it: UTF-16 where every other byte of its beginning is zero. A byte order mark is
/// noticed by the decoder.
fn encoding(start: &[u8]) -> Option<&'static Encoding> {
    let pairs = start.chunks_exact(2).take(32);
    let zeros = |at: usize| pairs.clone().all(|pair| pair[at] == 0 && pair[1 - at] != 0) && start.len() >= 4;
    match (zeros(0), zeros(1)) {
        (true, _) => Some(UTF_16BE),
        (_, true) => Some(UTF_16LE),
        _ => None,
    }
}

/// The delimiter that a first line such as `sep=;` names, and where that line ends.
fn named_delimiter(start: &[u8]) -> Option<(u8, usize)> {
    let delimiter = *start.strip_prefix(b"sep=")?.first()?;
    let line_end = start.iter().position(|byte| *byte == b'\n')? + 1;
    (DELIMITERS.contains(&delimiter) && line_end <= 7).then_some((delimiter, line_end))
}

/// The delimiter that gives the first row the most columns that are known, or the most columns.
fn likely_delimiter(start: &[u8]) -> u8 {
    let score = |delimiter: &u8| {
        let names = first_row(start, *delimiter);
        let count = names.len();
        let known =
            Columns::recognize(names).map_or(0, |columns| columns.meanings().iter().flatten().count());
        (known, count)
    };
    // The first of equals is wanted, and `max_by_key` answers with the last.
    DELIMITERS.into_iter().rev().max_by_key(score).unwrap_or(b',')
}

fn first_row(start: &[u8], delimiter: u8) -> Vec<String> {
    let mut reader = ReaderBuilder::new().delimiter(delimiter).build();
    let (mut text, mut ends) = (vec![0; start.len() + 1], vec![0; MOST_CELLS]);
    let (_, _, written, ended) = reader.read_record(start, &mut text, &mut ends);
    ends.truncate(ended);
    text.truncate(written);
    let mut begin = 0;
    let cell = |end: usize| {
        let cell = String::from_utf8_lossy(&text[begin..end]).into_owned();
        begin = end;
        cell
    };
    ends.into_iter().map(cell).collect()
}
