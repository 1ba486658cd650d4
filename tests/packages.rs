//! Packages, as the API's documentation shows them.

use serde_json::{Value, json};

use crate::support::{Server, authorized};

const LIST: &str = "/v1/logistics/packages";
const FIELDS: [&str; 10] = [
    "id",
    "shipment_id",
    "package_key",
    "client_billing_id",
    "weight_kg",
    "total_distance_km",
    "total_co2e",
    "status",
    "created_at",
    "updated_at",
];

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is not a number"))
}

fn assert_close(found: &Value, expected: f64) {
    let found = number(found);
    assert!((found - expected).abs() <= 2e-6, "{found} is not {expected}");
}

fn sum(legs: &[Value], field: &str) -> f64 {
    legs.iter().map(|leg| number(&leg[field])).sum()
}

fn delete(server: &Server, leg: &Value) {
    let path = format!("/v1/logistics/requests/{}", leg["id"].as_str().unwrap());
    assert_eq!(server.send("DELETE", &path, None, &authorized()).status, 204);
}

/// Tells the server where the documentation's hubs and addresses lie.
fn pin(server: &Server, names: &[(&str, f64, f64)]) {
    for (name, lat, lon) in names {
        let path = format!("/v1/geocode/aliases/{}", name.replace(' ', "%20"));
        let place = json!({"lat": lat, "lon": lon, "country": "ES"}).to_string();
        assert_eq!(server.send("PUT", &path, Some(&place), &authorized()).status, 200, "{name}");
    }
}

/// "Single Package Tracking" of the documentation.
#[test]
fn a_single_package() {
    let server = Server::start();
    pin(&server, &[("Madrid Hub", 40.38, -3.65), ("Customer Address, Madrid", 40.45, -3.69)]);
    let result = server.create(&json!({
        "origin": "Madrid Hub", "destination": "Customer Address, Madrid", "load": 5, "load_unit": "kg",
        "category": "road", "movement_id": "SHIP-2024-001", "package_key": "PKG-2024-000001", "client": "AMAZON",
        "shipment_date": "2024-11-25",
    }));
    assert_eq!(result["package_key"], "PKG-2024-000001");
    let answer = server.get(&format!("{LIST}/{}", result["package_id"].as_str().unwrap()));
    assert_eq!(answer.status, 200);
    let positions: Vec<usize> = FIELDS
        .iter()
        .chain(&["legs"])
        .map(|key| answer.text.find(&format!("\"{key}\":")).expect(key))
        .collect();
    assert!(positions.is_sorted(), "{}", answer.text);
    let package = &answer.body;
    assert_eq!(
        (&package["shipment_id"], &package["client_billing_id"]),
        (&json!("SHIP-2024-001"), &json!("AMAZON"))
    );
    assert_eq!((&package["weight_kg"], &package["status"]), (&json!(5.0), &json!("active")));
    assert_eq!(package["total_co2e"], result["co2e"]);
    let leg = &package["legs"][0];
    let names: Vec<&String> = leg.as_object().unwrap().keys().collect();
    assert_eq!(names.len(), 5);
    for key in ["id", "origin", "destination", "distance_km", "co2e"] {
        assert_eq!(leg[key], result[key], "{key}");
    }
}

/// "Multiple Packages in One Shipment" of the documentation.
#[test]
pub fn three_packages_of_one_shipment() {
    let server = Server::start();
    let address = |letter: &str| format!("Address {letter}, Madrid");
    pin(
        &server,
        &[
            ("Madrid Hub", 40.38, -3.65),
            (&address("A"), 40.45, -3.69),
            (&address("B"), 40.42, -3.7),
            (&address("C"), 40.47, -3.6),
        ],
    );
    let results: Vec<Value> = [("PKG-001", "A", 2), ("PKG-002", "B", 5), ("PKG-003", "C", 1)]
        .iter()
        .map(|(key, letter, weight)| {
            server.create(&json!({
                "origin": "Madrid Hub", "destination": address(letter), "load": weight, "load_unit": "kg",
                "category": "road", "movement_id": "SHIP-2024-100", "package_key": key, "client": "AMAZON",
            }))
        })
        .collect();
    let found = server.get(&format!("{LIST}?movement_id=SHIP-2024-100")).body;
    assert_eq!((&found["page"], &found["size"], &found["total"]), (&json!(1), &json!(10), &json!(3)));
    let items = found["items"].as_array().unwrap();
    let keys: Vec<&Value> = items.iter().map(|item| &item["package_key"]).collect();
    assert_eq!(keys, ["PKG-003", "PKG-002", "PKG-001"]);
    assert_close(&json!(sum(items, "total_co2e")), sum(&results, "co2e"));
    assert!(items.iter().all(|item| item.get("legs").is_none()), "legs come with package_key only");
    assert_eq!(items.iter().map(|item| number(&item["weight_kg"])).collect::<Vec<_>>(), [1.0, 5.0, 2.0]);
}

