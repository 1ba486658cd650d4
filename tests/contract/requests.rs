//! Rows 1 to 5: legs are created and listed.

use std::time::{Duration, Instant};

use chrono::{Datelike, Utc};
use serde_json::{Value, json};

use super::shape::{self, Is};
use super::{Row, entries, id, leg, with};

/// Every field of a leg: a value that is taken and shown again, and values that are refused.
fn fields() -> Vec<(&'static str, Value, Vec<Value>)> {
    vec![
        ("origin", json!("Madrid, Spain"), vec![json!(5), json!([])]),
        ("destination", json!("Barcelona, Spain"), vec![json!({}), json!(true)]),
        ("distance_km", json!(500.5), vec![json!("far"), json!(-1)]),
        ("load", json!(250.5), vec![json!("heavy"), json!(-1)]),
        ("load_unit", json!("ton"), vec![json!("stone"), json!(1)]),
        ("load_unit", json!("pallets"), vec![json!("")]),
        ("load_unit", json!("teu"), vec![]),
        ("load_unit", json!("feu"), vec![]),
        ("load_factor", json!(0.5), vec![json!(1.5), json!(-0.1), json!("half")]),
        ("toc", json!("van_diesel"), vec![json!(5)]),
        ("category", json!("rail"), vec![json!("ship"), json!(5)]),
        ("category", json!("maritime"), vec![]),
        ("category", json!("air"), vec![]),
        ("origin_country", json!("ES"), vec![json!("Spain"), json!(34)]),
        ("year", json!(2024), vec![json!("soon"), json!(2024.5)]),
        ("cleaning", json!(true), vec![json!("dirty"), json!([])]),
        ("movement_id", json!("MOV-2024-001234"), vec![json!({})]),
        ("client", json!("CORREOS-EXPRESS"), vec![json!([])]),
        ("shipment_date", json!("2024-11-25"), vec![json!("yesterday"), json!("2024-02-30")]),
        ("movement_stretch", json!("last_mile"), vec![json!([])]),
        ("movement_stage", json!("delivery"), vec![json!([])]),
        ("vehicle_license_plate", json!("1234-ABC"), vec![json!([])]),
        ("trailer_license_plate", json!("5678-XYZ"), vec![json!([])]),
        ("subcontractor", json!(true), vec![json!("perhaps")]),
        ("tkm", json!(500.0), vec![json!("many"), json!(-1)]),
        ("package_key", json!("26830007899150601093463"), vec![json!([])]),
        ("hub_id", json!("HUB-MAD-001"), vec![json!([])]),
    ]
}

/// The hubs that the cases name; what is there already stays.
fn hubs(row: &Row<'_>) {
    let hub = |name, more: Value| {
        let mut hub = json!({"name": name, "type": "subcontracted", "category": "warehouse_ambient"});
        hub.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let answer = row.server.post("/v1/logistic-hubs", &hub.to_string());
        assert!([201, 409].contains(&answer.status), "{}", answer.text);
        answer.body
    };
    hub("Contract Hub", json!({"address": "Barcelona, Spain"}));
    hub("Contract Hub without address", json!({"external_code": "HUB-MAD-001"}));
    let idle = hub("Contract Hub at rest", json!({"address": "Barcelona, Spain"}));
    row.send("PUT", &format!("/v1/logistic-hubs/{}", id(&idle)), &json!({"status": "inactive"}));
}

/// What holds for both versions of the single call.
fn single(row: &mut Row<'_>) {
    hubs(row);
    for (name, value, wrong) in fields() {
        let base = with(leg(), "movement_id", json!("CONTRACT"));
        let answer = row.post(&with(base.clone(), name, value.clone()));
        row.answers(&format!("{name} {value}"), &answer, 200, shape::LEG);
        row.equal(&format!("{name} shown"), &answer.body[name], &value);
        for value in wrong {
            let answer = row.post(&with(base.clone(), name, value.clone()));
            row.at_fault(&format!("{name} {value}"), &answer, &format!("body.{name}"));
        }
        if !["distance_km", "category"].contains(&name) {
            let answer = row.post(&with(base, name, Value::Null));
            row.answers(&format!("{name} null"), &answer, 200, shape::LEG);
        }
    }
    defaults(row);
    relations(row);
    named_hubs(row);
}

