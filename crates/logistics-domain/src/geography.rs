//! Places, distances, and the two ports that answer for them.
//!
//! Both ports take whole batches, because a bulk call asks for thousands of places and distances at once and an adapter
//! can do them together: on all cores, or in few requests. A batch of one is an ordinary call.

mod distance;
mod geodesic;
mod place;
mod settings;

pub use distance::{
    AvoidedPassages, Distance, DistanceError, DistanceMethod, DistanceProvider, DistanceQuery, Passage, Via,
};
pub use geodesic::{geodesic_km, split_at_antimeridian};
pub use place::{
    Candidate, Coordinates, GeocodeError, Geocoded, Geocoder, InvalidCoordinates, MatchType, Place,
    PlaceQuery,
};
pub use settings::{AliasName, GeographySettings};
