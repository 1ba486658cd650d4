#![allow(missing_docs)]
use logistics_domain::ports::*;
use logistics_store::sqlite::SqliteStore;
use logistics_testkit::records::*;

#[tokio::test]
async fn smoke() {
    let dir = tempfile::tempdir().unwrap();
    let store =
        SqliteStore::open(dir.path().join("x/dray.sqlite3").to_str().unwrap(), Default::default()).unwrap();
    let org = organization(1);
    assert!(store.bootstrap(&org, start()).await.unwrap());
    assert!(!store.bootstrap(&organization(2), start()).await.unwrap());
    assert_eq!(store.key([1; 32]).await.unwrap().unwrap().organization, org.id);
    let legs = store.legs(org.id);
    let r = route("Madrid", "Barcelona", 620.5);
    let batch = vec![
        to_save(leg(), calculated(1.5)),
        to_save(traced_leg("M1"), calculated_on_route(2.5, r.clone())),
        to_save(traced_leg("M2"), Outcome::Pending),
        to_save(leg(), failed("ñ")),
    ];
    let saved = legs.save(batch.clone(), start()).await.unwrap();
    for s in &saved {
        assert_eq!(legs.find(s.id).await.unwrap().as_ref(), Some(s));
    }
    let again = legs.save(vec![to_save(traced_leg("M1"), failed("x"))], start()).await.unwrap();
    assert_eq!(again[0].id, saved[1].id);
    assert_eq!(again[0].package_id, saved[1].package_id);
    let page = legs.list(Page { number: 1, size: 10 }).await.unwrap();
    assert_eq!(page.total, 4);
    assert_eq!(page.items.len(), 4);
    store.ping().await.unwrap();
    store.close();
    store.ping().await.unwrap_err();
}
use logistics_domain::leg::Outcome;
