//! What one organization sees of another: nothing.

use logistics_domain::geography::{AliasName, AvoidedPassages, GeographySettings, Passage};
use logistics_domain::ports::StoreError;

use super::{StoreUnderTest, all, first_organization};
use crate::records::{
    calculated, calculated_on_route, organization, place, route, start, to_save, traced_leg,
};

pub async fn organizations_do_not_see_each_other(store: &impl StoreUnderTest) {
    let (own_id, own) = first_organization(store).await;
    let other_id = organization(2);
    store.add_organization(&other_id).await;
    let other = store.legs(other_id.id);
    let way = route("Madrid", "Barcelona", 620.5);
    let batch = vec![to_save(traced_leg("M1"), calculated_on_route(1.0, way))];

    let ours = own.save(batch.clone(), start()).await.unwrap().remove(0);
    assert_eq!(other.find(ours.id).await.unwrap(), None);
    assert_eq!(all(&*other).await.total, 0);

    let theirs = other.save(batch, start()).await.unwrap().remove(0);
    assert_eq!(theirs.id, ours.id, "ids are an organization's own");
    assert_ne!(theirs.package_id, ours.package_id);
    let changed =
        other.save(vec![to_save(traced_leg("M1"), calculated(5.0))], start()).await.unwrap().remove(0);
    assert_eq!(changed.id, theirs.id);
    assert_eq!(own.find(ours.id).await.unwrap(), Some(ours.clone()));
    assert_eq!(store.kept_results(own_id, ours.id).await.len(), 1);
    assert_eq!(store.kept_results(other_id.id, ours.id).await.len(), 2);
    assert_eq!((all(&*own).await.total, all(&*other).await.total), (1, 1));

    let name = AliasName::of("Centro Norte").unwrap();
    store.geography(own_id).pin(&name, &place("Madrid", 40.4, -3.7), start()).await.unwrap();
    store.geography(own_id).avoid(AvoidedPassages::NONE.with(Passage::Suez)).await.unwrap();
    assert_eq!(store.geography(other_id.id).settings().await.unwrap(), GeographySettings::default());
    assert!(!store.geography(other_id.id).unpin(&name).await.unwrap());
    assert_eq!(store.geography(own_id).aliases().await.unwrap().len(), 1);
}

pub async fn unknown_organizations_have_nothing(store: &impl StoreUnderTest) {
    let (_, own) = first_organization(store).await;
    let saved = own.save(vec![to_save(traced_leg("M1"), calculated(1.0))], start()).await.unwrap().remove(0);
    let unknown = organization(2).id;
    let legs = store.legs(unknown);
    assert_eq!(legs.find(saved.id).await.unwrap(), None);
    assert_eq!(all(&*legs).await.total, 0);
    let refused = legs.save(vec![to_save(traced_leg("M1"), calculated(1.0))], start()).await;
    assert!(matches!(refused, Err(StoreError::Broken(_))), "{refused:?}");
    let map = store.geography(unknown);
    assert_eq!(map.settings().await.unwrap(), GeographySettings::default());
    let name = AliasName::of("Centro Norte").unwrap();
    assert!(map.pin(&name, &place("Madrid", 40.4, -3.7), start()).await.is_err());
    assert!(map.avoid(AvoidedPassages::NONE.with(Passage::Suez)).await.is_err());
    assert_eq!(all(&*legs).await.total, 0);
}
