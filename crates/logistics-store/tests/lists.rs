//! Lists, compared with a naive model: the domain's own answer to whether a leg is meant, asked of every leg.
#![allow(clippy::unwrap_used, reason = "failing is what tests do with what should not be")]

mod support;

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use logistics_domain::ids::{JobId, LegId, OrganizationId, PackageId};
use logistics_domain::intake::{Answer, Delivery};
use logistics_domain::jobs::{AcceptedRecord, JobKind, LeaseTerms, LegResult, NewJob, Rest};
use logistics_domain::leg::{AnyOf, LegFilter, LegRecord, Outcome};
use logistics_domain::package::PackageFilter;
use logistics_domain::ports::{LegRepository, LegToSave, Page};
use logistics_store::postgres::PostgresOptions;
use logistics_store::sqlite::SqliteOptions;
use logistics_testkit::records::{organization, start};
use logistics_testkit::{StoreUnderTest, delete_selected, strategies};
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, TestRunner};
use support::{Postgres, Sqlite};

#[test]
fn lists_are_what_the_domain_admits_on_sqlite() {
    run(48, || Some(Sqlite::new(SqliteOptions::default())));
}

#[test]
fn lists_are_what_the_domain_admits_on_postgres() {
    run(12, || Postgres::new(PostgresOptions::default()));
}

/// What happens to legs.
#[derive(Debug, Clone)]
enum Step {
    Save(Vec<LegToSave>),
    /// They are taken in with a job, and calculated after that.
    Calculate(Vec<LegToSave>),
    Delete(Vec<Index>),
    DeleteSelected(Box<LegFilter>),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => strategies::batch(20).prop_map(Step::Save),
        2 => strategies::batch(12).prop_map(Step::Calculate),
        1 => proptest::collection::vec(any::<Index>(), 1..6).prop_map(Step::Delete),
        1 => strategies::filter().prop_map(|filter| Step::DeleteSelected(Box::new(filter))),
    ];
    proptest::collection::vec(step, 1..8)
}

fn run<S: StoreUnderTest>(cases: u32, new: impl Fn() -> Option<S>) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let filters = proptest::collection::vec(strategies::filter(), 12);
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    TestRunner::new(config)
        .run(&(steps(), filters), |(steps, filters)| match new() {
            Some(store) => runtime.block_on(compare(&store, steps, filters)),
            None => Ok(()),
        })
        .unwrap();
}

/// Goes steps on days that follow each other and compares what is listed after each.
async fn compare(
    store: &impl StoreUnderTest,
    steps: Vec<Step>,
    filters: Vec<LegFilter>,
) -> Result<(), TestCaseError> {
    let owner = organization(1);
    store.bootstrap(&owner, start()).await.unwrap();
    for hub in strategies::handling_hubs() {
        store.hubs(owner.id).create(&hub).await.unwrap();
    }
    let (legs, intake) = (store.legs(owner.id), store.intake(owner.id));
    let mut model = Model::default();
    for (step, day) in steps.into_iter().zip(0_i64..) {
        let at = start() + TimeDelta::days(day);
        match step {
            Step::Save(batch) => model.keep(legs.save(batch, at).await.unwrap()),
            Step::Calculate(batch) => model.calculate(store, owner.id, batch, at).await,
            Step::Delete(chosen) => {
                let ids: BTreeSet<LegId> = model.some(&chosen);
                let ids: Vec<LegId> = ids.into_iter().collect();
                prop_assert!(legs.delete(&ids, at).await.unwrap());
                model.stored.retain(|record| !ids.contains(&record.id));
            }
            Step::DeleteSelected(filter) => {
                let expected: Vec<LegId> = model.admitted(&filter).map(|record| record.id).collect();
                prop_assert_eq!(delete_selected(&*intake, &filter, at).await, expected.clone());
                model.stored.retain(|record| !expected.contains(&record.id));
            }
        }
        model.compare(&*legs, &LegFilter::default(), 7).await?;
    }
    for filter in &filters {
        model.compare(&*legs, filter, 100).await?;
    }
    let files = model.files.keys().map(|file| AnyOf::these(vec![*file]));
    for files in files.chain([AnyOf::these(model.files.keys().copied().collect())]) {
        model.compare(&*legs, &LegFilter { files, ..filters[0].clone() }, 3).await?;
    }
    let clients: BTreeSet<String> =
        model.stored.iter().filter_map(|record| record.leg.trace.client.clone()).collect();
    prop_assert_eq!(legs.clients().await.unwrap(), Vec::from_iter(clients));
    prop_assert_eq!(legs.overview().await.unwrap().count, model.stored.len() as u64);
    model.compare_packages(store, owner.id).await
}

#[derive(Default)]
struct Model {
    /// In the order of storing.
    stored: Vec<LegRecord>,
    /// The legs that came in with each job.
    files: HashMap<JobId, BTreeSet<LegId>>,
    /// All packages that there ever were.
    packages: BTreeSet<PackageId>,
}

