//! Great circles, on the ellipsoid.

use std::sync::LazyLock;

use freight_geo_index::routes::geodesy::Point;
use geographiclib_rs::{Geodesic, InverseGeodesic};
use logistics_domain::geography::Coordinates;

static WGS84: LazyLock<Geodesic> = LazyLock::new(Geodesic::wgs84);

/// The geodesic between two points on the WGS 84 ellipsoid, in kilometres; the same both ways.
#[must_use]
pub fn geodesic_km(a: Coordinates, b: Coordinates) -> f64 {
    if a == b {
        return 0.0;
    }
    let (a, b) = if (a.lat(), a.lon()) <= (b.lat(), b.lon()) { (a, b) } else { (b, a) };
    let metres: f64 = WGS84.inverse(a.lat(), a.lon(), b.lat(), b.lon());
    metres / 1000.0
}

pub(super) const fn point(coordinates: Coordinates) -> Point {
    Point { lat: coordinates.lat(), lon: coordinates.lon() }
}

pub(super) fn coordinates(point: Point) -> Option<Coordinates> {
    Coordinates::new(point.lat, point.lon).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(lat: f64, lon: f64) -> Coordinates {
        Coordinates::new(lat, lon).unwrap()
    }

    #[test]
    fn known_geodesics() {
        // Vincenty's worked example, Geoscience Australia: Flinders Peak to Buninyong, 54,972.271 m (on GRS 80).
        let km = geodesic_km(at(-37.951_033_417, 144.424_867_889), at(-37.652_821_139, 143.926_495_528));
        assert!((km - 54.972_271).abs() < 1e-5, "{km}");
        assert!((geodesic_km(at(0.0, 0.0), at(0.0, 180.0)) - 20_003.931).abs() < 0.001);
    }

    proptest! {
        #[test]
        fn every_pair_has_a_finite_symmetric_geodesic(
            a in (-90.0f64..=90.0, -180.0f64..=180.0), b in (-90.0f64..=90.0, -180.0f64..=180.0)
        ) {
            let (a, b) = (at(a.0, a.1), at(b.0, b.1));
            let km = geodesic_km(a, b);
            prop_assert!((0.0..=20_004.0).contains(&km));
            prop_assert_eq!(km, geodesic_km(b, a));
        }
    }
}
