//! Flights: the geodesic between two airports and 95 km.

use emissions_core::{AIR_DETOUR, DistanceBasis};
use freight_geo_index::routes::geodesy::Point;
use logistics_domain::geography::{DistanceMethod, Place, Via, geodesic_km};

use super::answer::{Answer, NoRoute};
use super::geodesic::point;
use super::terminals::{Choice, Merit, Terminals, best_pair};
use crate::gazetteer::terminals::{Airport, airport, airports};

/// How far a place's airport may be, in kilometres. Ours.
const REACH_KM: f64 = 500.0;

/// Kilometres that airports are set back when a place chooses: all but the cargo airports, more for each of Natural Earth's
/// ranks (2: large … 9: small), and those that have no rank. Ours: a large airport is preferred within about 100 km.
const NOT_CARGO_KM: f64 = 45.0;
const PER_RANK_KM: f64 = 8.0;
const UNRANKED_KM: f64 = 60.0;

/// Airports that handle the freight of a region: the larger ones of ACI's yearly cargo rankings, and those that took the place
/// of an older airport which Natural Earth still ranks first.
#[rustfmt::skip]
const CARGO: [&str; 62] = [
    "ADD", "AMM", "AMS", "ANC", "ATL", "AUH", "BCN", "BER", "BKK", "BLR", "BOG", "BOM", "BRU", "CAN", "CDG", "CGK",
    "CGN", "CTS", "DEL", "DFW", "DOH", "DXB", "EWR", "EZE", "FRA", "GRU", "HKG", "HND", "IAD", "IAH", "ICN", "IKA",
    "IST", "JFK", "JNB", "KEF", "KIX", "KUL", "LAX", "LEJ", "LGG", "LHR", "LUX", "MAD", "MEM", "MEX", "MIA", "MNL",
    "MXP", "NBO", "NRT", "ORD", "OTP", "PEK", "PVG", "SDF", "SIN", "SYD", "SZX", "TPE", "VIE", "YYZ",
];
/// Closed to traffic, though the table of airports has them: Berlin's Tegel and Schoenefeld.
const CLOSED: [&str; 2] = ["TXL", "SXF"];

/// Two places with the same nearest airport that are nearer to each other than this have no flight between them. Ours.
const SHORTEST_FLIGHT_KM: f64 = 100.0;

const LINE_STEP_KM: f64 = 100.0;

pub(super) struct Airports(Terminals<Airport>);

impl Airports {
    pub(super) fn new() -> Self {
        let describe = |airport: &Airport| {
            let handicap_km = match (CARGO.contains(&airport.iata), airport.rank) {
                (true, _) => 0.0,
                (false, Some(rank)) => NOT_CARGO_KM + PER_RANK_KM * (f64::from(rank) - 2.0).max(0.0),
                (false, None) => NOT_CARGO_KM + UNRANKED_KM,
            };
            (point(airport.coordinates), airport.country, Merit { factor: 1.0, handicap_km })
        };
        Self(Terminals::new(airports().iter().filter(|airport| !CLOSED.contains(&airport.iata)), describe))
    }

    pub(super) fn distance(
        &self,
        origin: &Place,
        destination: &Place,
        geometry: bool,
    ) -> Result<Answer, NoRoute> {
        let (from, to) = (self.choices(origin)?, self.choices(destination)?);
        let (start, end) =
            best_pair(&from, &to, |one, other| one.iata == other.iata).ok_or_else(|| one_airport(&from))?;
        let apart = geodesic_km(origin.coordinates, destination.coordinates);
        if from[0].terminal.iata == to[0].terminal.iata && apart < SHORTEST_FLIGHT_KM {
            return Err(one_airport(&from));
        }
        let (start_at, end_at) = (start.terminal.coordinates, end.terminal.coordinates);
        let geodesic = geodesic_km(start_at, end_at);
        Ok(Answer {
            km: geodesic + AIR_DETOUR.get(),
            basis: DistanceBasis::GreatCirclePlus95,
            method: DistanceMethod::GeodesicPlus95,
            confidence: sureness(&start).min(sureness(&end)),
            via: vec![Via::Airport(start.terminal.place()), Via::Airport(end.terminal.place())],
            line: geometry.then(|| great_circle(point(start_at), point(end_at), geodesic)),
        })
    }

    fn choices(&self, place: &Place) -> Result<Vec<Choice<Airport>>, NoRoute> {
        if let Some(airport) = place.code.as_deref().and_then(airport) {
            let merit = Merit { factor: 1.0, handicap_km: 0.0 };
            return Ok(vec![Choice { terminal: airport, merit, km: 0.0, score: 0.0 }]);
        }
        let choices = self.0.best(point(place.coordinates), 4, REACH_KM, |_| true);
        if choices.is_empty() {
            return Err(NoRoute(format!("there is no airport within {REACH_KM} km of {}", place.name)));
        }
        Ok(choices)
    }
}

fn one_airport(choices: &[Choice<Airport>]) -> NoRoute {
    let airport = choices.first().map_or("the same airport", |choice| choice.terminal.name);
    NoRoute(format!("{airport} serves both places"))
}

/// From 0 to 1: an airport given by its code, or the nearest one, the farther the less. Ours.
fn sureness(choice: &Choice<Airport>) -> f64 {
    if choice.score == 0.0 { 0.98 } else { (0.92 - 0.001 * choice.km).max(0.4) }
}

fn great_circle(from: Point, to: Point, km: f64) -> Vec<Point> {
    let steps = (km / LINE_STEP_KM).ceil().clamp(1.0, 250.0) as u32;
    let step = |at: u32| match at {
        0 => from,
        at if at == steps => to,
        at => from.towards(to, f64::from(at) / f64::from(steps)),
    };
    (0..=steps).map(step).collect()
}
