//! Legs that come again.

use chrono::{Days, TimeDelta};
use logistics_domain::leg::{Outcome, ResolvedLeg};

use super::{StoreUnderTest, all, first_organization, total_wtw};
use crate::records::{calculated, failed, leg, start, to_save, traced_leg};

pub async fn a_leg_that_comes_again_takes_its_place(store: &impl StoreUnderTest) {
    let (_, legs) = first_organization(store).await;
    let first =
        legs.save(vec![to_save(traced_leg("M1"), Outcome::Pending)], start()).await.unwrap().remove(0);
    let later = start() + TimeDelta::hours(24);
    let changed = ResolvedLeg {
        toc: "van_diesel".to_owned(),
        distance: None,
        load: None,
        cleaning: true,
        origin_country: None,
        year: 2024,
        ..traced_leg("M1")
    };
    let second = legs.save(vec![to_save(changed.clone(), calculated(2.0))], later).await.unwrap().remove(0);
    assert_eq!(second.id, first.id);
    assert_eq!(second.package_id, first.package_id);
    assert_eq!((second.created_at, second.updated_at), (start(), later));
    assert_eq!((&second.leg, &second.outcome), (&changed, &calculated(2.0)));
    let listed = all(&*legs).await;
    assert_eq!((listed.total, listed.items), (1, vec![second]));
}

pub async fn legs_without_a_movement_are_never_the_same(store: &impl StoreUnderTest) {
    let (_, legs) = first_organization(store).await;
    for _ in 0..2 {
        legs.save(vec![to_save(leg(), calculated(1.0)), to_save(leg(), calculated(1.0))], start())
            .await
            .unwrap();
    }
    assert_eq!(all(&*legs).await.total, 4);
}

pub async fn every_part_of_the_key_tells_legs_apart(store: &impl StoreUnderTest) {
    let (_, legs) = first_organization(store).await;
    let changes: [fn(&mut ResolvedLeg); 8] = [
        |_| {},
        |leg| leg.trace.movement_id = Some("M2".to_owned()),
        |leg| leg.trace.movement_stretch = None,
        |leg| leg.trace.movement_stage = Some("pickup".to_owned()),
        |leg| leg.trace.package_key = None,
        |leg| leg.origin = Some("Toledo, Spain".to_owned()),
        |leg| leg.destination = None,
        |leg| leg.shipment_date = leg.shipment_date + Days::new(1),
    ];
    let batch = || {
        let leg = |change: &fn(&mut ResolvedLeg)| {
            let mut leg = traced_leg("M1");
            change(&mut leg);
            to_save(leg, calculated(1.0))
        };
        changes.iter().map(leg).collect()
    };
    let first = legs.save(batch(), start()).await.unwrap();
    assert_eq!(all(&*legs).await.total, 8);
    let second = legs.save(batch(), start()).await.unwrap();
    assert_eq!(all(&*legs).await.total, 8);
    assert!(first.iter().map(|first| first.id).eq(second.iter().map(|second| second.id)));
}

pub async fn the_last_of_a_batch_stays(store: &impl StoreUnderTest) {
    let (organization, legs) = first_organization(store).await;
    let outcomes = [calculated(1.0), failed("no such place"), calculated(3.0)];
    let batch: Vec<_> = outcomes.iter().map(|outcome| to_save(traced_leg("M1"), outcome.clone())).collect();
    let saved = legs.save(batch.clone(), start()).await.unwrap();
    assert_eq!(saved.iter().map(|saved| saved.id).collect::<Vec<_>>(), [batch[0].id; 3]);
    let listed = all(&*legs).await;
    assert_eq!((listed.total, &listed.items[..]), (1, &saved[2..]));
    let kept = store.kept_results(organization, batch[0].id).await;
    assert_eq!(kept, [(total_wtw(&outcomes[0]), false), (None, false), (total_wtw(&outcomes[2]), true)]);
}

pub async fn former_results_are_kept(store: &impl StoreUnderTest) {
    let (organization, legs) = first_organization(store).await;
    let outcomes = [calculated(1.0), calculated(1.0), failed("no such place"), calculated(4.0)];
    let mut expected = Vec::new();
    for outcome in outcomes {
        let saved =
            legs.save(vec![to_save(traced_leg("M1"), outcome.clone())], start()).await.unwrap().remove(0);
        expected.iter_mut().for_each(|(_, in_force)| *in_force = false);
        expected.push((total_wtw(&outcome), true));
        assert_eq!(store.kept_results(organization, saved.id).await, expected);
        assert_eq!(legs.find(saved.id).await.unwrap().unwrap().outcome, outcome);
    }
    let pending =
        legs.save(vec![to_save(traced_leg("M1"), Outcome::Pending)], start()).await.unwrap().remove(0);
    expected.iter_mut().for_each(|(_, in_force)| *in_force = false);
    assert_eq!(store.kept_results(organization, pending.id).await, expected);
    assert_eq!(legs.find(pending.id).await.unwrap().unwrap().outcome, Outcome::Pending);
}

pub async fn packages_are_found_again(store: &impl StoreUnderTest) {
    let (_, legs) = first_organization(store).await;
    let packed = |movement: &str, key: Option<&str>, stage: &str| {
        let mut leg = traced_leg(movement);
        leg.trace.package_key = key.map(str::to_owned);
        leg.trace.movement_stage = Some(stage.to_owned());
        to_save(leg, Outcome::Pending)
    };
    let batch = vec![
        packed("M1", Some("P1"), "pickup"),
        packed("M1", Some("P1"), "delivery"),
        packed("M1", Some("P2"), "pickup"),
        packed("M2", Some("P1"), "pickup"),
        packed("M1", None, "pickup"),
    ];
    let first = legs.save(batch, start()).await.unwrap();
    let package: Vec<_> = first.iter().map(|saved| saved.package_id).collect();
    assert_eq!(package[0], package[1]);
    assert_eq!(package[4], None);
    assert!(package[0] != package[2] && package[0] != package[3] && package[2] != package[3]);
    let later = legs.save(vec![packed("M1", Some("P1"), "return")], start()).await.unwrap();
    assert_eq!(later[0].package_id, package[0]);
}
