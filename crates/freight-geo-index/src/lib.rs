//! The files that `freight-geo` searches: their formats, and how they are built.
//!
//! `freight-geo`'s build script calls the builders here on the committed tables and embeds what they write, so that the
//! reader and the writer of a format are one piece of code. Nothing here answers a query.

pub mod gazetteer;
pub mod routes;