impl Model {
    /// Legs that were saved. One that takes another's place stays where that was.
    fn keep(&mut self, saved: Vec<LegRecord>) {
        self.packages.extend(saved.iter().filter_map(|record| record.package_id));
        for record in saved {
            match self.stored.iter_mut().find(|stored| stored.id == record.id) {
                Some(stored) => *stored = record,
                None => self.stored.push(record),
            }
        }
    }

    async fn calculate(
        &mut self,
        store: &impl StoreUnderTest,
        organization: OrganizationId,
        batch: Vec<LegToSave>,
        at: DateTime<Utc>,
    ) {
        let outcomes: Vec<Outcome> = batch.iter().map(|given| given.outcome.clone()).collect();
        let pending = |given| LegToSave { outcome: Outcome::Pending, ..given };
        let accepted = (0..batch.len() as u32).map(|index| AcceptedRecord { index, upload: "{}".to_owned() });
        let job = NewJob { kind: JobKind::Bulk, accepted: accepted.collect(), refused: Vec::new(), chunk: 5 };
        let (tell, told) = std::sync::mpsc::channel();
        let delivery = Delivery {
            legs: batch.into_iter().map(pending).collect(),
            job: Some(job),
            call: None,
            answer: Box::new(move |kept| {
                tell.send((kept.legs.to_vec(), kept.job.unwrap())).unwrap();
                Answer { status: 200, location: None, body: Vec::new() }
            }),
        };
        store.intake(organization).take(delivery, at).await.unwrap();
        let (kept, job) = told.recv().unwrap();
        self.files.insert(job, kept.iter().map(|record| record.id).collect());
        self.keep(kept);
        let terms =
            LeaseTerms { now: at, until: at + TimeDelta::hours(1), horizon: at + TimeDelta::hours(2) };
        while let Some(claimed) = store.claim(terms, organization).await.unwrap() {
            let mut results = Vec::new();
            for pending in store.read(claimed.lease).await.unwrap() {
                let outcome = outcomes[pending.index as usize].clone();
                if outcome != Outcome::Pending {
                    let stored = self.stored.iter_mut().find(|stored| stored.id == pending.id).unwrap();
                    (stored.outcome, stored.updated_at) = (outcome.clone(), at);
                    results.push(LegResult { index: pending.index, updated_at: pending.updated_at, outcome });
                }
            }
            assert!(store.write_back(claimed.lease, results, Rest::GivenUp, at).await.unwrap());
        }
    }

    fn some(&self, chosen: &[Index]) -> BTreeSet<LegId> {
        if self.stored.is_empty() {
            return BTreeSet::new();
        }
        chosen.iter().map(|index| index.get(&self.stored).id).collect()
    }

    /// What a filter admits, newest first.
    fn admitted<'a>(&'a self, filter: &'a LegFilter) -> impl Iterator<Item = &'a LegRecord> {
        let of_files = |record: &LegRecord| {
            let files = filter.files.values();
            files.is_none_or(|files| files.iter().any(|file| self.files[file].contains(&record.id)))
        };
        self.stored.iter().rev().filter(move |record| filter.admits(record) && of_files(record))
    }

    /// Compares the packages, and those of every client.
    async fn compare_packages(
        &self,
        store: &impl StoreUnderTest,
        organization: OrganizationId,
    ) -> Result<(), TestCaseError> {
        let mut of_clients: HashMap<Option<&String>, BTreeSet<PackageId>> = HashMap::new();
        of_clients.insert(None, self.packages.clone());
        for record in &self.stored {
            if let (Some(client), Some(package)) = (&record.leg.trace.client, record.package_id) {
                of_clients.entry(Some(client)).or_default().insert(package);
            }
        }
        for (client, expected) in of_clients {
            let filter = PackageFilter { client: client.cloned(), ..PackageFilter::default() };
            let page = Page { number: 1, size: 1000 };
            let listed = store.packages(organization).select(&filter, page).await.unwrap();
            prop_assert_eq!(listed.total, expected.len() as u64);
            prop_assert_eq!(listed.items.iter().map(|package| package.id).collect::<BTreeSet<_>>(), expected);
        }
        Ok(())
    }

    /// Compares all pages of a list.
    async fn compare(
        &self,
        legs: &dyn LegRepository,
        filter: &LegFilter,
        size: u32,
    ) -> Result<(), TestCaseError> {
        let expected: Vec<&LegRecord> = self.admitted(filter).collect();
        let beyond: &[&LegRecord] = &[];
        let pages = expected.chunks(size as usize).chain([beyond]);
        for (page, number) in pages.zip(1..) {
            let listed = legs.select(filter, Page { number, size }).await.unwrap();
            prop_assert_eq!(listed.total, expected.len() as u64);
            prop_assert_eq!(&listed.items.iter().collect::<Vec<_>>(), page);
        }
        Ok(())
    }
}
