//! The packages that the legs of a batch name.

use std::collections::HashSet;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use logistics_domain::ids::OrganizationId;
use logistics_domain::leg::LegRecord;

use super::backend::{self, Connection};
use super::index::{self, PackagePlace, Reserved};
use crate::columns::{InstantValue, Uid, UidValue};
use crate::error::WorkError;
use crate::records::RecordError;

/// What names a package: movement and key.
pub type Name<'a> = (&'a str, &'a str);

/// A package that was looked for by name.
#[derive(QueryableByName)]
pub struct PackageFound {
    #[diesel(sql_type = Uid)]
    id: UidValue,
    #[diesel(sql_type = Text)]
    movement_id: String,
    #[diesel(sql_type = Text)]
    package_key: String,
    #[diesel(sql_type = BigInt)]
    position: i64,
}

impl PackageFound {
    fn name(&self) -> Name<'_> {
        (&self.movement_id, &self.package_key)
    }
}

/// What was found for each of some names, which are in ascending order.
pub fn places(mut found: Vec<PackageFound>, names: &[Name<'_>]) -> Vec<Option<PackagePlace>> {
    found.sort_unstable_by(|one, other| one.name().cmp(&other.name()));
    let mut found = found.into_iter().peekable();
    let place = |found: PackageFound| PackagePlace { id: found.id, position: found.position };
    names.iter().map(|name| found.next_if(|found| found.name() == *name).map(place)).collect()
}

/// The packages of a batch.
pub struct BatchPackages {
    reserved: Reserved,
    of_legs: Vec<Option<PackagePlace>>,
}

impl BatchPackages {
    /// Finds or makes those that legs name.
    pub fn write(
        connection: &mut Connection,
        organization: OrganizationId,
        legs: &[LegRecord],
        reserved: Reserved,
        at: InstantValue,
    ) -> Result<Self, WorkError> {
        let mut named: Vec<(Name<'_>, usize)> = Vec::with_capacity(legs.len());
        for (leg, given) in legs.iter().enumerate() {
            named.extend(name(given)?.map(|name| (name, leg)));
        }
        named.sort_unstable();
        let alike = || named.chunk_by(|(one, _), (other, _)| one == other);
        let names: Vec<Name<'_>> = alike().map(|legs| legs[0].0).collect();
        let places = backend::upsert_packages(connection, organization, &names, reserved.package, at)?;
        let mut of_legs = vec![None; legs.len()];
        for (legs, place) in alike().zip(places) {
            for (_, leg) in legs {
                of_legs[*leg] = Some(place);
            }
        }
        Ok(Self { reserved, of_legs })
    }

    /// The package of a leg.
    pub fn of(&self, leg: usize) -> Option<PackagePlace> {
        self.of_legs[leg]
    }

    /// The package of a leg, if it came with the batch.
    pub fn new_of(&self, leg: usize) -> Option<PackagePlace> {
        self.of(leg).filter(|package| self.reserved.has_package(package.position))
    }

    /// The clients of the legs, as they are now, of those packages that were there before the batch.
    pub fn clients_of_known(
        &self,
        connection: &mut Connection,
        organization: OrganizationId,
    ) -> QueryResult<HashSet<(i64, String)>> {
        let known =
            self.of_legs.iter().flatten().filter(|package| !self.reserved.has_package(package.position));
        let known: HashSet<UidValue> = known.map(|package| package.id).collect();
        index::clients_of_packages(connection, organization, &known.into_iter().collect::<Vec<_>>())
    }
}

fn name(given: &LegRecord) -> Result<Option<Name<'_>>, RecordError> {
    match (&given.leg.trace.movement_id, &given.leg.trace.package_key) {
        (Some(movement), Some(key)) => Ok(Some((movement, key))),
        (None, Some(_)) => Err(RecordError::NoMovement),
        (_, None) => Ok(None),
    }
}
