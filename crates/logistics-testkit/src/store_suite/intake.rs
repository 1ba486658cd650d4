//! Calls that are sent again have no second effect.

use chrono::TimeDelta;
use logistics_domain::accounts::{Access, KeyMade, Label, NewKey, Organization};
use logistics_domain::ids::{ApiKeyId, LegId, OrganizationId, RechargeId};
use logistics_domain::intake::{
    ANSWERS_KEPT_FOR, Answer, Call, CallKey, Delivery, Done, Effect, Effected, Kept, Told,
};
use logistics_domain::leg::Outcome;
use logistics_domain::ports::LegToSave;
use uuid::Uuid;

use super::{StoreUnderTest, all, first_organization};
use crate::records::{calculated, leg, organization, start, to_save, traced_leg};

fn call(key: &str, asked: u8) -> CallKey {
    CallKey { key: key.to_owned(), fingerprint: [asked; 32] }
}

/// An answer that tells which legs were kept.
fn written(kept: Kept<'_>) -> Answer {
    let body = kept.legs.iter().flat_map(|leg| leg.id.0.into_bytes()).collect();
    Answer { status: 200, location: Some("/there".to_owned()), body }
}

fn delivery(legs: Vec<LegToSave>, call: Option<CallKey>) -> Delivery {
    Delivery { legs, job: None, call, answer: Box::new(written) }
}

fn legs(number: usize) -> Vec<LegToSave> {
    (0..number).map(|_| to_save(leg(), calculated(1.0))).collect()
}

async fn count(store: &impl StoreUnderTest, organization: OrganizationId) -> u64 {
    all(&*store.legs(organization)).await.total
}

pub async fn an_answer_is_kept_with_its_effect(store: &impl StoreUnderTest) {
    let (owner, _) = first_organization(store).await;
    let intake = store.intake(owner);
    assert_eq!(intake.told(&call("K", 1), start()).await.unwrap(), None);
    let Told::Now(first) = intake.take(delivery(legs(3), Some(call("K", 1))), start()).await.unwrap() else {
        panic!("nobody came before");
    };
    assert_eq!((first.body.len(), first.location.as_deref()), (3 * 16, Some("/there")));
    for other in [Told::Before(first.clone()), Told::Before(first)] {
        assert_eq!(intake.take(delivery(legs(3), Some(call("K", 1))), start()).await.unwrap(), other);
        assert_eq!(intake.told(&call("K", 1), start()).await.unwrap(), Some(other));
    }
    let other = intake.take(delivery(legs(3), Some(call("K", 2))), start()).await.unwrap();
    assert_eq!((other, count(store, owner).await), (Told::OtherCall, 3));
    assert!(matches!(intake.take(delivery(legs(2), None), start()).await.unwrap(), Told::Now(_)));
    assert_eq!(count(store, owner).await, 5);
}

pub async fn answers_are_told_for_a_day(store: &impl StoreUnderTest) {
    let (owner, _) = first_organization(store).await;
    let intake = store.intake(owner);
    intake.take(delivery(legs(1), Some(call("K", 1))), start()).await.unwrap();
    let last = start() + ANSWERS_KEPT_FOR - TimeDelta::microseconds(1);
    let again = intake.take(delivery(legs(1), Some(call("K", 1))), last).await.unwrap();
    assert!(matches!(again, Told::Before(_)));
    let over = start() + ANSWERS_KEPT_FOR;
    assert_eq!(intake.told(&call("K", 2), over).await.unwrap(), None);
    assert!(matches!(intake.take(delivery(legs(1), Some(call("K", 2))), over).await.unwrap(), Told::Now(_)));
    assert_eq!(count(store, owner).await, 2);
}

pub async fn a_call_without_legs_is_answered_once(store: &impl StoreUnderTest) {
    let (owner, _) = first_organization(store).await;
    let intake = store.intake(owner);
    let first = intake.take(delivery(Vec::new(), Some(call("K", 1))), start()).await.unwrap();
    assert!(matches!(first, Told::Now(_)));
    let again = intake.take(delivery(Vec::new(), Some(call("K", 1))), start()).await.unwrap();
    assert!(matches!(again, Told::Before(_)));
}

pub async fn an_effect_that_fails_leaves_no_answer(store: &impl StoreUnderTest) {
    let (owner, _) = first_organization(store).await;
    let intake = store.intake(owner);
    let mut impossible = traced_leg("M1");
    impossible.trace.movement_id = None;
    let batch = vec![to_save(leg(), Outcome::Pending), to_save(impossible, Outcome::Pending)];
    assert!(intake.take(delivery(batch, Some(call("K", 1))), start()).await.is_err());
    assert_eq!(intake.told(&call("K", 1), start()).await.unwrap(), None);
    assert_eq!(count(store, owner).await, 0);
}

