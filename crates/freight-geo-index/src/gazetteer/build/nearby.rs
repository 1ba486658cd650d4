//! Finding the nearest place, and distances good enough for joins.

use std::collections::HashMap;

/// Cells per degree of the grid.
const CELLS_PER_DEGREE: f64 = 4.0;
/// How many cells around the own one are searched at most.
const REACH: i32 = 4;
/// Kilometres per degree of latitude.
const KM_PER_DEGREE: f64 = 111.2;

/// A point in a country.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot {
    pub(super) lat: f64,
    pub(super) lon: f64,
    pub(super) country: u8,
}

/// Kilometres between two points, on a plane: right to a percent up to some hundred kilometres, except at the poles.
pub(super) fn km(a: (f64, f64), b: (f64, f64)) -> f64 {
    let mut dlon = (a.1 - b.1).abs();
    if dlon > 180.0 {
        dlon = 360.0 - dlon;
    }
    let shrink = ((a.0 + b.0) / 2.0).to_radians().cos();
    (a.0 - b.0).hypot(dlon * shrink) * KM_PER_DEGREE
}

/// A grid of places by country.
pub(super) struct Nearby {
    spots: Vec<Spot>,
    cells: HashMap<(i32, i32, u8), Vec<usize>>,
}

impl Nearby {
    pub(super) fn new(spots: impl Iterator<Item = Spot>) -> Self {
        let spots: Vec<Spot> = spots.collect();
        let mut cells: HashMap<_, Vec<usize>> = HashMap::new();
        for (at, spot) in spots.iter().enumerate() {
            let (row, column) = cell(spot.lat, spot.lon);
            cells.entry((row, column, spot.country)).or_default().push(at);
        }
        Self { spots, cells }
    }

    /// About the nearest place of a country within some 100 km: the nearest one of the first ring of cells that has any.
    pub(super) fn find(&self, lat: f64, lon: f64, country: u8) -> Option<usize> {
        let (row, column) = cell(lat, lon);
        (1..=REACH).find_map(|reach| {
            let around = (row - reach..=row + reach)
                .flat_map(|y| (column - reach..=column + reach).map(move |x| (y, x)));
            let near = around.filter_map(|(y, x)| self.cells.get(&(y, x, country))).flatten().copied();
            let distance = |at: usize| {
                let (dy, dx) =
                    (self.spots[at].lat - lat, (self.spots[at].lon - lon) * lat.to_radians().cos());
                dy * dy + dx * dx
            };
            near.map(|at| (distance(at), at)).min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, at)| at)
        })
    }
}

#[expect(clippy::cast_possible_truncation, reason = "degrees are at most 180")]
fn cell(lat: f64, lon: f64) -> (i32, i32) {
    ((lat * CELLS_PER_DEGREE).floor() as i32, (lon * CELLS_PER_DEGREE).floor() as i32)
}
