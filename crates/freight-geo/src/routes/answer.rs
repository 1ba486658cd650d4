//! What the modes answer, before it is put into the port's words.

use emissions_core::{DistanceBasis, Mode};
use freight_geo_index::routes::geodesy::Point;
use logistics_domain::geography::{DistanceMethod, DistanceQuery, Via};

use super::geodesic::point;

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
