//! The Dcycle Logistics API, version 1, as its documentation shows it, against the real server.

use serde_json::{Value, json};

use crate::support::{Answer, KEY, ORGANIZATION, Server, authorized};

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is not a number"))
}

fn assert_close(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-6 * expected.abs().max(1.0), "{found} is not {expected}");
}

fn sorted(mut names: Vec<&str>) -> Vec<&str> {
    names.sort_unstable();
    names
}

#[test]
pub fn madrid_to_barcelona_by_road() {
    let server = Server::start();
    let leg = server.create(&json!({
        "origin": "Madrid, Spain", "destination": "Barcelona, Spain", "load": 1000, "load_unit": "kg", "category": "road",
    }));
    let (distance, co2e) = (number(&leg["distance_km"]), number(&leg["co2e"]));
    assert!((560.0..680.0).contains(&distance), "{distance} km");
    assert!(co2e > 0.0);
    assert_eq!(leg["toc"], "generic_average_road");
    assert_eq!(leg["category"], "road");
    assert_eq!(leg["origin_country"], "GLO");
    assert_close(number(&leg["tkm"]), distance);
    assert_eq!(leg["kgco2e"], leg["co2e"]);
    assert!(leg["estimated_data"].as_array().unwrap().contains(&json!("distance_km")));
    assert!(leg["estimated_data"].as_array().unwrap().contains(&json!("toc")));
}

#[test]
fn a_response_has_the_documented_keys_in_the_documented_order() {
    let server = Server::start();
    let body = json!({"distance_km": 500, "load": 1000, "load_unit": "kg", "category": "road", "origin_country": "ES"});
    let answer = server.post("/v1/logistics/requests", &body.to_string());
    let documented = [
        "id",
        "origin",
        "destination",
        "origin_country",
        "distance_km",
        "load",
        "load_unit",
        "load_factor",
        "toc",
        "category",
        "year",
        "cleaning",
        "co2e",
        "tkm",
        "movement_id",
        "client",
        "shipment_date",
        "movement_stretch",
        "movement_stage",
        "package_key",
        "package_id",
        "subcontractor",
        "vehicle_license_plate",
        "trailer_license_plate",
        "hub_id",
        "created_at",
        "updated_at",
    ];
    let positions: Vec<usize> =
        documented.iter().map(|key| answer.text.find(&format!("\"{key}\":")).expect(key)).collect();
    assert!(positions.is_sorted(), "{}", answer.text);
    for absent in ["origin", "destination", "movement_id", "client", "package_id", "hub_id"] {
        assert_eq!(answer.body[absent], Value::Null, "{absent}");
    }
    assert_eq!(answer.body["distance_km"], 500.0);
    assert_eq!(answer.body["tkm"], 500.0);
    assert!(answer.body["created_at"].as_str().unwrap().ends_with('Z'));
}

#[test]
fn emissions_are_tonnes_times_kilometres_times_the_listed_factor() {
    let server = Server::start();
    let tocs = server.get("/v1/logistics/tocs").body;
    let truck = tocs.as_array().unwrap().iter().find(|toc| toc["toc"] == "truck_diesel").unwrap().clone();
    let leg = server
        .create(&json!({"distance_km": 500, "load": 1000, "toc": "truck_diesel", "year": truck["year"]}));
    assert_close(number(&leg["co2e"]), 500.0 * number(&truck["wtw"]));
    let half =
        server.create(&json!({"distance_km": 500, "load": 1000, "load_factor": 0.5, "toc": "truck_diesel"}));
    assert_close(number(&half["tkm"]), 250.0);
    let given = server.create(&json!({"tkm": 500.0, "toc": "truck_diesel", "year": truck["year"]}));
    assert_close(number(&given["co2e"]), 500.0 * number(&truck["wtw"]));
    assert_eq!(given["tkm"], 500.0);
}

#[test]
fn truck_diesel_with_the_factors_of_2024() {
    let server = Server::start();
    let leg = server.create(&json!({
        "origin": "Madrid, Spain", "destination": "Barcelona, Spain", "origin_country": "ES", "load": 1000,
        "load_unit": "kg", "toc": "truck_diesel", "year": 2024,
    }));
    assert_eq!(
        (&leg["toc"], &leg["category"], &leg["year"]),
        (&json!("truck_diesel"), &json!("road"), &json!(2024))
    );
    assert_eq!(leg["origin_country"], "ES");
    assert!(number(&leg["co2e"]) > 0.0);
}

#[test]
fn the_four_modes_are_compared() {
    let server = Server::start();
    let co2e =
        |category: &str| {
            number(&server.create(&json!({
            "origin": "Barcelona, Spain", "destination": "Madrid, Spain", "load": 1000, "load_unit": "kg",
            "category": category,
        }))["co2e"])
        };
    let (road, rail, air, maritime) = (co2e("road"), co2e("rail"), co2e("air"), co2e("maritime"));
    assert!(rail > 0.0 && rail < road && road < air, "rail {rail}, road {road}, air {air}");
    assert!(maritime > 0.0 && maritime < air, "maritime {maritime}");
}

