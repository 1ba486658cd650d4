//! A route on a prepared network, from any point to any other.

use freight_geo_index::routes::file::{ChainRef, Hierarchy, NetworkFile};
use freight_geo_index::routes::geodesy::Point;

use super::search::{Found, Scratch, ScratchPool, Seed, Travelled};
use super::snap::{Entrance, Reach, entrances, entrances_by_component};

/// A network with memory for searching it.
pub(super) struct Network {
    file: NetworkFile<'static>,
    pool: ScratchPool,
}

/// What a route must respect.
pub(super) struct Rules<'a> {
    pub(super) hierarchy: Hierarchy<'a>,
    pub(super) reach: &'a Reach,
    /// Whether a route may begin or end on a chain with this tag.
    pub(super) may_enter: &'a dyn Fn(u16) -> bool,
    pub(super) geometry: bool,
}

/// A route on a network.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct NetworkRoute {
    pub(super) km: f64,
    /// What the search minimized.
    pub(super) time: u32,
    /// The farther of the two ends' distances to the network, in kilometres.
    pub(super) farthest_entrance_km: f64,
    /// The tagged chains on the way, in order of travel; neighbours with the same tag count as one.
    pub(super) tagged: Vec<Tagged>,
    /// The line, if it was asked for, from the first point to the last.
    pub(super) line: Option<Vec<Point>>,
}

/// Tagged chains on a route.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Tagged {
    pub(super) tag: u16,
    pub(super) km: f64,
    /// Whether they are travelled in the direction of their name.
    pub(super) forward: bool,
}

/// Why a network has no route between two points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unjoined {
    /// One of them is nowhere near the network.
    OffNetwork,
    /// Both are on it, but no way leads from one to the other.
    Apart,
}

enum Way {
    Along { from: Entrance, to: Entrance, length_m: u32, time: u32 },
    Over(Found),
}

impl Network {
    pub(super) fn new(file: NetworkFile<'static>) -> Self {
        Self { file, pool: ScratchPool::default() }
    }

