//! Faults, with the real processes: whatever dies, every accepted record is stored once and calculated once.

#![allow(clippy::unwrap_used, clippy::panic, reason = "the helpers of tests fail loudly, as tests do")]

mod clock;
mod disk;
mod kills;
mod plant;
mod services;
mod twins;
