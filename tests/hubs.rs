//! Logistic hubs, over HTTP.

use serde_json::{Value, json};

use crate::support::{Answer, Server, authorized};

const FACILITY: &str = "5b0c3f0e-6f5c-4b1e-9d59-0d1b9c4b7a11";

fn send(server: &Server, method: &str, path: &str, body: &Value) -> Answer {
    server.send(method, path, Some(&body.to_string()), &authorized())
}

fn create(server: &Server, body: &Value) -> Value {
    let answer = server.post("/v1/logistic-hubs", &body.to_string());
    assert_eq!(answer.status, 201, "{body} gave {}", answer.text);
    answer.body
}

fn put(server: &Server, hub: &Value, body: &Value) -> Answer {
    send(server, "PUT", &path(hub), body)
}

fn path(hub: &Value) -> String {
    format!("/v1/logistic-hubs/{}", hub["id"].as_str().unwrap())
}

fn delete(server: &Server, hub: &Value) -> Answer {
    server.send("DELETE", &path(hub), None, &authorized())
}

fn madrid() -> Value {
    json!({
        "name": "Madrid Distribution Center", "type": "owned", "category": "warehouse_ambient",
        "address": "Calle Industrial 5, Madrid, Spain", "supercharger": true, "facility_id": FACILITY,
        "external_code": "HUB-MAD-001",
    })
}

fn names(listed: &Value) -> Vec<&str> {
    listed["items"].as_array().unwrap().iter().map(|hub| hub["name"].as_str().unwrap()).collect()
}

fn faults(answer: &Answer) -> Vec<&str> {
    assert_eq!(answer.status, 422, "{}", answer.text);
    let mut faults: Vec<&str> = answer.body["detail"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| fault["loc"][1].as_str().unwrap())
        .collect();
    faults.sort_unstable();
    faults
}

#[test]
fn a_hub_has_the_documented_fields_in_their_order() {
    let server = Server::start();
    let answer = server.post("/v1/logistic-hubs", &madrid().to_string());
    assert_eq!(answer.status, 201);
    let documented = [
        "id",
        "name",
        "address",
        "country",
        "type",
        "category",
        "status",
        "supercharger",
        "facility_id",
        "co2e",
        "created_at",
        "updated_at",
    ];
    let positions: Vec<usize> =
        documented.iter().map(|key| answer.text.find(&format!("\"{key}\":")).expect(key)).collect();
    assert!(positions.is_sorted(), "{}", answer.text);
    let hub = &answer.body;
    assert_eq!(
        (&hub["country"], &hub["status"], &hub["facility_id"]),
        (&json!("ES"), &json!("active"), &json!(FACILITY))
    );
    assert_eq!((&hub["co2e"], &hub["updated_at"]), (&Value::Null, &Value::Null));
    assert_eq!(server.get(&path(hub)).body, *hub);
    let measured = put(&server, hub, &json!({"annual_co2e_kg": 1250.5, "annual_throughput_t": "500"})).body;
    assert_eq!((&measured["co2e"], &measured["measured_kgco2e_per_t"]), (&json!(1250.5), &json!(2.501)));
    assert!(measured["updated_at"].is_string());
}

