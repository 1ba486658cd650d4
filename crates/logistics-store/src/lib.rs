//! Keeps legs, results, packages and API keys in a database.
//!
//! [`sqlite::SqliteStore`] implements the ports of `logistics-domain` on SQLite, which is compiled in: nothing need be
//! installed. Queries run on threads of their own, never on those that serve requests.
//!
//! What is the same for every database stands at the top: the schema with column types that each database maps to its
//! own, the rows and what they mean, the gate in front of the connections. What is particular stands in a folder for the
//! database: how it is opened, and the statements that carry whole batches.

mod columns;
mod error;
mod facts;
mod gate;
mod records;
mod schema;
pub mod sqlite;

pub use sqlite::OpenError;
