//! Lists of requests: their filters, and what deletes requests.

use serde_json::{Value, json};

use crate::support::{Answer, Server};

const LIST: &str = "/v1/logistics/requests";
const UNKNOWN: &str = "0b08bffd-a1e3-48cb-a477-aefa59131934";

/// Four legs that differ in all that filters look at.
fn four_legs(server: &Server) -> Vec<Value> {
    [
        json!({"distance_km": 1, "load": 1, "toc": "van_diesel", "movement_id": "MOV-1", "client": "AMAZON",
               "movement_stretch": "RECOGIDA", "shipment_date": "2024-11-24", "package_key": "PKG-A", "hub_id": "HUB-MAD-001"}),
        json!({"distance_km": 2, "load": 1, "category": "rail", "movement_id": "MOV-2", "client": "DHL",
               "shipment_date": "2024-11-25"}),
        json!({"distance_km": 3, "load": 1, "toc": "truck_diesel", "movement_id": "MOV-2", "client": "Ñandú",
               "movement_stretch": "last_mile", "shipment_date": "2024-11-26"}),
        json!({"distance_km": 4, "load": 1, "category": "air", "shipment_date": "2024-11-27"}),
    ]
    .iter()
    .map(|body| server.create(body))
    .collect()
}

/// The kilometres of the legs that a query lists, newest first.
fn listed(server: &Server, query: &str) -> Vec<u64> {
    let answer = server.get(&format!("{LIST}?{query}"));
    assert_eq!(answer.status, 200, "{query}: {}", answer.text);
    let items = answer.body["items"].as_array().unwrap();
    assert_eq!(answer.body["total"], items.len(), "{query}");
    items.iter().map(|item| item["distance_km"].as_f64().unwrap() as u64).collect()
}

fn not_found(answer: &Answer) {
    let expected = json!({"code": "NOT_FOUND", "detail": "Logistics request not found"});
    assert_eq!((answer.status, &answer.body), (404, &expected));
}

fn delete(server: &Server, id: &Value) -> Answer {
    let path = format!("{LIST}/{}", id.as_str().unwrap());
    server.send("DELETE", &path, None, &crate::support::authorized())
}

#[test]
pub fn every_filter_selects_in_both_spellings() {
    let server = Server::start();
    let legs = four_legs(&server);
    let vehicle = |toc: &str| {
        let tocs = server.get("/v1/logistics/tocs").body;
        let listed = tocs.as_array().unwrap().iter().find(|listed| listed["toc"] == toc).unwrap();
        listed["vehicle"].as_str().unwrap().to_owned()
    };
    let van = vehicle("van_diesel");
    let today = &legs[0]["created_at"].as_str().unwrap()[..10];
    let cases: Vec<(String, &[u64])> = vec![
        ("search=mov-".into(), &[3, 2, 1]),
        ("search=MOV-2".into(), &[3, 2]),
        ("search=recog".into(), &[1]),
        ("search=pkg-a".into(), &[1]),
        ("search=%25".into(), &[]),
        ("movement_id=MOV-2".into(), &[3, 2]),
        ("movement_id=mov-2".into(), &[]),
        ("client=DHL".into(), &[2]),
        ("clients[]=DHL&clients[]=AMAZON".into(), &[2, 1]),
        ("clients=DHL&client=%C3%91and%C3%BA".into(), &[3, 2]),
        ("trip_date_from=2024-11-25&trip_date_until=2024-11-26".into(), &[3, 2]),
        ("trip_date_until=2024-11-24".into(), &[1]),
        (format!("vehicle_type={van}"), &[1]),
        (format!("vehicle_type[]={van}&vehicle_type[]=zeppelin"), &[1]),
        (format!("vehicle_type={van}&toc=truck_diesel"), &[]),
        ("vehicle_type=zeppelin".into(), &[]),
        ("toc[]=TRUCK_DIESEL&toc[]=van_diesel".into(), &[3, 1]),
        ("toc=van_diesel".into(), &[1]),
        ("category=road&category=air".into(), &[4, 3, 1]),
        ("category[]=maritime".into(), &[]),
        ("status=active".into(), &[4, 3, 2, 1]),
        ("status[]=pending&status[]=error".into(), &[]),
        ("hub_id=HUB-MAD-001".into(), &[1]),
        ("package_key=PKG-A".into(), &[1]),
        (format!("created_at_from={today}"), &[4, 3, 2, 1]),
        ("created_at_until=2020-01-01".into(), &[]),
        ("created_at_to=2020-01-01".into(), &[]),
        (format!("file_id[]={UNKNOWN}"), &[]),
        (format!("uploaded_by[]={UNKNOWN}"), &[]),
        (format!("project_id={UNKNOWN}"), &[]),
        ("search=mov&category=road&client=AMAZON".into(), &[1]),
        ("search[]=recog".into(), &[1]),
        ("trip_date_from[]=2024-11-25&trip_date_until[]=2024-11-26".into(), &[3, 2]),
        ("created_at_to[]=2020-01-01".into(), &[]),
        ("client=%20&search=".into(), &[4, 3, 2, 1]),
        ("unknown=1".into(), &[4, 3, 2, 1]),
    ];
    for (query, expected) in cases {
        assert_eq!(listed(&server, &query), expected, "{query}");
    }
}

