//! Straight lines on the globe: how long they are, and where they cross the antimeridian.

use std::sync::LazyLock;

use geographiclib_rs::{Geodesic, InverseGeodesic};

use super::Coordinates;

static WGS84: LazyLock<Geodesic> = LazyLock::new(Geodesic::wgs84);

/// The length of the geodesic between two points on the WGS 84 ellipsoid, in kilometres; the same both ways.
#[must_use]
pub fn geodesic_km(a: Coordinates, b: Coordinates) -> f64 {
    if a == b {
        return 0.0;
    }
    let (a, b) = if (a.lat(), a.lon()) <= (b.lat(), b.lon()) { (a, b) } else { (b, a) };
    let metres: f64 = WGS84.inverse(a.lat(), a.lon(), b.lat(), b.lon());
    metres / 1000.0
}

/// Cuts a line wherever it crosses the antimeridian: maps draw each part for itself.
#[must_use]
pub fn split_at_antimeridian(line: &[Coordinates]) -> Vec<Vec<Coordinates>> {
    let mut parts: Vec<Vec<Coordinates>> = Vec::new();
    let mut part: Vec<Coordinates> = Vec::new();
    for &point in line {
        if let Some(&before) = part.last()
            && (point.lon() - before.lon()).abs() > 180.0
        {
            let (end, start) = crossing(before, point);
            part.extend(end);
            parts.push(std::mem::replace(&mut part, start.into_iter().collect()));
        }
        part.push(point);
    }
    parts.push(part);
    parts
}

/// Where the way between two points leaves one side of the antimeridian and enters the other.
fn crossing(before: Coordinates, point: Coordinates) -> (Option<Coordinates>, Option<Coordinates>) {
    let edge = 180.0_f64.copysign(before.lon());
    let beyond = point.lon() + 2.0 * edge;
    let width = beyond - before.lon();
    let share = if width == 0.0 { 0.5 } else { (edge - before.lon()) / width };
    let lat = before.lat() + (point.lat() - before.lat()) * share;
    (Coordinates::new(lat, edge).ok(), Coordinates::new(lat, -edge).ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(lat: f64, lon: f64) -> Coordinates {
        Coordinates::new(lat, lon).unwrap()
    }

    #[test]
    fn a_line_across_the_pacific_has_two_parts() {
        let parts = split_at_antimeridian(&[at(10.0, 170.0), at(20.0, -170.0), at(25.0, -160.0)]);
        assert_eq!(
            parts,
            [
                vec![at(10.0, 170.0), at(15.0, 180.0)],
                vec![at(15.0, -180.0), at(20.0, -170.0), at(25.0, -160.0)]
            ]
        );
    }

    #[test]
    fn a_line_that_crosses_nothing_stays_whole() {
        let line = [at(0.0, -3.0), at(0.0, 3.0)];
        assert_eq!(split_at_antimeridian(&line), [line]);
    }

    #[test]
    fn known_geodesics() {
        // Vincenty's worked example, Geoscience Australia: Flinders Peak to Buninyong, 54,972.271 m (on GRS 80).
        let km = geodesic_km(at(-37.951_033_417, 144.424_867_889), at(-37.652_821_139, 143.926_495_528));
        assert!((km - 54.972_271).abs() < 1e-5, "{km}");
        assert!((geodesic_km(at(0.0, 0.0), at(0.0, 180.0)) - 20_003.931).abs() < 0.001);
        assert!((geodesic_km(at(0.0, 0.0), at(0.0, 1.0)) - 111.319).abs() < 0.001);
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
