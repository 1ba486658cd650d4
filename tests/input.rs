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

#[test]
fn a_list_is_no_object() {
    let server = Server::start();
    let leg = json!({"distance_km": 1, "load": 1, "category": "road"});
    let kept = server.create(&leg);
    for (method, path, body) in [
        ("POST", "/v1/logistics/requests", json!([leg])),
        ("POST", "/v1/logistics/requests/bulk", json!([[leg]])),
        ("POST", "/v2/logistics/requests/bulk", json!([[leg]])),
        ("POST", "/v1/logistics/requests/batch-delete", json!([[kept["id"]]])),
        ("POST", "/v1/logistics/requests/bulk-delete-by-filters?category=road", json!(["0"])),
        ("POST", "/v1/logistics/recharges", json!(["x"])),
        ("POST", "/v1/logistics/recharges/bulk", json!([["x"]])),
        ("POST", "/v1/logistic-hubs", json!(["Hub"])),
        ("POST", "/v1/organizations", json!(["neu"])),
        ("POST", "/v1/api-keys", json!(["neu"])),
        ("PUT", "/v1/geocode/aliases/yard", json!([40.37, -3.63, "ES", null])),
        ("PUT", "/v1/geocode/avoided-passages", json!([["suez"]])),
        ("POST", "/api/v1/logistics/shipment", json!(["Madrid", "Sevilla", "van_diesel"])),
    ] {
        let answer = server.send(method, path, Some(&body.to_string()), &authorized());
        assert_eq!(at_fault(&answer), &json!(["body"]), "{path}");
        assert!(answer.text.contains("send a JSON object"), "{path}: {}", answer.text);
    }
    let climes =
        climes::post(&server, &format!("{}/bulk", climes::PATH), &json!([[climes::sample()]]).to_string());
    assert_eq!(climes.status, 400, "{}", climes.text);
    assert_eq!(total(&server, LIST), 1);
}

#[test]
fn a_field_of_a_wrong_type_is_named_with_its_value() {
    let server = Server::start();
    let leg = json!({"distance_km": 1, "load": 1, "category": "road"});
    let year = json!({"distance_km": 1, "load": 1, "category": "road", "year": "soon"});
    let bulk = "/v1/logistics/requests/bulk";
    for (method, path, body, field, said) in [
        ("POST", bulk, json!({"records": "x"}), json!(["records"]), "records is 'x'"),
        ("POST", bulk, json!({"records": [leg], "options": 5}), json!(["options"]), "options is 5"),
        (
            "POST",
            bulk,
            json!({"records": [leg], "options": [false]}),
            json!(["options"]),
            "options is a list",
        ),
        (
            "POST",
            bulk,
            json!({"records": [leg], "options": {"continue_on_error": "false"}}),
            json!(["options", "continue_on_error"]),
            "continue_on_error is 'false'; give true or false",
        ),
        ("POST", "/v1/logistics/recharges/bulk", json!({"records": 7}), json!(["records"]), "records is 7"),
        (
            "POST",
            "/v1/logistics/requests/batch-delete",
            json!({"request_ids": "x"}),
            json!(["request_ids"]),
            "'x'",
        ),
        (
            "POST",
            "/v1/logistics/requests/bulk-delete-by-filters?category=road",
            json!({"filter_hash": 5}),
            json!(["filter_hash"]),
            "filter_hash is 5; give text",
        ),
        (
            "PUT",
            "/v1/geocode/aliases/yard",
            json!({"lon": 1, "country": "ES"}),
            json!(["lat"]),
            "lat is missing",
        ),
        (
            "PUT",
            "/v1/geocode/aliases/yard",
            json!({"lat": "x", "lon": 1, "country": "ES"}),
            json!(["lat"]),
            "'x'",
        ),
        ("PUT", "/v1/geocode/avoided-passages", json!({"avoid": ["suez", "Styx"]}), json!(["avoid"]), "Styx"),
        ("POST", LIST, year, json!(["year"]), "year is 'soon'; give a whole number"),
        (
            "POST",
            "/v1/logistic-hubs",
            json!({"name": 5, "type": "subcontracted"}),
            json!(["name"]),
            "name is 5",
        ),
        (
            "POST",
            "/api/v1/logistics/shipment",
            json!({"load": []}),
            json!(["load"]),
            "load is a list; give a number",
        ),
    ] {
        let answer = server.send(method, path, Some(&body.to_string()), &authorized());
        let mut loc = vec![json!("body")];
        loc.extend(field.as_array().unwrap().iter().cloned());
        assert_eq!(at_fault(&answer), &json!(loc), "{path} {body}: {}", answer.text);
        assert!(answer.body["detail"][0]["msg"].as_str().unwrap().contains(said), "{body}: {}", answer.text);
    }
    let headers = [("x-api-key", crate::support::KEY), ("x-organization-id", "7")];
    let answer = server.send("GET", LIST, None, &headers);
    assert_eq!(at_fault(&answer), &json!(["header", "x-organization-id"]));
    assert!(answer.text.contains("x-organization-id is '7'; give a UUID"), "{}", answer.text);
    let nowhere = json!({"records": [{"category": "road", "load": 1}]}).to_string();
    let said = server.post(bulk, &nowhere).body["errors"][0]["error"].clone();
    assert_eq!(said, "Please provide origin and destination if distance_km is not present", "said once");
}

