//! What every distance must be, on places from the embedded tables.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a case that cannot be set up is a failed test")]

use std::collections::HashSet;

use emissions_core::{CountryCode, DistanceBasis, Mode};
use freight_geo::distances::EmbeddedDistances;
use freight_geo::gazetteer::terminals::{self, airports, sea_ports};
use freight_geo::routes::Routes;
use logistics_domain::geography::{
    AvoidedPassages, Coordinates, Distance, DistanceError, DistanceMethod, DistanceProvider, DistanceQuery,
    Passage, Place, Via, geodesic_km,
};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

fn place(name: &str, country: &str, lat: f64, lon: f64) -> Place {
    Place {
        name: name.to_owned(),
        country: CountryCode::parse(country).unwrap(),
        admin1: None,
        coordinates: Coordinates::new(lat, lon).unwrap(),
        code: None,
    }
}

fn madrid() -> Place {
    place("Madrid", "ES", 40.4165, -3.7026)
}

fn barcelona() -> Place {
    place("Barcelona", "ES", 41.3888, 2.159)
}

fn port(code: &str) -> Place {
    terminals::port(code).unwrap().place()
}

fn airport(code: &str) -> Place {
    terminals::airport(code).unwrap().place()
}

fn query<'a>(origin: &'a Place, destination: &'a Place, mode: Mode) -> DistanceQuery<'a> {
    DistanceQuery { origin, destination, mode, avoid: AvoidedPassages::NONE, geometry: false }
}

fn ask(origin: &Place, destination: &Place, mode: Mode) -> Result<Distance, DistanceError> {
    Routes::embedded().distance(&query(origin, destination, mode))
}

fn km(origin: &Place, destination: &Place, mode: Mode) -> f64 {
    ask(origin, destination, mode).unwrap().km.get()
}

fn avoiding(origin: &Place, destination: &Place, passages: &[Passage]) -> Distance {
    let avoid = passages.iter().copied().collect();
    Routes::embedded().distance(&DistanceQuery { avoid, ..query(origin, destination, Mode::Sea) }).unwrap()
}

fn ports_of(distance: &Distance) -> Vec<&str> {
    let name = |via: &'_ Via| matches!(via, Via::Port(_) | Via::Airport(_));
    let terminals = distance.via.iter().filter(|via| name(via));
    terminals
        .map(|via| match via {
            Via::Port(place) | Via::Airport(place) => place.code.as_deref().unwrap(),
            _ => "",
        })
        .collect()
}

fn passages_of(distance: &Distance) -> Vec<Passage> {
    let passages = distance.via.iter().filter_map(|via| match via {
        Via::Passage { passage } => Some(*passage),
        _ => None,
    });
    passages.collect()
}

#[test]
fn each_mode_between_madrid_and_barcelona() {
    let (madrid, barcelona) = (madrid(), barcelona());
    let road = ask(&madrid, &barcelona, Mode::Road).unwrap();
    assert!((600.0..640.0).contains(&road.km.get()), "{road:?}");
    assert_eq!((road.method, road.basis), (DistanceMethod::RoadNetwork, DistanceBasis::ShortestFeasible));
    assert!(road.engine.starts_with("freight-geo ") && road.engine.contains(" roads "));

    let rail = ask(&madrid, &barcelona, Mode::Rail).unwrap();
    assert_eq!(rail.method, DistanceMethod::RailEstimate);
    assert!(rail.confidence < road.confidence && (600.0..700.0).contains(&rail.km.get()));

    let water = ask(&madrid, &barcelona, Mode::InlandWaterway).unwrap();
    assert_eq!(water.method, DistanceMethod::WaterwayEstimate);
    assert!(water.confidence < rail.confidence);

    let sea = ask(&madrid, &barcelona, Mode::Sea).unwrap();
    assert_eq!((sea.method, ports_of(&sea)), (DistanceMethod::SeaNetwork, vec!["ESVLC", "ESBCN"]));
    assert!((280.0..340.0).contains(&sea.km.get()) && sea.confidence < 0.8, "{sea:?}");

    let air = ask(&madrid, &barcelona, Mode::Air).unwrap();
    assert_eq!((air.method, ports_of(&air)), (DistanceMethod::GeodesicPlus95, vec!["MAD", "BCN"]));
    assert!((575.0..585.0).contains(&air.km.get()), "{air:?}");
    assert_eq!(air.basis, DistanceBasis::GreatCirclePlus95);
}

