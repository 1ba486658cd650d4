//! Where a place meets a network.

use freight_geo_index::routes::file::{ChainRef, NetworkFile, Position};
use freight_geo_index::routes::geodesy::Point;

use super::search::Seed;

/// How far from a point the network is looked for, and what the way there costs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reach {
    /// Radii in kilometres, tried one after another until something is found.
    pub(super) radii: &'static [f64],
    /// Positions up to this many times as far as the nearest one …
    pub(super) factor: f64,
    /// … and this many kilometres farther are candidates as well.
    pub(super) slack_km: f64,
    /// How many chains are candidates at most.
    pub(super) candidates: usize,
    /// Length of the way to the network over the great circle.
    pub(super) detour: f64,
    /// What the search counts for a kilometre of it, in the network's unit of time.
    pub(super) time_per_km: f64,
}

/// A point on a chain where a route may enter the network.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entrance {
    pub(super) position: Position,
    /// How much of the chain lies before it, from 0 to 1.
    pub(super) share: f64,
    pub(super) component: u16,
    connector_m: u32,
    connector_time: u32,
}

impl Entrance {
    fn new(chain: ChainRef<'_>, position: Position, reach: &Reach) -> Self {
        let km = position.km * reach.detour;
        Self {
            position,
            share: chain.share_before(position.piece, position.share),
            component: chain.component(),
            connector_m: (km * 1000.0).round() as u32,
            connector_time: (km * reach.time_per_km).round() as u32,
        }
    }

    /// What it costs to reach the two ends of the chain: its beginning, then its end.
    pub(super) fn seeds(&self, chain: ChainRef<'_>) -> [Seed; 2] {
        let seed = |node: u32, share: f64| Seed {
            node,
            time_ds: self.connector_time + (f64::from(chain.time_ds()) * share).round() as u32,
            length_m: self.connector_m + (f64::from(chain.length_m()) * share).round() as u32,
        };
        let (a, b) = chain.ends();
        [seed(a, self.share), seed(b, 1.0 - self.share)]
    }

    /// Time and metres from here to another entrance on the same chain, along it.
    pub(super) fn along(&self, chain: ChainRef<'_>, other: &Self) -> (u32, u32) {
        let share = (self.share - other.share).abs();
        let part = |whole: u32| (f64::from(whole) * share).round() as u32;
        (
            self.connector_time + other.connector_time + part(chain.time_ds()),
            self.connector_m + other.connector_m + part(chain.length_m()),
        )
    }
}

/// The entrances around a point, the nearest first; empty if there are none within the largest radius.
pub(super) fn entrances(
    file: &NetworkFile<'_>,
    point: Point,
    reach: &Reach,
    usable: impl Fn(ChainRef<'_>) -> bool,
) -> Vec<Entrance> {
    let find = |radius: f64| {
        let mut found: Vec<Position> = Vec::new();
        file.positions_within(point, radius, |position| {
            if position.km <= radius && usable(file.chain(position.chain)) {
                found.push(position);
            }
        });
        found
    };
    for &radius in reach.radii {
        let found = find(radius);
        let Some(nearest) = found.iter().map(|position| position.km).min_by(f64::total_cmp) else { continue };
        let limit = nearest * reach.factor + reach.slack_km;
        let found = if limit > radius { find(limit) } else { found };
        return nearest_chains(found, limit, reach.candidates)
            .into_iter()
            .map(|position| Entrance::new(file.chain(position.chain), position, reach))
            .collect();
    }
    Vec::new()
}

/// The nearest entrance of each connected component within the largest radius, the nearest first.
pub(super) fn entrances_by_component(
    file: &NetworkFile<'_>,
    point: Point,
    reach: &Reach,
    usable: impl Fn(ChainRef<'_>) -> bool,
) -> Vec<Entrance> {
    let radius = reach.radii.last().copied().unwrap_or_default();
    let mut nearest: Vec<(u16, Position)> = Vec::new();
    file.positions_within(point, radius, |position| {
        let chain = file.chain(position.chain);
        if position.km > radius || !usable(chain) {
            return;
        }
        match nearest.iter_mut().find(|(component, _)| *component == chain.component()) {
            Some((_, known)) if position.km < known.km => *known = position,
            Some(_) => {}
            None => nearest.push((chain.component(), position)),
        }
    });
    nearest.sort_by(|(_, one), (_, other)| one.km.total_cmp(&other.km));
    nearest
        .into_iter()
        .take(reach.candidates)
        .map(|(_, position)| Entrance::new(file.chain(position.chain), position, reach))
        .collect()
}

fn nearest_chains(mut found: Vec<Position>, limit: f64, most: usize) -> Vec<Position> {
    found.retain(|position| position.km <= limit);
    found.sort_by(|one, other| one.km.total_cmp(&other.km).then(one.chain.cmp(&other.chain)));
    let mut nearest: Vec<Position> = Vec::with_capacity(most);
    for position in found {
        if nearest.len() == most {
            break;
        }
        if nearest.iter().all(|known| known.chain != position.chain) {
            nearest.push(position);
        }
    }
    nearest
}
