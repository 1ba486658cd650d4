//! Files that were uploaded.

use chrono::TimeDelta;
use logistics_domain::ids::{OrganizationId, UploadId};
use logistics_domain::uploads::{KEPT_FOR, MOST_UPLOADS, NewUpload, Upload};
use uuid::Uuid;

use super::StoreUnderTest;
use crate::records::{organization, start};

pub async fn a_file_is_kept_for_a_while(store: &impl StoreUnderTest) {
    let uploads = store.uploads(begin(store).await);
    let content = vec![0, 159, 255];
    let kept = uploads.keep(file("a.csv", &content), start()).await.unwrap();
    assert_eq!((kept.name.as_str(), kept.records, kept.uploaded_at), ("a.csv", 3, start()));
    let end = start() + KEPT_FOR;
    let last_moment = end - TimeDelta::microseconds(1);
    assert_eq!(uploads.find(kept.id, last_moment).await.unwrap(), Some((kept.clone(), content)));
    assert_eq!(uploads.find(UploadId(Uuid::nil()), start()).await.unwrap(), None);
    assert_eq!(uploads.find(kept.id, end).await.unwrap(), None);
    assert_eq!(uploads.list(end).await.unwrap(), []);
    uploads.keep(file("b.csv", b"b"), end).await.unwrap();
    assert_eq!(uploads.find(kept.id, start()).await.unwrap(), None, "what is over is forgotten");
}

pub async fn a_file_that_is_chosen_twice_is_one(store: &impl StoreUnderTest) {
    let uploads = store.uploads(begin(store).await);
    let kept = uploads.keep(file("a.csv", b"a"), start()).await.unwrap();
    let later = start() + TimeDelta::hours(1);
    assert_eq!(uploads.keep(file("copy of a.csv", b"a"), later).await.unwrap(), kept);
    uploads.forget(kept.id).await.unwrap();
    uploads.forget(kept.id).await.unwrap();
    let anew = uploads.keep(file("a.csv", b"a"), later).await.unwrap();
    assert!(anew.id != kept.id && anew.uploaded_at == later);
    assert_eq!(uploads.list(later).await.unwrap(), [anew]);
}

pub async fn a_file_that_is_renewed_is_another_of_the_same_content(store: &impl StoreUnderTest) {
    let uploads = store.uploads(begin(store).await);
    let kept = uploads.keep(file("a.csv", b"a"), start()).await.unwrap();
    let later = start() + TimeDelta::hours(1);
    let id = uploads.renew(kept.id, later).await.unwrap().unwrap();
    assert_ne!(id, kept.id);
    let renewed = Upload { id, uploaded_at: later, ..kept.clone() };
    assert_eq!(uploads.find(id, later).await.unwrap(), Some((renewed.clone(), b"a".to_vec())));
    assert_eq!(uploads.list(later).await.unwrap(), [renewed]);
    assert_eq!(uploads.renew(kept.id, later).await.unwrap(), None);
    assert_eq!(uploads.renew(id, later + KEPT_FOR).await.unwrap(), None, "its time is over");
}

pub async fn there_are_only_so_many_files(store: &impl StoreUnderTest) {
    let uploads = store.uploads(begin(store).await);
    let mut kept: Vec<Upload> = Vec::new();
    for second in 0..MOST_UPLOADS + 2 {
        let name = format!("{second}.csv");
        let at = start() + TimeDelta::seconds(i64::try_from(second).unwrap());
        kept.insert(0, uploads.keep(file(&name, name.as_bytes()), at).await.unwrap());
    }
    kept.truncate(MOST_UPLOADS);
    assert_eq!(uploads.list(start() + TimeDelta::hours(1)).await.unwrap(), kept);
}

pub async fn files_are_an_organizations_own(store: &impl StoreUnderTest) {
    let own = begin(store).await;
    let other = organization(2);
    store.add_organization(&other).await;
    let kept = store.uploads(own).keep(file("a.csv", b"a"), start()).await.unwrap();
    let theirs = store.uploads(other.id);
    theirs.forget(kept.id).await.unwrap();
    assert_eq!(theirs.renew(kept.id, start()).await.unwrap(), None);
    assert_eq!(theirs.find(kept.id, start()).await.unwrap(), None);
    assert_eq!(theirs.list(start()).await.unwrap(), []);
    assert_ne!(theirs.keep(file("a.csv", b"a"), start()).await.unwrap().id, kept.id);
    assert_eq!(store.uploads(own).list(start()).await.unwrap(), [kept]);
}

async fn begin(store: &impl StoreUnderTest) -> OrganizationId {
    let owner = organization(1);
    store.bootstrap(&owner, start()).await.unwrap();
    owner.id
}

/// A file whose digest is its beginning.
fn file(name: &str, content: &[u8]) -> NewUpload {
    let mut digest = [0; 32];
    for (to, from) in digest.iter_mut().zip(content) {
        *to = *from;
    }
    NewUpload { name: name.to_owned(), records: 3, digest, content: content.to_vec() }
}
