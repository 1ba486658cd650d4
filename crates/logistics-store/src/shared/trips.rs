//! An organization's trips: legs with more to say.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use diesel::prelude::*;
use diesel::upsert::excluded;
use logistics_domain::calculator::FactsRecord;
use logistics_domain::ids::{LegId, OrganizationId};
use logistics_domain::leg::{AnyOf, LegFilter, LegRecord};
use logistics_domain::ports::{Listed, Page, StoreError};
use logistics_domain::trip::{Trip, TripFilter, TripNumbers, TripRepository, Trips, VehicleCode};

use super::Store;
use super::backend::{self, Connection};
use super::index::{Changes, Dimension, Narrowing, Value};
use super::read::{page_of, records};
use super::save::{self, Legs, write_within};
use super::slots::DedupKey;
use crate::columns::{InstantValue, UidValue};
use crate::error::WorkError;
use crate::facts::StoredFacts;
use crate::positions::Positions;
use crate::records::{RecordError, TripRow, to_json};
use crate::schema::{legs, trip_counters, trip_customers, trips};
use crate::search_blocks::SearchBlocks;

/// How many rows one statement writes.
const ROWS: usize = 500;

/// How many keys one statement looks for.
const KEYS: usize = 1000;

impl Trips for Store {
    fn trips(&self, organization: OrganizationId) -> Box<dyn TripRepository> {
        Box::new(StoredTrips { store: self.clone(), organization })
    }
}

struct StoredTrips {
    store: Store,
    organization: OrganizationId,
}

#[async_trait]
impl TripRepository for StoredTrips {
    async fn find(&self, number: i64) -> Result<Option<LegRecord>, StoreError> {
        let (store, organization) = (self.store.clone(), self.organization);
        let found = self.store.read(move |connection| {
            backend::snapshot(connection, |connection| {
                let id: Option<UidValue> = trips::table
                    .filter(trips::organization_id.eq(UidValue(organization.0)))
                    .filter(trips::number.eq(number))
                    .select(trips::leg_id)
                    .first(connection)
                    .optional()?;
                Ok(records(connection, store.facts(), organization, id.as_slice())?.pop())
            })
        });
        found.await
    }

    async fn select(&self, filter: &TripFilter, page: Page) -> Result<Listed<LegRecord>, StoreError> {
        let (store, organization, filter) = (self.store.clone(), self.organization, filter.clone());
        let listed = self.store.read(move |connection| {
            backend::snapshot(connection, |connection| {
                let admitted = admitted(connection, store.blocks(), organization, &filter)?;
                page_of(connection, store.facts(), organization, &admitted, page)
            })
        });
        listed.await
    }
}

/// The conditions that are conditions on legs.
fn leg_filter(filter: &TripFilter) -> LegFilter {
    fn only<T>(value: Option<T>) -> AnyOf<T> {
        value.map_or_else(AnyOf::default, |value| AnyOf::these(vec![value]))
    }
    LegFilter {
        movements: only(filter.trip_id.clone()),
        clients: only(filter.customer_identifier.clone()),
        categories: only(filter.category),
        shipped: filter.travelled,
        ..LegFilter::default()
    }
}

/// The positions of the trips that a filter admits.
fn admitted(
    connection: &mut Connection,
    blocks: &SearchBlocks,
    organization: OrganizationId,
    filter: &TripFilter,
) -> Result<Positions, WorkError> {
    let mut found = Narrowing::new(blocks, organization);
    found.by_legs(connection, &leg_filter(filter))?;
    match filter.vehicle_code {
        Some(code) => {
            let code = AnyOf::these(vec![code]);
            found.by_name(connection, Dimension::Vehicle, &code, VehicleCode::as_str)?;
        }
        None => found.by_having(connection, Dimension::Vehicle)?,
    }
    found.finish(connection)
}

