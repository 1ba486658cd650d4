//! Whatever is sent: a result, or the name of every field at fault.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use super::{PATH, sample};
use crate::support::{KEY, Server};

/// A field: its path, whether it is required, and values that it must not have.
fn fields() -> Vec<(&'static str, bool, Vec<Value>)> {
    let text =
        || vec![json!(5), json!(true), json!({}), json!([]), json!("x".repeat(1001)), json!("a\u{0}b")];
    let needed = || [text(), vec![json!(""), json!("  ")]].concat();
    let amount =
        || vec![json!(-1), json!("x"), json!(true), json!([1]), json!(1e300), json!("-0.5"), json!("inf")];
    let boolean = || vec![json!(1), json!("yes"), json!([])];
    let unit = || vec![json!("TONS"), json!("kgs"), json!(1), json!("")];
    let one_of = || vec![json!("XX"), json!(3), json!({}), json!(false)];
    vec![
        ("trip_id", true, needed()),
        ("customer_identifier", false, text()),
        ("customer_industry", true, needed()),
        ("service_type", true, one_of()),
        ("freight_segment", false, text()),
        ("load_type", false, text()),
        ("teu", false, amount()),
        ("trip_timestamp", true, amount()),
        ("shipment_weight.weight_value", true, amount()),
        ("shipment_weight.weight_unit", true, unit()),
        ("trip_weight.weight_value", true, amount()),
        ("trip_weight.weight_unit", true, unit()),
        ("address.origin_address", true, needed()),
        ("address.destination_address", true, needed()),
        ("distance.distance_travelled", true, amount()),
        ("distance.distance_unit", true, unit()),
        ("vehicle.vehicle_identifier", false, text()),
        ("vehicle.vehicle_ownership", true, needed()),
        ("vehicle.vehicle_code", true, one_of()),
        ("vehicle.vehicle_fueltype", true, one_of()),
        ("vehicle.vehicle_make", false, text()),
        ("vehicle.vehicle_name", false, text()),
        ("vehicle.vehicle_engine_type", false, text()),
        ("vehicle.vehicle_make_year", false, amount()),
        ("shipment_sequence", false, amount()),
        ("is_trip_empty", false, boolean()),
        ("customer_items_count", true, amount()),
        ("total_items_count", true, amount()),
        ("empty_distance_included", false, boolean()),
        ("country", true, [needed(), vec![json!("Atlantis"), json!("XX")]].concat()),
    ]
}

/// Puts a value into a body, or takes the field away.
fn put(body: &mut Value, path: &str, value: Option<Value>) {
    let (parent, name) = match path.split_once('.') {
        Some((parent, name)) => (&mut body[parent], name),
        None => (body, path),
    };
    let parent = parent.as_object_mut().unwrap();
    match value {
        Some(value) => parent.insert(name.to_owned(), value),
        None => parent.remove(name),
    };
}

/// What is done to each field: mostly nothing, else it is taken away (0) or given a wrong value.
fn mutations() -> impl Strategy<Value = Vec<Option<usize>>> {
    let one = prop_oneof![8 => Just(None), 1 => Just(Some(0)), 2 => (1_usize..9).prop_map(Some)];
    prop::collection::vec(one, fields().len())
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        ".{0,20}".prop_map(Into::into),
    ];
    leaf.prop_recursive(3, 20, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            prop::collection::btree_map(".{0,8}", inner, 0..4)
                .prop_map(|map| map.into_iter().collect::<serde_json::Map<_, _>>().into()),
        ]
    })
}

fn runner(cases: u32) -> TestRunner {
    TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() })
}

#[test]
fn every_wrong_field_is_named() {
    let server = Server::start();
    let fields = fields();
    let outcome = runner(400).run(&(mutations(), any::<bool>()), |(mutations, good_key)| {
        let mut body = sample();
        let mut wrong = Vec::new();
        for ((path, required, bad), mutation) in fields.iter().zip(mutations) {
            match mutation {
                None => {}
                Some(0) => {
                    put(&mut body, path, None);
                    wrong.extend(required.then_some(*path));
                }
                Some(at) => {
                    put(&mut body, path, Some(bad[at % bad.len()].clone()));
                    wrong.push(*path);
                }
            }
        }
        let headers =
            [("x-api-key", if good_key { KEY } else { "wrong" }), ("content-type", "application/json")];
        let answer = server.send("POST", PATH, Some(&body.to_string()), &headers);
        let message = answer.body["message"].as_str().unwrap_or_default();
        let expected = if !good_key {
            403
        } else if wrong.is_empty() {
            200
        } else {
            400
        };
        prop_assert_eq!(answer.status, expected, "{} gave {}", body, answer.text);
        for path in wrong.iter().filter(|_| good_key) {
            prop_assert!(message.contains(&format!("\"{path}\"")), "{} is not named in {}", path, message);
        }
        if good_key && !wrong.is_empty() {
            prop_assert_eq!(message.matches("\" ").count(), wrong.len(), "{}", message);
        }
        Ok(())
    });
    outcome.unwrap();
}

#[test]
fn any_object_gets_an_answer() {
    let server = Server::start();
    let names: Vec<&str> = fields().iter().map(|(path, ..)| path.split('.').next().unwrap_or(path)).collect();
    let entries = prop::collection::vec((prop::sample::select(names), any_json()), 0..6);
    let outcome = runner(300).run(&(entries, any::<bool>()), |(entries, from_sample)| {
        let mut body = if from_sample { sample() } else { json!({}) };
        for (name, value) in entries {
            body[name] = value;
        }
        let headers = [("x-api-key", KEY), ("content-type", "application/json")];
        let answer = server.send("POST", PATH, Some(&body.to_string()), &headers);
        prop_assert!(matches!(answer.status, 200 | 400), "{} gave {} {}", body, answer.status, answer.text);
        prop_assert_eq!(&answer.body["success"], &json!(answer.status == 200));
        prop_assert!(answer.body["message"].as_str().is_some_and(|message| !message.is_empty()));
        Ok(())
    });
    outcome.unwrap();
}
