//! The Climes freight-distance API, as its documentation shows it, against the real server.

mod bulk;
mod errors;
mod property;
mod saving;
mod table;

use serde_json::{Map, Value, json};

use crate::support::{Answer, KEY, Server};

pub const PATH: &str = "/v3/logistics/freight-distance";

/// The request of the API's documentation.
pub fn sample() -> Value {
    json!({
        "trip_id": "TRIP_1001",
        "customer_identifier": "CUST_001",
        "customer_industry": "Retail",
        "service_type": "FTL",
        "freight_segment": "Primary",
        "load_type": "General",
        "teu": 0,
        "trip_timestamp": 1_706_745_600,
        "shipment_weight": {"weight_value": 2000, "weight_unit": "KGS"},
        "trip_weight": {"weight_value": 2400, "weight_unit": "KGS"},
        "address": {"origin_address": "Mumbai, Maharashtra, India", "destination_address": "Delhi, India"},
        "distance": {"distance_travelled": 1400, "distance_unit": "Kms"},
        "vehicle": {
            "vehicle_identifier": "MH12AB1234",
            "vehicle_ownership": "Owned",
            "vehicle_code": "HGV4",
            "vehicle_fueltype": "Diesel",
            "vehicle_make": "Tata",
            "vehicle_name": "Prima",
            "vehicle_engine_type": "Diesel",
            "vehicle_make_year": 2022
        },
        "shipment_sequence": 1,
        "is_trip_empty": false,
        "customer_items_count": 150,
        "total_items_count": 220,
        "empty_distance_included": false,
        "country": "INDIA"
    })
}

/// The sample with fields of other values: objects are merged, `null` takes a field away.
pub fn sample_with(changes: &Value) -> Value {
    fn merge(into: &mut Map<String, Value>, changes: &Map<String, Value>) {
        for (name, value) in changes {
            match (into.get_mut(name), value) {
                (Some(Value::Object(into)), Value::Object(changes)) => merge(into, changes),
                (_, Value::Null) => {
                    into.remove(name);
                }
                _ => {
                    into.insert(name.clone(), value.clone());
                }
            }
        }
    }
    let mut body = sample();
    merge(body.as_object_mut().unwrap(), changes.as_object().unwrap());
    body
}

/// Posts as a client of the API does: with its key alone.
pub fn post(server: &Server, path: &str, body: &str) -> Answer {
    server.send("POST", path, Some(body), &[("x-api-key", KEY), ("content-type", "application/json")])
}

pub fn get(server: &Server, path: &str) -> Answer {
    server.send("GET", path, None, &[("x-api-key", KEY)])
}

/// Saves a trip that must be taken; answers with its data.
pub fn save(server: &Server, body: &Value) -> Value {
    let answer = post(server, PATH, &body.to_string());
    assert_eq!(answer.status, 200, "{body} gave {}", answer.text);
    assert_eq!(answer.body["success"], true);
    answer.body["data"].clone()
}

pub fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is not a number"))
}

pub fn assert_close(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-6 * expected.abs().max(1e-3), "{found} is not {expected}");
}
