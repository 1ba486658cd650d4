//! What the adapters make of what Nominatim and Photon said.

use logistics_domain::geography::{GeocodeError, MatchType};
use serde_json::{Value, json as value};

use crate::kit::{at, country, find, nominatim, photon, recorded, service};
use crate::server::{Reply, Server, json};

/// An answer of Nominatim in its own form, made up for the test.
fn found(name: &str, code: &str, [lat, lon]: [f64; 2], kind: &str, population: Option<u32>) -> Value {
    value!({
        "osm_type": "node", "osm_id": (lat * 1e4).abs() as u64 + 1, "lat": lat.to_string(), "lon": lon.to_string(),
        "category": "place", "type": kind, "addresstype": kind, "name": name, "display_name": name,
        "importance": 0.4, "address": { "country_code": code },
        "extratags": population.map(|people| value!({ "population": people.to_string() })),
    })
}

async fn answering(results: Vec<Value>) -> Server {
    Server::saying(json(Value::Array(results).to_string())).await
}

#[tokio::test]
async fn nominatim_finds_a_quarter_a_street_and_a_city() {
    let cases = [
        ("Monte Carlo, Monaco", "nominatim_monte_carlo", "Monte-Carlo", MatchType::Place, 0.85),
        (
            "Boulevard des Moulins 10, 98000 Monaco",
            "nominatim_street",
            "Boulevard des Moulins, Monaco",
            MatchType::Place,
            0.85,
        ),
        // The country of the same name lies in the sea.
        ("Mónaco", "nominatim_monaco", "Monaco", MatchType::Place, 0.95),
    ];
    for (text, answer, name, match_type, confidence) in cases {
        let server = Server::saying(json(recorded(answer))).await;
        let found = find(&nominatim(service(&server.url)), text, None).await.unwrap();
        assert_eq!((&*found.place.name, found.match_type, &*found.matched), (name, match_type, text));
        assert_eq!(
            (found.place.country, &*found.source),
            (country("MC"), &*format!("nominatim {}", server.url))
        );
        assert!(found.confidence >= confidence && found.confidence <= 0.95, "{text}: {}", found.confidence);
        let near = found.place.coordinates;
        assert!((near.lat() - 43.735).abs() < 0.02 && (near.lon() - 7.423).abs() < 0.02, "{text}: {near:?}");
        let asked = &server.requests()[0].target;
        assert!(asked.starts_with("/search?q=") && asked.contains("accept-language=en"), "{asked}");
    }
}

#[tokio::test]
async fn coordinates_are_kept_and_named() {
    let server = Server::saying(json(recorded("nominatim_reverse"))).await;
    let found = find(&nominatim(service(&server.url)), "43.7384, 7.4246", None).await.unwrap();
    assert_eq!((found.place.coordinates, found.match_type), (at(43.7384, 7.4246), MatchType::Coordinates));
    assert_eq!((&*found.place.name, found.place.country), ("Sainte-Dévote, Monaco", country("MC")));
    let server = Server::saying(json(recorded("nominatim_reverse_nothing"))).await;
    let nothing = find(&nominatim(service(&server.url)), "0.5, 0.5", None).await;
    assert!(matches!(nothing, Err(GeocodeError::NotFound { .. })));
}

#[tokio::test]
async fn nothing_is_not_found_and_blanks_are_not_asked() {
    let server = Server::saying(json(recorded("nominatim_nothing"))).await;
    let nominatim = nominatim(service(&server.url));
    for text in ["Atlantis", " ATLANTIS ", "  "] {
        let answer = find(&nominatim, text, None).await;
        assert_eq!(answer, Err(GeocodeError::NotFound { query: text.to_owned() }));
    }
    assert_eq!(server.count(), 1, "the second is remembered, the third is nothing to ask");
}

#[tokio::test]
async fn a_refusal_is_not_an_answer() {
    let server = Server::saying(Reply::Json(400, recorded("nominatim_bad_request"))).await;
    let answer = find(&nominatim(service(&server.url)), "Monaco", None).await;
    assert!(
        matches!(&answer, Err(GeocodeError::Unavailable { reason }) if reason.contains("'limit'")),
        "{answer:?}"
    );
}

