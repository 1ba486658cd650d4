//! Builds the embedded indexes from the tables in `data/`.

use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=data");
    let data = Path::new("data");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    freight_geo_index::gazetteer::build(data, &out.join("gazetteer.idx"))?;
    Ok(())
}
