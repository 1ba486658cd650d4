use async_trait::async_trait;

use super::VehicleCode;
use crate::Category;
use crate::ids::OrganizationId;
use crate::leg::{Days, LegRecord};
use crate::ports::{Listed, Page, StoreError};

/// Which trips a list shows: those that fit every part that is set.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TripFilter {
    /// The client's id of the trip.
    pub trip_id: Option<String>,
    /// The client's id of the customer.
    pub customer_identifier: Option<String>,
    /// The vehicle.
    pub vehicle_code: Option<VehicleCode>,
    /// The mode.
    pub category: Option<Category>,
    /// The day of the trip, in UTC.
    pub travelled: Days,
}

/// The trips of one organization. It is opened for that organization and cannot reach another's.
///
/// A trip is a leg with a [`Trip`](super::Trip): it is kept with the [`Intake`](crate::intake::Intake), and removed with the
/// [`LegRepository`](crate::ports::LegRepository). A trip that comes again exactly as it is kept is left as it is.
#[async_trait]
pub trait TripRepository: Send + Sync {
    /// The trip with that number.
    async fn find(&self, number: i64) -> Result<Option<LegRecord>, StoreError>;

    /// The trips that a filter admits, newest first.
    async fn select(&self, filter: &TripFilter, page: Page) -> Result<Listed<LegRecord>, StoreError>;
}

/// Opens an organization's trips.
pub trait Trips: Send + Sync {
    /// The organization's trips.
    fn trips(&self, organization: OrganizationId) -> Box<dyn TripRepository>;
}
