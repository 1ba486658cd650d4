//! Jobs, from what a call brings to the last result.

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;
use logistics_domain::ids::{JobId, OrganizationId};
use logistics_domain::intake::{Answer, CallKey, Delivery, Kept, Told};
use logistics_domain::jobs::{
    AcceptedRecord, Claimed, FailedRecord, FailureCount, Job, JobKind, JobState, LeaseTerms, LegResult,
    NewJob, Order, Ordered, PendingLeg, Rest, Stage, StopReason,
};
use logistics_domain::leg::{LegStatus, Outcome, ResolvedLeg};
use logistics_domain::ports::{LegToSave, Page};
use uuid::Uuid;

use super::{StoreUnderTest, all, first_organization, total_wtw};
use crate::records::{calculated, failed, leg, organization, start, to_save, traced_leg};

pub(super) fn terms(now: DateTime<Utc>) -> LeaseTerms {
    LeaseTerms { now, until: now + TimeDelta::seconds(30), horizon: now + TimeDelta::minutes(5) }
}

pub(super) fn later(seconds: i64) -> DateTime<Utc> {
    start() + TimeDelta::seconds(seconds)
}

fn new_job(kind: JobKind, legs: usize, refused: Vec<FailedRecord>) -> NewJob {
    let accepted =
        (0..).take(legs).map(|index| AcceptedRecord { index, upload: format!("{{\"n\":{index}}}") });
    NewJob { kind, accepted: accepted.collect(), refused, chunk: 2 }
}

/// Takes pending legs in; answers with their job.
async fn deliver(
    store: &impl StoreUnderTest,
    owner: OrganizationId,
    legs: Vec<ResolvedLeg>,
    kind: JobKind,
    refused: Vec<FailedRecord>,
    at: DateTime<Utc>,
) -> JobId {
    let job = Some(new_job(kind, legs.len(), refused));
    let legs: Vec<LegToSave> = legs.into_iter().map(|leg| to_save(leg, Outcome::Pending)).collect();
    let answer = |kept: Kept<'_>| Answer {
        status: 200,
        location: None,
        body: kept.job.map(|job| job.0.into_bytes().to_vec()).unwrap_or_default(),
    };
    let delivery = Delivery { legs, job, call: None, answer: Box::new(answer) };
    let told = store.intake(owner).take(delivery, at).await.unwrap();
    let Told::Now(answer) = told else { panic!("nobody came before") };
    JobId(Uuid::from_slice(&answer.body).unwrap())
}

pub(super) async fn bulk(store: &impl StoreUnderTest, owner: OrganizationId, legs: usize) -> JobId {
    deliver(store, owner, vec![leg(); legs], JobKind::Bulk, Vec::new(), start()).await
}

pub(super) async fn job(store: &impl StoreUnderTest, owner: OrganizationId, id: JobId) -> Job {
    store.jobs(owner).find(id).await.unwrap().unwrap()
}

fn counts(job: &Job) -> (JobState, u32, u32, u32, u32) {
    (job.state, job.total, job.succeeded, job.failed, job.pending())
}

async fn claim(store: &impl StoreUnderTest, now: DateTime<Utc>) -> Option<(Claimed, Vec<PendingLeg>)> {
    let claimed = store.claim(terms(now), OrganizationId(Uuid::nil())).await.unwrap()?;
    Some((claimed, store.read(claimed.lease).await.unwrap()))
}

pub(super) fn results(pending: &[PendingLeg], outcome: &Outcome) -> Vec<LegResult> {
    let result = |pending: &PendingLeg| LegResult {
        index: pending.index,
        updated_at: pending.updated_at,
        outcome: outcome.clone(),
    };
    pending.iter().map(result).collect()
}

pub(super) fn order(job: JobId) -> Order {
    Order { job, call: None, answer: Box::new(|_| Answer { status: 200, location: None, body: Vec::new() }) }
}

