//! Roads, and what is estimated from them: railways and inland waterways.

use emissions_core::DistanceBasis;
use freight_geo_index::routes::file::Profile;
use freight_geo_index::routes::geodesy::Point;
use logistics_domain::geography::{DistanceMethod, Place, Via, geodesic_km};

use super::answer::{Answer, NoRoute, name_back};
use super::circuity;
use super::geodesic::point;
use super::network::{Network, NetworkRoute, Rules, Unjoined};
use super::snap::Reach;

/// Great circles up to here, in kilometres, are taken as local trips: the main roads say nothing about them. From `LOCAL_KM` to
/// `NETWORK_KM` the network's answer gains weight evenly. Ours.
const LOCAL_KM: f64 = 5.0;
const NETWORK_KM: f64 = 25.0;

/// What a trip between two different places counts at least, in kilometres. Ours.
const SHORTEST_TRIP_KM: f64 = 0.5;

/// Where an end is off the network, a great circle times a ratio may stand in up to this many kilometres, and up to the second
/// within one country: beyond, they are on different shores. Ours.
const FALLBACK_KM: f64 = 300.0;
const FALLBACK_DOMESTIC_KM: f64 = 1000.0;

/// Countries with a railway under water that no road follows, so that the network does not have it: Japan's Seikan tunnel.
const RAIL_TUNNELS: [&str; 1] = ["JP"];

/// Kilometres by rail over kilometres by road, and over the great circle where no road leads. Ours.
const RAIL_PER_ROAD: f64 = 1.05;
const RAIL_PER_GREAT_CIRCLE: f64 = 1.25;

/// Kilometres by river and canal over kilometres by road. Ours: about the mean of Rotterdam to Duisburg, Mannheim, Basel and
/// Vienna by the official kilometre marks of Rhine, Main and Danube.
const WATERWAY_PER_ROAD: f64 = 1.2;

const ROAD_REACH: Reach = Reach {
    radii: &[2.0, 8.0, 25.0, 50.0],
    factor: 1.5,
    slack_km: 1.0,
    candidates: 5,
    detour: 1.3,
    // Tenths of a second for a kilometre at 30 km/h.
    time_per_km: 1200.0,
};

/// A mode that runs on land, or is measured as if it did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LandMode {
    Road,
    Rail,
    Waterway,
}

impl LandMode {
    const fn profile(self) -> Profile {
        match self {
            Self::Road => Profile::All,
            Self::Rail | Self::Waterway => Profile::Trains,
        }
    }

    const fn per_road_km(self) -> f64 {
        match self {
            Self::Road => 1.0,
            Self::Rail => RAIL_PER_ROAD,
            Self::Waterway => WATERWAY_PER_ROAD,
        }
    }

    const fn method(self) -> DistanceMethod {
        match self {
            Self::Road => DistanceMethod::RoadNetwork,
            Self::Rail => DistanceMethod::RailEstimate,
            Self::Waterway => DistanceMethod::WaterwayEstimate,
        }
    }

    /// The most that an answer of this mode can be trusted. Ours.
    const fn trust(self) -> f64 {
        match self {
            Self::Road => 0.95,
            Self::Rail => 0.7,
            Self::Waterway => 0.4,
        }
    }
}

