//! The PostgreSQL store does what every store must do, and what is particular to it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "failing is what tests do with what should not be")]

mod support;

use chrono::TimeDelta;
use diesel::RunQueryDsl;
use diesel::connection::SimpleConnection;
use logistics_domain::hub::{HubWrite, Removal};
use logistics_domain::intake::{Answer, Delivery};
use logistics_domain::jobs::{
    AcceptedRecord, JobKind, JobState, LeaseTerms, LegResult, NewJob, PendingLeg, Rest, WorkQueue,
};
use logistics_domain::leg::{AnyOf, LegFilter, LegStatus, Outcome, ResolvedLeg};
use logistics_domain::ports::{Page, Repositories, StoreError};
use logistics_store::postgres::{OpenError, PostgresOptions, PostgresStore};
use logistics_testkit::records::{
    calculated, failed, handled_leg, hub, leg, organization, start, to_save, traced_leg,
};
use logistics_testkit::{delete_selected, exercise_store};
use support::{Postgres, at_once};

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
    let beside = PostgresStore::open(store.database.url(), PostgresOptions::default()).unwrap();
    at_once::saves_of_one_leg_make_one_row(&store, beside).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_exact_after_many_wrote_at_once() {
    let Some(store) = Postgres::new(PostgresOptions::default()) else { return };
    let owner = organization(1);
    store.bootstrap(&owner, start()).await.unwrap();
    let beside = PostgresStore::open(store.database.url(), PostgresOptions::default()).unwrap();
    let write = |task: usize| {
        let store = if task.is_multiple_of(2) { store.store.clone() } else { beside.clone() };
        async move {
            let legs = store.legs(owner.id);
            for round in 0..12 {
                let shared = (0..5).map(|number| {
                    let mut leg = traced_leg(&format!("M{number}"));
                    leg.trace.client = Some(format!("C{}", (task + round) % 4));
                    to_save(leg, if round % 3 == 0 { failed("nowhere") } else { calculated(1.0) })
                });
                let loose = (0..20).map(|_| to_save(leg(), Outcome::Pending));
                let saved = legs.save(shared.chain(loose).collect(), start()).await.unwrap();
                let gone: Vec<_> = saved[5 + round..].iter().map(|record| record.id).collect();
                assert!(legs.delete(&gone, start()).await.unwrap());
            }
        }
    };
    let tasks: Vec<_> = (0..8).map(|task| tokio::spawn(write(task))).collect();
    for task in tasks {
        task.await.unwrap();
    }
    let legs = store.legs(owner.id);
    let whole = legs.select(&LegFilter::default(), Page { number: 1, size: 10_000 }).await.unwrap();
    assert_eq!(whole.items.len(), 5 + 8 * (0..12).sum::<usize>());
    assert_eq!(whole.total, whole.items.len() as u64);
    let clients: Vec<String> = (0..4).map(|client| format!("C{client}")).collect();
    let of_clients = clients
        .iter()
        .map(|client| LegFilter { clients: AnyOf::these(vec![client.clone()]), ..LegFilter::default() });
    let of_statuses = LegStatus::ALL
        .into_iter()
        .map(|status| LegFilter { statuses: AnyOf::these(vec![status]), ..LegFilter::default() });
    for filter in of_clients.chain(of_statuses) {
        let expected: Vec<_> = whole.items.iter().filter(|record| filter.admits(record)).collect();
        let listed = legs.select(&filter, Page { number: 1, size: 10_000 }).await.unwrap();
        assert_eq!(listed.items.iter().collect::<Vec<_>>(), expected, "{filter:?}");
    }
    assert!(legs.clients().await.unwrap().iter().all(|client| clients.contains(client)));
}

