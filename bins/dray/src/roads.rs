//! `dray roads`: road networks, prepared for the server.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use data_encoding::HEXLOWER;
use freight_geo_index::routes::chains::RawNetwork;
use freight_geo_index::routes::file::{Profile, prepare};
use freight_geo_index::routes::grid::Cells;
use freight_geo_index::routes::{digest, digest_of, osm, tables};
use serde::Serialize;

use crate::{Failure, print};

#[derive(Debug, Subcommand)]
pub enum Roads {
    /// Prepares a road network that the server loads with DRAY_ROADS.
    Build(Build),
}

#[derive(Debug, Args)]
pub struct Build {
    /// An OpenStreetMap extract (`.osm.pbf`), or the folder of the tables that come with the source
    /// (`crates/freight-geo/data/roads`).
    source: PathBuf,

    /// The file to write.
    #[arg(short, long, default_value = "roads.net")]
    out: PathBuf,
}

#[derive(Serialize)]
struct Built<'p> {
    out: &'p Path,
    points: usize,
    links: usize,
    bytes: usize,
    source_sha256: String,
}

impl Roads {
    pub fn run(self, json: bool) -> Result<(), Failure> {
        let Self::Build(Build { source, out }) = self;
        let (network, digest) = read(&source)?;
        let file = prepare(&network, Cells { per_degree: 10 }, &[Profile::All, Profile::Trains], digest)?;
        std::fs::write(&out, &file)
            .map_err(|error| format!("{} cannot be written: {error}", out.display()))?;
        let built = Built {
            out: &out,
            points: network.points.len(),
            links: network.links.len(),
            bytes: file.len(),
            source_sha256: HEXLOWER.encode(&digest),
        };
        print(json, &built, || {
            format!(
                "{}: {} points, {} links, {} bytes",
                out.display(),
                built.points,
                built.links,
                built.bytes
            )
        })
    }
}

/// The raw network, and the digest of what it was read from.
fn read(source: &Path) -> Result<(RawNetwork, [u8; 32]), Failure> {
    let unreadable =
        |path: &Path, error: &dyn std::fmt::Display| format!("{} cannot be read: {error}", path.display());
    if !source.is_dir() {
        let open = || std::fs::File::open(source);
        let digest = open().and_then(digest_of).map_err(|error| unreadable(source, &error))?;
        let network = osm::read(source).map_err(|error| unreadable(source, &error))?;
        return Ok((network, digest));
    }
    let read = |name: &str| {
        let path = source.join(name);
        std::fs::read(&path).map_err(|error| unreadable(&path, &error))
    };
    let (nodes, edges) = (read("road_nodes.tsv.zst")?, read("road_edges.tsv.zst")?);
    let ferries = String::from_utf8(read("ferry-links.csv")?)?;
    let digest = digest(&[&nodes, &edges, ferries.as_bytes()]);
    Ok((tables::roads(&nodes, &edges, &ferries)?, digest))
}