#[tokio::test]
async fn the_larger_city_is_meant_unless_others_are_as_large() {
    let paris = [
        found("Paris", "us", [33.66, -95.56], "town", Some(24_171)),
        found("Paris", "fr", [48.85, 2.35], "city", Some(2_145_906)),
    ];
    let server = answering(paris.into()).await;
    let answer = find(&nominatim(service(&server.url)), "Paris", None).await.unwrap();
    assert_eq!((answer.place.country, answer.confidence), (country("FR"), 0.95));
    assert_eq!(answer.beaten.len(), 1);

    let springfields = [
        found("Springfield", "us", [39.80, -89.64], "city", Some(114_394)),
        found("Springfield", "us", [37.21, -93.29], "city", Some(169_176)),
    ];
    let server = answering(springfields.into()).await;
    match find(&nominatim(service(&server.url)), "Springfield", None).await {
        Err(GeocodeError::Ambiguous { candidates, .. }) => {
            assert_eq!(candidates.len(), 2);
            assert!(candidates[0].confidence < 0.5 && candidates[0].place.coordinates == at(37.21, -93.29));
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_hint_settles_but_does_not_filter() {
    let valencia = [
        found("Valencia", "ve", [10.17, -68.0], "city", Some(1_378_958)),
        found("Valencia", "es", [39.47, -0.38], "city", Some(807_693)),
    ];
    let server = answering(valencia.into()).await;
    let geocoder = nominatim(service(&server.url));
    let hinted = find(&geocoder, "Valencia", Some("ES")).await.unwrap();
    assert_eq!((hinted.place.country, hinted.settled_by_hint), (country("ES"), true));
    assert!(server.requests().iter().all(|asked| !asked.target.contains("countrycodes")));
    // Nothing in Poland: asked once more there, then the world's answer holds.
    let elsewhere = find(&geocoder, "Valencia", Some("PL")).await;
    assert!(server.requests().last().unwrap().target.contains("countrycodes=pl"));
    assert_eq!(elsewhere.map(|found| found.settled_by_hint), Ok(false));
}

#[tokio::test]
async fn a_place_in_the_hinted_country_is_found_by_a_second_question() {
    let world = value!([found("San Pedro", "py", [-24.1, -57.1], "town", Some(10_000))]).to_string();
    let spain = value!([found("San Pedro", "es", [38.7, -1.9], "village", Some(4_500))]).to_string();
    let server = Server::start(move |asked, _| {
        json(if asked.target.contains("countrycodes=es") { &*spain } else { &*world })
    })
    .await;
    let answer = find(&nominatim(service(&server.url)), "San Pedro", Some("ES")).await.unwrap();
    assert_eq!((answer.place.country, answer.settled_by_hint), (country("ES"), true));
}

#[tokio::test]
async fn regions_and_countries_are_too_large_to_send_freight_to() {
    for kind in ["state", "country"] {
        let server = answering(vec![found("Georgia", "ge", [42.3, 43.4], kind, Some(3_700_000))]).await;
        let answer = find(&nominatim(service(&server.url)), "Georgia", None).await;
        assert!(matches!(answer, Err(GeocodeError::Ambiguous { .. })), "{kind}: {answer:?}");
    }
}

#[tokio::test]
async fn places_off_the_globe_or_in_no_country_are_not_taken() {
    for (lat, lon) in [("943.1", "2.0"), ("NaN", "2.0"), ("north", "2.0"), ("48.8", "-200")] {
        let mut wrong = found("Paris", "fr", [48.0, 2.0], "city", None);
        (wrong["lat"], wrong["lon"]) = (lat.into(), lon.into());
        let server = answering(vec![wrong]).await;
        let answer = find(&nominatim(service(&server.url)), "Paris", None).await;
        assert!(matches!(answer, Err(GeocodeError::Unavailable { .. })), "{lat}: {answer:?}");
    }
    let server = answering(vec![found("Atlantic", "", [0.0, -30.0], "ocean", None)]).await;
    assert!(matches!(
        find(&nominatim(service(&server.url)), "Atlantic", None).await,
        Err(GeocodeError::NotFound { .. })
    ));
}

#[tokio::test]
async fn an_answer_that_has_nothing_of_the_question_is_not_taken() {
    let server = Server::saying(json(recorded("nominatim_monaco"))).await;
    let answer = find(&nominatim(service(&server.url)), "Zaragoza", None).await;
    assert!(matches!(answer, Err(GeocodeError::Ambiguous { .. })), "{answer:?}");
}

#[tokio::test]
async fn photon_finds_a_city() {
    let server = Server::saying(json(recorded("photon_berlin"))).await;
    let answer = find(&photon(service(&server.url)), "Berlin, Germany", Some("DE")).await.unwrap();
    assert_eq!(
        (&*answer.place.name, answer.place.country, answer.confidence),
        ("Berlin", country("DE"), 0.95)
    );
    // Longitude comes first in GeoJSON.
    assert_eq!(answer.place.coordinates, at(52.517_036_5, 13.388_859_9));
    assert_eq!((server.count(), answer.settled_by_hint), (1, false));
}

#[tokio::test]
async fn photon_may_know_the_country_by_its_own_name_only() {
    let feature = |country: &str| {
        value!({ "type": "FeatureCollection", "features": [{ "type": "Feature",
            "geometry": { "type": "Point", "coordinates": [-0.88, 41.65] },
            "properties": { "osm_type": "N", "osm_id": 7, "osm_key": "place", "osm_value": "city", "type": "city",
                "name": "Zaragoza", "countrycode": "ES", "country": country } }] })
        .to_string()
    };
    let server = Server::start(move |asked, _| {
        json(feature(if asked.target.contains("lang=en") { "Spain" } else { "España" }))
    })
    .await;
    let photon = photon(service(&server.url));
    assert_eq!(find(&photon, "Zaragoza, España", None).await.unwrap().confidence, 0.95);
    assert_eq!(server.count(), 2);
    // Half of the text means nothing to it: not taken for granted.
    assert!(matches!(find(&photon, "Zaragoza, Sinaloa", None).await, Err(GeocodeError::Ambiguous { .. })));
    // A wrong letter is forgiven, as far as it goes.
    let fuzzy = find(&photon, "Zaragosa", None).await;
    assert!(matches!(fuzzy, Ok(found) if found.match_type == MatchType::Fuzzy && found.confidence <= 0.5));
}
