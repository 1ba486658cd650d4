//! What is written in cells.

mod date;
mod number;
pub(crate) mod words;

pub(crate) use date::{DateFault, DateOrder, date};
pub(crate) use number::{DecimalMark, NumberFault, number, whole};

use crate::block::Block;
use crate::{Columns, Field};

/// How a file writes what can be written in several ways, as far as its first rows show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Habits {
    pub decimal: Habit<DecimalMark>,
    pub dates: Habit<DateOrder>,
}

/// A habit that some cells show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Habit<T> {
    /// No cell has shown it.
    Unknown,
    /// All that show it agree.
    Known(T),
    /// They do not agree.
    Mixed,
}

impl<T: PartialEq + Copy> Habit<T> {
    fn seen(&mut self, shown: Option<T>) {
        *self = match (*self, shown) {
            (habit, None) => habit,
            (Self::Unknown, Some(shown)) => Self::Known(shown),
            (Self::Known(known), Some(shown)) if known == shown => Self::Known(known),
            (Self::Known(_) | Self::Mixed, Some(_)) => Self::Mixed,
        };
    }

    /// The habit, if it is settled.
    pub fn known(self) -> Option<T> {
        match self {
            Self::Known(known) => Some(known),
            Self::Unknown | Self::Mixed => None,
        }
    }
}

impl Habits {
    /// Those of a text with that delimiter. Where commas divide cells, numbers have points until one shows otherwise.
    pub fn unknown(delimiter: u8) -> Self {
        let decimal = if delimiter == b',' { Habit::Known(DecimalMark::Point) } else { Habit::Unknown };
        Self { decimal, dates: Habit::Unknown }
    }

    /// Those of a workbook, whose numbers are numbers.
    pub fn of_numbers() -> Self {
        Self { decimal: Habit::Known(DecimalMark::Point), dates: Habit::Unknown }
    }

    /// What some rows show.
    pub fn learned(self, columns: &Columns, block: &Block) -> Self {
        let (mut decimal, mut dates) = (Habit::Unknown, Habit::Unknown);
        for (column, meaning) in columns.meanings().iter().enumerate() {
            let Some(meaning) = meaning else { continue };
            let cells = block.rows().map(|row| row.cell(column).trim());
            if meaning.field.is_decimal() {
                cells.for_each(|cell| decimal.seen(number::shown(cell)));
            } else if meaning.field == Field::ShipmentDate {
                cells.for_each(|cell| dates.seen(date::shown(cell)));
            }
        }
        let or = |learned, before| if learned == Habit::Unknown { before } else { learned };
        Self {
            decimal: or(decimal, self.decimal),
            dates: if dates == Habit::Unknown { self.dates } else { dates },
        }
    }
}
