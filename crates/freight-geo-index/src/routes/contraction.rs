//! Contraction hierarchies (Geisberger et al., 2008) over undirected networks, with a second weight.
//!
//! Nodes are taken out one by one, the least important first. Where the fastest path between two neighbours of a node
//! leads over it, a shortcut takes its place. What remains of a node are its *upward* arcs: those to neighbours that
//! were taken out later. A search that only ever climbs them, from both ends, finds the fastest path.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::hierarchy::{Arc, VIA_SHORTCUT, VIA_TAGGED};

/// An edge to contract.
#[derive(Debug, Clone, Copy)]
pub struct Edge {
    /// One end.
    pub a: u32,
    /// The other end.
    pub b: u32,
    /// What is minimized.
    pub time: u32,
    /// What is added up along the fastest path.
    pub length: u32,
    /// The number of the chain.
    pub chain: u32,
    /// Whether the chain has a tag.
    pub tagged: bool,
}

/// A contracted graph.
#[derive(Debug, Clone, Default)]
pub struct Contracted {
    /// Node numbers in the order in which they were taken out.
    pub order: Vec<u32>,
    /// The upward arcs of each node, by node number.
    pub upward: Vec<Vec<Arc>>,
}

/// Settled nodes after which a search for a witness gives up while it estimates a node's importance, and while it contracts.
/// Giving up costs a needless shortcut, never a wrong distance.
const ESTIMATE_LIMIT: u32 = 40;
const CONTRACT_LIMIT: u32 = 400;

/// Contracts a graph, in its own order or in that of an earlier contraction of the same nodes.
#[must_use]
pub fn contract(nodes: usize, edges: &[Edge], order: Option<&[u32]>) -> Contracted {
    let mut contraction = Contraction::new(nodes, edges);
    let order = match order {
        Some(order) => {
            order.iter().for_each(|&node| contraction.take_out(node));
            order.to_vec()
        }
        None => contraction.take_out_all(),
    };
    Contracted { order, upward: contraction.adjacent }
}

#[derive(Clone, Copy)]
struct Shortcut {
    from: u32,
    arc: Arc,
}

struct Contraction {
    /// Arcs to nodes still in the graph, and, of nodes taken out, their upward arcs.
    adjacent: Vec<Vec<Arc>>,
    out: Vec<bool>,
    level: Vec<u32>,
    witness: Witness,
    shortcuts: Vec<Shortcut>,
}

impl Contraction {
    fn new(nodes: usize, edges: &[Edge]) -> Self {
        let mut this = Self {
            adjacent: vec![Vec::new(); nodes],
            out: vec![false; nodes],
            level: vec![0; nodes],
            witness: Witness::new(nodes),
            shortcuts: Vec::new(),
        };
        for edge in edges.iter().filter(|edge| edge.a != edge.b) {
            let via = edge.chain | if edge.tagged { VIA_TAGGED } else { 0 };
            this.join(edge.a, Arc::new(edge.b, edge.time, edge.length, via));
            this.join(edge.b, Arc::new(edge.a, edge.time, edge.length, via));
        }
        this
    }

    fn join(&mut self, from: u32, arc: Arc) {
        let arcs = &mut self.adjacent[from as usize];
        match arcs.iter_mut().find(|known| known.head == arc.head) {
            Some(known) if arc.time < known.time => *known = arc,
            Some(_) => {}
            None => arcs.push(arc),
        }
    }

    fn take_out_all(&mut self) -> Vec<u32> {
        let mut queue: BinaryHeap<Reverse<(u64, u32)>> =
            (0..self.adjacent.len() as u32).map(|node| Reverse((self.importance(node), node))).collect();
        let mut order = Vec::with_capacity(self.adjacent.len());
        while let Some(Reverse((_, node))) = queue.pop() {
            let importance = self.importance(node);
            if queue.peek().is_some_and(|Reverse((next, _))| importance > *next) {
                queue.push(Reverse((importance, node)));
            } else {
                self.take_out(node);
                order.push(node);
            }
        }
        order
    }

