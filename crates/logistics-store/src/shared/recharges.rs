//! An organization's recharges.

use std::collections::{BTreeMap, HashMap, HashSet};

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use diesel::dsl::count_star;
use diesel::prelude::*;
use diesel::upsert::excluded;
use logistics_domain::ids::{OrganizationId, ProjectId, RechargeId};
use logistics_domain::intake::{CallKey, Told};
use logistics_domain::leg::Days;
use logistics_domain::ports::{Listed, Overview, Page, StoreError};
use logistics_domain::recharge::{
    RechargeDelivery, RechargeField, RechargeFilter, RechargeRecord, RechargeRepository, RechargeToSave,
    Recharges, ValueCount, WriteRechargeAnswer,
};

use super::backend::{self, Backend, Connection, lower_contains};
use super::read::before;
use super::{Store, intake};
use crate::columns::{InstantValue, UidValue};
use crate::error::WorkError;
use crate::records::RechargeRow;
use crate::schema::{energy_factors, recharges};

/// How many rows one statement writes.
const ROWS: usize = 500;

/// How many keys one statement looks for.
const KEYS: usize = 1000;

impl Recharges for Store {
    fn recharges(&self, organization: OrganizationId) -> Box<dyn RechargeRepository> {
        Box::new(StoredRecharges { store: self.clone(), organization })
    }
}

struct StoredRecharges {
    store: Store,
    organization: OrganizationId,
}

#[async_trait]
impl RechargeRepository for StoredRecharges {
    async fn take(&self, delivery: RechargeDelivery, at: DateTime<Utc>) -> Result<Told, StoreError> {
        let (organization, at) = (self.organization, InstantValue::new(at));
        let RechargeDelivery { recharges, call, answer } = delivery;
        let taken = self.store.write_with(Some(answer), move |answer, connection| {
            take(connection, organization, &recharges, call.as_ref(), answer, at)
        });
        let (told, _) = taken.await?;
        Ok(told)
    }

    async fn select(
        &self,
        filter: &RechargeFilter,
        page: Page,
    ) -> Result<Listed<RechargeRecord>, StoreError> {
        let (organization, filter) = (self.organization, filter.clone());
        let listed = self.store.read(move |connection| {
            backend::snapshot(connection, |connection| list(connection, organization, &filter, page))
        });
        listed.await
    }

    async fn delete(&self, ids: &[RechargeId]) -> Result<bool, StoreError> {
        let (organization, ids) = (self.organization, ids.to_vec());
        self.store.write(move |connection| delete(connection, organization, &ids)).await
    }

    async fn values(&self, field: RechargeField) -> Result<Vec<ValueCount>, StoreError> {
        let organization = UidValue(self.organization.0);
        self.store.read(move |connection| values(connection, organization, field)).await
    }

    async fn overview(&self, project: Option<ProjectId>) -> Result<Overview, StoreError> {
        let organization = UidValue(self.organization.0);
        let overview = self.store.read(move |connection| {
            backend::snapshot(connection, |connection| {
                let own = || {
                    let own = recharges::table.filter(recharges::organization_id.eq(organization));
                    let own = own.into_boxed::<Backend>();
                    match project {
                        Some(project) => own.filter(recharges::project_id.eq(UidValue(project.0))),
                        None => own,
                    }
                };
                let count: i64 = own().count().get_result(connection)?;
                let latest = own().order(recharges::updated_at.desc()).select(recharges::updated_at);
                let last: Option<InstantValue> = latest.first(connection).optional()?;
                Ok(Overview { count: count.unsigned_abs(), last_updated: last.map(InstantValue::get) })
            })
        });
        overview.await
    }
}

fn take(
    connection: &mut Connection,
    organization: OrganizationId,
    recharges: &[RechargeToSave],
    call: Option<&CallKey>,
    answer: &mut Option<WriteRechargeAnswer>,
    at: InstantValue,
) -> Result<Told, WorkError> {
    if let Some(call) = call
        && let Some(told) = intake::earlier(connection, organization, call, at.get())?
    {
        return Ok(told);
    }
    let kept = keep(connection, organization, recharges, at)?;
    let write = answer.take().ok_or(WorkError::Contended)?;
    let answer = write(&kept);
    if let Some(call) = call {
        intake::keep(connection, organization, call, &answer, at)?;
    }
    Ok(Told::Now(answer))
}

