//! What many do at once, on every database.

use logistics_domain::leg::Outcome;
use logistics_domain::package::PackageFilter;
use logistics_domain::ports::{Page, StorePorts};
use logistics_testkit::StoreUnderTest;
use logistics_testkit::records::{calculated, leg, organization, start, to_save, traced_leg};

use super::{Harness, Raw};

/// One leg, saved by many tasks through a store and through another that was opened beside it, is one row.
pub async fn saves_of_one_leg_make_one_row<S, D>(store: &Harness<S, D>, beside: S)
where
    S: StorePorts + Clone + 'static,
    D: Raw,
{
    let owner = organization(1);
    store.bootstrap(&owner, start()).await.unwrap();
    let save = |number: u32| {
        let store = if number.is_multiple_of(2) { store.store.clone() } else { beside.clone() };
        async move {
            let batch = vec![
                to_save(traced_leg("M1"), calculated(f64::from(number))),
                to_save(leg(), Outcome::Pending),
            ];
            store.legs(owner.id).save(batch, start()).await.unwrap().remove(0)
        }
    };
    let tasks: Vec<_> = (0..32).map(|number| tokio::spawn(save(number))).collect();
    let mut saved = Vec::new();
    for task in tasks {
        saved.push(task.await.unwrap());
    }
    assert!(saved.iter().all(|record| (record.id, record.package_id) == (saved[0].id, saved[0].package_id)));
    assert_eq!(store.legs(owner.id).overview().await.unwrap().count, 33);
    let (all, page) = (PackageFilter::default(), Page { number: 1, size: 9 });
    let packages = store.packages(owner.id).select(&all, page).await.unwrap();
    let packages: Vec<_> = packages.items.iter().map(|package| package.id).collect();
    assert_eq!(packages, [saved[0].package_id.unwrap()]);
    let kept = store.kept_results(owner.id, saved[0].id).await;
    assert_eq!(kept.len(), 32);
    assert_eq!(kept.iter().filter(|(_, in_force)| *in_force).count(), 1);
}

/// Of servers that start at once on a database without tables, one makes the first organization.
pub fn starts_make_one_organization<S: StorePorts>(open: impl Fn() -> S + Sync) {
    let start_up = |number: u8| {
        let store = open();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(store.bootstrap(&organization(number), start())).unwrap()
    };
    let made = std::thread::scope(|scope| {
        let servers: Vec<_> = (0..6).map(|number| scope.spawn(move || start_up(number))).collect();
        servers.into_iter().map(|server| server.join().unwrap()).filter(|made| *made).count()
    });
    assert_eq!(made, 1);
}
