//! The store on SQLite: one file, one writer at a time, as many readers as there are connections for.
//!
//! The file is in WAL mode: readers see the last commit and never wait for the writer. A save is one transaction that
//! takes the write lock at its beginning, so that two of them, also of two processes, come one after the other.

mod backend;
mod bitmaps;
mod bulk;
mod claim;
mod connect;
mod location;
mod migrate;
mod options;
#[cfg(test)]
mod plans;
mod rows;
mod search;
#[path = "../shared/mod.rs"]
mod shared;

use diesel::connection::SimpleConnection;

pub use connect::OpenError;
pub use options::{SqliteOptions, Synchronous};
pub use shared::Store as SqliteStore;

use crate::gate::Gate;
use backend::Gates;

impl SqliteStore {
    /// Opens the store at a path or a URL `sqlite://<path>`, creates folder and file if they are not there, and brings
    /// the tables up to date. Several programs may do so at once.
    ///
    /// It blocks until all that is done: it belongs to the start of a program.
    ///
    /// # Errors
    /// [`OpenError`] if the location is not a file's, the file cannot be opened, is not a database, or was written by a
    /// newer version of the program.
    pub fn open(location: &str, options: SqliteOptions) -> Result<Self, OpenError> {
        let file = location::file(location)?;
        connect::prepare(&file, options)?;
        let writer = Gate::new(connect::pool(&file, 1, options)?, options.wait);
        let readers = Gate::new(connect::pool(&file, options.readers.get(), options)?, options.wait);
        tracing::info!(file, readers = options.readers, "the store is open");
        Ok(Self::new(Gates { writer, readers }))
    }

    /// Closes the store: lets nobody in any more, waits for the save in progress, and moves what is in the write-ahead log
    /// into the file. A store that is not closed loses nothing.
    ///
    /// It blocks until all that is done: it belongs to the end of a program.
    pub fn close(&self) {
        let Gates { writer, readers } = self.gates();
        readers.close();
        writer.close();
        let emptied = writer.run_here(|connection| {
            connection.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)")?;
            Ok(())
        });
        if let Err(error) = emptied {
            tracing::warn!(%error, "the write-ahead log stays beside the database");
        }
    }
}

#[cfg(test)]
mod tests {
    use diesel::prelude::*;
    use logistics_domain::Calculation;
    use logistics_domain::accounts::Accounts;
    use logistics_domain::ids::OrganizationId;
    use logistics_domain::leg::{LegFilter, Outcome};
    use logistics_domain::ports::{Page, Repositories, StoreError};
    use logistics_testkit::records::{
        calculated, calculation, facts, leg, organization, start, to_save, trip_leg,
    };

    use super::shared::save::{self, Legs};
    use super::*;
    use crate::columns::InstantValue;
    use crate::error::WorkError;
    use crate::schema::organizations;

    async fn store() -> (SqliteStore, OrganizationId, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("dray.sqlite3");
        let store = SqliteStore::open(path.to_str().unwrap(), SqliteOptions::default()).unwrap();
        let owner = organization(1);
        store.bootstrap(&owner, start()).await.unwrap();
        (store, owner.id, folder)
    }

    async fn execute(store: &SqliteStore, sql: &'static str) {
        store.write(move |connection| Ok(connection.batch_execute(sql)?)).await.unwrap();
    }

    #[tokio::test]
    async fn a_full_disk_is_unavailable_and_leaves_nothing() {
        let (store, owner, _folder) = store().await;
        let legs = store.legs(owner);
        execute(&store, "PRAGMA max_page_count = 40").await;
        let batch: Vec<_> = (0..2_000).map(|_| to_save(leg(), calculated(1.0))).collect();
        let refused = legs.save(batch.clone(), start()).await;
        assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
        assert_eq!(legs.select(&LegFilter::default(), Page { number: 1, size: 9 }).await.unwrap().total, 0);

        execute(&store, "PRAGMA max_page_count = 1000000").await;
        assert_eq!(legs.save(batch, start()).await.unwrap().len(), 2_000);
    }

    #[tokio::test]
    async fn a_panic_is_reported_and_leaves_nothing() {
        let (store, owner, _folder) = store().await;
        let renamed = organizations::name.eq("renamed");
        let panicked = store.write(move |connection| -> Result<(), WorkError> {
            diesel::update(organizations::table).set(renamed).execute(connection)?;
            panic!("a defect")
        });
        let reported = panicked.await.unwrap_err();
        assert!(matches!(&reported, StoreError::Broken(cause) if cause.to_string() == "the work panicked"));
        let renamed = organizations::table.filter(renamed).count();
        let count = store.read(move |connection| Ok(renamed.get_result::<i64>(connection)?));
        assert_eq!(count.await.unwrap(), 0);
        let legs = store.legs(owner);
        assert_eq!(legs.save(vec![to_save(leg(), calculated(1.0))], start()).await.unwrap().len(), 1);
    }

    #[tokio::test]
    async fn facts_of_a_save_that_fails_are_not_taken_for_stored() {
        let (store, owner, _folder) = store().await;
        let first = to_save(trip_leg("T1"), calculated(1.0));
        store.legs(owner).save(vec![first.clone()], start()).await.unwrap();
        let mut changed = trip_leg("T1");
        changed.trip.as_mut().unwrap().customer_industry = "Steel".to_owned();
        let new = facts(2);
        let outcome = Outcome::Calculated(Box::new(Calculation { facts: new.clone(), ..calculation(1.0) }));
        let batch = vec![first, to_save(changed, outcome)];
        let (writer, at) = (store.clone(), InstantValue::new(start()));
        let failed = store.write(move |connection| {
            let mut legs = Legs::new(batch.clone(), at);
            legs.reserve(connection, owner)?;
            save::write(connection, writer.facts(), owner, &mut legs, at)?;
            Err::<(), _>(WorkError::Contended)
        });
        assert!(failed.await.is_err());
        assert!(store.facts().get(new.id).is_none());
    }

    #[tokio::test]
    async fn what_cannot_be_read_is_reported() {
        let (store, owner, _folder) = store().await;
        let legs = store.legs(owner);
        let saved = legs.save(vec![to_save(leg(), calculated(1.0))], start()).await.unwrap();
        for damage in [
            "UPDATE legs SET origin_country = 'XX'",
            "UPDATE legs SET origin_country = 'ES', load_factor = 2",
            "UPDATE legs SET load_factor = 1; UPDATE leg_results SET question = '{}'",
        ] {
            execute(&store, damage).await;
            assert!(matches!(legs.find(saved[0].id).await, Err(StoreError::Broken(_))), "{damage}");
        }
    }
}
