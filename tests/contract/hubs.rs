//! Rows 21 to 26: logistics hubs.

use serde_json::{Value, json};

use super::shape::{self, Is};
use super::{NOBODY, Row, id, leg, with};
use crate::support::Answer;

pub const CATEGORIES: &[&str] = &[
    "transshipment_ambient",
    "transshipment_mixed",
    "storage_transhipment_ambient",
    "storage_transhipment_mixed",
    "warehouse_ambient",
    "warehouse_mixed",
    "liquid_bulk_terminals_ambient",
    "liquid_bulk_terminals_mixed",
    "maritime_container_terminals_ambient",
    "maritime_container_terminals_temperature_controlled",
];
pub const STATUSES: &[&str] = &["active", "inactive", "error", "archived"];

const FACILITY: &str = "5b0c3f0e-6f5c-4b1e-9d59-0d1b9c4b7a11";
const CREATE: &str = "/v1/logistic-hubs";

fn subcontracted(name: &str) -> Value {
    json!({"name": name, "type": "subcontracted", "category": "warehouse_mixed", "address": "Barcelona, Spain"})
}

fn created(row: &Row<'_>, hub: &Value) -> Answer {
    row.server.post(CREATE, &hub.to_string())
}

fn path(id: &str) -> String {
    format!("{CREATE}/{id}")
}

fn not_found() -> Value {
    json!({"code": "NOT_FOUND", "detail": format!("LogisticHUB with id=UUID('{NOBODY}') not found")})
}

pub fn list(row: &mut Row<'_>) {
    let name = format!("Listed at {}", row.path);
    let hub = created(row, &with(subcontracted(&name), "category", json!("transshipment_mixed"))).body;
    row.paged(row.path, shape::HUBS);
    let part = name.to_lowercase().replace(' ', "%20");
    for filter in [
        format!("name={part}"),
        format!("name={part}&type=subcontracted"),
        format!("name={part}&category=transshipment_mixed"),
        format!("name={part}&status[]=active&status[]=error"),
        format!("name={part}&status=active"),
    ] {
        let answer = row.server.get(&format!("{}?{filter}", row.path));
        row.answers(&filter, &answer, 200, shape::HUBS);
        row.equal(&format!("found by {filter}"), &answer.body["items"][0]["id"], &hub["id"]);
        row.equal(&format!("pages by {filter}"), &answer.body["pages"], &json!(1));
    }
    for filter in ["type=owned", "category=warehouse_ambient", "status[]=archived"] {
        let answer = row.server.get(&format!("{}?name={part}&{filter}", row.path));
        row.equal(&format!("none by {filter}"), &answer.body["total"], &json!(0));
    }
    for (wrong, name) in [("type=rented", "type"), ("category=shed", "category"), ("status[]=lost", "status")]
    {
        let answer = row.server.get(&format!("{}?{wrong}", row.path));
        row.answers(wrong, &answer, 422, shape::VALIDATION_ERROR);
        let named = answer.text.contains(name);
        row.equal(&format!("{wrong} named"), &json!(named), &json!(true));
    }
}

pub fn list_of_logistics(row: &mut Row<'_>) {
    list(row);
    let other = row.server.get(CREATE).body;
    row.equal("the same as /v1/logistic-hubs", &row.server.get(row.path).body, &other);
}

