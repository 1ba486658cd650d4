//! Pictures of routes, by land, sea and air.

#![allow(clippy::unwrap_used, reason = "the helpers of tests fail loudly, as tests do")]

use emissions_core::{CountryCode, DistanceBasis, Kilometres};
use logistics_domain::calculator::RouteFound;
use logistics_domain::geography::{Coordinates, Distance, DistanceMethod, Geocoded, MatchType, Place, Via};
use proptest::prelude::*;
use route_map::{Page, svg};

fn geocoded(name: &str, lat: f64, lon: f64) -> Geocoded {
    let place = Place {
        name: name.to_owned(),
        country: CountryCode::parse("ES").unwrap(),
        admin1: None,
        coordinates: Coordinates::new(lat, lon).unwrap(),
        code: None,
    };
    Geocoded {
        place,
        match_type: MatchType::Place,
        matched: name.to_owned(),
        confidence: 1.0,
        source: "test".to_owned(),
        settled_by_hint: false,
        beaten: Vec::new(),
    }
}

fn route(
    from: (f64, f64),
    to: (f64, f64),
    geometry: Option<Vec<Vec<(f64, f64)>>>,
    via: Vec<Via>,
) -> RouteFound {
    let coordinates = |(lat, lon)| Coordinates::new(lat, lon).unwrap();
    let distance = Distance {
        km: Kilometres::new(1.0).unwrap(),
        basis: DistanceBasis::ShortestFeasible,
        method: DistanceMethod::RoadNetwork,
        confidence: 1.0,
        via,
        engine: String::new(),
        geometry: geometry
            .map(|lines| lines.into_iter().map(|line| line.into_iter().map(coordinates).collect()).collect()),
    };
    RouteFound {
        origin: geocoded("<A>", from.0, from.1),
        destination: geocoded("B & C", to.0, to.1),
        distance,
    }
}

#[test]
fn ferries_are_dashed_and_names_escaped() {
    let line = vec![(39.47, -0.38), (39.44, -0.31), (39.45, 1.0), (39.56, 2.63), (39.57, 2.65)];
    let ferry = Via::Ferry { name: "Valencia - Palma".to_owned(), km: 250.0 };
    let with = svg(&route(line[0], line[4], Some(vec![line.clone()]), vec![ferry]), "a < b", Page::Inline);
    assert!(
        with.contains("class=\"ferry\"") && with.contains("class=\"land\"") && with.contains("&lt;A&gt;"),
        "{with}"
    );
    assert!(with.contains(">Valencia - Palma</text>"), "{with}");
    assert!(with.contains("<title>a &lt; b</title>") && !with.contains("<style>"));
    let without = svg(&route(line[0], line[4], Some(vec![line]), Vec::new()), "", Page::Alone);
    assert!(!without.contains("class=\"ferry\"") && without.contains("<style>"));
    // Without a line there is a dashed one between the ends.
    assert!(
        svg(&route((0.0, 0.0), (1.0, 1.0), None, Vec::new()), "", Page::Inline).contains("class=\"ferry\"")
    );
}

#[test]
fn a_route_over_the_antimeridian_is_one_line() {
    let (japan, america) = ((35.4, 139.6), (33.7, -118.2));
    let parts =
        vec![vec![japan, (45.0, 160.0), (48.0, 180.0)], vec![(48.0, -180.0), (45.0, -150.0), america]];
    let picture = svg(&route(japan, america, Some(parts), Vec::new()), "", Page::Inline);
    let path = picture.split("class=\"route\"").nth(1).unwrap().split(" d=\"").nth(1).unwrap();
    let steps = path.split('"').next().unwrap();
    // Each part starts where the one before ended, and all go east.
    let starts: Vec<i64> = steps
        .split('M')
        .skip(1)
        .map(|part| part.split([' ', '-', 'l']).find(|n| !n.is_empty()).unwrap().parse().unwrap())
        .collect();
    assert!(
        starts.len() == 2 && (100..300).contains(&starts[0]) && (600..900).contains(&starts[1]),
        "{steps}"
    );
}

proptest! {
    #[test]
    fn every_picture_is_small(
        from in (-89.0f64..89.0, -180.0f64..180.0),
        to in (-89.0f64..89.0, -180.0f64..180.0),
        near in any::<bool>(),
    ) {
        let to = if near { ((from.0 + 0.01).min(89.0), from.1) } else { to };
        let picture = svg(&route(from, to, Some(vec![vec![from, to]]), Vec::new()), "", Page::Alone);
        prop_assert!(picture.len() < 90_000, "{} bytes", picture.len());
        prop_assert!(!picture.contains("NaN") && !picture.contains("inf"));
    }
}
