//! Preparing a network and writing it.

use zerocopy::little_endian::{U16, U32, U64};
use zerocopy::{FromZeros, IntoBytes};

use super::{Header, MAGIC, Profile, Section, SectionRange, StoredChain, VERSION};
use crate::routes::chains::{Chain, ChainNetwork, RawNetwork};
use crate::routes::contraction::{Contracted, Edge, contract};
use crate::routes::file::reader::{Hierarchy, NetworkFile};
use crate::routes::geodesy::{Point, StoredPoint};
use crate::routes::grid::{Cells, GridBuilder};
use crate::routes::hierarchy::{Arc, StoredArc, VIA_NUMBER, VIA_SHORTCUT};

use thiserror::Error;

/// A network that the file cannot hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum WriteError {
    /// There is nothing to write.
    #[error("the network has no links")]
    Empty,
    /// There are more nodes or chains than their numbers have bits for.
    #[error("the network is too large: {0} nodes or chains, at most {VIA_NUMBER} can be numbered")]
    TooLarge(usize),
}

/// Prepares a network for searching and returns the file's content.
///
/// `digest` is the SHA-256 of what the network was read from. For a profile that is not in `profiles`, the file holds no
/// hierarchy.
///
/// # Errors
/// [`WriteError`] for an empty or enormous network.
pub fn prepare(
    raw: &RawNetwork,
    cells: Cells,
    profiles: &[Profile],
    digest: [u8; 32],
) -> Result<Vec<u8>, WriteError> {
    let mut network = ChainNetwork::reduce(raw);
    let largest = network.nodes.len().max(network.chains.len());
    if network.chains.is_empty() {
        return Err(WriteError::Empty);
    }
    if largest > VIA_NUMBER as usize {
        return Err(WriteError::TooLarge(largest));
    }
    let all = contract(network.nodes.len(), &edges(&network, Profile::All), None);
    let rank = ranks(&all.order);
    let trains = profiles
        .contains(&Profile::Trains)
        .then(|| contract(network.nodes.len(), &edges(&network, Profile::Trains), Some(&all.order)));
    let all = OwnedHierarchy::new(&all, &rank);
    let trains = trains.map_or_else(OwnedHierarchy::default, |trains| OwnedHierarchy::new(&trains, &rank));
    renumber(&mut network, &rank);
    Ok(write(&network, cells, digest, &all, &trains))
}

fn edges(network: &ChainNetwork, profile: Profile) -> Vec<Edge> {
    let allowed = |chain: &Chain| {
        profile == Profile::All || chain.tag == 0 || network.tags[usize::from(chain.tag) - 1].carries_trains
    };
    let chains = (0u32..).zip(&network.chains).filter(|(_, chain)| allowed(chain));
    chains
        .map(|(number, chain)| Edge {
            a: chain.a,
            b: chain.b,
            time: chain.time_ds,
            length: chain.length_m,
            chain: number,
            tagged: chain.tag != 0,
        })
        .collect()
}

fn ranks(order: &[u32]) -> Vec<u32> {
    let mut rank = vec![0; order.len()];
    for (at, &node) in (0u32..).zip(order.iter().rev()) {
        rank[node as usize] = at;
    }
    rank
}

fn renumber(network: &mut ChainNetwork, rank: &[u32]) {
    let mut nodes = network.nodes.clone();
    for (node, &rank) in network.nodes.iter().zip(rank) {
        nodes[rank as usize] = *node;
    }
    network.nodes = nodes;
    for chain in &mut network.chains {
        chain.a = rank[chain.a as usize];
        chain.b = rank[chain.b as usize];
    }
}

/// A contraction hierarchy in memory.
#[derive(Debug, Clone, Default)]
pub struct OwnedHierarchy {
    first: Vec<U32>,
    arcs: Vec<StoredArc>,
}

impl OwnedHierarchy {
    /// Contracts the chains of a file again, leaving out those whose tag `allowed` refuses (0: no tag).
    #[must_use]
    pub fn contract(file: &NetworkFile<'_>, allowed: impl Fn(u16) -> bool) -> Self {
        let edges: Vec<Edge> = (0..file.chain_count())
            .map(|number| (number, file.chain(number)))
            .filter(|(_, chain)| allowed(chain.tag()))
            .map(|(number, chain)| Edge {
                a: chain.ends().0,
                b: chain.ends().1,
                time: chain.time_ds(),
                length: chain.length_m(),
                chain: number,
                tagged: chain.tag() != 0,
            })
            .collect();
        let nodes = file.node_count();
        let numbers: Vec<u32> = (0..nodes as u32).collect();
        Self::new(&contract(nodes, &edges, None), &numbers)
    }

