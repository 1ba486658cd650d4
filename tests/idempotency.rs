//! Calls that are sent again under one `Idempotency-Key`.

use serde_json::{Value, json};

use crate::support::{Answer, KEY, ORGANIZATION, Server, authorized};

const SINGLE: &str = "/v1/logistics/requests";
const BULK: &str = "/v1/logistics/requests/bulk";

fn post(server: &Server, path: &str, key: &str, body: &Value) -> Answer {
    let headers = [
        ("x-api-key", KEY),
        ("x-organization-id", ORGANIZATION),
        ("content-type", "application/json"),
        ("idempotency-key", key),
    ];
    server.send("POST", path, Some(&body.to_string()), &headers)
}

fn leg() -> Value {
    json!({"distance_km": 500, "load": 1000, "category": "road"})
}

fn replayed(answer: &Answer) -> bool {
    answer.headers.iter().any(|(name, value)| name == "idempotency-replayed" && value == "true")
}

fn stored(server: &Server) -> u64 {
    server.get(SINGLE).body["total"].as_u64().unwrap()
}

#[test]
pub fn the_first_answer_comes_again_and_nothing_else_happens() {
    let server = Server::start();
    for (path, body) in [(SINGLE, leg()), (BULK, json!({"records": [leg(), {"load": 1}, leg()]}))] {
        let before = stored(&server);
        let first = post(&server, path, path, &body);
        assert_eq!(first.status, 200, "{}", first.text);
        assert!(!replayed(&first));
        let after = stored(&server);
        assert!(after > before);
        let again = post(&server, path, path, &body);
        assert_eq!((again.status, &again.text), (200, &first.text));
        assert!(replayed(&again));
        assert_eq!(stored(&server), after);
        assert_ne!(post(&server, path, "another key", &body).text, first.text);
    }
}

#[test]
pub fn answers_survive_kill_9() {
    let server = Server::start();
    let first = post(&server, SINGLE, "K", &leg());
    let server = server.kill_and_restart();
    let again = post(&server, SINGLE, "K", &leg());
    assert_eq!((again.text.as_str(), replayed(&again)), (first.text.as_str(), true));
    assert_eq!(stored(&server), 1);
}

#[test]
fn a_key_of_another_call_is_refused() {
    let server = Server::start();
    assert_eq!(post(&server, SINGLE, "K", &leg()).status, 200);
    let mut other = leg();
    other["load"] = json!(2);
    for (path, body) in [(SINGLE, other), (BULK, json!({"records": [leg()]}))] {
        let refused = post(&server, path, "K", &body);
        assert_eq!(
            (refused.status, &refused.body["code"]),
            (422, &json!("IDEMPOTENCY_KEY_REUSED")),
            "{path}"
        );
    }
    assert_eq!(stored(&server), 1);
    for wrong in ["", " ", &"k".repeat(256)] {
        let refused = post(&server, SINGLE, wrong, &leg());
        assert_eq!(refused.body["detail"][0]["loc"], json!(["header", "idempotency-key"]), "{wrong:?}");
    }
}

#[test]
fn a_refused_call_leaves_its_key_free() {
    let server = Server::start();
    assert_eq!(post(&server, SINGLE, "K", &json!({"load": 1})).status, 422);
    assert_eq!(post(&server, SINGLE, "K", &json!({"distance_km": 1, "toc": "horse_cart"})).status, 422);
    let mended = post(&server, SINGLE, "K", &leg());
    assert_eq!((mended.status, replayed(&mended)), (200, false));
}

#[test]
pub fn twins_that_come_at_once_make_one_effect() {
    let server = Server::start();
    let records: Vec<Value> = (0..300).map(|_| leg()).collect();
    let body = json!({"records": records});
    let answers: Vec<Answer> = std::thread::scope(|scope| {
        let call = || post(&server, BULK, "nightly", &body);
        let calls: Vec<_> = (0..6).map(|_| scope.spawn(call)).collect();
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    });
    assert!(answers.iter().all(|answer| answer.status == 200 && answer.text == answers[0].text));
    assert_eq!(answers.iter().filter(|answer| !replayed(answer)).count(), 1);
    assert_eq!(stored(&server), 300);
}

#[test]
fn a_call_without_a_key_is_done_each_time() {
    let server = Server::start();
    for _ in 0..2 {
        assert_eq!(server.send("POST", SINGLE, Some(&leg().to_string()), &authorized()).status, 200);
    }
    assert_eq!(stored(&server), 2);
}