/// Writes recharges in the place of equal ones, in the order of their keys: other transactions write the same ones.
fn keep(
    connection: &mut Connection,
    organization: OrganizationId,
    given: &[RechargeToSave],
    at: InstantValue,
) -> Result<Vec<RechargeRecord>, WorkError> {
    let mut factors: BTreeMap<Vec<u8>, String> = BTreeMap::new();
    let mut rows: BTreeMap<Vec<u8>, RechargeRow> = BTreeMap::new();
    let mut keys: Vec<Vec<u8>> = Vec::with_capacity(given.len());
    for recharge in given {
        let (row, factor) = RechargeRow::new(organization, recharge, at)?;
        factors.entry(row.factor_id().to_vec()).or_insert(factor);
        keys.push(row.dedup_key().to_vec());
        rows.insert(row.dedup_key().to_vec(), row);
    }
    keep_factors(connection, &factors)?;
    let in_order: Vec<RechargeRow> = rows.values().cloned().collect();
    for in_order in in_order.chunks(ROWS) {
        let written = upsert(connection, in_order)?;
        rows.extend(written.into_iter().map(|row| (row.dedup_key().to_vec(), row)));
    }
    let record = |key: &Vec<u8>| {
        let row = rows[key].clone();
        let factor = factors.get(row.factor_id()).map_or("", String::as_str);
        Ok(row.into_record(factor)?)
    };
    keys.iter().map(record).collect()
}

/// Writes rows; one whose key is there already takes its place, but for its id and its time of creation.
fn upsert(connection: &mut Connection, rows: &[RechargeRow]) -> QueryResult<Vec<RechargeRow>> {
    diesel::insert_into(recharges::table)
        .values(rows)
        .on_conflict((recharges::organization_id, recharges::dedup_key))
        .do_update()
        .set((
            recharges::updated_at.eq(excluded(recharges::updated_at)),
            recharges::fuel_id.eq(excluded(recharges::fuel_id)),
            recharges::fuel_name.eq(excluded(recharges::fuel_name)),
            recharges::unit.eq(excluded(recharges::unit)),
            recharges::toc_id.eq(excluded(recharges::toc_id)),
            recharges::toc.eq(excluded(recharges::toc)),
            recharges::vehicle_type.eq(excluded(recharges::vehicle_type)),
            recharges::project_id.eq(excluded(recharges::project_id)),
            recharges::file_id.eq(excluded(recharges::file_id)),
            recharges::wtw.eq(excluded(recharges::wtw)),
            recharges::wtt.eq(excluded(recharges::wtt)),
            recharges::ttw.eq(excluded(recharges::ttw)),
            recharges::generation.eq(excluded(recharges::generation)),
            recharges::estimated.eq(excluded(recharges::estimated)),
            recharges::factor_id.eq(excluded(recharges::factor_id)),
        ))
        .returning(RechargeRow::as_returning())
        .get_results(connection)
}

fn keep_factors(connection: &mut Connection, factors: &BTreeMap<Vec<u8>, String>) -> QueryResult<()> {
    let row = |(id, json): (&Vec<u8>, &String)| {
        (energy_factors::id.eq(id.clone()), energy_factors::json.eq(json.clone()))
    };
    let rows: Vec<_> = factors.iter().map(row).collect();
    for rows in rows.chunks(ROWS) {
        diesel::insert_into(energy_factors::table)
            .values(rows)
            .on_conflict_do_nothing()
            .execute(connection)?;
    }
    Ok(())
}

fn list(
    connection: &mut Connection,
    organization: OrganizationId,
    filter: &RechargeFilter,
    page: Page,
) -> Result<Listed<RechargeRecord>, WorkError> {
    let total: i64 = selected(organization, filter).count().get_result(connection)?;
    let rows: Vec<RechargeRow> = selected(organization, filter)
        .order((recharges::created_at.desc(), recharges::id.desc()))
        .limit(page.size.into())
        .offset(before(page))
        .select(RechargeRow::as_select())
        .load(connection)?;
    let ids: Vec<&[u8]> = rows.iter().map(RechargeRow::factor_id).collect();
    let factors: Vec<(Vec<u8>, String)> =
        energy_factors::table.filter(energy_factors::id.eq_any(ids)).load(connection)?;
    let factors: HashMap<Vec<u8>, String> = factors.into_iter().collect();
    let record = |row: RechargeRow| {
        let factor = factors.get(row.factor_id()).map_or("", String::as_str);
        row.into_record(factor)
    };
    let items: Result<Vec<RechargeRecord>, _> = rows.into_iter().map(record).collect();
    Ok(Listed { items: items?, total: total.unsigned_abs() })
}

