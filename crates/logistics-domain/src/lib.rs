//! What a freight shipment is, and what is done with one.
//!
//! The domain knows nothing of SQL or the network, and of HTTP only the [`Answer`](intake::Answer) that is kept with what a
//! call did. What it needs from outside it asks of ports: traits that the other crates implement.
//!
//! A shipment comes in as a [`LegDraft`](leg::LegDraft), which may be wrong. [`LegDraft::parse`](leg::LegDraft::parse)
//! makes a [`NewLeg`](leg::NewLeg) of it, which cannot be, or names every field that is at fault. A
//! [`HubDirectory`](hub::HubDirectory) settles what hubs have to do with it. The [`Calculator`] resolves its vehicle, finds
//! its distance and calculates its emissions, for whole batches at once; an [`Intake`](intake::Intake) keeps leg and result,
//! together with the answer to the call.

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
