//! The fields of a body, read one by one, so that a client hears of all that are at fault.

use chrono::{DateTime, Utc};
use logistics_domain::accounts::{Access, Label};
use serde_json::Value;
use uuid::Uuid;

use crate::dcycle::{DcycleError, Fault};

/// What is at fault in a body.
#[derive(Default)]
pub(super) struct Faults(Vec<Fault>);

impl Faults {
    pub fn add(&mut self, field: &str, kind: &'static str, msg: String) {
        self.0.push(Fault { loc: vec!["body".into(), field.into()], msg, kind });
    }

    /// Ends the reading.
    pub fn finish(self) -> Result<(), DcycleError> {
        if self.0.is_empty() { Ok(()) } else { Err(DcycleError::Invalid(self.0)) }
    }

    /// A field as text; null is as good as absent.
    fn text(&mut self, field: &str, value: Option<Value>) -> Option<String> {
        match value? {
            Value::Null => None,
            Value::String(text) => Some(text),
            other => {
                self.add(field, "type_error", format!("{field} is {other}; give text"));
                None
            }
        }
    }

    /// The name, which must be there.
    pub fn name(&mut self, value: Option<Value>) -> Option<Label> {
        if value.as_ref().is_none_or(Value::is_null) {
            self.add("name", "value_error", "field required: give a name, to tell it from others".to_owned());
            return None;
        }
        let text = self.text("name", value)?;
        let name = Label::parse(&text);
        name.map_err(|error| self.add("name", "value_error", error.to_string())).ok()
    }

    /// The access; `write` without it.
    pub fn access(&mut self, value: Option<Value>) -> Access {
        let Some(text) = self.text("access", value) else { return Access::Write };
        Access::from_name(&text).unwrap_or_else(|| {
            self.add("access", "value_error", format!("access is '{text}'; give one of read, write, admin"));
            Access::Write
        })
    }

    /// A time that is not over; nothing without it.
    pub fn future(&mut self, field: &str, value: Option<Value>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let text = self.text(field, value)?;
        match DateTime::parse_from_rfc3339(&text).map(|at| at.to_utc()) {
            Ok(at) if at > now => Some(at),
            Ok(_over) => {
                self.add(
                    field,
                    "value_error",
                    format!("{field} is '{text}', which is over; give a later time"),
                );
                None
            }
            Err(error) => {
                let remedy = "give a time of RFC 3339, as in 2027-01-31T00:00:00Z";
                self.add(field, "value_error", format!("{field} is '{text}' ({error}); {remedy}"));
                None
            }
        }
    }

    fn uuid(&mut self, field: &str, value: Option<Value>) -> Option<Uuid> {
        let text = self.text(field, value)?;
        let id = Uuid::parse_str(&text);
        id.map_err(|_not_a_uuid| self.add(field, "value_error", format!("{field} is '{text}'; give a UUID")))
            .ok()
    }

    /// UUIDs, each once, in their order; none without the field.
    pub fn uuids(&mut self, field: &str, value: Option<Value>, max: usize) -> Vec<Uuid> {
        let values = match value {
            None | Some(Value::Null) => return Vec::new(),
            Some(Value::Array(values)) if (1..=max).contains(&values.len()) => values,
            Some(_) => {
                self.add(field, "value_error", format!("{field} is no list of 1 to {max} UUIDs; give one"));
                return Vec::new();
            }
        };
        let mut ids = Vec::with_capacity(values.len());
        for value in values {
            match self.uuid(field, Some(value)) {
                Some(id) if !ids.contains(&id) => ids.push(id),
                _ => {}
            }
        }
        ids
    }
}
