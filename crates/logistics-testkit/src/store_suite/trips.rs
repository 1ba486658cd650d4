//! Trips and their numbers.

use chrono::{NaiveDate, TimeDelta};
use futures_util::future::join_all;
use logistics_domain::Category;
use logistics_domain::ids::OrganizationId;
use logistics_domain::intake::{Answer, Delivery, Kept, Told};
use logistics_domain::leg::{AnyOf, Days, Family, LegFilter, LegRecord, ResolvedLeg};
use logistics_domain::ports::{LegToSave, Page};
use logistics_domain::trip::{TripFilter, TripNumbers, VehicleCode};

use super::{StoreUnderTest, all, delete_selected, first_organization, total_wtw};
use crate::records::{calculated, leg, organization, start, to_save, trip_leg};

fn saving(trips: &[ResolvedLeg]) -> Vec<LegToSave> {
    trips.iter().map(|trip| to_save(trip.clone(), calculated(1.0))).collect()
}

/// The trip of a customer.
fn of_customer(id: &str, customer: &str) -> ResolvedLeg {
    changed(trip_leg(id), |leg| {
        leg.trace.client = Some(customer.to_owned()).filter(|customer| !customer.is_empty());
        if let Some(trip) = &mut leg.trip {
            trip.customer_identifier = customer.to_owned();
        }
    })
}

fn changed(mut leg: ResolvedLeg, change: impl Fn(&mut ResolvedLeg)) -> ResolvedLeg {
    change(&mut leg);
    leg
}

fn numbers(records: &[LegRecord]) -> Vec<TripNumbers> {
    records.iter().map(|record| record.trip.unwrap()).collect()
}

async fn listed(
    store: &impl StoreUnderTest,
    organization: OrganizationId,
    filter: &TripFilter,
) -> Vec<LegRecord> {
    let page = Page { number: 1, size: 100 };
    store.trips(organization).select(filter, page).await.unwrap().items
}

pub async fn a_trip_is_kept_with_what_its_client_says(store: &impl StoreUnderTest) {
    let (owner, legs) = first_organization(store).await;
    let trips =
        [of_customer("A", "C-1"), of_customer("B", ""), of_customer("C", "C-2"), of_customer("D", "C-1")];
    let saved = legs.save(saving(&trips), start()).await.unwrap();
    let number = |trip, customer| TripNumbers { trip, customer };
    assert_eq!(
        numbers(&saved),
        [number(1, Some(1)), number(2, None), number(3, Some(2)), number(4, Some(1))]
    );
    assert!(saved.iter().zip(trips).all(|(saved, trip)| saved.leg == trip));
    assert_eq!(store.trips(owner).find(3).await.unwrap().as_ref(), Some(&saved[2]));
    assert_eq!(store.trips(owner).find(5).await.unwrap(), None);
    assert_eq!(legs.find(saved[0].id).await.unwrap().as_ref(), Some(&saved[0]));
    let other = legs.save(vec![to_save(leg(), calculated(1.0))], start()).await.unwrap();
    assert_eq!((other[0].trip, other[0].leg.family()), (None, Family::Dcycle));
    assert_eq!(all(&*legs).await.total, 5);
    assert_eq!(listed(store, owner, &TripFilter::default()).await.len(), 4);
}

pub async fn a_trip_that_comes_again_is_left_as_it_is(store: &impl StoreUnderTest) {
    let (owner, legs) = first_organization(store).await;
    let first = legs.save(saving(&[trip_leg("A"), trip_leg("B")]), start()).await.unwrap();
    let later = start() + TimeDelta::hours(1);
    let heavier = changed(trip_leg("B"), |leg| leg.trip.as_mut().unwrap().total_items = 7.0);
    let batch = saving(&[trip_leg("C"), trip_leg("A"), heavier.clone()]);
    let again = legs.save(batch, later).await.unwrap();
    assert_eq!(again[1], first[0], "it came as it stands");
    assert_eq!((again[2].id, again[2].trip), (first[1].id, first[1].trip));
    assert_eq!((again[2].created_at, again[2].updated_at), (start(), later));
    assert_eq!(again[2].leg, heavier);
    assert_eq!(again[0].trip.unwrap().trip, 3);
    let results = store.kept_results(owner, first[0].id).await;
    let total = total_wtw(&first[0].outcome);
    assert_eq!(results, [(total, true)]);
    let results = store.kept_results(owner, first[1].id).await;
    assert_eq!(results, [(total, false), (total, true)]);
    assert_eq!(legs.find(first[1].id).await.unwrap().as_ref(), Some(&again[2]));
}

