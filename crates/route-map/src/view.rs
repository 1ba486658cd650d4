//! The part of the world that a picture shows.

use crate::path::Point;

/// The picture's size in its own units, which are about half a pixel.
pub(crate) const WIDTH: f64 = 1600.0;
pub(crate) const HEIGHT: f64 = 1000.0;

/// The share of the picture that stays free at each side of the route.
const MARGIN: f64 = 0.14;
/// The least that a picture shows from top to bottom, in degrees.
const LEAST_DEGREES: f64 = 0.4;

/// A projection in which degrees of latitude are equally long everywhere, and degrees of longitude are as long as in the
/// middle of the picture.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View {
    west: f64,
    north: f64,
    /// Units per degree.
    across: f64,
    down: f64,
}

impl View {
    /// The view that shows some points, in degrees.
    pub fn of(points: &(impl Iterator<Item = Point> + Clone)) -> Self {
        let range = |coordinate: fn(Point) -> f64| {
            let all = points.clone().map(coordinate);
            all.fold((f64::MAX, f64::MIN), |(least, most), at| (least.min(at), most.max(at)))
        };
        let ((west, east), (south, north)) = (range(|point| point.0), range(|point| point.1));
        let middle = ((west + east) / 2.0, (south + north) / 2.0);
        let squeeze = middle.1.to_radians().cos().max(0.1);
        let free = 1.0 - 2.0 * MARGIN;
        let degrees = ((north - south) / free).max((east - west) * squeeze / free * HEIGHT / WIDTH);
        let down = HEIGHT / degrees.max(LEAST_DEGREES);
        let across = down * squeeze;
        let half = HEIGHT / 2.0 / down;
        // No white stripe beyond the poles where the world is smaller than the picture.
        let centre = if half < 90.0 { middle.1.clamp(half - 90.0, 90.0 - half) } else { 0.0 };
        Self { west: middle.0 - WIDTH / 2.0 / across, north: centre + half, across, down }
    }

    /// Where a point lies in the picture.
    pub fn place(&self, (lon, lat): Point) -> Point {
        ((lon - self.west) * self.across, (self.north - lat) * self.down)
    }

    /// The meridians and parallels of its sides: west, east, south, north.
    pub fn sides(&self) -> (f64, f64, f64, f64) {
        (self.west, self.west + WIDTH / self.across, self.north - HEIGHT / self.down, self.north)
    }
}
