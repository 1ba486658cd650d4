//! Whole batches of legs with their packages and results, in one transaction and few statements.

use std::collections::HashMap;
use std::sync::Arc;

use diesel::prelude::*;
use diesel::upsert::excluded;
use logistics_domain::calculator::FactsRecord;
use logistics_domain::ids::{LegId, OrganizationId, PackageId};
use logistics_domain::leg::LegRecord;
use logistics_domain::ports::LegToSave;

use super::backend::{self, Connection};
use super::results::Results;
use super::{leg_hubs, trips};
use crate::columns::{InstantValue, UidValue};
use crate::error::WorkError;
use crate::facts::StoredFacts;
use crate::records::{LegKeys, NewLegRow, RecordError};
use crate::schema::{leg_results, legs};

/// How many rows one statement replaces. SQLite takes 32,766 parameters in a statement, and rows have up to 29.
const ROWS: usize = 250;

type DedupKey = [u8; 32];

/// Legs on their way into the database.
pub struct Legs {
    /// The ids that they take if they are new.
    pub ids: Vec<LegId>,
    /// The legs, and after [`write()`] as they are kept.
    pub records: Vec<LegRecord>,
}

impl Legs {
    pub fn new(legs: Vec<LegToSave>, at: InstantValue) -> Self {
        let ids = legs.iter().map(|given| given.id).collect();
        let record = |given: LegToSave| LegRecord {
            id: given.id,
            created_at: at.get(),
            updated_at: at.get(),
            package_id: None,
            trip: None,
            leg: given.leg,
            outcome: given.outcome,
        };
        Self { ids, records: legs.into_iter().map(record).collect() }
    }
}

/// Writes legs. Answers with the facts that are stored once that is committed.
pub fn write(
    connection: &mut Connection,
    stored: &StoredFacts,
    organization: OrganizationId,
    legs: &mut Legs,
    at: InstantValue,
) -> Result<Vec<Arc<FactsRecord>>, WorkError> {
    if legs.records.iter().any(|given| given.leg.trip.is_some()) {
        return trips::save_within(connection, stored, organization, legs, at);
    }
    write_within(connection, stored, organization, legs, at)
}

/// The same without what only trips have.
pub fn write_within(
    connection: &mut Connection,
    stored: &StoredFacts,
    organization: OrganizationId,
    legs: &mut Legs,
    at: InstantValue,
) -> Result<Vec<Arc<FactsRecord>>, WorkError> {
    if legs.records.is_empty() {
        return Ok(Vec::new());
    }
    backend::expect_organization(connection, organization)?;
    let batch = Batch::new(organization, legs, at, stored)?;
    let written = batch.write(connection)?;
    let facts = batch.results.into_facts();
    for (record, kept) in legs.records.iter_mut().zip(written) {
        record.id = kept.id;
        record.created_at = kept.created_at.get();
        record.package_id = kept.package;
    }
    Ok(facts)
}

/// Legs to save, with what can be found out about them without the database.
struct Batch<'a> {
    organization: OrganizationId,
    at: InstantValue,
    ids: &'a [LegId],
    legs: &'a [LegRecord],
    dedup_keys: Vec<Option<DedupKey>>,
    /// For each leg, which of the `slots` it goes to.
    slot_of: Vec<usize>,
    slots: Vec<Slot>,
    results: Results,
}

/// A row of `legs` that the batch writes. Legs of the batch that are the same leg share one, as if they were saved one
/// after the other: the first makes the row, the last one fills it.
struct Slot {
    first: usize,
    last: usize,
}

/// What the store adds to a leg.
#[derive(Clone, Copy)]
struct Kept {
    id: LegId,
    created_at: InstantValue,
    package: Option<PackageId>,
}

/// Of a leg that stands: the key that tells it apart, its id and when it was made.
pub type StandingRow = (Option<Vec<u8>>, UidValue, InstantValue);

/// A row that stands in the database already.
struct Standing {
    id: LegId,
    created_at: InstantValue,
}

