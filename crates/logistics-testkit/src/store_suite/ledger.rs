//! The figures of reports.

use chrono::NaiveDate;
use emissions_core::Estimate;
use logistics_domain::Category;
use logistics_domain::hub::{HubKind, HubWrite};
use logistics_domain::ids::OrganizationId;
use logistics_domain::leg::{Days, HandlingHub, Outcome, ResolvedLeg};
use logistics_domain::ports::LegToSave;
use logistics_domain::report::{Figures, Items, Remainder, Selection};

use super::recharges::{delivery, diesel, recharge};
use super::{StoreUnderTest, first_organization};
use crate::records::{calculated, failed, hub, leg, organization, start, to_save, traced_leg};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

async fn figures(
    store: &impl StoreUnderTest,
    organization: OrganizationId,
    selection: &Selection,
) -> Figures {
    store.ledger(organization).figures(selection).await.unwrap()
}

fn shipped(leg: ResolvedLeg, on: &str, client: Option<&str>, wtw: f64) -> LegToSave {
    let mut leg = ResolvedLeg { shipment_date: day(on), ..leg };
    leg.trace.client = client.map(str::to_owned);
    to_save(leg, calculated(wtw))
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * b.abs().max(1.0)
}

pub async fn figures_are_the_sums_of_the_legs(store: &impl StoreUnderTest) {
    let (owner, legs) = first_organization(store).await;
    let empty = figures(store, owner, &Selection::default()).await;
    assert_eq!(empty, Figures::default());

    let rail = ResolvedLeg {
        category: Category::Rail,
        toc: "train_average".to_owned(),
        toc_estimated: false,
        ..leg()
    };
    let mut pending = to_save(leg(), Outcome::Pending);
    pending.leg.shipment_date = day("2025-01-15");
    let batch = vec![
        shipped(leg(), "2025-01-01", Some("A"), 10.0),
        shipped(leg(), "2025-01-31", Some("B"), 20.0),
        shipped(rail, "2025-02-01", None, 40.0),
        shipped(leg(), "2025-03-01", Some("A"), 80.0),
        to_save(ResolvedLeg { shipment_date: day("2025-01-15"), ..leg() }, failed("no road")),
        pending,
    ];
    legs.save(batch, start()).await.unwrap();
    let all = figures(store, owner, &Selection::default()).await;
    // Each leg has 0.6 kg of a hub and 0.1 kg of cleaning beside its transport.
    let total = all.total();
    assert_eq!(total.legs, 4);
    assert!(close(total.transport.wtw.get(), 150.0) && close(total.total.wtw.get(), 150.0 + 4.0 * 0.7));
    assert!(close(total.transport.wtt.get(), 30.0) && close(total.transport.ttw.get(), 120.0));
    assert!(close(total.hub.get(), 2.4) && close(total.cleaning.get(), 0.4));
    assert!(close(total.tkm, 4.0 * 504.7) && close(total.distance_km, 4.0 * 504.7));
    assert_eq!(all.remainder, Remainder { pending: 1, failed: 1 });
    let months: Vec<(NaiveDate, u64)> =
        all.by(|cell| cell.month).into_iter().map(|(month, sums)| (month, sums.legs)).collect();
    assert_eq!(months, [(day("2025-01-01"), 2), (day("2025-02-01"), 1), (day("2025-03-01"), 1)]);
    let categories = all.by(|cell| cell.category);
    assert_eq!((categories[&Category::Road].legs, categories[&Category::Rail].legs), (3, 1));
    assert!(all.cells.iter().all(|cell| cell.estimated.contains(Estimate::FactorRegion)));
    assert!(all.cells.iter().all(|cell| all.facts[cell.facts].json.contains("toc 1")));
    let clients: Vec<(Option<&str>, u64)> =
        all.clients.iter().map(|(client, sums)| (client.as_deref(), sums.legs)).collect();
    assert_eq!(clients, [(Some("A"), 2), (None, 1), (Some("B"), 1)], "who emits most comes first");
    assert_eq!((all.lanes.len(), all.lanes[0].sums.legs), (1, 4));
    assert_eq!(all.lanes[0].destination.as_deref(), Some("Barcelona, Spain"));

    let january = Days { from: Some(day("2025-01-01")), until: Some(day("2025-01-31")) };
    let selection = Selection { shipped: january, client: None };
    assert_eq!(figures(store, owner, &selection).await.total().legs, 2);
    let selection = Selection { shipped: january, client: Some("A".to_owned()) };
    let of_client = figures(store, owner, &selection).await;
    assert_eq!((of_client.total().legs, of_client.remainder), (1, Remainder::default()));
    let selection = Selection { client: Some("a".to_owned()), ..Selection::default() };
    assert_eq!(figures(store, owner, &selection).await, Figures::default());
}

