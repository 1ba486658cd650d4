//! Prepares a road network from an OpenStreetMap extract:
//! `cargo run --release -p freight-geo-index --features osm --example prepare_roads -- europe.osm.pbf roads.net`.

use std::fs::File;
use std::path::Path;

use freight_geo_index::routes::file::{Profile, prepare};
use freight_geo_index::routes::grid::Cells;
use freight_geo_index::routes::{digest_of, osm};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [extract, out] = arguments.as_slice() else {
        return Err("usage: prepare_roads <extract.osm.pbf> <roads.net>".into());
    };
    let roads = osm::read(Path::new(extract))?;
    println!("{} points, {} links, {} ferries", roads.points.len(), roads.links.len(), roads.tags.len());
    let digest = digest_of(File::open(extract)?)?;
    let file = prepare(&roads, Cells { per_degree: 10 }, &[Profile::All, Profile::Trains], digest)?;
    std::fs::write(out, &file)?;
    println!("{out}: {} MB", file.len() / 1_000_000);
    Ok(())
}
