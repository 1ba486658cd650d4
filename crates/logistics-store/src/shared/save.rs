//! Whole batches of legs with their packages and results, in one transaction and few statements.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use diesel::prelude::*;
use diesel::upsert::excluded;
use logistics_domain::calculator::FactsRecord;
use logistics_domain::ids::{LegId, OrganizationId, PackageId};
use logistics_domain::leg::LegRecord;
use logistics_domain::ports::LegToSave;

use super::backend::{self, Connection};
use super::batch_packages::BatchPackages;
use super::index::{self, Changes, Dimension, Marks, MarksRow, PackagePlace, Reserved, Value};
use super::results::Results;
use super::slots::{DedupKey, Slot, Slots};
use super::{leg_hubs, read, trips};
use crate::beside::beside;
use crate::columns::{InstantValue, UidValue};
use crate::error::WorkError;
use crate::facts::StoredFacts;
use crate::records::{LegKeys, NewLegRow, NewResultRow, RecordError};
use crate::schema::{leg_results, legs};
use crate::texts::{Line, TEXTS};

/// How many rows one statement replaces. SQLite takes 32,766 parameters in a statement, and rows have up to 30.
const ROWS: usize = 250;

/// Legs on their way into the database.
pub struct Legs {
    /// The ids that they take if they are new.
    pub ids: Vec<LegId>,
    /// The first of the positions that they and their packages take if they are new.
    pub reserved: Reserved,
    /// The legs, and after [`write()`] as they are kept.
    pub records: Vec<LegRecord>,
    /// Their positions, after [`write()`].
    pub positions: Vec<i64>,
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
        let records = legs.into_iter().map(record).collect();
        Self { ids, reserved: Reserved::default(), records, positions: Vec::new() }
    }

    /// Takes positions for them.
    pub fn reserve(
        &mut self,
        connection: &mut Connection,
        organization: OrganizationId,
    ) -> Result<(), WorkError> {
        if !self.records.is_empty() {
            self.reserved = index::reserve(connection, organization, self.records.len())?;
        }
        Ok(())
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
    let Legs { ids, reserved, records, .. } = &*legs;
    let foreseen = || {
        let outcomes = records.iter().map(|given| &given.outcome);
        (Slots::of(records), Results::new(organization, at, outcomes, stored))
    };
    let ((slots, results), packages) = beside(records.len(), foreseen, || {
        BatchPackages::write(connection, organization, records, *reserved, at)
    });
    let (packages, results) = (packages?, results?);
    let batch = Batch { organization, at, ids, reserved: *reserved, legs: records, slots, packages, results };
    let written = batch.write(connection)?;
    let facts = batch.results.into_facts();
    legs.positions = written.iter().map(|kept| kept.position).collect();
    for (record, kept) in legs.records.iter_mut().zip(written) {
        record.id = kept.id;
        record.created_at = kept.created_at.get();
        record.updated_at = kept.updated_at.get();
        record.package_id = kept.package;
    }
    Ok(facts)
}

/// Legs to save, with what is known of them before any is written.
struct Batch<'a> {
    organization: OrganizationId,
    at: InstantValue,
    ids: &'a [LegId],
    reserved: Reserved,
    legs: &'a [LegRecord],
    slots: Slots,
    packages: BatchPackages,
    results: Results,
}

/// What the store adds to a leg.
#[derive(Clone, Copy)]
struct Kept {
    id: LegId,
    created_at: InstantValue,
    updated_at: InstantValue,
    package: Option<PackageId>,
    position: i64,
}

/// A row that stands in the database already.
#[derive(Queryable, Selectable)]
#[diesel(table_name = legs, check_for_backend(backend::Backend))]
pub struct StandingRow {
    dedup_key: Option<Vec<u8>>,
    id: UidValue,
    updated_at: InstantValue,
    movement_id: Option<String>,
    movement_stretch: Option<String>,
    #[diesel(embed)]
    marks: MarksRow,
}

impl StandingRow {
    fn id(&self) -> LegId {
        LegId(self.id.0)
    }
}

