//! The command line, as it is typed.

#![allow(clippy::unwrap_used, reason = "the helpers of tests fail loudly, as tests do")]

use std::path::Path;
use std::process::{Command, Output};

use emissions_core::{DistanceBasis, Factors, Kilometres, Leg, LegDistance, Load, LoadUnit, Receipt};
use serde_json::Value;

fn dray(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_dray")).args(arguments).output().unwrap()
}

fn json(arguments: &[&str]) -> Value {
    let output = dray(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn refused(arguments: &[&str], said: &str) {
    let output = dray(arguments);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {errors}");
    assert!(errors.contains(said), "{errors}");
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn places_and_distances() {
    let madrid = json(&["--json", "geocode", "Madrid, Spain"]);
    assert_eq!(madrid["place"]["country"], "ES");
    refused(&["geocode", "Springfield"], "could be");
    refused(&["geocode", "Xyzzyplugh"], "no place was found");

    let road = json(&["--json", "distance", "Madrid, Spain", "Barcelona, Spain"]);
    assert!((560.0..680.0).contains(&road["distance"]["km"].as_f64().unwrap()));
    assert!(road["distance"]["geometry"].is_array());
    let text = dray(&["distance", "Rotterdam", "Singapore", "--category", "maritime", "--avoid", "suez"]);
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(text.contains("cape_of_good_hope") && text.contains(" km ("), "{text}");
}

#[test]
fn packs_are_listed_and_checked() {
    let glec = concat!(env!("CARGO_MANIFEST_DIR"), "/../../factor-packs/glec-3.1");
    let packs = json(&["--json", "packs", "list", glec]);
    let ids: Vec<&str> = packs.as_array().unwrap().iter().map(|pack| pack["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["open", "glec-3.1"]);

    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("pack.tsv"), "key\tvalue\nformat\t9\n").unwrap();
    refused(&["packs", "check", path(folder.path())], "`format` is `9`");
    refused(&["packs", "check", "no/such/folder"], "no/such/folder");
}

#[test]
fn a_receipt_holds_until_somebody_touches_it() {
    let factors = Factors::open();
    let distance =
        LegDistance { km: Kilometres::new(531.2).unwrap(), basis: DistanceBasis::ShortestFeasible };
    let leg = Leg::new(2025, Load::new(1234.5, LoadUnit::Kg).unwrap(), distance);
    let emissions = factors.calculate(factors.toc("truck_diesel").unwrap(), &leg).unwrap();
    let receipt = serde_json::to_value(Receipt::of(&leg, &emissions)).unwrap();

    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, value: &Value| {
        let file = folder.path().join(name);
        std::fs::write(&file, value.to_string()).unwrap();
        file
    };
    let alone = write("alone.json", &receipt);
    assert_eq!(json(&["--json", "verify", path(&alone)])["verified"], true);
    let answer =
        write("answer.json", &serde_json::json!({"request_id": "x", "route": null, "receipt": receipt}));
    assert!(dray(&["verify", path(&answer)]).status.success());

    let mut forged = receipt;
    forged["total"]["wtw"] = Value::from(1.0);
    refused(&["verify", path(&write("forged.json", &forged))], "is not what its inputs give");
    refused(&["verify", path(&write("other.json", &Value::Null))], "is not a receipt");
}

#[test]
fn roads_are_built_from_an_extract_and_used() {
    let extract =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../../crates/freight-geo-index/tests/data/monaco.osm.pbf");
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("monaco.net");
    let built = json(&["--json", "roads", "build", extract, "-o", path(&out)]);
    assert!(built["links"].as_u64().unwrap() > 10);

    let monaco = ["43.7276, 7.4125", "43.7489, 7.4398", "--roads", path(&out)];
    let route = json(&[["--json", "distance"].as_slice(), &monaco].concat());
    let km = route["distance"]["km"].as_f64().unwrap();
    assert!((3.2..6.0).contains(&km), "{km} km across Monaco");
    refused(&["roads", "build", "no-such.osm.pbf"], "no-such.osm.pbf");
    refused(&[["distance"].as_slice(), &monaco[..3], &[extract]].concat(), "monaco.osm.pbf");
}
