//! The calculator, as the operator sets it up.

use std::sync::Arc;

use clap::Args;
use emissions_core::Kilograms;
use logistics_domain::Calculator;
use logistics_domain::geography::Passage;
use thiserror::Error;

use crate::factors::{self, FactorsError};
use crate::geography::{GeographyConfig, GeographyError};

/// What the operator can set about calculations. Programs that share a database should agree in it.
#[derive(Debug, Args)]
pub struct CalculationConfig {
    /// The factor packs in their order of precedence, separated by commas: `open`, which is built in, or the path of a
    /// folder.
    #[arg(long, env = "DRAY_FACTOR_PACKS", default_value = "open", value_delimiter = ',')]
    factor_packs: Vec<String>,

    /// The mass of one pallet in kilograms, in place of the factor pack's assumption.
    #[arg(long, env = "DRAY_PALLET_KG", value_parser = mass)]
    pallet_kg: Option<Kilograms>,

    #[command(flatten)]
    geography: GeographyConfig,

    /// Straits and canals that ships avoid, separated by commas, as in `suez,bab_el_mandeb`.
    #[arg(long, env = "DRAY_AVOID_PASSAGES", value_delimiter = ',', value_parser = passage)]
    avoid_passages: Vec<Passage>,
}

/// Why nothing can be calculated.
#[derive(Debug, Error)]
pub enum CalculationError {
    /// The factor packs are at fault.
    #[error("the factors cannot be used")]
    Factors(#[from] FactorsError),
    /// The settings of geocoder or distances are at fault.
    #[error("places and distances cannot be found as configured")]
    Geography(#[from] GeographyError),
}

impl CalculationConfig {
    /// The calculator that was configured.
    ///
    /// # Errors
    /// If a factor pack is refused, or a server or road network that is named cannot be used.
    pub fn calculator(&self) -> Result<Calculator, CalculationError> {
        Ok(Calculator::new(
            Arc::new(factors::load(&self.factor_packs, self.pallet_kg)?),
            self.geography.geocoder()?,
            self.geography.distances()?,
            self.avoid_passages.iter().copied().collect(),
        ))
    }
}

fn mass(text: &str) -> Result<Kilograms, String> {
    let mass = text.parse().ok().and_then(|kg| Kilograms::new(kg).ok());
    mass.filter(|mass| *mass > Kilograms::ZERO).ok_or_else(|| "give a number of kilograms above 0".to_owned())
}

fn passage(text: &str) -> Result<Passage, String> {
    Passage::from_name(text.trim()).ok_or_else(|| {
        let names: Vec<&str> = Passage::ALL.iter().map(|passage| passage.as_str()).collect();
        format!("give one of {}", names.join(", "))
    })
}
