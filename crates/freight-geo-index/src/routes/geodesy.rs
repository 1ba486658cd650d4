//! Spherical geometry, good to half a percent: enough to choose and to interpolate, not to report.

use zerocopy::little_endian::I32;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// Mean radius of the Earth in kilometres (IUGG).
pub const EARTH_RADIUS_KM: f64 = 6371.0088;

/// Kilometres of one degree of latitude.
pub const KM_PER_DEGREE: f64 = EARTH_RADIUS_KM * std::f64::consts::PI / 180.0;

/// A point on Earth (WGS 84) in decimal degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Latitude, from -90 to 90.
    pub lat: f64,
    /// Longitude, from -180 to 180.
    pub lon: f64,
}

/// A point as it stands in a file: millionths of a degree (11 cm).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned,
)]
#[repr(C)]
pub struct StoredPoint {
    lat: I32,
    lon: I32,
}

impl From<Point> for StoredPoint {
    fn from(point: Point) -> Self {
        let stored = |degrees: f64| I32::new((degrees * 1e6).round() as i32);
        Self { lat: stored(point.lat), lon: stored(point.lon) }
    }
}

impl From<StoredPoint> for Point {
    fn from(point: StoredPoint) -> Self {
        Self { lat: f64::from(point.lat.get()) / 1e6, lon: f64::from(point.lon.get()) / 1e6 }
    }
}

impl Point {
    /// The great-circle distance to another point in kilometres, on a sphere. Finite for every pair, antipodes included.
    #[must_use]
    pub fn distance_km(self, other: Self) -> f64 {
        let (lat, other_lat) = (self.lat.to_radians(), other.lat.to_radians());
        let half = |a: f64, b: f64| ((b - a) / 2.0).sin().powi(2);
        let h = half(lat, other_lat)
            + lat.cos() * other_lat.cos() * half(self.lon.to_radians(), other.lon.to_radians());
        2.0 * EARTH_RADIUS_KM * h.clamp(0.0, 1.0).sqrt().asin()
    }

    /// The direction from the middle of the Earth, as a unit vector.
    #[must_use]
    pub fn direction(self) -> [f64; 3] {
        let (lat, lon) = (self.lat.to_radians(), self.lon.to_radians());
        [lat.cos() * lon.cos(), lat.cos() * lon.sin(), lat.sin()]
    }

    /// The point on the great circle to `other` at a share from 0 (here) to 1 (there).
    #[must_use]
    pub fn towards(self, other: Self, share: f64) -> Self {
        let angle = self.distance_km(other) / EARTH_RADIUS_KM;
        if angle < 1e-9 {
            return self;
        }
        let (from, to) = (((1.0 - share) * angle).sin() / angle.sin(), (share * angle).sin() / angle.sin());
        let vector = |point: Self, factor: f64| point.direction().map(|part| part * factor);
        let (a, b) = (vector(self, from), vector(other, to));
        let [x, y, z] = [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
        Self { lat: z.atan2(x.hypot(y)).to_degrees(), lon: y.atan2(x).to_degrees() }
    }

    /// The nearest point of the segment from `a` to `b`: its distance in kilometres and its share of the segment, from
    /// 0 (at `a`) to 1 (at `b`). The segment counts as straight on a map around this point, so it must be short.
    #[must_use]
    pub fn nearest_on_segment(self, a: Self, b: Self) -> (f64, f64) {
        let scale = self.lat.to_radians().cos();
        let flat = |p: Self| ((wrap(p.lon - self.lon)) * scale, p.lat - self.lat);
        let ((ax, ay), (bx, by)) = (flat(a), flat(b));
        let (dx, dy) = (bx - ax, by - ay);
        let square = dx * dx + dy * dy;
        let share = if square > 0.0 { (-(ax * dx + ay * dy) / square).clamp(0.0, 1.0) } else { 0.0 };
        ((ax + share * dx).hypot(ay + share * dy) * KM_PER_DEGREE, share)
    }
}

/// A difference of longitudes on the shorter way round, from -180 to 180.
#[must_use]
pub fn wrap(degrees: f64) -> f64 {
    if degrees > 180.0 {
        degrees - 360.0
    } else if degrees < -180.0 {
        degrees + 360.0
    } else {
        degrees
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn point(lat: f64, lon: f64) -> Point {
        Point { lat, lon }
    }

    #[test]
    fn antipodes_and_neighbours_have_finite_distances() {
        let half = EARTH_RADIUS_KM * std::f64::consts::PI;
        assert!((point(41.99, -8.123_456).distance_km(point(-41.99, 171.876_544)) - half).abs() < 1e-3);
        assert_eq!(point(10.0, 20.0).distance_km(point(10.0, 20.0)), 0.0);
    }

    #[test]
    fn a_degree_of_latitude_is_111_km() {
        assert!((point(0.0, 0.0).distance_km(point(1.0, 0.0)) - 111.195).abs() < 0.001);
    }

    #[test]
    fn the_nearest_point_of_a_segment_across_the_antimeridian_is_found() {
        let (km, share) = point(1.0, 180.0).nearest_on_segment(point(0.0, 179.5), point(0.0, -179.5));
        assert!((km - KM_PER_DEGREE).abs() < 1e-9 && (share - 0.5).abs() < 1e-9);
    }

    #[test]
    fn half_way_is_equally_far_from_both_ends() {
        let (a, b) = (point(51.5, -0.1), point(40.7, -74.0));
        let middle = a.towards(b, 0.5);
        assert!((middle.distance_km(a) - middle.distance_km(b)).abs() < 1e-6);
    }
}
