//! Reading the main roads from an OpenStreetMap extract (`.osm.pbf`).
//!
//! Taken are ways with `highway` motorway, trunk or primary and their links, except private ones and those closed to motor
//! vehicles, and ways with `route=ferry` unless they are closed to motor vehicles or trucks. The file is read twice: once for
//! the ways, once for the positions of their nodes, so that memory holds main roads only.

use std::collections::HashMap;
use std::path::Path;

use osmpbf::{Element, ElementReader, Way};

use super::chains::{Link, RawNetwork, Tag};
use super::ferries::{Crossing, Ports};
use super::geodesy::Point;
use super::tables::time_ds;

/// Speeds in km/h of motorways, trunk roads and primary roads; ramps count as primary. Ours, as for the embedded table.
const MOTORWAY_KMH: f64 = 80.0;
const TRUNK_KMH: f64 = 60.0;
const PRIMARY_KMH: f64 = 45.0;

/// How far a ferry's ramp may be from a main road, in kilometres. Ours.
const RAMP_KM: f64 = 10.0;

struct Road {
    nodes: Vec<i64>,
    speed_kmh: f64,
}

struct Ferry {
    nodes: Vec<i64>,
    name: String,
    carries_trains: bool,
}

#[derive(Default)]
struct Ways {
    roads: Vec<Road>,
    ferries: Vec<Ferry>,
}

/// Reads the main roads and ferries of an extract.
///
/// # Errors
/// [`osmpbf::Error`] if the file cannot be read.
pub fn read(path: &Path) -> Result<RawNetwork, osmpbf::Error> {
    let mut ways = Ways::default();
    ElementReader::from_path(path)?.for_each(|element| {
        if let Element::Way(way) = element {
            ways.add(&way);
        }
    })?;
    let mut positions: HashMap<i64, Option<Point>> = HashMap::new();
    let lists =
        ways.roads.iter().map(|road| &road.nodes).chain(ways.ferries.iter().map(|ferry| &ferry.nodes));
    lists.flatten().for_each(|&node| _ = positions.insert(node, None));
    ElementReader::from_path(path)?.for_each(|element| {
        let (id, lat, lon) = match element {
            Element::Node(node) => (node.id(), node.lat(), node.lon()),
            Element::DenseNode(node) => (node.id(), node.lat(), node.lon()),
            Element::Way(_) | Element::Relation(_) => return,
        };
        if let Some(position) = positions.get_mut(&id) {
            *position = Some(Point { lat, lon });
        }
    })?;
    Ok(ways.network(&positions))
}

impl Ways {
    fn add(&mut self, way: &Way<'_>) {
        let tags: HashMap<&str, &str> = way.tags().collect();
        let closed = |key: &str| matches!(tags.get(key), Some(&("no" | "private")));
        if closed("motor_vehicle") || closed("hgv") || closed("access") {
            return;
        }
        let nodes = || way.refs().collect();
        if let Some(speed_kmh) = tags.get("highway").and_then(|class| speed_kmh(class)) {
            self.roads.push(Road { nodes: nodes(), speed_kmh });
        } else if tags.get("route") == Some(&"ferry") {
            let name = tags.get("name").copied().unwrap_or("ferry").replace('\n', " ");
            self.ferries.push(Ferry { nodes: nodes(), name, carries_trains: tags.contains_key("railway") });
        }
    }

    fn network(self, positions: &HashMap<i64, Option<Point>>) -> RawNetwork {
        let mut network = RawNetwork::default();
        let mut numbers: HashMap<i64, u32> = HashMap::new();
        for road in &self.roads {
            let mut before: Option<u32> = None;
            for node in &road.nodes {
                let Some(Some(position)) = positions.get(node) else {
                    before = None;
                    continue;
                };
                let number = *numbers.entry(*node).or_insert_with(|| {
                    network.points.push(*position);
                    network.points.len() as u32 - 1
                });
                if let Some(before) = before.replace(number) {
                    let km = network.points[before as usize].distance_km(*position);
                    let length_m = (km * 1000.0).round() as u32;
                    let time_ds = time_ds(km, road.speed_kmh);
                    network.links.push(Link { a: before, b: number, length_m, time_ds, tag: 0 });
                }
            }
        }
        self.add_ferries(positions, &mut network);
        network
    }

    fn add_ferries(self, positions: &HashMap<i64, Option<Point>>, network: &mut RawNetwork) {
        let mut meetings: HashMap<i64, u32> = HashMap::new();
        for end in self.ferries.iter().flat_map(|ferry| [ferry.nodes.first(), ferry.nodes.last()]).flatten() {
            *meetings.entry(*end).or_default() += 1;
        }
        let mut ports = Ports::new(network);
        for ferry in self.ferries {
            let line: Vec<Point> = ferry.nodes.iter().filter_map(|node| *positions.get(node)?).collect();
            let ([.., last], [first, ..]) = (line.as_slice(), line.as_slice()) else { continue };
            if line.len() < ferry.nodes.len() || network.tags.len() >= usize::from(u16::MAX) {
                continue;
            }
            // Where two ferry ways meet at sea, no road is looked for.
            let reach_km = |node: Option<&i64>| match node.and_then(|node| meetings.get(node)) {
                Some(1) => RAMP_KM,
                _ => 0.0,
            };
            let a = ports.join(network, *first, reach_km(ferry.nodes.first()));
            let b = ports.join(network, *last, reach_km(ferry.nodes.last()));
            let km: f64 = line.windows(2).map(|pair| pair[0].distance_km(pair[1])).sum();
            network.tags.push(Tag { name: ferry.name, carries_trains: ferry.carries_trains });
            let (length_m, tag) = ((km * 1000.0).round() as u32, network.tags.len() as u16);
            network.links.push(Link { a, b, length_m, time_ds: Crossing::Ferry.time_ds(km), tag });
        }
    }
}

fn speed_kmh(class: &str) -> Option<f64> {
    match class {
        "motorway" => Some(MOTORWAY_KMH),
        "trunk" => Some(TRUNK_KMH),
        "primary" | "motorway_link" | "trunk_link" | "primary_link" => Some(PRIMARY_KMH),
        _ => None,
    }
}