pub async fn jobs_go_from_pending_to_completed(store: &impl StoreUnderTest) {
    let (owner, legs) = first_organization(store).await;
    let id = bulk(store, owner, 5).await;
    assert_eq!(counts(&job(store, owner, id).await), (JobState::Pending, 5, 0, 0, 5));
    for (succeeded, size) in [(2, 2), (4, 2), (5, 1)] {
        let (claimed, pending) = claim(store, later(1)).await.unwrap();
        assert_eq!((claimed.attempts, claimed.records, pending.len()), (1, size, size as usize));
        assert_eq!(job(store, owner, id).await.state, JobState::Running);
        let calculated = results(&pending, &calculated(3.0));
        assert!(store.write_back(claimed.lease, calculated, Rest::Returned, later(2)).await.unwrap());
        assert_eq!(job(store, owner, id).await.succeeded, succeeded);
    }
    let done = job(store, owner, id).await;
    assert_eq!(counts(&done), (JobState::Completed, 5, 5, 0, 0));
    assert_eq!((done.started_at, done.finished_at), (Some(later(1)), Some(later(2))));
    assert!(claim(store, later(1000)).await.is_none());
    for leg in all(&*legs).await.items {
        assert_eq!((&leg.outcome, leg.updated_at), (&calculated(3.0), later(2)));
        assert_eq!(store.kept_results(owner, leg.id).await.len(), 1);
    }
}

pub async fn only_the_holder_writes_and_only_once(store: &impl StoreUnderTest) {
    let (owner, legs) = first_organization(store).await;
    let id = bulk(store, owner, 2).await;
    let (first, pending) = claim(store, start()).await.unwrap();
    assert!(claim(store, later(29)).await.is_none(), "the lease holds");
    assert!(store.extend(first.lease, later(60)).await.unwrap());
    assert!(claim(store, later(59)).await.is_none(), "a heartbeat makes it hold for longer");
    let (second, _) = claim(store, later(60)).await.unwrap();
    assert_eq!(second.attempts, 2);

    let of_first = results(&pending, &calculated(1.0));
    assert!(!store.extend(first.lease, later(99)).await.unwrap());
    assert!(!store.put_back(first.lease, Rest::GivenUp, later(61)).await.unwrap());
    assert!(!store.split(first.lease, later(61)).await.unwrap());
    assert!(!store.write_back(first.lease, of_first, Rest::Returned, later(61)).await.unwrap());
    assert_eq!(counts(&job(store, owner, id).await), (JobState::Running, 2, 0, 0, 2));
    let of_second = results(&pending, &calculated(2.0));
    assert!(store.write_back(second.lease, of_second.clone(), Rest::Returned, later(62)).await.unwrap());
    assert!(!store.write_back(second.lease, of_second, Rest::Returned, later(63)).await.unwrap());
    assert_eq!(counts(&job(store, owner, id).await), (JobState::Completed, 2, 2, 0, 0));
    assert!(all(&*legs).await.items.iter().all(|leg| leg.outcome == calculated(2.0)));
}

pub async fn failures_are_kept_with_what_was_sent(store: &impl StoreUnderTest) {
    let (owner, legs) = first_organization(store).await;
    let refused = FailedRecord {
        index: 1,
        movement_id: Some("M9".to_owned()),
        stage: Stage::Sync,
        code: "INVALID".to_owned(),
        error: "load is text".to_owned(),
        upload: "{\"load\":\"x\"}".to_owned(),
    };
    let at = start();
    let id = deliver(store, owner, vec![traced_leg("M1")], JobKind::Bulk, vec![refused.clone()], at).await;
    assert_eq!(counts(&job(store, owner, id).await), (JobState::Pending, 2, 0, 1, 1));
    let (claimed, pending) = claim(store, later(1)).await.unwrap();
    let outcome = failed("no such place");
    store.write_back(claimed.lease, results(&pending, &outcome), Rest::Returned, later(2)).await.unwrap();
    assert_eq!(counts(&job(store, owner, id).await), (JobState::Completed, 2, 0, 2, 0));
    let errors = store.jobs(owner).errors(id, 9).await.unwrap();
    assert_eq!(errors[1], refused);
    assert_eq!((errors[0].stage, errors[0].code.as_str()), (Stage::Calculation, "NO_DISTANCE"));
    assert_eq!((errors[0].movement_id.as_deref(), errors[0].upload.as_str()), (Some("M1"), "{\"n\":0}"));
    assert_eq!(store.jobs(owner).errors(id, 1).await.unwrap().len(), 1);
    let by_code = |code: &str| FailureCount { job: id, code: code.to_owned(), count: 1 };
    let other = JobId(Uuid::nil());
    let counted = store.jobs(owner).failures(&[other, id]).await.unwrap();
    assert_eq!(counted, [by_code("INVALID"), by_code("NO_DISTANCE")]);
    assert_eq!(store.jobs(organization(2).id).failures(&[id]).await.unwrap(), []);
    assert_eq!(all(&*legs).await.items[0].outcome.status(), LegStatus::Error);
}

