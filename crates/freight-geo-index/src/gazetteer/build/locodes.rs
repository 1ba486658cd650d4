//! Reads UN/LOCODE.

use std::path::Path;

use super::super::IndexError;
use super::super::codec::StringsWriter;
use super::super::locode::{LocodeFunctions, LocodeRecord};
use super::super::table::Table;

pub(super) struct Locode {
    pub(super) record: LocodeRecord,
    pub(super) name: String,
    /// ISO 3166-2, as in `IT-MI`; empty where UN/LOCODE names none.
    pub(super) subdivision: String,
}

/// Reads the table, ordered by code.
pub(super) fn read(data: &Path) -> Result<Vec<Locode>, IndexError> {
    let mut locodes = Vec::new();
    for row in Table::read(data, "unlocode/unlocode.tsv.zst")?.rows() {
        let [first, second] = row.country(0)?;
        let [third, fourth, fifth]: [u8; 3] = row.code(1)?;
        locodes.push(Locode {
            record: LocodeRecord {
                code: [first, second, third, fourth, fifth],
                functions: LocodeFunctions::parse(row.text(4)?),
                lat: row.parse(5)?,
                lon: row.parse(6)?,
                name: 0,
            },
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
