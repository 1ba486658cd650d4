//! Recharges.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use emissions_core::{Factors, FuelQuantity};
use futures_util::future::join_all;
use logistics_domain::ids::{FileId, OrganizationId, ProjectId, RechargeId};
use logistics_domain::intake::{Answer, CallKey, Told};
use logistics_domain::leg::{AnyOf, Days};
use logistics_domain::ports::{Listed, Page};
use logistics_domain::recharge::{
    EnergyCalculator, NewRecharge, Recharge, RechargeDelivery, RechargeField, RechargeFilter, RechargeRecord,
    RechargeRepository, RechargeToSave, ValueCount,
};
use logistics_domain::toc::toc_id;
use uuid::Uuid;

use super::{StoreUnderTest, first_organization};
use crate::records::{country, organization, start};

/// An organization's recharges.
async fn own(store: &impl StoreUnderTest) -> (OrganizationId, Box<dyn RechargeRepository>) {
    let (organization, _) = first_organization(store).await;
    (organization, store.recharges(organization))
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Diesel of a truck, filled in in Spain.
pub fn diesel(quantity: f64, plate: Option<&str>) -> Recharge {
    recharge("diesel", quantity, plate)
}

pub fn recharge(fuel: &str, quantity: f64, plate: Option<&str>) -> Recharge {
    let factors = Factors::open();
    let calculator = EnergyCalculator::new(&factors);
    let fuel = calculator.fuels().iter().rfind(|known| known.name == fuel).unwrap();
    let listed = factors.list();
    let truck = listed.iter().find(|listed| listed.id == "artic_truck_diesel").unwrap();
    let new = NewRecharge {
        fuel: fuel.id,
        country: country("ES"),
        date: day("2025-03-01"),
        quantity: FuelQuantity::new(quantity).unwrap(),
        unit: None,
        plate: plate.map(str::to_owned),
        toc: Some(toc_id(truck)),
        project: None,
    };
    calculator.calculate(&factors, new, None).unwrap()
}

pub fn delivery(recharges: Vec<Recharge>, call: Option<CallKey>) -> RechargeDelivery {
    let save = |recharge| RechargeToSave { id: RechargeId(Uuid::now_v7()), recharge };
    let answer = |kept: &[RechargeRecord]| {
        let ids: Vec<String> = kept.iter().map(|record| record.id.to_string()).collect();
        Answer { status: 200, location: None, body: ids.join(",").into_bytes() }
    };
    RechargeDelivery { recharges: recharges.into_iter().map(save).collect(), call, answer: Box::new(answer) }
}

async fn keep(recharges: &dyn RechargeRepository, batch: Vec<Recharge>, at: DateTime<Utc>) -> Vec<String> {
    let Told::Now(answer) = recharges.take(delivery(batch, None), at).await.unwrap() else {
        unreachable!("a call without a key is never told what another was")
    };
    String::from_utf8(answer.body).unwrap().split(',').map(str::to_owned).collect()
}

async fn all(recharges: &dyn RechargeRepository, filter: &RechargeFilter) -> Listed<RechargeRecord> {
    recharges.select(filter, Page { number: 1, size: 100 }).await.unwrap()
}

pub async fn a_recharge_is_kept_as_it_is(store: &impl StoreUnderTest) {
    let (_, recharges) = own(store).await;
    let whole = Recharge {
        project: Some(ProjectId(Uuid::now_v7())),
        file: Some(FileId(Uuid::now_v7())),
        ..diesel(0.1 + 0.2, Some("  L'Éxito 貨 % "))
    };
    let bare = Recharge { toc: None, ..recharge("electricity", 7.0, None) };
    keep(&*recharges, vec![whole.clone(), bare.clone()], start()).await;
    let kept = all(&*recharges, &RechargeFilter::default()).await;
    assert_eq!(kept.total, 2);
    let said: Vec<&Recharge> = kept.items.iter().map(|record| &record.recharge).collect();
    assert!(said.contains(&&whole) && said.contains(&&bare), "{said:?}");
    assert!(kept.items.iter().all(|record| (record.created_at, record.updated_at) == (start(), start())));
    let overview = recharges.overview(None).await.unwrap();
    assert_eq!((overview.count, overview.last_updated), (2, Some(start())));
    assert_eq!(recharges.overview(whole.project).await.unwrap().count, 1);
    assert_eq!(recharges.overview(Some(ProjectId(Uuid::nil()))).await.unwrap().last_updated, None);
}

pub async fn one_that_comes_again_takes_its_place(store: &impl StoreUnderTest) {
    let (_, recharges) = own(store).await;
    let first = keep(&*recharges, vec![diesel(1.0, Some("A")), diesel(1.0, None)], start()).await;
    let later = start() + TimeDelta::hours(1);
    let other_fuel = recharge("petrol", 1.0, Some("A"));
    let batch = vec![diesel(2.0, Some("A")), diesel(1.0, Some("A")), other_fuel.clone()];
    let again = keep(&*recharges, batch, later).await;
    assert_eq!(again[1..], [first[0].clone(), first[0].clone()]);
    assert_ne!(again[0], first[0]);
    let kept = all(&*recharges, &RechargeFilter::default()).await;
    assert_eq!(kept.total, 3);
    let same = kept.items.iter().find(|record| record.id.to_string() == first[0]).unwrap();
    assert_eq!((same.created_at, same.updated_at), (start(), later));
    assert_eq!(same.recharge, other_fuel, "the last of a call counts");
}

pub async fn answers_keep_the_order_of_their_calls(store: &impl StoreUnderTest) {
    let (_, recharges) = own(store).await;
    let batch: Vec<Recharge> = (1..=40).map(|litres| diesel(f64::from(litres), None)).collect();
    let ids = keep(&*recharges, batch.clone(), start()).await;
    let backwards: Vec<Recharge> = batch.iter().rev().cloned().collect();
    let calls = (0..8).map(|call| if call % 2 == 0 { batch.clone() } else { backwards.clone() });
    let answers = join_all(calls.map(|batch| keep(&*recharges, batch, start()))).await;
    for (call, mut answer) in answers.into_iter().enumerate() {
        if call % 2 == 1 {
            answer.reverse();
        }
        assert_eq!(answer, ids);
    }
    assert_eq!(all(&*recharges, &RechargeFilter::default()).await.total, 40);
}

pub async fn a_call_that_comes_again_has_no_effect(store: &impl StoreUnderTest) {
    let (_, recharges) = own(store).await;
    let call = |fingerprint| Some(CallKey { key: "night".to_owned(), fingerprint: [fingerprint; 32] });
    let Told::Now(first) = recharges.take(delivery(vec![diesel(1.0, None)], call(1)), start()).await.unwrap()
    else {
        unreachable!("it is the first call")
    };
    let again = recharges.take(delivery(vec![diesel(2.0, None)], call(1)), start()).await.unwrap();
    assert_eq!(again, Told::Before(first));
    let other = recharges.take(delivery(vec![diesel(3.0, None)], call(2)), start()).await.unwrap();
    assert_eq!(other, Told::OtherCall);
    assert_eq!(all(&*recharges, &RechargeFilter::default()).await.total, 1);
}

pub async fn big_batches_of_recharges_are_kept(store: &impl StoreUnderTest) {
    let (_, recharges) = own(store).await;
    let one = diesel(1.0, Some("A"));
    let batch: Vec<Recharge> = (0..5_000_u32)
        .map(|number| Recharge {
            quantity: FuelQuantity::new(f64::from(number % 2_500)).unwrap(),
            ..one.clone()
        })
        .collect();
    let ids = keep(&*recharges, batch, start()).await;
    assert_eq!(ids.len(), 5_000);
    assert_eq!(ids[..2_500], ids[2_500..], "the second half says the same as the first");
    assert_eq!(recharges.overview(None).await.unwrap().count, 2_500);
}

pub async fn recharges_are_selected_by_filter(store: &impl StoreUnderTest) {
    let (_, recharges) = own(store).await;
    let file = FileId(Uuid::now_v7());
    let old = Recharge { date: day("2024-01-31"), file: Some(file), ..diesel(1.0, Some("1234-ABC")) };
    let bare = Recharge { toc: None, ..recharge("petrol", 2.0, Some("É-99")) };
    let petrol = bare.fuel;
    keep(&*recharges, vec![old], start()).await;
    keep(&*recharges, vec![bare], start() + TimeDelta::days(1)).await;
    let found = async |filter: RechargeFilter| {
        let found = all(&*recharges, &filter).await;
        assert_eq!(found.total as usize, found.items.len());
        found.items.iter().map(|record| record.recharge.quantity.get()).collect::<Vec<_>>()
    };
    let none = RechargeFilter::default;
    let only = |text: &str| AnyOf::these(vec![text.to_owned()]);
    let days = |from, until| Days { from, until };
    assert_eq!(found(none()).await, [2.0, 1.0], "the newest come first");
    assert_eq!(found(RechargeFilter { search: Some("é".into()), ..none() }).await, [2.0]);
    assert_eq!(found(RechargeFilter { search: Some("4-a".into()), ..none() }).await, [1.0]);
    assert_eq!(found(RechargeFilter { vehicles: only("artic_truck"), ..none() }).await, [1.0]);
    assert_eq!(found(RechargeFilter { fuels: AnyOf::these(vec![petrol]), ..none() }).await, [2.0]);
    assert_eq!(found(RechargeFilter { plates: only("1234-ABC"), ..none() }).await, [1.0]);
    assert_eq!(found(RechargeFilter { files: AnyOf::these(vec![file]), ..none() }).await, [1.0]);
    assert_eq!(found(RechargeFilter { projects: AnyOf::these(Vec::new()), ..none() }).await, [0.0; 0]);
    let january = days(Some(day("2024-01-31")), Some(day("2024-01-31")));
    assert_eq!(found(RechargeFilter { dates: january, ..none() }).await, [1.0]);
    let first = Some(start().date_naive());
    assert_eq!(found(RechargeFilter { created: days(None, first), ..none() }).await, [1.0]);
    let second = first.and_then(|day| day.succ_opt());
    assert_eq!(found(RechargeFilter { created: days(second, None), ..none() }).await, [2.0]);

    let count = |value: Option<&str>| ValueCount { value: value.map(str::to_owned), count: 1 };
    let names = recharges.values(RechargeField::FuelName).await.unwrap();
    assert_eq!(names, [count(Some("diesel")), count(Some("petrol"))]);
    let files = recharges.values(RechargeField::File).await.unwrap();
    assert_eq!(files, [count(None), count(Some(&file.to_string()))]);
}

pub async fn recharges_are_deleted_all_or_none(store: &impl StoreUnderTest) {
    let (_, recharges) = own(store).await;
    keep(&*recharges, (1..=3).map(|number| diesel(f64::from(number), None)).collect(), start()).await;
    let kept = all(&*recharges, &RechargeFilter::default()).await.items;
    let (first, second) = (kept[0].id, kept[1].id);
    assert!(!recharges.delete(&[first, RechargeId(Uuid::now_v7())]).await.unwrap());
    assert_eq!(recharges.overview(None).await.unwrap().count, 3);
    assert!(recharges.delete(&[first, second, first]).await.unwrap());
    assert!(!recharges.delete(&[first]).await.unwrap());
    assert_eq!(recharges.overview(None).await.unwrap().count, 1);
}

pub async fn recharges_are_an_organizations_own(store: &impl StoreUnderTest) {
    let (_, recharges) = own(store).await;
    let other = organization(2);
    store.add_organization(&other).await;
    let others = store.recharges(other.id);
    let mine = keep(&*recharges, vec![diesel(1.0, None)], start()).await;
    let theirs = keep(&*others, vec![diesel(1.0, None)], start()).await;
    assert_ne!(mine, theirs);
    let kept = all(&*others, &RechargeFilter::default()).await;
    assert_eq!(kept.total, 1);
    assert!(!recharges.delete(&[kept.items[0].id]).await.unwrap());
    assert_eq!(recharges.values(RechargeField::FuelName).await.unwrap().len(), 1);
}
