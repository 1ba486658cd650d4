//! Points of the networks as coordinates of the port, and back.

use freight_geo_index::routes::geodesy::Point;
use logistics_domain::geography::Coordinates;

pub(super) const fn point(coordinates: Coordinates) -> Point {
    Point { lat: coordinates.lat(), lon: coordinates.lon() }
}

pub(super) fn coordinates(point: Point) -> Option<Coordinates> {
    Coordinates::new(point.lat, point.lon).ok()
}
