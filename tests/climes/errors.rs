use serde_json::{Value, json};

use super::{PATH, get, post, sample, sample_with};
use crate::support::{Answer, KEY, Server};

/// Checks the format of the family's errors; answers with the message.
fn message(answer: &Answer, status: u16) -> String {
    assert_eq!(answer.status, status, "{}", answer.text);
    let body = answer.body.as_object().unwrap_or_else(|| panic!("{}", answer.text));
    assert_eq!(body.keys().collect::<Vec<_>>(), ["message", "success"]);
    assert_eq!(body["success"], false);
    body["message"].as_str().unwrap().to_owned()
}

#[test]
fn every_message_stands_in_one_text() {
    let server = Server::start();
    let wrong = sample_with(&json!({
        "trip_id": null, "service_type": "XYZ", "teu": -1, "shipment_weight": {"weight_value": "much"},
        "vehicle": {"vehicle_code": 5}, "country": ""
    }));
    assert_eq!(
        message(&post(&server, PATH, &wrong.to_string()), 400),
        "\"trip_id\" is required, \"service_type\" must be one of [FCL, FTL, LCL, \"\"], \"teu\" must be greater than or \
         equal to 0, \"shipment_weight.weight_value\" must be a number, \"vehicle.vehicle_code\" must be one of [SCD, LCV1, \
         HGV2, HGV4, ACF, LCV2, LCV3, ACB, HGV, TRAIN], \"country\" is not allowed to be empty"
    );
    let mut flat = sample();
    flat["vehicle"] = json!("HGV4");
    flat["address"] = json!(["Mumbai", "Delhi"]);
    flat["trip_weight"] = Value::Null;
    assert_eq!(
        message(&post(&server, PATH, &flat.to_string()), 400),
        "\"trip_weight.weight_value\" is required, \"trip_weight.weight_unit\" is required, \"address\" must be of type \
         object, \"vehicle\" must be of type object"
    );
    let hfo = sample_with(&json!({"vehicle": {"vehicle_code": "ACF", "vehicle_fueltype": "HFO"}}));
    let refused = message(&post(&server, PATH, &hfo.to_string()), 400);
    assert!(refused.contains("HFO does not drive it"), "{refused}");
    let text = sample_with(&json!({"teu": "0", "is_trip_empty": "false"}));
    assert_eq!(post(&server, PATH, &text.to_string()).status, 200, "numbers and booleans may be text");
}

#[test]
fn a_bad_key_is_forbidden() {
    let server = Server::start();
    let body = sample().to_string();
    for headers in [
        &[("content-type", "application/json")][..],
        &[("content-type", "application/json"), ("x-api-key", "wrong")],
        &[("content-type", "application/json"), ("x-api-key", "")],
    ] {
        assert!(message(&server.send("POST", PATH, Some(&body), headers), 403).starts_with("Unauthorized"));
        assert!(message(&server.send("POST", PATH, Some("{"), headers), 403).starts_with("Unauthorized"));
    }
    message(&server.send("GET", PATH, None, &[("x-api-key", "wrong")]), 403);
    assert_eq!(server.count_rows("legs"), 0);
}

