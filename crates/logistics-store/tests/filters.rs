//! Filters, compared with the domain's own answer to whether a leg is meant.
#![allow(clippy::unwrap_used, reason = "failing is what tests do with what should not be")]

mod support;

use std::collections::HashMap;

use chrono::TimeDelta;
use logistics_domain::leg::{LegFilter, LegRecord};
use logistics_domain::ports::{LegToSave, Page};
use logistics_store::postgres::PostgresOptions;
use logistics_store::sqlite::SqliteOptions;
use logistics_testkit::StoreUnderTest;
use logistics_testkit::records::{organization, start};
use logistics_testkit::strategies;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use support::{Postgres, Sqlite};

#[test]
fn filters_select_and_delete_what_the_domain_admits_on_sqlite() {
    run(48, || Some(Sqlite::new(SqliteOptions::default())));
}

#[test]
fn filters_select_and_delete_what_the_domain_admits_on_postgres() {
    run(8, || Postgres::new(PostgresOptions::default()));
}

fn run<S: StoreUnderTest>(cases: u32, new: impl Fn() -> Option<S>) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let batches = proptest::collection::vec(strategies::batch(20), 1..4);
    let filters = proptest::collection::vec(strategies::filter(), 12);
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    TestRunner::new(config)
        .run(&(batches, filters), |(batches, filters)| match new() {
            Some(store) => runtime.block_on(compare(&store, batches, filters)),
            None => Ok(()),
        })
        .unwrap();
}

/// Saves batches on days that follow each other and compares what filters select, and at last what each deletes.
async fn compare(
    store: &impl StoreUnderTest,
    batches: Vec<Vec<LegToSave>>,
    filters: Vec<LegFilter>,
) -> Result<(), TestCaseError> {
    let owner = organization(1);
    store.bootstrap(&owner, start()).await.unwrap();
    let legs = store.legs(owner.id);
    let mut kept: HashMap<_, LegRecord> = HashMap::new();
    for (batch, day) in batches.into_iter().zip(0_i64..) {
        let saved = legs.save(batch, start() + TimeDelta::days(day)).await.unwrap();
        kept.extend(saved.into_iter().map(|record| (record.id, record)));
    }
    let mut newest: Vec<LegRecord> = kept.into_values().collect();
    newest.sort_by_key(|record| std::cmp::Reverse((record.created_at, record.id)));
    for filter in &filters {
        let expected: Vec<&LegRecord> = newest.iter().filter(|record| filter.admits(record)).collect();
        let listed = legs.select(filter, Page { number: 1, size: 100 }).await.unwrap();
        prop_assert_eq!(listed.total, expected.len() as u64);
        prop_assert_eq!(listed.items.iter().collect::<Vec<_>>(), expected);
    }
    for filter in &filters {
        let (gone, stay): (Vec<_>, Vec<_>) = newest.into_iter().partition(|record| filter.admits(record));
        let deleted = legs.delete_selected(filter, start()).await.unwrap();
        prop_assert_eq!(deleted, gone.into_iter().map(|record| record.id).collect::<Vec<_>>());
        newest = stay;
    }
    prop_assert_eq!(legs.list(Page { number: 1, size: 100 }).await.unwrap().items, newest);
    Ok(())
}
