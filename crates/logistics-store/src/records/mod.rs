//! Rows, and the domain's records in them.

mod hub;
mod key;
mod leg;
mod outcome;
mod package;
mod recharge;
mod trip;

pub use hub::HubRow;
pub use key::{KeyRow, access_columns};
pub use leg::{LegKeys, LegRow, NewLegRow};
pub use outcome::{NewResultRow, ResultKeys, ResultRow, Shared};
pub use package::{NewPackageRow, PackageLegRow, PackageRow};
pub use recharge::RechargeRow;
pub use trip::TripRow;

use thiserror::Error;

/// Why a record cannot be written, or a row not be read.
#[derive(Debug, Error)]
pub enum RecordError {
    /// A column holds what the domain does not know.
    #[error("the column {column} holds {value}, which it cannot")]
    Impossible {
        /// The column.
        column: &'static str,
        /// What it holds.
        value: String,
    },
    /// A value was computed that is not of its quantity.
    #[error(transparent)]
    Unit(#[from] emissions_core::UnitError),
    /// A JSON column holds something else.
    #[error("the column {column} does not hold its JSON")]
    Json {
        /// The column.
        column: &'static str,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// The load and the unit to show it in differ.
    #[error("a load in {load} cannot be kept with the unit {shown}")]
    LoadUnit {
        /// The load's unit.
        load: &'static str,
        /// The leg's unit.
        shown: &'static str,
    },
    /// A package key without a movement names no package.
    #[error("a leg with a package_key has no movement_id")]
    NoMovement,
}

/// A value as the JSON of a column.
pub fn to_json(column: &'static str, value: &impl serde::Serialize) -> Result<String, RecordError> {
    serde_json::to_string(value).map_err(|source| RecordError::Json { column, source })
}

/// The value of a column of JSON.
pub fn from_json<T: serde::de::DeserializeOwned>(column: &'static str, json: &str) -> Result<T, RecordError> {
    serde_json::from_str(json).map_err(|source| RecordError::Json { column, source })
}

/// The error of a column that holds what it cannot.
pub fn impossible(column: &'static str, value: impl std::fmt::Display) -> RecordError {
    RecordError::Impossible { column, value: value.to_string() }
}
