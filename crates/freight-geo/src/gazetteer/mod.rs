//! The embedded gazetteer.

pub mod terminals;

use std::sync::LazyLock;

use emissions_core::CountryCode;
use freight_geo_index::gazetteer::{CountryBytes, Index};

static INDEX_FILE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/gazetteer.idx"));

static INDEX: LazyLock<Index<'static>> =
    LazyLock::new(|| Index::open(INDEX_FILE).expect("the build script wrote this index with the same code"));

fn country_code(bytes: CountryBytes) -> Option<CountryCode> {
    CountryCode::parse(std::str::from_utf8(&bytes).ok()?).ok()
}
