use super::StoreUnderTest;
use crate::records::{organization, start};

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
    assert_eq!((known.organization, known.expires_at), (first.id, None));
    let mut near = first.key_hash;
    near[31] ^= 1;
    assert_eq!(store.key(near).await.unwrap(), None);
}
