//! Places and distances, over HTTP.

use serde_json::{Value, json};

use crate::support::{Server, authorized};

fn near(place: &Value, lat: f64, lon: f64) {
    let (found_lat, found_lon) = (place["lat"].as_f64().unwrap(), place["lon"].as_f64().unwrap());
    assert!((found_lat - lat).abs() < 0.2 && (found_lon - lon).abs() < 0.3, "{place} is not at {lat}, {lon}");
}

#[test]
fn addresses_become_places() {
    let server = Server::start();
    for (query, country, lat, lon) in [
        ("q=CALLE%20MAESTRO%20FALLA%2011,%20SALAMANCA,%2037003&country=ES", "ES", 40.97, -5.66),
        ("q=Mumbai,%20Maharashtra,%20India", "IN", 19.07, 72.88),
        ("q=%E4%B8%8A%E6%B5%B7", "CN", 31.22, 121.46),
        ("q=ESMAD", "ES", 40.42, -3.70),
        ("q=Paris,%20TX", "US", 33.66, -95.56),
        ("q=40.4168,%20-3.7038", "ES", 40.42, -3.70),
    ] {
        let answer = server.get(&format!("/v1/geocode?{query}"));
        assert_eq!(answer.status, 200, "{query} gave {}", answer.text);
        assert_eq!(answer.body["place"]["country"], country, "{query}");
        near(&answer.body["place"], lat, lon);
        assert!(answer.body["place"]["match_type"].is_string() && answer.body["candidates"].is_array());
    }
}

#[test]
fn what_names_no_place_or_several_is_refused() {
    let server = Server::start();
    let several = server.get("/v1/geocode?q=Springfield");
    assert_eq!((several.status, &several.body["code"]), (422, &json!("NO_DISTANCE")));
    assert!(several.body["candidates"].as_array().unwrap().len() >= 2);
    let none = server.get("/v1/geocode?q=Xyzzyplugh");
    assert_eq!(
        (none.status, &none.body["code"], &none.body["candidates"]),
        (422, &json!("NO_DISTANCE"), &json!([]))
    );
    for (query, field) in
        [("", "q"), ("q=Madrid&country=XX", "country"), ("q=Madrid&category=foot", "category")]
    {
        let answer = server.get(&format!("/v1/geocode?{query}"));
        assert_eq!((answer.status, &answer.body["detail"][0]["loc"]), (422, &json!(["query", field])));
    }
}

#[test]
fn distances_by_every_mode_say_how_they_were_found() {
    let server = Server::start();
    let distance = |query: &str| {
        let answer = server.get(&format!("/v1/distance?{query}"));
        assert_eq!(answer.status, 200, "{query} gave {}", answer.text);
        answer.body
    };
    let road = distance("origin=Madrid,%20Spain&destination=Barcelona,%20Spain");
    assert!((560.0..680.0).contains(&road["distance_km"].as_f64().unwrap()));
    assert_eq!((&road["basis"], &road["method"]), (&json!("SFD"), &json!("road_network")));

    let asia = "origin=Rotterdam,%20Netherlands&destination=Singapore&category=maritime";
    let suez = distance(asia);
    let cape = distance(&format!("{asia}&avoid=suez"));
    assert!(suez["via"].to_string().contains("suez"), "{suez}");
    assert!(cape["distance_km"].as_f64().unwrap() > suez["distance_km"].as_f64().unwrap() + 3000.0);

    let air = distance("origin=Madrid,%20Spain&destination=New%20York,%20USA&category=air&geometry=true");
    assert_eq!(air["basis"], "GCD");
    assert!((5800.0..5960.0).contains(&air["distance_km"].as_f64().unwrap()), "{}", air["distance_km"]);
    assert_eq!(air["geometry"]["type"], "MultiLineString");

    let ferry = distance("origin=London,%20UK&destination=Dublin,%20Ireland");
    assert!(ferry["ferry_km"].as_f64().unwrap() > 50.0, "{ferry}");

    let wrong = server.get("/v1/distance?origin=Madrid&avoid=styx");
    assert_eq!(wrong.status, 422);
    assert_eq!(wrong.body["detail"].as_array().unwrap().len(), 2);
}

#[test]
fn a_pinned_name_is_the_place_that_it_was_pinned_to() {
    let server = Server::start();
    let pin = json!({"lat": 40.37, "lon": -3.63, "country": "ES"}).to_string();
    let put = |path: &str, body: &str| server.send("PUT", path, Some(body), &authorized());
    let pinned = put("/v1/geocode/aliases/Nave%20%20Siete", &pin);
    assert_eq!((pinned.status, &pinned.body["alias"]), (200, &json!("nave siete")));

    let leg = server.create(
        &json!({"origin": "NAVE SIETE", "destination": "Barcelona, Spain", "load": 1, "category": "road"}),
    );
    assert_eq!(leg["route"]["origin"]["match_type"], "alias");
    assert_eq!(server.get("/v1/geocode/aliases").body.as_array().unwrap().len(), 1);
    let delete = || server.send("DELETE", "/v1/geocode/aliases/nave%20siete", None, &authorized()).status;
    assert_eq!((delete(), delete()), (204, 404));
    assert_eq!(server.get("/v1/geocode?q=NAVE%20SIETE").status, 422);
    assert_eq!(put("/v1/geocode/aliases/x", r#"{"lat": 91, "lon": 0, "country": "ES"}"#).status, 422);
}

#[test]
fn an_organization_avoids_passages() {
    let server = Server::start();
    let leg = json!({"origin": "Shanghai, China", "destination": "Rotterdam, Netherlands", "load": 1, "category": "maritime"});
    let km = || server.create(&leg)["distance_km"].as_f64().unwrap();
    let before = km();
    let body = json!({"avoid": ["suez", "bab_el_mandeb"]});
    let put = server.send("PUT", "/v1/geocode/avoided-passages", Some(&body.to_string()), &authorized());
    assert_eq!((put.status, &put.body), (200, &body));
    assert!(km() > before + 3000.0);
    let wrong =
        server.send("PUT", "/v1/geocode/avoided-passages", Some(r#"{"avoid": ["styx"]}"#), &authorized());
    assert_eq!(wrong.status, 422);
}