    /// Shortcuts per arc removed, and how many contractions the node's neighbours already carry.
    fn importance(&mut self, node: u32) -> u64 {
        let removed = self.adjacent[node as usize].len() as u64;
        if removed == 0 {
            return u64::from(self.level[node as usize]) * 1000;
        }
        self.find_shortcuts(node, ESTIMATE_LIMIT);
        let added = self.shortcuts.len() as u64;
        u64::from(self.level[node as usize]) * 1000 + 2000 * added / removed + added * 20
    }

    fn find_shortcuts(&mut self, node: u32, limit: u32) {
        self.shortcuts.clear();
        let arcs = &self.adjacent[node as usize];
        for (at, first) in arcs.iter().enumerate() {
            let others = &arcs[at + 1..];
            let Some(farthest) = others.iter().map(|arc| first.time + arc.time).max() else { break };
            self.witness.search(&self.adjacent, first.head, node, farthest, others, limit);
            for other in others {
                let time = first.time + other.time;
                if self.witness.time(other.head) > time {
                    let via = node | VIA_SHORTCUT | ((first.via | other.via) & VIA_TAGGED);
                    let arc = Arc::new(other.head, time, first.length + other.length, via);
                    self.shortcuts.push(Shortcut { from: first.head, arc });
                }
            }
        }
    }

    fn take_out(&mut self, node: u32) {
        self.find_shortcuts(node, CONTRACT_LIMIT);
        self.out[node as usize] = true;
        for at in 0..self.adjacent[node as usize].len() {
            let head = self.adjacent[node as usize][at].head as usize;
            self.adjacent[head].retain(|arc| arc.head != node);
            self.level[head] = self.level[head].max(self.level[node as usize] + 1);
        }
        for Shortcut { from, arc } in std::mem::take(&mut self.shortcuts) {
            self.join(from, arc);
            self.join(arc.head, Arc { head: from, ..arc });
        }
    }
}

/// A search for paths that avoid a node.
struct Witness {
    times: Vec<u32>,
    touched: Vec<u32>,
    wanted: Vec<bool>,
    queue: BinaryHeap<Reverse<(u32, u32)>>,
}

impl Witness {
    fn new(nodes: usize) -> Self {
        Self {
            times: vec![u32::MAX; nodes],
            touched: Vec::new(),
            wanted: vec![false; nodes],
            queue: BinaryHeap::new(),
        }
    }

    fn time(&self, node: u32) -> u32 {
        self.times[node as usize]
    }

    fn search(
        &mut self,
        graph: &[Vec<Arc>],
        from: u32,
        without: u32,
        farthest: u32,
        wanted: &[Arc],
        limit: u32,
    ) {
        for node in self.touched.drain(..) {
            self.times[node as usize] = u32::MAX;
        }
        self.queue.clear();
        self.reach(from, 0);
        wanted.iter().for_each(|arc| self.wanted[arc.head as usize] = true);
        let (mut missing, mut settled) = (wanted.len(), 0);
        while let Some(Reverse((time, node))) = self.queue.pop() {
            if time > self.times[node as usize] {
                continue;
            }
            if std::mem::take(&mut self.wanted[node as usize]) {
                missing -= 1;
            }
            settled += 1;
            if missing == 0 || settled > limit || time > farthest {
                break;
            }
            for arc in graph[node as usize].iter().filter(|arc| arc.head != without) {
                let next = time + arc.time;
                if next < self.times[arc.head as usize] && next <= farthest {
                    self.reach(arc.head, next);
                }
            }
        }
        wanted.iter().for_each(|arc| self.wanted[arc.head as usize] = false);
    }

    fn reach(&mut self, node: u32, time: u32) {
        if self.times[node as usize] == u32::MAX {
            self.touched.push(node);
        }
        self.times[node as usize] = time;
        self.queue.push(Reverse((time, node)));
    }
}
