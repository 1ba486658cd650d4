//! Workers, and how they hear of work.
//!
//! A [`Worker`] claims a chunk, calculates it with the same [`Calculator`](logistics_domain::Calculator) as every other door,
//! and writes it back. It holds its lease by a heartbeat and may die at any moment: the chunk is then claimed by another when
//! the lease has run out. A record that does harm is found: first the chunk's legs are calculated one by one when they
//! panic together, and a chunk that nobody finishes in several attempts is cut into single records.
//!
//! [`WorkThread`] runs them inside a program that does other things; [`LocalDispatch`] wakes them,
//! [`NatsDispatch`] tells those of other machines.

mod local;
mod nats;
mod options;
mod stop;
mod thread;
mod worker;

pub use local::LocalDispatch;
pub use nats::{NatsDispatch, NatsOptions, NatsServers, NatsTls, OwnCertificate, WrongServers};
pub use options::WorkerOptions;
pub use thread::WorkThread;
pub use worker::Worker;
