//! Distances, how they were found, the passages that ships avoid, and the port that gives them.

use async_trait::async_trait;
use emissions_core::{DistanceBasis, Kilometres, Mode};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Coordinates, Place};

/// A strait or canal that ships may be told to avoid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the variants are names of passages")]
pub enum Passage {
    BabElMandeb,
    Bering,
    Bosporus,
    Dardanelles,
    Gibraltar,
    Hormuz,
    Magellan,
    Malacca,
    Northwest,
    Panama,
    CapeOfGoodHope,
    Suez,
    Sunda,
}

impl Passage {
    /// Every passage.
    pub const ALL: [Self; 13] = [
        Self::BabElMandeb,
        Self::Bering,
        Self::Bosporus,
        Self::Dardanelles,
        Self::Gibraltar,
        Self::Hormuz,
        Self::Magellan,
        Self::Malacca,
        Self::Northwest,
        Self::Panama,
        Self::CapeOfGoodHope,
        Self::Suez,
        Self::Sunda,
    ];

    /// The passage's name, as in `bab_el_mandeb`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BabElMandeb => "bab_el_mandeb",
            Self::Bering => "bering",
            Self::Bosporus => "bosporus",
            Self::Dardanelles => "dardanelles",
            Self::Gibraltar => "gibraltar",
            Self::Hormuz => "hormuz",
            Self::Magellan => "magellan",
            Self::Malacca => "malacca",
            Self::Northwest => "northwest",
            Self::Panama => "panama",
            Self::CapeOfGoodHope => "cape_of_good_hope",
            Self::Suez => "suez",
            Self::Sunda => "sunda",
        }
    }

    /// What people call it, as in `Bab el-Mandeb`.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::BabElMandeb => "Bab el-Mandeb",
            Self::Bering => "Bering Strait",
            Self::Bosporus => "Bosporus",
            Self::Dardanelles => "Dardanelles",
            Self::Gibraltar => "Strait of Gibraltar",
            Self::Hormuz => "Strait of Hormuz",
            Self::Magellan => "Strait of Magellan",
            Self::Malacca => "Strait of Malacca",
            Self::Northwest => "Northwest Passage",
            Self::Panama => "Panama Canal",
            Self::CapeOfGoodHope => "Cape of Good Hope",
            Self::Suez => "Suez Canal",
            Self::Sunda => "Sunda Strait",
        }
    }

    /// The passage with that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|passage| passage.as_str() == name)
    }
}

/// A set of [`Passage`]s.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct AvoidedPassages(u16);

impl AvoidedPassages {
    /// Nothing is avoided.
    pub const NONE: Self = Self(0);

    /// This set with one passage more.
    #[must_use]
    pub const fn with(self, passage: Passage) -> Self {
        Self(self.0 | 1 << passage as u16)
    }

    /// Both sets together.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The passages of the set.
    pub fn iter(self) -> impl Iterator<Item = Passage> {
        Passage::ALL.into_iter().filter(move |passage| self.contains(*passage))
    }

    /// Whether ships must avoid the passage.
    #[must_use]
    pub const fn contains(self, passage: Passage) -> bool {
        self.0 & 1 << passage as u16 != 0
    }

    /// The set as bits, one for each [`Passage`] in its order: a key for caches.
    #[must_use]
    pub const fn bits(self) -> u16 {
        self.0
    }
}

impl FromIterator<Passage> for AvoidedPassages {
    fn from_iter<I: IntoIterator<Item = Passage>>(passages: I) -> Self {
        passages.into_iter().fold(Self::NONE, Self::with)
    }
}

/// How a distance was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DistanceMethod {
    /// The client gave the kilometres.
    Given,
    /// The fastest path on a road network.
    RoadNetwork,
    /// Great circle x the country's ratio of road distance to great circle.
    Circuity,
    /// A rail route estimated from the road network.
    RailEstimate,
    /// An inland-waterway route estimated from the road network.
    WaterwayEstimate,
    /// The shortest path on the network of shipping lanes.
    SeaNetwork,
    /// The geodesic between airports and 95 km for take-off, landing and taxi detours.
    #[serde(rename = "geodesic_plus_95")]
    GeodesicPlus95,
    /// A routing server answered.
    RoutingServer,
}

/// Something that a route passes, in order of travel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Via {
    /// The port where the sea route begins or ends.
    Port(Place),
    /// The airport where the flight begins or ends.
    Airport(Place),
    /// A canal or strait.
    Passage {
        /// Which one.
        passage: Passage,
    },
    /// A ferry or shuttle train that road vehicles board.
    Ferry {
        /// The two ports, as in `Dover - Calais`.
        name: String,
        /// The length of the crossing in kilometres, contained in the route's.
        km: f64,
    },
}

/// The distance of a leg and how it was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Distance {
    /// The length in kilometres on the `basis`, ferries included.
    pub km: Kilometres,
    /// What kind of distance it is; `emissions-core` converts it to the basis that the factor asks for.
    pub basis: DistanceBasis,
    /// How it was found.
    pub method: DistanceMethod,
    /// How far it can be trusted, from 0 to 1.
    pub confidence: f64,
    /// Ports, airports, passages and ferries on the way.
    pub via: Vec<Via>,
    /// The engine and the version of its data, as in `freight-geo 0.1.0 roads 1f3a…`.
    pub engine: String,
    /// The route as a line, where the query asked for it; one line for each part on one side of the antimeridian.
    pub geometry: Option<Vec<Vec<Coordinates>>>,
}

/// A question to a [`DistanceProvider`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DistanceQuery<'a> {
    /// Where the leg begins.
    pub origin: &'a Place,
    /// Where the leg ends.
    pub destination: &'a Place,
    /// How the freight travels.
    pub mode: Mode,
    /// What ships may not pass.
    pub avoid: AvoidedPassages,
    /// Whether the answer shall carry the route's line.
    pub geometry: bool,
}

/// Why a leg has no distance.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum DistanceError {
    /// The mode cannot connect the two places.
    #[error("there is no {mode} route from {origin} to {destination}: {reason}")]
    NoRoute {
        /// How the freight was to travel.
        mode: Mode,
        /// The name of the leg's beginning.
        origin: String,
        /// The name of the leg's end.
        destination: String,
        /// What is missing, as in `no seaport within 500 km`.
        reason: String,
    },
    /// The provider could not be asked.
    #[error("the distance service is not available: {reason}")]
    Unavailable {
        /// What went wrong, for the log.
        reason: String,
    },
}

/// Measures how far freight travels.
#[async_trait]
pub trait DistanceProvider: Send + Sync {
    /// One answer for each query, in their order.
    async fn distances(&self, queries: &[DistanceQuery<'_>]) -> Vec<Result<Distance, DistanceError>>;
}
