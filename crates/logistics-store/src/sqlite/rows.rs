//! Inserts of many rows, which SQLite parses once.
//!
//! diesel does not cache statements of many rows, because each number of rows makes another statement. Parsing one takes SQLite
//! half as long as inserting its rows. So the statements of one fixed number of rows are cached here.

use std::marker::PhantomData;

use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryBuilder, QueryFragment, QueryId};
use diesel::result::Error;
use diesel::sql_types::Integer;
use diesel::sqlite::{Sqlite, SqliteQueryBuilder};

use super::backend::Connection;

/// How many rows a cached statement inserts. SQLite allows 32,766 parameters in a statement, and rows have up to 30.
const ROWS: usize = 125;

/// Inserts rows into a table, each given as the statement that would insert it alone. Whatever is inserted into a table in this
/// way has the same columns and clauses. An error ends the transaction: rows before the one that failed stay until then.
pub fn insert<T, S>(connection: &mut Connection, mut rows: impl Iterator<Item = S>) -> QueryResult<()>
where
    T: Table + 'static,
    S: QueryFragment<Sqlite>,
{
    loop {
        let rows: Vec<S> = rows.by_ref().take(ROWS).collect();
        if rows.is_empty() {
            return Ok(());
        }
        // It is loaded, though it answers with no rows: diesel takes the text of what it executes from `walk_ast`.
        let no_answers: Vec<i32> = Rows { rows, into: PhantomData::<T> }.get_results(connection)?;
        debug_assert!(no_answers.is_empty());
    }
}

/// A statement that inserts several rows into a table `T`.
pub struct Rows<T, S> {
    rows: Vec<S>,
    into: PhantomData<T>,
}

impl<T, S: QueryFragment<Sqlite>> QueryFragment<Sqlite> for Rows<T, S> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        self.rows.iter().try_for_each(|row| row.walk_ast(out.reborrow()))
    }

    /// The statement of the first row with as many tuples of values as there are rows. `OR FAIL`: what fails ends the
    /// transaction, so SQLite need not keep every page as it was before the statement.
    fn to_sql(&self, out: &mut SqliteQueryBuilder, backend: &Sqlite) -> QueryResult<()> {
        let mut one = SqliteQueryBuilder::new();
        self.rows.iter().take(1).try_for_each(|row| row.to_sql(&mut one, backend))?;
        let one = one.finish();
        let (head, values) = one.split_once(" VALUES ").ok_or_else(|| no_insert(&one))?;
        let into = head.strip_prefix("INSERT INTO").ok_or_else(|| no_insert(&one))?;
        let (tuple, clauses) = values.split_once(')').ok_or_else(|| no_insert(&one))?;
        let tuples = vec![format!("{tuple})"); self.rows.len()].join(", ");
        out.push_sql(&format!("INSERT OR FAIL INTO{into} VALUES {tuples}{clauses}"));
        Ok(())
    }

    fn is_safe_to_cache_prepared(&self, _: &Sqlite) -> QueryResult<bool> {
        Ok(self.rows.len() == ROWS)
    }
}

fn no_insert(sql: &str) -> Error {
    Error::QueryBuilderError(format!("`{sql}` inserts no row").into())
}

impl<T: 'static, S> QueryId for Rows<T, S> {
    type QueryId = Rows<T, ()>;

    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<T, S> Query for Rows<T, S> {
    type SqlType = Integer;
}

impl<T, S> RunQueryDsl<Connection> for Rows<T, S> {}