/// The recharges of an organization that a filter admits.
fn selected(organization: OrganizationId, filter: &RechargeFilter) -> recharges::BoxedQuery<'_, Backend> {
    let own = recharges::organization_id.eq(UidValue(organization.0));
    let mut query = recharges::table.filter(own).into_boxed();
    if let Some(search) = &filter.search {
        query = query.filter(lower_contains(recharges::vehicle_license_plate, search.to_lowercase()));
    }
    if let Some(vehicles) = filter.vehicles.values() {
        query = query.filter(recharges::vehicle_type.eq_any(vehicles));
    }
    if let Some(fuels) = filter.fuels.values() {
        query = query.filter(recharges::fuel_id.eq_any(uids(fuels, |id| id.0)));
    }
    if let Some(plates) = filter.plates.values() {
        query = query.filter(recharges::vehicle_license_plate.eq_any(plates));
    }
    if let Some(files) = filter.files.values() {
        query = query.filter(recharges::file_id.eq_any(uids(files, |id| id.0)));
    }
    if let Some(projects) = filter.projects.values() {
        query = query.filter(recharges::project_id.eq_any(uids(projects, |id| id.0)));
    }
    let Days { from, until } = filter.dates;
    if let Some(from) = from {
        query = query.filter(recharges::date.ge(from));
    }
    if let Some(until) = until {
        query = query.filter(recharges::date.le(until));
    }
    if let Some(from) = filter.created.from {
        query = query.filter(recharges::created_at.ge(midnight(from)));
    }
    if let Some(after) = filter.created.until.and_then(|until| until.succ_opt()) {
        query = query.filter(recharges::created_at.lt(midnight(after)));
    }
    query
}

/// The first instant of a day.
fn midnight(day: NaiveDate) -> InstantValue {
    InstantValue::new(day.and_time(NaiveTime::MIN).and_utc())
}

fn uids<T: Copy>(ids: &[T], uuid: impl Fn(T) -> uuid::Uuid) -> Vec<UidValue> {
    ids.iter().map(|id| UidValue(uuid(*id))).collect()
}

/// Removes recharges, all of them or none. Answers whether they were there.
pub fn delete(
    connection: &mut Connection,
    organization: OrganizationId,
    ids: &[RechargeId],
) -> Result<bool, WorkError> {
    let distinct: HashSet<RechargeId> = ids.iter().copied().collect();
    let ids: Vec<UidValue> = distinct.into_iter().map(|id| UidValue(id.0)).collect();
    let of = |ids| {
        let own = recharges::table.filter(recharges::organization_id.eq(UidValue(organization.0)));
        own.filter(recharges::id.eq_any::<Vec<UidValue>>(ids))
    };
    let mut standing = 0;
    for ids in ids.chunks(KEYS) {
        let found: i64 = of(ids.to_vec()).count().get_result(connection)?;
        standing += usize::try_from(found).unwrap_or_default();
    }
    if standing < ids.len() {
        return Ok(false);
    }
    for ids in ids.chunks(KEYS) {
        diesel::delete(of(ids.to_vec())).execute(connection)?;
    }
    Ok(true)
}

fn values(
    connection: &mut Connection,
    organization: UidValue,
    field: RechargeField,
) -> Result<Vec<ValueCount>, WorkError> {
    let own = recharges::table.filter(recharges::organization_id.eq(organization));
    let counted: Vec<(Option<String>, i64)> = match field {
        RechargeField::FuelName => own
            .group_by(recharges::fuel_name)
            .select((recharges::fuel_name.nullable(), count_star()))
            .load(connection)?,
        RechargeField::File => {
            let files: Vec<(Option<UidValue>, i64)> = own
                .group_by(recharges::file_id)
                .select((recharges::file_id, count_star()))
                .load(connection)?;
            files.into_iter().map(|(file, count)| (file.map(|file| file.0.to_string()), count)).collect()
        }
    };
    let mut values: Vec<ValueCount> =
        counted.into_iter().map(|(value, count)| ValueCount { value, count: count.unsigned_abs() }).collect();
    values.sort_by(|a, b| a.value.cmp(&b.value));
    Ok(values)
}