/// Waits until so many of a store's transactions wait for others.
async fn until_waiting(store: &Postgres, many: i64) {
    #[derive(diesel::QueryableByName)]
    struct Waiting {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        waiting: i64,
    }
    let asked = "SELECT count(*) AS waiting FROM pg_stat_activity
                 WHERE datname = current_database() AND wait_event_type = 'Lock'";
    let mut other = store.raw();
    for _ in 0..1_000 {
        let found: Waiting = diesel::sql_query(asked).get_result(&mut other).unwrap();
        if found.waiting >= many {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("{many} transactions never waited");
}

/// A leg of a client.
fn leg_of(client: &str) -> ResolvedLeg {
    let mut leg = traced_leg("M1");
    leg.trace.client = Some(client.to_owned());
    leg
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_does_not_delete_what_changes_while_it_waits() {
    let Some(store) = Postgres::new(PostgresOptions::default()) else { return };
    let owner = organization(1);
    store.bootstrap(&owner, start()).await.unwrap();
    let save = |client: &str| {
        let (legs, batch) = (store.legs(owner.id), vec![to_save(leg_of(client), calculated(1.0))]);
        async move { legs.save(batch, start()).await.unwrap().remove(0) }
    };
    let former = save("C1").await;
    let mut other = store.raw();
    other.batch_execute("BEGIN; SELECT FROM legs FOR UPDATE").unwrap();
    let changed = tokio::spawn(save("C2"));
    until_waiting(&store, 1).await;
    let intake = store.intake(owner.id);
    let filter = LegFilter { clients: AnyOf::these(vec!["C1".to_owned()]), ..LegFilter::default() };
    let deleted = tokio::spawn(async move { delete_selected(&*intake, &filter, start()).await });
    until_waiting(&store, 2).await;
    other.batch_execute("COMMIT").unwrap();
    let changed = changed.await.unwrap();
    assert_eq!(changed.id, former.id);
    assert_eq!(deleted.await.unwrap(), []);
    assert_eq!(store.legs(owner.id).find(former.id).await.unwrap(), Some(changed));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_deletes_legs_locks_their_packages_first_as_who_saves_them_does() {
    let Some(store) = Postgres::new(PostgresOptions::default()) else { return };
    let owner = organization(1);
    store.bootstrap(&owner, start()).await.unwrap();
    let legs = store.legs(owner.id);
    let saved = legs.save(vec![to_save(traced_leg("M1"), calculated(1.0))], start()).await.unwrap();
    let mut other = store.raw();
    other.batch_execute("BEGIN; SELECT FROM packages FOR NO KEY UPDATE").unwrap();
    let deleted = tokio::spawn(async move { legs.delete(&[saved[0].id], start()).await.unwrap() });
    until_waiting(&store, 1).await;
    other.batch_execute("SELECT FROM legs FOR UPDATE NOWAIT; COMMIT").unwrap();
    assert!(deleted.await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_is_not_removed_while_legs_that_it_handled_are_saved() {
    let Some(store) = Postgres::new(PostgresOptions::default()) else { return };
    let owner = organization(1);
    store.bootstrap(&owner, start()).await.unwrap();
    let warehouse = hub("Madrid");
    assert_eq!(store.hubs(owner.id).create(&warehouse).await.unwrap(), HubWrite::Kept);
    let save = |movement: &str| {
        let batch = vec![to_save(handled_leg(movement, &warehouse), calculated(1.0))];
        let legs = store.legs(owner.id);
        tokio::spawn(async move { legs.save(batch, start()).await })
    };
    let mut other = store.raw();
    other.batch_execute("BEGIN; LOCK TABLE leg_results").unwrap();
    let saved = save("M1");
    until_waiting(&store, 1).await;
    let (hubs, id) = (store.hubs(owner.id), warehouse.id);
    let removed = tokio::spawn(async move { hubs.remove(id).await.unwrap() });
    until_waiting(&store, 2).await;
    other.batch_execute("COMMIT").unwrap();
    assert!(saved.await.unwrap().is_ok());
    assert_eq!(removed.await.unwrap(), Removal::InUse);

    other.batch_execute("BEGIN; DELETE FROM hubs").unwrap();
    let refused = save("M2");
    until_waiting(&store, 1).await;
    other.batch_execute("COMMIT").unwrap();
    let refused = refused.await.unwrap();
    assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_refused() {
    let Some(store) = Postgres::new(PostgresOptions::default()) else { return };
    let newer = "INSERT INTO __diesel_schema_migrations (version) VALUES ('99991231235959')";
    store.raw().batch_execute(newer).unwrap();
    let refused = PostgresStore::open(store.database.url(), PostgresOptions::default()).unwrap_err();
    assert!(matches!(&refused, OpenError::Newer { version, .. } if version == "99991231235959"), "{refused}");
}

#[test]
fn servers_that_start_at_once_make_one_organization() {
    let Some(store) = Postgres::new(PostgresOptions::default()) else { return };
    store.raw().batch_execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public").unwrap();
    let url = store.database.url();
    at_once::starts_make_one_organization(|| PostgresStore::open(url, PostgresOptions::default()).unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn lost_connections_are_made_again() {
    let Some(store) = Postgres::new(PostgresOptions::default()) else { return };
    let owner = organization(1);
    store.bootstrap(&owner, start()).await.unwrap();
    let legs = store.legs(owner.id);
    let batch = || vec![to_save(leg(), calculated(1.0))];
    for _ in 0..3 {
        legs.save(batch(), start()).await.unwrap();
        let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                   WHERE datname = current_database() AND pid <> pg_backend_pid()";
        store.raw().batch_execute(end).unwrap();
    }
    assert_eq!(legs.select(&LegFilter::default(), Page { number: 1, size: 9 }).await.unwrap().total, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_loses_its_connection_is_unavailable_and_leaves_nothing() {
    let Some(store) = Postgres::new(PostgresOptions::default()) else { return };
    let owner = organization(1);
    store.bootstrap(&owner, start()).await.unwrap();
    let mut other = store.raw();
    other.batch_execute("BEGIN; LOCK TABLE leg_results").unwrap();
    let legs = store.legs(owner.id);
    let save = tokio::spawn(async move { legs.save(vec![to_save(leg(), calculated(1.0))], start()).await });
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
               WHERE datname = current_database() AND wait_event_type = 'Lock'";
    while !save.is_finished() {
        other.batch_execute(end).unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let refused = save.await.unwrap();
    assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
    other.batch_execute("COMMIT").unwrap();
    assert_eq!(
        store.legs(owner.id).select(&LegFilter::default(), Page { number: 1, size: 9 }).await.unwrap().total,
        0
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn workers_at_once_settle_every_record_once() {
    const RECORDS: u32 = 120;
    let Some(store) = Postgres::new(PostgresOptions::default()) else { return };
    let owner = organization(1);
    store.bootstrap(&owner, start()).await.unwrap();
    let accepted = (0..RECORDS).map(|index| AcceptedRecord { index, upload: "{}".to_owned() }).collect();
    let delivery = Delivery {
        legs: (0..RECORDS).map(|_| to_save(leg(), Outcome::Pending)).collect(),
        job: Some(NewJob { kind: JobKind::Bulk, accepted, refused: Vec::new(), chunk: 3 }),
        call: None,
        answer: Box::new(|_| Answer { status: 200, location: None, body: Vec::new() }),
    };
    store.intake(owner.id).take(delivery, start()).await.unwrap();
    let terms = LeaseTerms {
        now: start(),
        until: start() + TimeDelta::hours(1),
        horizon: start() + TimeDelta::hours(2),
    };
    let work = || {
        let store = store.store.clone();
        async move {
            let mut chunks = 0;
            while let Some(claimed) = store.claim(terms, owner.id).await.unwrap() {
                let pending = store.read(claimed.lease).await.unwrap();
                let result = |pending: PendingLeg| LegResult {
                    index: pending.index,
                    updated_at: pending.updated_at,
                    outcome: if pending.index.is_multiple_of(7) {
                        failed("nowhere")
                    } else {
                        calculated(1.0)
                    },
                };
                let results = pending.into_iter().map(result).collect();
                assert!(store.write_back(claimed.lease, results, Rest::Returned, start()).await.unwrap());
                chunks += 1;
            }
            chunks
        }
    };
    let workers: Vec<_> = (0..8).map(|_| tokio::spawn(work())).collect();
    let mut chunks = 0;
    for worker in workers {
        chunks += worker.await.unwrap();
    }
    assert_eq!(chunks, RECORDS.div_ceil(3));
    let job = store.jobs(owner.id).list(Page { number: 1, size: 1 }).await.unwrap().items.remove(0);
    let failures = RECORDS.div_ceil(7);
    assert_eq!((job.state, job.succeeded, job.failed), (JobState::Completed, RECORDS - failures, failures));
    assert_eq!(store.jobs(owner.id).errors(job.id, 1000).await.unwrap().len(), failures as usize);
}
