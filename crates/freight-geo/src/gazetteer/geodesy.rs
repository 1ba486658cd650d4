//! Distances that are good enough to compare places.

const KM_PER_DEGREE: f64 = 111.2;

/// A latitude and a longitude, in degrees.
pub(super) type Point = (f64, f64);

/// Kilometres between two points: on a plane when they are near, on a sphere otherwise.
pub(super) fn km(a: Point, b: Point) -> f64 {
    let dlat = (a.0 - b.0).abs();
    let mut dlon = (a.1 - b.1).abs();
    if dlon > 180.0 {
        dlon = 360.0 - dlon;
    }
    if dlat + dlon < 4.0 {
        return dlat.hypot(dlon * ((a.0 + b.0) / 2.0).to_radians().cos()) * KM_PER_DEGREE;
    }
    let (la, lb) = (a.0.to_radians(), b.0.to_radians());
    let half = (dlat.to_radians() / 2.0).sin().powi(2)
        + la.cos() * lb.cos() * (dlon.to_radians() / 2.0).sin().powi(2);
    2.0 * half.sqrt().min(1.0).asin().to_degrees() * KM_PER_DEGREE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_distances() {
        assert!((km((40.4168, -3.7038), (41.3851, 2.1734)) - 505.0).abs() < 3.0);
        assert!((km((51.9, 4.4), (51.95, 4.14)) - 18.7).abs() < 0.5);
        assert!(km((0.0, 179.9), (0.0, -179.9)) < 23.0);
    }
}
