//! Legs as they were kept.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use diesel::prelude::*;
use logistics_domain::calculator::{FactsId, FactsRecord, RouteFound};
use logistics_domain::ids::{LegId, OrganizationId, PackageId};
use logistics_domain::leg::{LegFilter, LegRecord, LegStatus, Outcome};
use logistics_domain::ports::{Listed, Page};

use super::backend::{self, Connection};
use super::index;
use super::routes::{self, RouteId};
use crate::columns::UidValue;
use crate::error::WorkError;
use crate::facts::StoredFacts;
use crate::positions::Positions;
use crate::records::{LegRow, RecordError, ResultRow, Shared, TripRow};
use crate::schema::{calculation_facts, leg_hubs, leg_results, legs, packages, trips};
use crate::search_blocks::SearchBlocks;

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
    blocks: &SearchBlocks,
    organization: OrganizationId,
    filter: &LegFilter,
    page: Page,
) -> Result<Listed<LegRecord>, WorkError> {
    backend::snapshot(connection, |connection| {
        let admitted = index::positions(connection, blocks, organization, filter)?;
        page_of(connection, stored, organization, &admitted, page)
    })
}

/// A page of the legs at some positions, the highest first.
pub fn page_of(
    connection: &mut Connection,
    stored: &StoredFacts,
    organization: OrganizationId,
    admitted: &Positions,
    page: Page,
) -> Result<Listed<LegRecord>, WorkError> {
    let most = usize::try_from(page.size).unwrap_or(usize::MAX);
    let positions = admitted.descending(before(page).unsigned_abs(), most);
    let ids = index::ids(connection, organization, &positions)?;
    let items = records(connection, stored, organization, &ids)?;
    Ok(Listed { items, total: admitted.len() })
}

/// How many entries stand before a page.
pub fn before(page: Page) -> i64 {
    i64::from(page.number.saturating_sub(1)).saturating_mul(page.size.into())
}

/// Legs of these ids.
#[diesel::dsl::auto_type(no_type_alias)]
pub fn legs_by_id<'a>(organization: UidValue, ids: &'a [UidValue]) -> _ {
    legs::table.filter(legs::organization_id.eq(organization)).filter(legs::id.eq_any(ids))
}

/// The results in force of legs.
#[diesel::dsl::auto_type(no_type_alias)]
pub fn results_of<'a>(organization: UidValue, legs: &'a [UidValue]) -> _ {
    leg_results::table
        .filter(leg_results::organization_id.eq(organization))
        .filter(leg_results::leg_id.eq_any(legs))
        .filter(leg_results::is_current)
}

/// What hubs have to do with legs.
#[diesel::dsl::auto_type(no_type_alias)]
pub fn hubs_of<'a>(organization: UidValue, legs: &'a [UidValue]) -> _ {
    leg_hubs::table.filter(leg_hubs::organization_id.eq(organization)).filter(leg_hubs::leg_id.eq_any(legs))
}

/// Those of legs that are trips.
#[diesel::dsl::auto_type(no_type_alias)]
pub fn trips_of<'a>(organization: UidValue, legs: &'a [UidValue]) -> _ {
    trips::table.filter(trips::organization_id.eq(organization)).filter(trips::leg_id.eq_any(legs))
}

/// Packages of these ids.
#[diesel::dsl::auto_type(no_type_alias)]
pub fn packages_by_id<'a>(organization: UidValue, ids: &'a [UidValue]) -> _ {
    packages::table.filter(packages::organization_id.eq(organization)).filter(packages::id.eq_any(ids))
}

/// The statuses of the results in force, by leg. A leg without one is pending.
#[derive(Default)]
pub struct Statuses(HashMap<UidValue, LegStatus>);

impl Statuses {
    pub fn of(&self, leg: UidValue) -> LegStatus {
        self.0.get(&leg).copied().unwrap_or(LegStatus::Pending)
    }

    /// The legs that are not pending.
    pub fn settled(&self) -> Vec<UidValue> {
        self.0.keys().copied().collect()
    }
}

/// The statuses of legs.
pub fn statuses(
    connection: &mut Connection,
    organization: OrganizationId,
    legs: &[UidValue],
) -> QueryResult<Statuses> {
    let mut statuses = HashMap::new();
    for legs in legs.chunks(backend::KEYS) {
        let found = backend::with_result(connection, organization, legs)?;
        let status = |calculated| if calculated { LegStatus::Active } else { LegStatus::Error };
        statuses.extend(found.into_iter().map(|(leg, calculated)| (leg, status(calculated))));
    }
    Ok(Statuses(statuses))
}

/// The rows of legs. Each table is queried by its own keys rather than joined: the plan of a join depends on statistics, which
/// a database that has just begun to fill does not have.
fn rows(connection: &mut Connection, organization: UidValue, ids: &[UidValue]) -> QueryResult<Vec<Row>> {
    let legs: Vec<LegRow> = legs_by_id(organization, ids).select(LegRow::as_select()).load(connection)?;
    let named: HashSet<UidValue> =
        legs.iter().filter_map(LegRow::package_id).map(|package| UidValue(package.0)).collect();
    let named: Vec<UidValue> = named.into_iter().collect();
    let packages: Vec<(UidValue, String)> = packages_by_id(organization, &named)
        .select((packages::id, packages::package_key))
        .load(connection)?;
    let packages: HashMap<PackageId, String> =
        packages.into_iter().map(|(id, key)| (PackageId(id.0), key)).collect();
    let settled = statuses(connection, OrganizationId(organization.0), ids)?.settled();
    let mut results: Vec<(UidValue, ResultRow)> = Vec::new();
    if !settled.is_empty() {
        let selected = (leg_results::leg_id, ResultRow::as_select());
        results = results_of(organization, &settled).select(selected).load(connection)?;
    }
    let hubs: Vec<(UidValue, String)> =
        hubs_of(organization, ids).select((leg_hubs::leg_id, leg_hubs::json)).load(connection)?;
    let trips: Vec<(UidValue, TripRow)> =
        trips_of(organization, ids).select((trips::leg_id, TripRow::as_select())).load(connection)?;
    let mut results: HashMap<UidValue, ResultRow> = results.into_iter().collect();
    let mut hubs: HashMap<UidValue, String> = hubs.into_iter().collect();
    let mut trips: HashMap<UidValue, TripRow> = trips.into_iter().collect();
    let row = |leg: LegRow| {
        let (id, package) = (UidValue(leg.id().0), leg.package_id());
        let key = package.and_then(|package| packages.get(&package).cloned());
        (leg, key, results.remove(&id), hubs.remove(&id), trips.remove(&id))
    };
    Ok(legs.into_iter().map(row).collect())
}

/// The records of the ids that exist, in the order of the ids.
pub fn records(
    connection: &mut Connection,
    stored: &StoredFacts,
    organization: OrganizationId,
    ids: &[UidValue],
) -> Result<Vec<LegRecord>, WorkError> {
    let mut rows: Vec<Row> = Vec::with_capacity(ids.len());
    for ids in ids.chunks(ROWS) {
        rows.extend(self::rows(connection, UidValue(organization.0), ids)?);
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
    let calculated_at = result.as_ref().map(ResultRow::created_at);
    let outcome = result.map_or(Ok(Outcome::Pending), |result| result.into_outcome(shared))?;
    let said = trip.as_ref().map(TripRow::trip).transpose()?;
    Ok(LegRecord {
        trip: trip.as_ref().map(TripRow::numbers),
        id: leg.id(),
        created_at: leg.created_at(),
        updated_at: calculated_at.map_or(leg.updated_at(), |at| at.max(leg.updated_at())),
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
