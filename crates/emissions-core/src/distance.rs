//! What kind of distance a number of kilometres is.

use serde::{Deserialize, Serialize};

use crate::Kilometres;

/// What a flight covers beyond the great circle, in kilometres (EN 16258, ISO 14083, GLEC v3.0 p. 115).
pub const AIR_DETOUR: Kilometres = Kilometres::computed(95.0);

/// The basis of a transport distance (ISO 14083:2023, clause 6; GLEC v3.0 module 1).
///
/// ISO 14083 computes transport activity from the shortest feasible or the great-circle distance. An intensity that was
/// calculated from distances actually driven needs a distance adjustment factor before it meets either of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DistanceBasis {
    /// Kilometres that the vehicle covered, from odometer, telematics or a ship's log.
    Actual,
    /// Shortest feasible distance (SFD): the shortest route that the vehicle can take in practice.
    ShortestFeasible,
    /// Great-circle distance (GCD) between origin and destination.
    GreatCircle,
    /// Great-circle distance and [`AIR_DETOUR`] for take-off, landing and taxi detours of one flight.
    GreatCirclePlus95,
}

impl DistanceBasis {
    /// The name used in factor packs and receipts: `actual`, `sfd`, `gcd` or `gcd+95km`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Actual => "actual",
            Self::ShortestFeasible => "sfd",
            Self::GreatCircle => "gcd",
            Self::GreatCirclePlus95 => "gcd+95km",
        }
    }
}
