//! Who gets which chunk, and who is told of it.

use chrono::TimeDelta;
use logistics_domain::ids::OrganizationId;
use logistics_domain::jobs::{ChunkName, Claim, JobState, Rest, Word};
use uuid::Uuid;

use super::jobs::{bulk, job, later, order, results, terms};
use super::{StoreUnderTest, first_organization};
use crate::records::{calculated, organization, start};

pub async fn organizations_take_turns(store: &impl StoreUnderTest) {
    let (first, _) = first_organization(store).await;
    let other = organization(2);
    store.add_organization(&other).await;
    bulk(store, first, 6).await;
    bulk(store, other.id, 4).await;
    let (mut after, mut served) = (OrganizationId(Uuid::nil()), Vec::new());
    while let Some(claimed) = store.claim(terms(later(1)), after).await.unwrap() {
        after = claimed.lease.organization;
        served.push(after);
    }
    assert_eq!(served.len(), 5);
    assert!(served[..4].windows(2).all(|pair| pair[0] != pair[1]), "{served:?}");
    assert_eq!(served[4], first);
}

pub async fn a_chunk_is_claimed_by_its_name(store: &impl StoreUnderTest) {
    let (owner, _) = first_organization(store).await;
    let id = bulk(store, owner, 3).await;
    let name = |number| ChunkName { organization: owner, job: id, number };
    let Claim::Taken(claimed) = store.claim_chunk(name(1), terms(later(1))).await.unwrap() else {
        panic!("nobody holds it")
    };
    assert_eq!((claimed.lease.chunk_name(), claimed.records, claimed.attempts), (name(1), 1, 1));
    assert_eq!(job(store, owner, id).await.state, JobState::Running);
    let twin = store.claim_chunk(name(1), terms(later(2))).await.unwrap();
    assert_eq!(twin, Claim::NotBefore(later(1) + TimeDelta::seconds(30)));
    let pending = store.read(claimed.lease).await.unwrap();
    let done = results(&pending, &calculated(1.0));
    assert!(store.write_back(claimed.lease, done, Rest::Returned, later(3)).await.unwrap());
    for nothing in [name(1), name(7), ChunkName { organization: organization(2).id, ..name(0) }] {
        assert_eq!(store.claim_chunk(nothing, terms(later(9))).await.unwrap(), Claim::Nothing);
    }
    assert!(matches!(store.claim_chunk(name(0), terms(later(9))).await.unwrap(), Claim::Taken(_)));
}

pub async fn word_of_a_chunk_is_sent_until_it_is_noted(store: &impl StoreUnderTest) {
    let (owner, _) = first_organization(store).await;
    assert_eq!(store.to_send(9, terms(start())).await.unwrap(), []);
    let id = bulk(store, owner, 6).await;
    let word = |number, turn| Word { chunk: ChunkName { organization: owner, job: id, number }, turn };
    let two = vec![word(0, 1), word(1, 1)];
    for _ in 0..2 {
        assert_eq!(store.to_send(2, terms(later(1))).await.unwrap(), two, "nothing was noted");
    }
    store.sent(two.clone()).await.unwrap();
    assert_eq!(store.to_send(2, terms(later(1))).await.unwrap(), [], "two are under way");
    assert_eq!(store.to_send(9, terms(later(1))).await.unwrap(), [word(2, 1)]);
    store.sent(two).await.unwrap();

    let Claim::Taken(claimed) = store.claim_chunk(word(0, 1).chunk, terms(later(1))).await.unwrap() else {
        panic!("nobody holds it")
    };
    let pause = Rest::Again(later(20));
    assert!(store.put_back(claimed.lease, pause, later(2)).await.unwrap());
    assert_eq!(store.to_send(9, terms(later(19))).await.unwrap(), [word(2, 1)], "the other pauses");
    assert_eq!(store.to_send(9, terms(later(20))).await.unwrap(), [word(0, 2), word(2, 1)]);

    store.jobs(owner).cancel(order(id), later(21)).await.unwrap();
    assert_eq!(store.to_send(9, terms(later(22))).await.unwrap(), []);
    store.jobs(owner).retry(order(id), later(23)).await.unwrap();
    let again = [word(0, 2), word(1, 2), word(2, 1)];
    assert_eq!(store.to_send(9, terms(later(24))).await.unwrap(), again);
}

pub async fn word_is_sent_for_organizations_by_turns(store: &impl StoreUnderTest) {
    let (first, _) = first_organization(store).await;
    let other = organization(2);
    store.add_organization(&other).await;
    bulk(store, first, 20).await;
    bulk(store, other.id, 4).await;
    let words = store.to_send(4, terms(later(1))).await.unwrap();
    let of_other = words.iter().filter(|word| word.chunk.organization == other.id).count();
    assert_eq!((words.len(), of_other), (4, 2));
}
