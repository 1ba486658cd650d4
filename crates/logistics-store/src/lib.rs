//! Keeps legs, results, packages and API keys in a database.
//!
//! [`sqlite::SqliteStore`] implements the ports of `logistics-domain` on SQLite, which is compiled in: nothing need be
//! installed. Queries run on threads of their own, never on those that serve requests.
//!
//! What is the same for every database is written once. At the top stand the schema, with column types that each database
//! maps to its own, the rows and what they mean, and the gate in front of the connections. The statements stand in
//! `shared/`, which is compiled once for each database: as a module of `sqlite` with SQLite's connection, and so for any
//! other. What is particular stands in a folder for the database: how it is opened, and its `backend` with the statements
//! that carry whole batches, lock, or search.
//!
//! # Where a new table goes
//! 1. `migrations/<database>/<timestamp>_<name>/{up,down}.sql`, one for each database. Keys and indexes begin with the
//!    organization; at most 32 columns.
//! 2. `schema.rs`: the table, with [`Uid`](columns::Uid) for identifiers and [`Instant`](columns::Instant) for times.
//! 3. `records/`: its rows, and the domain's records in them.
//! 4. `shared/<name>.rs`: the port, implemented for `Store`. `use super::backend::{self, Connection}` is the connection of
//!    whichever database it is compiled for. Reads go through `store.read`, several reads of one moment through
//!    `backend::snapshot`, writes through `store.write` and `backend::transaction`.
//! 5. What refers to legs is emptied in `shared/delete.rs`.
//! 6. The port joins `StoreUnderTest` in `logistics-testkit`, and what it promises is checked in `store_suite`, which every
//!    database must pass.

mod columns;
mod error;
mod facts;
mod gate;
mod records;
mod schema;
pub mod sqlite;

pub use sqlite::OpenError;
