//! What the server and the worker have in common: settings that mean the same in both, and the adapters that they choose.
//!
//! Each setting is a flag and a `DRAY_*` variable of the same name; a program flattens the groups that it needs into its own.

mod calculation;
mod clock;
mod factors;
mod geography;
mod log;
mod store;
mod work;

pub use calculation::{CalculationConfig, CalculationError};
pub use clock::SystemClock;
pub use factors::FactorsError;
pub use geography::{GeographyConfig, GeographyError};
pub use log::{LogConfig, explain};
pub use logistics_store::OpenError;
pub use store::DatabaseConfig;
pub use work::{Work, WorkConfig};
