//! Hubs, and the legs that mention them.

use chrono::TimeDelta;
use emissions_core::{HubCategory, KgCo2e, Tonnes};
use logistics_domain::hub::{
    Hub, HubFilter, HubKey, HubKind, HubMentions, HubProfile, HubRepository, HubStatus, HubWrite, Removal,
};
use logistics_domain::ids::{HubId, OrganizationId};
use logistics_domain::leg::{HandlingHub, LegDraft, WrittenEnds};
use logistics_domain::ports::{Listed, Page, StoreError};
use uuid::Uuid;

use super::{StoreUnderTest, first_organization};
use crate::records::{calculated, country, handled_leg, hub, leg, organization, start, to_save, traced_leg};

/// An organization's hubs.
async fn own(store: &impl StoreUnderTest) -> (OrganizationId, Box<dyn HubRepository>) {
    let (organization, _) = first_organization(store).await;
    (organization, store.hubs(organization))
}

async fn create(hubs: &dyn HubRepository, hub: Hub) -> Hub {
    assert_eq!(hubs.create(&hub).await.unwrap(), HubWrite::Kept);
    hub
}

async fn all(hubs: &dyn HubRepository, filter: &HubFilter) -> Listed<Hub> {
    hubs.list(filter, Page { number: 1, size: 1000 }).await.unwrap()
}

fn changed(former: &Hub, change: impl FnOnce(&mut HubProfile)) -> Hub {
    let mut hub = former.clone();
    hub.updated_at = Some(former.updated_at.unwrap_or(former.created_at) + TimeDelta::hours(1));
    change(&mut hub.profile);
    hub
}

/// A hub of which everything is set.
fn whole(name: &str) -> Hub {
    let mut hub = hub(name);
    hub.profile.kind = HubKind::Owned;
    hub.profile.external_code = Some("HUB-MAD-001".to_owned());
    hub.profile.supercharger = true;
    hub.profile.facility_id = Some(Uuid::now_v7());
    hub.profile.annual_co2e = Some(KgCo2e::new(0.1 + 0.2).unwrap());
    hub.profile.annual_throughput = Some(Tonnes::new(1.0 / 3.0).unwrap());
    hub
}

pub async fn a_hub_is_kept_as_it_is(store: &impl StoreUnderTest) {
    let (_, hubs) = own(store).await;
    let mut empty = hub("  L'Éxito 貨 % _ \\ ");
    (empty.profile.category, empty.profile.address, empty.profile.country) = (None, None, None);
    let kept = [whole("Madrid Warehouse"), empty];
    for hub in &kept {
        create(&*hubs, hub.clone()).await;
    }
    for hub in &kept {
        assert_eq!(hubs.find(hub.id).await.unwrap().as_ref(), Some(hub));
    }
    for (number, category) in HubCategory::ALL.into_iter().enumerate() {
        let mut of_category = hub(&format!("Hub {number}"));
        of_category.profile.category = Some(category);
        of_category.profile.status = HubStatus::ALL[number % 4];
        create(&*hubs, of_category.clone()).await;
        assert_eq!(hubs.find(of_category.id).await.unwrap(), Some(of_category));
    }
    assert_eq!(hubs.find(HubId(Uuid::now_v7())).await.unwrap(), None);
}

pub async fn names_and_codes_are_taken_once(store: &impl StoreUnderTest) {
    let (_, hubs) = own(store).await;
    let first = create(&*hubs, whole("Madrid Warehouse")).await;
    assert_eq!(hubs.create(&hub(" madrid  WAREHOUSE")).await.unwrap(), HubWrite::NameTaken);
    let mut second = hub("Barcelona");
    second.profile.external_code = Some("hub-mad-001 ".to_owned());
    assert_eq!(hubs.create(&second).await.unwrap(), HubWrite::CodeTaken);
    assert_eq!(hubs.find(second.id).await.unwrap(), None);
    second.profile.external_code = Some("Madrid Warehouse".to_owned());
    let second = create(&*hubs, second).await;
    create(&*hubs, hub("Valencia")).await;

    let named = changed(&second, |hub| "MADRID WAREHOUSE".clone_into(&mut hub.name));
    assert_eq!(hubs.replace(&second, &named).await.unwrap(), HubWrite::NameTaken);
    let coded = changed(&second, |hub| hub.external_code = Some("HUB-MAD-001".to_owned()));
    assert_eq!(hubs.replace(&second, &coded).await.unwrap(), HubWrite::CodeTaken);
    assert_eq!(hubs.find(second.id).await.unwrap().as_ref(), Some(&second));
    let respelt = changed(&first, |hub| "MADRID warehouse".clone_into(&mut hub.name));
    assert_eq!(hubs.replace(&first, &respelt).await.unwrap(), HubWrite::Kept);
}

