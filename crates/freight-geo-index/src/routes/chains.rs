//! Networks as they are read, and their reduction to crossings and the chains between them.

use super::geodesy::Point;

/// Points and undirected links between them.
#[derive(Debug, Clone, Default)]
pub struct RawNetwork {
    /// Where the links begin, bend and end.
    pub points: Vec<Point>,
    /// The links.
    pub links: Vec<Link>,
    /// What the tags of links name, in the order of the tags: tag 1 names the first.
    pub tags: Vec<Tag>,
}

impl RawNetwork {
    /// For each point, where the numbers of the links that end there begin in the second list.
    pub(super) fn incidence(&self) -> (Vec<u32>, Vec<u32>) {
        let mut first = vec![0u32; self.points.len() + 1];
        for link in &self.links {
            first[link.a as usize + 1] += 1;
            first[link.b as usize + 1] += 1;
        }
        for at in 1..first.len() {
            first[at] += first[at - 1];
        }
        let mut next = first.clone();
        let mut incident = vec![0u32; self.links.len() * 2];
        for (number, link) in (0u32..).zip(&self.links) {
            for end in [link.a, link.b] {
                incident[next[end as usize] as usize] = number;
                next[end as usize] += 1;
            }
        }
        (first, incident)
    }
}

/// A way between two points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// Index of one end in [`RawNetwork::points`].
    pub a: u32,
    /// Index of the other end.
    pub b: u32,
    /// Length in metres.
    pub length_m: u32,
    /// Travel time in tenths of a second.
    pub time_ds: u32,
    /// 0 for nothing of note, else the number of a [`Tag`]: a ferry or a passage.
    pub tag: u16,
}

/// What a tagged link is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// Its name, as in `Dover - Calais` or `suez`.
    pub name: String,
    /// Whether trains take it too.
    pub carries_trains: bool,
}

/// Links joined end to end, between two nodes.
#[derive(Debug, Clone)]
pub struct Chain {
    /// The node at the beginning.
    pub a: u32,
    /// The node at the end.
    pub b: u32,
    /// Length in metres.
    pub length_m: u32,
    /// Travel time in tenths of a second.
    pub time_ds: u32,
    /// The tag of its links. A chain with a tag has the direction of its only link.
    pub tag: u16,
    /// Number of the connected component, 0 for the one with most kilometres.
    pub component: u16,
    /// Points between the ends, from `a` to `b`.
    pub shape: Vec<Point>,
}

/// A network reduced to its crossings.
#[derive(Debug, Clone, Default)]
pub struct ChainNetwork {
    /// Where the chains meet or end.
    pub nodes: Vec<Point>,
    /// The chains between them.
    pub chains: Vec<Chain>,
    /// What the tags name.
    pub tags: Vec<Tag>,
}

impl ChainNetwork {
    /// Joins links wherever exactly two untagged ones meet.
    #[must_use]
    pub fn reduce(raw: &RawNetwork) -> Self {
        Reduction::new(raw).run()
    }
}

struct Reduction<'a> {
    raw: &'a RawNetwork,
    first: Vec<u32>,
    incident: Vec<u32>,
    used: Vec<bool>,
    node_of: Vec<u32>,
    nodes: Vec<Point>,
}

const NOT_A_NODE: u32 = u32::MAX;

impl<'a> Reduction<'a> {
    fn new(raw: &'a RawNetwork) -> Self {
        let (first, incident) = raw.incidence();
        Self {
            raw,
            first,
            incident,
            used: vec![false; raw.links.len()],
            node_of: vec![NOT_A_NODE; raw.points.len()],
            nodes: Vec::new(),
        }
    }

    fn run(mut self) -> ChainNetwork {
        let mut chains = Vec::new();
        for point in 0..self.raw.points.len() as u32 {
            if !self.is_passed_through(point) {
                self.follow_all(point, &mut chains);
            }
        }
        // What is left are rings that nothing joins: any point of one can be its node.
        for number in 0..self.raw.links.len() {
            if !self.used[number] {
                self.follow_all(self.raw.links[number].a, &mut chains);
            }
        }
        number_components(self.nodes.len(), &mut chains);
        ChainNetwork { nodes: self.nodes, chains, tags: self.raw.tags.clone() }
    }

    fn incident(&self, point: u32) -> &[u32] {
        &self.incident[self.first[point as usize] as usize..self.first[point as usize + 1] as usize]
    }

    fn is_passed_through(&self, point: u32) -> bool {
        matches!(self.incident(point), &[one, other]
            if one != other && self.raw.links[one as usize].tag == 0 && self.raw.links[other as usize].tag == 0)
    }

