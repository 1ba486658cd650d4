//! The factor packs that the operator names.

use std::path::Path;
use std::sync::Arc;

use emissions_core::{FactorPack, Factors, Kilograms, PackConflict, PackError};

/// Why the factors cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FactorsError {
    /// A pack is at fault.
    #[error("the factor pack `{name}` is refused")]
    Refused {
        /// The pack as it was named.
        name: String,
        /// What is wrong with it.
        #[source]
        reason: PackError,
    },
    /// Packs do not go together.
    #[error(transparent)]
    Conflict(#[from] PackConflict),
}

/// Loads packs in their order of precedence. What a pack wants its users to know is logged.
pub fn load(names: &[String], pallet: Option<Kilograms>) -> Result<Factors, FactorsError> {
    let pack = |name: &String| {
        let name = name.trim();
        let refused = |reason| FactorsError::Refused { name: name.to_owned(), reason };
        FactorPack::named(Path::new(name)).map_err(refused)
    };
    let packs: Vec<Arc<FactorPack>> = names.iter().map(pack).collect::<Result<_, _>>()?;
    for pack in &packs {
        let (about, tocs) = (pack.identity(), pack.tocs().len());
        tracing::info!(
            pack = about.id,
            version = about.version,
            digest = about.digest,
            tocs,
            licence = pack.licence(),
            "factor pack"
        );
        if !pack.notice().is_empty() {
            tracing::warn!(pack = about.id, "{}", pack.notice());
        }
    }
    let factors = Factors::new(packs)?;
    Ok(match pallet {
        Some(mass) => factors.with_pallet_mass(mass),
        None => factors,
    })
}
