//! Whole batches of legs with their packages and results, in one transaction and few statements.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use diesel::upsert::excluded;
use logistics_domain::calculator::FactsRecord;
use logistics_domain::ids::{LegId, OrganizationId, PackageId};
use logistics_domain::leg::LegRecord;
use logistics_domain::ports::LegToSave;
use uuid::Uuid;

use super::backend::{self, Connection};
use super::index::{self, Changes, Dimension, Marks, MarksRow, PackagePlace, Reserved, Value};
use super::results::Results;
use super::{leg_hubs, read, trips};
use crate::beside::beside;
use crate::columns::{InstantValue, Uid, UidValue};
use crate::error::WorkError;
use crate::facts::StoredFacts;
use crate::records::{LegKeys, NewLegRow, NewResultRow, RecordError};
use crate::schema::{leg_results, legs};
use crate::texts::{Line, TEXTS};

/// How many rows one statement replaces. SQLite takes 32,766 parameters in a statement, and rows have up to 30.
const ROWS: usize = 250;

/// What tells legs of a movement apart.
pub type DedupKey = [u8; 32];

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
    let batch = Batch::new(organization, legs, at, stored)?;
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

/// Legs to save, with what can be found out about them without the database.
struct Batch<'a> {
    organization: OrganizationId,
    at: InstantValue,
    ids: &'a [LegId],
    reserved: Reserved,
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
    updated_at: InstantValue,
    package: Option<PackageId>,
    position: i64,
}

/// A package that legs name.
#[derive(QueryableByName)]
pub struct PackageFound {
    #[diesel(sql_type = Uid)]
    pub id: UidValue,
    #[diesel(sql_type = Text)]
    pub movement_id: String,
    #[diesel(sql_type = Text)]
    pub package_key: String,
    #[diesel(sql_type = BigInt)]
    pub position: i64,
}

impl PackageFound {
    /// One of that name, movement and key, which is still to be written.
    pub fn new(movement: &str, key: &str, position: i64) -> Self {
        let (movement_id, package_key) = (movement.to_owned(), key.to_owned());
        Self { id: UidValue(Uuid::now_v7()), movement_id, package_key, position }
    }

    /// Its movement and key.
    pub fn name(&self) -> (&str, &str) {
        (&self.movement_id, &self.package_key)
    }
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
    fn new(
        organization: OrganizationId,
        legs: &'a Legs,
        at: InstantValue,
        stored: &StoredFacts,
    ) -> Result<Self, RecordError> {
        let Legs { ids, reserved, records: legs, .. } = legs;
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
        let reserved = *reserved;
        Ok(Self { organization, at, ids, reserved, legs, dedup_keys, slot_of, slots, results })
    }

    fn write(&self, connection: &mut Connection) -> Result<Vec<Kept>, WorkError> {
        let packages = self.write_packages(connection)?;
        let carried = self.clients_of_known(connection, &packages)?;
        let standing = self.standing(connection, &packages)?;
        let kept = self.kept(&packages, &standing);
        let ids: Vec<UidValue> = standing.values().map(|standing| standing.id).collect();
        let statuses = read::statuses(connection, self.organization, &ids)?;
        self.retire_results(connection, &ids)?;
        let prepared = || (self.marks(&packages, &kept, (&standing, &statuses)), self.result_rows(&kept));
        let (((mut changes, lines), results), written) = beside(self.legs.len(), prepared, || {
            self.write_legs(connection, &kept, &standing)?;
            self.write_hubs(connection, &kept, &standing)
        });
        written?;
        self.results.write(connection, &results?)?;
        let carry = self.clients_of_known(connection, &packages)?;
        for (package, client) in carried.symmetric_difference(&carry) {
            changes.turn_value(Dimension::PackageClient, Value::Text(client), *package);
        }
        index::write_texts(connection, self.organization, lines)?;
        changes.write(connection, self.organization)?;
        Ok(kept)
    }

    /// Finds or creates the packages that legs name; answers with each leg's.
    fn write_packages(&self, connection: &mut Connection) -> Result<Vec<Option<PackagePlace>>, WorkError> {
        let of_legs: Vec<Option<(&str, &str)>> =
            self.legs.iter().map(package_name).collect::<Result<_, RecordError>>()?;
        let mut names: Vec<(&str, &str)> = of_legs.iter().copied().flatten().collect();
        names.sort_unstable();
        names.dedup();
        let mut found =
            backend::upsert_packages(connection, self.organization, &names, self.reserved.package, self.at)?;
        found.sort_unstable_by(|one, other| one.name().cmp(&other.name()));
        let place = |wanted: &(&str, &str)| {
            let PackageFound { id, position, .. } =
                found[found.binary_search_by(|found| found.name().cmp(wanted)).ok()?];
            Some(PackagePlace { id, position })
        };
        Ok(of_legs.iter().map(|wanted| wanted.as_ref().and_then(place)).collect())
    }

