//! Rows 8 and 9: packages.

use serde_json::{Value, json};

use super::shape;
use super::{NOBODY, Row, id};

/// A package of two legs; gives the last of them.
fn package(row: &Row<'_>, key: &str) -> Value {
    let leg = |km: u32| {
        row.server.create(&json!({
            "distance_km": km, "load": 15, "category": "road", "movement_id": format!("SHIP-{key}"), "package_key": key,
            "client": format!("CLIENT-{key}"), "origin": format!("After {km} km"), "destination": "Barcelona, Spain",
        }))
    };
    leg(350);
    leg(150)
}

fn sums(row: &mut Row<'_>, package: &Value) {
    let legs = super::entries(&package["legs"]);
    row.equal("two legs", &json!(legs.len()), &json!(2));
    row.equal("sum of distances", &package["total_distance_km"], &json!(500.0));
    let co2e: f64 = legs.iter().filter_map(|leg| leg["co2e"].as_f64()).sum();
    let apart = (package["total_co2e"].as_f64().unwrap_or_default() - co2e).abs() > 1e-5;
    row.equal("sum of emissions", &json!(apart), &json!(false));
    row.equal("weight of the parcel", &package["weight_kg"], &json!(15.0));
    row.equal("active", &package["status"], &json!("active"));
}

fn only(row: &mut Row<'_>, filter: &str, shape: shape::Is) -> Value {
    let answer = row.server.get(&format!("{}?{filter}", row.path));
    row.answers(filter, &answer, 200, shape);
    row.equal(&format!("alone by {filter}"), &answer.body["total"], &json!(1));
    answer.body["items"][0].clone()
}

pub fn list(row: &mut Row<'_>) {
    let leg = package(row, "LISTED-PACKAGE");
    for filter in ["movement_id=SHIP-LISTED-PACKAGE", "client=CLIENT-LISTED-PACKAGE"] {
        let found = only(row, filter, shape::PACKAGES);
        row.equal(&format!("found by {filter}"), &found["id"], &leg["package_id"]);
    }
    let found = only(row, "package_key=LISTED-PACKAGE", shape::PACKAGES_WITH_LEGS);
    sums(row, &found);
    row.equal("shipment", &found["shipment_id"], &json!("SHIP-LISTED-PACKAGE"));
    row.paged(row.path, shape::PACKAGES);
}

pub fn one(row: &mut Row<'_>) {
    let leg = package(row, "ONE-PACKAGE");
    let path = |id: &str| row.path.replace("{package_id}", id);
    let found = row.server.get(&path(leg["package_id"].as_str().unwrap_or_default()));
    let (unknown, malformed) = (row.server.get(&path(NOBODY)), row.server.get(&path("7")));
    row.answers("a package", &found, 200, shape::PACKAGE_WITH_LEGS);
    sums(row, &found.body);
    row.equal("its last leg", &json!(id(&found.body["legs"][1])), &leg["id"]);
    let not_found = json!({"code": "NOT_FOUND", "detail": "Package not found"});
    row.refused("unknown", &unknown, 404, &not_found);
    row.at_fault("no UUID", &malformed, "path.package_id");
}