/// The distance by road, rail or waterway.
pub(super) fn distance(
    roads: &Network,
    mode: LandMode,
    origin: &Place,
    destination: &Place,
    geometry: bool,
) -> Result<Answer, NoRoute> {
    let great_circle = geodesic_km(origin.coordinates, destination.coordinates);
    let (from, to) = (point(origin.coordinates), point(destination.coordinates));
    let local = circuity::road_km(great_circle, origin.country, destination.country);
    let rules = Rules {
        hierarchy: roads.file().hierarchy(mode.profile()),
        reach: &ROAD_REACH,
        may_enter: &|tag| tag == 0,
        geometry,
    };
    let route = if great_circle <= LOCAL_KM {
        None
    } else {
        match roads.route(from, to, &rules) {
            Ok(route) => Some(route),
            // Both ends have roads, and none leads from one to the other: water, or land without roads.
            Err(Unjoined::Apart)
                if great_circle > NETWORK_KM && !may_be_joined(mode, origin, destination) =>
            {
                return Err(unjoined(mode));
            }
            Err(_) => return fallback(mode, origin, destination, great_circle, local),
        }
    };
    let share = match &route {
        None => 0.0,
        // Water between the two: a local road would have to swim.
        Some(route) if !route.tagged.is_empty() => 1.0,
        Some(_) => ((great_circle - LOCAL_KM) / (NETWORK_KM - LOCAL_KM)).clamp(0.0, 1.0),
    };
    let network_km = route.as_ref().map_or(local, |route| route.km);
    let road_km = local + (network_km - local) * share;
    Ok(Answer {
        km: (road_km * mode.per_road_km()).max(great_circle).max(SHORTEST_TRIP_KM),
        basis: DistanceBasis::ShortestFeasible,
        method: mode.method(),
        confidence: mode.trust() * sureness(route.as_ref(), share),
        via: route.iter().filter(|_| share > 0.0).flat_map(|route| ferries(roads, route)).collect(),
        line: geometry.then(|| route.and_then(|route| route.line).unwrap_or_else(|| vec![from, to])),
    })
}

/// From 0 to 1: how near the places are to the network, and how much of the answer is the network's. Ours.
fn sureness(route: Option<&NetworkRoute>, share: f64) -> f64 {
    let entrance_km = route.map_or(0.0, |route| route.farthest_entrance_km);
    (1.0 - 0.01 * entrance_km).max(0.5) * (0.85 + 0.15 * share)
}

fn ferries<'a>(roads: &'a Network, route: &'a NetworkRoute) -> impl Iterator<Item = Via> + 'a {
    route.tagged.iter().filter_map(|ferry| {
        let (name, _) = roads.file().tag(ferry.tag)?;
        let name = if ferry.forward { name.to_owned() } else { name_back(name) };
        Some(Via::Ferry { name, km: ferry.km })
    })
}

/// Whether places on two pieces of the network may be joined by what it does not have.
fn may_be_joined(mode: LandMode, origin: &Place, destination: &Place) -> bool {
    let country = origin.country.as_str();
    mode == LandMode::Rail && origin.country == destination.country && RAIL_TUNNELS.contains(&country)
}

fn unjoined(mode: LandMode) -> NoRoute {
    let way = match mode {
        LandMode::Road => "road or ferry",
        LandMode::Rail => "railway or train ferry",
        LandMode::Waterway => "inland waterway",
    };
    NoRoute(format!(
        "no {way} is known to join them; give the distance, or send the crossing as a sea leg of its own"
    ))
}

fn fallback(
    mode: LandMode,
    origin: &Place,
    destination: &Place,
    great_circle: f64,
    road_km: f64,
) -> Result<Answer, NoRoute> {
    let domestic = origin.country == destination.country;
    let limit = if domestic { FALLBACK_DOMESTIC_KM } else { FALLBACK_KM };
    if great_circle > limit {
        return Err(unjoined(mode));
    }
    let (km, method) = match mode {
        LandMode::Road => (road_km, DistanceMethod::Circuity),
        LandMode::Rail => (great_circle * RAIL_PER_GREAT_CIRCLE, mode.method()),
        LandMode::Waterway => (road_km * WATERWAY_PER_ROAD, mode.method()),
    };
    Ok(Answer {
        km: km.max(SHORTEST_TRIP_KM),
        basis: DistanceBasis::ShortestFeasible,
        method,
        confidence: mode.trust() * 0.4,
        via: Vec::new(),
        line: Some(vec![point(origin.coordinates), point(destination.coordinates)]),
    })
}

/// Kilometres by road between two points, for choosing among ports; infinite if no road leads there.
pub(super) fn access_km(roads: &Network, from: Point, to: Point) -> f64 {
    let rules = Rules {
        hierarchy: roads.file().hierarchy(Profile::Trains),
        reach: &ROAD_REACH,
        may_enter: &|tag| tag == 0,
        geometry: false,
    };
    roads.route(from, to, &rules).map_or(f64::INFINITY, |route| route.km)
}