impl<'a> Batch<'a> {
    fn new(
        organization: OrganizationId,
        legs: &'a Legs,
        at: InstantValue,
        stored: &StoredFacts,
    ) -> Result<Self, RecordError> {
        let Legs { ids, records: legs } = legs;
        let dedup_keys: Vec<Option<DedupKey>> = legs.iter().map(|given| given.leg.dedup_key()).collect();
        let mut slots: Vec<Slot> = Vec::with_capacity(legs.len());
        let mut by_key: HashMap<&DedupKey, usize> = HashMap::new();
        let mut slot_of = Vec::with_capacity(legs.len());
        for (index, key) in dedup_keys.iter().enumerate() {
            let fresh = slots.len();
            let slot = key.as_ref().map_or(fresh, |key| *by_key.entry(key).or_insert(fresh));
            match slots.get_mut(slot) {
                Some(slot) => slot.last = index,
                None => slots.push(Slot { first: index, last: index }),
            }
            slot_of.push(slot);
        }
        let results = Results::new(organization, at, legs.iter().map(|given| &given.outcome), stored)?;
        Ok(Self { organization, at, ids, legs, dedup_keys, slot_of, slots, results })
    }

    fn write(&self, connection: &mut Connection) -> Result<Vec<Kept>, WorkError> {
        let packages = self.write_packages(connection)?;
        let standing = self.standing(connection)?;
        let kept = self.kept(&packages, &standing);
        self.retire_results(connection, standing.values())?;
        self.write_legs(connection, &kept, &standing)?;
        self.write_hubs(connection, &kept, &standing)?;
        self.write_results(connection, &kept)?;
        Ok(kept)
    }

    /// Finds or creates the packages that legs name; answers with each leg's.
    fn write_packages(&self, connection: &mut Connection) -> Result<Vec<Option<PackageId>>, WorkError> {
        let mut distinct: HashMap<(&str, &str), ()> = HashMap::new();
        for given in self.legs {
            distinct.extend(package_name(given)?.map(|name| (name, ())));
        }
        let mut names: Vec<(&str, &str)> = distinct.into_keys().collect();
        names.sort_unstable();
        let found = backend::upsert_packages(connection, self.organization, &names, self.at)?;
        let ids: HashMap<(&str, &str), PackageId> = found
            .iter()
            .map(|(id, movement, key)| ((movement.as_str(), key.as_str()), PackageId(id.0)))
            .collect();
        let package = |given| Ok(package_name(given)?.and_then(|name| ids.get(&name).copied()));
        self.legs.iter().map(package).collect()
    }

    /// The rows that stand for legs of the batch already.
    fn standing(&self, connection: &mut Connection) -> QueryResult<HashMap<DedupKey, Standing>> {
        let keys: Vec<&[u8]> = self.dedup_keys.iter().flatten().map(<[u8; 32]>::as_slice).collect();
        let mut standing = HashMap::new();
        for keys in keys.chunks(backend::KEYS) {
            let rows = backend::standing(connection, self.organization, keys)?;
            standing.extend(rows.into_iter().filter_map(|(key, id, created_at)| {
                Some((key?.try_into().ok()?, Standing { id: LegId(id.0), created_at }))
            }));
        }
        Ok(standing)
    }

    /// What the store adds to each leg.
    fn kept(&self, packages: &[Option<PackageId>], standing: &HashMap<DedupKey, Standing>) -> Vec<Kept> {
        let kept = |(&slot, &package): (&usize, &Option<PackageId>)| {
            let first = self.slots[slot].first;
            match self.dedup_keys[first].as_ref().and_then(|key| standing.get(key)) {
                Some(Standing { id, created_at }) => Kept { id: *id, created_at: *created_at, package },
                None => Kept { id: self.ids[first], created_at: self.at, package },
            }
        };
        self.slot_of.iter().zip(packages).map(kept).collect()
    }

