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
    let directions: Vec<[f64; 3]> = line.iter().map(|point| point.direction()).collect();
    let reversed: Vec<[f64; 3]> = directions.iter().rev().copied().collect();
    let last = line.len().saturating_sub(1);
    let forward = pick(line, pulled(&directions, land).into_iter());
    let backward = pick(line, pulled(&reversed, land).into_iter().rev().map(|at| last - at));
    if length_km(&backward) < length_km(&forward) { backward } else { forward }
}

fn pick(line: &[Point], numbers: impl Iterator<Item = usize>) -> Vec<Point> {
    numbers.filter_map(|at| line.get(at)).copied().collect()
}

fn length_km(line: &[Point]) -> f64 {
    line.windows(2).map(|pair| pair[0].distance_km(pair[1])).sum()
}

/// The numbers of the points that remain.
fn pulled(line: &[[f64; 3]], land: Land<'_>) -> Vec<usize> {
    let mut taut = vec![0];
    let mut at = 0;
    while at + 1 < line.len() {
        at = farthest_clear(line, at, land);
        taut.push(at);
    }
    taut
}

/// The last point that can be reached straight, found in doubling strides and then by bisection.
fn farthest_clear(line: &[[f64; 3]], from: usize, land: Land<'_>) -> usize {
    let last = line.len() - 1;
    let approach_km = if from == 0 { APPROACH_KM } else { 0.0 };
    let clear = |to: usize| land.is_clear(line[from], line[to], approach_km);
    let (mut near, mut blocked) = (from + 1, last + 1);
    let mut stride = 4;
    while near < last && blocked > last {
        let next = (from + stride).min(last);
        if clear(next) {
            near = next;
            stride *= 2;
        } else {
            blocked = next;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bend_in_open_water_is_pulled_straight_and_an_empty_line_stays_empty() {
        let water = vec![255u8; 1800 * 3600];
        let land = Land::new(&water).unwrap();
        let at = |lat: f64, lon: f64| Point { lat, lon };
        let line = [at(0.0, 0.0), at(5.0, 10.0), at(-3.0, 20.0), at(0.0, 30.0)];
        assert_eq!(taut(&line, land), [line[0], line[3]]);
        assert_eq!(taut(&line[..1], land), [line[0]]);
        assert!(taut(&[], land).is_empty());
    }
}
