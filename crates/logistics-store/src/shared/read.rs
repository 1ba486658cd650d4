//! Legs as they were kept.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use diesel::prelude::*;
use logistics_domain::calculator::{FactsId, FactsRecord, RouteFound};
use logistics_domain::ids::{LegId, OrganizationId};
use logistics_domain::leg::{LegFilter, LegRecord, Outcome};
use logistics_domain::ports::{Listed, Page};

use super::backend::{self, Backend, Connection};
use super::routes::{self, RouteId};
use super::select::selected;
use crate::columns::UidValue;
use crate::error::WorkError;
use crate::facts::StoredFacts;
use crate::records::{LegRow, RecordError, ResultRow, Shared, TripRow};
use crate::schema::{calculation_facts, leg_hubs, leg_results, legs, packages, trips};

/// How many records one statement reads.
const ROWS: usize = 500;

/// A leg, the key of its package, its result in force, what hubs have to do with it, and what the client of a trip says.
type Row = (LegRow, Option<String>, Option<ResultRow>, Option<String>, Option<TripRow>);

/// One leg.
pub fn find(
    connection: &mut Connection,
    stored: &StoredFacts,
    organization: OrganizationId,
    id: LegId,
) -> Result<Option<LegRecord>, WorkError> {
    backend::snapshot(connection, |connection| {
        Ok(records(connection, stored, organization, &[UidValue(id.0)])?.pop())
    })
}

/// A page of the legs that a filter admits, newest first. The page and the total are of the same moment.
pub fn list(
    connection: &mut Connection,
    stored: &StoredFacts,
    organization: OrganizationId,
    filter: &LegFilter,
    page: Page,
) -> Result<Listed<LegRecord>, WorkError> {
    backend::snapshot(connection, |connection| {
        let total: i64 = selected(organization, filter).count().get_result(connection)?;
        let ids: Vec<UidValue> = page_ids(organization, filter, page).select(legs::id).load(connection)?;
        let items = records(connection, stored, organization, &ids)?;
        Ok(Listed { items, total: total.unsigned_abs() })
    })
}

/// The legs of a page. An index holds their order after its condition, so that the pages before it are passed over without
/// sorting.
pub fn page_ids(
    organization: OrganizationId,
    filter: &LegFilter,
    page: Page,
) -> legs::BoxedQuery<'_, Backend> {
    let newest_first = (legs::created_at.desc(), legs::id.desc());
    selected(organization, filter).order(newest_first).limit(page.size.into()).offset(before(page))
}

/// How many entries stand before a page.
pub fn before(page: Page) -> i64 {
    i64::from(page.number.saturating_sub(1)).saturating_mul(page.size.into())
}

/// Legs of these ids with their packages and the results in force.
#[diesel::dsl::auto_type(no_type_alias)]
pub fn with_results<'a>(organization: UidValue, ids: &'a [UidValue]) -> _ {
    let package =
        packages::organization_id.eq(legs::organization_id).and(packages::id.nullable().eq(legs::package_id));
    let result = leg_results::organization_id
        .eq(legs::organization_id)
        .and(leg_results::leg_id.eq(legs::id))
        .and(leg_results::is_current);
    let hubs = leg_hubs::organization_id.eq(legs::organization_id).and(leg_hubs::leg_id.eq(legs::id));
    let trip = trips::organization_id.eq(legs::organization_id).and(trips::leg_id.eq(legs::id));
    legs::table
        .left_join(packages::table.on(package))
        .left_join(leg_results::table.on(result))
        .left_join(leg_hubs::table.on(hubs))
        .left_join(trips::table.on(trip))
        .filter(legs::organization_id.eq(organization))
        .filter(legs::id.eq_any(ids))
}

/// The records of those ids that there are, in their order.
pub fn records(
    connection: &mut Connection,
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
            Option::<TripRow>::as_select(),
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

fn record(
    (leg, package_key, result, hubs, trip): Row,
    shared: &SharedRows,
) -> Result<LegRecord, RecordError> {
    let outcome = result.map_or(Ok(Outcome::Pending), |result| result.into_outcome(shared))?;
    let status = leg.status()?;
    if status != outcome.status() {
        return Err(RecordError::Impossible { column: "status", value: status.as_str().to_owned() });
    }
    let said = trip.as_ref().map(TripRow::trip).transpose()?;
    Ok(LegRecord {
        trip: trip.as_ref().map(TripRow::numbers),
        id: leg.id(),
        created_at: leg.created_at(),
        updated_at: leg.updated_at(),
        package_id: leg.package_id(),
        leg: leg.into_leg(package_key, hubs.as_deref(), said)?,
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
        connection: &mut Connection,
        stored: &StoredFacts,
        organization: OrganizationId,
        rows: &[Row],
    ) -> Result<Self, WorkError> {
        let (mut facts, mut routes) = (HashSet::new(), HashSet::new());
        for result in rows.iter().filter_map(|(_, _, result, ..)| result.as_ref()) {
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
pub fn read_facts(
    connection: &mut Connection,
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