fn defaults(row: &mut Row<'_>) {
    let answer = row.post(&leg());
    let today = Utc::now();
    for (name, value) in [
        ("load_unit", json!("kg")),
        ("load_factor", json!(1.0)),
        ("origin_country", json!("GLO")),
        ("year", json!(today.year())),
        ("cleaning", json!(false)),
        ("subcontractor", json!(false)),
        ("shipment_date", json!(today.date_naive().to_string())),
        ("toc", json!("generic_average_road")),
        ("movement_id", Value::Null),
        ("package_id", Value::Null),
        ("hub_id", Value::Null),
    ] {
        row.equal(&format!("{name} by default"), &answer.body[name], &value);
    }
    let answer = row.post(&json!({"distance_km": 100, "toc": "truck_diesel"}));
    row.answers("toc alone", &answer, 200, shape::LEG);
    row.equal("category of the toc", &answer.body["category"], &json!("road"));
}

fn relations(row: &mut Row<'_>) {
    let answer = row.post(&json!({"distance_km": 100, "load": 1000}));
    row.at_fault("neither toc nor category", &answer, "body.category");
    let documented = json!({
        "loc": ["body", "category"], "msg": "Please provide a category if toc is not present", "type": "value_error",
    });
    row.equal("the documented validation error", &answer.body, &json!({"detail": [documented]}));
    for (given, missing) in [("origin", "destination"), ("destination", "origin")] {
        let answer = row.post(&json!({given: "Madrid, Spain", "load": 1000, "category": "road"}));
        row.at_fault(&format!("no distance and no {missing}"), &answer, &format!("body.{missing}"));
    }
    let answer = row.post(&json!({"tkm": 500.0, "category": "road"}));
    row.answers("tkm alone", &answer, 200, shape::LEG);
    let answer = row.post(&with(leg(), "package_key", json!("P")));
    row.at_fault("package_key without movement_id", &answer, "body.movement_id");
    let answer = row.post(&with(leg(), "toc", json!("flying_carpet")));
    row.case("unknown toc", if [404, 422].contains(&answer.status) { vec![] } else { vec![answer.text] });
    let answer = row.server.post(row.path, "{");
    row.answers("no JSON", &answer, 422, shape::VALIDATION_ERROR);
    let answer = row.post(&json!([]));
    row.answers("no object", &answer, 422, shape::VALIDATION_ERROR);
}

fn named_hubs(row: &mut Row<'_>) {
    for (end, other, name) in [("origin", "destination", "Origin"), ("destination", "origin", "Destination")]
    {
        let leg = |hub: &str| json!({end: hub, other: "Madrid, Spain", "load": 25, "category": "road"});
        let answer = row.post(&leg("Contract Hub"));
        row.answers(&format!("hub as {end}"), &answer, 200, shape::LEG);
        row.equal(&format!("{end} of a hub"), &answer.body[end], &json!("Barcelona, Spain"));
        let answer = row.post(&leg("Contract Hub at rest"));
        let body = json!({"code": "NOT_FOUND", "detail": format!("{name} hub not found")});
        row.refused(&format!("hub at rest as {end}"), &answer, 404, &body);
        let answer = row.post(&leg("Contract Hub without address"));
        let body = json!({"code": "BAD_REQUEST", "detail": format!("{name} hub has no address configured")});
        row.refused(&format!("hub without address as {end}"), &answer, 400, &body);
    }
    let replaced = json!({"origin": "Sevilla, Spain", "destination": "Madrid, Spain", "load": 25, "category": "road", "hub_id": "Contract Hub"});
    let answer = row.post(&replaced);
    row.answers("hub_id in place of the origin", &answer, 200, shape::LEG);
    row.equal("origin of hub_id", &answer.body["origin"], &json!("Barcelona, Spain"));
    row.equal("hub_id as sent", &answer.body["hub_id"], &json!("Contract Hub"));
}

pub fn create(row: &mut Row<'_>) {
    single(row);
    let answer = row.post(&leg());
    row.answers("figures", &answer, 200, Is::Object(&[("co2e", Is::Number), ("distance_km", Is::Number)]));
    row.equal("tonnes x kilometres", &answer.body["tkm"], &json!(100.0));
    let nowhere =
        json!({"origin": "Qqxyzzy Wwplugh", "destination": "Madrid, Spain", "load": 1, "category": "road"});
    let answer = row.post(&nowhere);
    row.answers("no such place", &answer, 422, shape::CODED_ERROR);
    row.equal("code of no such place", &answer.body["code"], &json!("NO_DISTANCE"));
}

