//! Distances by road, rail, inland waterway, sea and air.
//!
//! The networks are prepared by the build script and embedded: they are searched where they lie in the executable. See
//! `DISTANCES.md` for the rules, their sources and what they are worth.

mod air;
mod answer;
mod circuity;
mod geodesic;
mod land;
mod network;
mod sea;
mod search;
mod snap;
mod taut;
mod terminals;

use std::path::Path;
use std::sync::OnceLock;

use data_encoding::HEXLOWER;
use emissions_core::{Kilometres, Mode};
use freight_geo_index::routes::NetworkFile;
use freight_geo_index::routes::file::FileError;
use freight_geo_index::routes::land::Land;
use logistics_domain::geography::{Distance, DistanceError, DistanceQuery, Place, split_at_antimeridian};
use thiserror::Error;

use air::Airports;
use answer::{Answer, NoRoute};
use geodesic::coordinates;
use land::LandMode;
use network::Network;
use sea::Sea;

pub use circuity::road_km as road_km_by_circuity;

static ROADS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/roads.net"));
static LANES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/lanes.net"));
static LAND: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/land.grid"));

/// A road network that cannot be loaded.
#[derive(Debug, Error)]
pub enum LoadError {
    /// The file cannot be read.
    #[error("{path} cannot be read")]
    Read {
        /// The file.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file is not a prepared network.
    #[error("{path}: {source}")]
    Format {
        /// The file.
        path: String,
        /// What is wrong with it.
        source: FileError,
    },
}

/// The networks, ready to be asked.
pub struct Routes {
    roads: Network,
    sea: Sea,
    airports: Airports,
    engine: Engines,
}

struct Engines {
    land: String,
    sea: String,
    air: String,
}

impl std::fmt::Debug for Routes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Routes")
            .field("land", &self.engine.land)
            .field("sea", &self.engine.sea)
            .finish_non_exhaustive()
    }
}

impl Routes {
    /// The embedded networks, read once for the process; the first call takes a few milliseconds.
    #[must_use]
    pub fn embedded() -> &'static Self {
        static EMBEDDED: OnceLock<Routes> = OnceLock::new();
        EMBEDDED.get_or_init(|| Self::new(embedded(ROADS)))
    }

    /// The embedded shipping lanes and airports with the roads of a file that [`freight_geo_index::routes`] prepared.
    ///
    /// The file stays in memory for the rest of the process: load it once, at the start.
    ///
    /// # Errors
    /// [`LoadError`] if it cannot be read, or is damaged or of another version.
    pub fn with_roads(path: &Path) -> Result<Self, LoadError> {
        let name = || path.display().to_string();
        let bytes = std::fs::read(path).map_err(|source| LoadError::Read { path: name(), source })?;
        let parse = || {
            let file = NetworkFile::parse(bytes.leak())?;
            file.verify()?;
            Ok(file)
        };
        parse().map(Self::new).map_err(|source| LoadError::Format { path: name(), source })
    }

    fn new(roads: NetworkFile<'static>) -> Self {
        let lanes = embedded(LANES);
        let land = Land::new(LAND).expect("the build script wrote this grid with the same code");
        let engine = |network: &str| format!("freight-geo {}{network}", env!("CARGO_PKG_VERSION"));
        let engine = Engines {
            land: engine(&format!(" roads {}", short(roads.digest()))),
            sea: engine(&format!(" lanes {}", short(lanes.digest()))),
            air: engine(" WGS 84"),
        };
        Self { roads: Network::new(roads), sea: Sea::new(lanes, land), airports: Airports::new(), engine }
    }

    /// The distance between two places, the same both ways.
    ///
    /// # Errors
    /// [`DistanceError::NoRoute`] where the mode cannot join them; the reason says what is missing.
    pub fn distance(&self, query: &DistanceQuery<'_>) -> Result<Distance, DistanceError> {
        let (origin, destination) = (query.origin, query.destination);
        let answer = if is_one_place(origin, destination) {
            Ok(Answer::at_one_place(query))
        } else if sort_key(origin) <= sort_key(destination) {
            self.one_way(origin, destination, query)
        } else {
            self.one_way(destination, origin, query).map(Answer::reversed)
        };
        let answer = answer.and_then(|answer| match Kilometres::new(answer.km) {
            Ok(km) => Ok((km, answer)),
            Err(error) => Err(NoRoute(error.to_string())),
        });
        match answer {
            Ok((km, answer)) => Ok(Distance {
                km,
                basis: answer.basis,
                method: answer.method,
                confidence: answer.confidence,
                via: answer.via,
                engine: self.engine(query.mode).to_owned(),
                geometry: answer.line.filter(|_| query.geometry).map(|line| {
                    split_at_antimeridian(&line.into_iter().filter_map(coordinates).collect::<Vec<_>>())
                }),
            }),
            Err(NoRoute(reason)) => Err(DistanceError::NoRoute {
                mode: query.mode,
                origin: origin.name.clone(),
                destination: destination.name.clone(),
                reason,
            }),
        }
    }

    fn one_way(
        &self,
        origin: &Place,
        destination: &Place,
        query: &DistanceQuery<'_>,
    ) -> Result<Answer, NoRoute> {
        let land = |mode| land::distance(&self.roads, mode, origin, destination, query.geometry);
        match query.mode {
            Mode::Road => land(LandMode::Road),
            Mode::Rail => land(LandMode::Rail),
            Mode::InlandWaterway => land(LandMode::Waterway),
            Mode::Sea => self.sea.distance(&self.roads, origin, destination, query.avoid, query.geometry),
            Mode::Air => self.airports.distance(origin, destination, query.geometry),
        }
    }

    /// What answers for a mode, with its version and the first digits of the SHA-256 of its data.
    #[must_use]
    pub fn engine(&self, mode: Mode) -> &str {
        match mode {
            Mode::Road | Mode::Rail | Mode::InlandWaterway => &self.engine.land,
            Mode::Sea => &self.engine.sea,
            Mode::Air => &self.engine.air,
        }
    }
}

fn embedded(bytes: &'static [u8]) -> NetworkFile<'static> {
    NetworkFile::parse(bytes).expect("the build script wrote this network with the same code")
}

fn short(digest: [u8; 32]) -> String {
    HEXLOWER.encode(&digest[..4])
}

fn is_one_place(a: &Place, b: &Place) -> bool {
    a.coordinates == b.coordinates && a.code == b.code && a.name == b.name
}

fn sort_key(place: &Place) -> (u64, u64, &str, Option<&str>) {
    let bits = |degrees: f64| degrees.to_bits();
    (bits(place.coordinates.lat()), bits(place.coordinates.lon()), &place.name, place.code.as_deref())
}
