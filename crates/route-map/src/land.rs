//! The outlines of land.

use std::sync::LazyLock;

use freight_geo_index::routes::land::{Ring, polygons};

/// The table that distances by sea are prepared from as well.
static TABLE: &[u8] = include_bytes!("../../freight-geo/data/marnet/land.tsv.zst");

/// A country's mainland or one of its islands.
pub(crate) struct Land {
    /// The outer ring, then lakes and enclaves.
    pub rings: Vec<Ring>,
    west: f64,
    east: f64,
    south: f64,
    north: f64,
}

/// All land.
pub(crate) static LAND: LazyLock<Vec<Land>> = LazyLock::new(|| {
    let polygons = polygons(TABLE).unwrap_or_default();
    polygons.into_iter().map(Land::new).collect()
});

impl Land {
    fn new(rings: Vec<Ring>) -> Self {
        let mut land =
            Self { rings: Vec::new(), west: f64::MAX, east: f64::MIN, south: f64::MAX, north: f64::MIN };
        for &(lon, lat) in rings.iter().flatten() {
            (land.west, land.east) = (land.west.min(lon), land.east.max(lon));
            (land.south, land.north) = (land.south.min(lat), land.north.max(lat));
        }
        Self { rings, ..land }
    }

    /// Whether some of it may lie between these meridians and parallels.
    pub fn touches(&self, west: f64, east: f64, south: f64, north: f64) -> bool {
        self.west <= east && self.east >= west && self.south <= north && self.north >= south
    }

    fn contains(&self, (lon, lat): (f64, f64)) -> bool {
        let crossed = |ring: &Ring| {
            let edges = ring.iter().zip(ring.iter().cycle().skip(1));
            edges
                .filter(|((x1, y1), (x2, y2))| {
                    (*y1 > lat) != (*y2 > lat) && lon < (x2 - x1) * (lat - y1) / (y2 - y1) + x1
                })
                .count()
        };
        self.touches(lon, lon, lat, lat) && self.rings.iter().map(crossed).sum::<usize>() % 2 == 1
    }
}

/// Whether a point lies on land.
pub(crate) fn is_land(point: (f64, f64)) -> bool {
    LAND.iter().any(|land| land.contains(point))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn land_is_where_it_is() {
        assert!(LAND.len() > 1_000);
        assert!(is_land((-3.7, 40.4)) && is_land((133.0, -25.0)));
        assert!(!is_land((-30.0, 30.0)) && !is_land((1.6, 50.97)));
    }
}
