//! Bulk calls: every record is judged by itself, all are calculated together.

use serde_json::{Value, json};

use crate::support::Server;

fn bulk(server: &Server, records: &Value, options: &Value) -> Value {
    let body = json!({"records": records, "options": options});
    let answer = server.post("/v1/logistics/requests/bulk", &body.to_string());
    assert_eq!(answer.status, 200, "{}", answer.text);
    let answer = answer.body;
    assert_eq!(answer["success"], answer["results"].as_array().unwrap().len());
    assert_eq!(answer["failed"], answer["errors"].as_array().unwrap().len());
    answer
}

fn indexes(list: &Value) -> Vec<u64> {
    list.as_array().unwrap().iter().map(|entry| entry["index"].as_u64().unwrap()).collect()
}

#[test]
pub fn a_bad_record_costs_only_itself() {
    let server = Server::start();
    let records = json!([
        {"distance_km": 100, "load": 1000, "category": "road", "movement_id": "A", "package_key": "P"},
        {"distance_km": 100, "load": 1000},
        {"distance_km": 100, "load": -1, "category": "road", "movement_id": "C"},
        "not a leg",
        {"distance_km": 100, "load": 1000, "toc": "horse_cart", "movement_id": "E"},
        {"origin": "Xyzzyplugh", "destination": "Madrid, Spain", "load": 1, "category": "road", "movement_id": "F"},
        {"origin": "Madrid, Spain", "destination": "Sevilla, Spain", "load": 1000, "category": "rail"},
        {"distance_km": 100, "load": 1000, "category": "road", "movement_id": " A ", "package_key": "P"},
    ]);
    let answer = bulk(&server, &records, &json!({"continue_on_error": true}));
    assert_eq!((&answer["total_received"], &answer["total_processed"]), (&json!(8), &json!(8)));
    assert_eq!(indexes(&answer["results"]), [0, 6]);
    assert_eq!(indexes(&answer["errors"]), [1, 2, 3, 4, 5, 7]);
    let first = &answer["results"][0];
    assert_eq!(first["movement_id"], "A");
    assert!(first["package_id"].is_string() && first["co2e"].as_f64().unwrap() > 0.0);
    let errors: Vec<&str> =
        answer["errors"].as_array().unwrap().iter().map(|entry| entry["error"].as_str().unwrap()).collect();
    assert_eq!(errors[0], "Please provide a category if toc is not present");
    for (error, said) in
        errors.iter().zip(["", "load", "object", "NO_TOC: ", "NO_DISTANCE: ", "duplicate of record 0"])
    {
        assert!(error.contains(said), "{error} does not say {said}");
    }
    assert_eq!(server.get("/v1/logistics/requests").body["total"], 2);
}

#[test]
fn it_stops_at_the_first_error_where_it_is_told_to() {
    let server = Server::start();
    let good = |km: u32| json!({"distance_km": km, "load": 1, "category": "road"});
    let nowhere =
        json!({"origin": "Xyzzyplugh", "destination": "Madrid, Spain", "load": 1, "category": "road"});
    let records = json!([good(1), good(2), nowhere, {"load": 1}, good(5)]);
    let answer = bulk(&server, &records, &json!({"continue_on_error": false}));
    assert_eq!((&answer["total_received"], &answer["total_processed"]), (&json!(5), &json!(3)));
    assert_eq!((indexes(&answer["results"]), indexes(&answer["errors"])), (vec![0, 1], vec![2]));
    assert_eq!(server.get("/v1/logistics/requests").body["total"], 2);
}

#[test]
pub fn a_batch_sent_twice_does_not_double_the_totals() {
    let server = Server::start();
    let records: Vec<Value> = (0..500)
        .map(|n| json!({"distance_km": 100, "load": n, "category": "road", "movement_id": format!("M-{n}"), "shipment_date": "2025-01-01"}))
        .collect();
    let (first, second) =
        (bulk(&server, &json!(records), &json!({})), bulk(&server, &json!(records), &json!({})));
    assert_eq!(first["results"], second["results"]);
    assert_eq!(server.get("/v1/logistics/requests").body["total"], 500);
}

#[test]
fn the_envelope_is_checked() {
    let server = Server::start();
    let leg = json!({"distance_km": 1, "load": 1, "category": "road"});
    for body in
        [json!({}), json!({"records": []}), json!({"records": null}), json!({"records": vec![leg; 5001]})]
    {
        let answer = server.post("/v1/logistics/requests/bulk", &body.to_string());
        assert_eq!((answer.status, &answer.body["detail"][0]["loc"]), (422, &json!(["body", "records"])));
    }
    for body in ["", "[", "[]", r#"{"records": 5}"#] {
        assert_eq!(server.post("/v1/logistics/requests/bulk", body).status, 422, "{body}");
    }
}

#[test]
pub fn five_thousand_legs_with_all_fields_are_taken() {
    let server = Server::start();
    let records: Vec<Value> = (0..5000)
        .map(|n| {
            json!({
                "origin": "CALLE MAESTRO FALLA 11, SALAMANCA, 37003", "destination": "Sevilla, Spain",
                "distance_km": n, "load": 1000, "load_unit": "kg", "load_factor": 0.5, "toc": "truck_diesel",
                "category": "road", "origin_country": "ES", "year": 2024, "cleaning": false,
                "movement_id": format!("MOV-{n}"), "client": "CORREOS-EXPRESS", "shipment_date": "2024-11-25",
                "movement_stretch": "last_mile", "movement_stage": "delivery", "vehicle_license_plate": "1234-ABC",
                "trailer_license_plate": "5678-XYZ", "subcontractor": true, "hub_id": "HUB-MAD-001",
                "package_key": format!("26830007899150601{n:06}"),
            })
        })
        .collect();
    let answer = bulk(&server, &json!(records), &json!({}));
    assert_eq!(answer["success"], 5000);
}
