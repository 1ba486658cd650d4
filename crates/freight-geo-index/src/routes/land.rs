//! How far the nearest land is, for every point at sea.
//!
//! A grid of bytes: 0 is land, n at least (n - 1) x 4 km of water around any point of the cell, up to 1,016 km. A straight line over open
//! water is found clear in a few strides.

use std::sync::LazyLock;

use super::geodesy::{EARTH_RADIUS_KM, KM_PER_DEGREE};
use super::tables::{TableError, each_row, unpack};

/// Cells of a tenth of a degree.
const PER_DEGREE: usize = 10;
const ROWS: usize = 180 * PER_DEGREE;
const COLUMNS: usize = 360 * PER_DEGREE;
/// From one row of cells to the next.
const NORTH_SOUTH_KM: f32 = (KM_PER_DEGREE / PER_DEGREE as f64) as f32;
const UNIT_KM: f64 = 4.0;
/// Strides near land: about half a cell.
const SHORTEST_STRIDE_KM: f64 = 5.5;

/// Ships that come from farther north do not go beyond this latitude, whatever the great circle says. Ours: about where
/// composite sailing between the Cape and Australia turns. The sine of 42 degrees south.
const SOUTHERN_OCEAN_SINE: f64 = -0.669_130_606_358_858_2;

/// The distance from land, by cell.
#[derive(Debug, Clone, Copy)]
pub struct Land<'a>(&'a [u8]);

impl<'a> Land<'a> {
    /// Reads what [`prepare`] wrote; `None` if the length is wrong.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Option<Self> {
        (bytes.len() == ROWS * COLUMNS).then_some(Self(bytes))
    }

    /// Whether a ship can follow the great circle between two [directions](super::geodesy::Point::direction) without touching land or the
    /// Southern Ocean. Land smaller than about 5 km is not seen, nor is land within `approach_km` of the beginning, which is
    /// a port.
    #[must_use]
    pub fn is_clear(self, from: [f64; 3], to: [f64; 3], approach_km: f64) -> bool {
        let cosine = dot(from, to).clamp(-1.0, 1.0);
        let sideways = [0, 1, 2].map(|axis| to[axis] - from[axis] * cosine);
        let sine = dot(sideways, sideways).sqrt();
        if sine < 1e-9 {
            return cosine > 0.0;
        }
        let km = EARTH_RADIUS_KM * sine.atan2(cosine);
        let south = SOUTHERN_OCEAN_SINE.min(from[2]).min(to[2]) - 1e-4;
        let strides = &*STRIDES;
        let (mut turned, mut straight) = (approach_km / EARTH_RADIUS_KM).sin_cos();
        let mut sailed = approach_km;
        while sailed < km {
            let sideward = turned / sine;
            let at = [0, 1, 2].map(|axis| from[axis] * straight + sideways[axis] * sideward);
            let byte = self.0[cell(at)];
            if byte == 0 || at[2] < south {
                return false;
            }
            let stride = &strides[usize::from(byte)];
            (turned, straight) = (
                turned * stride.cosine + straight * stride.sine,
                straight * stride.cosine - turned * stride.sine,
            );
            sailed += stride.km;
        }
        true
    }
}

/// How far a ship may go on from a cell, by the cell's byte.
struct Stride {
    km: f64,
    sine: f64,
    cosine: f64,
}

static STRIDES: LazyLock<[Stride; 256]> = LazyLock::new(|| {
    std::array::from_fn(|byte| {
        let km = (byte.saturating_sub(1) as f64 * UNIT_KM).max(SHORTEST_STRIDE_KM);
        let (sine, cosine) = (km / EARTH_RADIUS_KM).sin_cos();
        Stride { km, sine, cosine }
    })
});

fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn cell([x, y, z]: [f64; 3]) -> usize {
    let per_radian = PER_DEGREE as f64 * 180.0 / std::f64::consts::PI;
    let row = (z.clamp(-1.0, 1.0).asin() * per_radian + (90 * PER_DEGREE) as f64) as usize;
    let column = (y.atan2(x) * per_radian + (180 * PER_DEGREE) as f64) as usize;
    stored(row.min(ROWS - 1), column.min(COLUMNS - 1))
}

/// Where a cell is stored: blocks of 8 x 8 cells lie together, so that a line across a block stays in one cache line.
fn stored(row: usize, column: usize) -> usize {
    (row / 8 * (COLUMNS / 8) + column / 8) * 64 + row % 8 * 8 + column % 8
}

/// Makes the grid from polygons: one a line, its rings separated by `;`, a ring being `lon,lat lon,lat …` (zstd).
///
/// # Errors
/// [`TableError`] for a row that does not parse.
pub fn prepare(land_zst: &[u8]) -> Result<Vec<u8>, TableError> {
    let mut km = vec![f32::INFINITY; ROWS * COLUMNS];
    each_row("land.tsv", &unpack("land.tsv", land_zst)?, '\t', |fields| {
        let rings = fields.first().ok_or("no rings")?.split(';').map(ring).collect::<Result<Vec<_>, _>>()?;
        fill(&rings, &mut km);
        Ok(())
    })?;
    spread(&mut km);
    let byte = |(at, &km): (usize, &f32)| {
        // Steps over neighbouring cells are up to 8 % longer than the straight way. The point may lie in a corner of its cell,
        // and so may the land.
        let middles = 2.0 * f64::from(corner_km(at / COLUMNS));
        if km == 0.0 { 0 } else { 1 + ((f64::from(km) * 0.92 - middles) / UNIT_KM).clamp(0.0, 254.0) as u8 }
    };
    let mut grid = vec![0; km.len()];
    for cell in km.iter().enumerate() {
        grid[stored(cell.0 / COLUMNS, cell.0 % COLUMNS)] = byte(cell);
    }
    Ok(grid)
}

