//! An organization's hubs.

use std::collections::HashMap;

use async_trait::async_trait;
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use logistics_domain::hub::{
    Hub, HubFilter, HubKey, HubMentions, HubRepository, HubStatus, HubWrite, Hubs, Removal,
};
use logistics_domain::ids::{HubId, OrganizationId};
use logistics_domain::ports::{Listed, Overview, Page, StoreError};

use super::backend::{self, Backend, Connection};
use super::{Store, overview};
use crate::columns::{InstantValue, UidValue};
use crate::error::WorkError;
use crate::records::{HubRow, RecordError};
use crate::schema::{hubs, leg_hubs};

impl Hubs for Store {
    fn hubs(&self, organization: OrganizationId) -> Box<dyn HubRepository> {
        Box::new(StoredHubs { store: self.clone(), organization })
    }
}

struct StoredHubs {
    store: Store,
    organization: OrganizationId,
}

/// Hubs of these ids.
#[diesel::dsl::auto_type(no_type_alias)]
pub fn hubs_by_id<'a>(organization: UidValue, ids: &'a [UidValue]) -> _ {
    hubs::table.filter(hubs::organization_id.eq(organization)).filter(hubs::id.eq_any(ids))
}

/// Keeps a new hub.
pub fn insert(
    connection: &mut Connection,
    organization: OrganizationId,
    hub: &Hub,
) -> Result<HubWrite, WorkError> {
    let row = HubRow::new(organization, hub)?;
    if let Some(taken) = taken(connection, UidValue(organization.0), hub.id, &row)? {
        return Ok(taken);
    }
    diesel::insert_into(hubs::table).values(&row).execute(connection)?;
    Ok(HubWrite::Kept)
}

#[async_trait]
impl HubRepository for StoredHubs {
    async fn create(&self, hub: &Hub) -> Result<HubWrite, StoreError> {
        let (organization, hub) = (self.organization, hub.clone());
        self.store.write(move |connection| insert(connection, organization, &hub)).await
    }

    async fn replace(&self, former: &Hub, hub: &Hub) -> Result<HubWrite, StoreError> {
        let row = HubRow::new(self.organization, hub).map_err(WorkError::from)?;
        let (organization, id) = (UidValue(self.organization.0), hub.id);
        let seen = former.updated_at.map(InstantValue::new);
        let replaced = self.store.write(move |connection| {
            if let Some(taken) = taken(connection, organization, id, &row)? {
                return Ok(taken);
            }
            let never = seen.is_none().into_sql::<Bool>();
            let as_seen = hubs::updated_at.eq(seen).or(hubs::updated_at.is_null().and(never));
            let unchanged = hubs::table.find((organization, UidValue(id.0))).filter(as_seen);
            let replaced = diesel::update(unchanged).set(&row).execute(connection)?;
            Ok(if replaced > 0 { HubWrite::Kept } else { HubWrite::Outdated })
        });
        replaced.await
    }

    async fn overview(&self) -> Result<Overview, StoreError> {
        let organization = self.organization;
        self.store.read(move |connection| overview::hubs(connection, organization)).await
    }

    async fn find(&self, id: HubId) -> Result<Option<Hub>, StoreError> {
        let hub = hubs::table.find((UidValue(self.organization.0), UidValue(id.0)));
        let found = self.store.read(move |connection| {
            let row = hub.select(HubRow::as_select()).first(connection).optional()?;
            Ok(row.map(HubRow::into_hub).transpose()?)
        });
        found.await
    }

    async fn list(&self, filter: &HubFilter, page: Page) -> Result<Listed<Hub>, StoreError> {
        let (organization, filter) = (UidValue(self.organization.0), filter.clone());
        let listed = self.store.read(move |connection| {
            backend::snapshot(connection, |connection| {
                let total: i64 = selected(organization, &filter).count().get_result(connection)?;
                let size = i64::from(page.size);
                let rows = selected(organization, &filter)
                    .order((hubs::created_at.desc(), hubs::id.desc()))
                    .limit(size)
                    .offset(i64::from(page.number.saturating_sub(1)).saturating_mul(size))
                    .select(HubRow::as_select())
                    .load(connection)?;
                let items: Result<_, RecordError> = rows.into_iter().map(HubRow::into_hub).collect();
                Ok(Listed { items: items?, total: total.unsigned_abs() })
            })
        });
        listed.await
    }

