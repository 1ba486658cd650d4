//! Organizations and their API keys.

use chrono::TimeDelta;
use logistics_domain::accounts::{Access, KeyMade, Label, NewKey, Organization};
use logistics_domain::ids::{ApiKeyId, OrganizationId};
use uuid::Uuid;

use super::StoreUnderTest;
use crate::records::{organization, start};

/// A key to create whose hash repeats its number.
fn new_key(number: u8, organization: OrganizationId, others: &[OrganizationId]) -> NewKey {
    NewKey {
        id: ApiKeyId(Uuid::now_v7()),
        name: Label::parse(&format!("Key {number}")).unwrap(),
        hash: [number; 32],
        prefix: format!("dray_{number:03}"),
        organization,
        others: others.to_vec(),
        access: Access::Write,
        expires_at: None,
    }
}

async fn make_organization(store: &impl StoreUnderTest, hours: i64) -> Organization {
    let id = OrganizationId(Uuid::now_v7());
    let created_at = start() + TimeDelta::hours(hours);
    let made = Organization { id, name: format!("Organization {hours}"), created_at };
    assert!(store.create_organization(&made).await.unwrap());
    made
}

pub async fn organizations_begin_once(store: &impl StoreUnderTest) {
    let (first, second) = (organization(1), organization(2));
    assert_eq!(store.key(first.key_hash).await.unwrap(), None);
    assert!(store.bootstrap(&first, start()).await.unwrap());
    assert!(!store.bootstrap(&second, start()).await.unwrap());
    assert!(!store.bootstrap(&first, start()).await.unwrap());
    assert_eq!(store.key(second.key_hash).await.unwrap(), None);
}

pub async fn keys_are_known_by_their_hash(store: &impl StoreUnderTest) {
    let first = organization(1);
    store.bootstrap(&first, start()).await.unwrap();
    let known = store.key(first.key_hash).await.unwrap().unwrap();
    assert_eq!((&*known.organizations, known.expires_at), (&[first.id][..], None));
    assert_eq!((known.hash, known.access), (first.key_hash, Access::Admin));
    assert_eq!(store.find_key(known.id).await.unwrap().unwrap().organizations, known.organizations);
    let mut near = first.key_hash;
    near[31] ^= 1;
    assert_eq!(store.key(near).await.unwrap(), None);
    assert_eq!(store.find_key(ApiKeyId(Uuid::now_v7())).await.unwrap(), None);
}

pub async fn organizations_are_created_and_listed(store: &impl StoreUnderTest) {
    let late = make_organization(store, 2).await;
    let early = make_organization(store, 1).await;
    assert!(
        !store.create_organization(&Organization { name: "Twice".into(), ..early.clone() }).await.unwrap()
    );
    assert_eq!(store.organizations().await.unwrap(), [early.clone(), late]);
    assert!(!store.bootstrap(&organization(1), start()).await.unwrap(), "there are organizations");
}

pub async fn keys_work_for_one_or_several_organizations(store: &impl StoreUnderTest) {
    let (first, second) = (make_organization(store, 1).await, make_organization(store, 2).await);
    let third = make_organization(store, 3).await;
    let mut single = new_key(1, first.id, &[]);
    single.access = Access::Read;
    single.expires_at = Some(start() + TimeDelta::days(30));
    let several = new_key(2, second.id, &[first.id]);
    for key in [&single, &several] {
        let KeyMade::Made(made) = store.create_key(key, start()).await.unwrap() else { panic!("{key:?}") };
        let organizations: Vec<_> = std::iter::once(key.organization).chain(key.others.clone()).collect();
        assert_eq!((made.id, &*made.name, &made.prefix), (key.id, key.name.as_str(), &key.prefix));
        assert_eq!((&made.organizations, made.access), (&organizations, key.access));
        assert_eq!((made.created_at, made.expires_at), (start(), key.expires_at));
        assert_eq!((made.last_used_at, made.revoked_at), (None, None));
        assert_eq!(store.find_key(key.id).await.unwrap(), Some(made));
        let known = store.key(key.hash).await.unwrap().unwrap();
        assert_eq!((known.organizations, known.access), (organizations, key.access));
        assert_eq!(known.expires_at, key.expires_at);
    }
    let listed = async |organization| -> Vec<ApiKeyId> {
        store.keys(organization).await.unwrap().iter().map(|key| key.id).collect()
    };
    assert_eq!(listed(Some(first.id)).await, [single.id, several.id]);
    assert_eq!(listed(Some(second.id)).await, [several.id]);
    assert_eq!(listed(Some(third.id)).await, []);
    assert_eq!(listed(None).await, [single.id, several.id]);

    let nowhere = OrganizationId(Uuid::now_v7());
    let refused = store.create_key(&new_key(3, first.id, &[nowhere]), start()).await.unwrap();
    assert_eq!(refused, KeyMade::NoOrganization(nowhere));
    assert_eq!(store.key([3; 32]).await.unwrap(), None);
}

pub async fn revoked_keys_are_known_no_longer(store: &impl StoreUnderTest) {
    let first = make_organization(store, 1).await;
    let (gone, kept) = (new_key(1, first.id, &[]), new_key(2, first.id, &[]));
    for key in [&gone, &kept] {
        store.create_key(key, start()).await.unwrap();
    }
    let later = start() + TimeDelta::hours(1);
    assert!(store.revoke(gone.id, later).await.unwrap());
    assert!(store.revoke(gone.id, later + TimeDelta::hours(1)).await.unwrap());
    assert!(!store.revoke(ApiKeyId(Uuid::now_v7()), later).await.unwrap());
    assert_eq!(store.key(gone.hash).await.unwrap(), None);
    assert!(store.key(kept.hash).await.unwrap().is_some());
    assert_eq!(store.find_key(gone.id).await.unwrap().unwrap().revoked_at, Some(later));
    assert_eq!(store.keys(Some(first.id)).await.unwrap().len(), 2);
}

pub async fn the_last_use_of_a_key_is_noted(store: &impl StoreUnderTest) {
    let first = make_organization(store, 1).await;
    let keys = [new_key(1, first.id, &[]), new_key(2, first.id, &[])];
    for key in &keys {
        store.create_key(key, start()).await.unwrap();
    }
    let at = |hours| start() + TimeDelta::hours(hours);
    store.note_use(vec![(keys[0].id, at(5)), (ApiKeyId(Uuid::now_v7()), at(5))]).await.unwrap();
    store.note_use(vec![(keys[1].id, at(1)), (keys[0].id, at(2))]).await.unwrap();
    let noted = store.keys(None).await.unwrap();
    let noted: Vec<_> = noted.iter().map(|key| key.last_used_at).collect();
    assert_eq!(noted, [Some(at(5)), Some(at(1))]);
}