#[test]
fn traceability_is_echoed_and_null_is_absent() {
    let server = Server::start();
    let leg = server.create(&json!({
        "origin": "Centro Logistico Madrid, Spain", "destination": "Barcelona, Spain", "load": 25, "load_unit": "kg",
        "category": "road", "origin_country": "ES", "movement_id": "CE-2024-987654", "client": "CORREOS-EXPRESS",
        "shipment_date": "2024-11-25", "movement_stretch": "hub_to_destination", "movement_stage": "delivery",
        "vehicle_license_plate": "1234-ABC", "trailer_license_plate": null, "subcontractor": false, "hub_id": null,
        "package_key": "PKG-1", "tkm": null, "an_unknown_field": {"is": "ignored"},
    }));
    for (key, value) in [
        ("movement_id", json!("CE-2024-987654")),
        ("client", json!("CORREOS-EXPRESS")),
        ("shipment_date", json!("2024-11-25")),
        ("movement_stretch", json!("hub_to_destination")),
        ("movement_stage", json!("delivery")),
        ("vehicle_license_plate", json!("1234-ABC")),
        ("trailer_license_plate", Value::Null),
        ("subcontractor", json!(false)),
        ("package_key", json!("PKG-1")),
    ] {
        assert_eq!(leg[key], value, "{key}");
    }
    assert!(leg["package_id"].is_string());
}

#[test]
pub fn a_leg_sent_twice_with_a_movement_is_one_leg() {
    let server = Server::start();
    let leg = json!({"distance_km": 500, "load": 1000, "category": "road", "movement_id": "M-1", "shipment_date": "2025-01-01"});
    let (first, second) = (server.create(&leg), server.create(&leg));
    assert_eq!(first["id"], second["id"]);
    assert_eq!(server.get("/v1/logistics/requests").body["total"], 1);
    let loose = json!({"distance_km": 500, "load": 1000, "category": "road"});
    assert_ne!(server.create(&loose)["id"], server.create(&loose)["id"]);
    assert_eq!(server.get("/v1/logistics/requests").body["total"], 3);
}

#[test]
pub fn legs_are_listed_newest_first_in_pages() {
    let server = Server::start();
    let ids: Vec<Value> = (1..=12)
        .map(|km| server.create(&json!({"distance_km": km, "load": 1, "category": "rail"}))["id"].clone())
        .collect();
    let first = server.get("/v1/logistics/requests").body;
    assert_eq!((&first["page"], &first["size"], &first["total"]), (&json!(1), &json!(10), &json!(12)));
    let shown = |page: &Value| {
        page["items"].as_array().unwrap().iter().map(|leg| leg["id"].clone()).collect::<Vec<_>>()
    };
    let newest: Vec<Value> = ids.iter().rev().cloned().collect();
    assert_eq!(shown(&first), newest[..10]);
    assert_eq!(shown(&server.get("/v1/logistics/requests?page=2").body), newest[10..]);
    assert_eq!(shown(&server.get("/v1/logistics/requests?page=3&size=5").body), newest[10..]);
    assert_eq!(server.get("/v1/logistics/requests?page=99").body["items"], json!([]));
    for wrong in ["page=0", "size=0", "size=101", "size=ten"] {
        assert_eq!(server.get(&format!("/v1/logistics/requests?{wrong}")).status, 422, "{wrong}");
    }
}

#[test]
pub fn one_leg_and_its_receipt() {
    let server = Server::start();
    let created = server.create(&json!({
        "origin": "Madrid, Spain", "destination": "Valencia, Spain", "load": 1000, "category": "road", "cleaning": true,
    }));
    let id = created["id"].as_str().unwrap();
    let read = server.get(&format!("/v1/logistics/requests/{id}"));
    assert_eq!(read.body, created);
    let receipt = server.get(&format!("/v1/logistics/requests/{id}/receipt")).body;
    let steps = receipt["receipt"]["steps"].as_array().unwrap();
    let last = steps.last().unwrap();
    assert_eq!(last["name"], "total");
    assert_close(number(&last["result"]["value"]), number(&created["co2e"]));
    assert!(steps.iter().any(|step| step["source"].is_string()));
    assert!(receipt["route"]["distance"]["engine"].is_string());
    assert!(number(&created["breakdown"]["cleaning"]["wtw"]) > 0.0);
}

