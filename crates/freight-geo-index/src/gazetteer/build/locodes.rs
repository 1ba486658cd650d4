//! Reads UN/LOCODE.

use std::collections::HashMap;
use std::path::Path;

use super::super::IndexError;
use super::super::codec::StringsWriter;
use super::super::locode::{LocodeFunctions, LocodeRecord};
use super::super::table::Table;
use super::super::terminals::{AirportRecord, PortRecord};

pub(super) struct Locode {
    pub(super) record: LocodeRecord,
    pub(super) name: String,
    /// ISO 3166-2, as in `IT-MI`; empty where UN/LOCODE names none.
    pub(super) subdivision: String,
}

/// Reads the table, ordered by code. Locations that UN/LOCODE gives no position are where the port of the same code or
/// the airport of the same letters is, or left out.
pub(super) fn read(
    data: &Path,
    ports: &[PortRecord],
    airports: &[AirportRecord],
    strings: &StringsWriter,
) -> Result<Vec<Locode>, IndexError> {
    let mut known: HashMap<String, (f64, f64)> = HashMap::new();
    for airport in airports {
        let code = [&airport.country, strings.get(airport.iata).as_bytes()].concat();
        known.insert(String::from_utf8_lossy(&code).into_owned(), (airport.lat, airport.lon));
    }
    known.extend(ports.iter().map(|port| (strings.get(port.unlocode).to_owned(), (port.lat, port.lon))));
    let mut locodes = Vec::new();
    for row in Table::read(data, "unlocode/unlocode.tsv.zst")?.rows() {
        let [first, second] = row.country(0)?;
        let [third, fourth, fifth]: [u8; 3] = row.code(1)?;
        let code = [first, second, third, fourth, fifth];
        let own = row.parse_optional(5)?.zip(row.parse_optional(6)?);
        let Some((lat, lon)) = own.or_else(|| known.get(std::str::from_utf8(&code).ok()?).copied()) else {
            continue;
        };
        locodes.push(Locode {
            record: LocodeRecord { code, functions: LocodeFunctions::parse(row.text(4)?), lat, lon, name: 0 },
            name: row.text(2)?.to_owned(),
            subdivision: row.text(3)?.to_owned(),
        });
    }
    locodes.sort_by_key(|locode| locode.record.code);
    locodes.dedup_by_key(|locode| locode.record.code);
    Ok(locodes)
}

pub(super) fn encode(locodes: &[Locode], strings: &mut StringsWriter) -> Vec<u8> {
    let mut out = Vec::with_capacity(locodes.len() * LocodeRecord::SIZE);
    for locode in locodes {
        LocodeRecord { name: strings.add(&locode.name), ..locode.record }.encode(&mut out);
    }
    out
}
