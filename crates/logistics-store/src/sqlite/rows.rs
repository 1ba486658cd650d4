//! Inserts of many rows, which SQLite parses once.
//!
//! diesel keeps no statement of many rows, for there are as many of those as there are numbers of rows. To parse one takes
//! SQLite half as long as to insert its rows. So those of one number of rows are kept here.

use std::marker::PhantomData;

use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryBuilder, QueryFragment, QueryId};
use diesel::query_dsl::LoadQuery;
use diesel::result::Error;
use diesel::sql_types::Integer;
use diesel::sqlite::{Sqlite, SqliteQueryBuilder};

use super::backend::Connection;

/// How many rows a statement has that is kept. SQLite takes 32,766 parameters in a statement, and rows have up to 30.
const ROWS: usize = 125;

/// Inserts rows into a table, each given as the statement that would insert it alone. Whatever is inserted into a table in this
/// way has the same columns and clauses. An error ends the transaction: rows before the one that failed stay until then.
pub fn insert<T, S>(connection: &mut Connection, rows: impl Iterator<Item = S>) -> QueryResult<()>
where
    T: Table + 'static,
    S: QueryFragment<Sqlite>,
{
    // It is loaded, though it answers with no rows: diesel takes the text of what it executes from `walk_ast`.
    let no_answers: Vec<i32> = insert_returning::<T, S, Integer, i32>(connection, rows)?;
    debug_assert!(no_answers.is_empty());
    Ok(())
}

/// The same for statements that answer with something for each row.
pub fn insert_returning<'q, T, S, A, R>(
    connection: &mut Connection,
    mut rows: impl Iterator<Item = S>,
) -> QueryResult<Vec<R>>
where
    T: Table + 'static,
    Rows<T, S, A>: LoadQuery<'q, Connection, R>,
{
    let mut answers = Vec::new();
    loop {
        let rows: Vec<S> = rows.by_ref().take(ROWS).collect();
        if rows.is_empty() {
            return Ok(answers);
        }
        answers.extend(Rows { rows, of: PhantomData::<(T, A)> }.get_results::<R>(connection)?);
    }
}

/// A statement that inserts several rows into a table `T` and answers with an `A` for each.
pub struct Rows<T, S, A> {
    rows: Vec<S>,
    of: PhantomData<(T, A)>,
}

impl<T, S: QueryFragment<Sqlite>, A> QueryFragment<Sqlite> for Rows<T, S, A> {
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

impl<T: 'static, S, A: 'static> QueryId for Rows<T, S, A> {
    type QueryId = Rows<T, (), A>;

    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<T, S, A> Query for Rows<T, S, A> {
    type SqlType = A;
}

impl<T, S, A> RunQueryDsl<Connection> for Rows<T, S, A> {}
