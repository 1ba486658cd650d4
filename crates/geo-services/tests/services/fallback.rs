//! Servers with somebody behind them.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use emissions_core::{DistanceBasis, Kilometres, Mode};
use geo_services::{FallbackDistances, FallbackGeocoder, GeocodingOrder};
use logistics_domain::geography::{
    Candidate, Distance, DistanceError, DistanceMethod, DistanceProvider, DistanceQuery, GeocodeError,
    Geocoded, Geocoder, MatchType, PlaceQuery,
};

use crate::kit::{by_road, country, distance, find, monaco, nominatim, osrm, place, recorded, service};
use crate::server::{Reply, Server, json};

/// Knows the way from everywhere but Nowhere, and every town but a few; writes down what it was asked.
#[derive(Default)]
struct Embedded {
    asked: Mutex<Vec<String>>,
}

impl Embedded {
    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

#[async_trait]
impl DistanceProvider for Embedded {
    async fn distances(&self, queries: &[DistanceQuery<'_>]) -> Vec<Result<Distance, DistanceError>> {
        let answer = |query: &DistanceQuery<'_>| {
            self.asked.lock().unwrap().push(query.mode.to_string());
            if query.origin.name == "Nowhere" {
                return Err(DistanceError::Unavailable { reason: "embedded".to_owned() });
            }
            Ok(Distance {
                km: Kilometres::new(7.0).unwrap(),
                basis: DistanceBasis::ShortestFeasible,
                method: DistanceMethod::RoadNetwork,
                confidence: 0.8,
                via: Vec::new(),
                engine: "embedded 1".to_owned(),
                geometry: None,
            })
        };
        queries.iter().map(answer).collect()
    }
}

#[async_trait]
impl Geocoder for Embedded {
    async fn geocode(&self, queries: &[PlaceQuery<'_>]) -> Vec<Result<Geocoded, GeocodeError>> {
        let answer = |query: &PlaceQuery<'_>| {
            self.asked.lock().unwrap().push(query.text.to_owned());
            let place = place("Embedded", "MC", 43.7, 7.4);
            match query.text {
                "Atlantis" | "Monaco City" => Err(GeocodeError::NotFound { query: query.text.to_owned() }),
                "Springfield" | "Monaco Port" => Err(GeocodeError::Ambiguous {
                    query: query.text.to_owned(),
                    candidates: vec![Candidate { place, confidence: 0.3 }],
                }),
                _ => Ok(Geocoded {
                    place,
                    match_type: MatchType::Place,
                    matched: query.text.to_owned(),
                    confidence: 0.8,
                    source: "embedded 1".to_owned(),
                    settled_by_hint: false,
                    beaten: Vec::new(),
                }),
            }
        };
        queries.iter().map(answer).collect()
    }
}

fn distances(url: &str) -> (Arc<Embedded>, FallbackDistances) {
    let embedded = Arc::new(Embedded::default());
    (embedded.clone(), FallbackDistances::new(Arc::new(osrm(service(url))), embedded))
}

fn geocoder(url: &str, order: GeocodingOrder) -> (Arc<Embedded>, FallbackGeocoder) {
    let embedded = Arc::new(Embedded::default());
    (embedded.clone(), FallbackGeocoder::new(Arc::new(nominatim(service(url))), embedded, order))
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9
}

#[tokio::test]
async fn while_the_server_answers_nobody_else_is_asked_about_roads() {
    let server = Server::saying(json(recorded("osrm_route"))).await;
    let (embedded, both) = distances(&server.url);
    assert_eq!(distance(&both, &monaco()).await.unwrap().km.get(), 3.957);
    assert!(embedded.asked().is_empty());
}

#[tokio::test]
async fn a_stand_in_says_that_it_is_one_and_why() {
    let server = Server::saying(Reply::Json(503, "{}".to_owned())).await;
    let (_, both) = distances(&server.url);
    let found = distance(&both, &monaco()).await.unwrap();
    let why = format!("embedded 1 (fallback: osrm {}: HTTP 503 Service Unavailable)", server.url);
    assert_eq!((found.km.get(), found.engine, found.method), (7.0, why, DistanceMethod::RoadNetwork));
    assert!(close(found.confidence, 0.72));

    let server = Server::saying(Reply::Json(400, recorded("osrm_no_segment"))).await;
    let (_, both) = distances(&server.url);
    let found = distance(&both, &monaco()).await.unwrap();
    let why = format!("embedded 1 (fallback: osrm {}: no road within 5 km of the destination)", server.url);
    assert_eq!(found.engine, why);
}

#[tokio::test]
async fn a_server_may_have_nobody_to_stand_in() {
    let (_, both) = distances("http://127.0.0.1:1");
    let (both, ends) = (both.without_stand_in(), monaco());
    assert!(matches!(distance(&both, &ends).await, Err(DistanceError::Unavailable { .. })));
    let at_sea = DistanceQuery { mode: Mode::Sea, ..by_road(&ends) };
    assert!(both.distances(&[at_sea]).await[0].is_ok());

    let (_, both) = geocoder("http://127.0.0.1:1", GeocodingOrder::ServerFirst);
    let both = both.without_stand_in();
    assert!(matches!(find(&both, "Zaragoza", None).await, Err(GeocodeError::Unavailable { .. })));
    assert!(find(&both, "ESZAZ", None).await.is_ok());
}

#[tokio::test]
async fn stand_ins_are_not_remembered() {
    let server = Server::start(|_, number| match number {
        0 => Reply::HangUp,
        _ => json(recorded("osrm_route")),
    })
    .await;
    let (_, both) = distances(&server.url);
    assert_eq!(distance(&both, &monaco()).await.unwrap().km.get(), 7.0);
    assert_eq!(distance(&both, &monaco()).await.unwrap().km.get(), 3.957);
}

#[tokio::test]
async fn where_neither_answers_the_server_is_named() {
    let (_, both) = distances("http://127.0.0.1:1");
    let ends = [place("Nowhere", "MC", 43.7, 7.4), monaco()[1].clone()];
    let answer = distance(&both, &ends).await;
    assert!(matches!(answer, Err(DistanceError::Unavailable { reason }) if reason.starts_with("osrm ")));
}

#[tokio::test]
async fn other_modes_are_not_the_servers_and_order_is_kept() {
    let server = Server::saying(json(recorded("osrm_route"))).await;
    let (embedded, both) = distances(&server.url);
    let ends = monaco();
    let modes = [Mode::Sea, Mode::Road, Mode::Air, Mode::Road, Mode::Rail];
    let queries = modes.map(|mode| DistanceQuery { mode, ..by_road(&ends) });
    let answers = both.distances(&queries).await;
    for (mode, answer) in modes.iter().zip(answers) {
        let found = answer.unwrap();
        assert_eq!(found.method == DistanceMethod::RoutingServer, *mode == Mode::Road, "{mode}");
        assert!(!found.engine.contains("fallback"), "{}", found.engine);
    }
    assert_eq!(embedded.asked(), ["sea", "air", "rail"]);
}

#[tokio::test]
async fn addresses_go_to_the_server_and_codes_and_ports_do_not() {
    let server = Server::saying(json(recorded("nominatim_monaco"))).await;
    let (embedded, both) = geocoder(&server.url, GeocodingOrder::ServerFirst);
    let query = |text, mode| PlaceQuery { text, mode, country_hint: None };
    let queries = [
        query("MCMON", Mode::Road),
        query("Monaco", Mode::Road),
        query("Monaco", Mode::Sea),
        query("NCE", Mode::Air),
        query("43.7, 7.4", Mode::Rail),
        query("Mónaco", Mode::Rail),
    ];
    let names: Vec<String> =
        both.geocode(&queries).await.into_iter().map(|answer| answer.unwrap().place.name).collect();
    assert_eq!(names, ["Embedded", "Monaco", "Embedded", "Embedded", "Embedded", "Monaco"]);
    assert_eq!((embedded.asked().len(), server.count()), (4, 2));
}

#[tokio::test]
async fn a_geocoder_that_is_away_or_finds_nothing_is_stood_in_for() {
    for (reply, reason) in [
        (Reply::Json(502, String::new()), "HTTP 502 Bad Gateway"),
        (json(recorded("nominatim_nothing")), "not found"),
    ] {
        let server = Server::saying(reply).await;
        let (_, both) = geocoder(&server.url, GeocodingOrder::ServerFirst);
        let found = find(&both, "Zaragoza", None).await.unwrap();
        assert_eq!(found.source, format!("embedded 1 (fallback: nominatim {}: {reason})", server.url));
        assert!(close(found.confidence, 0.72));
    }
}

#[tokio::test]
async fn of_two_failures_the_one_that_says_more_is_told() {
    let (_, both) = geocoder("http://127.0.0.1:1", GeocodingOrder::ServerFirst);
    assert!(matches!(find(&both, "Atlantis", None).await, Err(GeocodeError::Unavailable { .. })));
    assert!(matches!(find(&both, "Springfield", None).await, Err(GeocodeError::Ambiguous { .. })));
    let server = Server::saying(json("[]")).await;
    let (_, both) = geocoder(&server.url, GeocodingOrder::ServerFirst);
    assert!(matches!(find(&both, "Atlantis", None).await, Err(GeocodeError::NotFound { .. })));
}

#[tokio::test]
async fn the_server_may_be_asked_only_for_what_is_left() {
    let server = Server::saying(json(recorded("nominatim_monaco"))).await;
    let (_, both) = geocoder(&server.url, GeocodingOrder::OtherFirst);
    assert_eq!(find(&both, "Zaragoza", None).await.unwrap().source, "embedded 1");
    assert_eq!(server.count(), 0);
    for text in ["Monaco City", "Monaco Port"] {
        let found = find(&both, text, Some("MC")).await.unwrap();
        assert_eq!((found.place.country, found.source), (country("MC"), format!("nominatim {}", server.url)));
    }
}
