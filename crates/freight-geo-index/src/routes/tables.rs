//! Reading networks from the tables that the source is shipped with.

use std::collections::HashMap;
use std::io::Read as _;

use thiserror::Error;

use super::chains::{Link, RawNetwork, Tag};
use super::ferries::{Crossing, Ports};
use super::gaps::{Gaps, mend};
use super::geodesy::Point;

/// A table that cannot be read.
#[derive(Debug, Error)]
pub enum TableError {
    /// It could not be decompressed.
    #[error("{table} cannot be decompressed")]
    Compressed {
        /// Which table.
        table: &'static str,
        /// What the decompression said.
        source: std::io::Error,
    },
    /// A row is not what it should be.
    #[error("{table}, line {line}: {problem}")]
    Row {
        /// Which table.
        table: &'static str,
        /// The line, 1 being the header.
        line: usize,
        /// What is wrong with it.
        problem: &'static str,
    },
}

/// Kilometres of a way to the network over the great circle. Ours: the factor used for every connector.
pub const CONNECTOR_DETOUR: f64 = 1.3;

/// What the drawn lines lose in bends: kilometres of road over kilometres in the table, which was measured on map tiles of
/// zoom 7. Ours: the median shortfall over published distances of 30 countries.
const DRAWN_TOO_SHORT: f64 = 1.01;

/// How far a port in the table may be from a main road, in kilometres. Ours.
const PORT_KM: f64 = 75.0;

/// Roads that end up to 3 km before another one are joined to it, at the speed of a minor road. Ours.
const GAPS: Gaps = Gaps { reach_km: 3.0, detour: 4.0, detour_km: 3.0, speed_kmh: 40.0 };

/// Reads the roads: `lat lon`, `u v length_m speed_kmh` (both zstd) and the CSV of ferries.
///
/// # Errors
/// [`TableError`] for a row that does not parse.
pub fn roads(nodes_zst: &[u8], edges_zst: &[u8], ferries_csv: &str) -> Result<RawNetwork, TableError> {
    let mut network = RawNetwork::default();
    each_row("road_nodes.tsv", &unpack("road_nodes.tsv", nodes_zst)?, '\t', |fields| {
        network.points.push(Point { lat: field(fields, 0)?, lon: field(fields, 1)? });
        Ok(())
    })?;
    let points = network.points.len() as u32;
    each_row("road_edges.tsv", &unpack("road_edges.tsv", edges_zst)?, '\t', |fields| {
        let (a, b, drawn_m): (u32, u32, f64) = (field(fields, 0)?, field(fields, 1)?, field(fields, 2)?);
        let (km, speed): (f64, f64) = (drawn_m / 1000.0 * DRAWN_TOO_SHORT, field(fields, 3)?);
        if a >= points || b >= points || speed <= 0.0 {
            return Err("a node or speed out of range");
        }
        let length_m = (km * 1000.0).round() as u32;
        network.links.push(Link { a, b, length_m, time_ds: time_ds(km, speed), tag: 0 });
        Ok(())
    })?;
    mend(&mut network, GAPS);
    let mut ports = Ports::new(&network);
    each_row("ferry-links.csv", ferries_csv, ',', |fields| {
        let ends = [0, 3].map(|at| -> Result<_, &'static str> {
            let point = Point { lat: field(fields, at + 1)?, lon: field(fields, at + 2)? };
            Ok((fields.get(at).copied().unwrap_or_default(), point))
        });
        let [(from, a), (to, b)] = [ends[0]?, ends[1]?];
        let (km, kind): (f64, &str) = (field(fields, 6)?, fields.get(7).copied().ok_or("no kind")?);
        let carries_trains = matches!(kind, "rail_shuttle" | "train_ferry");
        let crossing = if kind == "rail_shuttle" { Crossing::Shuttle } else { Crossing::Ferry };
        let (a, b) = (ports.join(&mut network, a, PORT_KM), ports.join(&mut network, b, PORT_KM));
        network.tags.push(Tag { name: format!("{from} - {to}"), carries_trains });
        let tag = network.tags.len() as u16;
        let length_m = (km * 1000.0).round() as u32;
        network.links.push(Link { a, b, length_m, time_ds: crossing.time_ds(km), tag });
        Ok(())
    })?;
    Ok(network)
}

/// The length of the pieces that shipping lanes are cut into, in kilometres, so that a straight piece on a map is close to
/// the great circle.
const SEA_PIECE_KM: f64 = 60.0;
/// How much longer a way through the ice counts than it is: ships take it only where nothing else leads. Ours.
const ICE_DETOUR: u32 = 6;

/// Where the sea is frozen for most of the year: the Arctic but for the Norwegian and Barents Seas. Ours.
#[must_use]
pub fn is_icy(point: Point) -> bool {
    point.lat > 68.0 && !(-30.0..=58.0).contains(&point.lon)
}

