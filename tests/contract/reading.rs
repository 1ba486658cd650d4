//! Rows 10 to 13: vehicles, clients, the summary, the report.

use serde_json::json;

use super::{NOBODY, Row, entries, leg, shape, texts, with};

pub fn tocs(row: &mut Row<'_>) {
    let answer = row.server.get(row.path);
    row.answers("vehicles", &answer, 200, shape::TOCS);
    let known = |id: &str| entries(&answer.body).iter().any(|toc| toc["toc"] == id);
    let named = [
        "truck_diesel",
        "van_diesel",
        "van_electric",
        "rigid_truck_diesel",
        "artic_truck_diesel",
        "artic_truck_electric",
        "tank_truck_diesel",
        "van_3.5_t_diesel",
        "generic_average_road",
        "generic_average_rail",
        "generic_average_maritime",
        "generic_average_air",
        "general_cargo",
        "freighter",
    ];
    let missing: Vec<&str> = named.into_iter().filter(|id| !known(id)).collect();
    row.equal("every documented toc is there", &json!(missing), &json!([]));
    let electric = entries(&answer.body).iter().find(|toc| toc["toc"] == "van_electric").cloned();
    row.equal("electric ones show 0", &electric.unwrap_or_default()["wtw"], &json!(0.0));
}

pub fn clients(row: &mut Row<'_>) {
    for client in ["SEUR", "AMAZON", "SEUR", "INDITEX"] {
        row.server.create(&with(leg(), "client", json!(client)));
    }
    let answer = row.server.get(row.path);
    row.answers("clients", &answer, 200, shape::TEXTS);
    let names = texts(&answer.body);
    let (mut sorted, expected) = (names.clone(), ["AMAZON", "INDITEX", "SEUR"]);
    sorted.sort_unstable();
    sorted.dedup();
    row.equal("sorted and each once", &json!(names), &json!(sorted));
    row.equal("all are there", &json!(expected.iter().all(|name| names.contains(name))), &json!(true));
}

pub fn summary(row: &mut Row<'_>) {
    row.server.create(&leg());
    let count = |path: &str| row.server.get(path).body["total"].clone();
    let (requests, hubs) = (count("/v1/logistics/requests"), count("/v1/logistic-hubs"));
    let answer = row.server.get(row.path);
    row.answers("summary", &answer, 200, shape::SUMMARY);
    row.equal("requests", &answer.body["requests"]["count"], &requests);
    row.equal("hubs", &answer.body["hubs"]["count"], &hubs);
    let answer = row.server.get(&format!("{}?project_id={NOBODY}", row.path));
    row.answers("of a project", &answer, 200, shape::SUMMARY);
    row.equal("nothing", &answer.body["requests"], &json!({"count": 0, "last_updated": null}));
    let answer = row.server.get(&format!("{}?project_id=7", row.path));
    row.at_fault("no UUID", &answer, "query.project_id");
}

pub fn report(row: &mut Row<'_>) {
    let dated = |category: &str| {
        row.server.create(&json!({
            "distance_km": 100, "load": 1000, "category": category, "shipment_date": "2019-03-04", "client": "REPORTED",
        }))
    };
    dated("road");
    dated("rail");
    let (server, path) = (row.server, row.path);
    let get = |query: &str| server.get(&format!("{path}?{query}"));
    let (all, one) = (
        get("start_date=2019-03-04&end_date=2019-03-04"),
        get("start_date=2019-03-01&end_date=2019-03-31&client=REPORTED"),
    );
    let none = get("start_date=2018-03-01&end_date=2018-03-31");
    row.answers("a period", &all, 200, shape::REPORT);
    row.answers("of a client", &one, 200, shape::REPORT);
    row.equal("the client", &one.body["client"], &json!("REPORTED"));
    row.equal("both legs", &all.body["summary"]["total_items"], &json!(2));
    row.equal("kilometres", &all.body["summary"]["total_distance_km"], &json!(200.0));
    row.equal("legs alone", &all.body["data_source"], &json!("requests"));
    let shares =
        entries(&all.body["by_category"]).iter().filter_map(|entry| entry["percentage_co2e"].as_f64());
    row.equal("shares make 100", &json!((shares.sum::<f64>() - 100.0).abs() < 0.1), &json!(true));
    row.answers("an empty period", &none, 200, shape::REPORT);
    row.equal("nothing in it", &none.body["by_category"], &json!([]));
    row.equal("average of nothing", &json!(none.body["summary"]["avg_co2e_per_item"].as_f64()), &json!(0.0));
    for (case, query, name) in [
        ("no start", "end_date=2019-03-04", "start_date"),
        ("no end", "start_date=2019-03-04", "end_date"),
        ("no day", "start_date=spring&end_date=2019-03-04", "start_date"),
    ] {
        let answer = get(query);
        row.at_fault(case, &answer, &format!("query.{name}"));
    }
    let backwards = get("start_date=2019-03-05&end_date=2019-03-04");
    row.answers("backwards", &backwards, 422, shape::VALIDATION_ERROR);
}
