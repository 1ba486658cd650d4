//! Keeps legs, results, packages and API keys in a database.
//!
//! [`open()`] gives the store of a location: [`sqlite::SqliteStore`] on SQLite, which is compiled in, or
//! [`postgres::PostgresStore`] on PostgreSQL. Each implements the ports of `logistics-domain`. Queries run on threads of
//! their own, never on those that serve requests.
//!
//! What is the same for both databases is written once. At the top stand the schema, with column types that each database
//! maps to its own, the rows and what they mean, and the gate in front of the connections. The statements stand in
//! `shared/`, which is compiled twice: as a module of `sqlite` with SQLite's connection, and as one of `postgres` with
//! PostgreSQL's. What is particular stands in a folder for the database: how it is opened, and its `backend` with the
//! statements that carry whole batches, lock, or search.
//!
//! # Where a new table goes
//! 1. `migrations/<database>/<timestamp>_<name>/{up,down}.sql`, one for each database. Keys and indexes begin with the
//!    organization; at most 32 columns.
//! 2. `schema.rs`: the table, with `columns::Uid` for identifiers and `columns::Instant` for times.
//! 3. `records/`: its rows, and the domain's records in them.
//! 4. `shared/<name>.rs`: the port, implemented for `Store`. `use super::backend::{self, Connection}` is the connection of
//!    whichever database it is compiled for. Reads go through `store.read`, several reads of one moment through
//!    `backend::snapshot` in it, writes through `store.write`, which is a transaction. On PostgreSQL others write at the same
//!    time: a write is done again where a unique key, a foreign key or a deadlock shows that another was in its way. A write
//!    may run several times, so its closure must not consume what it captures. What is read to decide on is locked first
//!    (`backend::lock_*`).
//! 5. Rows that refer to legs are removed with them in `shared/delete.rs`.
//! 6. What lists of legs or packages filter by is a `Dimension` of `shared/index`; every write that changes it updates the sets.
//! 7. The port joins [`StorePorts`](logistics_domain::ports::StorePorts), and what it promises is checked in `store_suite` of
//!    `logistics-testkit`, which every database must pass.
#![allow(clippy::duplicate_mod, reason = "what is in `shared` is compiled once for each database")]

mod beside;
mod columns;
mod error;
mod facts;
mod gate;
mod open;
mod packed;
mod positions;
pub mod postgres;
mod records;
mod schema;
mod search_blocks;
pub mod sqlite;
mod texts;

pub use open::{OpenError, Store, open};
