//! Values of bodies whose fields may be of any type: what is of a wrong one is noted, field by field.

use logistics_domain::leg::{FieldError, Problem};
use serde_json::Value;

/// A text; nothing where it is `null` or blank.
pub(crate) fn text(wrong: &mut Vec<FieldError>, field: &'static str, value: Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text).filter(|text| !text.trim().is_empty()),
        _ => note(wrong, field, "text"),
    }
}

/// A number, also written as text; nothing where it is `null`.
pub(crate) fn number(wrong: &mut Vec<FieldError>, field: &'static str, value: &Value) -> Option<f64> {
    let number = match value {
        Value::Null => return None,
        Value::String(text) => text.trim().parse().ok(),
        value => value.as_f64(),
    };
    number.or_else(|| note(wrong, field, "a number"))
}

/// A whole number, also written as text; nothing where it is `null`.
pub(crate) fn whole(wrong: &mut Vec<FieldError>, field: &'static str, value: &Value) -> Option<i64> {
    let number = match value {
        Value::Null => return None,
        Value::String(text) => text.trim().parse().ok(),
        value => value.as_i64(),
    };
    number.or_else(|| note(wrong, field, "a whole number"))
}

fn note<T>(wrong: &mut Vec<FieldError>, field: &'static str, expected: &str) -> Option<T> {
    let message = format!("{field} is not {expected}; give {expected}");
    wrong.push(FieldError { field, problem: Problem::WrongType, message });
    None
}