/// "Multi-leg Package Tracking" of the documentation.
#[test]
pub fn three_legs_of_one_package() {
    let server = Server::start();
    pin(
        &server,
        &[
            ("Madrid Hub", 40.38, -3.65),
            ("Valencia Hub", 39.43, -0.42),
            ("Barcelona Hub", 41.33, 2.12),
            ("Final Address, Barcelona", 41.4, 2.17),
        ],
    );
    let stops = ["Madrid Hub", "Valencia Hub", "Barcelona Hub", "Final Address, Barcelona"];
    let results: Vec<Value> = stops
        .windows(2)
        .map(|ends| {
            server.create(&json!({
                "origin": ends[0], "destination": ends[1], "load": 15, "load_unit": "kg", "category": "road",
                "package_key": "PKG-2024-123456", "movement_id": "SHIP-2024-001", "client": null, "shipment_date": null,
            }))
        })
        .collect();
    let item = server.get(&format!("{LIST}?movement_id=SHIP-2024-001")).body["items"][0].clone();
    assert_close(&item["total_co2e"], sum(&results, "co2e"));
    assert_close(&item["total_distance_km"], sum(&results, "distance_km"));
    assert_eq!((&item["weight_kg"], &item["client_billing_id"]), (&json!(15.0), &Value::Null));

    let with_legs = server.get(&format!("{LIST}?package_key=PKG-2024-123456")).body["items"][0].clone();
    let legs = with_legs["legs"].as_array().unwrap();
    let shown = |list: &[Value]| list.iter().map(|leg| leg["id"].clone()).collect::<Vec<_>>();
    assert_eq!(shown(legs), shown(&results));

    delete(&server, &results[1]);
    let package = server.get(&format!("{LIST}/{}", item["id"].as_str().unwrap())).body;
    assert_close(&package["total_co2e"], number(&results[0]["co2e"]) + number(&results[2]["co2e"]));
    assert!(package["updated_at"].as_str() > item["updated_at"].as_str());

    delete(&server, &results[0]);
    delete(&server, &results[2]);
    let empty = server.get(&format!("{LIST}/{}", item["id"].as_str().unwrap())).body;
    assert_eq!(
        (&empty["status"], &empty["total_co2e"], &empty["legs"]),
        (&json!("inactive"), &json!(0.0), &json!([]))
    );
    assert_eq!((&empty["weight_kg"], &empty["total_distance_km"]), (&Value::Null, &json!(0.0)));
    assert_eq!(server.get(LIST).body["total"], 1, "a package outlives its legs");
}

#[test]
pub fn packages_are_filtered_and_paged() {
    let server = Server::start();
    for (movement, key, client) in
        [("M1", "P1", "DHL"), ("M1", "P1", "SEUR"), ("M1", "P2", "DHL"), ("M2", "P1", "SEUR")]
    {
        server.create(&json!({"distance_km": 1, "load": 1, "category": "road", "movement_id": movement,
            "package_key": key, "client": client, "movement_stretch": client}));
    }
    let named = |query: &str| {
        let answer = server.get(&format!("{LIST}?{query}"));
        assert_eq!(answer.status, 200, "{query}");
        let name = |item: &Value| {
            format!("{} {}", item["shipment_id"].as_str().unwrap(), item["package_key"].as_str().unwrap())
        };
        answer.body["items"].as_array().unwrap().iter().map(name).collect::<Vec<_>>()
    };
    assert_eq!(named(""), ["M2 P1", "M1 P2", "M1 P1"]);
    assert_eq!(named("movement_id=M1"), ["M1 P2", "M1 P1"]);
    assert_eq!(named("client=SEUR"), ["M2 P1", "M1 P1"]);
    assert_eq!(named("package_key=P1"), ["M2 P1", "M1 P1"]);
    assert_eq!(named("package_key=P1&movement_id=M1&client=DHL"), ["M1 P1"]);
    assert_eq!(named("client=UPS"), [""; 0]);
    assert_eq!(named("page=2&size=2"), ["M1 P1"]);
    for wrong in ["page=0", "size=0", "size=101", "size=ten"] {
        assert_eq!(server.get(&format!("{LIST}?{wrong}")).status, 422, "{wrong}");
    }
}

#[test]
fn unknown_packages_are_not_found() {
    let server = Server::start();
    let answer = server.get(&format!("{LIST}/0b08bffd-a1e3-48cb-a477-aefa59131934"));
    assert_eq!(
        (answer.status, answer.body),
        (404, json!({"code": "NOT_FOUND", "detail": "Package not found"}))
    );
    let malformed = server.get(&format!("{LIST}/PKG-001"));
    assert_eq!(
        (malformed.status, &malformed.body["detail"][0]["loc"]),
        (422, &json!(["path", "package_id"]))
    );
}

#[test]
fn bulk_legs_add_up_in_their_packages() {
    let server = Server::start();
    let records: Vec<Value> = (0..300)
        .map(|n| {
            json!({"distance_km": f64::from(n) + 0.1, "load": 15, "category": "road", "movement_id": format!("S{}", n % 3),
                   "package_key": format!("P{}", n % 10), "movement_stage": n.to_string()})
        })
        .collect();
    let body = json!({"records": records}).to_string();
    let results = server.post("/v1/logistics/requests/bulk", &body).body["results"].clone();
    let listed = server.get(&format!("{LIST}?size=100")).body;
    assert_eq!(listed["total"], 30);
    for item in listed["items"].as_array().unwrap() {
        let of_package =
            results.as_array().unwrap().iter().filter(|result| result["package_id"] == item["id"]);
        let legs: Vec<Value> = of_package.cloned().collect();
        assert_eq!(legs.len(), 10);
        let difference = number(&item["total_co2e"]) - sum(&legs, "co2e");
        assert!(difference.abs() < 1e-5, "each leg shown is rounded to six decimals: {difference}");
    }
}