#[test]
fn of_several_organizations_one_must_be_named() {
    let server = Server::start();
    let other =
        server.post("/v1/organizations", r#"{"name": "Other"}"#).body["id"].as_str().unwrap().to_owned();
    let call = |method: &str, organization: Option<&str>| {
        let mut headers = vec![("content-type", "application/json"), ("x-api-key", KEY)];
        headers.extend(organization.map(|id| ("x-organization-id", id)));
        let body = sample().to_string();
        server.send(method, PATH, Some(&body).filter(|_| method == "POST").map(String::as_str), &headers)
    };
    for method in ["GET", "POST"] {
        let said = message(&call(method, None), 400);
        assert_eq!(said, "this key works for several organizations; name one in x-organization-id");
        assert_eq!(message(&call(method, Some("7")), 400), "x-organization-id is '7'; give a UUID");
        let foreign = "00000000-0000-4000-8000-000000000000";
        assert!(message(&call(method, Some(foreign)), 404).contains(foreign));
    }
    assert_eq!(call("POST", Some(&other)).body["data"]["client_id"], other);
    assert_eq!(call("GET", Some(&other)).body["total"], 1);
    assert_eq!(call("GET", Some(crate::support::ORGANIZATION)).body["total"], 0);
}

#[test]
fn bodies_that_are_no_trips_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start_in(folder, &[("DRAY_MAX_BODY_BYTES", "100000")]);
    for (body, said) in [
        ("", "send a JSON object"),
        ("{", "not valid JSON"),
        ("[]", "\"value\" must be of type object"),
        ("null", "\"value\" must be of type object"),
        ("\"x\"", "\"value\" must be of type object"),
        ("{\"teu\": 1e999}", "not valid JSON"),
    ] {
        let found = message(&post(&server, PATH, body), 400);
        assert!(found.contains(said), "{body}: {found}");
    }
    let deep = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
    message(&post(&server, PATH, &deep), 400);
    message(&post(&server, PATH, &"x".repeat(200_000)), 413);
    let form = [("x-api-key", KEY), ("content-type", "application/x-www-form-urlencoded")];
    message(&server.send("POST", PATH, Some(&sample().to_string()), &form), 415);
}

#[test]
fn paths_and_methods_are_answered_in_the_familys_words() {
    let server = Server::start();
    let headers = [("x-api-key", KEY), ("content-type", "application/json")];
    for (method, path, status, allowed) in [
        ("PUT", PATH, 405, Some("GET, POST")),
        ("DELETE", PATH, 405, Some("GET, POST")),
        ("DELETE", "/v3/logistics/freight-distance/1", 405, Some("GET")),
        ("PATCH", "/v3/logistics/freight-distance/bulk", 405, Some("POST")),
        ("GET", "/v3/logistics/freight-distance/1", 404, None),
        ("GET", "/v3/logistics/freight-distance/x", 404, None),
        ("GET", "/v3/logistics/freight-distance/99999999999999999999", 404, None),
        ("POST", "/v3/logistics/freight", 404, None),
        ("GET", "/v3", 404, None),
        ("GET", "/v3/nothing/here", 404, None),
    ] {
        let answer = server.send(method, path, Some("{}").filter(|_| method != "GET"), &headers);
        message(&answer, status);
        let allow = answer.headers.iter().find(|(name, _)| name == "allow").map(|(_, value)| value.as_str());
        assert_eq!(allow, allowed, "{method} {path}");
    }
    assert_eq!(server.get("/nowhere").body["detail"], "Not Found", "other families keep their words");
}

#[test]
fn wrong_filters_are_named() {
    let server = Server::start();
    let answer = get(
        &server,
        &format!("{PATH}?size=1000&vehicle_code=CAR&mode_of_transport=Foot&trip_date_from=soon"),
    );
    let message = message(&answer, 400);
    for field in ["size", "vehicle_code", "mode_of_transport", "trip_date_from"] {
        assert!(message.contains(field), "{message}");
    }
}

#[test]
fn the_document_has_the_family() {
    let server = Server::start();
    let document = server.get("/openapi.json").body;
    for path in [PATH, "/v3/logistics/freight-distance/bulk", "/v3/logistics/freight-distance/{id}"] {
        assert!(document["paths"][path].is_object(), "{path}");
    }
    for (path, method, has_body) in
        [(PATH, "post", true), (PATH, "get", false), ("/v3/logistics/freight-distance/bulk", "post", true)]
    {
        let responses = &document["paths"][path][method]["responses"];
        for (status, is_there) in [("408", has_body), ("413", has_body), ("429", true), ("500", true)] {
            assert_eq!(responses[status].is_object(), is_there, "{method} {path} {status}");
        }
        assert_eq!(responses["429"]["content"], responses["400"]["content"], "{method} {path}");
    }
    let data = &document["components"]["schemas"]["FreightDistanceData"]["properties"];
    assert!(data["createdAt"].is_object() && data["total_emission_value"].is_object());
    assert_ne!(document["components"]["schemas"]["FreightDistance"]["properties"]["vehicle"], Value::Null);
}