    /// The results in force of rows that are written again become former ones.
    fn retire_results<'s>(
        &self,
        connection: &mut Connection,
        standing: impl Iterator<Item = &'s Standing>,
    ) -> QueryResult<()> {
        let ids: Vec<UidValue> = standing.map(|standing| UidValue(standing.id.0)).collect();
        for ids in ids.chunks(backend::KEYS) {
            let current = leg_results::table
                .filter(leg_results::organization_id.eq(UidValue(self.organization.0)))
                .filter(leg_results::leg_id.eq_any(ids))
                .filter(leg_results::is_current);
            diesel::update(current).set(leg_results::is_current.eq(false)).execute(connection)?;
        }
        Ok(())
    }

    fn write_legs(
        &self,
        connection: &mut Connection,
        kept: &[Kept],
        standing: &HashMap<DedupKey, Standing>,
    ) -> Result<(), WorkError> {
        let (mut new, mut again) = (Vec::with_capacity(self.slots.len()), Vec::new());
        for slot in &self.slots {
            let (given, kept) = (&self.legs[slot.last], &kept[slot.last]);
            let dedup_key = self.dedup_keys[slot.last].as_ref();
            let keys = LegKeys {
                organization: self.organization,
                id: kept.id,
                created_at: kept.created_at,
                updated_at: self.at,
                status: given.outcome.status(),
                package: kept.package,
                dedup_key,
            };
            let stands = dedup_key.is_some_and(|key| standing.contains_key(key));
            if stands { &mut again } else { &mut new }.push(NewLegRow::new(&keys, &given.leg)?);
        }
        backend::insert_legs(connection, &new)?;
        for rows in again.chunks(ROWS) {
            replace_legs(connection, rows)?;
        }
        Ok(())
    }

    fn write_hubs(
        &self,
        connection: &mut Connection,
        kept: &[Kept],
        standing: &HashMap<DedupKey, Standing>,
    ) -> Result<(), WorkError> {
        let legs = self.slots.iter().map(|slot| (kept[slot.last].id, &self.legs[slot.last].leg.hubs));
        let standing: Vec<UidValue> = standing.values().map(|standing| UidValue(standing.id.0)).collect();
        leg_hubs::write(connection, self.organization, legs, &standing)
    }

    fn write_results(&self, connection: &mut Connection, kept: &[Kept]) -> Result<(), WorkError> {
        let result = |(index, (given, kept)): (usize, (&'a LegRecord, &Kept))| {
            (kept.id, &given.outcome, self.slots[self.slot_of[index]].last == index)
        };
        self.results.write(connection, self.legs.iter().zip(kept).enumerate().map(result))
    }
}

/// What names a leg's package: movement and key.
fn package_name(given: &LegRecord) -> Result<Option<(&str, &str)>, RecordError> {
    match (&given.leg.trace.movement_id, &given.leg.trace.package_key) {
        (Some(movement), Some(key)) => Ok(Some((movement, key))),
        (None, Some(_)) => Err(RecordError::NoMovement),
        (_, None) => Ok(None),
    }
}

/// Fills rows that stand already with what came of late. Only their key and time of creation remain.
fn replace_legs(connection: &mut Connection, rows: &[NewLegRow<'_>]) -> QueryResult<()> {
    diesel::insert_into(legs::table)
        .values(rows)
        .on_conflict((legs::organization_id, legs::id))
        .do_update()
        .set((
            legs::updated_at.eq(excluded(legs::updated_at)),
            legs::status.eq(excluded(legs::status)),
            legs::origin.eq(excluded(legs::origin)),
            legs::destination.eq(excluded(legs::destination)),
            legs::origin_country.eq(excluded(legs::origin_country)),
            legs::distance_km.eq(excluded(legs::distance_km)),
            legs::tkm.eq(excluded(legs::tkm)),
            legs::load.eq(excluded(legs::load)),
            legs::load_unit.eq(excluded(legs::load_unit)),
            legs::load_factor.eq(excluded(legs::load_factor)),
            legs::toc.eq(excluded(legs::toc)),
            legs::toc_estimated.eq(excluded(legs::toc_estimated)),
            legs::category.eq(excluded(legs::category)),
            legs::year.eq(excluded(legs::year)),
            legs::cleaning.eq(excluded(legs::cleaning)),
            legs::shipment_date.eq(excluded(legs::shipment_date)),
            legs::movement_id.eq(excluded(legs::movement_id)),
            legs::movement_stretch.eq(excluded(legs::movement_stretch)),
            legs::movement_stage.eq(excluded(legs::movement_stage)),
            legs::client.eq(excluded(legs::client)),
            legs::vehicle_license_plate.eq(excluded(legs::vehicle_license_plate)),
            legs::trailer_license_plate.eq(excluded(legs::trailer_license_plate)),
            legs::subcontractor.eq(excluded(legs::subcontractor)),
            legs::hub_id.eq(excluded(legs::hub_id)),
            legs::package_id.eq(excluded(legs::package_id)),
        ))
        .execute(connection)?;
    Ok(())
}
