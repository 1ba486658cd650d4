//! A network from an OpenStreetMap extract.
#![cfg(feature = "osm")]

use std::path::Path;

use freight_geo_index::routes::file::{NetworkFile, Profile, prepare};
use freight_geo_index::routes::geodesy::Point;
use freight_geo_index::routes::grid::Cells;
use freight_geo_index::routes::osm;

#[test]
fn the_main_roads_of_monaco_become_a_sound_network() {
    let extract = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/monaco.osm.pbf");
    let raw = osm::read(&extract).unwrap();
    assert!(raw.links.len() > 500, "{} links", raw.links.len());
    let bytes = prepare(&raw, Cells { per_degree: 10 }, &[Profile::All, Profile::Trains], [7; 32]).unwrap();
    let file = NetworkFile::parse(&bytes).unwrap();
    file.verify().unwrap();
    assert_eq!(file.digest(), [7; 32]);
    assert!(file.node_count() > 20 && (file.node_count() as u32) < raw.points.len() as u32);

    let casino = Point { lat: 43.7392, lon: 7.4278 };
    let mut nearest = f64::INFINITY;
    file.positions_within(casino, 2.0, |position| nearest = nearest.min(position.km));
    assert!(nearest < 0.5, "{nearest} km");
}

#[test]
fn a_damaged_file_is_refused() {
    let extract = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/monaco.osm.pbf");
    let raw = osm::read(&extract).unwrap();
    let bytes = prepare(&raw, Cells { per_degree: 10 }, &[Profile::All], [0; 32]).unwrap();
    assert!(NetworkFile::parse(&bytes[..bytes.len() / 2]).is_err());
    assert!(NetworkFile::parse(b"PK\x03\x04").is_err());
    let mut other_version = bytes.clone();
    other_version[8] += 1;
    assert!(NetworkFile::parse(&other_version).unwrap_err().to_string().contains("prepare it again"));
    let mut undetected = 0;
    for at in (0..bytes.len()).step_by(bytes.len() / 200) {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0xff;
        // A changed coordinate or length is as good as any other; a changed number must be noticed or stay in range.
        undetected += usize::from(NetworkFile::parse(&damaged).is_ok_and(|file| file.verify().is_ok()));
    }
    assert!(undetected < 200);
}