pub async fn a_hub_is_replaced_as_it_was_read(store: &impl StoreUnderTest) {
    let (_, hubs) = own(store).await;
    let first = create(&*hubs, whole("Madrid Warehouse")).await;
    let second = changed(&first, |profile| *profile = hub("Toledo").profile);
    assert_eq!(hubs.replace(&first, &second).await.unwrap(), HubWrite::Kept);
    assert_eq!(hubs.find(first.id).await.unwrap().as_ref(), Some(&second));
    let late = changed(&first, |hub| hub.supercharger = false);
    assert_eq!(hubs.replace(&first, &late).await.unwrap(), HubWrite::Outdated);
    let third = changed(&second, |hub| hub.status = HubStatus::Archived);
    assert_eq!(hubs.replace(&second, &third).await.unwrap(), HubWrite::Kept);
    assert_eq!(hubs.replace(&second, &third).await.unwrap(), HubWrite::Outdated);
    assert_eq!(hubs.find(first.id).await.unwrap().as_ref(), Some(&third));
    let unknown = hub("Nowhere");
    assert_eq!(hubs.replace(&unknown, &unknown).await.unwrap(), HubWrite::Outdated);
    assert_eq!(all(&*hubs, &HubFilter::default()).await.total, 1);
}

pub async fn hubs_are_listed_by_filter(store: &impl StoreUnderTest) {
    let (_, hubs) = own(store).await;
    let mut kept = Vec::new();
    for (hours, name) in (0_i64..).zip(["Madrid Norte", "Madrid Sur 100%", "ÑORA", "Lyon_1", "Lyon 11"]) {
        let mut hub = hub(name);
        hub.created_at = start() + TimeDelta::hours(hours % 3);
        kept.push(hub);
    }
    kept[0].profile.kind = HubKind::Owned;
    kept[1].profile.status = HubStatus::Archived;
    kept[2].profile.status = HubStatus::Error;
    kept[3].profile.category = Some(HubCategory::LiquidBulkTerminalsMixed);
    for hub in &kept {
        create(&*hubs, hub.clone()).await;
    }
    let named = |name: &str| HubFilter { name: Some(name.to_owned()), ..HubFilter::default() };
    let of = |statuses: &[HubStatus]| HubFilter { statuses: statuses.to_vec(), ..HubFilter::default() };
    let cases: [(HubFilter, &[usize]); 13] = [
        (HubFilter::default(), &[0, 1, 2, 3, 4]),
        (named("  MADRID "), &[0, 1]),
        (named("ñor"), &[2]),
        (named("%"), &[1]),
        (named("n_1"), &[3]),
        (named("\\"), &[]),
        (named("  "), &[0, 1, 2, 3, 4]),
        (HubFilter { kind: Some(HubKind::Owned), ..HubFilter::default() }, &[0]),
        (HubFilter { kind: Some(HubKind::Subcontracted), ..named("madrid") }, &[1]),
        (HubFilter { category: Some(HubCategory::LiquidBulkTerminalsMixed), ..HubFilter::default() }, &[3]),
        (of(&[HubStatus::Active]), &[0, 3, 4]),
        (of(&[HubStatus::Archived, HubStatus::Error]), &[1, 2]),
        (of(&[HubStatus::Inactive]), &[]),
    ];
    for (filter, expected) in cases {
        let mut expected: Vec<&Hub> = expected.iter().map(|at| &kept[*at]).collect();
        expected.sort_by_key(|hub| std::cmp::Reverse((hub.created_at, hub.id)));
        let listed = all(&*hubs, &filter).await;
        assert!(listed.items.iter().eq(expected.iter().copied()), "{filter:?} gave {:?}", listed.items);
        assert_eq!(listed.total, expected.len() as u64);
        for (number, expected) in (1_u32..).zip(expected.chunks(2)) {
            let page = hubs.list(&filter, Page { number, size: 2 }).await.unwrap();
            assert!(page.items.iter().eq(expected.iter().copied()) && page.total == listed.total);
        }
    }
}

pub async fn hubs_are_removed(store: &impl StoreUnderTest) {
    let (_, hubs) = own(store).await;
    let kept = create(&*hubs, whole("Madrid Warehouse")).await;
    assert_eq!(hubs.remove(kept.id).await.unwrap(), Removal::Done);
    assert_eq!(hubs.remove(kept.id).await.unwrap(), Removal::Unknown);
    assert_eq!(hubs.find(kept.id).await.unwrap(), None);
    create(&*hubs, whole("Madrid Warehouse")).await;
}

