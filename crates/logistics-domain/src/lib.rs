//! What a freight shipment is, and what is done with one.
//!
//! The domain knows nothing of HTTP, SQL or the network. What it needs from outside it asks of ports: traits that the
//! other crates implement.

pub mod geography;