    fn node(&mut self, point: u32) -> u32 {
        let node = &mut self.node_of[point as usize];
        if *node == NOT_A_NODE {
            *node = self.nodes.len() as u32;
            self.nodes.push(self.raw.points[point as usize]);
        }
        *node
    }

    fn follow_all(&mut self, from: u32, chains: &mut Vec<Chain>) {
        for at in self.first[from as usize]..self.first[from as usize + 1] {
            let number = self.incident[at as usize];
            if !self.used[number as usize] {
                chains.push(self.follow(from, number));
            }
        }
    }

    fn follow(&mut self, from: u32, first_link: u32) -> Chain {
        let mut chain = Chain {
            a: self.node(from),
            b: 0,
            length_m: 0,
            time_ds: 0,
            tag: self.raw.links[first_link as usize].tag,
            component: 0,
            shape: Vec::new(),
        };
        let (mut point, mut number) = (from, first_link);
        loop {
            self.used[number as usize] = true;
            let link = self.raw.links[number as usize];
            chain.length_m += link.length_m;
            chain.time_ds += link.time_ds;
            point = if link.a == point { link.b } else { link.a };
            let next = self.incident(point).iter().copied().find(|&next| !self.used[next as usize]);
            match next.filter(|_| self.is_passed_through(point) && self.node_of[point as usize] == NOT_A_NODE)
            {
                Some(next) => {
                    chain.shape.push(self.raw.points[point as usize]);
                    number = next;
                }
                None => break,
            }
        }
        chain.b = self.node(point);
        // A tagged link is a chain of its own and keeps its direction, so that its name can be read the right way round.
        if chain.tag != 0 && self.raw.links[first_link as usize].a != from {
            std::mem::swap(&mut chain.a, &mut chain.b);
        }
        chain
    }
}

fn number_components(nodes: usize, chains: &mut [Chain]) {
    let mut parent: Vec<u32> = (0..nodes as u32).collect();
    for chain in chains.iter() {
        let (a, b) = (root(&mut parent, chain.a), root(&mut parent, chain.b));
        parent[a as usize] = b;
    }
    let mut metres = vec![0u64; nodes];
    for chain in chains.iter() {
        metres[root(&mut parent, chain.a) as usize] += u64::from(chain.length_m);
    }
    let mut roots: Vec<u32> = (0..nodes as u32).filter(|&node| metres[node as usize] > 0).collect();
    roots.sort_by_key(|&node| std::cmp::Reverse(metres[node as usize]));
    let mut number = vec![u16::MAX; nodes];
    for (rank, &node) in roots.iter().enumerate() {
        number[node as usize] = u16::try_from(rank).unwrap_or(u16::MAX);
    }
    for chain in chains {
        chain.component = number[root(&mut parent, chain.a) as usize];
    }
}

/// The representative of a node's component in a union-find forest.
pub(super) fn root(parent: &mut [u32], mut node: u32) -> u32 {
    while parent[node as usize] != node {
        parent[node as usize] = parent[parent[node as usize] as usize];
        node = parent[node as usize];
    }
    node
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(points: u32, links: &[(u32, u32, u16)]) -> ChainNetwork {
        ChainNetwork::reduce(&RawNetwork {
            points: (0..points).map(|at| Point { lat: f64::from(at), lon: 0.0 }).collect(),
            links: links.iter().map(|&(a, b, tag)| Link { a, b, length_m: 100, time_ds: 10, tag }).collect(),
            tags: Vec::new(),
        })
    }

    #[test]
    fn points_without_a_branch_become_shape() {
        let reduced = network(4, &[(0, 1, 0), (2, 1, 0), (2, 3, 0)]);
        let [chain] = reduced.chains.as_slice() else { panic!("{:?}", reduced.chains) };
        assert_eq!((chain.length_m, chain.time_ds, chain.shape.len(), reduced.nodes.len()), (300, 30, 2, 2));
    }

    #[test]
    fn a_ferry_stays_a_chain_of_its_own() {
        let reduced = network(4, &[(0, 1, 0), (1, 2, 1), (2, 3, 0)]);
        assert_eq!(reduced.chains.iter().map(|chain| chain.tag).collect::<Vec<_>>(), [0, 1, 0]);
    }

    #[test]
    fn a_ring_without_a_branch_is_kept() {
        let reduced = network(3, &[(0, 1, 0), (1, 2, 0), (2, 0, 0)]);
        assert_eq!(reduced.chains.iter().map(|chain| chain.length_m).sum::<u32>(), 300);
    }

    #[test]
    fn components_are_numbered_by_length() {
        let reduced = network(5, &[(0, 1, 0), (2, 3, 0), (3, 4, 0)]);
        let component =
            |length| reduced.chains.iter().find(|chain| chain.length_m == length).unwrap().component;
        assert_eq!((component(200), component(100)), (0, 1));
    }
}
