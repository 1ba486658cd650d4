use serde_json::{Value, json};

use super::{PATH, get, post, sample_with, save};
use crate::support::Server;

const BULK: &str = "/v3/logistics/freight-distance/bulk";

fn bulk(server: &Server, records: &Value, options: &Value) -> Value {
    let answer = post(server, BULK, &json!({"records": records, "options": options}).to_string());
    assert_eq!(answer.status, 200, "{}", answer.text);
    let data = &answer.body["data"];
    assert_eq!(data["success"], data["results"].as_array().unwrap().len());
    assert_eq!(data["failed"], data["errors"].as_array().unwrap().len());
    answer.body
}

fn indexes(list: &Value) -> Vec<u64> {
    list.as_array().unwrap().iter().map(|entry| entry["index"].as_u64().unwrap()).collect()
}

#[test]
fn a_bad_trip_costs_only_itself() {
    let server = Server::start();
    let trip = |id: &str| sample_with(&json!({"trip_id": id}));
    let cng = sample_with(&json!({"trip_id": "F", "vehicle": {"vehicle_fueltype": "CNG"}}));
    let records = json!([trip("A"), {"trip_id": "B"}, "not a trip", trip("A"), trip("E"), cng]);
    let answer = bulk(&server, &records, &json!({}));
    assert_eq!(answer["message"], "2 of 6 logistic data saved");
    let data = &answer["data"];
    assert_eq!((indexes(&data["results"]), indexes(&data["errors"])), (vec![0, 4], vec![1, 2, 3, 5]));
    assert_eq!(data["results"][0]["data"], save(&server, &trip("A")), "it is what a single call gives");
    let errors = data["errors"].as_array().unwrap();
    assert_eq!(errors[0]["trip_id"], "B");
    for (error, body) in [(&errors[0], json!({"trip_id": "B"})), (&errors[3], records[5].clone())] {
        assert_eq!(error["message"], post(&server, PATH, &body.to_string()).body["message"]);
    }
    assert_eq!(errors[1]["message"], "\"value\" must be of type object");
    assert_eq!(
        errors[2]["message"],
        "duplicate of record 0 in this batch: trip_id and shipment_sequence are the same"
    );
    assert_eq!(get(&server, PATH).body["total"], 2);
}

#[test]
fn it_stops_where_it_is_told_to() {
    let server = Server::start();
    let trip = |id: &str| sample_with(&json!({"trip_id": id}));
    let records = json!([trip("A"), {}, trip("C")]);
    let data = &bulk(&server, &records, &json!({"continue_on_error": false}))["data"];
    assert_eq!((&data["total_received"], &data["total_processed"]), (&json!(3), &json!(2)));
    assert_eq!(get(&server, PATH).body["total"], 1);
}

#[test]
fn five_thousand_trips_are_taken_once() {
    let server = Server::start();
    let records: Vec<Value> = (0..5000)
        .map(|n| {
            sample_with(&json!({"trip_id": format!("T{n}"), "customer_identifier": format!("C{}", n % 700)}))
        })
        .collect();
    let first = bulk(&server, &json!(records), &json!({}));
    assert_eq!(first["data"]["success"], 5000);
    let again = bulk(&server, &json!(records), &json!({}));
    assert_eq!(again["data"]["results"], first["data"]["results"], "the stored rows");
    assert_eq!(server.count_rows("trips"), 5000);
    assert_eq!(server.count_rows("trip_customers"), 700);
    assert_eq!(server.count_rows("leg_results"), 5000);
}

#[test]
fn the_envelope_is_checked() {
    let server = Server::start();
    for body in [json!({}), json!({"records": []}), json!({"records": vec![0; 5001]}), json!([])] {
        let answer = post(&server, BULK, &body.to_string());
        assert_eq!((answer.status, &answer.body["success"]), (400, &json!(false)), "{}", answer.text);
        assert!(answer.body["message"].is_string());
    }
}
