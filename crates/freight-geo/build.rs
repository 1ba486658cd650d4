//! Builds the embedded indexes from the tables in `data/`.

use std::path::{Path, PathBuf};

use freight_geo_index::routes::file::{Profile, prepare};
use freight_geo_index::routes::grid::Cells;
use freight_geo_index::routes::{digest, land, tables};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=data");
    let data = Path::new("data");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    freight_geo_index::gazetteer::build(data, &out.join("gazetteer.idx"))?;
    prepare_roads(data, &out.join("roads.net"))?;
    prepare_lanes(data, &out.join("lanes.net"))?;
    Ok(())
}

/// Main roads are dense: cells of a tenth of a degree hold a few dozen pieces.
const ROAD_CELLS: Cells = Cells { per_degree: 10 };
const LANE_CELLS: Cells = Cells { per_degree: 1 };

fn prepare_roads(data: &Path, out: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let read = |name: &str| std::fs::read(data.join("roads").join(name));
    let (nodes, edges) = (read("road_nodes.tsv.zst")?, read("road_edges.tsv.zst")?);
    let ferries = String::from_utf8(read("ferry-links.csv")?)?;
    let roads = tables::roads(&nodes, &edges, &ferries)?;
    let digest = digest(&[&nodes, &edges, ferries.as_bytes()]);
    std::fs::write(out, prepare(&roads, ROAD_CELLS, &[Profile::All, Profile::Trains], digest)?)?;
    Ok(())
}

fn prepare_lanes(data: &Path, out: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let table = std::fs::read(data.join("marnet").join("marnet.tsv.zst"))?;
    let lanes = tables::shipping_lanes(&table)?;
    let coasts = std::fs::read(data.join("marnet").join("land.tsv.zst"))?;
    std::fs::write(out.with_file_name("land.grid"), land::prepare(&coasts)?)?;
    std::fs::write(out, prepare(&lanes, LANE_CELLS, &[Profile::All], digest(&[&table, &coasts]))?)?;
    Ok(())
}
