//! The PostgreSQL store does what every store must do, and what is particular to it.
#![allow(clippy::unwrap_used, reason = "failing is what tests do with what should not be")]

mod support;

use logistics_domain::leg::Outcome;
use logistics_domain::ports::{Accounts, Page, Repositories};
use logistics_store::postgres::{PostgresOptions, PostgresStore};
use logistics_testkit::exercise_store;
use logistics_testkit::records::{calculated, leg, organization, start, to_save, traced_leg};
use support::Postgres;

#[tokio::test(flavor = "multi_thread")]
async fn it_does_what_every_store_must_do() {
    if Postgres::new(PostgresOptions::default()).is_none() {
        return;
    }
    exercise_store(async || Postgres::new(PostgresOptions::default()).unwrap()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_leg_saved_at_once_by_many_is_one_row() {
    let Some(store) = Postgres::new(PostgresOptions::default()) else { return };
    let owner = organization(1);
    store.bootstrap(&owner, start()).await.unwrap();
    let beside = PostgresStore::open(store.database.url(), PostgresOptions::default()).unwrap();
    let save = |number: u32| {
        let store = if number.is_multiple_of(2) { (*store).clone() } else { beside.clone() };
        async move {
            let batch = vec![
                to_save(traced_leg("M1"), calculated(f64::from(number))),
                to_save(leg(), Outcome::Pending),
            ];
            store.legs(owner.id).save(batch, start()).await.unwrap().remove(0)
        }
    };
    let tasks: Vec<_> = (0..32).map(|number| tokio::spawn(save(number))).collect();
    let mut saved = Vec::new();
    for task in tasks {
        saved.push(task.await.unwrap());
    }
    assert!(saved.iter().all(|record| (record.id, record.package_id) == (saved[0].id, saved[0].package_id)));
    assert_eq!(store.legs(owner.id).list(Page { number: 1, size: 1 }).await.unwrap().total, 33);
    let kept = logistics_testkit::StoreUnderTest::kept_results(&store, owner.id, saved[0].id).await;
    assert_eq!(kept.len(), 32);
    assert_eq!(kept.iter().filter(|(_, in_force)| *in_force).count(), 1);
}