pub async fn packages_are_counted_once(store: &impl StoreUnderTest) {
    let (owner, legs) = first_organization(store).await;
    let stretch = |name: &str, category| {
        let mut leg = ResolvedLeg { category, ..traced_leg("M1") };
        leg.trace.movement_stretch = Some(name.to_owned());
        to_save(leg, calculated(1.0))
    };
    let batch = vec![
        stretch("first", Category::Road),
        stretch("second", Category::Road),
        stretch("third", Category::Rail),
        to_save(leg(), calculated(1.0)),
    ];
    legs.save(batch, start()).await.unwrap();
    let found = figures(store, owner, &Selection::default()).await;
    assert_eq!(found.items, Items { packages: 1, loose_legs: 1 });
    assert_eq!(found.items_by_category[&Category::Road], Items { packages: 1, loose_legs: 1 });
    assert_eq!(found.items_by_category[&Category::Rail], Items { packages: 1, loose_legs: 0 });
}

pub async fn hubs_and_fuels_are_summed_up(store: &impl StoreUnderTest) {
    let (owner, legs) = first_organization(store).await;
    let warehouse = hub("Madrid");
    assert_eq!(store.hubs(owner).create(&warehouse).await.unwrap(), HubWrite::Kept);
    let mut handled = leg();
    handled.hubs.handled_by = Some(HandlingHub { id: warehouse.id, stay: warehouse.profile.stay() });
    legs.save(vec![to_save(handled, calculated(1.0)), to_save(leg(), calculated(1.0))], start())
        .await
        .unwrap();
    let batch = vec![diesel(10.0, Some("A")), diesel(20.0, Some("B")), recharge("electricity", 5.0, None)];
    store.recharges(owner).take(delivery(batch, None), start()).await.unwrap();

    let found = figures(store, owner, &Selection::default()).await;
    assert_eq!(found.hubs.len(), 1);
    assert_eq!(
        (found.hubs[0].kind, found.hubs[0].category),
        (HubKind::Subcontracted, warehouse.profile.category)
    );
    assert!(found.hubs[0].legs == 1 && close(found.hubs[0].co2e.get(), 0.6));
    let fuels: Vec<(&str, u64, f64)> =
        found.fuels.iter().map(|fuel| (fuel.fuel.as_str(), fuel.recharges, fuel.quantity)).collect();
    assert_eq!(fuels, [("diesel", 2, 30.0), ("electricity", 1, 5.0)]);
    assert_eq!(found.fuels[0].toc.as_deref(), Some("artic_truck_diesel"));
    assert!(close(found.fuels[0].emissions.wtw.get(), diesel(30.0, None).emissions.wtw.get()));
    assert!(found.fuels[1].generation.get() > 0.0);

    let before = Days { from: None, until: Some(day("2024-12-31")) };
    let none = figures(store, owner, &Selection { shipped: before, client: None }).await;
    assert_eq!(none.fuels, []);
    let client = Selection { client: Some("A".to_owned()), ..Selection::default() };
    assert_eq!(figures(store, owner, &client).await.fuels, [], "fuel belongs to no client");
}

pub async fn nobody_sees_the_figures_of_others(store: &impl StoreUnderTest) {
    let (owner, legs) = first_organization(store).await;
    let other = organization(2);
    store.add_organization(&other).await;
    legs.save(vec![to_save(leg(), calculated(1.0))], start()).await.unwrap();
    store.recharges(owner).take(delivery(vec![diesel(10.0, None)], None), start()).await.unwrap();
    assert_eq!(figures(store, other.id, &Selection::default()).await, Figures::default());
}