#[test]
fn tocs_are_a_bare_array_with_the_ids_that_clients_know() {
    let server = Server::start();
    let tocs = server.get("/v1/logistics/tocs").body;
    let tocs = tocs.as_array().unwrap();
    for toc in [
        "generic_average_road",
        "generic_average_rail",
        "generic_average_maritime",
        "generic_average_air",
        "truck_diesel",
        "van_diesel",
        "van_3.5_t_diesel",
        "artic_truck_diesel",
        "articulated_truck_diesel",
        "rigid_truck_diesel",
        "tank_truck_diesel",
        "van_electric",
        "general_cargo",
        "freighter",
        "rail_freight",
        "air_freight",
        "truck_articulated",
    ] {
        let item =
            tocs.iter().find(|item| item["toc"] == toc).unwrap_or_else(|| panic!("{toc} is not listed"));
        for key in ["toc", "category", "vehicle", "type", "wtw", "default_load", "location"] {
            assert!(item.get(key).is_some(), "{toc} has no {key}");
        }
    }
    let electric = tocs.iter().find(|item| item["toc"] == "van_electric").unwrap();
    assert_eq!(electric["wtw"], 0.0);
    let leg = server.create(&json!({"distance_km": 100, "load": 500, "toc": "van_electric", "origin_country": "ES", "year": 2024}));
    assert!(number(&leg["co2e"]) > 0.0);
    assert_eq!(leg["breakdown"]["transport"]["ttw"], 0.0);
}

