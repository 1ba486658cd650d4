//! Rows 14 to 20: fuel records and fuels.

use serde_json::{Value, json};

use super::shape::{self, Is};
use super::{NOBODY, Row, entries, id, with};
use crate::support::Answer;

const CREATE: &str = "/v1/logistics/recharges";

/// The fuel that the cases burn: European diesel.
fn diesel(row: &Row<'_>) -> Value {
    let fuels = row.server.get("/v1/logistics/fuels").body;
    let fuels = entries(&fuels["fuels"]);
    let european = fuels.iter().find(|fuel| fuel["name"] == "diesel" && fuel["region"] == "EU");
    european.or(fuels.first()).map(|fuel| fuel["id"].clone()).unwrap_or_default()
}

fn record(row: &Row<'_>, plate: &str) -> Value {
    json!({"fuel_id": diesel(row), "country": "ES", "date": "2024-11-25", "quantity": 120.5, "vehicle_license_plate": plate})
}

fn created(row: &Row<'_>, plate: &str) -> Value {
    row.server.post(CREATE, &record(row, plate).to_string()).body
}

fn not_found() -> Value {
    json!({"code": "NOT_FOUND", "detail": "Logistics recharge not found"})
}

pub fn create(row: &mut Row<'_>) {
    let given = record(row, "1234-ABC");
    let answer = row.post(&given);
    row.answers("diesel", &answer, 200, shape::RECHARGE);
    for name in ["quantity", "date", "vehicle_license_plate"] {
        row.equal(&format!("{name} shown"), &answer.body[name], &given[name]);
    }
    row.answers("emissions", &answer, 200, Is::Object(&[("co2e", Is::Number)]));
    let again = row.post(&given);
    row.answers("the same again", &again, 200, shape::RECHARGE);
    row.equal("the same record", &again.body["id"], &answer.body["id"]);
    let unplated = row.post(&with(given.clone(), "vehicle_license_plate", Value::Null));
    row.answers("no plate", &unplated, 200, shape::RECHARGE);
    let unknown = row.post(&with(given.clone(), "fuel_id", json!(NOBODY)));
    row.answers("unknown fuel", &unknown, 404, shape::CODED_ERROR);
    for (name, wrong) in [
        ("fuel_id", json!("diesel")),
        ("fuel_id", Value::Null),
        ("country", json!("Spain")),
        ("country", Value::Null),
        ("date", json!("yesterday")),
        ("date", Value::Null),
        ("quantity", json!("much")),
        ("quantity", json!(-1)),
        ("toc_id", json!(7)),
        ("project_id", json!(7)),
    ] {
        let answer = row.post(&with(given.clone(), name, wrong.clone()));
        row.at_fault(&format!("{name} {wrong}"), &answer, &format!("body.{name}"));
    }
}

pub fn bulk(row: &mut Row<'_>) {
    let records = [record(row, "BULK-1"), json!({"country": "ES"}), record(row, "BULK-2")];
    let counts = |answer: &Answer| {
        let names = ["total_received", "total_processed", "success", "failed"];
        names.iter().map(|name| answer.body[name].clone()).collect::<Value>()
    };
    let answer = row.post(&json!({"records": records}));
    row.answers("mixed batch", &answer, 200, shape::RECHARGES_BULK);
    row.equal("counts", &counts(&answer), &json!([3, 3, 2, 1]));
    row.equal("the record at fault", &answer.body["errors"][0]["index"], &json!(1));
    let again = row.post(&json!({"records": records}));
    row.equal("the same records", &again.body["results"][0]["id"], &answer.body["results"][0]["id"]);
    let stopped = row.post(&json!({"records": records, "options": {"continue_on_error": false}}));
    row.answers("stop at the first error", &stopped, 200, shape::RECHARGES_BULK);
    row.equal("counts when stopped", &counts(&stopped), &json!([3, 2, 1, 1]));
    for (case, body) in [
        ("no records", json!({})),
        ("empty records", json!({"records": []})),
        ("5,001 records", json!({"records": vec![Value::Null; 5001]})),
    ] {
        let answer = row.post(&body);
        row.at_fault(case, &answer, "body.records");
    }
}

