//! The HTTP surface.
//!
//! Each API family is one folder with its routes, its request and response types and its error bodies; all of them map
//! into the same domain. Nothing here speaks SQL or calculates.

mod accounts;
mod api;
mod auth;
mod body;
mod climes_v3;
mod cross_origin;
mod dcycle;
mod dcycle_legacy;
mod dcycle_v1;
mod dcycle_v2;
mod docs;
mod geography;
mod links;
mod observe;
mod once;
mod paging;
mod panel;
mod patience;
mod query;
mod routes;
mod schemas;
mod system;
mod values;

use logistics_domain::numbers;

pub use api::{Api, Closing, Limits};
pub use auth::{KeyText, Keys, Rate, hash_key};