pub async fn numbers_are_never_given_twice(store: &impl StoreUnderTest) {
    let (owner, legs) = first_organization(store).await;
    let saved =
        legs.save(saving(&[of_customer("A", "C-1"), of_customer("B", "C-2")]), start()).await.unwrap();
    assert!(legs.delete(&[saved[0].id, saved[1].id], start()).await.unwrap());
    assert_eq!(store.trips(owner).find(2).await.unwrap(), None);
    assert_eq!(listed(store, owner, &TripFilter::default()).await, []);
    let anew = legs.save(saving(&[of_customer("A", "C-2")]), start()).await.unwrap();
    assert_eq!(numbers(&anew), [TripNumbers { trip: 3, customer: Some(2) }]);
    let by_filter = LegFilter { clients: AnyOf::these(vec!["C-2".to_owned()]), ..LegFilter::default() };
    assert_eq!(delete_selected(&*store.intake(owner), &by_filter, start()).await, [anew[0].id]);
    assert_eq!(store.trips(owner).find(3).await.unwrap(), None);
}

pub async fn concurrent_twins_make_one_trip(store: &impl StoreUnderTest) {
    let (owner, legs) = first_organization(store).await;
    let intake = store.intake(owner);
    let number = |kept: Kept<'_>| Answer {
        status: 200,
        location: None,
        body: numbers(kept.legs)[0].trip.to_be_bytes().to_vec(),
    };
    let twins = (0..8).map(|_| {
        let legs = saving(&[of_customer("A", "C-1")]);
        intake.take(Delivery { legs, job: None, call: None, answer: Box::new(number) }, start())
    });
    for told in join_all(twins).await {
        let Ok(Told::Now(answer)) = told else { panic!("{told:?}") };
        assert_eq!(answer.body, 1_i64.to_be_bytes());
    }
    let others =
        (0..8).map(|at| legs.save(saving(&[of_customer(&format!("T{at}"), &format!("C-{at}"))]), start()));
    let mut given: Vec<i64> =
        join_all(others).await.into_iter().map(|saved| saved.unwrap()[0].trip.unwrap().trip).collect();
    given.sort_unstable();
    assert_eq!(given, (2..=9).collect::<Vec<_>>());
    assert_eq!(listed(store, owner, &TripFilter::default()).await.len(), 9);
}

pub async fn trips_are_selected_newest_first(store: &impl StoreUnderTest) {
    let (owner, legs) = first_organization(store).await;
    let day = |day| NaiveDate::from_ymd_opt(2024, 6, day).unwrap();
    let made = |id: &str, customer: &str, code: VehicleCode, on: u32| {
        changed(of_customer(id, customer), |leg| {
            (leg.shipment_date, leg.category) = (day(on), code.category());
            leg.trip.as_mut().unwrap().vehicle.code = code;
        })
    };
    let batch = [
        made("A", "C-1", VehicleCode::Hgv, 1),
        made("B", "C-1", VehicleCode::Train, 2),
        made("C", "C-2", VehicleCode::Hgv, 3),
        made("D", "C-2", VehicleCode::Hgv4, 4),
    ];
    let saved = legs.save(saving(&batch), start()).await.unwrap();
    let all = TripFilter::default;
    let text = |text: &str| Some(text.to_owned());
    for (filter, expected) in [
        (all(), &[3, 2, 1, 0][..]),
        (TripFilter { trip_id: text("B"), ..all() }, &[1]),
        (TripFilter { customer_identifier: text("C-2"), ..all() }, &[3, 2]),
        (TripFilter { vehicle_code: Some(VehicleCode::Hgv), ..all() }, &[2, 0]),
        (TripFilter { category: Some(Category::Road), ..all() }, &[3, 2, 0]),
        (TripFilter { travelled: Days { from: Some(day(2)), until: Some(day(3)) }, ..all() }, &[2, 1]),
        (
            TripFilter { vehicle_code: Some(VehicleCode::Hgv), customer_identifier: text("C-1"), ..all() },
            &[0],
        ),
        (TripFilter { trip_id: text("x"), ..all() }, &[]),
    ] {
        let expected: Vec<LegRecord> = expected.iter().map(|at| saved[*at].clone()).collect();
        assert_eq!(listed(store, owner, &filter).await, expected, "{filter:?}");
    }
    let page = store.trips(owner).select(&all(), Page { number: 2, size: 3 }).await.unwrap();
    assert_eq!((page.total, page.items), (4, saved[..1].to_vec()));
}

pub async fn trips_are_an_organizations_own(store: &impl StoreUnderTest) {
    let (owner, legs) = first_organization(store).await;
    let other = organization(2);
    store.add_organization(&other).await;
    let own = legs.save(saving(&[of_customer("A", "C-1"), of_customer("B", "C-1")]), start()).await.unwrap();
    let theirs = store.legs(other.id).save(saving(&[of_customer("B", "C-9")]), start()).await.unwrap();
    assert_eq!(numbers(&theirs), [TripNumbers { trip: 1, customer: Some(1) }]);
    assert_ne!(theirs[0].id, own[1].id);
    assert_eq!(listed(store, other.id, &TripFilter::default()).await, theirs);
    assert_eq!(store.trips(other.id).find(2).await.unwrap(), None);
    assert_eq!(store.trips(owner).find(1).await.unwrap().as_ref(), Some(&own[0]));
}