/// The Corinth Canal, 21 m wide: freight ships go round the Peloponnese.
const TOO_NARROW: [Point; 1] = [Point { lat: 37.935, lon: 22.985 }];
const TOO_NARROW_KM: f64 = 6.0;

/// Reads the shipping lanes: `passage`, `lon,lat lon,lat …` (zstd). Links count by their length, those through ice by more.
///
/// # Errors
/// [`TableError`] for a row that does not parse.
pub fn shipping_lanes(marnet_zst: &[u8]) -> Result<RawNetwork, TableError> {
    let mut network = RawNetwork::default();
    let mut numbers: HashMap<(i64, i64), u32> = HashMap::new();
    each_row("marnet.tsv", &unpack("marnet.tsv", marnet_zst)?, '\t', |fields| {
        let (passage, line) = (fields.first().ok_or("no passage")?, fields.get(1).ok_or("no line")?);
        let tag = tag_number(&mut network.tags, passage);
        let vertices: Vec<Point> = line.split(' ').map(vertex).collect::<Result<_, _>>()?;
        for ends in vertices.windows(2) {
            let km = ends[0].distance_km(ends[1]);
            let pieces = (km / SEA_PIECE_KM).ceil().max(1.0) as u32;
            let along = (0..=pieces).map(|piece| match piece {
                0 => ends[0],
                piece if piece == pieces => ends[1],
                piece => ends[0].towards(ends[1], f64::from(piece) / f64::from(pieces)),
            });
            let points: Vec<u32> =
                along.map(|point| numbered(&mut network.points, &mut numbers, point)).collect();
            for pair in points.windows(2).filter(|pair| pair[0] != pair[1]) {
                let [a, b] = [pair[0], pair[1]].map(|number| network.points[number as usize]);
                let middle = a.towards(b, 0.5);
                if TOO_NARROW.iter().any(|canal| canal.distance_km(middle) < TOO_NARROW_KM) {
                    continue;
                }
                let length_m = (km * 1000.0 / f64::from(pieces)).round() as u32;
                let time_ds =
                    if is_icy(middle) || *passage == "northwest" { length_m * ICE_DETOUR } else { length_m };
                network.links.push(Link { a: pair[0], b: pair[1], length_m, time_ds, tag });
            }
        }
        Ok(())
    })?;
    Ok(network)
}

fn tag_number(tags: &mut Vec<Tag>, name: &str) -> u16 {
    if name.is_empty() {
        return 0;
    }
    let at = tags.iter().position(|tag| tag.name == name).unwrap_or_else(|| {
        tags.push(Tag { name: name.to_owned(), carries_trains: false });
        tags.len() - 1
    });
    at as u16 + 1
}

fn vertex(text: &str) -> Result<Point, &'static str> {
    let (lon, lat) = text.split_once(',').ok_or("a vertex without comma")?;
    let lon: f64 = lon.parse().map_err(|_unparsed| "a longitude that is no number")?;
    let lat: f64 = lat.parse().map_err(|_unparsed| "a latitude that is no number")?;
    Ok(Point { lat, lon: (lon + 180.0).rem_euclid(360.0) - 180.0 })
}

fn numbered(points: &mut Vec<Point>, numbers: &mut HashMap<(i64, i64), u32>, point: Point) -> u32 {
    let key = ((point.lat * 1e4).round() as i64, ((point.lon * 1e4).round() as i64).rem_euclid(3_600_000));
    *numbers.entry(key).or_insert_with(|| {
        points.push(point);
        points.len() as u32 - 1
    })
}

/// Tenths of a second that a distance takes.
#[must_use]
pub fn time_ds(km: f64, speed_kmh: f64) -> u32 {
    (km / speed_kmh * 36_000.0).round() as u32
}

pub(super) fn unpack(table: &'static str, zst: &[u8]) -> Result<String, TableError> {
    let mut text = String::new();
    zstd::Decoder::new(zst)
        .and_then(|mut decoder| decoder.read_to_string(&mut text))
        .map_err(|source| TableError::Compressed { table, source })?;
    Ok(text)
}

pub(super) fn each_row(
    table: &'static str,
    text: &str,
    separator: char,
    mut row: impl FnMut(&[&str]) -> Result<(), &'static str>,
) -> Result<(), TableError> {
    let mut fields = Vec::new();
    for (at, line) in text.lines().enumerate().skip(1) {
        fields.clear();
        fields.extend(line.split(separator));
        row(&fields).map_err(|problem| TableError::Row { table, line: at + 1, problem })?;
    }
    Ok(())
}

fn field<T: std::str::FromStr>(fields: &[&str], at: usize) -> Result<T, &'static str> {
    fields.get(at).ok_or("too few columns")?.trim().parse().map_err(|_unparsed| "a column that is no number")
}