    pub(super) const fn file(&self) -> &NetworkFile<'static> {
        &self.file
    }

    /// The fastest route.
    ///
    /// # Errors
    /// [`Unjoined`] if the network does not join the two points.
    pub(super) fn route(&self, from: Point, to: Point, rules: &Rules<'_>) -> Result<NetworkRoute, Unjoined> {
        let usable = |chain: ChainRef<'_>| (rules.may_enter)(chain.tag());
        let near = |point| entrances(&self.file, point, rules.reach, usable);
        let (mut starts, mut ends) = (near(from), near(to));
        if starts.is_empty() || ends.is_empty() {
            return Err(Unjoined::OffNetwork);
        }
        if let Some(route) = self.between(from, to, &starts, &ends, rules) {
            return Ok(route);
        }
        let farther = |point| entrances_by_component(&self.file, point, rules.reach, usable);
        starts.extend(farther(from));
        ends.extend(farther(to));
        self.between(from, to, &starts, &ends, rules).ok_or(Unjoined::Apart)
    }

    fn between(
        &self,
        from: Point,
        to: Point,
        starts: &[Entrance],
        ends: &[Entrance],
        rules: &Rules<'_>,
    ) -> Option<NetworkRoute> {
        let joined = |start: &Entrance| ends.iter().any(|end| end.component == start.component);
        if !starts.iter().any(joined) {
            return None;
        }
        let seeds = |entrances: &[Entrance]| -> Vec<Seed> {
            entrances
                .iter()
                .flat_map(|entrance| entrance.seeds(self.file.chain(entrance.position.chain)))
                .collect()
        };
        let (first, last) = (seeds(starts), seeds(ends));
        self.pool.with(|scratch| {
            let over = scratch.search(rules.hierarchy, &first, &last).map(Way::Over);
            let way =
                [self.along_one_chain(starts, ends), over].into_iter().flatten().min_by_key(Way::time)?;
            let entrance_km = |entrances: &[Entrance], number: usize| entrances[number / 2].position.km;
            let farthest_entrance_km = match &way {
                Way::Along { from, to, .. } => from.position.km.max(to.position.km),
                Way::Over(found) => {
                    let (start, end) = scratch.ends(*found);
                    entrance_km(starts, seed_at(&first, start)).max(entrance_km(ends, seed_at(&last, end)))
                }
            };
            let chains = self.chains(scratch, &way, rules);
            let tagged = self.tagged(&chains);
            let line = rules
                .geometry
                .then(|| self.line(from, to, (starts, &first), (ends, &last), scratch, &way, &chains));
            Some(NetworkRoute {
                km: f64::from(way.length_m()) / 1000.0,
                time: way.time(),
                farthest_entrance_km,
                tagged,
                line,
            })
        })
    }

    fn along_one_chain(&self, starts: &[Entrance], ends: &[Entrance]) -> Option<Way> {
        let pairs = starts.iter().flat_map(|from| ends.iter().map(move |to| (from, to)));
        pairs
            .filter(|(from, to)| from.position.chain == to.position.chain)
            .map(|(from, to)| {
                let (time, length_m) = from.along(self.file.chain(from.position.chain), to);
                Way::Along { from: *from, to: *to, length_m, time }
            })
            .min_by_key(Way::time)
    }

    fn chains(&self, scratch: &Scratch, way: &Way, rules: &Rules<'_>) -> Vec<Travelled> {
        match way {
            Way::Along { .. } => Vec::new(),
            Way::Over(found) => {
                let begins_at = |chain| self.file.chain(chain).ends().0;
                scratch.chains(rules.hierarchy, *found, !rules.geometry, begins_at)
            }
        }
    }

    fn tagged(&self, chains: &[Travelled]) -> Vec<Tagged> {
        let mut tagged: Vec<Tagged> = Vec::new();
        for step in chains {
            let chain = self.file.chain(step.chain);
            let km = f64::from(chain.length_m()) / 1000.0;
            match tagged.last_mut() {
                _ if chain.tag() == 0 => {}
                Some(last) if last.tag == chain.tag() => last.km += km,
                _ => tagged.push(Tagged { tag: chain.tag(), km, forward: step.forward }),
            }
        }
        tagged
    }

    #[expect(clippy::too_many_arguments, reason = "both ends come with their entrances and seeds")]
    fn line(
        &self,
        from: Point,
        to: Point,
        (starts, first): (&[Entrance], &[Seed]),
        (ends, last): (&[Entrance], &[Seed]),
        scratch: &Scratch,
        way: &Way,
        chains: &[Travelled],
    ) -> Vec<Point> {
        let mut line = vec![from];
        match way {
            Way::Along { from: start, to: end, .. } => {
                let chain = self.file.chain(start.position.chain);
                line.push(on_chain(chain, start));
                let (low, high) = (
                    start.position.piece.min(end.position.piece),
                    start.position.piece.max(end.position.piece),
                );
                let between = (low + 1..=high).map(|at| chain.point(at));
                if start.share <= end.share {
                    line.extend(between);
                } else {
                    line.extend(between.rev());
                }
                line.push(on_chain(chain, end));
            }
            Way::Over(found) => {
                let (start, end) = scratch.ends(*found);
                line.extend(self.to_seed(starts, seed_at(first, start)));
                for step in chains {
                    let chain = self.file.chain(step.chain);
                    let points = (0..chain.point_count()).map(|at| chain.point(at));
                    if step.forward {
                        line.extend(points.skip(1));
                    } else {
                        line.extend(points.rev().skip(1));
                    }
                }
                let mut arrival = self.to_seed(ends, seed_at(last, end));
                arrival.reverse();
                line.extend(arrival);
            }
        }
        line.push(to);
        line.dedup();
        line
    }

    /// The points from an entrance to the end of its chain that a seed stands for.
    fn to_seed(&self, entrances: &[Entrance], seed: usize) -> Vec<Point> {
        let entrance = &entrances[seed / 2];
        let chain = self.file.chain(entrance.position.chain);
        let mut points = vec![on_chain(chain, entrance)];
        if seed.is_multiple_of(2) {
            points.extend((0..=entrance.position.piece).rev().map(|at| chain.point(at)));
        } else {
            points.extend((entrance.position.piece + 1..chain.point_count()).map(|at| chain.point(at)));
        }
        points
    }
}

impl Way {
    const fn time(&self) -> u32 {
        match self {
            Self::Along { time, .. } => *time,
            Self::Over(found) => found.time_ds,
        }
    }

    const fn length_m(&self) -> u32 {
        match self {
            Self::Along { length_m, .. } => *length_m,
            Self::Over(found) => found.length_m,
        }
    }
}

/// The number of the cheapest seed at a node.
fn seed_at(seeds: &[Seed], node: u32) -> usize {
    let at_node = seeds.iter().enumerate().filter(|(_, seed)| seed.node == node);
    at_node.min_by_key(|(_, seed)| seed.time_ds).map_or(0, |(number, _)| number)
}

fn on_chain(chain: ChainRef<'_>, entrance: &Entrance) -> Point {
    let (a, b) = chain.piece(entrance.position.piece);
    a.towards(b, entrance.position.share)
}
