//! Places and freight distances, anywhere in the world, with nothing but this machine.