#[test]
fn every_type_category_and_status_is_taken() {
    let server = Server::start();
    let categories = [
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
    for category in categories {
        let hub = create(
            &server,
            &json!({"name": category, "type": "subcontracted", "category": category, "facility_id": FACILITY}),
        );
        assert_eq!((&hub["category"], &hub["facility_id"]), (&json!(category), &Value::Null));
    }
    let respelt = json!({"name": "x", "type": "subcontracted", "category": "storage_transshipment_ambient"});
    let hub = create(&server, &respelt);
    assert_eq!(hub["category"], "storage_transhipment_ambient");
    for status in ["inactive", "error", "archived", "active"] {
        assert_eq!(put(&server, &hub, &json!({"status": status})).body["status"], status);
    }
}

#[test]
fn what_is_wrong_with_a_hub_is_named() {
    let server = Server::start();
    let wrong = |body: Value| server.post("/v1/logistic-hubs", &body.to_string());
    assert_eq!(faults(&wrong(json!({}))), ["name", "type"]);
    let owned = wrong(json!({"name": "A", "type": "owned", "address": "Madrid, Spain"}));
    assert_eq!(faults(&owned), ["facility_id"]);
    assert_eq!(owned.body["detail"][0]["msg"], "Please provide a facility_id if type is owned");
    let every = wrong(json!({
        "name": 5, "type": "rented", "category": "garage", "country": "XX", "status": "gone", "supercharger": "yes",
        "annual_co2e_kg": -1, "annual_throughput_t": 0, "address": ["Madrid"], "external_code": false,
    }));
    let expected = [
        "address",
        "annual_co2e_kg",
        "annual_throughput_t",
        "category",
        "country",
        "external_code",
        "name",
        "status",
        "supercharger",
        "type",
    ];
    assert_eq!(faults(&every), expected);
    assert_eq!(
        faults(&wrong(json!({"name": " ", "type": "owned", "facility_id": "F-1"}))),
        ["facility_id", "name"]
    );
    for body in ["", "{", "5"] {
        assert_eq!(server.post("/v1/logistic-hubs", body).status, 422, "{body}");
    }
    assert_eq!(server.get("/v1/logistic-hubs").body["total"], 0);
}

#[test]
pub fn names_and_codes_are_unique() {
    let server = Server::start();
    let first = create(&server, &madrid());
    let again = |body: Value| server.post("/v1/logistic-hubs", &body.to_string());
    let taken = again(json!({"name": " madrid distribution CENTER ", "type": "subcontracted"}));
    assert_eq!(
        (taken.status, &taken.body),
        (409, &json!({"detail": "A logistic hub with this name already exists"}))
    );
    let coded = again(json!({"name": "Other", "type": "subcontracted", "external_code": "hub-mad-001"}));
    assert_eq!((coded.status, coded.body.get("code")), (409, None));
    let other = create(&server, &json!({"name": "Other", "type": "subcontracted"}));
    assert_eq!(put(&server, &other, &json!({"name": "Madrid Distribution Center"})).status, 409);
    assert_eq!(put(&server, &first, &json!({"name": "MADRID Distribution Center"})).status, 200);
}

#[test]
fn a_change_leaves_the_rest_as_it_is() {
    let server = Server::start();
    let hub = create(&server, &madrid());
    let renamed = put(&server, &hub, &json!({"name": "Madrid Norte", "category": null})).body;
    assert_eq!(renamed["name"], "Madrid Norte");
    for key in ["id", "address", "country", "type", "category", "supercharger", "facility_id", "created_at"] {
        assert_eq!(renamed[key], hub[key], "{key}");
    }
    let moved = put(&server, &hub, &json!({"address": "Rua Augusta 1, Lisboa, Portugal"})).body;
    assert_eq!(moved["country"], "PT");
    assert_eq!(put(&server, &hub, &json!({"country": "fr"})).body["country"], "FR");
    let cleared = put(&server, &hub, &json!({"address": "", "external_code": " "})).body;
    assert_eq!((&cleared["address"], &cleared["external_code"]), (&Value::Null, &Value::Null));
    assert_eq!(cleared["country"], Value::Null);

    let sold = put(&server, &hub, &json!({"type": "subcontracted"})).body;
    assert_eq!((&sold["type"], &sold["facility_id"]), (&json!("subcontracted"), &Value::Null));
    assert_eq!(faults(&put(&server, &hub, &json!({"type": "owned"}))), ["facility_id"]);
    let bought = put(&server, &hub, &json!({"type": "owned", "address": "Xyzzyplugh"})).body;
    assert!(bought["facility_id"].is_string());
    assert_eq!((&bought["country"], &bought["address"]), (&Value::Null, &json!("Xyzzyplugh")));
}

#[test]
pub fn hubs_are_listed_by_filter_on_both_paths() {
    let server = Server::start();
    for (name, kind, category, status) in [
        ("Madrid Norte", "subcontracted", "warehouse_mixed", "active"),
        ("Madrid Sur", "owned", "warehouse_mixed", "archived"),
        ("Lyon", "subcontracted", "transshipment_ambient", "inactive"),
    ] {
        create(
            &server,
            &json!({"name": name, "type": kind, "category": category, "status": status, "facility_id": FACILITY}),
        );
    }
    for (query, expected) in [
        ("", &["Lyon", "Madrid Sur", "Madrid Norte"][..]),
        ("name=madrid", &["Madrid Sur", "Madrid Norte"]),
        ("name=%25", &[]),
        ("type=owned", &["Madrid Sur"]),
        ("category=warehouse_mixed", &["Madrid Sur", "Madrid Norte"]),
        ("status[]=active&status[]=inactive", &["Lyon", "Madrid Norte"]),
        ("status=archived&name=MAD", &["Madrid Sur"]),
        ("size=2&page=2", &["Madrid Norte"]),
    ] {
        let listed = server.get(&format!("/v1/logistic-hubs?{query}"));
        assert_eq!((listed.status, names(&listed.body)), (200, expected.to_vec()), "{query}");
        assert_eq!(server.get(&format!("/v1/logistics/hubs?{query}")).body, listed.body);
    }
    let page = server.get("/v1/logistics/hubs?size=2").body;
    assert_eq!(
        (&page["page"], &page["size"], &page["total"], &page["pages"]),
        (&json!(1), &json!(2), &json!(3), &json!(2))
    );
    for wrong in ["size=101", "page=0", "type=rented", "category=garage", "status[]=gone"] {
        assert_eq!(server.get(&format!("/v1/logistics/hubs?{wrong}")).status, 422, "{wrong}");
    }
}

fn leg(origin: &str, destination: &str) -> Value {
    json!({"origin": origin, "destination": destination, "load": 1500, "load_unit": "kg", "category": "road"})
}

fn warehouse(name: &str, address: &str) -> Value {
    json!({"name": name, "type": "subcontracted", "category": "warehouse_ambient", "address": address})
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is not a number"))
}

#[test]
pub fn hub_names_stand_for_their_addresses() {
    let server = Server::start();
    create(&server, &madrid());
    create(&server, &warehouse("Barcelona Warehouse", "Barcelona, Spain"));
    let between = server.create(&leg("madrid distribution center", " Barcelona Warehouse "));
    assert_eq!(between["origin"], "Calle Industrial 5, Madrid, Spain");
    assert_eq!(between["destination"], "Barcelona, Spain");
    assert!((560.0..680.0).contains(&number(&between["distance_km"])), "{between}");
    assert_eq!((&between["hub_id"], &between["breakdown"]["hub"]["wtw"]), (&Value::Null, &json!(0.0)));
    let mixed = server.create(&leg("Madrid Distribution Center", "Customer Address, Barcelona, Spain"));
    assert_eq!(mixed["destination"], "Customer Address, Barcelona, Spain");
    assert_eq!(mixed["route"]["origin"]["name"], "Madrid");
    let read = server.get(&format!("/v1/logistics/requests/{}", mixed["id"].as_str().unwrap())).body;
    assert_eq!(read, mixed);
    let mut known = leg("Madrid Distribution Center", "Barcelona Warehouse");
    known["distance_km"] = json!(700);
    let known = server.create(&known);
    assert_eq!((&known["distance_km"], &known["origin"]), (&json!(700.0), &between["origin"]));
}

#[test]
fn a_hub_that_cannot_be_an_end_is_refused_alone_and_in_bulk() {
    let server = Server::start();
    let old = create(&server, &warehouse("Old Hub", "Madrid, Spain"));
    let bare = create(&server, &json!({"name": "Bare Hub", "type": "subcontracted"}));
    let no_address =
        |end: &str| json!({"code": "BAD_REQUEST", "detail": format!("{end} hub has no address configured")});
    let not_found = |end: &str| json!({"code": "NOT_FOUND", "detail": format!("{end} hub not found")});
    let refused = |origin: &str, destination: &str| {
        let answer = server.post("/v1/logistics/requests", &leg(origin, destination).to_string());
        (answer.status, answer.body)
    };
    assert_eq!(refused("Bare Hub", "Madrid, Spain"), (400, no_address("Origin")));
    assert_eq!(refused("Madrid, Spain", "bare hub"), (400, no_address("Destination")));
    for status in ["inactive", "error", "archived"] {
        put(&server, &old, &json!({"status": status}));
        assert_eq!(refused("Old Hub", "Madrid, Spain"), (404, not_found("Origin")));
        assert_eq!(refused("Madrid, Spain", "Old Hub"), (404, not_found("Destination")));
    }
    assert_eq!(server.get("/v1/logistics/requests").body["total"], 0);

    let records = json!({"records": [
        leg("Old Hub", "Madrid, Spain"), leg("Toledo, Spain", "Bare Hub"), leg("Toledo, Spain", "Madrid, Spain"),
    ]});
    let bulk = server.post("/v1/logistics/requests/bulk", &records.to_string()).body;
    assert_eq!((&bulk["success"], &bulk["failed"]), (&json!(1), &json!(2)));
    assert_eq!(bulk["errors"][0]["error"], "Origin hub not found");
    assert_eq!(bulk["errors"][1]["error"], "Destination hub has no address configured");

    assert_eq!(delete(&server, &bare).status, 204);
    put(&server, &old, &json!({"status": "active", "name": "Bare Hub"}));
    assert_eq!(server.create(&leg("Bare Hub", "Toledo, Spain"))["origin"], "Madrid, Spain");
}

#[test]
pub fn a_hub_that_handled_a_load_adds_its_emissions_and_its_address() {
    let server = Server::start();
    let mut hub = warehouse("Zaragoza Warehouse", "Zaragoza, Spain");
    hub["external_code"] = json!("HUB-ZAR-001");
    let hub = create(&server, &hub);
    let with = |hub_id: &str| {
        let mut leg = leg("Madrid, Spain", "Barcelona, Spain");
        leg["hub_id"] = json!(hub_id);
        server.create(&leg)
    };
    for hub_id in [hub["id"].as_str().unwrap(), "zaragoza warehouse", "HUB-ZAR-001"] {
        let leg = with(hub_id);
        assert_eq!((&leg["hub_id"], &leg["origin"]), (&json!(hub_id), &json!("Zaragoza, Spain")));
        assert_eq!(leg["breakdown"]["hub"], json!({"wtw": 26.25, "wtt": 0.0, "ttw": 0.0}));
        let transport = number(&leg["breakdown"]["transport"]["wtw"]);
        assert!((number(&leg["co2e"]) - transport - 26.25).abs() < 1e-5);
        assert!((270.0..360.0).contains(&number(&leg["distance_km"])), "{leg}");
        assert!(leg["estimated_data"].as_array().unwrap().contains(&json!("hub")));
    }
    let unknown = with("HUB-XXX-001");
    assert_eq!((&unknown["hub_id"], &unknown["origin"]), (&json!("HUB-XXX-001"), &json!("Madrid, Spain")));
    assert_eq!(unknown["breakdown"]["hub"]["wtw"], 0.0);
    assert!(!unknown["estimated_data"].as_array().unwrap().contains(&json!("hub")));

    let used = delete(&server, &hub);
    let in_use = json!({"detail": "This logistic hub is in use by a logistic request"});
    assert_eq!((used.status, &used.body), (409, &in_use));
    assert_eq!(server.get(&path(&hub)).status, 200);
}

#[test]
fn an_own_hub_is_shared_by_what_it_measured() {
    let server = Server::start();
    let mut hub = madrid();
    (hub["annual_co2e_kg"], hub["annual_throughput_t"]) = (json!(1250.5), json!(500));
    create(&server, &hub);
    let mut body = leg("Toledo, Spain", "Barcelona, Spain");
    (body["hub_id"], body["distance_km"]) = (json!("HUB-MAD-001"), json!(600));
    let leg = server.create(&body);
    assert_eq!((&leg["distance_km"], &leg["origin"]), (&json!(600.0), &hub["address"]));
    assert_eq!(leg["breakdown"]["hub"]["wtw"], 3.7515);
    assert!(!leg["estimated_data"].as_array().unwrap().contains(&json!("hub")));
    let receipt = server.get(&format!("/v1/logistics/requests/{}/receipt", leg["id"].as_str().unwrap()));
    assert!(receipt.text.contains("mass x own hub's intensity"), "{}", receipt.text);
}

#[test]
fn a_batch_sent_twice_is_one_batch_though_its_hub_moved() {
    let server = Server::start();
    let hub = create(&server, &warehouse("Madrid Hub", "Madrid, Spain"));
    let mut body = leg("Madrid Hub", "Barcelona, Spain");
    (body["movement_id"], body["shipment_date"]) = (json!("M-1"), json!("2025-01-01"));
    let first = server.create(&body);
    put(&server, &hub, &json!({"address": "Toledo, Spain"}));
    let second = server.create(&body);
    assert_eq!(first["id"], second["id"]);
    assert_eq!((&first["origin"], &second["origin"]), (&json!("Madrid, Spain"), &json!("Toledo, Spain")));
    assert_eq!(server.get("/v1/logistics/requests").body["total"], 1);
}

#[test]
fn a_hub_that_is_not_there_is_not_found() {
    let server = Server::start();
    let hub = create(&server, &madrid());
    assert_eq!((delete(&server, &hub).status, delete(&server, &hub).status), (204, 404));
    let detail = format!("LogisticHUB with id=UUID('{}') not found", hub["id"].as_str().unwrap());
    let expected = json!({"code": "NOT_FOUND", "detail": detail});
    for answer in [server.get(&path(&hub)), put(&server, &hub, &json!({"name": "x"})), delete(&server, &hub)]
    {
        assert_eq!((answer.status, &answer.body), (404, &expected));
    }
    for method in ["GET", "DELETE", "PUT"] {
        let answer = send(&server, method, "/v1/logistic-hubs/HUB-MAD-001", &json!({}));
        assert_eq!((answer.status, &answer.body["detail"][0]["loc"]), (422, &json!(["path", "hub_id"])));
    }
    for (method, path) in [
        ("POST", "/v1/logistic-hubs"),
        ("GET", "/v1/logistic-hubs"),
        ("GET", "/v1/logistics/hubs"),
        ("GET", &*path(&hub)),
        ("PUT", &*path(&hub)),
        ("DELETE", &*path(&hub)),
    ] {
        let mut headers = authorized();
        headers[0].1 = "sk_unknown";
        assert_eq!(server.send(method, path, Some("{}"), &headers).status, 401, "{method} {path}");
        let mut headers = authorized();
        headers[1].1 = "11111111-2222-3333-4444-555555555555";
        let foreign = server.send(method, path, Some("{}"), &headers);
        assert_eq!((foreign.status, &foreign.body["code"]), (404, &json!("ORGANIZATION_NOT_FOUND")));
    }
}
