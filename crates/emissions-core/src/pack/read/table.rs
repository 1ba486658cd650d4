//! The tables that factor packs are written in: UTF-8, tab separated, one header line, no quoting.

use std::collections::HashSet;

use crate::pack::PackError;

/// Identifiers that stood in a table already.
pub(super) type Keys<'t> = HashSet<&'t str>;

/// The largest number that a table may hold.
const MAX_NUMBER: f64 = 1e6;

/// A table with its columns checked.
pub(super) struct Table<'t> {
    file: &'static str,
    columns: &'static [&'static str],
    lines: Vec<(usize, &'t str)>,
}

/// One line of a table.
pub(super) struct Row<'t> {
    file: &'static str,
    columns: &'static [&'static str],
    /// The line's number in its file, from 1.
    line: usize,
    cells: Vec<&'t str>,
}

impl<'t> Table<'t> {
    pub fn read(
        file: &'static str,
        columns: &'static [&'static str],
        text: &'t str,
    ) -> Result<Self, PackError> {
        let mut lines =
            (1..).zip(text.lines()).filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
        let (number, header) = lines.next().unwrap_or((1, ""));
        if !header.split('\t').eq(columns.iter().copied()) {
            let expected = columns.join(" ");
            let reason = format!("expected the tab-separated columns `{expected}`");
            return Err(PackError::at(file, number, reason));
        }
        Ok(Self { file, columns, lines: lines.collect() })
    }

    pub fn rows(&self) -> impl Iterator<Item = Result<Row<'t>, PackError>> {
        self.lines.iter().map(|&(line, text)| {
            let cells: Vec<&str> = text.split('\t').map(str::trim).collect();
            let row = Row { file: self.file, columns: self.columns, line, cells };
            if row.cells.len() == self.columns.len() {
                Ok(row)
            } else {
                Err(row.error(format!("expected {} cells, found {}", self.columns.len(), row.cells.len())))
            }
        })
    }
}

impl<'t> Row<'t> {
    pub fn error(&self, reason: impl Into<String>) -> PackError {
        PackError::at(self.file, self.line, reason)
    }

    pub fn line(&self) -> usize {
        self.line
    }

    /// The cell in a column; blank if the source does not publish it.
    pub fn cell(&self, column: &str) -> &'t str {
        let at = self.columns.iter().position(|name| *name == column);
        self.cells[at.expect("the readers name columns of their own table")]
    }

    pub fn required(&self, column: &str) -> Result<&'t str, PackError> {
        match self.cell(column) {
            "" => Err(self.error(format!("`{column}` is missing"))),
            cell => Ok(cell),
        }
    }

    /// An identifier: not blank, of lower-case letters, digits and `. _ + - @`, and not seen before.
    pub fn key(&self, column: &str, keys: &mut Keys<'t>) -> Result<&'t str, PackError> {
        let key = self.required(column)?;
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._+-@".contains(&byte);
        if !key.bytes().all(plain) {
            return Err(self.error(format!(
                "`{column}` is `{key}`: expected lower-case letters, digits and `. _ + - @`"
            )));
        }
        if !keys.insert(key) {
            return Err(self.error(format!("`{column}` is `{key}`, which stands in the table already")));
        }
        Ok(key)
    }

    /// The cell in the column `year`: from 1990 to 2100.
    pub fn year(&self) -> Result<u16, PackError> {
        let cell = self.required("year")?;
        let year = cell.parse().ok().filter(|year| (1990..=2100).contains(year));
        year.ok_or_else(|| self.error(format!("`year` is `{cell}`: expected a year from 1990 to 2100")))
    }

    pub fn choice<T>(&self, column: &str, named: impl Fn(&str) -> Option<T>) -> Result<T, PackError> {
        let cell = self.required(column)?;
        named(cell).ok_or_else(|| self.error(format!("`{column}` is `{cell}`, which is not known")))
    }

    /// A plain decimal from 0 to 1,000,000, or nothing where the cell is blank.
    pub fn number(&self, column: &str) -> Result<Option<f64>, PackError> {
        match self.cell(column) {
            "" => Ok(None),
            cell => match decimal(cell) {
                Some(number) if number <= MAX_NUMBER => Ok(Some(number)),
                _ => Err(self.error(format!(
                    "`{column}` is `{cell}`: expected a plain decimal from 0 to {MAX_NUMBER}"
                ))),
            },
        }
    }

    pub fn required_number(&self, column: &str) -> Result<f64, PackError> {
        self.required(column)?;
        self.number(column).map(Option::unwrap_or_default)
    }

    pub fn number_within(&self, column: &str, min: f64, max: f64) -> Result<f64, PackError> {
        let number = self.required_number(column)?;
        if (min..=max).contains(&number) {
            Ok(number)
        } else {
            Err(self.error(format!("`{column}` is {number}: expected {min} to {max}")))
        }
    }

    pub fn percentage(&self, column: &str) -> Result<Option<f64>, PackError> {
        match self.cell(column) {
            "" => Ok(None),
            _ => self.number_within(column, 0.0, 100.0).map(Some),
        }
    }

    /// Half a unit of the last digit that the column prints.
    pub fn printed_rounding(&self, column: &str) -> f64 {
        let decimals = self.cell(column).split_once('.').map_or(0, |(_, fraction)| fraction.len());
        0.5 * 10f64.powi(-i32::try_from(decimals).unwrap_or(i32::MAX))
    }
}

/// Digits with at most one point among them: no sign, no exponent, no separators.
fn decimal(text: &str) -> Option<f64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    (digits(whole) && digits(fraction)).then(|| text.parse().ok()).flatten()
}
