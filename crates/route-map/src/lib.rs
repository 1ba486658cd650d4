//! Routes drawn as SVG over the outlines of land, with nothing but what is embedded.
//!
//! [`svg`] draws one route: where it begins and ends, its line, the ports, airports, straits and canals on its way, and ferries
//! dashed. The outlines are those of Natural Earth, 1:50,000,000 (public domain): enough for a country, coarse for a town.

mod land;
mod marks;
mod path;
mod picture;
mod view;

pub use picture::{Page, svg};