#[test]
fn deletes_and_hubs_are_done_once_too() {
    let server = Server::start();
    let kept = post(&server, SINGLE, "L", &leg()).body;
    let (path, body) = ("/v1/logistics/requests/batch-delete", json!({"request_ids": [kept["id"]]}));
    for (again, key) in [(false, "D"), (true, "D")] {
        let deleted = post(&server, path, key, &body);
        assert_eq!((deleted.status, deleted.text.as_str(), replayed(&deleted)), (204, "", again));
    }
    assert_eq!(post(&server, path, "another key", &body).status, 404);
    assert_eq!(post(&server, path, "another key", &body).status, 404, "a refused call leaves its key free");

    let hub = json!({
        "name": "Nave", "type": "subcontracted", "category": "warehouse_ambient", "address": "Getafe, Spain",
    });
    let first = post(&server, "/v1/logistic-hubs", "H", &hub);
    let again = post(&server, "/v1/logistic-hubs", "H", &hub);
    assert_eq!((first.status, again.status, replayed(&again)), (201, 201, true), "{}", first.text);
    assert_eq!(first.text, again.text);
    assert_eq!(post(&server, "/v1/logistic-hubs", "I", &hub).status, 409);
}

#[test]
pub fn organizations_keys_and_recharges_are_done_once_too() {
    let server = Server::start();
    let organization = json!({"name": "Second"});
    let first = post(&server, "/v1/organizations", "O", &organization);
    let again = post(&server, "/v1/organizations", "O", &organization);
    assert_eq!((first.status, &again.text, replayed(&again)), (201, &first.text, true), "{}", first.text);
    assert_eq!(server.get("/v1/organizations").body["items"].as_array().unwrap().len(), 2);

    let fuel = server.get("/v1/logistics/fuels").body["fuels"][0]["id"].clone();
    let recharge = json!({
        "fuel_id": fuel, "country": "ES", "date": "2025-03-01", "quantity": 50, "vehicle_license_plate": "1234-ABC",
    });
    let kept = post(&server, "/v1/logistics/recharges", "R", &recharge);
    assert_eq!(kept.status, 200, "{}", kept.text);
    let path = "/v1/logistics/recharges/batch-delete";
    let body = json!({"recharge_ids": [kept.body["id"]]});
    for again in [false, true] {
        let deleted = post(&server, path, "D", &body);
        assert_eq!((deleted.status, deleted.text.as_str(), replayed(&deleted)), (204, "", again));
    }
    assert_eq!(post(&server, path, "another key", &body).status, 404);
}

#[test]
pub fn an_api_key_is_made_once_and_told_twice_to_who_asked_for_it() {
    let server = Server::start();
    let body = json!({"name": "nightly", "access": "admin"});
    let first = post(&server, "/v1/api-keys", "K", &body);
    assert_eq!(first.status, 201, "{}", first.text);
    let server = server.kill_and_restart();
    let again = post(&server, "/v1/api-keys", "K", &body);
    assert_eq!((again.status, &again.text, replayed(&again)), (201, &first.text, true));
    assert_eq!(
        server.get("/v1/api-keys").body["items"].as_array().unwrap().len(),
        2,
        "the first, and one more"
    );
    assert_ne!(post(&server, "/v1/api-keys", "L", &body).body["key"], first.body["key"]);

    let made = first.body["key"].as_str().unwrap();
    let with_it = [("x-api-key", made), ("x-organization-id", ORGANIZATION), ("idempotency-key", "K")];
    let other = server.send("POST", "/v1/api-keys", Some(&body.to_string()), &with_it);
    assert_eq!(
        (other.status, &other.body["code"]),
        (422, &json!("IDEMPOTENCY_KEY_REUSED")),
        "another's call"
    );
    // PostgreSQL shows bytes in hexadecimal.
    let in_hex: String = made.bytes().map(|byte| format!("{byte:02x}")).collect();
    let text = "CAST(body AS text)";
    let secret = format!("idempotency_keys WHERE {text} LIKE '%{made}%' OR {text} LIKE '%{in_hex}%'");
    assert_eq!(server.count_rows(&secret), 0, "the database has no key");
    assert!(server.count_rows("idempotency_keys") > 0);
}

/// Every POST of the document says that it takes the header, or is known to keep nothing.
#[test]
fn every_post_that_keeps_something_takes_a_key() {
    let server = Server::start();
    let document = server.get("/openapi.json").body;
    let without = document["paths"].as_object().unwrap().iter().filter(|(_, item)| {
        let parameters = item["post"]["parameters"].as_array();
        let named = parameters.is_some_and(|all| all.iter().any(|one| one["name"] == "idempotency-key"));
        item.get("post").is_some() && !named
    });
    let without: Vec<&String> = without.map(|(path, _)| path).collect();
    assert_eq!(without, ["/api/v1/logistics/shipment"]);
}
