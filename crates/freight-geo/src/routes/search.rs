//! The search on a contraction hierarchy: from both ends upwards until the two meet.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::{Mutex, PoisonError};

use freight_geo_index::routes::file::Hierarchy;
use freight_geo_index::routes::hierarchy::{Arc, Via};

/// A node where the search may begin, with what it costs to get there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seed {
    pub(super) node: u32,
    pub(super) time_ds: u32,
    pub(super) length_m: u32,
}

/// The fastest path between two sets of seeds, the way to the seeds included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) time_ds: u32,
    pub(super) length_m: u32,
    meeting: u32,
}

/// A chain on a path, and whether it is travelled from its beginning to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Travelled {
    pub(super) chain: u32,
    pub(super) forward: bool,
}

#[derive(Clone, Copy)]
struct Label {
    time: u32,
    length: u32,
    /// The node before, or [`SEED`].
    from: u32,
    via: u32,
}

const SEED: u32 = u32::MAX;
const UNREACHED: Label = Label { time: u32::MAX, length: 0, from: SEED, via: 0 };

#[derive(Default)]
struct Side {
    labels: Vec<Label>,
    touched: Vec<u32>,
    queue: BinaryHeap<Reverse<(u32, u32)>>,
}

impl Side {
    fn start(&mut self, nodes: usize, seeds: &[Seed]) {
        for node in self.touched.drain(..) {
            self.labels[node as usize] = UNREACHED;
        }
        self.queue.clear();
        self.labels.resize(nodes.max(self.labels.len()), UNREACHED);
        for seed in seeds {
            self.reach(seed.node, Label { time: seed.time_ds, length: seed.length_m, from: SEED, via: 0 });
        }
    }

    fn reach(&mut self, node: u32, label: Label) {
        let known = &mut self.labels[node as usize];
        if label.time < known.time {
            if known.time == u32::MAX {
                self.touched.push(node);
            }
            *known = label;
            self.queue.push(Reverse((label.time, node)));
        }
    }

    fn next_time(&self) -> u32 {
        self.queue.peek().map_or(u32::MAX, |Reverse((time, _))| *time)
    }

    /// Takes the nearest node from the queue and climbs from it. Returns the node if it was not reached faster before.
    fn settle(&mut self, hierarchy: Hierarchy<'_>) -> Option<u32> {
        let Reverse((time, node)) = self.queue.pop()?;
        let label = self.labels[node as usize];
        if time > label.time {
            return None;
        }
        // A faster way down from a more important node shows that no fastest path climbs here.
        if hierarchy
            .upward(node)
            .any(|arc| self.labels[arc.head as usize].time.saturating_add(arc.time) < time)
        {
            return Some(node);
        }
        for arc in hierarchy.upward(node) {
            let next =
                Label { time: time + arc.time, length: label.length + arc.length, from: node, via: arc.via };
            self.reach(arc.head, next);
        }
        Some(node)
    }
}

/// Memory for one search at a time.
#[derive(Default)]
pub(super) struct Scratch {
    forward: Side,
    backward: Side,
}

impl Scratch {
    /// Searches; `None` if no path joins the two sets.
    pub(super) fn search(&mut self, hierarchy: Hierarchy<'_>, from: &[Seed], to: &[Seed]) -> Option<Found> {
        let nodes = hierarchy.node_count();
        self.forward.start(nodes, from);
        self.backward.start(nodes, to);
        let mut best: Option<Found> = None;
        loop {
            let (ahead, behind) = (self.forward.next_time(), self.backward.next_time());
            if ahead.min(behind) >= best.map_or(u32::MAX, |found| found.time_ds) {
                return best;
            }
            let (side, other) = if ahead <= behind {
                (&mut self.forward, &self.backward)
            } else {
                (&mut self.backward, &self.forward)
            };
            let Some(node) = side.settle(hierarchy) else { continue };
            let (here, there) = (side.labels[node as usize], other.labels[node as usize]);
            let time_ds = here.time.saturating_add(there.time);
            if time_ds < best.map_or(u32::MAX, |found| found.time_ds) {
                best = Some(Found { time_ds, length_m: here.length + there.length, meeting: node });
            }
        }
    }

    /// The nodes and arcs of the path that was found last, from the first seed to the last.
    fn arcs(&self, found: Found) -> Vec<(u32, Arc)> {
        let climb = |side: &Side| {
            let mut steps = Vec::new();
            let mut node = found.meeting;
            while let Label { from, via, .. } = side.labels[node as usize]
                && from != SEED
            {
                steps.push((from, Arc::new(node, 0, 0, via)));
                node = from;
            }
            steps
        };
        let mut steps = climb(&self.forward);
        steps.reverse();
        steps
            .extend(climb(&self.backward).into_iter().map(|(low, arc)| (arc.head, Arc { head: low, ..arc })));
        steps
    }

