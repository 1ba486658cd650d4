//! Sessions of browsers.

use chrono::TimeDelta;
use logistics_domain::accounts::KnownKey;
use logistics_domain::sessions::{LASTS, NewSession, Session};

use super::StoreUnderTest;
use crate::records::{organization, start};

const TOKEN: [u8; 32] = [7; 32];

pub async fn a_session_stands_for_its_key(store: &impl StoreUnderTest) {
    let key = begin(store).await;
    let organization = key.organizations[0];
    let session = Session { organization, key: key.clone() };
    assert_eq!(store.session(TOKEN, start()).await.unwrap(), Some(session));
    assert_eq!(store.session([8; 32], start()).await.unwrap(), None);
    store.end(TOKEN).await.unwrap();
    store.end(TOKEN).await.unwrap();
    assert_eq!(store.session(TOKEN, start()).await.unwrap(), None);

    store.begin(NewSession { token: TOKEN, key: key.id, organization }, start()).await.unwrap();
    store.revoke(key.id, start()).await.unwrap();
    assert_eq!(store.session(TOKEN, start()).await.unwrap(), None, "a session ends with its key");
}

pub async fn a_session_is_over_after_its_time(store: &impl StoreUnderTest) {
    let key = begin(store).await;
    let end = start() + LASTS;
    let last_moment = end - TimeDelta::microseconds(1);
    assert!(store.session(TOKEN, last_moment).await.unwrap().is_some_and(|session| session.key == key));
    assert_eq!(store.session(TOKEN, end).await.unwrap(), None);

    let next = NewSession { token: [9; 32], key: key.id, organization: key.organizations[0] };
    store.begin(next, end).await.unwrap();
    assert_eq!(store.session(TOKEN, start()).await.unwrap(), None, "what is over is forgotten");
    assert!(store.session([9; 32], end).await.unwrap().is_some());
}

async fn begin(store: &impl StoreUnderTest) -> KnownKey {
    let owner = organization(1);
    store.bootstrap(&owner, start()).await.unwrap();
    let key = store.key(owner.key_hash).await.unwrap().unwrap();
    let session = NewSession { token: TOKEN, key: key.id, organization: key.organizations[0] };
    store.begin(session, start()).await.unwrap();
    key
}