pub async fn what_cannot_be_done_now_is_done_later_or_given_up(store: &impl StoreUnderTest) {
    let (owner, _) = first_organization(store).await;
    let id = bulk(store, owner, 2).await;
    let (claimed, pending) = claim(store, start()).await.unwrap();
    let one = results(&pending[..1], &calculated(1.0));
    assert!(store.write_back(claimed.lease, one, Rest::Again(later(10)), later(1)).await.unwrap());
    assert_eq!(counts(&job(store, owner, id).await), (JobState::Running, 2, 1, 0, 1));
    assert!(claim(store, later(9)).await.is_none());
    let (again, rest) = claim(store, later(10)).await.unwrap();
    assert_eq!((again.attempts, &rest[..]), (2, &pending[1..]));
    assert!(store.put_back(again.lease, Rest::Returned, later(11)).await.unwrap());
    let (returned, _) = claim(store, later(11)).await.unwrap();
    assert_eq!(returned.attempts, 2, "what was returned does not count");

    assert!(store.put_back(returned.lease, Rest::GivenUp, later(12)).await.unwrap());
    let stopped = job(store, owner, id).await;
    assert_eq!(
        (counts(&stopped), stopped.stopped),
        ((JobState::Failed, 2, 1, 0, 1), Some(StopReason::GaveUp))
    );
    assert!(claim(store, later(1000)).await.is_none());
    let retried = store.jobs(owner).retry(order(id), later(13)).await.unwrap();
    assert!(matches!(retried, Ordered::Told(Told::Now(_))));
    let (last, rest) = claim(store, later(14)).await.unwrap();
    assert_eq!(last.attempts, 1);
    store.write_back(last.lease, results(&rest, &calculated(1.0)), Rest::Returned, later(15)).await.unwrap();
    assert_eq!(counts(&job(store, owner, id).await), (JobState::Completed, 2, 2, 0, 0));
}

pub async fn chunks_are_cut_into_single_records(store: &impl StoreUnderTest) {
    let (owner, _) = first_organization(store).await;
    let id = bulk(store, owner, 2).await;
    let (claimed, _) = claim(store, start()).await.unwrap();
    assert!(store.split(claimed.lease, later(1)).await.unwrap());
    for _ in 0..2 {
        let (single, pending) = claim(store, later(2)).await.unwrap();
        assert_eq!((single.attempts, single.records, pending.len()), (1, 1, 1));
        store
            .write_back(single.lease, results(&pending, &calculated(1.0)), Rest::Returned, later(3))
            .await
            .unwrap();
    }
    assert_eq!(counts(&job(store, owner, id).await), (JobState::Completed, 2, 2, 0, 0));
}

