use emissions_core::{Factors, Receipt};
use serde_json::{Value, json};

use super::{PATH, assert_close, get, number, post, sample, sample_with, save};
use crate::support::{ORGANIZATION, Server};

/// The `data` of the documentation's sample response, as it is printed there.
const SAMPLE_DATA: &str = r#"{
"id": 12456,
"trip_id": "TRIP-001",
"idempotency_key": "TRIP-001_1",
"trip_timestamp": 1719206400,
"trip_date": "2024-06-24T00:00:00.000Z",
"service_type": "FTL",
"freight_segment": "",
"load_type": "",
"teu": 0,
"shipment_weight_value": 2000,
"shipment_weight_unit": "KGS",
"trip_weight_value": 2200,
"trip_weight_unit": "KGS",
"origin_address": "Mumbai",
"destination_address": "Delhi",
"distance_travelled_value": 1420.5,
"distance_travelled_unit": "Kms",
"vehicle_type": "Truck",
"vehicle_identifier": "MH12AB1234",
"vehicle_ownership": "Own",
"vehicle_code": "HGV2",
"vehicle_fueltype": "Diesel",
"vehicle_make": "Tata",
"vehicle_name": "Prima",
"vehicle_engine_type": "BS6",
"vehicle_make_year": 2022,
"shipment_sequence": 1,
"is_trip_empty": false,
"customer_items_count": 10,
"total_items_count": 10,
"empty_distance_included": false,
"country": "INDIA",
"customer_id": 789,
"client_id": "client_123",
"total_emission_value": 345.12,
"total_emission_unit": "kgCO2e",
"total_activity_value": 2841000,
"total_activity_unit": "kg.km",
"well_to_tank_emission_value": 52.3,
"well_to_tank_emission_unit": "kgCO2e",
"tank_to_wheel_emission_value": 292.82,
"tank_to_wheel_emission_unit": "kgCO2e",
"emission_intensity_value": 0.1215,
"emission_intensity_unit": "kgCO2e/kg.km",
"payload_capacity": 0,
"mode_of_transport": "Road",
"createdAt": "2026-02-24T10:45:12.000Z",
"updatedAt": "2026-02-24T10:45:12.000Z"
}"#;