impl<'a> Batch<'a> {
    fn write(&self, connection: &mut Connection) -> Result<Vec<Kept>, WorkError> {
        let carried = self.packages.clients_of_known(connection, self.organization)?;
        let standing = self.standing(connection)?;
        let kept = self.kept(&standing);
        let ids: Vec<UidValue> = standing.values().map(|standing| standing.id).collect();
        let statuses = read::statuses(connection, self.organization, &ids)?;
        self.retire_results(connection, &ids)?;
        let prepared = || (self.marks(&kept, (&standing, &statuses)), self.result_rows(&kept));
        let (((mut changes, lines), results), written) = beside(self.legs.len(), prepared, || {
            self.write_legs(connection, &kept, &standing)?;
            self.write_hubs(connection, &kept, &standing)
        });
        written?;
        self.results.write(connection, &results?)?;
        let carry = self.packages.clients_of_known(connection, self.organization)?;
        for (package, client) in carried.symmetric_difference(&carry) {
            changes.turn_value(Dimension::PackageClient, Value::Text(client), *package);
        }
        index::write_texts(connection, self.organization, lines)?;
        changes.write(connection, self.organization)?;
        Ok(kept)
    }

    /// The rows that stand for legs of the batch already. A leg whose package is new cannot stand yet and is not looked for.
    fn standing(&self, connection: &mut Connection) -> QueryResult<HashMap<DedupKey, StandingRow>> {
        let legs = self.legs.iter().zip(&self.slots.keys).enumerate();
        let may_stand = legs.filter(|(index, _)| self.packages.new_of(*index).is_none());
        let ids = standing(connection, self.organization, may_stand.map(|(_, leg)| leg))?;
        let mut standing = HashMap::with_capacity(ids.len());
        for ids in ids.chunks(backend::KEYS) {
            let own = read::legs_by_id(UidValue(self.organization.0), ids);
            let rows = own.select(StandingRow::as_select()).load(connection)?;
            let key = |row: &StandingRow| row.dedup_key.as_deref()?.try_into().ok();
            standing.extend(rows.into_iter().filter_map(|row| Some((key(&row)?, row))));
        }
        Ok(standing)
    }

    /// What the store adds to each leg. One that takes another's place always gets a later time of change, whatever the
    /// clock says: so a worker that calculated the other sees that it was replaced.
    fn kept(&self, standing: &HashMap<DedupKey, StandingRow>) -> Vec<Kept> {
        let kept = |(index, &slot): (usize, &usize)| {
            let package = self.packages.of(index).map(|package| PackageId(package.id.0));
            let Slot { first, last } = self.slots.rows[slot];
            let new = self.reserved.leg + i64::try_from(first).unwrap_or(i64::MAX);
            match self.slots.keys[first].as_ref().and_then(|key| standing.get(key)) {
                Some(row) => {
                    let position = if self.is_read_alike(last, row) { row.marks.position } else { new };
                    let (created_at, updated_at) = (row.marks.created_at, row.updated_at.next().max(self.at));
                    Kept { id: row.id(), created_at, updated_at, package, position }
                }
                None => Kept {
                    id: self.ids[first],
                    created_at: self.at,
                    updated_at: self.at,
                    package,
                    position: new,
                },
            }
        };
        self.slots.of_legs.iter().enumerate().map(kept).collect()
    }

    /// Whether searches find a leg by the same texts as the row that it takes the place of. They do, but for a trip without a
    /// sequence that comes again with sequence 0. What is searched at a position never changes: such a leg gets another.
    fn is_read_alike(&self, leg: usize, row: &StandingRow) -> bool {
        let trace = &self.legs[leg].leg.trace;
        let alike = |one: &Option<String>, other: &Option<String>| {
            one.as_deref().unwrap_or_default() == other.as_deref().unwrap_or_default()
        };
        alike(&trace.movement_id, &row.movement_id) && alike(&trace.movement_stretch, &row.movement_stretch)
    }