pub async fn a_leg_that_was_replaced_meanwhile_is_calculated_as_it_is_now(store: &impl StoreUnderTest) {
    let (owner, legs) = first_organization(store).await;
    let id = deliver(store, owner, vec![traced_leg("M1")], JobKind::Bulk, Vec::new(), start()).await;
    let (claimed, stale) = claim(store, start()).await.unwrap();
    let changed = ResolvedLeg { cleaning: true, ..traced_leg("M1") };
    let second = deliver(store, owner, vec![changed.clone()], JobKind::Bulk, Vec::new(), start()).await;
    assert!(
        store
            .write_back(claimed.lease, results(&stale, &calculated(1.0)), Rest::Returned, start())
            .await
            .unwrap()
    );
    assert_eq!(counts(&job(store, owner, id).await), (JobState::Running, 1, 0, 0, 1));
    for at in [1, 2] {
        let (claimed, pending) = claim(store, later(at)).await.unwrap();
        assert!(pending.iter().all(|pending| pending.leg == changed));
        assert!(
            store
                .write_back(claimed.lease, results(&pending, &calculated(2.0)), Rest::Returned, later(at))
                .await
                .unwrap()
        );
    }
    for id in [id, second] {
        assert_eq!(counts(&job(store, owner, id).await), (JobState::Completed, 1, 1, 0, 0));
    }
    let kept = &all(&*legs).await.items[0];
    assert_eq!((&kept.leg, &kept.outcome), (&changed, &calculated(2.0)));
    assert_eq!(
        store.kept_results(owner, kept.id).await,
        [(total_wtw(&calculated(2.0)), true)],
        "calculated once"
    );
}

pub async fn a_leg_that_comes_twice_before_a_worker_settles_both_records(store: &impl StoreUnderTest) {
    let (owner, legs) = first_organization(store).await;
    let single =
        async || deliver(store, owner, vec![traced_leg("M1")], JobKind::Singles, Vec::new(), start()).await;
    let id = single().await;
    assert_eq!(single().await, id);
    let (claimed, pending) = claim(store, start()).await.unwrap();
    let done = results(&pending, &calculated(1.0));
    assert!(store.write_back(claimed.lease, done, Rest::Returned, later(1)).await.unwrap());
    let found = job(store, owner, id).await;
    assert_eq!((found.total, found.succeeded, found.failed, found.pending()), (2, 2, 0, 0));
    let kept = &all(&*legs).await.items[0];
    let once = [(total_wtw(&calculated(1.0)), true)];
    assert_eq!(store.kept_results(owner, kept.id).await, once, "calculated once");
}

pub async fn single_creates_share_the_job_of_their_minute(store: &impl StoreUnderTest) {
    let (owner, _) = first_organization(store).await;
    let single = async |at| deliver(store, owner, vec![leg()], JobKind::Singles, Vec::new(), at).await;
    let first = single(start()).await;
    let (claimed, pending) = claim(store, start()).await.unwrap();
    store
        .write_back(claimed.lease, results(&pending, &calculated(1.0)), Rest::Returned, start())
        .await
        .unwrap();
    assert_eq!(job(store, owner, first).await.state, JobState::Running, "more may come within the minute");
    assert_eq!([single(later(30)).await, single(later(59)).await], [first; 2]);
    assert_ne!(single(later(60)).await, first);
    assert_eq!(store.close_rolling(later(61)).await.unwrap(), 0, "two of its legs wait");
    let (claimed, pending) = claim(store, later(61)).await.unwrap();
    assert_eq!(pending.iter().map(|pending| pending.index).collect::<Vec<_>>(), [1, 2]);
    store
        .write_back(claimed.lease, results(&pending, &calculated(1.0)), Rest::Returned, later(62))
        .await
        .unwrap();
    assert_eq!(counts(&job(store, owner, first).await), (JobState::Completed, 3, 3, 0, 0));

    let (claimed, pending) = claim(store, later(63)).await.unwrap();
    store
        .write_back(claimed.lease, results(&pending, &calculated(1.0)), Rest::Returned, later(63))
        .await
        .unwrap();
    assert_eq!(store.close_rolling(later(119)).await.unwrap(), 0);
    assert_eq!(store.close_rolling(later(120)).await.unwrap(), 1);
    let listed = store.jobs(owner).list(Page { number: 1, size: 9 }).await.unwrap();
    assert!(listed.total == 2 && listed.items.iter().all(|job| job.state == JobState::Completed));
    assert_eq!(listed.items[1].id, first);
}