    /// The hierarchy, to be searched.
    #[must_use]
    pub fn view(&self) -> Hierarchy<'_> {
        Hierarchy::new(&self.first, &self.arcs)
    }

    fn new(contracted: &Contracted, rank: &[u32]) -> Self {
        let mut nodes: Vec<u32> = (0..rank.len() as u32).collect();
        nodes.sort_unstable_by_key(|&node| rank[node as usize]);
        let mut this = Self { first: vec![U32::new(0)], arcs: Vec::new() };
        for node in nodes {
            let mut arcs: Vec<Arc> =
                contracted.upward[node as usize].iter().map(|&arc| renumbered(arc, rank)).collect();
            arcs.sort_unstable_by_key(|arc| arc.head);
            this.arcs.extend(arcs.into_iter().map(StoredArc::from));
            this.first.push(U32::new(this.arcs.len() as u32));
        }
        this
    }
}

fn renumbered(arc: Arc, rank: &[u32]) -> Arc {
    let via = if arc.via & VIA_SHORTCUT == 0 {
        arc.via
    } else {
        (arc.via & !VIA_NUMBER) | rank[(arc.via & VIA_NUMBER) as usize]
    };
    Arc { head: rank[arc.head as usize], via, ..arc }
}

fn write(
    network: &ChainNetwork,
    cells: Cells,
    digest: [u8; 32],
    all: &OwnedHierarchy,
    trains: &OwnedHierarchy,
) -> Vec<u8> {
    let nodes: Vec<StoredPoint> = network.nodes.iter().copied().map(StoredPoint::from).collect();
    let (chains, shape, grid) = chain_sections(network, cells);
    let (cell_rows, entries) = grid.build();
    let tags: String = network
        .tags
        .iter()
        .map(|tag| format!("{}{}\n", if tag.carries_trains { 'T' } else { '-' }, tag.name))
        .collect();

    let mut header = Header::new_zeroed();
    (header.magic, header.version, header.digest) = (MAGIC, U32::new(VERSION), digest);
    header.cells_per_degree = U32::new(cells.per_degree);
    let mut content = vec![0; size_of::<Header>()];
    let mut add = |section: Section, bytes: &[u8]| {
        let (start, length) = (U64::new(content.len() as u64), U64::new(bytes.len() as u64));
        header.sections[section as usize] = SectionRange { start, length };
        content.extend_from_slice(bytes);
        content.resize(content.len().next_multiple_of(8), 0);
    };
    add(Section::Nodes, nodes.as_bytes());
    add(Section::Chains, chains.as_bytes());
    add(Section::Shape, shape.as_bytes());
    add(Section::Cells, cell_rows.as_bytes());
    add(Section::Entries, entries.as_bytes());
    add(Section::Tags, tags.as_bytes());
    add(Section::FirstAll, all.first.as_bytes());
    add(Section::ArcsAll, all.arcs.as_bytes());
    add(Section::FirstTrains, trains.first.as_bytes());
    add(Section::ArcsTrains, trains.arcs.as_bytes());
    content[..size_of::<Header>()].copy_from_slice(header.as_bytes());
    content
}

fn chain_sections(network: &ChainNetwork, cells: Cells) -> (Vec<StoredChain>, Vec<StoredPoint>, GridBuilder) {
    let mut grid = GridBuilder::new(cells);
    let mut shape: Vec<StoredPoint> = Vec::new();
    let mut chains = Vec::with_capacity(network.chains.len() + 1);
    let mut points: Vec<Point> = Vec::new();
    for (number, chain) in (0u32..).zip(&network.chains) {
        chains.push(StoredChain {
            a: U32::new(chain.a),
            b: U32::new(chain.b),
            time: U32::new(chain.time_ds),
            length: U32::new(chain.length_m),
            shape: U32::new(shape.len() as u32),
            tag: U16::new(chain.tag),
            component: U16::new(chain.component),
        });
        points.clear();
        points.push(network.nodes[chain.a as usize]);
        points.extend(&chain.shape);
        points.push(network.nodes[chain.b as usize]);
        grid.add(number, &points);
        shape.extend(chain.shape.iter().copied().map(StoredPoint::from));
    }
    let mut end = StoredChain::new_zeroed();
    end.shape = U32::new(shape.len() as u32);
    chains.push(end);
    (chains, shape, grid)
}
