//! Reading a prepared network where it lies.

use zerocopy::FromBytes;
use zerocopy::little_endian::U32;

use super::{FileError, Header, MAGIC, Profile, Section, StoredChain, VERSION};
use crate::routes::geodesy::{Point, StoredPoint};
use crate::routes::grid::{Cells, Grid};
use crate::routes::hierarchy::{Arc, StoredArc, Via};

/// A prepared network.
#[derive(Debug, Clone)]
pub struct NetworkFile<'a> {
    digest: [u8; 32],
    grid: Grid<'a>,
    nodes: &'a [StoredPoint],
    chains: &'a [StoredChain],
    shape: &'a [StoredPoint],
    tags: Vec<(&'a str, bool)>,
    all: Hierarchy<'a>,
    trains: Hierarchy<'a>,
}

/// A place on a chain.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Position {
    /// The chain's number.
    pub chain: u32,
    /// The number of the piece between two of its points.
    pub piece: u32,
    /// Where on the piece, from 0 to 1.
    pub share: f64,
    /// How far it is from the point that was asked about, in kilometres.
    pub km: f64,
}

impl<'a> NetworkFile<'a> {
    /// Reads the header and finds the sections. Numbers inside them are not looked at: see [`verify`](Self::verify).
    ///
    /// # Errors
    /// [`FileError`] if these bytes are not a prepared network of this version.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, FileError> {
        if !bytes.starts_with(&MAGIC) {
            return Err(FileError::Magic);
        }
        let (header, _) =
            Header::ref_from_prefix(bytes).map_err(|_short| FileError::Damaged("it ends in the header"))?;
        if header.version.get() != VERSION {
            return Err(FileError::Version { found: header.version.get() });
        }
        let file = Sections { bytes, header };
        let tags = std::str::from_utf8(file.bytes(Section::Tags)?)
            .map_err(|_invalid| FileError::Damaged("the names are not UTF-8"))?;
        let this = Self {
            digest: header.digest,
            grid: Grid::new(
                Cells { per_degree: header.cells_per_degree.get().clamp(1, 100) },
                file.slice(Section::Cells)?,
                file.slice(Section::Entries)?,
            ),
            nodes: file.slice(Section::Nodes)?,
            chains: file.slice(Section::Chains)?,
            shape: file.slice(Section::Shape)?,
            tags: tags
                .lines()
                .filter(|line| line.is_char_boundary(1))
                .map(|line| (&line[1..], line.starts_with('T')))
                .collect(),
            all: Hierarchy::new(file.slice(Section::FirstAll)?, file.slice(Section::ArcsAll)?),
            trains: Hierarchy::new(file.slice(Section::FirstTrains)?, file.slice(Section::ArcsTrains)?),
        };
        if this.chains.is_empty() || this.all.first.len() != this.nodes.len() + 1 {
            return Err(FileError::Damaged("a section is missing"));
        }
        Ok(this)
    }

    /// Looks at every number in the file, so that a search cannot leave it. Needed for files of unknown origin; takes
    /// some milliseconds for the roads of the world.
    ///
    /// # Errors
    /// [`FileError::Damaged`] for a number that points outside its section.
    pub fn verify(&self) -> Result<(), FileError> {
        let nodes = self.nodes.len() as u32;
        let shape_ends = self.chains.windows(2).all(|pair| pair[0].shape <= pair[1].shape)
            && self.chains.last().is_some_and(|end| end.shape.get() as usize == self.shape.len());
        let chains = self.chains.iter().rev().skip(1).all(|chain| {
            chain.a < nodes && chain.b < nodes && usize::from(chain.tag.get()) <= self.tags.len()
        });
        let grid = shape_ends
            && chains
            && self.grid.is_sound(|entry| {
                let chain = entry.chain.get();
                chain < self.chain_count() && entry.piece.get() as usize <= self.chain(chain).shape.len()
            });
        let arcs =
            [self.all, self.trains].iter().all(|hierarchy| hierarchy.is_sound(nodes, self.chain_count()));
        match (shape_ends && chains, grid, arcs) {
            (true, true, true) => Ok(()),
            (false, ..) => Err(FileError::Damaged("the chains")),
            (_, false, _) => Err(FileError::Damaged("the grid")),
            (.., false) => Err(FileError::Damaged("the hierarchy")),
        }
    }

    /// The SHA-256 of what the network was made from.
    #[must_use]
    pub const fn digest(&self) -> [u8; 32] {
        self.digest
    }

    /// How many nodes there are.
    #[must_use]
    pub const fn node_count(&self) -> usize {
        self.nodes.len()
    }

    /// How many chains there are.
    #[must_use]
    pub const fn chain_count(&self) -> u32 {
        self.chains.len() as u32 - 1
    }

    /// A node's position.
    #[must_use]
    pub fn node(&self, number: u32) -> Point {
        self.nodes[number as usize].into()
    }

    /// The chain of a number below [`chain_count`](Self::chain_count).
    #[must_use]
    pub fn chain(&self, number: u32) -> ChainRef<'a> {
        let (chain, next) = (&self.chains[number as usize], &self.chains[number as usize + 1]);
        let shape = &self.shape[chain.shape.get() as usize..next.shape.get() as usize];
        ChainRef {
            chain,
            shape,
            a: self.nodes[chain.a.get() as usize],
            b: self.nodes[chain.b.get() as usize],
        }
    }

    /// The name of a tag above 0, and whether trains take it.
    #[must_use]
    pub fn tag(&self, tag: u16) -> Option<(&'a str, bool)> {
        self.tags.get(usize::from(tag).checked_sub(1)?).copied()
    }

    /// The hierarchy for a profile, if the file has it.
    #[must_use]
    pub const fn hierarchy(&self, profile: Profile) -> Hierarchy<'a> {
        match profile {
            Profile::All => self.all,
            Profile::Trains => self.trains,
        }
    }

    /// Calls `found` with the nearest position on every piece of a chain that comes within `km` of a point, and with some
    /// farther ones. A piece that crosses several cells is found several times.
    pub fn positions_within(&self, point: Point, km: f64, mut found: impl FnMut(Position)) {
        for entry in self.grid.near(point, km) {
            let (chain, piece) = (entry.chain.get(), entry.piece.get());
            let (a, b) = self.chain(chain).piece(piece);
            let (km, share) = point.nearest_on_segment(a, b);
            found(Position { chain, piece, share, km });
        }
    }
}