    /// The chains of the path that was found last, in order of travel; only tagged ones if `tagged_only`.
    pub(super) fn chains(
        &self,
        hierarchy: Hierarchy<'_>,
        found: Found,
        tagged_only: bool,
        starts_at: impl Fn(u32) -> u32,
    ) -> Vec<Travelled> {
        let mut chains = Vec::new();
        let mut open: Vec<(u32, Arc)> = self.arcs(found);
        open.reverse();
        while let Some((from, arc)) = open.pop() {
            if tagged_only && !arc.is_tagged() {
                continue;
            }
            match arc.via() {
                Via::Chain(chain) => chains.push(Travelled { chain, forward: starts_at(chain) == from }),
                Via::Node(middle) => {
                    let half = |end: u32| hierarchy.upward(middle).find(|half| half.head == end);
                    if let (Some(first), Some(second)) = (half(from), half(arc.head)) {
                        open.push((middle, second));
                        open.push((from, Arc { head: middle, ..first }));
                    }
                }
            }
        }
        chains
    }

    /// The nodes where the path that was found last leaves the first seed and reaches the last.
    pub(super) fn ends(&self, found: Found) -> (u32, u32) {
        let root = |side: &Side| {
            let mut node = found.meeting;
            while side.labels[node as usize].from != SEED {
                node = side.labels[node as usize].from;
            }
            node
        };
        (root(&self.forward), root(&self.backward))
    }
}

/// Scratch memory that searches take and give back, as many as ever ran at once.
#[derive(Default)]
pub(super) struct ScratchPool(Mutex<Vec<Scratch>>);

impl ScratchPool {
    /// Runs a search with memory from the pool.
    pub(super) fn with<T>(&self, search: impl FnOnce(&mut Scratch) -> T) -> T {
        let taken = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut scratch = taken.unwrap_or_default();
        let result = search(&mut scratch);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(scratch);
        result
    }
}

#[cfg(test)]
mod tests {
    use freight_geo_index::routes::chains::{Link, RawNetwork};
    use freight_geo_index::routes::file::{NetworkFile, Profile, prepare};
    use freight_geo_index::routes::geodesy::Point;
    use freight_geo_index::routes::grid::Cells;
    use proptest::prelude::*;

    use super::*;

    fn network(links: &[(u32, u32, u32)], points: u32) -> RawNetwork {
        RawNetwork {
            points: (0..points).map(|at| Point { lat: f64::from(at) / 100.0, lon: 0.0 }).collect(),
            links: links
                .iter()
                .map(|&(a, b, time)| Link { a, b, time_ds: time, length_m: time * 7, tag: 0 })
                .collect(),
            tags: Vec::new(),
        }
    }

    /// Bellman and Ford: slow and plainly right.
    fn reference(file: &NetworkFile<'_>, from: u32) -> Vec<u64> {
        let mut times = vec![u64::MAX; file.node_count()];
        times[from as usize] = 0;
        for _ in 0..times.len() {
            for chain in (0..file.chain_count()).map(|number| file.chain(number)) {
                let (a, b) = chain.ends();
                for (a, b) in [(a, b), (b, a)] {
                    let next = times[a as usize].saturating_add(u64::from(chain.time_ds()));
                    times[b as usize] = times[b as usize].min(next);
                }
            }
        }
        times
    }

    proptest! {
        #[test]
        fn the_fastest_path_is_found_with_its_length_and_chains(
            links in proptest::collection::vec((0u32..40, 0u32..40, 1u32..100), 1..120)
        ) {
            let bytes = prepare(&network(&links, 40), Cells { per_degree: 10 }, &[], [0; 32]).unwrap();
            let file = NetworkFile::parse(&bytes).unwrap();
            file.verify().unwrap();
            let hierarchy = file.hierarchy(Profile::All);
            let pool = ScratchPool::default();
            let seed = |node| [Seed { node, time_ds: 0, length_m: 0 }];
            for from in 0..file.node_count() as u32 {
                let expected = reference(&file, from);
                for to in 0..file.node_count() as u32 {
                    pool.with(|scratch| -> Result<(), TestCaseError> {
                        let found = scratch.search(hierarchy, &seed(from), &seed(to));
                        prop_assert_eq!(found.map_or(u64::MAX, |f| u64::from(f.time_ds)), expected[to as usize]);
                        let Some(found) = found else { return Ok(()) };
                        prop_assert_eq!(found.length_m, found.time_ds * 7);
                        let chains = scratch.chains(hierarchy, found, false, |chain| file.chain(chain).ends().0);
                        let time: u32 = chains.iter().map(|step| file.chain(step.chain).time_ds()).sum();
                        prop_assert_eq!(time, found.time_ds);
                        let mut node = from;
                        for step in chains {
                            let (a, b) = file.chain(step.chain).ends();
                            let (start, end) = if step.forward { (a, b) } else { (b, a) };
                            prop_assert_eq!(start, node);
                            node = end;
                        }
                        prop_assert_eq!(node, to);
                        Ok(())
                    })?;
                }
            }
        }
    }
}
