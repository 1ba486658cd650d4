//! Shipping lanes.

use std::sync::Arc;

use emissions_core::DistanceBasis;
use freight_geo_index::routes::file::{NetworkFile, OwnedHierarchy, Profile};
use freight_geo_index::routes::geodesy::Point;
use freight_geo_index::routes::land::Land;
use freight_geo_index::routes::tables::is_icy;
use logistics_domain::geography::{AvoidedPassages, DistanceMethod, Passage, Place, Via, geodesic_km};
use quick_cache::sync::Cache;

use super::answer::{Answer, NoRoute};
use super::geodesic::{coordinates, point};
use super::land::access_km;
use super::network::{Network, Rules, Tagged};
use super::snap::Reach;
use super::taut::taut;
use super::terminals::{Choice, Merit, Terminals, best_pair};
use crate::gazetteer::terminals::{Port, port, sea_ports};

/// How far a place's port may be, in kilometres of great circle. Ours.
const REACH_KM: f64 = 4000.0;

/// Ways to the ports that are so many times as long as the voyage are no part of a sea leg. Ours.
const ACCESS_PER_VOYAGE: f64 = 3.0;

/// How many ports a place may choose from.
const CHOICES: usize = 6;
/// Ports nearer than this, in kilometres, are compared by the great circle: roads within a town say nothing. Ours.
const IN_TOWN_KM: f64 = 30.0;

/// How a port's size stretches the way there. Ours: a container terminal may be three times as far as a small harbour.
const TERMINAL: f64 = 1.0;
const RANKED: f64 = 1.7;
const SMALL: f64 = 3.0;

const SEA_REACH: Reach = Reach {
    radii: &[30.0, 120.0, 500.0, 1500.0],
    factor: 1.3,
    slack_km: 10.0,
    candidates: 4,
    detour: 1.0,
    // Metres: the lanes count by their length. A way off the lanes counts half as much again, as land may lie on it.
    time_per_km: 1500.0,
};

/// Restrictions for which hierarchies are kept.
const HIERARCHIES: usize = 64;
/// Places whose ports are remembered.
const PLACES: usize = 50_000;

type PlaceKey = (u64, u64, [u8; 2]);

pub(super) struct Sea {
    lanes: Network,
    land: Land<'static>,
    ports: Terminals<Port>,
    passages: Vec<Option<Passage>>,
    restricted: Cache<u16, Arc<OwnedHierarchy>>,
    chosen: Cache<PlaceKey, Arc<[Choice<Port>]>>,
}

impl Sea {
    pub(super) fn new(file: NetworkFile<'static>, land: Land<'static>) -> Self {
        let passages = (1..=u16::MAX).map_while(|tag| file.tag(tag)).map(|(name, _)| passage(name)).collect();
        let describe = |port: &Port| {
            let factor = match (port.container_terminal, port.rank) {
                (true, _) => TERMINAL,
                (false, Some(_)) => RANKED,
                (false, None) => SMALL,
            };
            (point(port.coordinates), port.country, Merit { factor, handicap_km: 0.0 })
        };
        Self {
            lanes: Network::new(file),
            land,
            ports: Terminals::new(sea_ports().filter(|port| serves_inland(port)), describe),
            passages,
            restricted: Cache::new(HIERARCHIES),
            chosen: Cache::new(PLACES),
        }
    }

    pub(super) fn distance(
        &self,
        roads: &Network,
        origin: &Place,
        destination: &Place,
        avoid: AvoidedPassages,
        geometry: bool,
    ) -> Result<Answer, NoRoute> {
        let (from, to) = (self.choices(roads, origin)?, self.choices(roads, destination)?);
        let (start, end) = best_pair(&from, &to, |one, other| one.coordinates == other.coordinates)
            .ok_or_else(|| NoRoute(format!("{} is the port of both places", from[0].terminal.name)))?;
        let (start_at, end_at) = (start.terminal.coordinates, end.terminal.coordinates);
        let restricted = self.restricted(avoid);
        let rules = Rules {
            hierarchy: restricted
                .as_ref()
                .map_or_else(|| self.lanes.file().hierarchy(Profile::All), |h| h.view()),
            reach: &SEA_REACH,
            may_enter: &|tag| self.is_open(tag, avoid),
            geometry: true,
        };
        let route = self.lanes.route(point(start_at), point(end_at), &rules).map_err(|_unjoined| {
            NoRoute("every way is through a passage that is to be avoided".to_owned())
        })?;
        let line = taut(&route.line.unwrap_or_default(), self.land);
        let (km, access_km) = (length_km(&line), start.km + end.km);
        if goes_by_land(km, access_km, geodesic_km(origin.coordinates, destination.coordinates)) {
            return Err(NoRoute(format!(
                "the ports would be {} and {}, {km:.0} km apart by sea, but {access_km:.0} km from the two places; take road or \
                 rail, or name the ports of the sea leg by their UN/LOCODEs",
                start.terminal.name, end.terminal.name
            )));
        }
        let mut via = vec![Via::Port(start.terminal.place())];
        via.extend(self.passed(&route.tagged));
        via.push(Via::Port(end.terminal.place()));
        Ok(Answer {
            km,
            basis: DistanceBasis::ShortestFeasible,
            method: DistanceMethod::SeaNetwork,
            confidence: sureness(&start, origin).min(sureness(&end, destination)),
            via,
            line: Some(line).filter(|_| geometry),
        })
    }

