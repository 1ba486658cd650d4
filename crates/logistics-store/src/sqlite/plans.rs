//! What SQLite does for lists, asked of SQLite.

use diesel::prelude::*;
use diesel::sql_types::Text;
use logistics_domain::ids::OrganizationId;
use uuid::Uuid;

use super::migrate::migrate;
use super::shared::jobs::{make, outbox, state};
use super::shared::read::{hubs_of, legs_by_id, packages_by_id, results_of, trips_of};
use super::shared::{index, ledger};
use super::{bulk, claim, search};
use crate::columns::{InstantValue, UidValue};
use crate::schema::{bitmaps, job_chunks, jobs, leg_hubs, leg_results, legs, packages, trips};

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text)]
    detail: String,
}

/// What SQLite does for a query, step by step.
fn plan(query: &impl diesel::query_builder::QueryFragment<diesel::sqlite::Sqlite>) -> Vec<String> {
    let sql = diesel::debug_query::<diesel::sqlite::Sqlite, _>(query).to_string();
    let (sql, _binds) = sql.split_once(" -- binds").unwrap();
    plan_of(sql)
}

fn plan_of(sql: &str) -> Vec<String> {
    let mut connection = SqliteConnection::establish(":memory:").unwrap();
    migrate(&mut connection).unwrap();
    search::register(&mut connection).unwrap();
    let steps: Vec<Step> =
        diesel::sql_query(format!("EXPLAIN QUERY PLAN {sql}")).load(&mut connection).unwrap();
    steps.into_iter().map(|step| step.detail).collect()
}

#[test]
fn pages_are_found_by_their_positions() {
    let steps = plan(&index::at(OrganizationId(Uuid::nil()), &[1, 2]));
    assert_eq!(steps, ["SEARCH legs USING INDEX legs_position (organization_id=? AND position=?)"]);
}

#[test]
fn sets_are_found_by_their_key() {
    let own = bitmaps::organization_id.eq(UidValue(Uuid::nil()));
    let of_client = bitmaps::table.filter(own).filter(bitmaps::dimension.eq("client"));
    let parts = (bitmaps::segment, bitmaps::bits);
    let key = "SEARCH bitmaps USING INDEX sqlite_autoindex_bitmaps_1 (organization_id=? AND dimension=?";
    let some = of_client.filter(bitmaps::value.eq_any(["a", "b"])).select(parts);
    assert_eq!(plan(&some), [format!("{key} AND value=?)")]);
    let few = some.filter(bitmaps::segment.eq_any([1, 2]));
    assert_eq!(plan(&few), [format!("{key} AND value=? AND segment=?)")]);
    let range = of_client.filter(bitmaps::value.between("a", "b")).select(parts);
    assert_eq!(plan(&range), [format!("{key} AND value>? AND value<?)")]);
}

#[test]
fn legs_are_found_in_indexes() {
    let own = legs::table.filter(legs::organization_id.eq(UidValue(Uuid::nil()))).select(legs::position);
    let one = |steps: Vec<String>, index: &str| {
        assert!(steps.iter().any(|step| step.contains(index)), "{steps:?} without {index}");
        assert!(!steps.iter().any(|step| step.starts_with("SCAN")), "{steps:?}");
    };
    one(plan(&own.filter(legs::movement_id.eq_any(["a"]))), " legs_movement ");
    one(plan(&own.filter(legs::package_id.eq_any([Some(UidValue(Uuid::nil()))]))), " legs_package ");
    let in_part = legs::position.ge(1).and(legs::position.le(9));
    one(plan(&own.filter(in_part).filter(legs::shipment_date.ge(chrono::NaiveDate::MIN))), " legs_position ");
    one(plan(&own.order(legs::updated_at.desc())), " legs_updated ");
    one(plan(&own.filter(legs::id.eq_any([UidValue(Uuid::nil())]))), " sqlite_autoindex_legs_1 ");
}

#[test]
fn standing_legs_are_found_one_by_one() {
    let by = "SEARCH leg USING INDEX legs_movement (organization_id=? AND movement_id=? AND dedup_key=?)";
    assert_eq!(plan_of(bulk::STANDING), ["SCAN wanted VIRTUAL TABLE INDEX 1:", by]);
}

#[test]
fn standing_packages_are_found_one_by_one() {
    let by =
        "SEARCH package USING INDEX packages_key (organization_id=? AND movement_id=? AND package_key=?)";
    assert_eq!(plan_of(bulk::PACKAGES), ["SCAN wanted VIRTUAL TABLE INDEX 1:", by]);
}

#[test]
fn reports_begin_with_the_legs_of_their_days() {
    let steps = plan_of(&ledger::groups());
    let legs = "SEARCH leg USING INDEX legs_position (organization_id=? AND position>? AND position<?)";
    let results = "SEARCH result USING INDEX leg_results_current (organization_id=? AND leg_id=?)";
    assert_eq!(steps[..2], [legs, results]);
}

#[test]
fn the_next_chunk_is_found_in_its_queue() {
    let steps = plan_of(claim::DUE);
    assert_eq!(steps, ["SEARCH job_chunks USING INDEX job_chunks_queue (organization_id>?)"]);
}

#[test]
fn queues_are_read_without_what_is_over() {
    let now = InstantValue::new(chrono::DateTime::UNIX_EPOCH);
    let joined = plan(&make::joined(OrganizationId(Uuid::nil()), now).select(jobs::id));
    assert_eq!(
        joined,
        ["SEARCH jobs USING INDEX jobs_rolling (organization_id=? AND open_until>? AND open_until<?)"]
    );
    let over = plan(&state::over(now).select(jobs::id));
    let chunks =
        "SEARCH job_chunks USING INDEX sqlite_autoindex_job_chunks_1 (organization_id=? AND job_id=?)";
    assert_eq!(over, ["SCAN jobs USING INDEX jobs_rolling", "CORRELATED SCALAR SUBQUERY 1", chunks]);
    let under_way = plan(&outbox::under_way().select(job_chunks::number));
    assert_eq!(under_way, ["SCAN job_chunks USING INDEX job_chunks_queue"]);
    let to_send = plan_of(outbox::TO_SEND);
    assert!(to_send.contains(&"SCAN job_chunks USING INDEX job_chunks_queue".to_owned()), "{to_send:?}");
}

#[test]
fn records_are_found_by_their_keys() {
    let ids = [UidValue(Uuid::nil()), UidValue(Uuid::max())];
    let own = UidValue(Uuid::nil());
    let one = |steps: Vec<String>, index: &str| {
        assert_eq!(steps.len(), 1, "{steps:?}");
        assert!(steps[0].contains(&format!("USING INDEX {index} (organization_id=?")), "{steps:?}");
    };
    one(plan(&legs_by_id(own, &ids).select(legs::toc)), "sqlite_autoindex_legs_1");
    one(plan(&results_of(own, &ids).select(leg_results::question)), "leg_results_current");
    one(plan(&hubs_of(own, &ids).select(leg_hubs::json)), "sqlite_autoindex_leg_hubs_1");
    one(plan(&trips_of(own, &ids).select(trips::json)), "sqlite_autoindex_trips_1");
    one(plan(&packages_by_id(own, &ids).select(packages::package_key)), "sqlite_autoindex_packages_1");
}