pub async fn single_creates_at_once_join_one_job(store: &impl StoreUnderTest) {
    const LEGS: usize = 16;
    let (owner, _) = first_organization(store).await;
    for minute in 0..3 {
        let at = later(minute * 120);
        let creates = (0..LEGS).map(|_| deliver(store, owner, vec![leg()], JobKind::Singles, Vec::new(), at));
        let made = join_all(creates).await;
        assert!(made.iter().all(|id| *id == made[0]), "{made:?}");
        assert_eq!(job(store, owner, made[0]).await.total as usize, LEGS);
    }
    assert_eq!(store.jobs(owner).list(Page { number: 1, size: 9 }).await.unwrap().total, 3);
}

pub async fn cancelled_jobs_are_left_alone(store: &impl StoreUnderTest) {
    let (owner, legs) = first_organization(store).await;
    let id = bulk(store, owner, 4).await;
    let (claimed, pending) = claim(store, start()).await.unwrap();
    store.jobs(owner).cancel(order(id), later(1)).await.unwrap();
    let written =
        store.write_back(claimed.lease, results(&pending, &calculated(1.0)), Rest::Returned, later(2)).await;
    assert!(!written.unwrap());
    let cancelled = job(store, owner, id).await;
    assert_eq!(
        (counts(&cancelled), cancelled.stopped),
        ((JobState::Failed, 4, 0, 0, 4), Some(StopReason::Cancelled))
    );
    assert!(claim(store, later(1000)).await.is_none());
    assert!(all(&*legs).await.items.iter().all(|leg| leg.outcome == Outcome::Pending));
    let again = store.jobs(owner).cancel(order(id), later(3)).await.unwrap();
    assert_eq!(again, Ordered::NotNow(JobState::Failed));
}

pub async fn a_clock_that_was_wrong_holds_nothing_up(store: &impl StoreUnderTest) {
    let (owner, _) = first_organization(store).await;
    let id = deliver(store, owner, vec![leg()], JobKind::Singles, Vec::new(), later(7200)).await;
    claim(store, later(7200)).await.unwrap();
    let (claimed, pending) = claim(store, start()).await.unwrap();
    store
        .write_back(claimed.lease, results(&pending, &calculated(1.0)), Rest::Returned, start())
        .await
        .unwrap();
    assert_eq!(counts(&job(store, owner, id).await), (JobState::Completed, 1, 1, 0, 0));
}

pub async fn jobs_are_an_organizations_own(store: &impl StoreUnderTest) {
    let (owner, _) = first_organization(store).await;
    let other = organization(2);
    store.add_organization(&other).await;
    let id = bulk(store, owner, 1).await;
    let theirs = store.jobs(other.id);
    assert_eq!(theirs.find(id).await.unwrap(), None);
    assert_eq!(theirs.list(Page { number: 1, size: 9 }).await.unwrap().total, 0);
    assert_eq!(theirs.errors(id, 9).await.unwrap(), []);
    assert_eq!(theirs.cancel(order(id), start()).await.unwrap(), Ordered::NoSuchJob);
    assert_eq!(theirs.retry(order(id), start()).await.unwrap(), Ordered::NoSuchJob);
    let (claimed, pending) = claim(store, start()).await.unwrap();
    let mut foreign = claimed.lease;
    foreign.organization = other.id;
    assert_eq!(store.read(foreign).await.unwrap(), []);
    assert!(
        !store
            .write_back(foreign, results(&pending, &calculated(1.0)), Rest::Returned, start())
            .await
            .unwrap()
    );
    assert_eq!(counts(&job(store, owner, id).await), (JobState::Running, 1, 0, 0, 1));
}

pub async fn orders_with_a_key_are_carried_out_once(store: &impl StoreUnderTest) {
    let (owner, _) = first_organization(store).await;
    let id = bulk(store, owner, 1).await;
    let call = CallKey { key: "K".to_owned(), fingerprint: [1; 32] };
    let keyed = || Order { call: Some(call.clone()), ..order(id) };
    let first = store.jobs(owner).cancel(keyed(), start()).await.unwrap();
    let Ordered::Told(Told::Now(answer)) = first else { panic!("{first:?}") };
    let again = store.jobs(owner).cancel(keyed(), start()).await.unwrap();
    assert_eq!(again, Ordered::Told(Told::Before(answer)));
}
