//! An organization's packages, each with its legs as they are at the moment.

use std::collections::HashMap;

use async_trait::async_trait;
use diesel::prelude::*;
use logistics_domain::ids::{OrganizationId, PackageId};
use logistics_domain::package::{PackageFilter, PackageLeg, PackageRecord};
use logistics_domain::ports::{Listed, PackageRepository, Page, StoreError};

use super::Store;
use super::backend::{self, Backend, Connection};
use super::read::before;
use crate::columns::UidValue;
use crate::error::WorkError;
use crate::records::{PackageLegRow, PackageRow};
use crate::schema::{leg_results, legs, packages};

/// The packages of one organization.
pub struct StoredPackages {
    pub store: Store,
    pub organization: OrganizationId,
}

#[async_trait]
impl PackageRepository for StoredPackages {
    async fn find(&self, id: PackageId) -> Result<Option<PackageRecord>, StoreError> {
        let organization = UidValue(self.organization.0);
        let found = self.store.read(move |connection| {
            backend::snapshot(connection, |connection| {
                Ok(records(connection, organization, &[UidValue(id.0)])?.pop())
            })
        });
        found.await
    }

    async fn select(&self, filter: &PackageFilter, page: Page) -> Result<Listed<PackageRecord>, StoreError> {
        let (organization, filter) = (UidValue(self.organization.0), filter.clone());
        let listed = self.store.read(move |connection| {
            backend::snapshot(connection, |connection| {
                let total: i64 = selected(organization, &filter).count().get_result(connection)?;
                let ids: Vec<UidValue> = selected(organization, &filter)
                    .order((packages::created_at.desc(), packages::id.desc()))
                    .limit(page.size.into())
                    .offset(before(page))
                    .select(packages::id)
                    .load(connection)?;
                let items = records(connection, organization, &ids)?;
                Ok(Listed { items, total: total.unsigned_abs() })
            })
        });
        listed.await
    }
}

/// The packages that a filter admits.
fn selected(organization: UidValue, filter: &PackageFilter) -> packages::BoxedQuery<'_, Backend> {
    let mut query = packages::table.filter(packages::organization_id.eq(organization)).into_boxed();
    if let Some(movement) = &filter.movement_id {
        query = query.filter(packages::movement_id.eq(movement));
    }
    if let Some(key) = &filter.package_key {
        query = query.filter(packages::package_key.eq(key));
    }
    if let Some(client) = &filter.client {
        let carried = legs::table
            .filter(legs::organization_id.eq(organization))
            .filter(legs::client.eq(client))
            .filter(legs::package_id.is_not_null())
            .select(legs::package_id);
        query = query.filter(packages::id.nullable().eq_any(carried));
    }
    query
}

/// The packages of those ids that there are, in their order, with their legs.
fn records(
    connection: &mut Connection,
    organization: UidValue,
    ids: &[UidValue],
) -> Result<Vec<PackageRecord>, WorkError> {
    let rows: Vec<PackageRow> = packages::table
        .filter(packages::organization_id.eq(organization))
        .filter(packages::id.eq_any(ids))
        .select(PackageRow::as_select())
        .load(connection)?;
    let mut carried = legs_of(connection, organization, ids)?;
    let mut records: HashMap<PackageId, PackageRecord> = HashMap::with_capacity(rows.len());
    for row in rows {
        let legs = carried.remove(&row.id()).unwrap_or_default();
        records.insert(row.id(), row.into_record(legs));
    }
    Ok(ids.iter().filter_map(|id| records.remove(&PackageId(id.0))).collect())
}

/// The legs of packages, the oldest first.
fn legs_of(
    connection: &mut Connection,
    organization: UidValue,
    ids: &[UidValue],
) -> Result<HashMap<PackageId, Vec<PackageLeg>>, WorkError> {
    let rows: Vec<PackageLegRow> = carried(organization, ids).load(connection)?;
    let mut legs: HashMap<PackageId, Vec<PackageLeg>> = HashMap::new();
    for row in rows {
        if let Some(package) = row.package_id() {
            legs.entry(package).or_default().push(row.into_leg()?);
        }
    }
    Ok(legs)
}

/// The legs of packages and their results in force.
#[diesel::dsl::auto_type(no_type_alias)]
fn carried<'a>(organization: UidValue, ids: &'a [UidValue]) -> _ {
    let result = leg_results::organization_id
        .eq(legs::organization_id)
        .and(leg_results::leg_id.eq(legs::id))
        .and(leg_results::is_current);
    let selected: diesel::dsl::AsSelect<PackageLegRow, Backend> = PackageLegRow::as_select();
    legs::table
        .left_join(leg_results::table.on(result))
        .filter(legs::organization_id.eq(organization))
        .filter(legs::package_id.eq_any(ids))
        .order((legs::created_at, legs::id))
        .select(selected)
}
