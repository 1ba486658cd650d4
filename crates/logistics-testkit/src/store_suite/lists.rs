//! Pages of legs.

use chrono::TimeDelta;
use logistics_domain::ids::LegId;
use logistics_domain::leg::{LegFilter, LegRecord};
use logistics_domain::ports::{LegRepository, Page};

use super::{StoreUnderTest, all, first_organization};
use crate::records::{calculated, leg, start, to_save, traced_leg};

pub async fn an_empty_list_has_no_pages(store: &impl StoreUnderTest) {
    let (_, legs) = first_organization(store).await;
    let listed = all(&*legs).await;
    assert_eq!((listed.total, listed.items), (0, Vec::new()));
}

pub async fn the_newest_come_first(store: &impl StoreUnderTest) {
    let (_, legs) = first_organization(store).await;
    let mut saved = save_at_three_instants(&*legs).await;
    saved.reverse();
    assert_eq!(all(&*legs).await.items, saved);

    let again = to_save(traced_leg("M0"), calculated(9.0));
    legs.save(vec![again], start() + TimeDelta::days(9)).await.unwrap();
    assert!(all(&*legs).await.items.iter().map(|record| record.id).eq(saved.iter().map(|record| record.id)));
}

pub async fn pages_are_stable(store: &impl StoreUnderTest) {
    let (_, legs) = first_organization(store).await;
    save_at_three_instants(&*legs).await;
    let whole: Vec<LegId> = all(&*legs).await.items.iter().map(|record| record.id).collect();
    for size in [1, 7, 30, 31] {
        let mut seen = Vec::new();
        for number in 1..=30_u32.div_ceil(size) {
            let page = legs.select(&LegFilter::default(), Page { number, size }).await.unwrap();
            assert_eq!(page.total, 30);
            seen.extend(page.items.iter().map(|record| record.id));
        }
        assert_eq!(seen, whole, "pages of {size}");
    }
}

pub async fn pages_beyond_the_end_are_empty(store: &impl StoreUnderTest) {
    let (_, legs) = first_organization(store).await;
    save_at_three_instants(&*legs).await;
    for (number, size) in [(4, 10), (u32::MAX, 1), (u32::MAX, u32::MAX), (1, 0)] {
        let listed = legs.select(&LegFilter::default(), Page { number, size }).await.unwrap();
        assert_eq!((listed.total, listed.items), (30, Vec::new()), "page {number} of {size}");
    }
    for (number, size) in [(0, 1000), (1, u32::MAX)] {
        assert_eq!(
            legs.select(&LegFilter::default(), Page { number, size }).await.unwrap().items.len(),
            30,
            "page {number} of {size}"
        );
    }
}

/// Saves three batches of ten; by the clock, the first is the latest. Clocks of several servers differ.
async fn save_at_three_instants(legs: &dyn LegRepository) -> Vec<LegRecord> {
    let mut saved = Vec::new();
    for hours in [2, 0, 1] {
        let at = start() + TimeDelta::hours(hours);
        let mut batch: Vec<_> = (0..9).map(|_| to_save(leg(), calculated(1.0))).collect();
        batch.push(to_save(traced_leg(&format!("M{hours}")), calculated(1.0)));
        saved.extend(legs.save(batch, at).await.unwrap());
    }
    saved
}