    async fn mentioned(&self, mentions: HubMentions) -> Result<Vec<Hub>, StoreError> {
        let organization = UidValue(self.organization.0);
        let found = self.store.read(move |connection| {
            backend::snapshot(connection, |connection| mentioned(connection, organization, &mentions))
        });
        found.await
    }

    async fn remove(&self, id: HubId) -> Result<Removal, StoreError> {
        let (organization, id) = (UidValue(self.organization.0), UidValue(id.0));
        let removed = self.store.write(move |connection| {
            backend::lock_hub(connection, organization, id)?;
            let uses = leg_hubs::table
                .filter(leg_hubs::organization_id.eq(organization))
                .filter(leg_hubs::hub_id.eq(id));
            if diesel::select(exists(uses)).get_result(connection)? {
                return Ok(Removal::InUse);
            }
            let removed = diesel::delete(hubs::table.find((organization, id))).execute(connection)?;
            Ok(if removed > 0 { Removal::Done } else { Removal::Unknown })
        });
        removed.await
    }
}

/// How many keys one statement looks for.
const KEYS: usize = 1000;

/// The hubs that legs mention, each once.
fn mentioned(
    connection: &mut Connection,
    organization: UidValue,
    mentions: &HubMentions,
) -> Result<Vec<Hub>, WorkError> {
    let own = hubs::table.filter(hubs::organization_id.eq(organization));
    if !diesel::select(exists(own)).get_result::<bool>(connection)? {
        return Ok(Vec::new());
    }
    let own = own.select(HubRow::as_select());
    let names: Vec<&str> = mentions.names.iter().map(HubKey::as_str).collect();
    let codes: Vec<&str> = mentions.codes.iter().map(HubKey::as_str).collect();
    let ids: Vec<UidValue> = mentions.ids.iter().map(|id| UidValue(id.0)).collect();
    let mut rows: Vec<HubRow> = Vec::new();
    for names in names.chunks(KEYS) {
        rows.extend(own.filter(hubs::name_key.eq_any(names)).load(connection)?);
    }
    for codes in codes.chunks(KEYS) {
        rows.extend(own.filter(hubs::external_code_key.eq_any(codes)).load(connection)?);
    }
    for ids in ids.chunks(KEYS) {
        rows.extend(own.filter(hubs::id.eq_any(ids)).load(connection)?);
    }
    let found: Result<HashMap<HubId, Hub>, RecordError> =
        rows.into_iter().map(|row| row.into_hub().map(|hub| (hub.id, hub))).collect();
    Ok(found?.into_values().collect())
}

/// Whether another hub has the name or the external code of a row.
fn taken(
    connection: &mut Connection,
    organization: UidValue,
    id: HubId,
    row: &HubRow,
) -> QueryResult<Option<HubWrite>> {
    let others =
        hubs::table.filter(hubs::organization_id.eq(organization)).filter(hubs::id.ne(UidValue(id.0)));
    let named = others.filter(hubs::name_key.eq(row.name_key()));
    if diesel::select(exists(named)).get_result(connection)? {
        return Ok(Some(HubWrite::NameTaken));
    }
    let Some(code) = row.external_code_key() else { return Ok(None) };
    let coded = others.filter(hubs::external_code_key.eq(code));
    let is_taken: bool = diesel::select(exists(coded)).get_result(connection)?;
    Ok(is_taken.then_some(HubWrite::CodeTaken))
}

/// The hubs that a filter selects.
fn selected<'f>(organization: UidValue, filter: &'f HubFilter) -> hubs::BoxedQuery<'f, Backend> {
    let mut query = hubs::table.filter(hubs::organization_id.eq(organization)).into_boxed();
    if let Some(part) = filter.name.as_deref().and_then(HubKey::of) {
        query = query.filter(hubs::name_key.like(containing(part.as_str())).escape(ESCAPE));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(hubs::kind.eq(kind.as_str()));
    }
    if let Some(category) = filter.category {
        query = query.filter(hubs::category.eq(category.as_str()));
    }
    if !filter.statuses.is_empty() {
        query = query.filter(hubs::status.eq_any(filter.statuses.iter().copied().map(HubStatus::as_str)));
    }
    query
}

/// What takes the special meaning from the character after it in a pattern.
const ESCAPE: char = '\\';

/// The pattern of texts that contain a text.
fn containing(text: &str) -> String {
    let mut pattern = String::from("%");
    for character in text.chars() {
        if matches!(character, '%' | '_' | ESCAPE) {
            pattern.push(ESCAPE);
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}
