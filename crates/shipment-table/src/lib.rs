//! Shipments in files, as people have them.
//!
//! [`Table`] reads CSV and XLSX a block of rows at a time. [`Columns`] recognizes columns by their names, in English and Spanish.
//! [`LegReader`] turns a row into the leg that the API would take, or says of every cell what is wrong and what to write
//! instead. Where a file can be read in two ways, as `1.234` or `03/04/2024` can, its own first rows decide, and where they do not
//! the cell is refused: nothing is guessed.

mod block;
mod cells;
mod columns;
mod csv_file;
mod field;
mod legs;
mod record;
mod table;
mod xlsx_file;

pub use block::{Block, Row};
pub use columns::{Columns, Meaning};
pub use field::Field;
pub use legs::{CellError, LegReader};
pub use record::Record;
pub use table::{Options, Table, TableError};
