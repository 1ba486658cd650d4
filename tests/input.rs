//! What a database could not keep or look for is refused by name, and nothing beside it is.

use serde_json::{Value, json};

use crate::climes::{self, sample_with};
use crate::support::{Answer, Server, authorized};

const LIST: &str = "/v1/logistics/requests";

/// The first fault's place, of a validation error.
fn at_fault(answer: &Answer) -> &Value {
    assert_eq!(answer.status, 422, "{}", answer.text);
    &answer.body["detail"][0]["loc"]
}

/// As many characters of four bytes, none like the next: what a database packs does not get smaller.
fn long_name(length: u32) -> String {
    let letter = |n: u32| char::from_u32(0x20000 + n.wrapping_mul(7919) % 0xA000).unwrap();
    (0..length).map(letter).collect()
}

fn total(server: &Server, path: &str) -> u64 {
    let answer = server.get(path);
    assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    answer.body["total"].as_u64().unwrap()
}

#[test]
pub fn a_nul_character_in_a_query_is_named() {
    let server = Server::start();
    let days = "start_date=2025-01-01&end_date=2025-12-31";
    for (path, name) in [
        (format!("{LIST}?client=%00"), "client"),
        (format!("{LIST}?movement_id[]=a%00"), "movement_id[]"),
        (format!("{LIST}?search=%00"), "search"),
        (format!("{LIST}?package_key=a%00b"), "package_key"),
        (format!("{LIST}?hub_id=%00"), "hub_id"),
        ("/v1/logistics/packages?movement_id=%00".into(), "movement_id"),
        ("/v1/logistics/packages?client=%00".into(), "client"),
        ("/v1/logistics/packages?package_key=%00".into(), "package_key"),
        ("/v1/logistic-hubs?name=%00".into(), "name"),
        ("/v1/logistics/recharges?vehicle_license_plate=%00".into(), "vehicle_license_plate"),
        ("/v1/logistics/recharges?search=%00".into(), "search"),
        (format!("/v1/logistics/report?{days}&client=%00"), "client"),
        (format!("/api/v1/logistics/clients/report?{days}&client=%00"), "client"),
        ("/v1/geocode?q=%00".into(), "q"),
    ] {
        let answer = server.get(&path);
        assert_eq!(at_fault(&answer), &json!(["query", name]), "{path}");
        assert_eq!(answer.body["detail"].as_array().unwrap().len(), 1, "{path}: {}", answer.text);
    }
    let climes = climes::get(&server, &format!("{}?trip_id=%00", climes::PATH));
    assert_eq!(climes.status, 400, "{}", climes.text);
    assert!(climes.body["message"].as_str().unwrap().contains("trip_id"), "{}", climes.text);
}

#[test]
pub fn an_alias_is_a_name_that_can_be_kept() {
    let server = Server::start();
    let place = json!({"lat": 40.37, "lon": -3.63, "country": "ES"});
    let path = "/v1/geocode/aliases/a%00b";
    for (method, body) in [("PUT", Some(place.to_string())), ("DELETE", None)] {
        let answer = server.send(method, path, body.as_deref(), &authorized());
        assert_eq!(at_fault(&answer), &json!(["path", "alias"]), "{method}");
    }
    let named = json!({"lat": 40.37, "lon": -3.63, "country": "ES", "name": "a\u{0}b"}).to_string();
    let answer = server.send("PUT", "/v1/geocode/aliases/yard", Some(&named), &authorized());
    assert_eq!(at_fault(&answer), &json!(["body", "name"]));
}

