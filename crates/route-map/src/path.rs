//! Lines as SVG writes them.

use std::fmt::Write as _;

use crate::view::{HEIGHT, WIDTH};

/// Two coordinates: longitude and latitude in degrees, or right and down in the picture.
pub(crate) type Point = (f64, f64);

/// What lies farther than this outside the picture is cut off, so that the cut is not seen.
const SLACK: f64 = 20.0;
/// Vertices nearer than this to the one before are left out.
const NEAR: f64 = 3.0;

/// Appends a ring, cut to the picture, to a path. Nothing is written of one too small to be seen.
pub(crate) fn ring(path: &mut String, ring: impl Iterator<Item = Point>) {
    let mut points: Vec<Point> = ring.collect();
    points = cut(&points, |(x, _)| x + SLACK);
    points = cut(&points, |(x, _)| WIDTH + SLACK - x);
    points = cut(&points, |(_, y)| y + SLACK);
    points = cut(&points, |(_, y)| HEIGHT + SLACK - y);
    let points = thinned(points.into_iter());
    if points.len() > 3 {
        write(path, &points);
        path.push('z');
    }
}

/// Appends a line to a path.
pub(crate) fn line(path: &mut String, line: impl Iterator<Item = Point>) {
    let points = thinned(line);
    if points.len() > 1 {
        write(path, &points);
    }
}

/// What of a ring lies where `inside` is not negative, by Sutherland and Hodgman's algorithm.
fn cut(ring: &[Point], inside: impl Fn(Point) -> f64) -> Vec<Point> {
    let mut kept = Vec::with_capacity(ring.len());
    let Some(&last) = ring.last() else { return kept };
    let mut before = (last, inside(last));
    for &point in ring {
        let depth = inside(point);
        if (depth < 0.0) != (before.1 < 0.0) {
            let share = before.1 / (before.1 - depth);
            let (from, to) = (before.0, point);
            kept.push((from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share));
        }
        if depth >= 0.0 {
            kept.push(point);
        }
        before = (point, depth);
    }
    kept
}

/// The points without those that lie on the ones before; the last one stays.
fn thinned(points: impl Iterator<Item = Point>) -> Vec<Point> {
    let mut kept: Vec<Point> = Vec::new();
    let mut passed = None;
    for point in points {
        let near = |before: &Point| (point.0 - before.0).abs().max((point.1 - before.1).abs()) < NEAR;
        if kept.last().is_some_and(near) {
            passed = Some(point);
        } else {
            kept.push(point);
            passed = None;
        }
    }
    kept.extend(passed);
    kept
}

/// Writes points in whole units, each as a step from the one before.
#[expect(clippy::cast_possible_truncation, reason = "the picture is a few thousand units wide")]
fn write(path: &mut String, points: &[Point]) {
    let mut before = (0, 0);
    for (at, point) in points.iter().enumerate() {
        let here = (point.0.round() as i64, point.1.round() as i64);
        let (right, down) = (here.0 - before.0, here.1 - before.1);
        let command = match at {
            0 => "M",
            1 => "l",
            _ if right < 0 => "",
            _ => " ",
        };
        let between = if down < 0 { "" } else { " " };
        let _ = write!(path, "{command}{right}{between}{down}");
        before = here;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rings_are_cut_to_the_picture() {
        let mut path = String::new();
        let around = [(-9000.0, -9000.0), (9000.0, -9000.0), (9000.0, 9000.0), (-9000.0, 9000.0)];
        ring(&mut path, around.into_iter());
        assert_eq!(path, "M-20 1020l0-1040 1640 0 0 1040z");
        let before = path.clone();
        ring(&mut path, [(5.0, 5.0), (5.2, 5.0), (5.2, 5.2), (5.0, 5.2)].into_iter());
        ring(&mut path, [(-90.0, 0.0), (-80.0, 0.0), (-80.0, 9.0), (-90.0, 9.0)].into_iter());
        assert_eq!(path, before);
    }

    #[test]
    fn lines_keep_their_ends() {
        let mut path = String::new();
        line(&mut path, [(0.0, 0.0), (0.4, 0.1), (10.0, -5.0), (10.5, -5.0)].into_iter());
        assert_eq!(path, "M0 0l10-5 1 0");
    }
}
