//! Legs that are deleted.

use chrono::TimeDelta;
use logistics_domain::leg::{AnyOf, LegFilter, LegStatus, Outcome};

use super::{StoreUnderTest, all, delete_selected, first_organization};
use crate::records::{
    calculated, calculated_on_route, leg, leg_id, organization, route, start, to_save, traced_leg,
};

pub async fn a_deleted_leg_is_gone_with_its_results(store: &impl StoreUnderTest) {
    let (organization, legs) = first_organization(store).await;
    let way = route("Madrid", "Barcelona", 620.5);
    let batch =
        vec![to_save(traced_leg("M1"), calculated_on_route(1.0, way)), to_save(leg(), Outcome::Pending)];
    let saved = legs.save(batch.clone(), start()).await.unwrap();
    assert!(legs.delete(&[saved[0].id], start()).await.unwrap());
    assert_eq!(legs.find(saved[0].id).await.unwrap(), None);
    assert_eq!(store.kept_results(organization, saved[0].id).await, []);
    assert_eq!(all(&*legs).await.items, saved[1..]);
    assert!(!legs.delete(&[saved[0].id], start()).await.unwrap(), "a second time it is not there");
    let again = legs.save(batch, start() + TimeDelta::hours(1)).await.unwrap_err();
    assert!(matches!(again, logistics_domain::ports::StoreError::Broken(_)), "the other leg's id is taken");
    let anew = legs.save(vec![to_save(traced_leg("M1"), calculated(2.0))], start()).await.unwrap();
    assert_ne!(anew[0].id, saved[0].id);
}

pub async fn all_are_deleted_or_none(store: &impl StoreUnderTest) {
    let (_, legs) = first_organization(store).await;
    let batch: Vec<_> = (0..2_100).map(|_| to_save(leg(), Outcome::Pending)).collect();
    let ids: Vec<_> = legs.save(batch, start()).await.unwrap().iter().map(|saved| saved.id).collect();
    let mut with_unknown = ids.clone();
    with_unknown.push(leg_id());
    assert!(!legs.delete(&with_unknown, start()).await.unwrap());
    assert_eq!(all(&*legs).await.total, 2_100);
    let twice: Vec<_> = ids[..2_050].iter().chain(&ids[..5]).copied().collect();
    assert!(legs.delete(&twice, start()).await.unwrap());
    assert_eq!(all(&*legs).await.total, 50);
    assert!(legs.delete(&[], start()).await.unwrap());
}

pub async fn a_filter_deletes_what_it_selects(store: &impl StoreUnderTest) {
    let (owner, legs) = first_organization(store).await;
    let intake = store.intake(owner);
    let early = legs.save(vec![to_save(leg(), Outcome::Pending)], start()).await.unwrap().remove(0);
    let batch = vec![to_save(leg(), Outcome::Pending), to_save(traced_leg("M1"), calculated(1.0))];
    let late = legs.save(batch, start() + TimeDelta::hours(1)).await.unwrap();
    let pending = LegFilter { statuses: AnyOf::these(vec![LegStatus::Pending]), ..LegFilter::default() };
    assert_eq!(delete_selected(&*intake, &pending, start()).await, [late[0].id, early.id]);
    assert_eq!(delete_selected(&*intake, &pending, start()).await, []);
    assert_eq!(all(&*legs).await.items, late[1..]);
}

pub async fn nobody_deletes_the_legs_of_others(store: &impl StoreUnderTest) {
    let (_, own) = first_organization(store).await;
    let other_id = organization(2);
    store.add_organization(&other_id).await;
    let other = store.legs(other_id.id);
    let saved = own.save(vec![to_save(traced_leg("M1"), calculated(1.0))], start()).await.unwrap();
    assert!(!other.delete(&[saved[0].id], start()).await.unwrap());
    assert_eq!(delete_selected(&*store.intake(other_id.id), &LegFilter::default(), start()).await, []);
    assert_eq!(other.clients().await.unwrap(), [""; 0]);
    assert_eq!(other.overview().await.unwrap().count, 0);
    assert_eq!(all(&*own).await.items, saved);
}
