//! Ferries: how long they take, and which road leads to them.

use std::collections::HashMap;

use super::chains::{Link, RawNetwork, root};
use super::geodesy::Point;
use super::grid::{Cells, Grid, GridBuilder, StoredCell, StoredEntry};
use super::tables::{CONNECTOR_DETOUR, time_ds};

/// What carries road vehicles where no road leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Crossing {
    Ferry,
    /// A train through a tunnel.
    Shuttle,
}

/// Speeds in km/h with the hours lost for boarding. Ours: they only weigh a crossing against the way round.
const SHORT_FERRY: (f64, f64) = (20.0, 0.5);
const LONG_FERRY: (f64, f64) = (35.0, 1.5);
const SHUTTLE: (f64, f64) = (90.0, 0.75);
const SHORT_FERRY_KM: f64 = 30.0;

impl Crossing {
    pub(super) fn time_ds(self, km: f64) -> u32 {
        let (speed, boarding) = match self {
            Self::Shuttle => SHUTTLE,
            Self::Ferry if km <= SHORT_FERRY_KM => SHORT_FERRY,
            Self::Ferry => LONG_FERRY,
        };
        time_ds(km, speed) + (boarding * 36_000.0) as u32
    }
}

/// Speed at which trucks get from a road to a ferry's ramp, in km/h. Ours.
const PORT_ROAD_KMH: f64 = 30.0;

/// A road piece of fewer points counts as this much farther from a port than it is, in kilometres: ferries serve roads that
/// lead somewhere. Ours.
const SMALL_PIECE_POINTS: u32 = 100;
const SMALL_PIECE_PENALTY_KM: f64 = 10.0;

const CELLS: Cells = Cells { per_degree: 10 };

/// Joins ferry ports to the roads.
pub(super) struct Ports {
    in_small_piece: Vec<bool>,
    cells: Vec<StoredCell>,
    entries: Vec<StoredEntry>,
    known: HashMap<(i64, i64), u32>,
}

impl Ports {
    pub(super) fn new(network: &RawNetwork) -> Self {
        let mut parent: Vec<u32> = (0..network.points.len() as u32).collect();
        for link in &network.links {
            let (a, b) = (root(&mut parent, link.a), root(&mut parent, link.b));
            parent[a as usize] = b;
        }
        let roots: Vec<u32> =
            (0..network.points.len() as u32).map(|point| root(&mut parent, point)).collect();
        let mut sizes = vec![0u32; network.points.len()];
        roots.iter().for_each(|&root| sizes[root as usize] += 1);
        let in_small_piece = roots.iter().map(|&root| sizes[root as usize] < SMALL_PIECE_POINTS).collect();
        let mut grid = GridBuilder::new(CELLS);
        for (number, &point) in (0u32..).zip(&network.points) {
            grid.add(number, &[point, point]);
        }
        let (cells, entries) = grid.build();
        Self { in_small_piece, cells, entries, known: HashMap::new() }
    }

    /// The point of a port, joined to the nearest road within `reach_km` when it is first named.
    pub(super) fn join(&mut self, network: &mut RawNetwork, port: Point, reach_km: f64) -> u32 {
        let key = ((port.lat * 1e4).round() as i64, (port.lon * 1e4).round() as i64);
        if let Some(&number) = self.known.get(&key) {
            return number;
        }
        let number = network.points.len() as u32;
        network.points.push(port);
        if let Some((road, km)) = self.nearest(network, port, reach_km) {
            let km = km * CONNECTOR_DETOUR;
            let (length_m, time_ds) = ((km * 1000.0) as u32, time_ds(km, PORT_ROAD_KMH));
            network.links.push(Link { a: number, b: road, length_m, time_ds, tag: 0 });
        }
        self.known.insert(key, number);
        number
    }

    fn nearest(&self, network: &RawNetwork, port: Point, reach_km: f64) -> Option<(u32, f64)> {
        let penalty =
            |road: u32| if self.in_small_piece[road as usize] { SMALL_PIECE_PENALTY_KM } else { 0.0 };
        Grid::new(CELLS, &self.cells, &self.entries)
            .near(port, reach_km)
            .map(|entry| entry.chain.get())
            .map(|road| (road, network.points[road as usize].distance_km(port)))
            .filter(|(_, km)| *km <= reach_km)
            .min_by(|one, other| (one.1 + penalty(one.0)).total_cmp(&(other.1 + penalty(other.0))))
    }
}
