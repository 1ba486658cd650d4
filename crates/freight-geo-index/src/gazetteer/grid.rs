//! Places by where they are.

use super::Index;
use super::container::Section;
use super::place::PlaceRecord;

/// Cells per degree.
const CELLS_PER_DEGREE: f64 = 4.0;
const COLUMNS: i32 = 360 * 4;
const ROWS: i32 = 180 * 4;
/// How many rings of cells are searched around a point.
const RINGS: i32 = 24;
/// One entry: the cell and the place's number.
const ENTRY: usize = 8;

/// The section of the grid: entries ordered by cell.
pub(crate) fn encode(points: impl Iterator<Item = (f64, f64)>) -> Vec<u8> {
    let mut entries: Vec<(u32, u32)> =
        (0..).zip(points).map(|(number, (lat, lon))| (cell(lat, lon), number)).collect();
    entries.sort_unstable();
    entries
        .into_iter()
        .flat_map(|(cell, number)| [cell.to_le_bytes(), number.to_le_bytes()].concat())
        .collect()
}

#[expect(clippy::cast_possible_truncation, reason = "degrees are at most 180")]
fn row_and_column(lat: f64, lon: f64) -> (i32, i32) {
    (((lat + 90.0) * CELLS_PER_DEGREE).floor() as i32, ((lon + 180.0) * CELLS_PER_DEGREE).floor() as i32)
}

fn cell(lat: f64, lon: f64) -> u32 {
    let (row, column) = row_and_column(lat, lon);
    number_of(row, column)
}

fn number_of(row: i32, column: i32) -> u32 {
    (row.clamp(0, ROWS - 1) * COLUMNS + column.rem_euclid(COLUMNS)).unsigned_abs()
}

impl Index<'_> {
    /// The populated place nearest to a point, with its number; none if there is none within some 500 km.
    #[must_use]
    pub fn nearest_place(&self, lat: f64, lon: f64) -> Option<(u32, PlaceRecord)> {
        let (row, column) = row_and_column(lat, lon);
        let shrink = lat.to_radians().cos();
        let distance = |place: &PlaceRecord| {
            let dlon = (place.lon - lon).abs();
            (place.lat - lat).hypot(dlon.min(360.0 - dlon) * shrink)
        };
        let mut best: Option<(f64, u32, PlaceRecord)> = None;
        for ring in 0..=RINGS {
            // Places in this ring and beyond are at least this far away.
            let reach = f64::from(ring - 1) / CELLS_PER_DEGREE * shrink.max(0.05);
            if best.as_ref().is_some_and(|best| best.0 < reach) {
                break;
            }
            for (y, x) in ring_cells(row, column, ring) {
                for (number, place) in self.cell_places(number_of(y, x)) {
                    let far = distance(&place);
                    if best.as_ref().is_none_or(|best| far < best.0) {
                        best = Some((far, number, place));
                    }
                }
            }
        }
        best.map(|(_, number, place)| (number, place))
    }

    fn cell_places(&self, cell: u32) -> impl Iterator<Item = (u32, PlaceRecord)> + '_ {
        let (entries, _) = self.sections.get(Section::Grid).as_chunks::<ENTRY>();
        let key = |entry: &[u8; ENTRY]| u32::from_le_bytes([entry[0], entry[1], entry[2], entry[3]]);
        let start = entries.partition_point(|entry| key(entry) < cell);
        entries[start..].iter().take_while(move |entry| key(entry) == cell).filter_map(|entry| {
            let number = u32::from_le_bytes([entry[4], entry[5], entry[6], entry[7]]);
            Some((number, self.place(number)?))
        })
    }
}

/// The cells at a distance from a cell.
fn ring_cells(row: i32, column: i32, ring: i32) -> impl Iterator<Item = (i32, i32)> {
    let rows = (row - ring).max(0)..=(row + ring).min(ROWS - 1);
    rows.flat_map(move |y| {
        let edge = (y - row).abs() == ring;
        let step = if edge || ring == 0 { 1 } else { 2 * ring };
        (column - ring..=column + ring).step_by(step.unsigned_abs() as usize).map(move |x| (y, x))
    })
}
