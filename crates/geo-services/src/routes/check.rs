//! What a server says about a route is believed only if it can be true.

use emissions_core::Kilometres;
use logistics_domain::geography::{Coordinates, geodesic_km};

use super::{Ends, Route};

/// No road leads further: it is the length of the equator.
const LONGEST_KM: f64 = 40_075.0;

/// By how much a route may be shorter than the geodesic between its ends: a share, because OSRM measures on a sphere
/// (at most 0.56 % off), and kilometres, because coordinates are rounded. Ours.
const SHORTER_SHARE: f64 = 0.01;
const SHORTER_KM: f64 = 0.1;

/// How far an answer of a routing server is trusted, and how far if a place lies further than `NEAR_KM` from the road that
/// stands for it. Ours.
const TRUST: f64 = 0.95;
const TRUST_FAR: f64 = 0.8;
const NEAR_KM: f64 = 1.0;

/// A route that can be true.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Checked {
    pub km: Kilometres,
    pub confidence: f64,
    pub line: Vec<Coordinates>,
}

/// Why an answer is not used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Doubt {
    /// A place lies so far from the server's roads that it is off its map.
    TooFar(String),
    /// It cannot be true.
    Untrue(String),
}

pub(super) fn check(route: &Route, ends: &Ends, max_snap_km: f64) -> Result<Checked, Doubt> {
    if !(0.0..=LONGEST_KM).contains(&route.km) {
        return Err(Doubt::Untrue(format!("a road of {} km", route.km)));
    }
    let [start, end] = [on_earth(route.snapped[0])?, on_earth(route.snapped[1])?];
    let line = route.line.iter().map(|&point| on_earth(point)).collect::<Result<_, _>>()?;

    let snaps = [geodesic_km(ends.origin, start), geodesic_km(ends.destination, end)];
    let snap = snaps[0].max(snaps[1]);
    if snap > max_snap_km {
        let which = if snaps[0] >= snaps[1] { "origin" } else { "destination" };
        return Err(Doubt::TooFar(format!("no road within {max_snap_km} km of the {which}")));
    }
    let straight = geodesic_km(start, end);
    if route.km < straight * (1.0 - SHORTER_SHARE) - SHORTER_KM {
        return Err(Doubt::Untrue(format!(
            "a road of {:.1} km between points {straight:.1} km apart",
            route.km
        )));
    }
    // Between the places themselves it cannot be shorter than straight, however the roads were met.
    let km = route.km.max(geodesic_km(ends.origin, ends.destination));
    Ok(Checked {
        km: Kilometres::new(km).map_err(|error| Doubt::Untrue(error.to_string()))?,
        confidence: if snap > NEAR_KM { TRUST_FAR } else { TRUST },
        line,
    })
}

fn on_earth([lat, lon]: [f64; 2]) -> Result<Coordinates, Doubt> {
    Coordinates::new(lat, lon).map_err(|error| Doubt::Untrue(error.to_string()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ends() -> Ends {
        let at = |lat, lon| Coordinates::new(lat, lon).unwrap();
        Ends { origin: at(40.0, -3.0), destination: at(41.0, -3.0) }
    }

    fn route(km: f64) -> Route {
        Route { km, snapped: [[40.0, -3.0], [41.0, -3.0]], line: Vec::new(), data: None }
    }

    #[test]
    fn an_honest_route_passes() {
        let checked = check(&route(130.0), &ends(), 5.0).unwrap();
        assert_eq!((checked.km.get(), checked.confidence), (130.0, TRUST));
    }

    #[test]
    fn lengths_that_no_road_has_are_untrue() {
        for km in [-1.0, f64::NAN, f64::INFINITY, 50_000.0, 0.0, 100.0] {
            assert!(matches!(check(&route(km), &ends(), 5.0), Err(Doubt::Untrue(_))), "{km}");
        }
    }

    #[test]
    fn points_off_the_globe_are_untrue() {
        let astray = Route { snapped: [[40.0, -3.0], [f64::NAN, 0.0]], ..route(130.0) };
        assert!(matches!(check(&astray, &ends(), 5.0), Err(Doubt::Untrue(_))));
        let astray = Route { line: vec![[91.0, 0.0]], ..route(130.0) };
        assert!(matches!(check(&astray, &ends(), 5.0), Err(Doubt::Untrue(_))));
    }

    #[test]
    fn a_far_snap_is_no_route_and_a_middling_one_is_trusted_less() {
        let off = |lat| Route { snapped: [[40.0, -3.0], [lat, -3.0]], ..route(130.0) };
        assert_eq!(
            check(&off(41.1), &ends(), 5.0),
            Err(Doubt::TooFar("no road within 5 km of the destination".to_owned()))
        );
        assert_eq!(check(&off(41.02), &ends(), 5.0).unwrap().confidence, TRUST_FAR);
    }

    #[test]
    fn two_places_that_meet_the_same_road_are_still_apart() {
        let near = Ends { origin: ends().origin, destination: Coordinates::new(40.03, -3.0).unwrap() };
        let same = Route { snapped: [[40.015, -3.0]; 2], ..route(0.0) };
        let km = check(&same, &near, 5.0).unwrap().km.get();
        assert!((km - 3.33).abs() < 0.01, "{km}");
    }

    proptest! {
        #[test]
        fn what_passes_is_never_shorter_than_straight(
            km in -10.0..50_000.0_f64,
            snapped in [-95.0..95.0_f64, -185.0..185.0_f64],
        ) {
            let route = Route { snapped: [[40.0, -3.0], snapped], ..route(km) };
            if let Ok(checked) = check(&route, &ends(), 20_000.0) {
                prop_assert!(checked.km.get() >= geodesic_km(ends().origin, ends().destination));
            }
        }
    }
}
