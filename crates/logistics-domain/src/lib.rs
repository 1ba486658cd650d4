//! What a freight shipment is, and what is done with one.
//!
//! The domain knows nothing of HTTP, SQL or the network. What it needs from outside it asks of ports: traits that the
//! other crates implement.
//!
//! A shipment comes in as a [`LegDraft`](leg::LegDraft), which may be wrong. [`LegDraft::parse`](leg::LegDraft::parse)
//! makes a [`NewLeg`](leg::NewLeg) of it, which cannot be, or names every field that is at fault. The [`Calculator`]
//! resolves its vehicle, finds its distance and calculates its emissions, for whole batches at once; a
//! [`LegRepository`](ports::LegRepository) keeps leg and result.

pub mod accounts;
pub mod batch;
pub mod geography;
pub mod hub;
pub mod ids;
pub mod intake;
pub mod jobs;
pub mod leg;
pub mod numbers;
pub mod overview;
pub mod package;
pub mod ports;
pub mod recharge;
pub mod report;
pub mod sessions;
pub mod toc;
pub mod trip;
pub mod uploads;

pub mod calculator;
mod category;

pub use calculator::{Calculation, Calculator, FailureCode, LegFailure};
pub use category::Category;
