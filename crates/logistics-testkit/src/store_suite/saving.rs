//! What is saved is read as it was.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Timelike};
use emissions_core::{KgCo2e, Kilometres, Load, LoadFactor, LoadUnit, TonneKilometres};
use logistics_domain::leg::{Outcome, ResolvedLeg};
use logistics_domain::ports::StoreError;

use super::{StoreUnderTest, all, first_organization};
use crate::records::{
    calculated, calculated_on_route, calculation, failed, leg, leg_id, route, start, to_save, traced_leg,
};

pub async fn what_is_saved_is_found(store: &impl StoreUnderTest) {
    let (_, legs) = first_organization(store).await;
    store.ping().await.unwrap();
    let batch = vec![
        to_save(leg(), Outcome::Pending),
        to_save(traced_leg("M1"), calculated(77.37)),
        to_save(traced_leg("M2"), calculated_on_route(1.0, route("Madrid", "Barcelona", 620.5))),
        to_save(leg(), failed("origin: `Atlantis` is nowhere")),
    ];
    let saved = legs.save(batch.clone(), start()).await.unwrap();
    assert_eq!(saved.len(), batch.len());
    for (saved, given) in saved.iter().zip(&batch) {
        assert_eq!((&saved.leg, &saved.outcome, saved.id), (&given.leg, &given.outcome, given.id));
        assert_eq!((saved.created_at, saved.updated_at), (start(), start()));
        assert_eq!(saved.package_id.is_some(), given.leg.trace.package_key.is_some());
        assert_eq!(legs.find(saved.id).await.unwrap().as_ref(), Some(saved));
    }
    assert_eq!(legs.find(leg_id()).await.unwrap(), None);
}

pub async fn nothing_is_saved_of_nothing(store: &impl StoreUnderTest) {
    let (_, legs) = first_organization(store).await;
    assert_eq!(legs.save(Vec::new(), start()).await.unwrap(), []);
    assert_eq!(all(&*legs).await.total, 0);
}

pub async fn records_come_back_in_the_order_given(store: &impl StoreUnderTest) {
    let (_, legs) = first_organization(store).await;
    let mut batch: Vec<_> = (0..50).map(|index| to_save(leg(), calculated(f64::from(index)))).collect();
    batch.reverse();
    let saved = legs.save(batch.clone(), start()).await.unwrap();
    assert!(saved.iter().map(|saved| saved.id).eq(batch.iter().map(|given| given.id)));
    assert!(saved.iter().map(|saved| &saved.outcome).eq(batch.iter().map(|given| &given.outcome)));
}

pub async fn numbers_keep_every_bit(store: &impl StoreUnderTest) {
    let (_, legs) = first_organization(store).await;
    let tiny = f64::from_bits(1);
    for number in [0.0, tiny, f64::MIN_POSITIVE, f64::EPSILON, 0.1 + 0.2, 1.0 / 3.0, 1e9 - 1e-7, 1e9] {
        let exact = ResolvedLeg {
            distance: Some(Kilometres::new(number).unwrap()),
            tkm: Some(TonneKilometres::new(number).unwrap()),
            load: Some(Load::new(number, LoadUnit::Teu).unwrap()),
            load_unit: LoadUnit::Teu,
            load_factor: LoadFactor::new(number.min(1.0)).unwrap(),
            ..leg()
        };
        let mut result = calculation(0.0);
        result.transport.wtw = KgCo2e::new(number).unwrap();
        result.question.activity = Some(TonneKilometres::new(number).unwrap());
        result.route = Some(route("Madrid", "Barcelona", number));
        let saved =
            legs.save(vec![to_save(exact, Outcome::Calculated(Box::new(result)))], start()).await.unwrap();
        let found = legs.find(saved[0].id).await.unwrap().unwrap();
        assert_eq!(found, saved[0]);
        let Outcome::Calculated(kept) = found.outcome else { panic!("{:?}", found.outcome) };
        let kept_numbers = [
            found.leg.distance.unwrap().get(),
            found.leg.tkm.unwrap().get(),
            found.leg.load.unwrap().amount(),
            kept.transport.wtw.get(),
            kept.question.activity.unwrap().get(),
            kept.route.unwrap().distance.km.get(),
        ];
        assert_eq!(kept_numbers.map(f64::to_bits), [number.to_bits(); 6], "{number:e}");
    }
}

