//! The store's work on every database: this folder is compiled once for each of them.
//!
//! `sqlite` and `postgres` both include this file as a module of their own, and beside it a module `backend` with the
//! same names: the `Connection` and its `Backend`, how transactions begin, and those statements that differ. All
//! else here is portable diesel.

mod accounts;
pub(super) mod batch_packages;
mod delete;
pub(super) mod hubs;
pub(super) mod index;
mod intake;
pub(super) mod jobs;
pub(super) mod ledger;
mod leg_hubs;
mod legs;
mod maps;
pub(super) mod migrate;
mod overview;
mod packages;
pub(super) mod read;
mod recharges;
mod results;
mod routes;
pub(super) mod save;
mod sessions;
pub(super) mod slots;
mod trips;
mod uploads;

use std::sync::Arc;

use async_trait::async_trait;
use diesel::prelude::*;
use logistics_domain::calculator::FactsRecord;
use logistics_domain::ids::OrganizationId;
use logistics_domain::ports::{LegRepository, PackageRepository, Repositories, StoreError, StorePorts};

use super::backend::{self, Connection, Gates};
use crate::columns::UidValue;
use crate::error::WorkError;
use crate::facts::StoredFacts;
use crate::schema::organizations;
use crate::search_blocks::SearchBlocks;
use legs::StoredLegs;
use packages::StoredPackages;

/// A store in a database. Clones are the same store.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    gates: Gates,
    facts: StoredFacts,
    blocks: SearchBlocks,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").finish_non_exhaustive()
    }
}

impl Store {
    pub(super) fn new(gates: Gates) -> Self {
        Self(Arc::new(Inner { gates, facts: StoredFacts::new(), blocks: SearchBlocks::new() }))
    }

    pub(super) fn gates(&self) -> &Gates {
        &self.0.gates
    }

    pub(super) fn facts(&self) -> &StoredFacts {
        &self.0.facts
    }

    fn blocks(&self) -> &SearchBlocks {
        &self.0.blocks
    }

    /// Notes facts that were committed.
    fn note(&self, facts: Vec<Arc<FactsRecord>>) {
        facts.into_iter().for_each(|facts| self.0.facts.note(facts));
    }

    /// Does work that reads.
    pub(super) async fn read<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> Result<T, WorkError> + Send + 'static,
    {
        self.0.gates.read(work).await
    }

    /// Does work that writes, in one transaction. The work may run several times: it is repeated where another transaction was
    /// in its way.
    pub(super) async fn write<T, F>(&self, mut work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnMut(&mut Connection) -> Result<T, WorkError> + Send + 'static,
    {
        let (done, ()) = self.write_with((), move |(), connection| work(connection)).await?;
        Ok(done)
    }

    /// Writes, as [`write`](Self::write) does, with something to work on, which is given back after the commit.
    pub(super) async fn write_with<S, T, F>(&self, subject: S, work: F) -> Result<(T, S), StoreError>
    where
        S: Send + 'static,
        T: Send + 'static,
        F: FnMut(&mut S, &mut Connection) -> Result<T, WorkError> + Send + 'static,
    {
        self.write_prepared(subject, |_, _| Ok(()), work).await
    }

    /// Writes, as [`write_with`](Self::write_with) does, after a preparation. Where writes run side by side it is committed
    /// beforehand, so that nobody waits for its locks.
    pub(super) async fn write_prepared<S, T, P, F>(
        &self,
        subject: S,
        prepare: P,
        work: F,
    ) -> Result<(T, S), StoreError>
    where
        S: Send + 'static,
        T: Send + 'static,
        P: FnOnce(&mut S, &mut Connection) -> Result<(), WorkError> + Send + 'static,
        F: FnMut(&mut S, &mut Connection) -> Result<T, WorkError> + Send + 'static,
    {
        self.0.gates.write(subject, prepare, work).await
    }
}

impl StorePorts for Store {}

#[async_trait]
impl Repositories for Store {
    async fn ping(&self) -> Result<(), StoreError> {
        let asked = self.read(|connection| {
            organizations::table.select(organizations::id).first::<UidValue>(connection).optional()?;
            Ok(())
        });
        asked.await
    }

    fn legs(&self, organization: OrganizationId) -> Box<dyn LegRepository> {
        Box::new(StoredLegs { store: self.clone(), organization })
    }

    fn packages(&self, organization: OrganizationId) -> Box<dyn PackageRepository> {
        Box::new(StoredPackages { store: self.clone(), organization })
    }
}