#[test]
fn flights_are_the_geodesic_and_95_km() {
    for (origin, destination) in [("JFK", "LHR"), ("SIN", "SYD"), ("MAD", "GRU"), ("AKL", "SCL")] {
        let (origin, destination) = (airport(origin), airport(destination));
        let expected = geodesic_km(origin.coordinates, destination.coordinates) + 95.0;
        assert_eq!(km(&origin, &destination, Mode::Air), expected);
    }
}

#[test]
fn places_that_share_an_airport_have_a_flight_only_if_they_are_far_apart() {
    let error = ask(&madrid(), &place("Alcobendas", "ES", 40.5475, -3.642), Mode::Air).unwrap_err();
    assert!(matches!(error, DistanceError::NoRoute { mode: Mode::Air, .. }), "{error}");
    let (perth_side, far) =
        (place("Kalgoorlie", "AU", -30.75, 121.47), place("Leonora", "AU", -28.88, 121.33));
    assert!(km(&perth_side, &far, Mode::Air) > 150.0);
}

#[test]
fn ships_go_through_suez_unless_it_is_avoided() {
    let (rotterdam, singapore) = (port("NLRTM"), port("SGSIN"));
    let suez = ask(&rotterdam, &singapore, Mode::Sea).unwrap();
    assert!(passages_of(&suez).contains(&Passage::Suez), "{:?}", suez.via);
    assert!((15_100.0..15_700.0).contains(&suez.km.get()));
    let cape = avoiding(&rotterdam, &singapore, &[Passage::Suez]);
    assert!(passages_of(&cape).contains(&Passage::CapeOfGoodHope), "{:?}", cape.via);
    assert!((21_300.0..22_300.0).contains(&cape.km.get()), "{}", cape.km.get());
    let back = avoiding(&singapore, &rotterdam, &[Passage::Suez]);
    assert_eq!(back.km, cape.km);
    assert_eq!(passages_of(&back).into_iter().rev().collect::<Vec<_>>(), passages_of(&cape));
}

#[test]
fn every_passage_can_be_avoided() {
    let pairs = [
        ("NLRTM", "JPYOK"),
        ("USNYC", "USLAX"),
        ("ITGOA", "USNYC"),
        ("INBOM", "CNSHA"),
        ("ROCND", "GRPIR"),
        ("AEJEA", "INBOM"),
    ];
    let all = [
        Passage::BabElMandeb,
        Passage::Bering,
        Passage::Bosporus,
        Passage::Dardanelles,
        Passage::Gibraltar,
        Passage::Hormuz,
        Passage::Magellan,
        Passage::Malacca,
        Passage::Northwest,
        Passage::Panama,
        Passage::CapeOfGoodHope,
        Passage::Suez,
        Passage::Sunda,
    ];
    for (origin, destination) in pairs {
        let (origin, destination) = (port(origin), port(destination));
        let free = ask(&origin, &destination, Mode::Sea).unwrap();
        for passage in all {
            let avoid = AvoidedPassages::NONE.with(passage);
            match Routes::embedded()
                .distance(&DistanceQuery { avoid, ..query(&origin, &destination, Mode::Sea) })
            {
                Ok(distance) => {
                    assert!(!passages_of(&distance).contains(&passage), "{passage:?}: {:?}", distance.via);
                    assert!(
                        distance.km.get() > free.km.get() * 0.97,
                        "{passage:?} {origin:?} {destination:?}"
                    );
                }
                Err(DistanceError::NoRoute { reason, .. }) => assert!(reason.contains("passage"), "{reason}"),
                Err(error) => panic!("{error}"),
            }
        }
    }
}

#[test]
fn landlocked_places_have_a_sea_distance() {
    let vienna = ask(&place("Vienna", "AT", 48.2085, 16.3721), &port("SGSIN"), Mode::Sea).unwrap();
    assert!(vienna.km.get() > 10_000.0 && vienna.confidence < 0.7, "{vienna:?}");
    let chengdu = ask(&place("Chengdu", "CN", 30.6667, 104.0667), &port("DEHAM"), Mode::Sea).unwrap();
    assert!(chengdu.km.get() > 15_000.0, "{chengdu:?}");
    assert!(km(&place("Moscow", "RU", 55.7522, 37.6156), &port("FIHEL"), Mode::Sea) > 250.0);
}