#[test]
fn a_default_load_is_shown_rounded() {
    let server = Server::start();
    for toc in server.get("/v1/logistics/tocs").body.as_array().unwrap() {
        if toc["default_load"].is_null() {
            continue;
        }
        let answer = server.post(LIST, &json!({"distance_km": 1, "toc": toc["toc"]}).to_string());
        let load = answer.body["load"].as_f64().unwrap();
        assert_eq!((load * 1e6).round() / 1e6, load, "{}", toc["toc"]);
    }
}

#[test]
fn only_where_the_world_is_a_country_it_is_offered() {
    let server = Server::start();
    let hub = json!({"name": "Hub", "type": "subcontracted", "country": "ES"});
    let made = server.post("/v1/logistic-hubs", &hub.to_string()).body;
    let path = format!("/v1/logistic-hubs/{}", made["id"].as_str().unwrap());
    for country in ["GLO", "XX"] {
        let body = json!({ "country": country }).to_string();
        let refused = server.send("PUT", &path, Some(&body), &authorized());
        assert_eq!(at_fault(&refused), &json!(["body", "country"]));
        assert!(!refused.text.contains("or GLO"), "{}", refused.text);
    }
    assert_eq!(server.get(&path).body["country"], "ES");
    let leg = json!({"distance_km": 1, "load": 1, "category": "road", "origin_country": "glo"});
    assert_eq!(server.create(&leg)["origin_country"], "GLO");
}

#[test]
fn brackets_are_known_on_every_list() {
    let server = Server::start();
    for name in ["A", "B"] {
        let leg = json!({
            "distance_km": 1, "load": 1, "category": "road", "movement_id": name, "package_key": name, "client": name,
            "shipment_date": "2025-03-01",
        });
        server.create(&leg);
        let category = if name == "A" { "warehouse_ambient" } else { "warehouse_mixed" };
        let hub = json!({"name": name, "type": "subcontracted", "category": category});
        assert_eq!(server.post("/v1/logistic-hubs", &hub.to_string()).status, 201);
    }
    for path in [
        "/v1/logistics/packages?movement_id[]=A",
        "/v1/logistics/packages?client[]=A",
        "/v1/logistics/packages?package_key[]=A",
        "/v1/logistic-hubs?category[]=warehouse_ambient",
        "/v1/logistic-hubs?name[]=a",
        "/v1/logistics/requests?search[]=a",
    ] {
        assert_eq!(total(&server, path), 1, "{path}");
    }
    let report =
        server.get("/v1/logistics/report?start_date[]=2025-01-01&end_date[]=2025-12-31&client[]=A").body;
    assert_eq!((&report["client"], &report["summary"]["total_items"]), (&json!("A"), &json!(1)));
    assert_eq!(server.get("/v1/logistics/requests?size[]=1").body["size"], 1);
}
