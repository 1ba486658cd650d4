//! The body of a hub, as clients write it.

use std::collections::HashMap;

use logistics_domain::hub::{HubDraft, Patch};
use logistics_domain::leg::{FieldError, Problem};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa::openapi::schema::Object;

use crate::schemas;

/// A hub, or what to change about one. `null` is a field that is not there. In a change, fields that are not there stay as
/// they are, and a blank text clears its field.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = LogisticHubRequest)]
#[serde(default)]
pub(super) struct HubBody {
    /// Unique in the organization; case and blanks do not matter. Needed in a new hub.
    #[schema(value_type = Option<String>, example = "Madrid Distribution Center")]
    name: Value,
    #[schema(schema_with = kind)]
    r#type: Value,
    #[schema(schema_with = category)]
    category: Value,
    /// Takes the place of the hub's name in legs.
    #[schema(value_type = Option<String>, example = "Calle Industrial 5, Madrid")]
    address: Value,
    /// ISO 3166-1; found from the address without it.
    #[schema(value_type = Option<String>, example = "ES")]
    country: Value,
    #[schema(schema_with = status)]
    status: Value,
    /// False without it.
    #[schema(value_type = Option<bool>, example = false)]
    supercharger: Value,
    /// The facility that the energy of an own hub is accounted under; needed there, ignored elsewhere.
    #[schema(value_type = Option<String>, format = Uuid)]
    facility_id: Value,
    /// The organization's own code, which `hub_id` of a leg may be. Unique in the organization.
    #[schema(value_type = Option<String>, example = "HUB-MAD-001")]
    external_code: Value,
    /// What an own hub emits in a year, in kilograms of CO2e (scopes 1 and 2).
    #[schema(value_type = Option<f64>, example = 1250.5)]
    annual_co2e_kg: Value,
    /// What leaves an own hub in the same year, in tonnes.
    #[schema(value_type = Option<f64>, example = 5000)]
    annual_throughput_t: Value,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: HashMap<String, IgnoredAny>,
}

fn kind() -> Object {
    let about = "Who runs it. Needed in a new hub.";
    schemas::choice_or_null(schemas::hub_kinds()).description(Some(about)).build()
}

fn category() -> Object {
    let about = "What it does; decides the default intensity.";
    schemas::choice_or_null(schemas::hub_categories()).description(Some(about)).build()
}

fn status() -> Object {
    let about = "`active` without it.";
    schemas::choice_or_null(schemas::hub_statuses()).description(Some(about)).build()
}

impl HubBody {
    /// The draft that `settle` makes a hub of, or every field at fault.
    pub fn settle<T>(
        self,
        settle: impl FnOnce(HubDraft) -> Result<T, Vec<FieldError>>,
    ) -> Result<T, Vec<FieldError>> {
        metrics::counter!("dray_unknown_body_fields_total").increment(self.unknown.len() as u64);
        let mut wrong = WrongTypes::default();
        let draft = HubDraft {
            name: wrong.text("name", self.name),
            kind: wrong.text("type", self.r#type),
            category: wrong.text("category", self.category),
            address: wrong.text("address", self.address),
            country: wrong.text("country", self.country),
            status: wrong.text("status", self.status),
            supercharger: wrong.flag("supercharger", &self.supercharger),
            facility_id: wrong.text("facility_id", self.facility_id),
            external_code: wrong.text("external_code", self.external_code),
            annual_co2e_kg: wrong.number("annual_co2e_kg", &self.annual_co2e_kg),
            annual_throughput_t: wrong.number("annual_throughput_t", &self.annual_throughput_t),
        };
        let mut faults = wrong.0;
        match settle(draft) {
            Ok(hub) if faults.is_empty() => return Ok(hub),
            Ok(_) => {}
            Err(others) => {
                let is_new = |other: &FieldError| faults.iter().all(|fault| fault.field != other.field);
                let others: Vec<FieldError> = others.into_iter().filter(is_new).collect();
                faults.extend(others);
            }
        }
        Err(faults)
    }
}

/// Collects the fields of a wrong type.
#[derive(Default)]
struct WrongTypes(Vec<FieldError>);

impl WrongTypes {
    fn text(&mut self, field: &'static str, value: Value) -> Patch<String> {
        match value {
            Value::Null => Patch::Keep,
            Value::String(text) => Patch::Set(text),
            _ => self.note(field, "text"),
        }
    }

    fn number(&mut self, field: &'static str, value: &Value) -> Patch<f64> {
        let number = match value {
            Value::Null => return Patch::Keep,
            Value::String(text) if text.trim().is_empty() => return Patch::Clear,
            Value::String(text) => text.trim().parse().ok(),
            value => value.as_f64(),
        };
        number.map_or_else(|| self.note(field, "a number"), Patch::Set)
    }

    fn flag(&mut self, field: &'static str, value: &Value) -> Patch<bool> {
        match value {
            Value::Null => Patch::Keep,
            Value::Bool(flag) => Patch::Set(*flag),
            _ => self.note(field, "true or false"),
        }
    }

    fn note<T>(&mut self, field: &'static str, expected: &str) -> Patch<T> {
        let message = format!("{field} is not {expected}; give {expected} or leave it out");
        self.0.push(FieldError { field, problem: Problem::WrongType, message });
        Patch::Keep
    }
}
