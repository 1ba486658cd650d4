//! Pulling a route over water taut.
//!
//! Shipping lanes are drawn with bends that no ship needs to take. Where the great circle between two points of a route is
//! clear of land, it takes the place of what lies between them.

use freight_geo_index::routes::geodesy::Point;
use freight_geo_index::routes::land::Land;

/// The route with as few bends as land allows, its ends unmoved.
pub(super) fn taut(line: &[Point], land: Land<'_>) -> Vec<Point> {
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
    let clear = |to: usize| land.is_clear(line[from], line[to]);
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
