//! What SQLite does for lists, asked of SQLite.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::Text;
use logistics_domain::Category;
use logistics_domain::ids::OrganizationId;
use logistics_domain::leg::{AnyOf, Days, LegFilter, LegStatus};
use logistics_domain::ports::Page;
use uuid::Uuid;

use super::migrate::migrate;
use super::search;
use super::shared::read::{page_ids, with_results};
use super::shared::select::selected;
use crate::columns::UidValue;
use crate::schema::{leg_hubs, leg_results, legs, packages, trips};

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text)]
    detail: String,
}

/// What SQLite does for a query, step by step.
fn plan(query: &impl diesel::query_builder::QueryFragment<diesel::sqlite::Sqlite>) -> Vec<String> {
    let mut connection = SqliteConnection::establish(":memory:").unwrap();
    migrate(&mut connection).unwrap();
    search::register(&mut connection).unwrap();
    let sql = diesel::debug_query::<diesel::sqlite::Sqlite, _>(query).to_string();
    let (sql, _binds) = sql.split_once(" -- binds").unwrap();
    let steps: Vec<Step> =
        diesel::sql_query(format!("EXPLAIN QUERY PLAN {sql}")).load(&mut connection).unwrap();
    steps.into_iter().map(|step| step.detail).collect()
}

#[test]
fn pages_are_found_in_an_index_alone() {
    let all = LegFilter::default();
    let ids = page_ids(OrganizationId(Uuid::nil()), &all, Page { number: 9, size: 50 }).select(legs::id);
    assert_eq!(plan(&ids), ["SEARCH legs USING COVERING INDEX legs_newest (organization_id=?)"]);
}

#[test]
fn totals_are_counted_in_an_index_alone() {
    let own = legs::organization_id.eq(UidValue(Uuid::nil()));
    let steps = plan(&legs::table.filter(own).count());
    assert!(steps.len() == 1 && steps[0].starts_with("SEARCH legs USING COVERING INDEX"), "{steps:?}");
}

/// The index that pages and totals of a filter are found in.
fn index(filter: &LegFilter) -> String {
    let nil = OrganizationId(Uuid::nil());
    let ids = page_ids(nil, filter, Page { number: 9, size: 50 }).select(legs::id);
    let mut of_legs = [plan(&ids), plan(&selected(nil, filter).count())].map(|steps| {
        assert!(!steps.iter().any(|step| step.starts_with("SCAN")), "{filter:?}: {steps:?}");
        let step = steps.into_iter().find(|step| step.contains(" legs ")).unwrap();
        step.split_once(" INDEX ").unwrap().1.split(' ').next().unwrap().to_owned()
    });
    assert_eq!(of_legs[0], of_legs[1], "{filter:?}");
    std::mem::take(&mut of_legs[0])
}

#[test]
fn every_filter_has_its_index() {
    let text = |text: &str| AnyOf::these(vec![text.to_owned()]);
    let two = || AnyOf::these(vec!["a".to_owned(), "b".to_owned()]);
    let all = LegFilter::default;
    let day = NaiveDate::from_ymd_opt(2025, 12, 4);
    let days = Days { from: day, until: day };
    let active = AnyOf::these(vec![LegStatus::Active]);
    let road = AnyOf::these(vec![Category::Road]);
    let cases = [
        (LegFilter { search: Some("a".to_owned()), clients: text("a"), ..all() }, "sqlite_autoindex_legs_1"),
        (LegFilter { movements: text("a"), clients: text("a"), shipped: days, ..all() }, "legs_movement"),
        (
            LegFilter { packages: text("a"), clients: text("a"), statuses: active.clone(), ..all() },
            "legs_package",
        ),
        (LegFilter { clients: text("a"), ..all() }, "legs_client"),
        (LegFilter { clients: two(), ..all() }, "legs_client"),
        (LegFilter { clients: text("a"), statuses: active.clone(), tocs: text("a"), ..all() }, "legs_client"),
        (LegFilter { clients: text("a"), shipped: days, created: days, ..all() }, "legs_client"),
        (LegFilter { shipped: days, ..all() }, "legs_shipped"),
        (LegFilter { hubs: text("a"), categories: road.clone(), ..all() }, "legs_hub"),
        (LegFilter { tocs: text("a"), statuses: active.clone(), ..all() }, "legs_toc"),
        (LegFilter { statuses: active, ..all() }, "legs_status"),
    ];
    for (filter, expected) in cases {
        assert_eq!(index(&filter), expected, "{filter:?}");
    }
    let search = LegFilter { search: Some("a".to_owned()), ..all() };
    let steps = plan(&selected(OrganizationId(Uuid::nil()), &search).count());
    assert!(
        steps.iter().any(|step| step.contains("searched USING COVERING INDEX legs_movement")),
        "{steps:?}"
    );
    let created = LegFilter { created: days, categories: road, ..all() };
    assert!(plan(&selected(OrganizationId(Uuid::nil()), &created).count())[0].contains("legs_listed"));
}

#[test]
fn records_are_found_by_their_keys() {
    let ids = [UidValue(Uuid::nil()), UidValue(Uuid::max())];
    let whole = with_results(UidValue(Uuid::nil()), &ids).select((
        legs::toc,
        packages::package_key.nullable(),
        leg_results::total_wtw.nullable(),
        leg_hubs::json.nullable(),
        trips::json.nullable(),
    ));
    let steps = plan(&whole);
    assert_eq!(steps.len(), 5, "{steps:?}");
    assert!(steps[0].contains("legs USING INDEX sqlite_autoindex_legs_1 (organization_id=? AND id=?)"));
    assert!(steps[1].contains("packages USING INDEX sqlite_autoindex_packages_1"));
    assert!(steps[2].contains("leg_results USING INDEX leg_results_current"));
    assert!(steps[3].contains("leg_hubs USING INDEX sqlite_autoindex_leg_hubs_1"));
    assert!(steps[4].contains("trips USING INDEX sqlite_autoindex_trips_1"));
}
