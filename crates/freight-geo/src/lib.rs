//! Places and freight distances, anywhere in the world, with nothing but this machine.

pub mod distances;
pub mod gazetteer;
pub mod geocoder;
pub mod routes;
mod spread;