/// The keys of a flat object, in their order.
fn keys(object: &str) -> Vec<&str> {
    let body = object.trim().trim_start_matches('{');
    let entries = body.split(",\"").map(|entry| entry.trim().trim_start_matches('"'));
    entries.map(|entry| entry.split('"').next().unwrap()).collect()
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// The relations that hold in the documentation's sample.
fn check_arithmetic(data: &Value) {
    let activity = number(&data["shipment_weight_value"]) * number(&data["distance_travelled_value"]);
    assert_close(number(&data["total_activity_value"]), activity);
    let total = number(&data["total_emission_value"]);
    let parts = number(&data["well_to_tank_emission_value"]) + number(&data["tank_to_wheel_emission_value"]);
    assert_close(parts, total);
    assert_close(number(&data["emission_intensity_value"]), total / (activity / 1000.0));
}

#[test]
fn the_documented_request_gives_the_documented_response() {
    let server = Server::start();
    let answer = post(&server, PATH, &sample().to_string());
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(keys(&answer.text)[..2], ["success", "message"]);
    assert_eq!(
        (&answer.body["success"], &answer.body["message"]),
        (&json!(true), &json!("Logistic data saved successfully"))
    );
    let top: Vec<&String> = answer.body.as_object().unwrap().keys().collect();
    assert_eq!(top, ["data", "message", "success"]);

    let (_, data) = answer.text.split_once("\"data\":").unwrap();
    let documented: Value = serde_json::from_str(SAMPLE_DATA).unwrap();
    assert_eq!(keys(&data.replace('\n', "")), keys(&SAMPLE_DATA.replace('\n', "")));
    for (key, value) in documented.as_object().unwrap() {
        assert_eq!(kind(&answer.body["data"][key]), kind(value), "{key}");
    }
    let data = &answer.body["data"];
    assert!(data["id"].is_i64() && data["customer_id"].is_i64());
    check_arithmetic(data);
    for (key, expected) in [
        ("trip_id", json!("TRIP_1001")),
        ("idempotency_key", json!("TRIP_1001_1")),
        ("trip_timestamp", json!(1_706_745_600)),
        ("trip_date", json!("2024-02-01T00:00:00.000Z")),
        ("teu", json!(0)),
        ("total_activity_value", json!(2_800_000)),
        ("vehicle_type", json!("Truck")),
        ("mode_of_transport", json!("Road")),
        ("payload_capacity", json!(40_000)),
        ("country", json!("INDIA")),
        ("client_id", json!(ORGANIZATION)),
        ("emission_intensity_unit", json!("kgCO2e/kg.km")),
    ] {
        assert_eq!(data[key], expected, "{key}");
    }
    let created = data["createdAt"].as_str().unwrap();
    assert!(created.len() == 24 && created.ends_with('Z'), "{created}");
}

#[test]
fn the_other_documented_request_is_frozen_and_in_milliseconds() {
    let server = Server::start();
    let changes = json!({
        "load_type": "Frozen", "trip_timestamp": 1_712_090_040_000_i64, "vehicle": {"vehicle_ownership": "Own"},
        "address": {"origin_address": "Mumbai", "destination_address": "Delhi"},
    });
    let frozen = save(&server, &sample_with(&changes));
    check_arithmetic(&frozen);
    assert_eq!(
        (&frozen["trip_date"], &frozen["trip_timestamp"]),
        (&json!("2024-04-02T00:00:00.000Z"), &json!(1_712_090_040_000_i64))
    );
    let ambient = save(&server, &sample_with(&json!({"trip_id": "T2"})));
    assert_close(number(&frozen["total_emission_value"]), number(&ambient["total_emission_value"]) * 1.12);
}

#[test]
fn what_was_not_given_is_blank_or_null() {
    let server = Server::start();
    let bare = sample_with(&json!({
        "customer_identifier": null, "freight_segment": null, "load_type": null, "teu": null, "shipment_sequence": null,
        "is_trip_empty": null, "empty_distance_included": null,
        "vehicle": {
            "vehicle_identifier": null, "vehicle_make": null, "vehicle_name": null, "vehicle_engine_type": null,
            "vehicle_make_year": null, "vehicle_fueltype": ""
        },
    }));
    let data = save(&server, &bare);
    for key in [
        "freight_segment",
        "load_type",
        "vehicle_identifier",
        "vehicle_make",
        "vehicle_name",
        "vehicle_engine_type",
        "vehicle_fueltype",
    ] {
        assert_eq!(data[key], "", "{key}");
    }
    for key in ["customer_id", "teu", "shipment_sequence", "vehicle_make_year"] {
        assert_eq!(data[key], Value::Null, "{key}");
    }
    assert_eq!((&data["is_trip_empty"], &data["empty_distance_included"]), (&json!(false), &json!(false)));
    assert_eq!(data["idempotency_key"], "TRIP_1001_0");
    assert_eq!(
        data["total_emission_value"],
        save(&server, &sample())["total_emission_value"],
        "diesel is usual"
    );
}

#[test]
fn a_trip_that_comes_again_is_one_row() {
    let server = Server::start();
    let first = save(&server, &sample());
    assert_eq!(save(&server, &sample()), first, "the stored row");
    let changed = save(&server, &sample_with(&json!({"distance": {"distance_travelled": 700}})));
    assert_eq!((&changed["id"], &changed["createdAt"]), (&first["id"], &first["createdAt"]));
    assert_ne!(changed["updatedAt"], first["updatedAt"]);
    assert_close(number(&changed["total_emission_value"]) * 2.0, number(&first["total_emission_value"]));
    assert_eq!(get(&server, PATH).body["total"], 1);
    let other =
        save(&server, &sample_with(&json!({"shipment_sequence": 2, "customer_identifier": "CUST_002"})));
    assert_ne!((&other["id"], &other["customer_id"]), (&first["id"], &first["customer_id"]));
    let same_customer = save(&server, &sample_with(&json!({"shipment_sequence": 3})));
    assert_eq!(same_customer["customer_id"], first["customer_id"]);
}

#[test]
fn concurrent_twins_make_one_row() {
    let server = Server::start();
    let answers: Vec<Value> = std::thread::scope(|scope| {
        let twins: Vec<_> = (0..8).map(|_| scope.spawn(|| save(&server, &sample()))).collect();
        twins.into_iter().map(|twin| twin.join().unwrap()).collect()
    });
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    assert_eq!(server.count_rows("trips"), 1);
    assert_eq!(server.count_rows("legs"), 1);
    assert_eq!(server.count_rows("leg_results"), 1);
}

#[test]
fn countries_are_known_by_name_and_code() {
    let server = Server::start();
    let electric = |country: &str, at: usize| {
        let vehicle = json!({"vehicle_fueltype": "Electric"});
        let changes = json!({"trip_id": format!("T{at}"), "country": country, "vehicle": vehicle});
        save(&server, &sample_with(&changes))
    };
    let names = ["INDIA", "India", "IN", "IND", "ind", "Republic of India"];
    let data: Vec<Value> = names.iter().enumerate().map(|(at, name)| electric(name, at)).collect();
    for (name, data) in names.iter().zip(&data) {
        assert_eq!(
            (&data["total_emission_value"], &data["country"]),
            (&data["total_emission_value"], &json!(name))
        );
        assert_eq!(data["tank_to_wheel_emission_value"], 0, "electricity is energy provision");
    }
    let france = electric("France", 99);
    assert!(number(&france["total_emission_value"]) < number(&data[0]["total_emission_value"]) / 3.0);
}

#[test]
fn cargo_without_a_weight_takes_its_share_of_the_items() {
    let server = Server::start();
    let weightless = json!({"shipment_weight": {"weight_value": 0}});
    let answer = post(&server, PATH, &sample_with(&weightless).to_string());
    let data = &answer.body["data"];
    let share = 2400.0 * (150.0 / 220.0);
    assert_close(number(&data["total_activity_value"]), share * 1400.0);
    assert_eq!(data["shipment_weight_value"], 0);
    assert!(answer.body["message"].as_str().unwrap().contains("items' share of trip_weight"));
    let whole = save(&server, &sample_with(&json!({"trip_id": "T2"})));
    assert_close(
        number(&data["total_emission_value"]),
        number(&whole["total_emission_value"]) * share / 2000.0,
    );
    let details = &get(&server, &format!("{PATH}/{}", data["id"])).body["data"]["details"];
    assert!(details["estimated_data"].as_array().unwrap().contains(&json!("load")));

    let too_many = sample_with(&json!({"shipment_weight": {"weight_value": 0}, "customer_items_count": 300}));
    let refused = post(&server, PATH, &too_many.to_string());
    assert_eq!(refused.status, 400);
    assert!(refused.body["message"].as_str().unwrap().starts_with("\"customer_items_count\" must be"));
}

#[test]
fn an_empty_trip_has_no_activity_but_emits() {
    let server = Server::start();
    let empty = json!({
        "is_trip_empty": true, "shipment_weight": {"weight_value": 0}, "trip_weight": {"weight_value": 0},
        "customer_items_count": 0, "total_items_count": 0,
    });
    let answer = post(&server, PATH, &sample_with(&empty).to_string());
    assert_eq!(answer.status, 200, "{}", answer.text);
    let data = &answer.body["data"];
    assert_eq!((&data["total_activity_value"], &data["emission_intensity_value"]), (&json!(0), &json!(0)));
    assert_eq!((&data["distance_travelled_value"], &data["is_trip_empty"]), (&json!(1400), &json!(true)));
    assert!(number(&data["total_emission_value"]) > 0.0);
    assert!(answer.body["message"].as_str().unwrap().contains("the trip is empty"));
    let leg = &server.get("/v1/logistics/requests").body["items"][0];
    assert_eq!((&leg["tkm"], &leg["kgco2e"]), (&json!(0.0), &data["total_emission_value"]));
}

#[test]
fn containers_count_at_sea() {
    let server = Server::start();
    let by_sea = |id: &str, service: &str, kg: u32, teu: u32| {
        save(
            &server,
            &sample_with(&json!({
                "trip_id": id, "service_type": service, "teu": teu, "shipment_weight": {"weight_value": kg},
                "customer_items_count": 0, "total_items_count": 0,
                "vehicle": {"vehicle_code": "SCD", "vehicle_fueltype": "HFO"},
            })),
        )
    };
    let weighed = by_sea("A", "LCL", 20_000, 2);
    check_arithmetic(&weighed);
    assert_eq!((&weighed["mode_of_transport"], &weighed["vehicle_type"]), (&json!("Sea"), &json!("Ship")));
    let full = by_sea("B", "FCL", 8_000, 2);
    assert_eq!(full["total_emission_value"], weighed["total_emission_value"], "2 TEU of 10 t");
    assert_eq!(full["total_activity_value"], 8_000 * 1_400);
    let unweighed = by_sea("C", "", 0, 2);
    assert_eq!(unweighed["total_emission_value"], weighed["total_emission_value"]);
    assert_eq!(unweighed["total_activity_value"], 20_000 * 1_400);
}

#[test]
fn overloads_are_noted_not_refused() {
    let server = Server::start();
    let overloaded = sample_with(&json!({"vehicle": {"vehicle_code": "LCV1"}}));
    let answer = post(&server, PATH, &overloaded.to_string());
    assert_eq!(answer.status, 200);
    let message = answer.body["message"].as_str().unwrap();
    assert!(
        message.contains("note: trip_weight 2400 kg is more than the payload capacity of LCV1, 2000 kg"),
        "{message}"
    );
}

#[test]
fn trips_are_read_and_listed() {
    let server = Server::start();
    let first = save(&server, &sample());
    let train = json!({"trip_id": "T2", "trip_timestamp": 1_719_206_400, "vehicle": {"vehicle_code": "TRAIN"}, "customer_identifier": "C2"});
    let second = save(&server, &sample_with(&train));
    let one = get(&server, &format!("{PATH}/{}", first["id"]));
    assert_eq!(one.status, 200);
    let mut plain = one.body["data"].clone();
    let details = plain.as_object_mut().unwrap().remove("details").unwrap();
    assert_eq!(plain, first);
    assert_eq!(
        (&details["emission_intensity_unit"], &details["factor_country"]),
        (&json!("kgCO2e/t.km"), &json!("IN"))
    );
    for (query, ids) in [
        ("", vec![&second["id"], &first["id"]]),
        ("?size=1&page=2", vec![&first["id"]]),
        ("?trip_id=T2", vec![&second["id"]]),
        ("?customer_identifier=CUST_001", vec![&first["id"]]),
        ("?vehicle_code=TRAIN", vec![&second["id"]]),
        ("?mode_of_transport=Road", vec![&first["id"]]),
        ("?trip_date_from=2024-06-24&trip_date_until=2024-06-24", vec![&second["id"]]),
        ("?trip_date_from=2025-01-01", vec![]),
    ] {
        let page = get(&server, &format!("{PATH}{query}"));
        let found: Vec<&Value> =
            page.body["data"].as_array().unwrap().iter().map(|trip| &trip["id"]).collect();
        assert_eq!(found, ids, "{query}");
    }
}

#[test]
fn a_trip_is_a_leg_of_the_ledger() {
    let server = Server::start();
    let trip = save(&server, &sample());
    server.create(&json!({"distance_km": 1, "load": 1, "category": "road"}));
    let legs = server.get("/v1/logistics/requests?movement_id=TRIP_1001");
    assert_eq!(legs.body["total"], 1);
    let leg = &legs.body["items"][0];
    for (key, expected) in [
        ("family", json!("climes")),
        ("client", json!("CUST_001")),
        ("movement_stretch", json!("1")),
        ("vehicle_license_plate", json!("MH12AB1234")),
        ("origin_country", json!("IN")),
        ("distance_km", json!(1400.0)),
        ("load", json!(2000.0)),
        ("subcontractor", json!(false)),
        ("co2e", trip["total_emission_value"].clone()),
    ] {
        assert_eq!(leg[key], expected, "{key}");
    }
    assert_eq!(server.get("/v1/logistics/requests").body["items"][0]["family"], "dcycle");
    assert_eq!(server.get("/v1/logistics/summary").body["requests"]["count"], 2);
    assert_eq!(server.get("/v1/logistics/packages").body["total"], 0);

    let id = leg["id"].as_str().unwrap();
    let receipt = server.get(&format!("/v1/logistics/requests/{id}/receipt"));
    assert_eq!(receipt.status, 200, "{}", receipt.text);
    let receipt: Receipt = serde_json::from_value(receipt.body["receipt"].clone()).unwrap();
    receipt.verify_against(&Factors::open()).unwrap();

    let deleted =
        server.send("DELETE", &format!("/v1/logistics/requests/{id}"), None, &crate::support::authorized());
    assert!(deleted.status < 300, "{}", deleted.text);
    assert_eq!(get(&server, &format!("{PATH}/{}", trip["id"])).status, 404);
    assert_eq!(server.count_rows("trips"), 0);
    assert_ne!(save(&server, &sample())["id"], trip["id"], "numbers are never given twice");
}

#[test]
fn an_idempotency_key_in_the_header_replays_the_answer() {
    let server = Server::start();
    let headers =
        [("x-api-key", crate::support::KEY), ("content-type", "application/json"), ("idempotency-key", "K")];
    let send = |body: &Value| server.send("POST", PATH, Some(&body.to_string()), &headers);
    let first = send(&sample());
    let again = send(&sample());
    assert_eq!((again.status, &again.text), (200, &first.text));
    assert!(again.headers.iter().any(|(name, _)| name == "idempotency-replayed"));
    assert_eq!(send(&sample_with(&json!({"trip_id": "other"}))).status, 400);
}
