//! Mending gaps: roads that end just before another one.
//!
//! Where a table was drawn from map tiles, or an extract holds only main roads, a road may end a few hundred metres before
//! the one that it leads to. Each dead end is joined to the nearest road within reach to which there is no
//! way of comparable length.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use super::chains::{Link, RawNetwork};
use super::geodesy::Point;
use super::grid::{Cells, Grid, GridBuilder, StoredCell, StoredEntry};
use super::tables::{CONNECTOR_DETOUR, time_ds};

/// What counts as a gap.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gaps {
    /// The widest gap that is mended, in kilometres of great circle.
    pub reach_km: f64,
    /// A road counts as unconnected if the way to it is this many times as long as the gap, and …
    pub detour: f64,
    /// … longer than this, in kilometres.
    pub detour_km: f64,
    /// Speed on the new link, in km/h.
    pub speed_kmh: f64,
}

/// A dead end and the nearest position on a road that it is joined to.
struct Join {
    end: u32,
    link: u32,
    share: f64,
    km: f64,
}

/// Joins dead ends to the roads that they nearly reach, and returns how many were joined.
pub fn mend(network: &mut RawNetwork, gaps: Gaps) -> usize {
    let joins = find(network, gaps);
    let count = joins.len();
    let mut by_link: HashMap<u32, Vec<Join>> = HashMap::new();
    for join in joins {
        by_link.entry(join.link).or_default().push(join);
    }
    let mut cut: Vec<(u32, Vec<Join>)> = by_link.into_iter().collect();
    cut.sort_unstable_by_key(|(link, _)| *link);
    for (link, mut joins) in cut {
        joins.sort_by(|one, other| one.share.total_cmp(&other.share));
        split(network, link, &joins, gaps.speed_kmh);
    }
    count
}

fn find(network: &RawNetwork, gaps: Gaps) -> Vec<Join> {
    let search = Search::new(network, gaps);
    let ends = (0..network.points.len() as u32).filter(|&point| search.incident(point).len() == 1);
    ends.filter_map(|end| search.nearest_unconnected(end)).collect()
}

const CELLS: Cells = Cells { per_degree: 20 };

struct Search<'a> {
    network: &'a RawNetwork,
    gaps: Gaps,
    first: Vec<u32>,
    incident: Vec<u32>,
    cells: Vec<StoredCell>,
    entries: Vec<StoredEntry>,
}

impl<'a> Search<'a> {
    fn new(network: &'a RawNetwork, gaps: Gaps) -> Self {
        let (first, incident) = network.incidence();
        let mut grid = GridBuilder::new(CELLS);
        for (number, link) in (0u32..).zip(&network.links).filter(|(_, link)| link.tag == 0) {
            grid.add(number, &[network.points[link.a as usize], network.points[link.b as usize]]);
        }
        let (cells, entries) = grid.build();
        Self { network, gaps, first, incident, cells, entries }
    }

    fn incident(&self, point: u32) -> &[u32] {
        &self.incident[self.first[point as usize] as usize..self.first[point as usize + 1] as usize]
    }

    fn nearest_unconnected(&self, end: u32) -> Option<Join> {
        let here = self.network.points[end as usize];
        let mut near: Vec<Join> = Vec::new();
        let grid = Grid::new(CELLS, &self.cells, &self.entries);
        near.extend(grid.near(here, self.gaps.reach_km).map(|entry| self.join(end, here, entry.chain.get())));
        near.retain(|join| join.km <= self.gaps.reach_km && !self.touches(join.link, end));
        near.sort_by(|one, other| one.km.total_cmp(&other.km));
        near.dedup_by_key(|join| join.link);
        let reached = self.reached(end);
        near.into_iter().find(|join| {
            let limit = self.limit_m(join.km);
            let link = self.network.links[join.link as usize];
            [(link.a, join.share), (link.b, 1.0 - join.share)].into_iter().all(|(point, share)| {
                let rest = (f64::from(link.length_m) * share) as u32;
                reached.get(&point).is_none_or(|&metres| metres.saturating_add(rest) > limit)
            })
        })
    }

    fn join(&self, end: u32, here: Point, number: u32) -> Join {
        let link = self.network.links[number as usize];
        let ends = (self.network.points[link.a as usize], self.network.points[link.b as usize]);
        let (km, share) = here.nearest_on_segment(ends.0, ends.1);
        Join { end, link: number, share, km }
    }

