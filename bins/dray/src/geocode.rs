use clap::Args;
use emissions_core::{CountryCode, Mode};

use crate::{Failure, places, print};

#[derive(Debug, Args)]
pub struct Geocode {
    /// An address, town, postal code, UN/LOCODE, IATA code or `latitude, longitude`.
    address: String,

    /// The country that it is probably in: ISO 3166-1.
    #[arg(long, value_parser = places::country)]
    country: Option<CountryCode>,

    /// `maritime` prefers ports, `air` airports.
    #[arg(long, default_value = "road", value_parser = places::category)]
    category: Mode,
}

impl Geocode {
    pub fn run(self, json: bool) -> Result<(), Failure> {
        let found = places::find(&self.address, self.category, self.country)?;
        print(json, &found, || places::line(&found))
    }
}
