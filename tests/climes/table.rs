//! Every vehicle code with every fuel and service type: a result or a refusal that is documented.

use std::fmt::Write;

use serde_json::json;

use super::{PATH, get, post, sample_with};
use crate::support::Server;

const CODES: [&str; 10] = ["LCV1", "LCV2", "LCV3", "HGV", "HGV2", "HGV4", "TRAIN", "SCD", "ACF", "ACB"];
const FUELS: [&str; 6] = ["", "Diesel", "CNG", "Electric", "HFO", "Aviation Turbine Fuel"];
const SERVICES: [&str; 4] = ["FCL", "FTL", "LCL", ""];

/// The TOC that a trip is calculated with, the same for every service type, or how it is refused.
fn cell(server: &Server, code: &str, fuel: &str) -> String {
    let outcomes = SERVICES.map(|service| {
        let body = sample_with(&json!({
            "trip_id": format!("{code} {fuel} {service}"), "service_type": service, "teu": 1,
            "vehicle": {"vehicle_code": code, "vehicle_fueltype": fuel},
        }));
        let answer = post(server, PATH, &body.to_string());
        let message = answer.body["message"].as_str().unwrap();
        match answer.status {
            200 => {
                let id = &answer.body["data"]["id"];
                let trip = get(server, &format!("{PATH}/{id}")).body;
                assert!(answer.body["data"]["total_emission_value"].as_f64().unwrap() > 0.0);
                format!("`{}`", trip["data"]["details"]["toc"].as_str().unwrap())
            }
            400 if message.contains("does not drive it") => "refused: fuel".to_owned(),
            400 if message.contains("no factor pack in force") => "refused: no factor".to_owned(),
            status => panic!("{code} {fuel} {service}: {status} {message}"),
        }
    });
    assert!(outcomes.iter().all(|outcome| *outcome == outcomes[0]), "{code} {fuel}: {outcomes:?}");
    outcomes[0].clone()
}

/// The table as the documentation has it.
fn table(server: &Server) -> String {
    let mut table = String::new();
    for code in CODES {
        write!(table, "| {code} |").unwrap();
        for fuel in FUELS {
            write!(table, " {} |", cell(server, code, fuel)).unwrap();
        }
        table.push('\n');
    }
    table
}

/// Checks a table against the documentation, line by line.
fn check(name: &str, table: &str) {
    println!("{name}\n{table}");
    let docs = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/api/climes.md");
    let docs = std::fs::read_to_string(docs).unwrap();
    assert!(docs.contains(table), "docs/api/climes.md does not have the table of {name}:\n{table}");
}

#[test]
fn every_combination_is_a_result_or_a_documented_refusal() {
    check("open", &table(&Server::start()));
}

#[test]
fn with_glec_every_combination_is_a_result_or_a_documented_refusal() {
    let pack = concat!(env!("CARGO_MANIFEST_DIR"), "/../../factor-packs/glec-3.1");
    let packs = format!("{pack},open");
    let server = Server::start_in(tempfile::tempdir().unwrap(), &[("DRAY_FACTOR_PACKS", &packs)]);
    check("glec-3.1,open", &table(&server));
    let hgv2 = sample_with(&json!({"vehicle": {"vehicle_code": "HGV2"}}));
    let data = &post(&server, PATH, &hgv2.to_string()).body["data"];
    assert_eq!(data["emission_intensity_value"], 0.0823, "SFC India, HCV-2");
    let train =
        sample_with(&json!({"trip_id": "T", "vehicle": {"vehicle_code": "TRAIN", "vehicle_fueltype": ""}}));
    let data = &post(&server, PATH, &train.to_string()).body["data"];
    assert_eq!(data["emission_intensity_value"], 0.0106, "SFC India, rail");
    let mixed = json!({"trip_id": "M", "country": "DE", "vehicle": {"vehicle_code": "TRAIN", "vehicle_fueltype": ""}});
    let data = &post(&server, PATH, &sample_with(&mixed).to_string()).body["data"];
    assert_eq!(data["emission_intensity_value"], 0.016, "GLEC v3.0, traction unknown");
    assert!(data["well_to_tank_emission_value"].is_null() && data["tank_to_wheel_emission_value"].is_null());
    let empty_running = json!({"trip_id": "E", "empty_distance_included": true, "country": "Germany", "vehicle": {"vehicle_code": "HGV"}});
    let [contained, taken_out] = [false, true].map(|included| {
        let mut body = sample_with(&empty_running);
        body["empty_distance_included"] = included.into();
        post(&server, PATH, &body.to_string()).body["data"]["emission_intensity_value"].as_f64().unwrap()
    });
    assert!(
        (taken_out / contained - 0.83).abs() < 1e-6,
        "17 % of the kilometres are empty: {taken_out} of {contained}"
    );
    let empty = |code: &str| {
        let trip = json!({"trip_id": format!("empty {code}"), "is_trip_empty": true, "vehicle": {"vehicle_code": code}});
        post(&server, PATH, &sample_with(&trip).to_string())
    };
    assert!(
        empty("HGV4").body["data"]["total_emission_value"].as_f64().unwrap() > 0.0,
        "rows and load of `open`"
    );
    let refused = empty("HGV2");
    assert_eq!(refused.status, 400, "SFC India publishes no load: {}", refused.text);
    assert!(
        refused.body["message"].as_str().unwrap().contains("\"is_trip_empty\" is true, and no factor pack")
    );
}
