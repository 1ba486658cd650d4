//! Legs as they were kept.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use diesel::prelude::*;
use logistics_domain::calculator::{FactsId, FactsRecord, RouteFound};
use logistics_domain::ids::{LegId, OrganizationId};
use logistics_domain::leg::{LegFilter, LegRecord, Outcome};
use logistics_domain::ports::{Listed, Page};

use super::routes::{self, RouteId};
use super::select::selected;
use crate::columns::UidValue;
use crate::error::WorkError;
use crate::facts::StoredFacts;
use crate::records::{LegRow, RecordError, ResultRow, Shared};
use crate::schema::{calculation_facts, leg_hubs, leg_results, legs, packages};

/// How many records one statement reads.
const ROWS: usize = 500;

/// A leg, the key of its package, its result in force, and what hubs have to do with it.
type Row = (LegRow, Option<String>, Option<ResultRow>, Option<String>);

/// One leg.
pub fn find(
    connection: &mut SqliteConnection,
    stored: &StoredFacts,
    organization: OrganizationId,
    id: LegId,
) -> Result<Option<LegRecord>, WorkError> {
    connection
        .transaction(|connection| Ok(records(connection, stored, organization, &[UidValue(id.0)])?.pop()))
}

/// A page of the legs that a filter admits, newest first. The page and the total are of the same moment.
pub fn list(
    connection: &mut SqliteConnection,
    stored: &StoredFacts,
    organization: OrganizationId,
    filter: &LegFilter,
    page: Page,
) -> Result<Listed<LegRecord>, WorkError> {
    connection.transaction(|connection| {
        let total: i64 = selected(organization, filter).count().get_result(connection)?;
        let ids: Vec<UidValue> = page_ids(organization, filter, page).select(legs::id).load(connection)?;
        let items = records(connection, stored, organization, &ids)?;
        Ok(Listed { items, total: total.unsigned_abs() })
    })
}

/// The legs of a page. An index holds their order after its condition, so that the pages before it are passed over without
/// sorting.
fn page_ids(
    organization: OrganizationId,
    filter: &LegFilter,
    page: Page,
) -> legs::BoxedQuery<'_, diesel::sqlite::Sqlite> {
    let newest_first = (legs::created_at.desc(), legs::id.desc());
    selected(organization, filter).order(newest_first).limit(page.size.into()).offset(before(page))
}

/// How many entries stand before a page.
pub fn before(page: Page) -> i64 {
    i64::from(page.number.saturating_sub(1)).saturating_mul(page.size.into())
}

/// Legs of these ids with their packages and the results in force.
#[diesel::dsl::auto_type(no_type_alias)]
fn with_results<'a>(organization: UidValue, ids: &'a [UidValue]) -> _ {
    let package =
        packages::organization_id.eq(legs::organization_id).and(packages::id.nullable().eq(legs::package_id));
    let result = leg_results::organization_id
        .eq(legs::organization_id)
        .and(leg_results::leg_id.eq(legs::id))
        .and(leg_results::is_current);
    let hubs = leg_hubs::organization_id.eq(legs::organization_id).and(leg_hubs::leg_id.eq(legs::id));
    legs::table
        .left_join(packages::table.on(package))
        .left_join(leg_results::table.on(result))
        .left_join(leg_hubs::table.on(hubs))
        .filter(legs::organization_id.eq(organization))
        .filter(legs::id.eq_any(ids))
}

/// The records of those ids that there are, in their order.
pub fn records(
    connection: &mut SqliteConnection,
    stored: &StoredFacts,
    organization: OrganizationId,
    ids: &[UidValue],
) -> Result<Vec<LegRecord>, WorkError> {
    let mut rows: Vec<Row> = Vec::with_capacity(ids.len());
    for ids in ids.chunks(ROWS) {
        let selected = (
            LegRow::as_select(),
            packages::package_key.nullable(),
            Option::<ResultRow>::as_select(),
            leg_hubs::json.nullable(),
        );
        rows.extend(with_results(UidValue(organization.0), ids).select(selected).load::<Row>(connection)?);
    }
    let shared = SharedRows::read(connection, stored, organization, &rows)?;
    let mut records = HashMap::with_capacity(rows.len());
    for row in rows {
        let record = record(row, &shared)?;
        records.insert(record.id, record);
    }
    Ok(ids.iter().filter_map(|id| records.remove(&LegId(id.0))).collect())
}

