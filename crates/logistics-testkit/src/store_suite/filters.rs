//! Legs, selected by filters.

use chrono::{NaiveDate, TimeDelta};
use logistics_domain::Category;
use logistics_domain::leg::{AnyOf, Days, LegFilter, LegRecord, LegStatus, Outcome};
use logistics_domain::ports::{LegRepository, Page};

use super::{StoreUnderTest, all, first_organization};
use crate::records::{calculated, failed, leg, start, to_save, traced_leg};

/// Legs that differ in all that filters look at, stored on three days.
async fn various(legs: &dyn LegRepository) -> Vec<LegRecord> {
    let mut saved = Vec::new();
    for day in 0..3_u32 {
        let mut other = traced_leg(&format!("MOV-{day}"));
        other.trace.client = Some(format!("Client {day}"));
        other.trace.package_key = Some(format!("PKG-Ñ{day}"));
        other.trace.hub_id = None;
        other.trace.movement_stretch = Some("RECOGIDA".to_owned());
        other.shipment_date = NaiveDate::from_ymd_opt(2025, 1, 10 + day).unwrap();
        other.toc = format!("toc_{day}");
        other.category = Category::ALL[day as usize];
        let outcome = [calculated(1.0), Outcome::Pending, failed("nowhere")][day as usize].clone();
        let batch = vec![to_save(other, outcome), to_save(leg(), calculated(2.0))];
        saved.extend(legs.save(batch, start() + TimeDelta::days(day.into())).await.unwrap());
    }
    saved
}

fn one(text: &str) -> AnyOf<String> {
    AnyOf::these(vec![text.to_owned()])
}

fn days(from: (i32, u32, u32), until: (i32, u32, u32)) -> Days {
    let day = |(year, month, day)| NaiveDate::from_ymd_opt(year, month, day);
    Days { from: day(from), until: day(until) }
}

pub async fn every_filter_selects_what_it_says(store: &impl StoreUnderTest) {
    let (_, legs) = first_organization(store).await;
    various(&*legs).await;
    let with = |set: fn(&mut LegFilter)| {
        let mut filter = LegFilter::default();
        set(&mut filter);
        filter
    };
    let cases: [(LegFilter, usize); 20] = [
        (LegFilter::default(), 6),
        (with(|filter| filter.search = Some("mov-".to_owned())), 3),
        (with(|filter| filter.search = Some("pkg-ñ1".to_owned())), 1),
        (with(|filter| filter.search = Some("ñ".to_owned())), 3),
        (with(|filter| filter.search = Some("coGi".to_owned())), 3),
        (with(|filter| filter.search = Some("%".to_owned())), 0),
        (with(|filter| filter.movements = one("MOV-1")), 1),
        (with(|filter| filter.movements = one("mov-1")), 0),
        (with(|filter| filter.clients = AnyOf::these(vec!["Client 0".to_owned(), "Client 2".to_owned()])), 2),
        (with(|filter| filter.clients = AnyOf::these(Vec::new())), 0),
        (with(|filter| filter.tocs = one("toc_1")), 1),
        (with(|filter| filter.categories = AnyOf::these(vec![Category::Road])), 4),
        (with(|filter| filter.statuses = AnyOf::these(vec![LegStatus::Pending, LegStatus::Error])), 2),
        (with(|filter| filter.hubs = one("MAD-01")), 0),
        (with(|filter| filter.packages = one("PKG-Ñ2")), 1),
        (with(|filter| filter.shipped = days((2025, 1, 10), (2025, 1, 11))), 2),
        (with(|filter| filter.created = days((2025, 12, 5), (2025, 12, 5))), 2),
        (with(|filter| filter.created.until = NaiveDate::from_ymd_opt(2025, 12, 4)), 2),
        (with(|filter| filter.created.from = NaiveDate::from_ymd_opt(2025, 12, 7)), 0),
        (
            with(|filter| {
                filter.clients = one("Client 0");
                filter.tocs = one("toc_1");
            }),
            0,
        ),
    ];
    for (filter, expected) in cases {
        let listed = legs.select(&filter, Page { number: 1, size: 100 }).await.unwrap();
        assert_eq!((listed.items.len(), listed.total), (expected, expected as u64), "{filter:?}");
        assert!(listed.items.iter().all(|record| filter.admits(record)), "{filter:?}");
    }
}

pub async fn filtered_pages_are_stable(store: &impl StoreUnderTest) {
    let (_, legs) = first_organization(store).await;
    various(&*legs).await;
    let filter = LegFilter { categories: AnyOf::these(vec![Category::Road]), ..LegFilter::default() };
    let newest: Vec<_> = all(&*legs).await.items.into_iter().filter(|record| filter.admits(record)).collect();
    assert_eq!(newest.len(), 4);
    for (number, expected) in [(1, &newest[..3]), (2, &newest[3..]), (3, &[])] {
        let page = legs.select(&filter, Page { number, size: 3 }).await.unwrap();
        assert_eq!((page.total, &page.items[..]), (4, expected));
    }
}

pub async fn clients_are_listed_once(store: &impl StoreUnderTest) {
    let (_, legs) = first_organization(store).await;
    assert_eq!(legs.clients().await.unwrap(), [""; 0]);
    let clients = ["DHL", "Ñandú", "AMAZON", "dhl", "DHL", "", "ZARA"];
    let batch = clients.iter().map(|client| {
        let mut leg = leg();
        leg.trace.client = Some((*client).to_owned());
        to_save(leg, calculated(1.0))
    });
    let mut batch: Vec<_> = batch.collect();
    batch.push(to_save(leg(), calculated(1.0)));
    legs.save(batch, start()).await.unwrap();
    assert_eq!(legs.clients().await.unwrap(), ["", "AMAZON", "DHL", "ZARA", "dhl", "Ñandú"]);
}

pub async fn the_overview_counts_legs(store: &impl StoreUnderTest) {
    let (_, legs) = first_organization(store).await;
    let empty = legs.overview().await.unwrap();
    assert_eq!((empty.count, empty.last_updated), (0, None));
    let later = start() + TimeDelta::hours(1);
    legs.save(vec![to_save(traced_leg("M1"), Outcome::Pending)], later).await.unwrap();
    legs.save(vec![to_save(leg(), calculated(1.0))], start()).await.unwrap();
    let two = legs.overview().await.unwrap();
    assert_eq!((two.count, two.last_updated), (2, Some(later)));
    let latest = start() + TimeDelta::hours(2);
    legs.save(vec![to_save(traced_leg("M1"), calculated(1.0))], latest).await.unwrap();
    let changed = legs.overview().await.unwrap();
    assert_eq!((changed.count, changed.last_updated), (2, Some(latest)));
}
