//! A grid of cells over the globe that tells which pieces of which chains pass through each.

use std::ops::RangeInclusive;

use zerocopy::little_endian::U32;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::geodesy::{KM_PER_DEGREE, Point, wrap};

/// The size of cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cells {
    /// Cells in one degree.
    pub per_degree: u32,
}

impl Cells {
    const fn columns(self) -> u32 {
        360 * self.per_degree
    }

    fn row(self, lat: f64) -> u32 {
        let last = 180 * self.per_degree - 1;
        (((lat + 90.0) * f64::from(self.per_degree)).max(0.0) as u32).min(last)
    }

    fn column(self, lon: f64) -> i64 {
        ((lon + 180.0) * f64::from(self.per_degree)).floor() as i64
    }

    fn key(self, row: u32, column: i64) -> u32 {
        row * self.columns() + column.rem_euclid(i64::from(self.columns())) as u32
    }

    /// The cells that a segment passes through, with some beside it.
    fn along(self, a: Point, b: Point) -> Vec<u32> {
        let span = wrap(b.lon - a.lon);
        let steps = 1 + ((b.lat - a.lat).abs().max(span.abs()) * f64::from(self.per_degree) * 4.0) as u32;
        let mut keys: Vec<u32> = (0..=steps)
            .map(|step| f64::from(step) / f64::from(steps))
            .map(|share| {
                self.key(self.row(a.lat + (b.lat - a.lat) * share), self.column(a.lon + span * share))
            })
            .collect();
        keys.dedup();
        keys
    }

    /// The ranges of keys whose cells may hold something within a distance of a point.
    pub fn around(self, point: Point, km: f64) -> impl Iterator<Item = RangeInclusive<u32>> {
        let reach = km / KM_PER_DEGREE;
        let farthest = point.lat.abs() + reach;
        let half = if farthest < 89.0 { (reach / farthest.to_radians().cos()).min(180.0) } else { 180.0 };
        let (west, east) = (self.column(point.lon - half), self.column(point.lon + half));
        let columns = i64::from(self.columns());
        (self.row(point.lat - reach)..=self.row(point.lat + reach)).flat_map(move |row| {
            let start = i64::from(row) * i64::from(self.columns());
            let range = |from: i64, to: i64| (start + from) as u32..=(start + to) as u32;
            if east - west + 1 >= columns {
                return [Some(range(0, columns - 1)), None].into_iter().flatten();
            }
            let (from, to) = (west.rem_euclid(columns), east.rem_euclid(columns));
            let ranges = if from <= to {
                [Some(range(from, to)), None]
            } else {
                [Some(range(from, columns - 1)), Some(range(0, to))]
            };
            ranges.into_iter().flatten()
        })
    }
}

/// Where a cell's entries begin.
#[derive(Debug, Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct StoredCell {
    /// The cell's key.
    pub key: U32,
    /// Index of its first entry.
    pub first: U32,
}

/// A piece of a chain.
#[derive(Debug, Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct StoredEntry {
    /// The chain's number.
    pub chain: U32,
    /// The number of the piece: 0 lies between the chain's beginning and its first shape point.
    pub piece: U32,
}

/// Cells and what lies in them.
#[derive(Debug, Clone, Copy)]
pub struct Grid<'a> {
    cells: Cells,
    rows: &'a [StoredCell],
    entries: &'a [StoredEntry],
}

impl<'a> Grid<'a> {
    /// The grid that [`GridBuilder::build`] made.
    #[must_use]
    pub const fn new(cells: Cells, rows: &'a [StoredCell], entries: &'a [StoredEntry]) -> Self {
        Self { cells, rows, entries }
    }

    /// Every piece that comes within a distance of a point, and some beyond; a piece that crosses several cells comes
    /// several times.
    pub fn near(self, point: Point, km: f64) -> impl Iterator<Item = &'a StoredEntry> {
        self.cells.around(point, km).flat_map(move |range| {
            let from = self.rows.partition_point(|cell| cell.key < *range.start());
            let cells =
                self.rows[from..].windows(2).take_while(move |pair| range.contains(&pair[0].key.get()));
            cells.flat_map(move |pair| {
                &self.entries[pair[0].first.get() as usize..pair[1].first.get() as usize]
            })
        })
    }

    /// Whether every number points into the grid, and every piece passes a test.
    #[must_use]
    pub fn is_sound(self, piece: impl Fn(&StoredEntry) -> bool) -> bool {
        self.rows.windows(2).all(|pair| pair[0].key < pair[1].key && pair[0].first <= pair[1].first)
            && self.rows.last().is_some_and(|end| end.first.get() as usize == self.entries.len())
            && self.entries.iter().all(piece)
    }
}

/// Sorts the pieces of chains into cells.
#[derive(Debug)]
pub struct GridBuilder {
    cells: Cells,
    entries: Vec<(u32, u32, u32)>,
}

impl GridBuilder {
    /// An empty grid.
    #[must_use]
    pub const fn new(cells: Cells) -> Self {
        Self { cells, entries: Vec::new() }
    }

    /// Adds a chain, given all its points from one end to the other.
    pub fn add(&mut self, chain: u32, points: &[Point]) {
        for (piece, ends) in (0u32..).zip(points.windows(2)) {
            let keys = self.cells.along(ends[0], ends[1]);
            self.entries.extend(keys.into_iter().map(|key| (key, chain, piece)));
        }
    }

    /// The cells in order of their keys, with one more that marks the end, and their entries.
    #[must_use]
    pub fn build(mut self) -> (Vec<StoredCell>, Vec<StoredEntry>) {
        self.entries.sort_unstable();
        self.entries.dedup();
        let mut cells: Vec<StoredCell> = Vec::new();
        for (at, &(key, ..)) in (0u32..).zip(&self.entries) {
            if cells.last().is_none_or(|cell| cell.key.get() != key) {
                cells.push(StoredCell { key: U32::new(key), first: U32::new(at) });
            }
        }
        cells.push(StoredCell { key: U32::new(u32::MAX), first: U32::new(self.entries.len() as u32) });
        let entries = self.entries.iter();
        let entries =
            entries.map(|&(_, chain, piece)| StoredEntry { chain: U32::new(chain), piece: U32::new(piece) });
        (cells, entries.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CELLS: Cells = Cells { per_degree: 10 };

    fn holds(point: Point, km: f64, key: u32) -> bool {
        CELLS.around(point, km).any(|range| range.contains(&key))
    }

    #[test]
    fn cells_across_the_antimeridian_are_neighbours() {
        let key = CELLS.along(Point { lat: 0.05, lon: -179.99 }, Point { lat: 0.05, lon: -179.98 })[0];
        assert!(holds(Point { lat: 0.05, lon: 179.99 }, 5.0, key));
        assert!(!holds(Point { lat: 0.05, lon: 179.0 }, 5.0, key));
    }

    #[test]
    fn near_the_pole_every_column_is_near() {
        let key = CELLS.along(Point { lat: 89.95, lon: 10.0 }, Point { lat: 89.95, lon: 10.0 })[0];
        assert!(holds(Point { lat: 89.95, lon: -170.0 }, 20.0, key));
    }

    #[test]
    fn a_segment_is_found_from_every_cell_that_it_crosses() {
        let mut grid = GridBuilder::new(CELLS);
        grid.add(7, &[Point { lat: 1.0, lon: 1.0 }, Point { lat: 1.0, lon: 2.0 }]);
        let (cells, entries) = grid.build();
        assert!(cells.len() >= 11);
        assert!(entries.iter().all(|entry| entry.chain.get() == 7 && entry.piece.get() == 0));
    }
}