pub async fn keys_are_an_organizations_own(store: &impl StoreUnderTest) {
    let (owner, _) = first_organization(store).await;
    let other = organization(2);
    store.add_organization(&other).await;
    store.intake(owner).take(delivery(legs(1), Some(call("K", 1))), start()).await.unwrap();
    let theirs = store.intake(other.id);
    assert_eq!(theirs.told(&call("K", 1), start()).await.unwrap(), None);
    let told = theirs.take(delivery(legs(1), Some(call("K", 2))), start()).await.unwrap();
    assert!(matches!(told, Told::Now(_)));
    assert_eq!((count(store, owner).await, count(store, other.id).await), (1, 1));
}

pub async fn calls_without_legs_are_carried_out_once(store: &impl StoreUnderTest) {
    let (owner, legs_of_owner) = first_organization(store).await;
    let intake = store.intake(owner);
    intake.take(delivery(legs(2), None), start()).await.unwrap();
    let ids: Vec<LegId> = all(&*legs_of_owner).await.items.iter().map(|leg| leg.id).collect();
    let delete = |ids: &[LegId], key: Option<CallKey>| Call {
        effect: Effect::DeleteLegs(ids.to_vec()),
        key,
        answer: Box::new(|effected| {
            let answer = Answer { status: 204, location: None, body: Vec::new() };
            (*effected == Effected::Deleted(true)).then_some(answer)
        }),
    };
    let key = || Some(call("D", 1));
    let unknown = [LegId(Uuid::nil())];
    let refused = Done::Refused(Effected::Deleted(false));
    assert_eq!(intake.carry_out(delete(&unknown, key()), start()).await.unwrap(), refused);
    let first = intake.carry_out(delete(&ids, key()), start()).await.unwrap();
    let Done::Told(Told::Now(answer)) = first else { panic!("{first:?}") };
    let again = intake.carry_out(delete(&ids, key()), start()).await.unwrap();
    assert_eq!(again, Done::Told(Told::Before(answer)));
    assert_eq!(intake.carry_out(delete(&ids, None), start()).await.unwrap(), refused, "they are gone");
    assert_eq!(count(store, owner).await, 0);
}

pub async fn what_accounts_and_recharges_are_asked_is_done_once(store: &impl StoreUnderTest) {
    let (owner, _) = first_organization(store).await;
    let intake = store.intake(owner);
    let maker = store.keys(Some(owner)).await.unwrap()[0].id;
    let (other, key) = (OrganizationId(Uuid::now_v7()), ApiKeyId(Uuid::now_v7()));
    let organization = Organization { id: other, name: "Second".to_owned(), created_at: start() };
    let new_key = |organization| NewKey {
        id: key,
        name: Label::parse("theirs").unwrap(),
        hash: [7; 32],
        prefix: "dray_7".to_owned(),
        organization,
        others: Vec::new(),
        access: Access::Read,
        expires_at: None,
    };
    let nowhere = OrganizationId(Uuid::nil());
    for (name, effect, done) in [
        ("O", Effect::CreateOrganization(organization.clone(), maker), true),
        ("P", Effect::CreateOrganization(organization, maker), false),
        ("K", Effect::CreateKey(new_key(other).into()), true),
        ("L", Effect::CreateKey(new_key(nowhere).into()), false),
        ("R", Effect::DeleteRecharges(vec![RechargeId(Uuid::nil())]), false),
    ] {
        let carry_out = async || {
            let answer = |effected: &Effected| {
                let done = match effected {
                    Effected::Organization(done) | Effected::Deleted(done) => *done,
                    Effected::Key(made) => matches!(**made, KeyMade::Made(_)),
                    _ => false,
                };
                done.then(|| Answer { status: 201, location: None, body: Vec::new() })
            };
            let (effect, key) = (effect.clone(), Some(call(name, 1)));
            intake.carry_out(Call { effect, key, answer: Box::new(answer) }, start()).await.unwrap()
        };
        let (first, again) = (carry_out().await, carry_out().await);
        match &first {
            Done::Told(Told::Now(answer)) if done => {
                assert_eq!(again, Done::Told(Told::Before(answer.clone())), "{name}");
            }
            Done::Refused(_) if !done => assert_eq!(again, first, "{name}"),
            _ => panic!("{name}: {first:?}"),
        }
    }
    assert_eq!(store.find_key(maker).await.unwrap().unwrap().organizations, [owner, other]);
    assert_eq!(store.keys(Some(other)).await.unwrap().len(), 2);
}
