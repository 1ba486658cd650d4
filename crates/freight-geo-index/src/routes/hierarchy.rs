//! The arcs of a contraction hierarchy, in memory and in the file.

use zerocopy::little_endian::U32;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// Bit of [`Arc::via`]: the arc is a shortcut, and the other bits name the node that it leads over, not a chain.
pub const VIA_SHORTCUT: u32 = 1 << 31;
/// Bit of [`Arc::via`]: a tagged chain lies on the arc.
pub const VIA_TAGGED: u32 = 1 << 30;
/// The bits of [`Arc::via`] that name the chain or node.
pub const VIA_NUMBER: u32 = VIA_TAGGED - 1;

/// An arc to a more important node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arc {
    /// The node that it leads to.
    pub head: u32,
    /// What is minimized: tenths of a second.
    pub time: u32,
    /// What is added up: metres.
    pub length: u32,
    /// [`VIA_SHORTCUT`], [`VIA_TAGGED`] and a number.
    pub via: u32,
}

impl Arc {
    /// Makes an arc of its parts.
    #[must_use]
    pub const fn new(head: u32, time: u32, length: u32, via: u32) -> Self {
        Self { head, time, length, via }
    }

    /// Whether a tagged chain lies on the arc.
    #[must_use]
    pub const fn is_tagged(self) -> bool {
        self.via & VIA_TAGGED != 0
    }

    /// The chain that the arc is, or the node that it leads over.
    #[must_use]
    pub const fn via(self) -> Via {
        if self.via & VIA_SHORTCUT == 0 {
            Via::Chain(self.via & VIA_NUMBER)
        } else {
            Via::Node(self.via & VIA_NUMBER)
        }
    }
}

/// What an [`Arc`] stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    /// One chain.
    Chain(u32),
    /// Two arcs that start at this less important node.
    Node(u32),
}

/// An [`Arc`] as it stands in a file.
#[derive(Debug, Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct StoredArc {
    head: U32,
    time: U32,
    length: U32,
    via: U32,
}

impl From<Arc> for StoredArc {
    fn from(arc: Arc) -> Self {
        Self {
            head: U32::new(arc.head),
            time: U32::new(arc.time),
            length: U32::new(arc.length),
            via: U32::new(arc.via),
        }
    }
}

impl From<StoredArc> for Arc {
    fn from(arc: StoredArc) -> Self {
        Self::new(arc.head.get(), arc.time.get(), arc.length.get(), arc.via.get())
    }
}