    fn passed<'a>(&'a self, tagged: &'a [Tagged]) -> impl Iterator<Item = Via> + 'a {
        tagged.iter().filter_map(|step| self.passage(step.tag)).map(|passage| Via::Passage { passage })
    }

    fn passage(&self, tag: u16) -> Option<Passage> {
        self.passages.get(usize::from(tag).checked_sub(1)?).copied().flatten()
    }

    fn is_open(&self, tag: u16, avoid: AvoidedPassages) -> bool {
        self.passage(tag).is_none_or(|passage| !avoid.contains(passage))
    }

    /// The hierarchy without the avoided passages, built when it is first asked for.
    fn restricted(&self, avoid: AvoidedPassages) -> Option<Arc<OwnedHierarchy>> {
        if avoid == AvoidedPassages::NONE {
            return None;
        }
        let build = || {
            let hierarchy = OwnedHierarchy::contract(self.lanes.file(), |tag| self.is_open(tag, avoid));
            Ok::<_, std::convert::Infallible>(Arc::new(hierarchy))
        };
        self.restricted.get_or_insert_with(&avoid.bits(), build).ok()
    }

    /// The ports that may serve a place, the best first; at least one.
    fn choices(&self, roads: &Network, place: &Place) -> Result<Arc<[Choice<Port>]>, NoRoute> {
        if let Some(port) = place.code.as_deref().and_then(port).filter(|port| port.is_sea_port()) {
            let merit = Merit { factor: TERMINAL, handicap_km: 0.0 };
            return Ok(Arc::new([Choice { terminal: port, merit, km: 0.0, score: 0.0 }]));
        }
        let (lat, lon) = (place.coordinates.lat(), place.coordinates.lon());
        let country = place.country.as_str().as_bytes();
        let key = (lat.to_bits(), lon.to_bits(), [country[0], country[1]]);
        self.chosen.get_or_insert_with(&key, || self.choose(roads, place))
    }

    fn choose(&self, roads: &Network, place: &Place) -> Result<Arc<[Choice<Port>]>, NoRoute> {
        let here = point(place.coordinates);
        let mut choices = self.ports.best(here, CHOICES, REACH_KM, |country| country == place.country);
        if choices.is_empty() {
            choices = self.ports.best(here, CHOICES, REACH_KM, |_| true);
        }
        if choices.is_empty() {
            return Err(NoRoute(format!("there is no seaport within {REACH_KM} km of {}", place.name)));
        }
        if choices[0].km > IN_TOWN_KM {
            for choice in &mut choices {
                let by_road = access_km(roads, here, point(choice.terminal.coordinates));
                choice.score = by_road.min(choice.km * 3.0) * choice.merit.factor + choice.merit.handicap_km;
            }
            choices.sort_by(|one, other| one.score.total_cmp(&other.score));
        }
        Ok(choices.into())
    }
}

/// Whether freight between two places would hardly be at sea: the ways to the ports, which a sea leg does not count, are longer than
/// the voyage and the way between the places, or several times as long as the voyage. Ours.
fn goes_by_land(km: f64, access_km: f64, apart_km: f64) -> bool {
    access_km > km.max(apart_km) || access_km > km * ACCESS_PER_VOYAGE
}

fn length_km(line: &[Point]) -> f64 {
    let pieces = line.windows(2).filter_map(|pair| Some((coordinates(pair[0])?, coordinates(pair[1])?)));
    pieces.map(|(from, to)| geodesic_km(from, to)).sum()
}

/// A small harbour farther than this from the shipping lanes, in kilometres, is more likely a depot on a river. Ours.
const SMALL_HARBOUR_KM: u16 = 50;

/// Whether a place without a port of its own may be served from here: not from the Caspian Sea, which only river vessels
/// leave, nor from the ice, nor from what may be a depot inland. Such ports are reached by their codes.
fn serves_inland(port: &Port) -> bool {
    let (lat, lon) = (port.coordinates.lat(), port.coordinates.lon());
    let caspian = (36.0..48.0).contains(&lat) && (46.5..55.0).contains(&lon);
    let known = port.container_terminal || port.rank.is_some();
    let depot = !known && port.sea_km.is_none_or(|km| km > SMALL_HARBOUR_KM);
    !caspian && !depot && !is_icy(point(port.coordinates))
}

/// From 0 to 1: a port given by its code, or the nearest one, the farther the less, and less in another country. Ours.
fn sureness(choice: &Choice<Port>, place: &Place) -> f64 {
    let chosen = (0.9 - 0.001 * choice.km).max(0.3);
    match choice.score {
        0.0 => 0.95,
        _ if choice.terminal.country == place.country => chosen,
        _ => chosen * 0.8,
    }
}

/// The passage that the network calls by a name.
fn passage(name: &str) -> Option<Passage> {
    Some(match name {
        "babalmandab" => Passage::BabElMandeb,
        "bering" => Passage::Bering,
        "bosporus" => Passage::Bosporus,
        "chili" => Passage::Magellan,
        "dardanelles" => Passage::Dardanelles,
        "gibraltar" => Passage::Gibraltar,
        "malacca" => Passage::Malacca,
        "northwest" => Passage::Northwest,
        "ormuz" => Passage::Hormuz,
        "panama" => Passage::Panama,
        "south_africa" => Passage::CapeOfGoodHope,
        "suez" => Passage::Suez,
        "sunda" => Passage::Sunda,
        _ => return None,
    })
}