#[test]
fn a_voyage_that_is_a_fraction_of_the_ways_to_its_ports_is_refused() {
    let pairs = [
        (madrid(), place("Toledo", "ES", 39.858, -4.0226)),
        (place("Vienna", "AT", 48.2085, 16.3721), place("Bratislava", "SK", 48.1482, 17.1067)),
        (place("Almaty", "KZ", 43.25, 76.92), place("Tashkent", "UZ", 41.2647, 69.2163)),
        (place("Nairobi", "KE", -1.2833, 36.8167), port("KEMBA")),
    ];
    for (origin, destination) in pairs {
        let error = ask(&origin, &destination, Mode::Sea).unwrap_err();
        let DistanceError::NoRoute { reason, .. } = error else { panic!("{error}") };
        assert!(reason.starts_with("the ports would be ") && reason.contains("UN/LOCODE"), "{reason}");
    }
    assert!(km(&port("SIKOP"), &port("ITTRS"), Mode::Sea) < 50.0, "ports that are named have their voyage");
}

#[test]
fn ferries_and_the_shuttle_are_named() {
    let (london, paris) = (place("London", "GB", 51.5085, -0.1257), place("Paris", "FR", 48.8534, 2.3488));
    let ferry = |distance: &Distance| {
        distance.via.iter().find_map(|via| match via {
            Via::Ferry { name, km } => Some((name.clone(), *km)),
            _ => None,
        })
    };
    let road = ask(&london, &paris, Mode::Road).unwrap();
    let (name, km) = ferry(&road).unwrap();
    assert!(name.starts_with("Folkestone") || name.starts_with("Dover"), "{name}");
    assert!((40.0..60.0).contains(&km));
    assert!(ferry(&ask(&paris, &london, Mode::Road).unwrap()).unwrap().0.starts_with("Calais"));
    let rail = ask(&london, &paris, Mode::Rail).unwrap();
    assert_eq!(ferry(&rail).unwrap().0, "Folkestone - Calais-Coquelles");
}

#[test]
fn a_road_across_an_ocean_is_refused() {
    for mode in [Mode::Road, Mode::Rail, Mode::InlandWaterway] {
        let error = ask(&madrid(), &place("New York", "US", 40.7143, -74.006), mode).unwrap_err();
        assert!(
            error.to_string().starts_with(&format!("there is no {mode} route from Madrid to New York: no ")),
            "{error}"
        );
    }
}

#[test]
fn water_between_two_networks_is_not_crossed_by_estimate() {
    let (honolulu, hilo) =
        (place("Honolulu", "US", 21.3069, -157.8583), place("Hilo", "US", 19.7297, -155.09));
    let (bari, cagliari) = (place("Bari", "IT", 41.1177, 16.8512), place("Cagliari", "IT", 39.2305, 9.1192));
    let palma = place("Palma", "ES", 39.5694, 2.6502);
    for (origin, destination, mode) in [
        (&honolulu, &hilo, Mode::Road),
        (&honolulu, &hilo, Mode::Rail),
        (&barcelona(), &palma, Mode::Rail),
        (&barcelona(), &palma, Mode::InlandWaterway),
        (&bari, &cagliari, Mode::Rail),
    ] {
        let error = ask(origin, destination, mode).unwrap_err().to_string();
        assert!(error.contains("is known to join them"), "{error}");
    }
    let ferry = ask(&barcelona(), &palma, Mode::Road).unwrap();
    assert!(matches!(&ferry.via[..], [Via::Ferry { .. }]), "{ferry:?}");
}

#[test]
fn places_off_the_network_are_estimated() {
    let (nuuk, sisimiut) =
        (place("Nuuk", "GL", 64.1835, -51.7216), place("Sisimiut", "GL", 66.9395, -53.6735));
    assert_eq!(ask(&nuuk, &sisimiut, Mode::Road).unwrap().method, DistanceMethod::Circuity);
    let (tokyo, sapporo) = (place("Tokyo", "JP", 35.6895, 139.6917), place("Sapporo", "JP", 43.0667, 141.35));
    let rail = ask(&tokyo, &sapporo, Mode::Rail).unwrap();
    assert!(rail.confidence < 0.3, "the Seikan tunnel is not in the network: {rail:?}");
}

