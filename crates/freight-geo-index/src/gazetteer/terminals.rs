//! Ports and airports.

use std::path::Path;

use super::codec::{Fields, StringsWriter, steps};
use super::table::Table;
use super::{CountryBytes, IndexError};

/// `rank` of a terminal that Natural Earth does not rank.
const UNRANKED: u8 = u8::MAX;
/// `sea_km` of a port without a known distance to the shipping lanes.
const NO_SEA: u16 = u16::MAX;

/// A port as the index holds it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PortRecord {
    /// Position of the UN/LOCODE, five letters, among the index's texts.
    pub unlocode: u32,
    /// The country that it lies in.
    pub country: CountryBytes,
    /// Whether it has a container terminal.
    pub container_terminal: bool,
    /// Natural Earth's scale rank: 3 is a world port, 8 a small one.
    pub rank: Option<u8>,
    /// Distance to the nearest shipping lane, in kilometres, rounded up; none for inland depots far from the sea.
    pub sea_km: Option<u16>,
    /// Latitude in degrees.
    pub lat: f64,
    /// Longitude in degrees.
    pub lon: f64,
    /// Number of the first-level region, from 1; 0 where unknown.
    pub admin1: u16,
    /// Position of the name among the index's texts.
    pub name: u32,
}

impl PortRecord {
    pub(crate) const SIZE: usize = 4 + 2 + 1 + 1 + 2 + 4 + 4 + 2 + 4;

    pub(crate) fn decode(bytes: &[u8]) -> Self {
        let mut fields = Fields::new(bytes);
        Self {
            unlocode: fields.u32(),
            country: fields.take(),
            container_terminal: fields.u8() != 0,
            rank: Some(fields.u8()).filter(|&rank| rank != UNRANKED),
            sea_km: Some(fields.u16()).filter(|&km| km != NO_SEA),
            lat: fields.degrees(),
            lon: fields.degrees(),
            admin1: fields.u16(),
            name: fields.u32(),
        }
    }

    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.unlocode.to_le_bytes());
        out.extend_from_slice(&self.country);
        out.push(u8::from(self.container_terminal));
        out.push(self.rank.unwrap_or(UNRANKED));
        out.extend_from_slice(&self.sea_km.unwrap_or(NO_SEA).to_le_bytes());
        out.extend_from_slice(&steps(self.lat).to_le_bytes());
        out.extend_from_slice(&steps(self.lon).to_le_bytes());
        out.extend_from_slice(&self.admin1.to_le_bytes());
        out.extend_from_slice(&self.name.to_le_bytes());
    }
}

/// An airport as the index holds it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AirportRecord {
    /// Position of the IATA code, three letters, among the index's texts.
    pub iata: u32,
    /// The country that it lies in.
    pub country: CountryBytes,
    /// Natural Earth's scale rank: 2 is a world hub, 9 a small airport.
    pub rank: Option<u8>,
    /// Natural Earth calls it a major airport.
    pub major: bool,
    /// Latitude in degrees.
    pub lat: f64,
    /// Longitude in degrees.
    pub lon: f64,
    /// Number of the first-level region, from 1; 0 where unknown.
    pub admin1: u16,
    /// Position of the name among the index's texts.
    pub name: u32,
    /// Position of the served city's name among the index's texts.
    pub city: u32,
}

impl AirportRecord {
    pub(crate) const SIZE: usize = 4 + 2 + 1 + 1 + 4 + 4 + 2 + 4 + 4;

    pub(crate) fn decode(bytes: &[u8]) -> Self {
        let mut fields = Fields::new(bytes);
        Self {
            iata: fields.u32(),
            country: fields.take(),
            rank: Some(fields.u8()).filter(|&rank| rank != UNRANKED),
            major: fields.u8() != 0,
            lat: fields.degrees(),
            lon: fields.degrees(),
            admin1: fields.u16(),
            name: fields.u32(),
            city: fields.u32(),
        }
    }

    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.iata.to_le_bytes());
        out.extend_from_slice(&self.country);
        out.push(self.rank.unwrap_or(UNRANKED));
        out.push(u8::from(self.major));
        out.extend_from_slice(&steps(self.lat).to_le_bytes());
        out.extend_from_slice(&steps(self.lon).to_le_bytes());
        out.extend_from_slice(&self.admin1.to_le_bytes());
        out.extend_from_slice(&self.name.to_le_bytes());
        out.extend_from_slice(&self.city.to_le_bytes());
    }
}

/// Reads the table of ports, ordered by UN/LOCODE.
pub(crate) fn read_ports(data: &Path, strings: &mut StringsWriter) -> Result<Vec<PortRecord>, IndexError> {
    let table = Table::read(data, "ports/ports.tsv.zst")?;
    let mut rows: Vec<_> = table.rows().collect();
    rows.sort_by_key(|row| row.text(0).unwrap_or_default());
    let mut ports = Vec::new();
    for row in rows {
        let sea_km: Option<f64> = row.parse_optional(7)?;
        ports.push(PortRecord {
            unlocode: strings.add(row.text(0)?),
            country: row.country(2)?,
            admin1: 0,
            name: strings.add(row.text(1)?),
            lat: row.parse(3)?,
            lon: row.parse(4)?,
            container_terminal: row.text(5)? == "1",
            rank: row.parse_optional(6)?,
            sea_km: sea_km.and_then(whole_km),
        });
    }
    Ok(ports)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "filtered to the range of u16")]
fn whole_km(km: f64) -> Option<u16> {
    Some(km.ceil()).filter(|km| (0.0..f64::from(NO_SEA)).contains(km)).map(|km| km as u16)
}

/// Reads the table of airports, ordered by IATA code.
pub(crate) fn read_airports(
    data: &Path,
    strings: &mut StringsWriter,
    region: impl Fn(&str, CountryBytes) -> u16,
) -> Result<Vec<AirportRecord>, IndexError> {
    let table = Table::read(data, "airports/airports.tsv.zst")?;
    let mut rows: Vec<_> = table.rows().collect();
    rows.sort_by_key(|row| row.text(0).unwrap_or_default());
    let mut airports = Vec::new();
    for row in rows {
        airports.push(AirportRecord {
            iata: strings.add(row.text(0)?),
            admin1: region(row.text(3)?, row.country(4)?),
            name: strings.add(row.text(1)?),
            city: strings.add(row.text(2)?),
            country: row.country(4)?,
            lat: row.parse(5)?,
            lon: row.parse(6)?,
            rank: row.parse_optional(7)?,
            major: row.text(8)? == "1",
        });
    }
    Ok(airports)
}

/// The section of the ports.
pub(crate) fn encode_ports(ports: &[PortRecord]) -> Vec<u8> {
    let mut out = Vec::with_capacity(ports.len() * PortRecord::SIZE);
    ports.iter().for_each(|port| port.encode(&mut out));
    out
}

/// The section of the airports.
pub(crate) fn encode_airports(airports: &[AirportRecord]) -> Vec<u8> {
    let mut out = Vec::with_capacity(airports.len() * AirportRecord::SIZE);
    airports.iter().for_each(|airport| airport.encode(&mut out));
    out
}