/// Writes legs of which some are trips. A trip that stands as it comes is left as it is, so that its row does not change.
pub fn save_within(
    connection: &mut Connection,
    stored: &StoredFacts,
    organization: OrganizationId,
    legs: &mut Legs,
    at: InstantValue,
) -> Result<Vec<Arc<FactsRecord>>, WorkError> {
    let counters = Counters::lock(connection, organization)?;
    let standing = standing(connection, organization, &legs.records)?;
    let as_it_stands = |given: &LegRecord| {
        let trip = given.leg.trip.as_deref()?;
        let standing = standing.get(&trip.dedup_key())?;
        (standing.row.trip().is_ok_and(|former| former == *trip)).then_some(standing.leg)
    };
    let unchanged: Vec<Option<UidValue>> = legs.records.iter().map(as_it_stands).collect();
    if unchanged.iter().all(Option::is_none) {
        let facts = write_within(connection, stored, organization, legs, at)?;
        number(connection, organization, legs, &standing, counters)?;
        return Ok(facts);
    }
    let changed: Vec<usize> = (0..unchanged.len()).filter(|index| unchanged[*index].is_none()).collect();
    let mut written = Legs {
        ids: changed.iter().map(|index| legs.ids[*index]).collect(),
        records: changed.iter().map(|index| legs.records[*index].clone()).collect(),
        reserved: legs.reserved,
        positions: Vec::new(),
    };
    let facts = write_within(connection, stored, organization, &mut written, at)?;
    number(connection, organization, &mut written, &standing, counters)?;
    for (index, record) in changed.into_iter().zip(written.records) {
        legs.records[index] = record;
    }
    let ids: Vec<UidValue> = unchanged.iter().flatten().copied().collect();
    let kept = records(connection, &StoredFacts::none(), organization, &ids)?;
    let kept: HashMap<LegId, LegRecord> = kept.into_iter().map(|record| (record.id, record)).collect();
    for (record, id) in legs.records.iter_mut().zip(&unchanged) {
        if let Some(kept) = id.and_then(|id| kept.get(&LegId(id.0))) {
            *record = kept.clone();
        }
    }
    Ok(facts)
}

/// The last numbers that were given to trips and customers of an organization.
struct Counters {
    trips: i64,
    customers: i64,
}

impl Counters {
    /// Reads them, and keeps others from giving numbers until the transaction ends.
    fn lock(connection: &mut Connection, organization: OrganizationId) -> QueryResult<Self> {
        let (trips, customers) = diesel::insert_into(trip_counters::table)
            .values((
                trip_counters::organization_id.eq(UidValue(organization.0)),
                trip_counters::trips.eq(0_i64),
                trip_counters::customers.eq(0_i64),
            ))
            .on_conflict(trip_counters::organization_id)
            .do_update()
            .set(trip_counters::trips.eq(trip_counters::trips))
            .returning((trip_counters::trips, trip_counters::customers))
            .get_result(connection)?;
        Ok(Self { trips, customers })
    }

    fn keep(&self, connection: &mut Connection, organization: OrganizationId) -> QueryResult<()> {
        diesel::update(trip_counters::table.find(UidValue(organization.0)))
            .set((trip_counters::trips.eq(self.trips), trip_counters::customers.eq(self.customers)))
            .execute(connection)?;
        Ok(())
    }
}

/// A trip that stands already.
struct Standing {
    leg: UidValue,
    position: i64,
    row: TripRow,
}

/// The trips that stand under the keys of some legs.
fn standing(
    connection: &mut Connection,
    organization: OrganizationId,
    legs: &[LegRecord],
) -> Result<HashMap<[u8; 32], Standing>, WorkError> {
    let keys: Vec<Option<DedupKey>> = legs.iter().map(|given| given.leg.dedup_key()).collect();
    let ids = save::standing(connection, organization, legs.iter().zip(&keys))?;
    let of_leg = trips::organization_id.eq(legs::organization_id).and(trips::leg_id.eq(legs::id));
    let mut standing = HashMap::with_capacity(ids.len());
    for ids in ids.chunks(KEYS) {
        let rows: Vec<(Option<Vec<u8>>, UidValue, i64, TripRow)> = legs::table
            .inner_join(trips::table.on(of_leg))
            .filter(legs::organization_id.eq(UidValue(organization.0)))
            .filter(legs::id.eq_any(ids))
            .select((legs::dedup_key, legs::id, legs::position, TripRow::as_select()))
            .load(connection)?;
        standing.extend(rows.into_iter().filter_map(|(key, leg, position, row)| {
            Some((key?.try_into().ok()?, Standing { leg, position, row }))
        }));
    }
    Ok(standing)
}

/// Gives their numbers to the trips among legs that were written, and keeps what their clients say.
fn number(
    connection: &mut Connection,
    organization: OrganizationId,
    legs: &mut Legs,
    standing: &HashMap<[u8; 32], Standing>,
    mut counters: Counters,
) -> Result<(), WorkError> {
    let customers = number_customers(connection, organization, &legs.records, &mut counters)?;
    let mut given: HashMap<LegId, i64> = HashMap::new();
    for record in &mut legs.records {
        let Some(trip) = record.leg.trip.as_deref() else { continue };
        let number = *given.entry(record.id).or_insert_with(|| match standing.get(&trip.dedup_key()) {
            Some(standing) => standing.row.numbers().trip,
            None => {
                counters.trips += 1;
                counters.trips
            }
        });
        let customer = customers.get(&trip.customer_identifier).copied();
        record.trip = Some(TripNumbers { trip: number, customer });
    }
    write(connection, organization, &legs.records)?;
    index(connection, organization, legs, standing)?;
    Ok(counters.keep(connection, organization)?)
}

