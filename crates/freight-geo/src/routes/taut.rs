//! Pulling a route over water taut.
//!
//! Shipping lanes are drawn with bends that no ship needs to take. Where the great circle between two points of a route is
//! clear of land, it takes the place of what lies between them.

use freight_geo_index::routes::geodesy::Point;
use freight_geo_index::routes::land::Land;

/// How far a port may lie behind what the land grid takes for land, in kilometres. Ours.
const APPROACH_KM: f64 = 10.0;

/// The route with as few bends as land allows, its ends unmoved: pulled from either end, whichever is shorter.
pub(super) fn taut(line: &[Point], land: Land<'_>) -> Vec<Point> {
    let forward = pulled(line, land);
    let reversed: Vec<Point> = line.iter().rev().copied().collect();
    let mut backward = pulled(&reversed, land);
    backward.reverse();
    if length_km(&backward) < length_km(&forward) { backward } else { forward }
}

fn length_km(line: &[Point]) -> f64 {
    line.windows(2).map(|pair| pair[0].distance_km(pair[1])).sum()
}

fn pulled(line: &[Point], land: Land<'_>) -> Vec<Point> {
    let mut taut: Vec<Point> = line.first().copied().into_iter().collect();
    let mut at = 0;
    while at + 1 < line.len() {
        at = farthest_clear(line, at, land);
        taut.push(line[at]);
    }
    taut
}

/// The last point that can be reached straight, looked for in doubling strides and then in between.
fn farthest_clear(line: &[Point], from: usize, land: Land<'_>) -> usize {
    let last = line.len() - 1;
    let approach_km = if from == 0 { APPROACH_KM } else { 0.0 };
    let clear = |to: usize| land.is_clear(line[from], line[to], approach_km);
    let (mut near, mut stride) = (from + 1, 2);
    let mut blocked = last + 1;
    while near < last {
        let next = (from + stride).min(last);
        if next > near && clear(next) {
            near = next;
            stride *= 2;
        } else {
            blocked = next;
            break;
        }
    }
    while blocked <= last && blocked - near > 1 {
        let middle = near.midpoint(blocked);
        if clear(middle) {
            near = middle;
        } else {
            blocked = middle;
        }
    }
    near
}