fn record((leg, package_key, result, hubs): Row, shared: &SharedRows) -> Result<LegRecord, RecordError> {
    let outcome = result.map_or(Ok(Outcome::Pending), |result| result.into_outcome(shared))?;
    let status = leg.status()?;
    if status != outcome.status() {
        return Err(RecordError::Impossible { column: "status", value: status.as_str().to_owned() });
    }
    Ok(LegRecord {
        id: leg.id(),
        created_at: leg.created_at(),
        updated_at: leg.updated_at(),
        package_id: leg.package_id(),
        leg: leg.into_leg(package_key, hubs.as_deref())?,
        outcome,
    })
}

/// The facts and routes of some results, each read once.
struct SharedRows {
    facts: HashMap<FactsId, Arc<FactsRecord>>,
    routes: HashMap<RouteId, Arc<RouteFound>>,
}

impl SharedRows {
    fn read(
        connection: &mut SqliteConnection,
        stored: &StoredFacts,
        organization: OrganizationId,
        rows: &[Row],
    ) -> Result<Self, WorkError> {
        let (mut facts, mut routes) = (HashSet::new(), HashSet::new());
        for result in rows.iter().filter_map(|(_, _, result, _)| result.as_ref()) {
            facts.extend(result.facts_id()?);
            routes.extend(result.route_id()?);
        }
        let facts = read_facts(connection, stored, &facts)?;
        let routes = routes::read(connection, organization, &routes)?;
        Ok(Self { facts, routes })
    }
}

impl Shared for SharedRows {
    fn facts(&self, id: FactsId) -> Option<Arc<FactsRecord>> {
        self.facts.get(&id).cloned()
    }

    fn route(&self, id: RouteId) -> Option<Arc<RouteFound>> {
        self.routes.get(&id).cloned()
    }
}

/// Facts by their ids: from memory, or from the database and then into memory.
fn read_facts(
    connection: &mut SqliteConnection,
    stored: &StoredFacts,
    ids: &HashSet<FactsId>,
) -> QueryResult<HashMap<FactsId, Arc<FactsRecord>>> {
    let mut found: HashMap<FactsId, Arc<FactsRecord>> =
        ids.iter().filter_map(|id| Some((*id, stored.get(*id)?))).collect();
    let unknown = ids.iter().filter(|id| !found.contains_key(id));
    let unknown: Vec<&[u8]> = unknown.map(|id| id.0.as_slice()).collect();
    for ids in unknown.chunks(ROWS) {
        let rows: Vec<(Vec<u8>, String)> =
            calculation_facts::table.filter(calculation_facts::id.eq_any(ids)).load(connection)?;
        for (id, json) in rows {
            let Ok(id) = id.try_into() else { continue };
            let facts = Arc::new(FactsRecord { id: FactsId(id), json });
            stored.note(facts.clone());
            found.insert(facts.id, facts);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use diesel::sql_types::Text;
    use logistics_domain::Category;
    use logistics_domain::leg::{AnyOf, Days, LegStatus};
    use uuid::Uuid;

    use super::*;
    use crate::sqlite::migrate::migrate;
    use crate::sqlite::select;

    #[derive(QueryableByName)]
    struct Step {
        #[diesel(sql_type = Text)]
        detail: String,
    }

    /// What SQLite does for a query, step by step.
    fn plan(query: &impl diesel::query_builder::QueryFragment<diesel::sqlite::Sqlite>) -> Vec<String> {
        let mut connection = SqliteConnection::establish(":memory:").unwrap();
        migrate(&mut connection).unwrap();
        select::register(&mut connection).unwrap();
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
            (
                LegFilter { search: Some("a".to_owned()), clients: text("a"), ..all() },
                "sqlite_autoindex_legs_1",
            ),
            (LegFilter { movements: text("a"), clients: text("a"), shipped: days, ..all() }, "legs_movement"),
            (
                LegFilter { packages: text("a"), clients: text("a"), statuses: active.clone(), ..all() },
                "legs_package",
            ),
            (LegFilter { clients: text("a"), ..all() }, "legs_client"),
            (LegFilter { clients: two(), ..all() }, "legs_client"),
            (
                LegFilter { clients: text("a"), statuses: active.clone(), tocs: text("a"), ..all() },
                "legs_client",
            ),
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
        ));
        let steps = plan(&whole);
        assert_eq!(steps.len(), 4, "{steps:?}");
        assert!(steps[0].contains("legs USING INDEX sqlite_autoindex_legs_1 (organization_id=? AND id=?)"));
        assert!(steps[1].contains("packages USING INDEX sqlite_autoindex_packages_1"));
        assert!(steps[2].contains("leg_results USING INDEX leg_results_current"));
        assert!(steps[3].contains("leg_hubs USING INDEX sqlite_autoindex_leg_hubs_1"));
    }
}