/// A chain in the file.
#[derive(Debug, Clone, Copy)]
pub struct ChainRef<'a> {
    chain: &'a StoredChain,
    shape: &'a [StoredPoint],
    a: StoredPoint,
    b: StoredPoint,
}

impl ChainRef<'_> {
    /// The nodes at its beginning and end.
    #[must_use]
    pub const fn ends(&self) -> (u32, u32) {
        (self.chain.a.get(), self.chain.b.get())
    }

    /// Its length in metres.
    #[must_use]
    pub const fn length_m(&self) -> u32 {
        self.chain.length.get()
    }

    /// Its travel time in tenths of a second.
    #[must_use]
    pub const fn time_ds(&self) -> u32 {
        self.chain.time.get()
    }

    /// Its tag, 0 for none.
    #[must_use]
    pub const fn tag(&self) -> u16 {
        self.chain.tag.get()
    }

    /// The number of its connected component; 0 is the one with most kilometres.
    #[must_use]
    pub const fn component(&self) -> u16 {
        self.chain.component.get()
    }

    /// How many points it has, ends included.
    #[must_use]
    pub const fn point_count(&self) -> u32 {
        self.shape.len() as u32 + 2
    }

    /// A point of it, from 0 at the beginning.
    #[must_use]
    pub fn point(&self, at: u32) -> Point {
        let last = self.shape.len() as u32 + 1;
        match at {
            0 => self.a.into(),
            at if at >= last => self.b.into(),
            at => self.shape[at as usize - 1].into(),
        }
    }

    /// The ends of a piece.
    #[must_use]
    pub fn piece(&self, piece: u32) -> (Point, Point) {
        (self.point(piece), self.point(piece + 1))
    }

    /// How much of the chain lies between its beginning and a position on it, from 0 to 1.
    #[must_use]
    pub fn share_before(&self, piece: u32, share: f64) -> f64 {
        let length = |piece: u32| {
            let (a, b) = self.piece(piece);
            a.distance_km(b)
        };
        let (mut before, mut total) = (0.0, 0.0);
        for at in 0..self.point_count() - 1 {
            let km = length(at);
            match at.cmp(&piece) {
                std::cmp::Ordering::Less => before += km,
                std::cmp::Ordering::Equal => before += km * share,
                std::cmp::Ordering::Greater => {}
            }
            total += km;
        }
        if total > 0.0 { before / total } else { 0.0 }
    }
}

/// The upward arcs of every node.
#[derive(Debug, Clone, Copy)]
pub struct Hierarchy<'a> {
    first: &'a [U32],
    arcs: &'a [StoredArc],
}

impl<'a> Hierarchy<'a> {
    pub(super) const fn new(first: &'a [U32], arcs: &'a [StoredArc]) -> Self {
        Self { first, arcs }
    }

    /// How many nodes it has; 0 if the file was written without this hierarchy.
    #[must_use]
    pub const fn node_count(self) -> usize {
        self.first.len().saturating_sub(1)
    }

    /// The upward arcs of a node.
    #[inline]
    pub fn upward(self, node: u32) -> impl Iterator<Item = Arc> + 'a {
        let (from, to) = (self.first[node as usize].get(), self.first[node as usize + 1].get());
        self.arcs[from as usize..to as usize].iter().map(|&arc| arc.into())
    }

    fn is_sound(self, nodes: u32, chains: u32) -> bool {
        self.first.windows(2).all(|pair| pair[0] <= pair[1])
            && self.first.last().is_none_or(|end| end.get() as usize == self.arcs.len())
            && (self.first.is_empty() || self.first.len() == nodes as usize + 1)
            && self.arcs.iter().map(|&arc| Arc::from(arc)).all(|arc| {
                arc.head < nodes
                    && match arc.via() {
                        Via::Chain(chain) => chain < chains,
                        Via::Node(node) => node < nodes,
                    }
            })
    }
}

struct Sections<'a> {
    bytes: &'a [u8],
    header: &'a Header,
}

impl<'a> Sections<'a> {
    fn bytes(&self, section: Section) -> Result<&'a [u8], FileError> {
        let range = self.header.sections[section as usize];
        let start = usize::try_from(range.start.get()).ok();
        let end = start
            .zip(usize::try_from(range.length.get()).ok())
            .and_then(|(start, length)| start.checked_add(length));
        start
            .zip(end)
            .and_then(|(start, end)| self.bytes.get(start..end))
            .ok_or(FileError::Damaged("a section lies outside the file"))
    }

    fn slice<T>(&self, section: Section) -> Result<&'a [T], FileError>
    where
        T: FromBytes + zerocopy::Immutable + zerocopy::KnownLayout + zerocopy::Unaligned,
    {
        <[T]>::ref_from_bytes(self.bytes(section)?)
            .map_err(|_misfit| FileError::Damaged("a section is no whole number of rows"))
    }
}