#[test]
pub fn days_have_four_digits_of_a_year_wherever_they_are_asked_for() {
    let server = Server::start();
    for day in ["-9999-01-01", "%2B262142-12-31", "2025-1-1", "0000-01-01", "20250101", "2025-02-30"] {
        for (path, name) in [
            ("/v1/logistics/report?end_date=2025-12-31&", "start_date"),
            ("/v1/logistics/report?start_date=2025-01-01&", "end_date"),
            ("/api/v1/logistics/clients/report?client=A&end_date=2025-12-31&", "start_date"),
            ("/v1/logistics/requests?", "trip_date_from"),
            ("/v1/logistics/requests?", "created_at_to"),
            ("/v1/logistics/recharges?", "date_from"),
            ("/v1/logistics/recharges?", "date_until"),
            ("/v1/logistics/recharges?", "created_at_from"),
            ("/v1/logistics/recharges?", "created_at_to"),
        ] {
            let answer = server.get(&format!("{path}{name}={day}"));
            assert_eq!(at_fault(&answer), &json!(["query", name]), "{path}{name}={day}");
        }
        let climes = climes::get(&server, &format!("{}?trip_date_from={day}", climes::PATH));
        assert_eq!(climes.status, 400, "{day}: {}", climes.text);
    }
    for path in [
        "/v1/logistics/report?start_date=0001-01-01&end_date=9999-12-31",
        "/v1/logistics/requests?trip_date_from=0001-01-01&created_at_until=9999-12-31&created_at_from=0001-01-01",
        "/v1/logistics/recharges?date_from=0001-01-01&created_at_until=9999-12-31&created_at_from=0001-01-01",
    ] {
        let answer = server.get(path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    }
}

#[test]
pub fn a_record_with_nul_characters_costs_only_itself() {
    let server = Server::start();
    let leg = |field: &str, value: &str| {
        let mut leg = json!({"distance_km": 100, "load": 1, "category": "road", "movement_id": " M-1 "});
        leg[field] = json!(value);
        leg
    };
    let fields = [
        "movement_id",
        "load_unit",
        "category",
        "toc",
        "origin_country",
        "shipment_date",
        "client",
        "hub_id",
    ];
    let mut records: Vec<Value> = fields.iter().map(|field| leg(field, "a\u{0}b")).collect();
    records.push(leg("client", "good"));
    for path in ["/v1/logistics/requests/bulk", "/v2/logistics/requests/bulk"] {
        let answer = server.post(path, &json!({"records": records}).to_string());
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        assert_eq!((&answer.body["success"], &answer.body["failed"]), (&json!(1), &json!(fields.len())));
        assert_eq!(answer.body["results"][0]["movement_id"], "M-1");
        for (field, error) in fields.iter().zip(answer.body["errors"].as_array().unwrap()) {
            let named = if *field == "movement_id" { Value::Null } else { json!("M-1") };
            assert_eq!(error["movement_id"], named, "{error}");
            let said = error["error"].as_str().unwrap();
            assert!(said.contains(field) && !said.contains('\0'), "{error}");
        }
        if let Some(job) = answer.body["job_id"].as_str() {
            let errors = server.get(&format!("/v2/logistics/jobs/{job}/errors"));
            assert_eq!(
                (errors.status, &errors.body["total"]),
                (200, &json!(fields.len())),
                "{}",
                errors.text
            );
        }
    }
    assert_eq!(total(&server, LIST), 1);
    let unknown = json!({"distance_km": 1, "load": 1, "category": "road", "note": "a\u{0}b"}).to_string();
    let single = server.post("/v2/logistics/requests", &unknown);
    assert_eq!(single.status, 200, "what nobody reads is kept with the job as it was sent: {}", single.text);
}

#[test]
pub fn names_of_255_characters_are_kept_and_longer_ones_refused() {
    let server = Server::start();
    let (longest, too_long) = (long_name(255), long_name(256));
    let names = ["movement_id", "client", "movement_stretch", "movement_stage", "hub_id", "package_key"];
    let leg = |name: &str| {
        let mut leg = json!({"distance_km": 100, "load": 1, "category": "road"});
        names.iter().for_each(|field| leg[*field] = json!(name));
        leg
    };
    server.create(&leg(&longest));
    let refused = server.post(LIST, &leg(&too_long).to_string());
    assert_eq!((refused.status, refused.body["detail"].as_array().unwrap().len()), (422, names.len()));

    let fuels = server.get("/v1/logistics/fuels").body;
    let recharge = |plate: &str| {
        json!({
            "fuel_id": fuels["fuels"][0]["id"], "country": "ES", "date": "2025-03-01", "quantity": 1,
            "vehicle_license_plate": plate,
        })
    };
    let kept = server.post("/v1/logistics/recharges", &recharge(&longest).to_string());
    assert_eq!(kept.status, 200, "{}", kept.text);
    let refused = server.post("/v1/logistics/recharges", &recharge(&too_long).to_string());
    assert_eq!(at_fault(&refused), &json!(["body", "vehicle_license_plate"]));

    climes::save(&server, &sample_with(&json!({"trip_id": longest, "customer_identifier": longest})));
    for field in ["trip_id", "customer_identifier"] {
        let refused =
            climes::post(&server, climes::PATH, &sample_with(&json!({field: too_long})).to_string());
        let said = format!("\"{field}\" length must be less than or equal to 255 characters long");
        assert_eq!((refused.status, &refused.body["message"]), (400, &json!(said)));
    }
    let hub = |name: &str| json!({"name": name, "type": "subcontracted", "external_code": name}).to_string();
    assert_eq!(server.post("/v1/logistic-hubs", &hub(&longest)).status, 201);
    assert_eq!(at_fault(&server.post("/v1/logistic-hubs", &hub(&too_long))), &json!(["body", "name"]));
}
