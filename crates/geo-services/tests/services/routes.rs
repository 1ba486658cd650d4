//! What the adapters make of what OSRM and Valhalla said.

use emissions_core::{DistanceBasis, Mode};
use logistics_domain::geography::{DistanceError, DistanceMethod, DistanceProvider, DistanceQuery};

use crate::kit::{by_road, distance, monaco, osrm, place, recorded, service, valhalla};
use crate::server::{Reply, Server, json};

#[tokio::test]
async fn osrm_measures_a_road() {
    let server = Server::saying(json(recorded("osrm_route"))).await;
    let found = distance(&osrm(service(&server.url)), &monaco()).await.unwrap();
    assert_eq!(found.km.get(), 3.957);
    assert_eq!((found.basis, found.method), (DistanceBasis::ShortestFeasible, DistanceMethod::RoutingServer));
    assert_eq!((found.confidence, found.geometry), (0.95, None));
    assert_eq!(found.engine, format!("osrm {} (driving)", server.url));
    // Longitude first.
    let asked = &server.requests()[0].target;
    assert!(asked.starts_with("/route/v1/driving/7.412600,43.731100;7.438900,43.749500?"), "{asked}");
    assert!(asked.contains("radiuses=5000%3B5000") && asked.contains("overview=false"), "{asked}");
}

#[tokio::test]
async fn both_tell_the_line_where_it_is_asked_for() {
    let (a, b) = (
        Server::saying(json(recorded("osrm_route_geojson"))).await,
        Server::saying(json(recorded("valhalla_route"))).await,
    );
    let ends = monaco();
    let query = DistanceQuery { geometry: true, ..by_road(&ends) };
    let providers: [&dyn DistanceProvider; 2] = [&osrm(service(&a.url)), &valhalla(service(&b.url))];
    for provider in providers {
        let found = provider.distances(&[query]).await.remove(0).unwrap();
        let line = found.geometry.unwrap().remove(0);
        assert!(line.len() > 50);
        assert!((line[0].lat() - 43.7312).abs() < 0.001 && (line[0].lon() - 7.4126).abs() < 0.001);
    }
    assert!(a.requests()[0].target.contains("geometries=geojson"));
}

#[tokio::test]
async fn valhalla_measures_a_road_for_trucks() {
    let server = Server::saying(json(recorded("valhalla_route"))).await;
    let found = distance(&valhalla(service(&format!("{}/maps/", server.url))), &monaco()).await.unwrap();
    assert_eq!(found.km.get(), 4.628);
    assert_eq!(found.engine, format!("valhalla {}/maps (truck)", server.url));
    let asked = &server.requests()[0];
    assert_eq!(asked.target, "/maps/route");
    let body: serde_json::Value = serde_json::from_str(&asked.body).unwrap();
    assert_eq!(body["costing"], "truck");
    assert_eq!((&body["units"], &body["directions_type"]), (&"kilometers".into(), &"none".into()));
    assert_eq!(body["locations"][0]["search_cutoff"], 5000.0);
}

#[tokio::test]
async fn what_the_servers_cannot_reach_is_no_route_and_not_asked_again() {
    let cases = [
        ("osrm_no_segment", "no road within 5 km of the destination"),
        ("valhalla_no_edges", "no road within 5 km of the origin or the destination"),
        ("valhalla_too_far", "longer than the server's limit (service_limits)"),
    ];
    for (name, expected) in cases {
        let server = Server::saying(Reply::Json(400, recorded(name))).await;
        let provider: Box<dyn DistanceProvider> = match name.starts_with("osrm") {
            true => Box::new(osrm(service(&server.url))),
            false => Box::new(valhalla(service(&server.url))),
        };
        for _ in 0..2 {
            let Err(DistanceError::NoRoute { reason, origin, .. }) = distance(&*provider, &monaco()).await
            else {
                panic!("{name} must be no route");
            };
            assert_eq!((&*reason, &*origin), (expected, "West"), "{name}");
        }
        assert_eq!(server.count(), 1, "{name}: remembered");
    }
}

#[tokio::test]
async fn a_point_moved_silently_onto_the_map_is_no_route() {
    let paris = [monaco()[0].clone(), place("Paris", "FR", 48.85, 2.35)];
    let server = Server::saying(json(recorded("osrm_silent_snap"))).await;
    let answer = distance(&osrm(service(&server.url)), &paris).await;
    assert!(
        matches!(&answer, Err(DistanceError::NoRoute { reason, .. }) if reason.contains("of the destination")),
        "{answer:?}"
    );

    let at_sea = [monaco()[0].clone(), place("Sea", "FR", 43.6, 7.3)];
    let server = Server::saying(json(recorded("valhalla_silent_snap"))).await;
    let answer = distance(&valhalla(service(&server.url)), &at_sea).await;
    assert!(
        matches!(&answer, Err(DistanceError::NoRoute { reason, .. }) if reason.contains("of the destination")),
        "{answer:?}"
    );
}

#[tokio::test]
async fn only_roads_are_asked_for() {
    let server = Server::saying(json(recorded("osrm_route"))).await;
    let (osrm, ends) = (osrm(service(&server.url)), monaco());
    for mode in [Mode::Rail, Mode::InlandWaterway, Mode::Sea, Mode::Air] {
        let query = DistanceQuery { mode, ..by_road(&ends) };
        assert!(matches!(&osrm.distances(&[query]).await[0], Err(DistanceError::NoRoute { .. })));
    }
    assert_eq!(server.count(), 0);
}

#[tokio::test]
async fn a_batch_is_answered_in_order_and_each_question_asked_once() {
    let server = Server::saying(json(recorded("osrm_route"))).await;
    let osrm = osrm(service(&server.url));
    let (near, far) = (monaco(), [monaco()[0].clone(), place("Paris", "FR", 48.85, 2.35)]);
    let answers = osrm.distances(&[by_road(&near), by_road(&far), by_road(&near)]).await;
    assert!(answers[0].is_ok() && answers[1].is_err() && answers[0] == answers[2]);
    assert_eq!(server.count(), 2);
    assert!(osrm.distances(&[]).await.is_empty());
}