#[test]
pub fn callers_without_a_valid_key_or_organization_are_refused() {
    let server = Server::start();
    let body = Some(r#"{"distance_km":1,"load":1,"category":"road"}"#);
    let send = |headers: &[(&str, &str)]| server.send("POST", "/v1/logistics/requests", body, headers);
    let unauthorized = |answer: Answer| {
        assert_eq!(answer.status, 401);
        assert_eq!(answer.body, json!({"detail": "Invalid API key", "code": "INVALID_API_KEY"}));
    };
    unauthorized(send(&[]));
    unauthorized(send(&[("x-organization-id", ORGANIZATION)]));
    unauthorized(send(&[("x-api-key", "sk_live_1234567890abcdef"), ("x-organization-id", ORGANIZATION)]));

    let other = "00000000-0000-4000-8000-000000000000";
    let answer = send(&[("x-api-key", KEY), ("x-organization-id", other)]);
    assert_eq!(answer.status, 404);
    let detail = format!("Organization with id=UUID('{other}') not found");
    assert_eq!(answer.body, json!({"code": "ORGANIZATION_NOT_FOUND", "detail": detail}));

    for headers in [vec![("x-api-key", KEY)], vec![("x-api-key", KEY), ("x-organization-id", "acme")]] {
        let answer = send(&headers);
        assert_eq!(answer.status, 422);
        assert_eq!(answer.body["detail"][0]["loc"], json!(["header", "x-organization-id"]));
    }
    let bearer = format!("Bearer {KEY}");
    assert_eq!(send(&[("authorization", &bearer), ("x-organization-id", ORGANIZATION)]).status, 200);
}

#[test]
fn neither_toc_nor_category_is_the_documented_error() {
    let server = Server::start();
    let answer = server.post("/v1/logistics/requests", r#"{"distance_km": 500, "load": 1000}"#);
    assert_eq!(answer.status, 422);
    let expected = json!({"detail": [{
        "loc": ["body", "category"], "msg": "Please provide a category if toc is not present", "type": "value_error",
    }]});
    assert_eq!(answer.body, expected);
}

#[test]
fn wrong_values_are_named_with_their_field() {
    let server = Server::start();
    let refused = [
        (json!({"category": "road", "load": 1}), vec!["origin", "destination"]),
        (json!({"category": "road", "origin": "Madrid"}), vec!["destination"]),
        (json!({"category": "ship", "distance_km": 1}), vec!["category"]),
        (json!({"category": "road", "distance_km": -1}), vec!["distance_km"]),
        (json!({"category": "road", "distance_km": "far"}), vec!["distance_km"]),
        (json!({"category": "road", "distance_km": 1, "load": -5}), vec!["load"]),
        (json!({"category": "road", "distance_km": 1, "load": true}), vec!["load"]),
        (json!({"category": "road", "distance_km": 1, "load_unit": "stone"}), vec!["load_unit"]),
        (json!({"category": "road", "distance_km": 1, "load_factor": 1.5}), vec!["load_factor"]),
        (json!({"category": "road", "distance_km": 1, "origin_country": "XX"}), vec!["origin_country"]),
        (json!({"category": "road", "distance_km": 1, "year": 1492}), vec!["year"]),
        (json!({"category": "road", "distance_km": 1, "year": "last"}), vec!["year"]),
        (json!({"category": "road", "distance_km": 1, "shipment_date": "25/11/2024"}), vec!["shipment_date"]),
        (json!({"category": "road", "distance_km": 1, "cleaning": "yes"}), vec!["cleaning"]),
        (json!({"category": "road", "distance_km": 1, "tkm": -1}), vec!["tkm"]),
        (json!({"category": "road", "distance_km": 1, "package_key": "P"}), vec!["movement_id"]),
        (json!({"category": "road", "distance_km": 1, "client": "x".repeat(1001)}), vec!["client"]),
        (json!({"category": "road", "distance_km": 1, "origin": 5, "load": []}), vec!["origin", "load"]),
    ];
    for (body, fields) in refused {
        let answer = server.post("/v1/logistics/requests", &body.to_string());
        assert_eq!(answer.status, 422, "{body}");
        let details =
            answer.body["detail"].as_array().unwrap_or_else(|| panic!("{body} gave {}", answer.text));
        let named: Vec<&str> = details.iter().map(|fault| fault["loc"][1].as_str().unwrap()).collect();
        assert_eq!(sorted(named), sorted(fields), "{body}");
        for fault in details {
            assert_eq!(fault["loc"][0], "body");
            assert!(fault["msg"].is_string() && fault["type"].is_string());
        }
    }
    assert_eq!(server.get("/v1/logistics/requests").body["total"], 0, "nothing refused is stored");
}

#[test]
fn bodies_that_are_no_json_object_are_refused() {
    let server = Server::start();
    for body in
        ["", "{", "[1, 2]", "null", "\"road\"", "{\"category\": \"road\",}", "{\"load\": 1e999}", "\u{0}"]
    {
        let answer = server.post("/v1/logistics/requests", body);
        assert_eq!(answer.status, 422, "{body:?} gave {}", answer.text);
        assert_eq!(answer.body["detail"][0]["loc"][0], "body", "{body:?}");
    }
    let huge = format!(r#"{{"category": "road", "client": "{}"}}"#, "x".repeat(17 * 1024 * 1024));
    let answer = server.post("/v1/logistics/requests", &huge);
    assert_eq!(answer.status, 413);
    assert_eq!(answer.body["code"], "PAYLOAD_TOO_LARGE");
}

#[test]
fn what_cannot_be_calculated_has_a_code_and_is_not_stored() {
    let server = Server::start();
    let failed = |body: Value, code: &str, named: &str| {
        let answer = server.post("/v1/logistics/requests", &body.to_string());
        assert_eq!(
            (answer.status, answer.body["code"].as_str()),
            (422, Some(code)),
            "{body} gave {}",
            answer.text
        );
        let detail = answer.body["detail"].as_str().unwrap();
        assert!(detail.contains(named), "{detail} does not name {named}");
    };
    failed(json!({"toc": "horse_cart", "distance_km": 5, "load": 1}), "NO_TOC", "horse_cart");
    failed(json!({"toc": "van_disel", "distance_km": 5, "load": 1}), "NO_TOC", "van_diesel");
    let nowhere =
        json!({"origin": "Xyzzyplugh", "destination": "Madrid, Spain", "load": 1, "category": "road"});
    failed(nowhere, "NO_DISTANCE", "Xyzzyplugh");
    let ambiguous =
        json!({"origin": "Springfield", "destination": "Chicago, IL, USA", "load": 1, "category": "air"});
    failed(ambiguous, "NO_DISTANCE", "Springfield");
    assert_eq!(server.get("/v1/logistics/requests").body["total"], 0);
}

#[test]
fn an_ambiguous_address_names_its_candidates() {
    let server = Server::start();
    let body = json!({"origin": "Springfield", "destination": "Springfield", "load": 1, "category": "road"});
    let answer = server.post("/v1/logistics/requests", &body.to_string());
    let detail = answer.body["detail"].as_str().unwrap();
    assert_eq!(answer.body["code"], "NO_DISTANCE");
    assert!(detail.contains("US") && detail.contains(" or "), "{detail}");
}

#[test]
fn unknown_legs_and_routes_are_not_found() {
    let server = Server::start();
    let unknown = "0b08bffd-a1e3-48cb-a477-aefa59131934";
    for path in
        [format!("/v1/logistics/requests/{unknown}"), format!("/v1/logistics/requests/{unknown}/receipt")]
    {
        let answer = server.get(&path);
        assert_eq!(answer.status, 404);
        assert_eq!(answer.body, json!({"code": "NOT_FOUND", "detail": "Logistics request not found"}));
    }
    let malformed = server.get("/v1/logistics/requests/not-a-uuid");
    assert_eq!(
        (malformed.status, &malformed.body["detail"][0]["loc"]),
        (422, &json!(["path", "request_id"]))
    );
    let answer = server.send("GET", "/v1/nothing", None, &authorized());
    assert_eq!((answer.status, answer.body), (404, json!({"detail": "Not Found"})));
}
