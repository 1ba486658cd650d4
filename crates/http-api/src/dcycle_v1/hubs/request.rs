//! The body of a hub, as clients write it.

use std::collections::HashMap;

use logistics_domain::hub::{HubDraft, Patch};
use logistics_domain::leg::FieldError;
use serde::Deserialize;
use serde::de::IgnoredAny;
use utoipa::ToSchema;
use utoipa::openapi::schema::{Object, Type};

use crate::schemas;
use crate::values::{FieldType, Given};

/// A hub, or what to change about one. `null` is a field that is not there. In a change, fields that are not there stay as
/// they are, and a blank text clears its field.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = LogisticHubRequest)]
#[serde(expecting = "a JSON object")]
pub(super) struct HubBody {
    /// Unique in the organization; case and blanks do not matter. Needed in a new hub.
    #[schema(value_type = Option<String>, example = "Madrid Distribution Center")]
    name: Given<String>,
    #[schema(required = false, schema_with = kind)]
    r#type: Given<String>,
    #[schema(required = false, schema_with = category)]
    category: Given<String>,
    /// Takes the place of the hub's name in legs.
    #[schema(value_type = Option<String>, example = "Calle Industrial 5, Madrid")]
    address: Given<String>,
    /// ISO 3166-1; found from the address without it.
    #[schema(value_type = Option<String>, example = "ES")]
    country: Given<String>,
    #[schema(required = false, schema_with = status)]
    status: Given<String>,
    /// False without it.
    #[schema(value_type = Option<bool>, example = false)]
    supercharger: Given<bool>,
    /// The facility that the energy of an own hub is accounted under; needed there, ignored elsewhere.
    #[schema(value_type = Option<String>, format = Uuid)]
    facility_id: Given<String>,
    /// The organization's own code, which `hub_id` of a leg may be. Unique in the organization.
    #[schema(value_type = Option<String>, example = "HUB-MAD-001")]
    external_code: Given<String>,
    /// What an own hub emits in a year, in kilograms of CO2e (scopes 1 and 2).
    #[schema(value_type = Option<f64>, example = 1250.5)]
    annual_co2e_kg: Given<Figure>,
    /// What leaves an own hub in the same year, in tonnes.
    #[schema(value_type = Option<f64>, example = 5000)]
    annual_throughput_t: Given<Figure>,
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
        let mut faults = Vec::new();
        let draft = HubDraft {
            name: self.name.or_note(&mut faults, "name").into(),
            kind: self.r#type.or_note(&mut faults, "type").into(),
            category: self.category.or_note(&mut faults, "category").into(),
            address: self.address.or_note(&mut faults, "address").into(),
            country: self.country.or_note(&mut faults, "country").into(),
            status: self.status.or_note(&mut faults, "status").into(),
            supercharger: self.supercharger.or_note(&mut faults, "supercharger").into(),
            facility_id: self.facility_id.or_note(&mut faults, "facility_id").into(),
            external_code: self.external_code.or_note(&mut faults, "external_code").into(),
            annual_co2e_kg: self.annual_co2e_kg.or_note(&mut faults, "annual_co2e_kg").unwrap_or_default().0,
            annual_throughput_t: self
                .annual_throughput_t
                .or_note(&mut faults, "annual_throughput_t")
                .unwrap_or_default()
                .0,
        };
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

/// A number, or a blank text, which clears it.
#[derive(Debug, Default)]
struct Figure(Patch<f64>);

impl FieldType<'_> for Figure {
    const EXPECTED: &'static str = f64::EXPECTED;
    const SCHEMA: Type = f64::SCHEMA;

    fn of_text(text: &str) -> Option<Self> {
        let patch =
            if text.trim().is_empty() { Some(Patch::Clear) } else { f64::of_text(text).map(Patch::Set) };
        patch.map(Self)
    }
    fn of_number(number: f64) -> Option<Self> {
        Some(Self(Patch::Set(number)))
    }
}
