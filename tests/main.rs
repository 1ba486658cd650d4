//! Black-box tests: the built server, over HTTP, as its users meet it.

mod bulk;
mod dcycle_v1;
mod geography;
mod idempotency;
mod server;
mod support;