#[test]
fn wrong_filter_values_are_named_with_their_parameter() {
    let server = Server::start();
    for (query, name) in [
        ("status=done", "status"),
        ("status[]=done", "status[]"),
        ("category=ship", "category"),
        ("trip_date_from=25/11/2024", "trip_date_from"),
        ("trip_date_until=2024-02-30", "trip_date_until"),
        ("created_at_from=now", "created_at_from"),
        ("created_at_to=now", "created_at_to"),
        ("created_at_until=now", "created_at_until"),
        ("file_id[]=7", "file_id[]"),
        ("uploaded_by=me", "uploaded_by"),
        ("project_id=none", "project_id"),
    ] {
        let answer = server.get(&format!("{LIST}?{query}"));
        assert_eq!(answer.status, 422, "{query}");
        assert_eq!(answer.body["detail"][0]["loc"], json!(["query", name]), "{query}");
    }
    let answer = server.get(&format!("{LIST}?status=done&category=ship&page=0"));
    assert_eq!(answer.body["detail"].as_array().unwrap().len(), 3);
}

#[test]
fn items_have_the_fields_of_both_generations() {
    let server = Server::start();
    server.create(&json!({"distance_km": 100, "load": 1000, "category": "road", "movement_id": "M"}));
    let page = server.get(LIST).body;
    let names: Vec<&str> = page.as_object().unwrap().keys().map(String::as_str).collect();
    for key in ["page", "size", "total", "items", "filter_hash"] {
        assert!(names.contains(&key), "{key}");
    }
    let item = &page["items"][0];
    for key in [
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
        "created_at",
        "updated_at",
        "package_id",
        "package_key",
        "status",
        "movement_id",
        "client",
        "shipment_date",
        "movement_stretch",
        "movement_stage",
        "vehicle_license_plate",
        "trailer_license_plate",
        "subcontractor",
        "hub_id",
        "tkm",
        "kgco2e",
        "emission_intensity",
        "error_messages",
        "estimated_data",
        "file_name",
        "uploaded_by",
        "linked_projects",
    ] {
        assert!(item.get(key).is_some(), "{key} is not there");
    }
    assert_eq!((&item["file_name"], &item["uploaded_by"]), (&Value::Null, &Value::Null));
    assert_eq!(item["linked_projects"], json!([]));
    assert_eq!((&item["kgco2e"], &item["status"]), (&item["co2e"], &json!("active")));
}

#[test]
pub fn a_leg_is_deleted_once() {
    let server = Server::start();
    let legs = four_legs(&server);
    let answer = delete(&server, &legs[1]["id"]);
    assert_eq!((answer.status, answer.text.as_str()), (204, ""));
    not_found(&delete(&server, &legs[1]["id"]));
    not_found(&delete(&server, &json!(UNKNOWN)));
    not_found(&server.get(&format!("{LIST}/{}", legs[1]["id"].as_str().unwrap())));
    assert_eq!(listed(&server, ""), [4, 3, 1]);
    let malformed = delete(&server, &json!("not-a-uuid"));
    assert_eq!(
        (malformed.status, &malformed.body["detail"][0]["loc"]),
        (422, &json!(["path", "request_id"]))
    );
}

#[test]
pub fn a_batch_is_deleted_whole_or_not_at_all() {
    let server = Server::start();
    let legs = four_legs(&server);
    let path = format!("{LIST}/batch-delete");
    let batch = |ids: Value| server.post(&path, &json!({"request_ids": ids}).to_string());
    not_found(&batch(json!([legs[0]["id"], UNKNOWN])));
    assert_eq!(listed(&server, "").len(), 4);
    let deleted = batch(json!([legs[0]["id"], legs[2]["id"], legs[0]["id"]]));
    assert_eq!((deleted.status, deleted.text.as_str()), (204, ""));
    assert_eq!(listed(&server, ""), [4, 2]);
    not_found(&batch(json!([legs[0]["id"]])));
    for (body, loc) in [
        (json!({}), json!(["body", "request_ids"])),
        (json!({"request_ids": []}), json!(["body", "request_ids"])),
        (json!({"request_ids": null}), json!(["body", "request_ids"])),
        (json!({"request_ids": [legs[1]["id"], "seven"]}), json!(["body", "request_ids", "1"])),
        (json!({"request_ids": [7]}), json!(["body", "request_ids", "0"])),
    ] {
        let refused = server.post(&path, &body.to_string());
        assert_eq!((refused.status, &refused.body["detail"][0]["loc"]), (422, &loc), "{body}");
    }
    assert_eq!(server.post(&path, "{").status, 422);
    assert_eq!(listed(&server, ""), [4, 2]);
}

