//! Legs as they were kept.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use diesel::prelude::*;
use logistics_domain::calculator::{FactsId, FactsRecord, RouteFound};
use logistics_domain::ids::{LegId, OrganizationId};
use logistics_domain::leg::{LegRecord, Outcome};
use logistics_domain::ports::{Listed, Page};

use super::routes::{self, RouteId};
use crate::columns::UidValue;
use crate::error::WorkError;
use crate::facts::StoredFacts;
use crate::records::{LegRow, RecordError, ResultRow, Shared};
use crate::schema::{calculation_facts, leg_results, legs, packages};

/// How many records one statement reads.
const ROWS: usize = 500;

/// A leg, the key of its package, and its result in force.
type Row = (LegRow, Option<String>, Option<ResultRow>);

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

/// A page of legs, newest first. The page and the total are of the same moment.
pub fn list(
    connection: &mut SqliteConnection,
    stored: &StoredFacts,
    organization: OrganizationId,
    page: Page,
) -> Result<Listed<LegRecord>, WorkError> {
    connection.transaction(|connection| {
        let own = legs::organization_id.eq(UidValue(organization.0));
        let total: i64 = legs::table.filter(own).count().get_result(connection)?;
        let ids = page_ids(organization, page).load(connection)?;
        let items = records(connection, stored, organization, &ids)?;
        Ok(Listed { items, total: total.unsigned_abs() })
    })
}

/// The ids of a page. The index `legs_newest` holds all that it asks for, so that the pages before it are passed over
/// without touching a leg.
#[diesel::dsl::auto_type(no_type_alias)]
fn page_ids(organization: OrganizationId, page: Page) -> _ {
    let organization: UidValue = UidValue(organization.0);
    let size: i64 = i64::from(page.size);
    let before: i64 = i64::from(page.number.saturating_sub(1)).saturating_mul(size);
    legs::table
        .filter(legs::organization_id.eq(organization))
        .order((legs::created_at.desc(), legs::id.desc()))
        .limit(size)
        .offset(before)
        .select(legs::id)
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
    legs::table
        .left_join(packages::table.on(package))
        .left_join(leg_results::table.on(result))
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
        let selected =
            (LegRow::as_select(), packages::package_key.nullable(), Option::<ResultRow>::as_select());
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

fn record((leg, package_key, result): Row, shared: &SharedRows) -> Result<LegRecord, RecordError> {
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
        leg: leg.into_leg(package_key)?,
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
        for result in rows.iter().filter_map(|(_, _, result)| result.as_ref()) {
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
    use diesel::sql_types::Text;
    use uuid::Uuid;

    use super::*;
    use crate::sqlite::migrate::migrate;

    #[derive(QueryableByName)]
    struct Step {
        #[diesel(sql_type = Text)]
        detail: String,
    }

    /// What SQLite does for a query, step by step.
    fn plan(query: &impl diesel::query_builder::QueryFragment<diesel::sqlite::Sqlite>) -> Vec<String> {
        let mut connection = SqliteConnection::establish(":memory:").unwrap();
        migrate(&mut connection).unwrap();
        let sql = diesel::debug_query::<diesel::sqlite::Sqlite, _>(query).to_string();
        let (sql, _binds) = sql.split_once(" -- binds").unwrap();
        let steps: Vec<Step> =
            diesel::sql_query(format!("EXPLAIN QUERY PLAN {sql}")).load(&mut connection).unwrap();
        steps.into_iter().map(|step| step.detail).collect()
    }

    #[test]
    fn pages_are_found_in_an_index_alone() {
        let ids = page_ids(OrganizationId(Uuid::nil()), Page { number: 9, size: 50 });
        assert_eq!(plan(&ids), ["SEARCH legs USING COVERING INDEX legs_newest (organization_id=?)"]);
    }

    #[test]
    fn totals_are_counted_in_an_index_alone() {
        let own = legs::organization_id.eq(UidValue(Uuid::nil()));
        let steps = plan(&legs::table.filter(own).count());
        assert!(steps.len() == 1 && steps[0].starts_with("SEARCH legs USING COVERING INDEX"), "{steps:?}");
    }

    #[test]
    fn records_are_found_by_their_keys() {
        let ids = [UidValue(Uuid::nil()), UidValue(Uuid::max())];
        let whole = with_results(UidValue(Uuid::nil()), &ids).select((
            legs::toc,
            packages::package_key.nullable(),
            leg_results::total_wtw.nullable(),
        ));
        let steps = plan(&whole);
        assert_eq!(steps.len(), 3, "{steps:?}");
        assert!(steps[0].contains("legs USING INDEX sqlite_autoindex_legs_1 (organization_id=? AND id=?)"));
        assert!(steps[1].contains("packages USING INDEX sqlite_autoindex_packages_1"));
        assert!(steps[2].contains("leg_results USING INDEX leg_results_current"));
    }
}
