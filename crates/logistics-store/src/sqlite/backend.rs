//! What SQLite does in its own way.

pub use diesel::sqlite::{Sqlite as Backend, SqliteConnection as Connection};

use diesel::prelude::*;
use diesel::result::Error;
use logistics_domain::ids::{JobId, OrganizationId};
use logistics_domain::jobs::Lease;
use logistics_domain::ports::StoreError;

pub use super::bitmaps::{hold_parts, hold_texts, remove_parts, write_parts};
pub use super::bulk::*;
pub use super::claim::{claim, is_any_due, open_chunk};
pub use super::search::lower_contains;
use super::shared::hubs::hubs_by_id;
use super::shared::jobs::queue::held;
use super::shared::jobs::write_back::HeldLeg;
use super::shared::read::legs_by_id;
use crate::columns::UidValue;
use crate::error::WorkError;
use crate::gate::Gate;

/// The ways to the file: one connection that writes, others that read beside it.
pub struct Gates {
    pub writer: Gate<Connection>,
    pub readers: Gate<Connection>,
}

impl Gates {
    pub async fn read<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> Result<T, WorkError> + Send + 'static,
    {
        self.readers.run(work).await
    }

    /// A write takes the write lock at its beginning, so what it reads does not change and it never has to be repeated.
    pub async fn write<S, T, P, F>(
        &self,
        mut subject: S,
        prepare: P,
        mut work: F,
    ) -> Result<(T, S), StoreError>
    where
        S: Send + 'static,
        T: Send + 'static,
        P: FnOnce(&mut S, &mut Connection) -> Result<(), WorkError> + Send + 'static,
        F: FnMut(&mut S, &mut Connection) -> Result<T, WorkError> + Send + 'static,
    {
        let done = self.writer.run(move |connection| {
            let mut failed = None;
            let done = connection.immediate_transaction(|connection| {
                let done = prepare(&mut subject, connection).and_then(|()| work(&mut subject, connection));
                done.map_err(|error| {
                    failed = Some(error);
                    Error::RollbackTransaction
                })
            });
            // SQLite itself rolls back when the disk is full, so the rollback here fails too: report the first error.
            failed.map_or_else(|| Ok((done?, subject)), Err)
        });
        done.await
    }
}

/// Work in the transaction that it is a part of.
pub fn unawaited<T>(
    connection: &mut Connection,
    work: impl FnOnce(&mut Connection) -> QueryResult<T>,
) -> QueryResult<T> {
    work(connection)
}

/// Reads of one moment.
pub fn snapshot<T, E: From<Error>>(
    connection: &mut Connection,
    work: impl FnOnce(&mut Connection) -> Result<T, E>,
) -> Result<T, E> {
    diesel::Connection::transaction(connection, work)
}

/// Whether a chunk is still the holder's.
pub fn hold(connection: &mut Connection, lease: Lease) -> QueryResult<bool> {
    Ok(held(lease).count().get_result::<i64>(connection)? == 1)
}

/// Legs of these ids, as they are until the end of the transaction.
pub fn hold_legs(
    connection: &mut Connection,
    organization: OrganizationId,
    ids: &[UidValue],
) -> QueryResult<Vec<HeldLeg>> {
    let mut held = Vec::with_capacity(ids.len());
    for ids in ids.chunks(KEYS) {
        let own = legs_by_id(UidValue(organization.0), ids);
        held.extend(own.select(HeldLeg::as_select()).load(connection)?);
    }
    Ok(held)
}

/// How many of some hubs there are.
pub fn hold_hubs(
    connection: &mut Connection,
    organization: UidValue,
    ids: &[UidValue],
) -> QueryResult<usize> {
    let there: i64 = hubs_by_id(organization, ids).count().get_result(connection)?;
    Ok(usize::try_from(there).unwrap_or_default())
}

// SQLite needs none of these locks: a write holds the database's only write lock from its beginning.

pub fn lock_legs(_: &mut Connection, _: OrganizationId, _: &[UidValue]) -> QueryResult<()> {
    Ok(())
}

pub fn lock_packages_of(_: &mut Connection, _: OrganizationId, _: &[UidValue]) -> QueryResult<()> {
    Ok(())
}

pub fn lock_hub(_: &mut Connection, _: UidValue, _: UidValue) -> QueryResult<()> {
    Ok(())
}

pub fn lock_organization(_: &mut Connection, _: OrganizationId) -> QueryResult<()> {
    Ok(())
}

pub fn lock_job(_: &mut Connection, _: OrganizationId, _: JobId) -> QueryResult<()> {
    Ok(())
}

pub fn lock_whole_job(_: &mut Connection, _: OrganizationId, _: JobId) -> QueryResult<()> {
    Ok(())
}

pub fn lock_organizations(_: &mut Connection) -> QueryResult<()> {
    Ok(())
}

/// Work that only one program at a time does on the database.
pub fn alone<T, E: From<Error>>(
    connection: &mut Connection,
    work: impl FnOnce(&mut Connection) -> Result<T, E>,
) -> Result<T, E> {
    connection.immediate_transaction(work)
}

/// The month of a leg's shipment, as in `2025-12`.
pub const MONTH: &str = "substr(leg.shipment_date, 1, 7)";
