//! What the modes answer, before it is put into the port's words.

use emissions_core::{DistanceBasis, Mode};
use freight_geo_index::routes::geodesy::Point;
use logistics_domain::geography::{Coordinates, DistanceMethod, DistanceQuery, Via};

use super::geodesic::{coordinates, point};

/// A distance.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Answer {
    pub(super) km: f64,
    pub(super) basis: DistanceBasis,
    pub(super) method: DistanceMethod,
    pub(super) confidence: f64,
    pub(super) via: Vec<Via>,
    pub(super) line: Option<Vec<Point>>,
}

/// What is missing for a route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NoRoute(pub(super) String);

impl Answer {
    /// From a place to itself: nothing moves.
    pub(super) fn at_one_place(query: &DistanceQuery<'_>) -> Self {
        let (basis, method) = match query.mode {
            Mode::Road => (DistanceBasis::ShortestFeasible, DistanceMethod::RoadNetwork),
            Mode::Rail => (DistanceBasis::ShortestFeasible, DistanceMethod::RailEstimate),
            Mode::InlandWaterway => (DistanceBasis::ShortestFeasible, DistanceMethod::WaterwayEstimate),
            Mode::Sea => (DistanceBasis::ShortestFeasible, DistanceMethod::SeaNetwork),
            Mode::Air => (DistanceBasis::GreatCircle, DistanceMethod::GeodesicPlus95),
        };
        let here = point(query.origin.coordinates);
        Self { km: 0.0, basis, method, confidence: 1.0, via: Vec::new(), line: Some(vec![here, here]) }
    }

    /// The same way back.
    pub(super) fn reversed(mut self) -> Self {
        self.via.reverse();
        for via in &mut self.via {
            if let Via::Ferry { name, .. } = via {
                *name = name_back(name);
            }
        }
        if let Some(line) = &mut self.line {
            line.reverse();
        }
        self
    }
}

/// The name of a crossing in the other direction: `Calais - Dover` for `Dover - Calais`.
pub(super) fn name_back(name: &str) -> String {
    name.split_once(" - ").map_or_else(|| name.to_owned(), |(from, to)| format!("{to} - {from}"))
}

/// Cuts a line wherever it crosses the antimeridian.
pub(super) fn split_at_antimeridian(line: &[Point]) -> Vec<Vec<Coordinates>> {
    let mut parts: Vec<Vec<Coordinates>> = vec![Vec::new()];
    let mut add = |point: Point, starts_part: bool| {
        if starts_part {
            parts.push(Vec::new());
        }
        if let (Some(part), Some(coordinates)) = (parts.last_mut(), coordinates(point)) {
            part.push(coordinates);
        }
    };
    let mut before: Option<Point> = None;
    for &point in line {
        if let Some(before) = before
            && (point.lon - before.lon).abs() > 180.0
        {
            let edge = 180.0_f64.copysign(before.lon);
            let beyond = point.lon + 2.0 * edge;
            let share = if beyond == before.lon { 0.5 } else { (edge - before.lon) / (beyond - before.lon) };
            let lat = before.lat + (point.lat - before.lat) * share;
            add(Point { lat, lon: edge }, false);
            add(Point { lat, lon: -edge }, true);
        }
        add(point, false);
        before = Some(point);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_across_the_pacific_has_two_parts() {
        let at = |lat: f64, lon: f64| Point { lat, lon };
        let parts = split_at_antimeridian(&[at(10.0, 170.0), at(20.0, -170.0), at(25.0, -160.0)]);
        let plain: Vec<Vec<(f64, f64)>> =
            parts.iter().map(|part| part.iter().map(|p| (p.lat(), p.lon())).collect()).collect();
        assert_eq!(plain[0], [(10.0, 170.0), (15.0, 180.0)]);
        assert_eq!(plain[1], [(15.0, -180.0), (20.0, -170.0), (25.0, -160.0)]);
    }

    #[test]
    fn a_line_that_crosses_nothing_stays_whole() {
        let at = |lat: f64, lon: f64| Point { lat, lon };
        assert_eq!(split_at_antimeridian(&[at(0.0, -3.0), at(0.0, 3.0)]).len(), 1);
    }
}
