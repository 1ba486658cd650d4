//! Schemas of the OpenAPI document for values that the domain lists.

use emissions_core::{HubCategory, LoadUnit};
use logistics_domain::Category;
use logistics_domain::hub::{HubKind, HubStatus};
use logistics_domain::jobs::{JobState, Stage, StopReason};
use logistics_domain::leg::LegStatus;
use utoipa::openapi::schema::{Object, ObjectBuilder, SchemaType, Type};

/// A text that is one of these.
pub(crate) fn choice(names: impl IntoIterator<Item = &'static str>) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names))
}

/// A text that is one of these, or null.
pub(crate) fn choice_or_null(names: impl IntoIterator<Item = &'static str>) -> ObjectBuilder {
    let names = names.into_iter().map(Some).chain([None]);
    let types = SchemaType::from_iter([Type::String, Type::Null]);
    ObjectBuilder::new().schema_type(types).enum_values(Some(names))
}

pub(crate) fn categories() -> impl Iterator<Item = &'static str> {
    Category::ALL.iter().map(|category| category.as_str())
}

pub(crate) fn load_units() -> impl Iterator<Item = &'static str> {
    LoadUnit::ALL.iter().map(|unit| unit.as_str())
}

pub(crate) fn hub_kinds() -> impl Iterator<Item = &'static str> {
    HubKind::ALL.iter().map(|kind| kind.as_str())
}

pub(crate) fn hub_categories() -> impl Iterator<Item = &'static str> {
    HubCategory::ALL.iter().map(|category| category.as_str())
}

pub(crate) fn hub_statuses() -> impl Iterator<Item = &'static str> {
    HubStatus::ALL.iter().map(|status| status.as_str())
}

pub(crate) fn category() -> Object {
    choice(categories()).build()
}

pub(crate) fn load_unit() -> Object {
    choice(load_units()).build()
}

pub(crate) fn leg_status() -> Object {
    choice(LegStatus::ALL.iter().map(|status| status.as_str())).build()
}

pub(crate) fn hub_kind() -> Object {
    choice(hub_kinds()).build()
}

pub(crate) fn hub_category() -> Object {
    choice_or_null(hub_categories()).build()
}

pub(crate) fn hub_status() -> Object {
    choice(hub_statuses()).build()
}

pub(crate) fn job_status() -> Object {
    choice(JobState::ALL.iter().map(|state| state.as_str())).build()
}

pub(crate) fn stop_reason() -> Object {
    let reasons = StopReason::ALL.iter().map(|reason| reason.as_str());
    choice_or_null(reasons).description(Some("Why it is `FAILED`: `CANCELLED` or `GAVE_UP`.")).build()
}

pub(crate) fn stage() -> Object {
    choice(Stage::ALL.iter().map(|stage| stage.as_str())).build()
}