pub fn create(row: &mut Row<'_>) {
    let owned = json!({
        "name": "Madrid Warehouse", "type": "owned", "category": "warehouse_ambient", "address": "Calle Industrial 5, Madrid",
        "country": "ES", "supercharger": true, "facility_id": FACILITY,
    });
    let answer = row.post(&owned);
    row.answers("owned", &answer, 201, shape::HUB);
    for name in ["name", "type", "category", "address", "country", "supercharger", "facility_id"] {
        row.equal(&format!("{name} shown"), &answer.body[name], &owned[name]);
    }
    row.equal("active at first", &answer.body["status"], &json!("active"));
    row.equal("never changed", &answer.body["updated_at"], &Value::Null);
    for category in CATEGORIES {
        let hub = with(subcontracted(&format!("Of {category}")), "category", json!(category));
        let answer = row.post(&with(hub, "facility_id", json!(FACILITY)));
        row.answers(category, &answer, 201, shape::HUB);
        row.equal("category", &answer.body["category"], &json!(category));
        row.equal("no facility of a subcontracted hub", &answer.body["facility_id"], &Value::Null);
    }
    let answer = row.post(&json!({"name": "Plain", "type": "subcontracted"}));
    row.answers("name and type alone", &answer, 201, shape::HUB);
    row.equal("no supercharger by default", &answer.body["supercharger"], &json!(false));
    row.answers("a name twice", &row.post(&subcontracted("Plain")), 409, shape::ERROR);
    for (case, hub, place) in [
        ("no name", json!({"type": "subcontracted"}), "body.name"),
        ("no type", json!({"name": "Typeless"}), "body.type"),
        ("owned without facility", json!({"name": "Homeless", "type": "owned"}), "body.facility_id"),
        ("name 5", json!({"name": 5, "type": "subcontracted"}), "body.name"),
        ("type rented", with(subcontracted("W"), "type", json!("rented")), "body.type"),
        ("category shed", with(subcontracted("W"), "category", json!("shed")), "body.category"),
        ("address 5", with(subcontracted("W"), "address", json!(5)), "body.address"),
        ("country Spain", with(subcontracted("W"), "country", json!("Spain")), "body.country"),
        ("supercharger 5", with(subcontracted("W"), "supercharger", json!(5)), "body.supercharger"),
        ("facility 5", json!({"name": "W", "type": "owned", "facility_id": 5}), "body.facility_id"),
    ] {
        let answer = row.post(&hub);
        row.at_fault(case, &answer, place);
    }
}

pub fn one(row: &mut Row<'_>) {
    let hub = created(row, &subcontracted("Looked at")).body;
    let answer = row.server.get(&path(id(&hub)));
    row.answers("a hub", &answer, 200, shape::HUB);
    row.equal("as created", &answer.body, &hub);
    row.refused("unknown", &row.server.get(&path(NOBODY)), 404, &not_found());
    row.at_fault("no UUID", &row.server.get(&path("7")), "path.hub_id");
}

pub fn update(row: &mut Row<'_>) {
    let hub = created(row, &subcontracted("Changed")).body;
    created(row, &subcontracted("Name of another"));
    let path = path(id(&hub));
    for (name, value) in [
        ("name", json!("Changed again")),
        ("category", json!("liquid_bulk_terminals_mixed")),
        ("address", json!("Valencia, Spain")),
        ("country", json!("FR")),
        ("supercharger", json!(true)),
    ] {
        let answer = row.send("PUT", &path, &json!({name: value}));
        row.answers(name, &answer, 200, shape::HUB);
        row.equal(&format!("{name} changed"), &answer.body[name], &value);
        row.equal("the type stays", &answer.body["type"], &json!("subcontracted"));
        row.answers("time of change", &answer, 200, Is::Object(&[("updated_at", Is::Time)]));
    }
    for status in STATUSES {
        let answer = row.send("PUT", &path, &json!({"status": status}));
        row.equal("status", &answer.body["status"], &json!(status));
    }
    let owned = row.send("PUT", &path, &json!({"type": "owned"}));
    row.answers("owned, with an address", &owned, 200, Is::Object(&[("facility_id", Is::Uuid)]));
    let taken = row.send("PUT", &path, &json!({"name": "Name of another"}));
    row.answers("a name twice", &taken, 409, shape::ERROR);
    let wrong = row.send("PUT", &path, &json!({"category": "shed"}));
    row.at_fault("category shed", &wrong, "body.category");
    let unknown = row.send("PUT", &self::path(NOBODY), &json!({"supercharger": true}));
    row.refused("unknown", &unknown, 404, &not_found());
    let malformed = row.send("PUT", &self::path("7"), &json!({"supercharger": true}));
    row.at_fault("no UUID", &malformed, "path.hub_id");
}

pub fn removed(row: &mut Row<'_>) {
    let hub = created(row, &subcontracted("Removed")).body;
    let stored = row.server.create(&with(leg(), "hub_id", json!("Removed")));
    let in_use = json!({"detail": "This logistic hub is in use by a logistic request"});
    row.refused("in use", &row.delete(&path(id(&hub))), 409, &in_use);
    row.delete(&format!("/v1/logistics/requests/{}", id(&stored)));
    row.answers("out of use", &row.delete(&path(id(&hub))), 204, Is::Empty);
    row.answers("the second time", &row.delete(&path(id(&hub))), 404, shape::CODED_ERROR);
    row.refused("unknown", &row.delete(&path(NOBODY)), 404, &not_found());
    row.at_fault("no UUID", &row.delete(&path("7")), "path.hub_id");
}
