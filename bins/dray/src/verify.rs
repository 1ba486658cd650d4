use std::path::PathBuf;

use clap::Args;
use emissions_core::Receipt;
use serde::{Deserialize, Serialize};

use crate::{Failure, print};

#[derive(Debug, Args)]
pub struct Verify {
    /// A receipt: the answer of `GET /v1/logistics/requests/{id}/receipt`, or its `receipt` alone.
    file: PathBuf,
}

/// A receipt by itself, or as the API answers it.
#[derive(Deserialize)]
#[serde(untagged)]
enum File {
    Answer { receipt: Box<Receipt> },
    Alone(Box<Receipt>),
}

#[derive(Serialize)]
struct Verified {
    verified: bool,
    toc: String,
    steps: usize,
    total_kg_co2e: f64,
}

impl Verify {
    pub fn run(self, json: bool) -> Result<(), Failure> {
        let text = std::fs::read_to_string(&self.file)
            .map_err(|error| format!("{} cannot be read: {error}", self.file.display()))?;
        let (File::Answer { receipt } | File::Alone(receipt)) = serde_json::from_str(&text)
            .map_err(|error| format!("{} is not a receipt: {error}", self.file.display()))?;
        receipt.verify()?;
        let verified = Verified {
            verified: true,
            toc: receipt.facts.toc.id.to_string(),
            steps: receipt.steps.len(),
            total_kg_co2e: receipt.total.wtw.get(),
        };
        print(json, &verified, || {
            format!("verified: {} kg CO2e in {} steps, bit for bit", verified.total_kg_co2e, verified.steps)
        })
    }
}
