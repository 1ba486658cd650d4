//! How long one distance takes: `cargo bench -p freight-geo --bench routes`.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use emissions_core::{CountryCode, Mode};
use freight_geo::distances::EmbeddedDistances;
use freight_geo::gazetteer::terminals::{airports, sea_ports};
use freight_geo::routes::Routes;
use logistics_domain::geography::{AvoidedPassages, Coordinates, DistanceQuery, Passage, Place};

/// Pairs that walk through a list with a stride, so that every measurement sees near and far ones.
fn pairs(places: Vec<Place>) -> impl Iterator<Item = (Place, Place)> + Clone {
    let count = places.len();
    let pair =
        move |at: usize| (places[at * 7919 % count].clone(), places[(at * 104_729 + 13) % count].clone());
    (0..count.min(2000))
        .map(pair)
        .filter(|(origin, destination)| origin.coordinates != destination.coordinates)
}

fn without_code(mut place: Place) -> Place {
    place.code = None;
    place
}

/// Places around Europe's larger airports: towns with roads to each other.
fn towns() -> Vec<Place> {
    let in_europe = |place: &Place| {
        (36.0..60.0).contains(&place.coordinates.lat()) && (-9.0..30.0).contains(&place.coordinates.lon())
    };
    airports()
        .iter()
        .filter(|airport| airport.rank.is_some())
        .map(|airport| without_code(airport.place()))
        .filter(in_europe)
        .collect()
}

fn measure(criterion: &mut Criterion, name: &str, places: Vec<Place>, mode: Mode, avoid: AvoidedPassages) {
    let pairs: Vec<(Place, Place)> = pairs(places).collect();
    let mut next = pairs.iter().cycle();
    criterion.bench_function(name, |bencher| {
        bencher.iter(|| {
            let (origin, destination) = next.next().expect("a cycle does not end");
            let query = DistanceQuery { origin, destination, mode, avoid, geometry: false };
            black_box(Routes::embedded().distance(&query))
        });
    });
}

fn routes(criterion: &mut Criterion) {
    let ports: Vec<Place> = sea_ports().map(|port| port.place()).collect();
    let world: Vec<Place> =
        airports().iter().filter(|airport| airport.rank.is_some()).map(|airport| airport.place()).collect();
    let suez = AvoidedPassages::NONE.with(Passage::Suez);
    measure(criterion, "road, Europe", towns(), Mode::Road, AvoidedPassages::NONE);
    measure(criterion, "rail, Europe", towns(), Mode::Rail, AvoidedPassages::NONE);
    measure(criterion, "sea, port to port", ports.clone(), Mode::Sea, AvoidedPassages::NONE);
    measure(criterion, "sea, Suez avoided", ports, Mode::Sea, suez);
    measure(criterion, "air, by code", world.clone(), Mode::Air, AvoidedPassages::NONE);
    measure(
        criterion,
        "air, by place",
        world.into_iter().map(without_code).collect(),
        Mode::Air,
        AvoidedPassages::NONE,
    );
}

fn cached(criterion: &mut Criterion) {
    let place = |name: &str, lat: f64, lon: f64| Place {
        name: name.to_owned(),
        country: CountryCode::parse("ES").expect("Spain is a country"),
        admin1: None,
        coordinates: Coordinates::new(lat, lon).expect("these are on Earth"),
        code: None,
    };
    let (origin, destination) = (place("Madrid", 40.4165, -3.7026), place("Barcelona", 41.3888, 2.159));
    let distances = EmbeddedDistances::default();
    criterion.bench_function("road, cached", |bencher| {
        bencher.iter(|| {
            let query = DistanceQuery {
                origin: &origin,
                destination: &destination,
                mode: Mode::Road,
                avoid: AvoidedPassages::NONE,
                geometry: false,
            };
            black_box(distances.distance(&query))
        });
    });
}

criterion_group!(benches, routes, cached);
criterion_main!(benches);
