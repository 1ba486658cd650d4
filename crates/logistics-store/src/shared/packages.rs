//! An organization's packages, each with its legs as they are at the moment.

use std::collections::HashMap;

use async_trait::async_trait;
use diesel::prelude::*;
use logistics_domain::ids::{OrganizationId, PackageId};
use logistics_domain::leg::AnyOf;
use logistics_domain::package::{PackageFilter, PackageLeg, PackageRecord};
use logistics_domain::ports::{Listed, PackageRepository, Page, StoreError};

use super::Store;
use super::backend::{self, Backend, Connection};
use super::index::{Dimension, Narrowing};
use super::read::before;
use crate::columns::UidValue;
use crate::error::WorkError;
use crate::positions::Positions;
use crate::records::{PackageLegRow, PackageRow};
use crate::schema::{leg_results, legs, packages};
use crate::search_blocks::SearchBlocks;

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
        let (store, organization, filter) = (self.store.clone(), self.organization, filter.clone());
        let listed = self.store.read(move |connection| {
            backend::snapshot(connection, |connection| {
                let admitted = admitted(connection, store.blocks(), organization, &filter)?;
                let most = usize::try_from(page.size).unwrap_or(usize::MAX);
                let positions = admitted.descending(before(page).unsigned_abs(), most);
                let ids = at(connection, organization, &positions)?;
                let items = records(connection, UidValue(organization.0), &ids)?;
                Ok(Listed { items, total: admitted.len() })
            })
        });
        listed.await
    }
}

/// The positions of the packages that a filter admits.
fn admitted(
    connection: &mut Connection,
    blocks: &SearchBlocks,
    organization: OrganizationId,
    filter: &PackageFilter,
) -> Result<Positions, WorkError> {
    let mut found = Narrowing::packages(blocks, organization);
    if filter.movement_id.is_some() || filter.package_key.is_some() {
        let own = packages::organization_id.eq(UidValue(organization.0));
        let mut named = packages::table.filter(own).select(packages::position).into_boxed::<Backend>();
        if let Some(movement) = &filter.movement_id {
            named = named.filter(packages::movement_id.eq(movement));
        }
        if let Some(key) = &filter.package_key {
            named = named.filter(packages::package_key.eq(key));
        }
        let rows: Vec<i64> = named.load(connection)?;
        found.and(rows.into_iter().collect());
    }
    if let Some(client) = &filter.client {
        let client = AnyOf::these(vec![client.clone()]);
        found.by_text(connection, Dimension::PackageClient, &client)?;
    }
    found.finish(connection)
}

/// The ids of the packages at some positions, in the order of these.
fn at(
    connection: &mut Connection,
    organization: OrganizationId,
    positions: &[i64],
) -> QueryResult<Vec<UidValue>> {
    let mut ids = Vec::with_capacity(positions.len());
    for positions in positions.chunks(backend::KEYS) {
        let rows: Vec<UidValue> = packages::table
            .filter(packages::organization_id.eq(UidValue(organization.0)))
            .filter(packages::position.eq_any(positions))
            .order(packages::position.desc())
            .select(packages::id)
            .load(connection)?;
        ids.extend(rows);
    }
    Ok(ids)
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