#[test]
pub fn filters_delete_what_was_listed_with_them() {
    let server = Server::start();
    let legs = four_legs(&server);
    let path = |query: &str| format!("{LIST}/bulk-delete-by-filters?{query}");
    let hash = |query: &str| server.get(&format!("{LIST}?{query}")).body["filter_hash"].clone();
    let call =
        |query: &str, hash: &Value| server.post(&path(query), &json!({"filter_hash": hash}).to_string());

    let movement = hash("movement_id=MOV-2");
    assert!(movement.as_str().unwrap().len() == 16);
    assert_ne!(movement, hash(""));
    assert_eq!(movement, hash("movement_id[]=MOV-2&page=1&size=5"));

    let other = call("movement_id=MOV-1", &movement);
    assert_eq!((other.status, &other.body["code"]), (409, &json!("CONFLICT")));
    let none = call("", &hash(""));
    assert_eq!((none.status, &none.body["detail"][0]["loc"]), (422, &json!(["query"])));
    let misspelt = call("movement_id=MOV-2&cilent=DHL", &movement);
    assert_eq!((misspelt.status, &misspelt.body["detail"][0]["loc"]), (422, &json!(["query", "cilent"])));
    let unguarded = server.post(&path("movement_id=MOV-2"), "{}");
    assert_eq!(
        (unguarded.status, &unguarded.body["detail"][0]["loc"]),
        (422, &json!(["body", "filter_hash"]))
    );
    assert_eq!(listed(&server, "").len(), 4);

    let days = "trip_date_from[]=2024-11-27&client[]=DHL&search[]=mov";
    assert_eq!(call(days, &hash(days)).body["success_count"], 0, "every filter counts in either spelling");
    assert_eq!(listed(&server, "").len(), 4);

    let deleted = call("movement_id=MOV-2", &movement);
    assert_eq!(deleted.status, 200);
    let expected = json!({
        "success_count": 2, "success_ids": [legs[2]["id"], legs[1]["id"]], "failed_count": 0, "failed_ids": [],
        "message": "2 requests deleted",
    });
    assert_eq!(deleted.body, expected);
    assert_eq!(listed(&server, ""), [4, 1]);
    assert_eq!(call("movement_id=MOV-2", &movement).body["success_count"], 0);
}

#[test]
pub fn clients_and_counts() {
    let server = Server::start();
    assert_eq!(server.get("/v1/logistics/clients").body, json!([]));
    let none = json!({"count": 0, "last_updated": null});
    let summary = server.get("/v1/logistics/summary").body;
    assert_eq!(summary, json!({"requests": none, "recharges": none, "hubs": none}));

    let legs = four_legs(&server);
    assert_eq!(server.get("/v1/logistics/clients").body, json!(["AMAZON", "DHL", "Ñandú"]));
    let requests = server.get("/v1/logistics/summary").body["requests"].clone();
    assert_eq!(requests, json!({"count": 4, "last_updated": legs[3]["updated_at"]}));
    let of_project = server.get(&format!("/v1/logistics/summary?project_id={UNKNOWN}")).body;
    assert_eq!(of_project["requests"], none);
    let wrong = server.get("/v1/logistics/summary?project_id=x");
    assert_eq!((wrong.status, &wrong.body["detail"][0]["loc"]), (422, &json!(["query", "project_id"])));

    delete(&server, &legs[1]["id"]);
    assert_eq!(server.get("/v1/logistics/clients").body, json!(["AMAZON", "Ñandú"]));
}

#[test]
fn nobody_is_served_without_a_key_or_for_another_organization() {
    let server = Server::start();
    let legs = four_legs(&server);
    let package = legs[0]["package_id"].as_str().unwrap();
    let leg = legs[0]["id"].as_str().unwrap();
    let ids = json!({"request_ids": [leg]}).to_string();
    let guard = json!({"filter_hash": "0000000000000000"}).to_string();
    let calls = [
        ("GET", LIST.to_owned(), None),
        ("DELETE", format!("{LIST}/{leg}"), None),
        ("POST", format!("{LIST}/batch-delete"), Some(ids.as_str())),
        ("POST", format!("{LIST}/bulk-delete-by-filters?client=DHL"), Some(guard.as_str())),
        ("GET", "/v1/logistics/packages".to_owned(), None),
        ("GET", format!("/v1/logistics/packages/{package}"), None),
        ("GET", "/v1/logistics/clients".to_owned(), None),
        ("GET", "/v1/logistics/summary".to_owned(), None),
    ];
    for (method, path, body) in calls {
        let answer = server.send(method, &path, body, &[("x-organization-id", crate::support::ORGANIZATION)]);
        assert_eq!(
            (answer.status, &answer.body["code"]),
            (401, &json!("INVALID_API_KEY")),
            "{method} {path}"
        );
        let other = [("x-api-key", crate::support::KEY), ("x-organization-id", UNKNOWN)];
        let answer = server.send(method, &path, body, &other);
        assert_eq!(
            (answer.status, &answer.body["code"]),
            (404, &json!("ORGANIZATION_NOT_FOUND")),
            "{method} {path}"
        );
    }
    assert_eq!(listed(&server, "").len(), 4);
}