    /// The rows that stand for legs of the batch already. None does for a leg of a package that was not there.
    fn standing(
        &self,
        connection: &mut Connection,
        packages: &[Option<PackagePlace>],
    ) -> QueryResult<HashMap<DedupKey, StandingRow>> {
        let legs = self.legs.iter().zip(&self.dedup_keys).zip(packages);
        let may_stand = legs.filter(|(_, package)| !package.is_some_and(|package| self.is_new(package)));
        let ids = standing(connection, self.organization, may_stand.map(|(leg, _)| leg))?;
        let mut standing = HashMap::with_capacity(ids.len());
        for ids in ids.chunks(backend::KEYS) {
            let own = read::legs_by_id(UidValue(self.organization.0), ids);
            let rows = own.select(StandingRow::as_select()).load(connection)?;
            let key = |row: &StandingRow| row.dedup_key.as_deref()?.try_into().ok();
            standing.extend(rows.into_iter().filter_map(|row| Some((key(&row)?, row))));
        }
        Ok(standing)
    }

    /// What the store adds to each leg. One that takes another's place is later than that, whatever the clock says: who
    /// calculated the other finds it gone.
    fn kept(
        &self,
        packages: &[Option<PackagePlace>],
        standing: &HashMap<DedupKey, StandingRow>,
    ) -> Vec<Kept> {
        let kept = |(&slot, package): (&usize, &Option<PackagePlace>)| {
            let package = package.map(|package| PackageId(package.id.0));
            let Slot { first, last } = self.slots[slot];
            let new = self.reserved.leg + i64::try_from(first).unwrap_or(i64::MAX);
            match self.dedup_keys[first].as_ref().and_then(|key| standing.get(key)) {
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
        self.slot_of.iter().zip(packages).map(kept).collect()
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
        let (mut new, mut again) = (Vec::with_capacity(self.slots.len()), Vec::new());
        for slot in &self.slots {
            let (given, kept) = (&self.legs[slot.last], &kept[slot.last]);
            let dedup_key = self.dedup_keys[slot.last].as_ref();
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
        let legs = self.slots.iter().map(|slot| (kept[slot.last].id, &self.legs[slot.last].leg.hubs));
        let standing: Vec<UidValue> = standing.values().map(|standing| standing.id).collect();
        leg_hubs::write(connection, self.organization, legs, &standing)
    }

    /// Whether a package came with the batch.
    fn is_new(&self, package: PackagePlace) -> bool {
        self.reserved.has_package(package.position)
    }

    /// Those packages of the batch that were there before it.
    fn known(&self, packages: &[Option<PackagePlace>]) -> Vec<UidValue> {
        let known = packages.iter().flatten().filter(|package| !self.is_new(**package));
        known.map(|package| package.id).collect::<HashSet<_>>().into_iter().collect()
    }

    /// The clients of their legs.
    fn clients_of_known(
        &self,
        connection: &mut Connection,
        packages: &[Option<PackagePlace>],
    ) -> QueryResult<HashSet<(i64, String)>> {
        index::clients_of_packages(connection, self.organization, &self.known(packages))
    }

    /// What stood goes from the sets of its values, what is written comes to those of its own. Searches find what is new by its
    /// lines.
    fn marks<'s>(
        &'s self,
        packages: &[Option<PackagePlace>],
        kept: &[Kept],
        (standing, statuses): (&'s HashMap<DedupKey, StandingRow>, &read::Statuses),
    ) -> (Changes<'s>, Vec<Line>) {
        let (mut changes, mut lines) = (Changes::default(), Vec::new());
        for row in standing.values() {
            changes.turn(row.marks.marks(statuses.of(row.id)));
        }
        for slot in &self.slots {
            let (given, kept) = (&self.legs[slot.last], &kept[slot.last]);
            changes.turn(marks(given, kept));
            if self.reserved.has_leg(kept.position) {
                lines.extend(Line::new(kept.position, searched(given)));
            }
        }
        self.mark_new_packages(packages, &mut changes);
        (changes, lines)
    }

    /// Packages that the batch makes, with the clients of its legs.
    fn mark_new_packages<'s>(&'s self, packages: &[Option<PackagePlace>], changes: &mut Changes<'s>) {
        let (mut new, mut clients) = (HashSet::new(), HashSet::new());
        for slot in &self.slots {
            let Some(package) = packages[slot.last].filter(|package| self.is_new(*package)) else { continue };
            let position = package.position;
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
            (kept.id, &given.outcome, self.slots[self.slot_of[index]].last == index)
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
