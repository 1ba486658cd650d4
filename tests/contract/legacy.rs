//! The older API, which stores nothing that it calculates.

use serde_json::json;

use super::{Row, entries, leg, shape, texts, with};

pub fn shipment(row: &mut Row<'_>) {
    let shipment = json!({
        "origin": "Madrid, Spain", "destination": "Barcelona, Spain", "toc": "truck_diesel", "load": 1000, "load_unit": "kg",
        "year": 2024,
    });
    let stored = || row.server.get("/v1/logistics/requests").body["total"].clone();
    let before = stored();
    let answer = row.post(&shipment);
    let after = stored();
    row.answers("a shipment", &answer, 200, shape::LEGACY_SHIPMENT);
    for name in ["toc", "load_unit", "origin", "destination", "year"] {
        row.equal(&format!("{name} shown"), &answer.body[name], &shipment[name]);
    }
    row.equal("nothing is stored", &after, &before);
    for name in ["origin", "destination", "toc"] {
        let answer = row.post(&with(shipment.clone(), name, json!(null)));
        row.at_fault(&format!("no {name}"), &answer, &format!("body.{name}"));
    }
    for (name, wrong) in [("load", json!("heavy")), ("load_unit", json!("stone")), ("year", json!("soon"))] {
        let answer = row.post(&with(shipment.clone(), name, wrong));
        row.at_fault(&format!("wrong {name}"), &answer, &format!("body.{name}"));
    }
}

pub fn tocs(row: &mut Row<'_>) {
    let answer = row.server.get(row.path);
    row.answers("vehicles", &answer, 200, shape::LEGACY_TOCS);
    let at_sea = entries(&answer.body).iter().any(|toc| toc["category"] == "sea");
    row.equal("ships are of category sea", &json!(at_sea), &json!(true));
}

pub fn clients(row: &mut Row<'_>) {
    row.server.create(&with(leg(), "client", json!("OLDER")));
    let answer = row.server.get(row.path);
    row.answers("clients", &answer, 200, shape::TEXTS);
    row.equal("all are there", &json!(texts(&answer.body).contains(&"OLDER")), &json!(true));
}

pub fn report(row: &mut Row<'_>) {
    row.server.create(&json!({
        "distance_km": 100, "load": 1000, "toc": "van_diesel", "shipment_date": "2018-03-04", "client": "OLDER REPORT",
    }));
    let (server, path) = (row.server, row.path);
    let get = |query: &str| server.get(&format!("{path}?{query}"));
    let found = get("client=OLDER%20REPORT&start_date=2018-03-04&end_date=2018-03-04");
    let other_case = get("client=older%20report&start_date=2018-03-04&end_date=2018-03-04");
    row.answers("a client", &found, 200, shape::LEGACY_REPORT);
    row.equal("one shipment", &found.body["summary"]["total_shipments"], &json!(1));
    row.equal("its vehicle", &found.body["by_transport_type"][0]["toc"], &json!("van_diesel"));
    row.answers("other capitals", &other_case, 200, shape::LEGACY_REPORT);
    row.equal("none", &other_case.body["summary"]["total_shipments"], &json!(0));
    for (case, query, name) in [
        ("no client", "start_date=2018-03-04&end_date=2018-03-04", "client"),
        ("no start", "client=A&end_date=2018-03-04", "start_date"),
        ("no end", "client=A&start_date=2018-03-04", "end_date"),
    ] {
        let answer = get(query);
        row.at_fault(case, &answer, &format!("query.{name}"));
    }
}