/// The polygons of the table of coasts, as rings of longitude and latitude; the first of a polygon is its outer one.
///
/// # Errors
/// [`TableError`] for a row that does not parse.
pub fn polygons(land_zst: &[u8]) -> Result<Vec<Vec<Ring>>, TableError> {
    let mut polygons = Vec::new();
    each_row("land.tsv", &unpack("land.tsv", land_zst)?, '\t', |fields| {
        polygons.push(fields.first().ok_or("no rings")?.split(';').map(ring).collect::<Result<_, _>>()?);
        Ok(())
    })?;
    Ok(polygons)
}

/// The vertices of a closed line, each a longitude and a latitude in degrees.
pub type Ring = Vec<(f64, f64)>;

fn row_km(row: usize) -> f32 {
    let lat = (row as f64 + 0.5) / PER_DEGREE as f64 - 90.0;
    NORTH_SOUTH_KM * lat.to_radians().cos() as f32
}

/// From the middle of a cell to its corner.
fn corner_km(row: usize) -> f32 {
    NORTH_SOUTH_KM.hypot(row_km(row)) / 2.0
}

fn ring(text: &str) -> Result<Ring, &'static str> {
    let vertex = |pair: &str| {
        let (lon, lat) = pair.split_once(',')?;
        Some((lon.parse().ok()?, lat.parse().ok()?))
    };
    text.split(' ').map(|pair| vertex(pair).ok_or("a vertex that is no pair of numbers")).collect()
}

/// Marks the cells whose middle lies inside the rings.
fn fill(rings: &[Vec<(f64, f64)>], km: &mut [f32]) {
    let lats = rings.iter().flatten().map(|vertex| vertex.1);
    let (south, north) =
        lats.fold((90.0f64, -90.0f64), |(south, north), lat| (south.min(lat), north.max(lat)));
    let row = |lat: f64| (((lat + 90.0) * PER_DEGREE as f64).max(0.0) as usize).min(ROWS - 1);
    for row in row(south)..=row(north) {
        let lat = (row as f64 + 0.5) / PER_DEGREE as f64 - 90.0;
        let mut crossings: Vec<f64> = rings
            .iter()
            .flat_map(|ring| ring.windows(2))
            .filter(|pair| (pair[0].1 > lat) != (pair[1].1 > lat))
            .map(|pair| pair[0].0 + (lat - pair[0].1) / (pair[1].1 - pair[0].1) * (pair[1].0 - pair[0].0))
            .collect();
        crossings.sort_by(f64::total_cmp);
        for pair in crossings.chunks_exact(2) {
            let column = |lon: f64| ((lon + 180.0) * PER_DEGREE as f64 - 0.5).ceil().max(0.0) as usize;
            for column in column(pair[0])..column(pair[1]).min(COLUMNS) {
                km[row * COLUMNS + column] = 0.0;
            }
        }
    }
}

/// Kilometres to the nearest land over the middles of neighbouring cells, in two sweeps there and back.
fn spread(km: &mut [f32]) {
    for _ in 0..2 {
        for row in 0..ROWS {
            sweep(km, row, row.checked_sub(1));
        }
        for row in (0..ROWS).rev() {
            sweep(km, row, Some(row + 1).filter(|&other| other < ROWS));
        }
    }
}

fn sweep(km: &mut [f32], row: usize, other: Option<usize>) {
    let east_west = row_km(row);
    let diagonal = NORTH_SOUTH_KM.hypot(east_west);
    if let Some(other) = other {
        for column in 0..COLUMNS {
            let from = |column: usize, step: f32, km: &[f32]| km[other * COLUMNS + column % COLUMNS] + step;
            let best = from(column, NORTH_SOUTH_KM, km).min(from(column + 1, diagonal, km)).min(from(
                column + COLUMNS - 1,
                diagonal,
                km,
            ));
            let here = &mut km[row * COLUMNS + column];
            *here = here.min(best);
        }
    }
    let line = &mut km[row * COLUMNS..(row + 1) * COLUMNS];
    for step in 0..2 * COLUMNS {
        let (before, here) = ((step + COLUMNS - 1) % COLUMNS, step % COLUMNS);
        line[here] = line[here].min(line[before] + east_west);
    }
    for step in (0..2 * COLUMNS).rev() {
        let (after, here) = ((step + 1) % COLUMNS, step % COLUMNS);
        line[here] = line[here].min(line[after] + east_west);
    }
}

#[cfg(test)]
mod tests {
    use super::super::geodesy::Point;
    use super::*;

    #[test]
    fn an_island_blocks_the_line_and_open_water_does_not() {
        let table = "rings\n-5,-5 5,-5 5,5 -5,5 -5,-5\n";
        let zst = zstd::encode_all(table.as_bytes(), 1).unwrap();
        let bytes = prepare(&zst).unwrap();
        let land = Land::new(&bytes).unwrap();
        let at = |lat: f64, lon: f64| Point { lat, lon }.direction();
        assert!(!land.is_clear(at(0.0, -20.0), at(0.0, 20.0), 0.0));
        assert!(land.is_clear(at(10.0, -20.0), at(10.0, 20.0), 0.0));
        assert!(land.is_clear(at(0.0, 170.0), at(0.0, -170.0), 0.0));
        assert!(!land.is_clear(at(0.0, 0.0), at(0.0, 20.0), 0.0));
    }
}