#[test]
fn local_trips_are_continuous_and_never_nothing() {
    let origin = madrid();
    let at = |km: f64| place("there", "ES", 40.4165 + km / 111.2, -3.7026);
    let mut before = 0.0;
    for step in 1..=120 {
        let now = km(&origin, &at(f64::from(step) * 0.25), Mode::Road);
        assert!(
            now >= f64::from(step) * 0.249 && (now - before).abs() < 6.0,
            "step {step}: {before} then {now}"
        );
        before = now;
    }
    let neighbour = place("Another warehouse", "ES", 40.4165, -3.7026);
    assert_eq!(km(&origin, &neighbour, Mode::Road), 0.5);
    assert_eq!(km(&origin, &origin, Mode::Road), 0.0);
}

#[test]
fn geometry_joins_the_ends_and_is_as_long_as_the_distance() {
    let (yokohama, los_angeles) = (port("JPYOK"), port("USLAX"));
    let asked = DistanceQuery { geometry: true, ..query(&yokohama, &los_angeles, Mode::Sea) };
    let sea = Routes::embedded().distance(&asked).unwrap();
    let lines = sea.geometry.unwrap();
    assert_eq!(lines.len(), 2, "one part on each side of the antimeridian");
    assert_eq!(lines[0][0], yokohama.coordinates);
    assert_eq!(lines[1].last(), Some(&los_angeles.coordinates));

    let (madrid, barcelona) = (madrid(), barcelona());
    let asked = DistanceQuery { geometry: true, ..query(&madrid, &barcelona, Mode::Road) };
    let road = Routes::embedded().distance(&asked).unwrap();
    let line = road.geometry.unwrap().concat();
    let drawn: f64 = line.windows(2).map(|pair| geodesic_km(pair[0], pair[1])).sum();
    assert_eq!((line[0], *line.last().unwrap()), (madrid.coordinates, barcelona.coordinates));
    assert!((0.85..1.05).contains(&(drawn / road.km.get())), "{drawn} of {}", road.km.get());
}

#[tokio::test]
async fn a_batch_gives_the_answers_of_single_questions_in_order() {
    let towns: Vec<Place> =
        airports().iter().filter(|airport| airport.country.as_str() == "FR").map(|a| a.place()).collect();
    let mut queries = Vec::new();
    for (at, origin) in towns.iter().enumerate() {
        for destination in [&towns[(at + 7) % towns.len()], &towns[at / 2]] {
            queries.push(query(origin, destination, Mode::Road));
            queries.push(query(origin, destination, Mode::Air));
        }
    }
    let provider = EmbeddedDistances::default();
    let answers = provider.distances(&queries).await;
    for (query, answer) in queries.iter().zip(&answers) {
        assert_eq!(answer, &Routes::embedded().distance(query));
    }
    assert_eq!(provider.distances(&queries).await, answers);
    assert!(provider.distances(&[]).await.is_empty());
}

fn any_airport() -> impl Strategy<Value = Place> {
    (0..airports().len()).prop_map(|at| airports()[at].place())
}

fn any_port() -> impl Strategy<Value = Place> {
    let codes: HashSet<&str> = sea_ports().map(|port| port.unlocode).collect();
    let mut codes: Vec<&'static str> = codes.into_iter().collect();
    codes.sort_unstable();
    (0..codes.len()).prop_map(move |at| port(codes[at]))
}

/// A town without a code: an airport's position, moved by up to 0.2 degrees.
fn any_town() -> impl Strategy<Value = Place> {
    (any_airport(), -0.2f64..0.2, -0.2f64..0.2).prop_map(|(airport, north, east)| {
        let (lat, lon) = (airport.coordinates.lat() + north, airport.coordinates.lon() + east);
        let coordinates = Coordinates::new(lat, lon).unwrap_or(airport.coordinates);
        Place { coordinates, code: None, ..airport }
    })
}

/// Two towns of one country.
fn neighbours() -> impl Strategy<Value = (Place, Place)> {
    (any_town(), any::<prop::sample::Index>(), -0.1f64..0.1).prop_map(|(town, other, shift)| {
        let domestic: Vec<_> = airports().iter().filter(|airport| airport.country == town.country).collect();
        let mut other = domestic[other.index(domestic.len())].place();
        other.code = None;
        let moved = Coordinates::new(other.coordinates.lat() + shift, other.coordinates.lon());
        other.coordinates = moved.unwrap_or(other.coordinates);
        (town, other)
    })
}