/// A leg that comes again may have been handled by another hub, or by none.
pub async fn a_hub_stays_while_a_leg_was_handled_by_it(store: &impl StoreUnderTest) {
    let (organization, hubs) = own(store).await;
    let legs = store.legs(organization);
    let first = create(&*hubs, whole("Madrid Warehouse")).await;
    let second = create(&*hubs, hub("Barcelona")).await;
    let handled = |by: Option<&Hub>| {
        let mut leg = traced_leg("M1");
        leg.hubs.handled_by = by.map(|hub| HandlingHub { id: hub.id, stay: hub.profile.stay() });
        leg.hubs.written = by.map(|_| WrittenEnds {
            origin: leg.origin.clone(),
            destination: leg.destination.clone(),
            origin_country: Some(country("ES")),
        });
        leg
    };
    for (by, stays, goes) in [(Some(&first), true, false), (Some(&second), false, true), (None, false, false)]
    {
        let saved = legs.save(vec![to_save(handled(by), calculated(1.0))], start()).await.unwrap().remove(0);
        assert_eq!(legs.find(saved.id).await.unwrap(), Some(saved));
        for (hub, in_use) in [(&first, stays), (&second, goes)] {
            let removed = hubs.remove(hub.id).await.unwrap();
            assert_eq!(removed, if in_use { Removal::InUse } else { Removal::Done });
            if !in_use {
                create(&*hubs, hub.clone()).await;
            }
        }
    }
}

pub async fn a_leg_of_a_hub_that_was_removed_is_not_kept(store: &impl StoreUnderTest) {
    let (organization, hubs) = own(store).await;
    let legs = store.legs(organization);
    let gone = create(&*hubs, hub("Madrid Warehouse")).await;
    let handled = to_save(handled_leg("M1", &gone), calculated(1.0));
    assert_eq!(hubs.remove(gone.id).await.unwrap(), Removal::Done);
    let refused = legs.save(vec![handled, to_save(leg(), calculated(1.0))], start()).await;
    assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
    assert_eq!(legs.overview().await.unwrap().count, 0);
}

pub async fn mentioned_hubs_are_found(store: &impl StoreUnderTest) {
    let (_, hubs) = own(store).await;
    let leg = |origin: &str, destination: &str, hub_id: &str| {
        let draft = LegDraft {
            origin: Some(origin.to_owned()),
            destination: Some(destination.to_owned()),
            category: Some("road".to_owned()),
            hub_id: Some(hub_id.to_owned()),
            ..LegDraft::default()
        };
        draft.parse().unwrap()
    };
    let nothing = HubMentions::of(&[leg("Madrid Warehouse", "x", "HUB-MAD-001")]);
    assert_eq!(hubs.mentioned(nothing).await.unwrap(), []);
    let madrid = create(&*hubs, whole("Madrid Warehouse")).await;
    let lyon = create(&*hubs, hub("LYON")).await;
    let mut legs: Vec<_> = (0..1_500).map(|n| leg(&format!("Origin {n}"), "y", &format!("H{n}"))).collect();
    for (mention, expected) in [
        (leg(" madrid  warehouse", "Toledo", "z"), vec![&madrid]),
        (leg("x", "Lyon", "hub-mad-001"), vec![&madrid, &lyon]),
        (leg("x", "y", &lyon.id.to_string()), vec![&lyon]),
        (leg("x", "y", "Lyon"), vec![&lyon]),
        (leg("HUB-MAD-001", "Madrid", &Uuid::nil().to_string()), vec![]),
    ] {
        legs.push(mention);
        let mut found = hubs.mentioned(HubMentions::of(&legs)).await.unwrap();
        found.sort_by_key(|hub| hub.id);
        assert!(found.iter().eq(expected.iter().copied()), "{found:?}");
        legs.pop();
    }
}

pub async fn hubs_are_an_organizations_own(store: &impl StoreUnderTest) {
    let (_, ours) = own(store).await;
    let stranger = organization(2);
    store.add_organization(&stranger).await;
    let theirs = store.hubs(stranger.id);
    let kept = create(&*ours, whole("Madrid Warehouse")).await;
    assert_eq!(theirs.find(kept.id).await.unwrap(), None);
    assert_eq!(all(&*theirs, &HubFilter::default()).await.total, 0);
    let renamed = changed(&kept, |hub| "Theirs".clone_into(&mut hub.name));
    assert_eq!(theirs.replace(&kept, &renamed).await.unwrap(), HubWrite::Outdated);
    assert_eq!(theirs.remove(kept.id).await.unwrap(), Removal::Unknown);
    let named = HubKey::of("Madrid Warehouse").into_iter();
    let mentions = HubMentions { names: named.collect(), ids: [kept.id].into(), ..HubMentions::default() };
    assert_eq!(theirs.mentioned(mentions.clone()).await.unwrap(), []);
    assert_eq!(ours.mentioned(mentions).await.unwrap(), std::slice::from_ref(&kept));
    create(&*theirs, whole("Madrid Warehouse")).await;
    assert_eq!(ours.find(kept.id).await.unwrap(), Some(kept));
    assert!(store.hubs(organization(3).id).create(&whole("Madrid Warehouse")).await.is_err());
}