/// The vehicles of trips that stood go from their sets, those of what was written come to theirs.
fn index(
    connection: &mut Connection,
    organization: OrganizationId,
    legs: &Legs,
    standing: &HashMap<[u8; 32], Standing>,
) -> Result<(), WorkError> {
    let mut written: HashMap<i64, (&Trip, Option<&Standing>)> = HashMap::new();
    for (record, position) in legs.records.iter().zip(&legs.positions) {
        if let Some(trip) = record.leg.trip.as_deref() {
            written.insert(*position, (trip, standing.get(&trip.dedup_key())));
        }
    }
    let mut changes = Changes::default();
    for (position, (trip, former)) in written {
        if let Some(former) = former {
            changes.turn_value(Dimension::Vehicle, Value::Text(former.row.vehicle_code()), former.position);
        }
        changes.turn_value(Dimension::Vehicle, Value::Text(trip.vehicle.code.as_str()), position);
    }
    changes.write(connection, organization)
}

/// The numbers of the customers that trips name: those that they have, or new ones.
fn number_customers(
    connection: &mut Connection,
    organization: OrganizationId,
    records: &[LegRecord],
    counters: &mut Counters,
) -> Result<HashMap<String, i64>, WorkError> {
    let named =
        records.iter().filter_map(|record| Some(record.leg.trip.as_ref()?.customer_identifier.as_str()));
    let mut named: Vec<&str> = named.filter(|identifier| !identifier.is_empty()).collect();
    named.sort_unstable();
    named.dedup();
    let organization = UidValue(organization.0);
    let mut numbers: HashMap<String, i64> = HashMap::with_capacity(named.len());
    for named in named.chunks(KEYS) {
        let known: Vec<(String, i64)> = trip_customers::table
            .filter(trip_customers::organization_id.eq(organization))
            .filter(trip_customers::identifier.eq_any(named))
            .select((trip_customers::identifier, trip_customers::number))
            .load(connection)?;
        numbers.extend(known);
    }
    let mut new = Vec::new();
    for identifier in named.into_iter().filter(|identifier| !numbers.contains_key(*identifier)) {
        counters.customers += 1;
        new.push((
            trip_customers::organization_id.eq(organization),
            trip_customers::identifier.eq(identifier),
            trip_customers::number.eq(counters.customers),
        ));
    }
    for rows in new.chunks(ROWS) {
        let written = diesel::insert_into(trip_customers::table).values(rows);
        let written = written.returning((trip_customers::identifier, trip_customers::number));
        numbers.extend::<Vec<(String, i64)>>(written.get_results(connection)?);
    }
    Ok(numbers)
}

/// Writes what the clients of trips say, in the place of what stood there. Of several of one leg, the last stays.
fn write(
    connection: &mut Connection,
    organization: OrganizationId,
    records: &[LegRecord],
) -> Result<(), WorkError> {
    let mut last: HashMap<LegId, (&Trip, TripNumbers)> = HashMap::new();
    let trips =
        records.iter().filter_map(|record| Some((record.id, record.leg.trip.as_deref()?, record.trip?)));
    last.extend(trips.map(|(id, trip, numbers)| (id, (trip, numbers))));
    let row = |(leg, (trip, numbers)): (LegId, (&Trip, TripNumbers))| -> Result<_, RecordError> {
        Ok((
            trips::organization_id.eq(UidValue(organization.0)),
            trips::leg_id.eq(UidValue(leg.0)),
            trips::number.eq(numbers.trip),
            trips::customer.eq(numbers.customer),
            trips::vehicle_code.eq(VehicleCode::as_str(trip.vehicle.code)),
            trips::json.eq(to_json("trips.json", trip)?),
        ))
    };
    let rows: Result<Vec<_>, _> = last.into_iter().map(row).collect();
    for rows in rows?.chunks(ROWS) {
        diesel::insert_into(trips::table)
            .values(rows)
            .on_conflict((trips::organization_id, trips::leg_id))
            .do_update()
            .set((
                trips::customer.eq(excluded(trips::customer)),
                trips::vehicle_code.eq(excluded(trips::vehicle_code)),
                trips::json.eq(excluded(trips::json)),
            ))
            .execute(connection)?;
    }
    Ok(())
}
