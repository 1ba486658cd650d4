//! The adapters against servers that answer well, badly and not at all.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what surprises a test shall fail it, in helpers too")]

mod engines;
mod fallback;
mod kit;
mod misbehaviour;
mod places;
mod routes;
mod server;
