//! Packages, as their legs change.

use chrono::TimeDelta;
use emissions_core::{Kilometres, Load, LoadFactor, LoadUnit, TonneKilometres};
use logistics_domain::ids::{OrganizationId, PackageId};
use logistics_domain::leg::{Outcome, ResolvedLeg};
use logistics_domain::package::{PackageFilter, PackageRecord, PackageStatus};
use logistics_domain::ports::{PackageRepository, Page};
use uuid::Uuid;

use super::{StoreUnderTest, first_organization};
use crate::records::{calculated, calculation, failed, leg, organization, start, to_save, traced_leg};

fn stage(movement: &str, key: &str, stage: &str) -> ResolvedLeg {
    let mut leg = traced_leg(movement);
    leg.trace.package_key = Some(key.to_owned());
    leg.trace.movement_stage = Some(stage.to_owned());
    leg
}

async fn only(store: &impl StoreUnderTest, organization: OrganizationId) -> PackageRecord {
    let mut listed = select(&*store.packages(organization), &PackageFilter::default()).await;
    assert_eq!(listed.len(), 1);
    listed.remove(0)
}

async fn select(packages: &dyn PackageRepository, filter: &PackageFilter) -> Vec<PackageRecord> {
    let listed = packages.select(filter, Page { number: 1, size: 100 }).await.unwrap();
    assert_eq!(listed.total, listed.items.len() as u64);
    listed.items
}

/// What `calculated(kg)` comes to with the hub and the cleaning of the record.
fn total(kg: f64) -> f64 {
    calculation(kg).total().wtw.get()
}

pub async fn totals_are_the_sums_of_the_legs_at_every_moment(store: &impl StoreUnderTest) {
    let (organization, legs) = first_organization(store).await;
    let near =
        |found: f64, expected: f64| assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
    let given = ResolvedLeg { distance: Some(Kilometres::new(100.0).unwrap()), ..stage("M1", "P1", "b") };
    let batch = vec![
        to_save(stage("M1", "P1", "a"), calculated(1.0)),
        to_save(given, calculated(2.0)),
        to_save(stage("M1", "P1", "c"), Outcome::Pending),
    ];
    let saved = legs.save(batch, start()).await.unwrap();
    let package = only(store, organization).await;
    assert_eq!(Some(package.id), saved[0].package_id);
    assert_eq!(package.legs.iter().map(|leg| leg.co2e.is_some()).filter(|known| *known).count(), 2);
    near(package.total_co2e(), total(1.0) + total(2.0));
    near(package.total_distance_km(), 504.7 + 100.0);

    let later = start() + TimeDelta::hours(1);
    legs.save(vec![to_save(stage("M1", "P1", "c"), calculated(4.0))], later).await.unwrap();
    let package = only(store, organization).await;
    near(package.total_co2e(), total(1.0) + total(2.0) + total(4.0));
    assert_eq!((package.created_at, package.updated_at), (start(), later));

    legs.save(vec![to_save(stage("M1", "P1", "a"), failed("nowhere"))], later).await.unwrap();
    near(only(store, organization).await.total_co2e(), total(2.0) + total(4.0));

    let latest = later + TimeDelta::hours(1);
    assert!(legs.delete(&[saved[1].id], latest).await.unwrap());
    let package = only(store, organization).await;
    near(package.total_co2e(), total(4.0));
    assert_eq!((package.legs.len(), package.updated_at), (2, latest));
}

pub async fn a_package_without_legs_is_inactive_until_one_comes(store: &impl StoreUnderTest) {
    let (organization, legs) = first_organization(store).await;
    let saved = legs.save(vec![to_save(stage("M1", "P1", "a"), calculated(1.0))], start()).await.unwrap();
    assert_eq!(only(store, organization).await.status(), PackageStatus::Active);
    legs.delete(&[saved[0].id], start()).await.unwrap();
    let empty = only(store, organization).await;
    assert_eq!((empty.status(), empty.total_co2e(), empty.legs.len()), (PackageStatus::Inactive, 0.0, 0));
    legs.save(vec![to_save(stage("M1", "P1", "b"), calculated(1.0))], start()).await.unwrap();
    let again = only(store, organization).await;
    assert_eq!((again.id, again.status()), (empty.id, PackageStatus::Active));
}