fn check_pair(origin: &Place, destination: &Place, mode: Mode, least_km: f64) -> Result<(), TestCaseError> {
    let there = ask(origin, destination, mode);
    let back = ask(destination, origin, mode);
    match (there, back) {
        (Ok(there), Ok(back)) => {
            let (km, same) = (there.km.get(), back.km.get());
            prop_assert!(km.is_finite() && km > 0.0);
            prop_assert!(km >= least_km * 0.9999, "{km} < {least_km}");
            prop_assert!((km - same).abs() <= km * 0.01);
            prop_assert!((0.0..=1.0).contains(&there.confidence));
        }
        (Err(DistanceError::NoRoute { .. }), Err(DistanceError::NoRoute { .. })) => {}
        (there, back) => prop_assert!(false, "{there:?} but back {back:?}"),
    }
    Ok(())
}

// The map is the same on every machine, and some of it is odd: the rules about detours have exceptions, such as the mountains
// of Lesotho. A fixed seed asks the same 300 questions each time, so that only a change of rules or data can fail.
proptest! {
    #![proptest_config(ProptestConfig { cases: 300, rng_seed: RngSeed::Fixed(14083), ..ProptestConfig::default() })]

    #[test]
    fn land_distances_are_sane((origin, destination) in neighbours()) {
        prop_assume!(origin.coordinates != destination.coordinates);
        let great_circle = geodesic_km(origin.coordinates, destination.coordinates);
        for mode in [Mode::Road, Mode::Rail, Mode::InlandWaterway] {
            check_pair(&origin, &destination, mode, great_circle)?;
        }
    }

    #[test]
    fn land_distances_between_continents_are_sane(origin in any_town(), destination in any_town()) {
        prop_assume!(origin.coordinates != destination.coordinates);
        check_pair(&origin, &destination, Mode::Road, geodesic_km(origin.coordinates, destination.coordinates))?;
    }

    #[test]
    fn sea_distances_are_sane(origin in any_port(), destination in any_port()) {
        prop_assume!(origin.coordinates != destination.coordinates);
        check_pair(&origin, &destination, Mode::Sea, geodesic_km(origin.coordinates, destination.coordinates))?;
    }

    #[test]
    fn sea_and_air_distances_of_towns_are_sane(origin in any_town(), destination in any_town()) {
        prop_assume!(origin.coordinates != destination.coordinates);
        check_pair(&origin, &destination, Mode::Sea, 0.0)?;
        let least = if geodesic_km(origin.coordinates, destination.coordinates) > 1500.0 { 96.0 } else { 95.0 };
        check_pair(&origin, &destination, Mode::Air, least)?;
    }

    #[test]
    fn a_detour_by_air_is_never_shorter(a in any_airport(), b in any_airport(), c in any_airport()) {
        prop_assume!(a != b && b != c && a != c);
        let direct = km(&a, &c, Mode::Air);
        prop_assert!(direct <= km(&a, &b, Mode::Air) + km(&b, &c, Mode::Air));
    }

    #[test]
    fn a_detour_by_sea_is_hardly_ever_shorter(a in any_port(), b in any_port(), c in any_port()) {
        prop_assume!(a != b && b != c && a != c);
        let legs = [ask(&a, &c, Mode::Sea), ask(&a, &b, Mode::Sea), ask(&b, &c, Mode::Sea)];
        let [Ok(direct), Ok(first), Ok(second)] = legs else { return Ok(()) };
        let by_way = first.km.get() + second.km.get();
        prop_assert!(direct.km.get() <= by_way * 1.05 + 60.0, "{} > {by_way}", direct.km.get());
    }

    #[test]
    fn a_detour_by_road_saves_little((a, c) in neighbours(), other in any::<prop::sample::Index>()) {
        let domestic: Vec<_> = airports().iter().filter(|airport| airport.country == a.country).collect();
        let b = Place { code: None, ..domestic[other.index(domestic.len())].place() };
        let legs = [ask(&a, &c, Mode::Road), ask(&a, &b, Mode::Road), ask(&b, &c, Mode::Road)];
        let [Ok(direct), Ok(first), Ok(second)] = legs else { return Ok(()) };
        let by_network = |leg: &Distance| leg.method == DistanceMethod::RoadNetwork;
        prop_assume!(by_network(&direct) && by_network(&first) && by_network(&second));
        let by_way = first.km.get() + second.km.get();
        prop_assert!(direct.km.get() <= by_way * 1.6 + 60.0, "{} > {by_way}", direct.km.get());
    }
}
