//! The fields of organizations and keys.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use logistics_domain::accounts::{Access, Label};
use logistics_domain::leg::{Problem, shortened};
use serde_json::Value;
use uuid::Uuid;

use crate::values::{Faults, Given};

impl Faults {
    /// The name, which must be there.
    pub fn name(&mut self, given: Given<String>) -> Option<Label> {
        let name = self.required("name", given, "give a name, to tell it from others")?;
        Label::parse(&name).map_err(|error| self.add("name", Problem::OutOfRange, error.to_string())).ok()
    }

    /// The access; `write` without it.
    pub fn access(&mut self, given: Given<String>) -> Access {
        let Some(text) = self.read("access", given) else { return Access::Write };
        Access::from_name(&text).unwrap_or_else(|| {
            let message = format!("access is '{}'; give one of read, write, admin", shortened(&text));
            self.add("access", Problem::NotPermitted, message);
            Access::Write
        })
    }

    /// A time that is not over; nothing without it.
    pub fn future(
        &mut self,
        field: &'static str,
        given: Given<String>,
        now: DateTime<Utc>,
    ) -> Option<DateTime<Utc>> {
        let text = self.read(field, given)?;
        let refused = match DateTime::parse_from_rfc3339(&text).map(|at| at.to_utc()) {
            Ok(at) if at > now => return Some(at),
            Ok(_over) => "which is over; give a later time".to_owned(),
            Err(error) => {
                format!("which is no time ({error}); give one of RFC 3339, as in 2027-01-31T00:00:00Z")
            }
        };
        self.add(field, Problem::OutOfRange, format!("{field} is '{}', {refused}", shortened(&text)));
        None
    }

    /// UUIDs, each once, in their order; none without the field.
    pub fn distinct_uuids(&mut self, field: &'static str, given: Given<Vec<Value>>, max: usize) -> Vec<Uuid> {
        let Some(values) = self.read(field, given) else { return Vec::new() };
        if !(1..=max).contains(&values.len()) {
            let message = format!("{field} has {} entries; give 1 to {max} UUIDs", values.len());
            self.add(field, Problem::OutOfRange, message);
            return Vec::new();
        }
        let mut ids = self.uuids(field, values);
        let mut seen = HashSet::new();
        ids.retain(|id| seen.insert(*id));
        ids
    }
}