pub fn create_v2(row: &mut Row<'_>) {
    single(row);
    let answer = row.post(&leg());
    row.equal("co2e later", &answer.body["co2e"], &Value::Null);
    row.equal("distance as sent", &answer.body["distance_km"], &json!(100.0));
    row.equal("tkm of a given distance", &answer.body["tkm"], &json!(100.0));
    let found = json!({"origin": "Madrid, Spain", "destination": "Barcelona, Spain", "load": 1000, "category": "road", "movement_id": "CONTRACT-V2"});
    let answer = row.post(&found);
    row.answers("distance to be found", &answer, 200, shape::LEG);
    for name in ["co2e", "distance_km", "tkm"] {
        row.equal(&format!("{name} later"), &answer.body[name], &Value::Null);
    }
    let listed = settled(row, "search=CONTRACT-V2");
    let figures = Is::Object(&[("kgco2e", Is::Number), ("distance_km", Is::Number), ("tkm", Is::Number)]);
    row.case("figures read back", figures.faults("leg", &listed));
}

/// The newest leg that a filter finds, once it is not pending any more.
fn settled(row: &Row<'_>, filter: &str) -> Value {
    let begun = Instant::now();
    loop {
        let listed = row.server.get(&format!("/v1/logistics/requests?{filter}")).body;
        let newest = listed["items"][0].clone();
        if newest["status"] != "pending" || begun.elapsed() > Duration::from_secs(60) {
            return newest;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// What holds for both versions of the bulk call; gives the answer to a mixed batch.
fn batches(row: &mut Row<'_>) -> Value {
    let numbered = |n: usize| with(leg(), "movement_id", json!(format!("{}-{n}", row.path)));
    let records = [numbered(0), json!({"load": 1}), numbered(0), numbered(1), json!(5)];
    let answer = row.post(&json!({"records": records, "options": {"continue_on_error": true}}));
    row.answers("mixed batch", &answer, 200, shape::BULK);
    let (body, counts) = (&answer.body, ["total_received", "total_processed", "success", "failed"]);
    let counted: Vec<&Value> = counts.iter().map(|name| &body[name]).collect();
    row.equal("counts", &json!(counted), &json!([5, 5, 2, 3]));
    let indexes = |of: &Value| entries(of).iter().map(|entry| entry["index"].clone()).collect::<Value>();
    row.equal("indexes of results", &indexes(&body["results"]), &json!([0, 3]));
    row.equal("indexes of errors", &indexes(&body["errors"]), &json!([1, 2, 4]));
    row.equal("movement of a result", &body["results"][0]["movement_id"], &records[0]["movement_id"]);
    row.equal("movement of a duplicate", &body["errors"][1]["movement_id"], &records[2]["movement_id"]);

    let stopped = row.post(
        &json!({"records": [leg(), json!({"load": 1}), leg()], "options": {"continue_on_error": false}}),
    );
    row.answers("stop at the first error", &stopped, 200, shape::BULK);
    let counted: Vec<&Value> = counts.iter().map(|name| &stopped.body[name]).collect();
    row.equal("counts when stopped", &json!(counted), &json!([3, 2, 1, 1]));

    for (case, body) in [
        ("no records", json!({})),
        ("empty records", json!({"records": []})),
        ("5,001 records", json!({"records": vec![Value::Null; 5001]})),
    ] {
        let answer = row.post(&body);
        row.at_fault(case, &answer, "body.records");
    }
    for (name, _, wrong) in fields() {
        for value in wrong {
            let record = with(with(leg(), "movement_id", json!("CONTRACT")), name, value.clone());
            let answer = row.post(&json!({"records": [record]}));
            row.answers(&format!("{name} {value}"), &answer, 200, shape::BULK);
            let said = answer.body["errors"][0]["error"].as_str().unwrap_or_default();
            let named = said.contains(name);
            row.case(&format!("{name} {value} named"), if named { vec![] } else { vec![said.to_owned()] });
        }
    }
    answer.body
}

pub fn bulk(row: &mut Row<'_>) {
    let body = batches(row);
    let number = Is::List(&Is::Object(&[("co2e", Is::Number)]));
    row.case("co2e of results", number.faults("results", &body["results"]));
}

pub fn bulk_v2(row: &mut Row<'_>) {
    let body = batches(row);
    let null = Is::List(&Is::Object(&[("co2e", Is::Null)]));
    row.case("co2e later", null.faults("results", &body["results"]));
    let path = format!("/v2/logistics/jobs/{}", body["job_id"].as_str().unwrap_or_default());
    row.answers("the job", &row.server.get(&path), 200, shape::JOB_WITH_ERRORS);
    let file = format!("file_id[]={}", body["file_id"].as_str().unwrap_or_default());
    let leg = settled(row, &file);
    row.case("kgco2e read back", Is::Object(&[("kgco2e", Is::Number)]).faults("leg", &leg));
    let listed = row.server.get(&format!("/v1/logistics/requests?{file}")).body;
    row.equal("legs of the file", &listed["total"], &json!(2));
}

pub fn list(row: &mut Row<'_>) {
    let known = json!({
        "distance_km": 10, "load": 1000, "toc": "van_diesel", "movement_id": "LISTED-1", "client": "LISTED",
        "shipment_date": "2021-05-06", "movement_stretch": "LISTED-STRETCH", "package_key": "LISTED-P", "hub_id": "HUB-MAD-001",
    });
    let created = row.server.create(&known);
    row.paged(row.path, shape::LEGS);
    let today = Utc::now().date_naive();
    let mut hashes = std::collections::BTreeSet::new();
    let filters = [
        "search=listed-1".to_owned(),
        "search=LISTED-STRETCH".to_owned(),
        "clients[]=LISTED".to_owned(),
        "clients=LISTED".to_owned(),
        "client=LISTED".to_owned(),
        "movement_id=LISTED-1".to_owned(),
        "movement_id[]=LISTED-1".to_owned(),
        "package_key=LISTED-P".to_owned(),
        "trip_date_from=2021-05-06&trip_date_until=2021-05-06".to_owned(),
        "vehicle_type[]=van&client=LISTED".to_owned(),
        "toc[]=van_diesel&client=LISTED".to_owned(),
        "category[]=road&client=LISTED".to_owned(),
        "status[]=active&client=LISTED".to_owned(),
        "hub_id=HUB-MAD-001&client=LISTED".to_owned(),
        format!("created_at_from={today}&created_at_to={today}&client=LISTED"),
        format!("created_at_until={today}&client=LISTED"),
    ];
    for filter in filters {
        let answer = row.server.get(&format!("{}?{filter}", row.path));
        row.answers(&filter, &answer, 200, shape::LEGS);
        row.equal(&format!("found by {filter}"), &answer.body["items"][0]["id"], &created["id"]);
        row.equal(&format!("alone by {filter}"), &answer.body["total"], &json!(1));
        hashes.insert(answer.body["filter_hash"].as_str().unwrap_or_default().to_owned());
    }
    let apart: Vec<String> = Some(format!("{hashes:?}")).filter(|_| hashes.len() < 9).into_iter().collect();
    row.case("hashes tell filters apart", apart);
    let hex = hashes.iter().all(|hash| hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()));
    row.equal("hashes of 16 digits", &json!(hex), &json!(true));
    for nothing in [
        "clients[]=NOBODY",
        "trip_date_until=2021-05-05",
        "trip_date_from=2121-05-07",
        "file_id[]=00000000-0000-4000-8000-000000000000",
        "uploaded_by[]=00000000-0000-4000-8000-000000000000",
        "project_id=00000000-0000-4000-8000-000000000000",
    ] {
        let answer = row.server.get(&format!("{}?{nothing}", row.path));
        row.answers(nothing, &answer, 200, shape::LEGS);
        row.equal(&format!("none by {nothing}"), &answer.body["total"], &json!(0));
    }
    for (wrong, name) in [
        ("trip_date_from=6.5.2021", "trip_date_from"),
        ("status[]=done", "status[]"),
        ("category=ship", "category"),
        ("file_id[]=7", "file_id[]"),
    ] {
        let answer = row.server.get(&format!("{}?{wrong}", row.path));
        row.at_fault(wrong, &answer, &format!("query.{name}"));
    }
    let item = row.server.get(&format!("{}?client=LISTED", row.path)).body["items"][0].clone();
    row.equal("co2e and kgco2e are one", &item["co2e"], &item["kgco2e"]);
    row.equal("a leg read back is the leg created", &item["created_at"], &created["created_at"]);
}