pub async fn a_package_weighs_what_its_legs_carry(store: &impl StoreUnderTest) {
    let (organization, legs) = first_organization(store).await;
    let carrying = |amount: Option<f64>, unit: LoadUnit, share: f64| ResolvedLeg {
        load: amount.map(|amount| Load::new(amount, unit).unwrap()),
        load_unit: unit,
        load_factor: LoadFactor::new(share).unwrap(),
        ..traced_leg("M1")
    };
    let given_tkm = ResolvedLeg {
        tkm: Some(TonneKilometres::new(7.0).unwrap()),
        ..carrying(Some(3.0), LoadUnit::Pallets, 1.0)
    };
    let cases = [
        (carrying(Some(15.0), LoadUnit::Kg, 0.5), calculated(1.0), Some(7.5)),
        (carrying(Some(2.0), LoadUnit::Ton, 1.0), Outcome::Pending, Some(2000.0)),
        (carrying(None, LoadUnit::Kg, 0.5), calculated(1.0), Some(5675.0)),
        (carrying(None, LoadUnit::Kg, 0.5), Outcome::Pending, None),
        (carrying(Some(3.0), LoadUnit::Pallets, 1.0), calculated(1.0), Some(1000.0)),
        (carrying(Some(3.0), LoadUnit::Pallets, 1.0), failed("nowhere"), None),
        (given_tkm, calculated(1.0), None),
    ];
    for (leg, outcome, expected) in cases {
        legs.save(vec![to_save(leg.clone(), outcome)], start()).await.unwrap();
        assert_eq!(only(store, organization).await.weight_kg(), expected, "{leg:?}");
    }
}

pub async fn packages_are_selected_newest_first(store: &impl StoreUnderTest) {
    let (organization, legs) = first_organization(store).await;
    let packages = store.packages(organization);
    let mut other_client = stage("M1", "P1", "b");
    other_client.trace.client = Some("DHL".to_owned());
    let calls = [
        vec![stage("M1", "P1", "a"), other_client],
        vec![stage("M1", "P2", "a"), leg()],
        vec![stage("M2", "P1", "a"), stage("M2", "P1", "b")],
    ];
    let mut ids = Vec::new();
    for (call, hours) in calls.into_iter().zip(0..) {
        let batch = call.into_iter().map(|leg| to_save(leg, calculated(1.0))).collect();
        let saved = legs.save(batch, start() + TimeDelta::hours(hours)).await.unwrap();
        ids.extend(saved[0].package_id);
    }
    let some = |text: &str| Some(text.to_owned());
    let nothing = PackageFilter::default;
    let cases: [(PackageFilter, &[usize]); 8] = [
        (nothing(), &[2, 1, 0]),
        (PackageFilter { movement_id: some("M1"), ..nothing() }, &[1, 0]),
        (PackageFilter { package_key: some("P1"), ..nothing() }, &[2, 0]),
        (PackageFilter { movement_id: some("M2"), package_key: some("P1"), ..nothing() }, &[2]),
        (PackageFilter { client: some("CLIENT-001"), ..nothing() }, &[2, 1, 0]),
        (PackageFilter { client: some("DHL"), ..nothing() }, &[0]),
        (PackageFilter { client: some("DHL"), package_key: some("P2"), ..nothing() }, &[]),
        (PackageFilter { movement_id: some("m1"), ..nothing() }, &[]),
    ];
    for (filter, expected) in cases {
        let found: Vec<_> = select(&*packages, &filter).await.iter().map(|package| package.id).collect();
        assert_eq!(found, expected.iter().map(|index| ids[*index]).collect::<Vec<_>>(), "{filter:?}");
    }
    let second = packages.select(&nothing(), Page { number: 2, size: 2 }).await.unwrap();
    assert_eq!((second.total, second.items[0].id), (3, ids[0]));
    assert_eq!(second.items[0].client(), Some("CLIENT-001"));
    assert_eq!(packages.find(ids[0]).await.unwrap().as_ref(), Some(&second.items[0]));
    assert_eq!(packages.find(PackageId(Uuid::nil())).await.unwrap(), None);
}

pub async fn organizations_do_not_see_each_others_packages(store: &impl StoreUnderTest) {
    let (own, legs) = first_organization(store).await;
    let other = organization(2);
    store.add_organization(&other).await;
    let batch = vec![to_save(stage("M1", "P1", "a"), calculated(1.0))];
    let saved = legs.save(batch.clone(), start()).await.unwrap();
    let theirs = store.packages(other.id);
    assert_eq!(select(&*theirs, &PackageFilter::default()).await, []);
    assert_eq!(theirs.find(saved[0].package_id.unwrap()).await.unwrap(), None);
    store.legs(other.id).save(batch, start()).await.unwrap();
    assert_eq!(only(store, own).await.legs.len(), 1);
    assert_ne!(only(store, own).await.id, only(store, other.id).await.id);
}
