//! Straight distances, and lines on the globe.

use geographiclib_rs::{Geodesic, InverseGeodesic};
use logistics_domain::geography::Coordinates;

/// The length of the geodesic on the WGS 84 ellipsoid, in kilometres.
pub(crate) fn geodesic_km(from: Coordinates, to: Coordinates) -> f64 {
    let metres: f64 = Geodesic::wgs84().inverse(from.lat(), from.lon(), to.lat(), to.lon());
    metres / 1000.0
}

/// Cuts a line wherever it crosses the antimeridian.
pub(crate) fn split_at_antimeridian(line: &[Coordinates]) -> Vec<Vec<Coordinates>> {
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
        assert_eq!(split_at_antimeridian(&[at(0.0, -3.0), at(0.0, 3.0)]).len(), 1);
    }

    #[test]
    fn a_degree_of_the_equator() {
        assert!((geodesic_km(at(0.0, 0.0), at(0.0, 1.0)) - 111.319).abs() < 0.001);
    }
}
