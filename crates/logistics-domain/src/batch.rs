//! A batch of legs: each is judged by itself, all are calculated together.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use crate::geography::GeographySettings;
use crate::hub::{HubDirectory, HubMentions};
use crate::leg::{Family, FieldError, NewLeg, ResolvedLeg, trimmed};
use crate::{Calculation, Calculator, LegFailure};

/// The most records that a batch may have.
pub const MAX_RECORDS: usize = 5_000;

/// The code of a record with fields at fault.
pub const INVALID: &str = "INVALID";

/// The code of a record that stands in the batch twice.
pub const DUPLICATE: &str = "DUPLICATE";

/// One record of a batch, parsed or refused.
#[derive(Debug)]
pub struct Record {
    /// The movement that it names, to tell records apart in the answer.
    pub movement_id: Option<String>,
    /// The leg, or what is wrong with it.
    pub leg: Result<NewLeg, Vec<FieldError>>,
}

impl Record {
    /// A record that names its movement so. A name that no database could keep is left out; the fault of its field says why.
    #[must_use]
    pub fn new(movement_id: Option<String>, leg: Result<NewLeg, Vec<FieldError>>) -> Self {
        let movement_id = movement_id.filter(|name| !name.contains('\0')).and_then(trimmed);
        Self { movement_id, leg }
    }
}

/// What is done when a record cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnError {
    /// The others are taken.
    Continue,
    /// Those before it are taken, it is reported, and those after it are not looked at.
    Stop,
}

/// A record that was taken.
#[derive(Debug)]
pub struct Taken<T> {
    /// Its position in the batch, from 0.
    pub index: usize,
    /// The leg.
    pub leg: ResolvedLeg,
    /// What was made of it.
    pub result: T,
}

/// A record that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Its position in the batch, from 0.
    pub index: usize,
    /// The movement that it names.
    pub movement_id: Option<String>,
    /// Why, for programs: [`INVALID`], [`DUPLICATE`] or a [failure's](crate::FailureCode).
    pub code: &'static str,
    /// Why: the text that a single call would give.
    pub reason: String,
}

/// What became of a batch. Every record that was looked at is in one of the lists, in the order of the batch.
#[derive(Debug)]
pub struct Outcome<T> {
    /// The records that were taken.
    pub taken: Vec<Taken<T>>,
    /// The records that were not.
    pub refused: Vec<Refused>,
}

/// Whatever in the records may name a hub.
#[must_use]
pub fn mentions(records: &[Record]) -> HubMentions {
    HubMentions::of(records.iter().filter_map(|record| record.leg.as_ref().ok()))
}

/// Resolves a batch: what is malformed, names a hub that cannot be used, names no known vehicle or stands in the batch twice is refused.
pub fn resolve(
    calculator: &Calculator,
    hubs: &HubDirectory,
    records: Vec<Record>,
    on_error: OnError,
    now: DateTime<Utc>,
) -> Outcome<()> {
    let mut seen: HashMap<[u8; 32], usize> = HashMap::with_capacity(records.len());
    let mut outcome = Outcome { taken: Vec::with_capacity(records.len()), refused: Vec::new() };
    for (index, Record { movement_id, leg }) in records.into_iter().enumerate() {
        let resolved = leg
            .map_err(|faults| (INVALID, in_words(&faults)))
            .and_then(|leg| hubs.settle(leg).map_err(|fault| (INVALID, fault.to_string())))
            .and_then(|leg| calculator.resolve(leg, now).map_err(|failure| coded(&failure)))
            .and_then(|leg| match leg.dedup_key().map(|key| *seen.entry(key).or_insert(index)) {
                Some(first) if first != index => Err((DUPLICATE, duplicate(first, &leg))),
                _ => Ok(leg),
            });
        match resolved {
            Ok(leg) => outcome.taken.push(Taken { index, leg, result: () }),
            Err((code, reason)) => {
                outcome.refused.push(Refused { index, movement_id, code, reason });
                if on_error == OnError::Stop {
                    break;
                }
            }
        }
    }
    outcome
}

/// Calculates what was resolved: what has no distance or load is refused as well.
pub async fn calculate(
    calculator: &Calculator,
    resolved: Outcome<()>,
    settings: &GeographySettings,
    on_error: OnError,
) -> Outcome<Calculation> {
    let legs: Vec<&ResolvedLeg> = resolved.taken.iter().map(|taken| &taken.leg).collect();
    let results: Vec<Result<Calculation, LegFailure>> = calculator.calculate(&legs, settings).await;
    let mut outcome = Outcome { taken: Vec::with_capacity(legs.len()), refused: resolved.refused };
    for (Taken { index, leg, .. }, result) in resolved.taken.into_iter().zip(results) {
        match result {
            Ok(result) => outcome.taken.push(Taken { index, leg, result }),
            Err(failure) => {
                let movement_id = leg.trace.movement_id;
                let (code, reason) = coded(&failure);
                outcome.refused.push(Refused { index, movement_id, code, reason });
            }
        }
    }
    outcome.refused.sort_by_key(|refused| refused.index);
    if on_error == OnError::Stop {
        outcome.refused.truncate(1);
        let end = outcome.refused.first().map_or(usize::MAX, |refused| refused.index);
        outcome.taken.retain(|taken| taken.index < end);
    }
    outcome
}

fn coded(failure: &LegFailure) -> (&'static str, String) {
    (failure.code.as_str(), failure.to_string())
}

/// What is wrong with a record, in one text. What several fields share is said once.
#[must_use]
pub fn in_words(faults: &[FieldError]) -> String {
    let mut said: Vec<&str> = Vec::with_capacity(faults.len());
    for fault in faults {
        if !said.contains(&fault.message.as_str()) {
            said.push(&fault.message);
        }
    }
    said.join("; ")
}

fn duplicate(first: usize, leg: &ResolvedLeg) -> String {
    let parts = match leg.family() {
        Family::Dcycle => {
            "movement_id, movement_stretch, movement_stage, package_key, origin, destination and shipment_date"
        }
        Family::Climes => "trip_id and shipment_sequence",
    };
    format!("duplicate of record {first} in this batch: {parts} are the same")
}
