//! Black-box tests: the built server, over HTTP, as its users meet it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "the helpers of tests fail loudly, as tests do")]

mod accounts;
mod bulk;
mod climes;
mod contract;
mod dcycle_v1;
mod geography;
mod hubs;
mod idempotency;
mod input;
mod isolation;
mod jobs;
mod on_postgres;
mod packages;
mod panel;
mod panel_browser;
mod protection;
mod recharges;
mod report;
mod requests;
mod seed_snippets;
mod server;
mod support;
