//! Which packages have legs of which clients.

use std::collections::HashSet;

use diesel::prelude::*;
use logistics_domain::ids::OrganizationId;
use uuid::Uuid;

use super::super::backend::{self, Connection};
use crate::columns::UidValue;
use crate::schema::{legs, packages};

/// A package and its position.
#[derive(Debug, Clone, Copy)]
pub struct PackagePlace {
    pub id: UidValue,
    pub position: i64,
}

impl PackagePlace {
    /// That of a package that is to be made.
    pub fn new(position: i64) -> Self {
        Self { id: UidValue(Uuid::now_v7()), position }
    }
}

/// The clients of the legs that packages have now, by the packages' positions.
pub fn clients_of_packages(
    connection: &mut Connection,
    organization: OrganizationId,
    ids: &[UidValue],
) -> QueryResult<HashSet<(i64, String)>> {
    let mut clients = HashSet::new();
    for ids in ids.chunks(backend::KEYS) {
        let package = packages::organization_id
            .eq(legs::organization_id)
            .and(packages::id.nullable().eq(legs::package_id));
        let rows: Vec<(i64, String)> = legs::table
            .inner_join(packages::table.on(package))
            .filter(legs::organization_id.eq(UidValue(organization.0)))
            .filter(legs::package_id.eq_any(ids))
            .filter(legs::client.is_not_null())
            .select((packages::position, legs::client.assume_not_null()))
            .load(connection)?;
        clients.extend(rows);
    }
    Ok(clients)
}
