//! What the tests of several crates need: fakes of the domain's ports, records to test with, and the suites that every
//! adapter must pass.
//!
//! [`exercise_store`] is the suite for stores. It checks what the ports promise, not how a store does it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "failing is what tests do with what should not be")]

pub mod dispatch_suite;
pub mod fakes;
pub mod nats;
#[cfg(feature = "postgres")]
pub mod postgres;
pub mod records;
pub mod settings;
pub mod store_suite;
pub mod strategies;

pub use store_suite::{StoreUnderTest, delete_selected, exercise_store};
