//! The SQLite store does what every store must do, and what is particular to it.
#![allow(clippy::unwrap_used, reason = "failing is what tests do with what should not be")]

mod support;

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use logistics_domain::leg::{LegFilter, LegRecord, Outcome};
use logistics_domain::ports::{LegToSave, Page, Repositories, StoreError};
use logistics_store::sqlite::{OpenError, SqliteOptions, SqliteStore, Synchronous};
use logistics_testkit::records::{calculated, leg, organization, start, to_save, traced_leg};
use logistics_testkit::{exercise_store, strategies};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use support::{Sqlite, at_once};

#[tokio::test(flavor = "multi_thread")]
async fn it_does_what_every_store_must_do() {
    exercise_store(async || Sqlite::new(SqliteOptions::default())).await;
}

#[tokio::test]
async fn it_does_the_same_with_one_reader_and_every_commit_on_the_disk() {
    let options = SqliteOptions {
        readers: NonZeroU32::MIN,
        synchronous: Synchronous::Full,
        ..SqliteOptions::default()
    };
    exercise_store(async || Sqlite::new(options)).await;
}

#[test]
fn whatever_is_saved_is_found_and_listed() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let batches = proptest::collection::vec(strategies::batch(12), 1..4);
    let config = Config { cases: 48, failure_persistence: None, ..Config::default() };
    TestRunner::new(config).run(&batches, |batches| runtime.block_on(save_and_compare(batches))).unwrap();
}

/// Saves batches one after the other and compares the list with a model of it.
async fn save_and_compare(batches: Vec<Vec<LegToSave>>) -> Result<(), TestCaseError> {
    let store = Sqlite::new(SqliteOptions::default());
    let owner = organization(1);
    store.bootstrap(&owner, start()).await.unwrap();
    for hub in strategies::handling_hubs() {
        store.hubs(owner.id).create(&hub).await.unwrap();
    }
    let legs = store.legs(owner.id);
    let mut expected: HashMap<_, LegRecord> = HashMap::new();
    for (batch, seconds) in batches.into_iter().zip(0_i64..) {
        let at = start() + chrono::TimeDelta::seconds(seconds);
        let saved = legs.save(batch.clone(), at).await.unwrap();
        for (saved, given) in saved.into_iter().zip(batch) {
            let known = expected.values().find(|record| {
                let key = record.leg.dedup_key();
                key.is_some() && key == given.leg.dedup_key()
            });
            let (id, created_at) = known.map_or((given.id, at), |known| (known.id, known.created_at));
            prop_assert_eq!((saved.id, saved.created_at, saved.updated_at), (id, created_at, at));
            prop_assert_eq!((&saved.leg, &saved.outcome), (&given.leg, &given.outcome));
            expected.insert(id, saved);
        }
    }
    for record in expected.values() {
        let found = legs.find(record.id).await.unwrap();
        prop_assert_eq!(found.as_ref(), Some(record));
    }
    let mut newest: Vec<LegRecord> = expected.into_values().collect();
    newest.sort_by_key(|record| std::cmp::Reverse((record.created_at, record.id)));
    let listed = legs.select(&LegFilter::default(), Page { number: 1, size: 100 }).await.unwrap();
    prop_assert_eq!(listed.items, newest);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_leg_saved_at_once_by_many_is_one_row() {
    let store = Sqlite::new(SqliteOptions::default());
    let beside = SqliteStore::open(&store.path(), SqliteOptions::default()).unwrap();
    at_once::saves_of_one_leg_make_one_row(&store, beside).await;
}

#[test]
fn servers_that_start_at_once_make_one_organization() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new/dray.sqlite3").to_str().unwrap().to_owned();
    at_once::starts_make_one_organization(|| SqliteStore::open(&path, SqliteOptions::default()).unwrap());
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_refused() {
    let store = Sqlite::new(SqliteOptions::default());
    store
        .raw()
        .batch_execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('99991231235959')")
        .unwrap();
    let refused = SqliteStore::open(&store.path(), SqliteOptions::default()).unwrap_err();
    assert!(matches!(&refused, OpenError::Newer { version, .. } if version == "99991231235959"), "{refused}");
}

#[test]
fn what_is_not_a_database_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("letter.txt");
    let letter = "Dear customer, this is not a database. ".repeat(100);
    std::fs::write(&path, &letter).unwrap();
    let refused = SqliteStore::open(path.to_str().unwrap(), SqliteOptions::default()).unwrap_err();
    assert!(matches!(refused, OpenError::Setup { .. }), "{refused}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), letter);
    assert!(matches!(
        SqliteStore::open(folder.path().to_str().unwrap(), SqliteOptions::default()),
        Err(OpenError::Connect { .. })
    ));
    let below_a_file = path.join("dray.sqlite3");
    assert!(matches!(
        SqliteStore::open(below_a_file.to_str().unwrap(), SqliteOptions::default()),
        Err(OpenError::Folder { .. })
    ));
}

#[tokio::test]
async fn what_was_saved_is_there_after_closing_and_opening() {
    let store = Sqlite::new(SqliteOptions::default());
    let owner = organization(1);
    store.bootstrap(&owner, start()).await.unwrap();
    let saved =
        store.legs(owner.id).save(vec![to_save(traced_leg("M1"), calculated(1.0))], start()).await.unwrap();
    store.store.close();
    assert!(matches!(store.ping().await, Err(StoreError::Unavailable(_))));
    assert_eq!(std::fs::metadata(format!("{}-wal", store.path())).map_or(0, |log| log.len()), 0);

    let opened = SqliteStore::open(&format!("sqlite://{}", store.path()), SqliteOptions::default()).unwrap();
    assert_eq!(opened.legs(owner.id).find(saved[0].id).await.unwrap().as_ref(), Some(&saved[0]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_save_that_another_process_blocks_is_unavailable_and_leaves_nothing() {
    let options = SqliteOptions { busy_timeout: Duration::from_millis(50), ..SqliteOptions::default() };
    let store = Sqlite::new(options);
    let owner = organization(1);
    store.bootstrap(&owner, start()).await.unwrap();
    let legs = store.legs(owner.id);
    let mut other = store.raw();
    other.batch_execute("BEGIN IMMEDIATE").unwrap();
    let refused = legs.save(vec![to_save(leg(), calculated(1.0))], start()).await;
    assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
    assert_eq!(legs.select(&LegFilter::default(), Page { number: 1, size: 9 }).await.unwrap().total, 0);
    other.batch_execute("COMMIT").unwrap();
    legs.save(vec![to_save(leg(), calculated(1.0))], start()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_too_long_for_the_writer_is_told() {
    let options = SqliteOptions {
        wait: Duration::from_millis(50),
        busy_timeout: Duration::from_secs(20),
        ..SqliteOptions::default()
    };
    let store = Sqlite::new(options);
    let owner = organization(1);
    store.bootstrap(&owner, start()).await.unwrap();
    let mut other = store.raw();
    other.batch_execute("BEGIN IMMEDIATE").unwrap();
    let save = || {
        let legs = store.legs(owner.id);
        tokio::spawn(async move { legs.save(vec![to_save(leg(), Outcome::Pending)], start()).await })
    };
    let (mut one, mut other_one) = (save(), save());
    let (refused, blocked) = tokio::select! {
        refused = &mut one => (refused, other_one),
        refused = &mut other_one => (refused, one),
    };
    let refused = refused.unwrap().unwrap_err();
    assert!(refused.to_string().contains("no connection became free"), "{refused}");
    store.ping().await.unwrap();
    other.batch_execute("COMMIT").unwrap();
    assert_eq!(blocked.await.unwrap().unwrap().len(), 1);
}