    fn touches(&self, link: u32, point: u32) -> bool {
        let link = self.network.links[link as usize];
        link.a == point || link.b == point
    }

    fn limit_m(&self, km: f64) -> u32 {
        ((km * self.gaps.detour).max(self.gaps.detour_km) * 1000.0) as u32
    }

    /// Metres to every point that is near enough by road not to need a join.
    fn reached(&self, end: u32) -> HashMap<u32, u32> {
        let limit = self.limit_m(self.gaps.reach_km);
        let mut reached = HashMap::from([(end, 0)]);
        let mut queue = BinaryHeap::from([Reverse((0u32, end))]);
        while let Some(Reverse((metres, point))) = queue.pop() {
            if reached.get(&point).is_some_and(|&known| known < metres) {
                continue;
            }
            for &number in self.incident(point) {
                let link = self.network.links[number as usize];
                let other = if link.a == point { link.b } else { link.a };
                let next = metres + link.length_m;
                if next <= limit && reached.get(&other).is_none_or(|&known| next < known) {
                    reached.insert(other, next);
                    queue.push(Reverse((next, other)));
                }
            }
        }
        reached
    }
}

/// Cuts a link where dead ends are joined to it, and adds the links to them.
fn split(network: &mut RawNetwork, number: u32, joins: &[Join], speed_kmh: f64) {
    let link = network.links[number as usize];
    let (a, b) = (network.points[link.a as usize], network.points[link.b as usize]);
    let part = |whole: u32, share: f64| (f64::from(whole) * share).round() as u32;
    let mut before = (link.a, 0.0);
    for join in joins {
        let point = match join.share {
            share if share <= 0.0 => link.a,
            share if share >= 1.0 => link.b,
            share => {
                network.points.push(a.towards(b, share));
                network.points.len() as u32 - 1
            }
        };
        if point != link.a && point != link.b {
            let share = join.share - before.1;
            let piece = Link {
                a: before.0,
                b: point,
                length_m: part(link.length_m, share),
                time_ds: part(link.time_ds, share),
                tag: link.tag,
            };
            network.links.push(piece);
            before = (point, join.share);
        }
        let km = join.km * CONNECTOR_DETOUR;
        let (length_m, time_ds) = ((km * 1000.0).round() as u32, time_ds(km, speed_kmh));
        network.links.push(Link { a: join.end, b: point, length_m, time_ds, tag: 0 });
    }
    let share = 1.0 - before.1;
    network.links[number as usize] = Link {
        a: before.0,
        length_m: part(link.length_m, share),
        time_ds: part(link.time_ds, share),
        ..link
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    const GAPS: Gaps = Gaps { reach_km: 1.0, detour: 4.0, detour_km: 2.0, speed_kmh: 30.0 };

    fn network(points: &[(f64, f64)], links: &[(u32, u32)]) -> RawNetwork {
        let points: Vec<Point> = points.iter().map(|&(lat, lon)| Point { lat, lon }).collect();
        let length = |a: u32, b: u32| (points[a as usize].distance_km(points[b as usize]) * 1000.0) as u32;
        let links = links
            .iter()
            .map(|&(a, b)| Link { a, b, length_m: length(a, b), time_ds: length(a, b), tag: 0 })
            .collect();
        RawNetwork { points, links, tags: Vec::new() }
    }

    #[test]
    fn a_road_that_ends_before_another_is_joined_to_it() {
        let mut roads = network(&[(0.0, -0.1), (0.0, 0.1), (0.005, 0.0), (0.1, 0.0)], &[(0, 1), (2, 3)]);
        let metres = |network: &RawNetwork| network.links.iter().map(|link| link.length_m).sum::<u32>();
        let before = metres(&roads);
        assert_eq!(mend(&mut roads, GAPS), 1);
        assert_eq!(roads.points.len(), 5);
        assert!((metres(&roads) - before).abs_diff(723) <= 2, "{}", metres(&roads) - before);
    }

    #[test]
    fn a_road_that_is_joined_already_or_far_away_is_left_alone() {
        let mut joined = network(&[(0.0, -0.1), (0.0, 0.0), (0.005, 0.0)], &[(0, 1), (1, 2)]);
        assert_eq!(mend(&mut joined, GAPS), 0);
        let mut far = network(&[(0.0, -0.1), (0.0, 0.1), (0.02, 0.0), (0.1, 0.0)], &[(0, 1), (2, 3)]);
        assert_eq!(mend(&mut far, GAPS), 0);
    }
}