pub fn list(row: &mut Row<'_>) {
    let recharge = created(row, "LISTED-PLATE");
    row.paged(row.path, shape::RECHARGES);
    let fuel = diesel(row);
    let fuel = fuel.as_str().unwrap_or_default();
    for filter in [
        "search=listed-pla".to_owned(),
        "vehicle_license_plate[]=LISTED-PLATE".to_owned(),
        "vehicle_license_plate=LISTED-PLATE".to_owned(),
        format!("fuel_id[]={fuel}&search=LISTED-PLATE"),
        format!("fuel_id={fuel}&search=LISTED-PLATE"),
        "date_from=2024-11-25&date_until=2024-11-25&search=LISTED-PLATE".to_owned(),
        "created_at_from=2020-01-01&created_at_until=2120-01-01&search=LISTED-PLATE".to_owned(),
        "status=active&search=LISTED-PLATE".to_owned(),
    ] {
        let answer = row.server.get(&format!("{}?{filter}", row.path));
        row.answers(&filter, &answer, 200, shape::RECHARGES);
        row.equal(&format!("found by {filter}"), &answer.body["items"][0]["id"], &recharge["id"]);
        row.equal(&format!("alone by {filter}"), &answer.body["total"], &json!(1));
    }
    for nothing in [
        "search=NOBODY",
        "date_until=2000-01-01",
        &format!("fuel_id[]={NOBODY}"),
        &format!("project_id={NOBODY}"),
    ] {
        let answer = row.server.get(&format!("{}?{nothing}", row.path));
        row.answers(nothing, &answer, 200, shape::RECHARGES);
        row.equal(&format!("none by {nothing}"), &answer.body["total"], &json!(0));
    }
    let wrong = row.server.get(&format!("{}?date_from=soon", row.path));
    row.at_fault("no day", &wrong, "query.date_from");
}

pub fn one_deleted(row: &mut Row<'_>) {
    let path = |id: &str| row.path.replace("{recharge_id}", id);
    let recharge = created(row, "DELETED");
    let answers =
        [path(id(&recharge)), path(id(&recharge)), path(NOBODY), path("7")].map(|path| row.delete(&path));
    row.answers("a record", &answers[0], 204, Is::Empty);
    row.refused("the second time", &answers[1], 404, &not_found());
    row.refused("unknown", &answers[2], 404, &not_found());
    row.at_fault("no UUID", &answers[3], "path.recharge_id");
}

pub fn batch_deleted(row: &mut Row<'_>) {
    let (first, second) = (created(row, "BATCH-1"), created(row, "BATCH-2"));
    let answer = row.post(&json!({"recharge_ids": [id(&first), NOBODY]}));
    row.refused("one unknown", &answer, 404, &not_found());
    let answer = row.post(&json!({"recharge_ids": [id(&first), id(&second)]}));
    row.answers("two", &answer, 204, Is::Empty);
    let answer = row.post(&json!({"recharge_ids": []}));
    row.at_fault("empty list", &answer, "body.recharge_ids");
}

pub fn unique_values(row: &mut Row<'_>) {
    created(row, "UNIQUE");
    for field in ["fuel_name", "file_id"] {
        let answer = row.server.get(&format!("{}?field={field}", row.path));
        row.answers(field, &answer, 200, shape::UNIQUE_VALUES);
        row.equal("the field", &answer.body["field"], &json!(field));
        row.equal("how many", &answer.body["total_count"], &json!(entries(&answer.body["values"]).len()));
    }
    for wrong in ["", "?field=colour"] {
        let answer = row.server.get(&format!("{}{wrong}", row.path));
        row.at_fault(&format!("field {wrong}"), &answer, "query.field");
    }
}

pub fn fuels(row: &mut Row<'_>) {
    let answer = row.server.get(row.path);
    row.answers("fuels", &answer, 200, shape::FUELS);
    let fuels = entries(&answer.body["fuels"]);
    row.equal("how many", &answer.body["total_count"], &json!(fuels.len()));
    row.equal("diesel is there", &json!(fuels.iter().any(|fuel| fuel["name"] == "diesel")), &json!(true));
    row.equal("the same every time", &row.server.get(row.path).body, &answer.body);
}