    /// The results in force of rows that are written again become former ones.
    fn retire_results(&self, connection: &mut Connection, ids: &[UidValue]) -> QueryResult<()> {
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
        standing: &HashMap<DedupKey, StandingRow>,
    ) -> Result<(), WorkError> {
        let (mut new, mut again) = (Vec::with_capacity(self.slots.rows.len()), Vec::new());
        for slot in &self.slots.rows {
            let (given, kept) = (&self.legs[slot.last], &kept[slot.last]);
            let dedup_key = self.slots.keys[slot.last].as_ref();
            let keys = LegKeys {
                organization: self.organization,
                id: kept.id,
                created_at: kept.created_at,
                updated_at: kept.updated_at,
                package: kept.package,
                dedup_key,
                position: kept.position,
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
        standing: &HashMap<DedupKey, StandingRow>,
    ) -> Result<(), WorkError> {
        let legs = self.slots.rows.iter().map(|slot| (kept[slot.last].id, &self.legs[slot.last].leg.hubs));
        let standing: Vec<UidValue> = standing.values().map(|standing| standing.id).collect();
        leg_hubs::write(connection, self.organization, legs, &standing)
    }

    /// Takes the legs that are replaced out of the sets of their values, and puts those that are written into theirs. Searches
    /// find what is new by its lines.
    fn marks<'s>(
        &'s self,
        kept: &[Kept],
        (standing, statuses): (&'s HashMap<DedupKey, StandingRow>, &read::Statuses),
    ) -> (Changes<'s>, Vec<Line>) {
        let (mut changes, mut lines) = (Changes::default(), Vec::new());
        for row in standing.values() {
            changes.turn(row.marks.marks(statuses.of(row.id)));
        }
        for slot in &self.slots.rows {
            let (given, kept) = (&self.legs[slot.last], &kept[slot.last]);
            changes.turn(marks(given, kept));
            if self.reserved.has_leg(kept.position) {
                lines.extend(Line::new(kept.position, searched(given)));
            }
        }
        self.mark_new_packages(&mut changes);
        (changes, lines)
    }

    /// Packages that the batch makes, with the clients of its legs.
    fn mark_new_packages<'s>(&'s self, changes: &mut Changes<'s>) {
        let (mut new, mut clients) = (HashSet::new(), HashSet::new());
        for slot in &self.slots.rows {
            let Some(PackagePlace { position, .. }) = self.packages.new_of(slot.last) else { continue };
            if new.insert(position) {
                changes.turn_value(Dimension::Package, Value::Text(""), position);
            }
            if let Some(client) = self.legs[slot.last].leg.trace.client.as_deref()
                && clients.insert((position, client))
            {
                changes.turn_value(Dimension::PackageClient, Value::Text(client), position);
            }
        }
    }

    fn result_rows(&self, kept: &[Kept]) -> Result<Vec<NewResultRow<'_>>, RecordError> {
        let result = |(index, (given, kept)): (usize, (&'a LegRecord, &Kept))| {
            (kept.id, &given.outcome, self.slots.rows[self.slots.of_legs[index]].last == index)
        };
        self.results.rows(self.legs.iter().zip(kept).enumerate().map(result))
    }
}

/// The legs that stand already under the keys of some. They stay as they are until the end of the transaction.
pub fn standing<'a>(
    connection: &mut Connection,
    organization: OrganizationId,
    legs: impl Iterator<Item = (&'a LegRecord, &'a Option<DedupKey>)>,
) -> QueryResult<Vec<UidValue>> {
    let key = |(given, key): (&'a LegRecord, &'a Option<DedupKey>)| {
        Some((key.as_ref()?, given.leg.trace.movement_id.as_deref()?))
    };
    let mut keys: Vec<(&DedupKey, &str)> = legs.filter_map(key).collect();
    keys.sort_unstable();
    keys.dedup();
    if keys.is_empty() { Ok(Vec::new()) } else { backend::standing(connection, organization, &keys) }
}

/// What a leg is searched by.
fn searched(given: &LegRecord) -> [Option<&str>; TEXTS] {
    let trace = &given.leg.trace;
    [&trace.movement_id, &trace.movement_stretch, &trace.package_key].map(Option::as_deref)
}

/// What lists filter a leg by.
fn marks<'a>(given: &'a LegRecord, kept: &Kept) -> Marks<'a> {
    let LegRecord { leg, outcome, .. } = given;
    Marks {
        position: kept.position,
        status: outcome.status().as_str(),
        category: leg.category.as_str(),
        toc: &leg.toc,
        client: leg.trace.client.as_deref(),
        hub: leg.trace.hub_id.as_deref(),
        shipped: leg.shipment_date,
        created: kept.created_at.get().date_naive(),
    }
}

/// Overwrites rows that stand with the legs that came of late. Only their keys and times of creation remain.
fn replace_legs(connection: &mut Connection, rows: &[NewLegRow<'_>]) -> QueryResult<()> {
    diesel::insert_into(legs::table)
        .values(rows)
        .on_conflict((legs::organization_id, legs::id))
        .do_update()
        .set((
            legs::updated_at.eq(excluded(legs::updated_at)),
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
            legs::position.eq(excluded(legs::position)),
        ))
        .execute(connection)?;
    Ok(())
}