pub async fn text_is_kept_as_it_is(store: &impl StoreUnderTest) {
    let (_, legs) = first_organization(store).await;
    let texts = [
        "'); DROP TABLE legs;--",
        "Ñandú 貨物 👩‍🚒 e\u{301}\u{202e}",
        "%_\\\"\t\n",
        " blanks ",
        &"貨".repeat(1000),
    ];
    for text in texts {
        let mut written = traced_leg(text);
        written.origin = Some(text.to_owned());
        written.trace.package_key = Some(text.to_owned());
        written.trace.client = Some(text.to_owned());
        let saved = legs.save(vec![to_save(written, failed(text))], start()).await.unwrap();
        assert_eq!(legs.find(saved[0].id).await.unwrap().as_ref(), Some(&saved[0]), "{text}");
    }
}

pub async fn instants_are_kept_to_the_microsecond(store: &impl StoreUnderTest) {
    let (_, legs) = first_organization(store).await;
    let before_1970 = DateTime::from_timestamp_micros(-1).unwrap();
    for at in [start() + TimeDelta::nanoseconds(999), before_1970] {
        let saved = legs.save(vec![to_save(leg(), calculated(1.0))], at).await.unwrap().remove(0);
        assert_eq!(saved.created_at, at.with_nanosecond(at.nanosecond() / 1000 * 1000).unwrap());
        assert_eq!(legs.find(saved.id).await.unwrap(), Some(saved));
    }
}

pub async fn facts_and_routes_are_shared(store: &impl StoreUnderTest) {
    let (_, legs) = first_organization(store).await;
    let way = route("Madrid", "Barcelona", 620.5);
    let batch = (0..10).map(|index| to_save(leg(), calculated_on_route(f64::from(index), way.clone())));
    legs.save(batch.collect(), start()).await.unwrap();
    let listed = all(&*legs).await;
    let calculations: Vec<_> = listed
        .items
        .iter()
        .filter_map(|record| match &record.outcome {
            Outcome::Calculated(calculation) => Some(calculation),
            _ => None,
        })
        .collect();
    assert_eq!(calculations.len(), 10);
    for calculation in &calculations {
        assert!(Arc::ptr_eq(&calculation.facts, &calculations[0].facts));
        assert!(Arc::ptr_eq(calculation.route.as_ref().unwrap(), calculations[0].route.as_ref().unwrap()));
    }
}

pub async fn big_batches_are_saved_whole(store: &impl StoreUnderTest) {
    let (_, legs) = first_organization(store).await;
    let of = |index: u32| {
        let outcome =
            calculated_on_route(f64::from(index), route(&format!("Origin {index}"), "Barcelona", 1.0));
        to_save(traced_leg(&format!("M{index}")), outcome)
    };
    let saved = legs.save((0..2_500).map(of).collect(), start()).await.unwrap();
    let again = legs.save((1_000..2_600).map(of).collect(), start()).await.unwrap();
    assert!(saved[1_000..].iter().map(|saved| saved.id).eq(again[..1_500].iter().map(|saved| saved.id)));
    assert_eq!(all(&*legs).await.total, 2_600);
    for saved in [&saved[0], &saved[999], &again[0], &again[1_599]] {
        assert_eq!(legs.find(saved.id).await.unwrap().as_ref(), Some(saved));
    }
}

/// The impossible leg has the id of another; it stands where much was written before it.
pub async fn a_batch_with_an_impossible_leg_leaves_nothing(store: &impl StoreUnderTest) {
    let (organization, legs) = first_organization(store).await;
    let first = legs.save(vec![to_save(traced_leg("M1"), calculated(1.0))], start()).await.unwrap().remove(0);
    let mut batch: Vec<_> =
        (0..1_500).map(|index| to_save(traced_leg(&format!("N{index}")), calculated(2.0))).collect();
    batch.push(to_save(traced_leg("M1"), calculated(3.0)));
    batch.push(to_save(leg(), calculated(4.0)));
    batch[1_501].id = first.id;
    assert!(matches!(legs.save(batch.clone(), start()).await, Err(StoreError::Broken(_))));

    let listed = all(&*legs).await;
    assert_eq!((listed.total, listed.items), (1, vec![first.clone()]));
    assert_eq!(store.kept_results(organization, first.id).await, [(super::total_wtw(&first.outcome), true)]);
    assert_eq!(legs.find(batch[0].id).await.unwrap(), None);

    batch.pop();
    let saved = legs.save(batch, start()).await.unwrap();
    assert_eq!(saved[1_500].id, first.id);
    assert_eq!(all(&*legs).await.total, 1_501);
}
