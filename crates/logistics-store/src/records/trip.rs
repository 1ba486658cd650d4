//! What the clients of trips say, as rows.

use diesel::prelude::*;
use logistics_domain::trip::{Trip, TripNumbers};

use super::{RecordError, from_json};
use crate::schema::trips;

/// A trip as it was read.
#[derive(Queryable, Selectable)]
#[diesel(table_name = trips, check_for_backend(diesel::sqlite::Sqlite, diesel::pg::Pg))]
pub struct TripRow {
    number: i64,
    customer: Option<i64>,
    vehicle_code: String,
    json: String,
}

impl TripRow {
    pub fn numbers(&self) -> TripNumbers {
        TripNumbers { trip: self.number, customer: self.customer }
    }

    pub fn vehicle_code(&self) -> &str {
        &self.vehicle_code
    }

    /// What its client says.
    pub fn trip(&self) -> Result<Trip, RecordError> {
        from_json("trips.json", &self.json)
    }
}
