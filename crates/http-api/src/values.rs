//! The fields of JSON bodies, which may be of any type: what is of a wrong one is noted, field by field, so that a client
//! hears of all its mistakes at once. Numbers are also taken from text (`"500"`), and `null` is a field that is not there.

use std::fmt;
use std::marker::PhantomData;

use logistics_domain::leg::{FieldError, Problem, shortened};
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use utoipa::openapi::schema::Type;
use uuid::Uuid;

use crate::dcycle::{DcycleError, Fault};

/// A field as it was read.
#[derive(Debug, Default)]
pub(crate) enum Given<T> {
    #[default]
    Absent,
    Value(T),
    /// It is of another type: the value, as messages show it.
    WrongType(String),
}

/// A type that a field can have.
pub(crate) trait FieldType<'de>: Sized {
    /// What a value must be, for people.
    const EXPECTED: &'static str;
    const SCHEMA: Type;

    fn of_text(_: &str) -> Option<Self> {
        None
    }
    fn of_number(_: f64) -> Option<Self> {
        None
    }
    fn of_bool(_: bool) -> Option<Self> {
        None
    }
    fn of_list<A: SeqAccess<'de>>(mut items: A) -> Result<Option<Self>, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }
    fn of_object<A: MapAccess<'de>>(mut entries: A) -> Result<Option<Self>, A::Error> {
        while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}

impl FieldType<'_> for String {
    const EXPECTED: &'static str = "text";
    const SCHEMA: Type = Type::String;

    fn of_text(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }
}

impl FieldType<'_> for f64 {
    const EXPECTED: &'static str = "a number";
    const SCHEMA: Type = Type::Number;

    fn of_text(text: &str) -> Option<Self> {
        text.trim().parse().ok()
    }
    fn of_number(number: f64) -> Option<Self> {
        Some(number)
    }
}

impl FieldType<'_> for i64 {
    const EXPECTED: &'static str = "a whole number";
    const SCHEMA: Type = Type::Integer;

    fn of_text(text: &str) -> Option<Self> {
        text.trim().parse().ok()
    }
    #[expect(clippy::cast_possible_truncation, reason = "only whole numbers that an i64 holds exactly pass")]
    fn of_number(number: f64) -> Option<Self> {
        (number.fract() == 0.0 && number.abs() < 9e15).then_some(number as Self)
    }
}

impl FieldType<'_> for bool {
    const EXPECTED: &'static str = "true or false";
    const SCHEMA: Type = Type::Boolean;

    fn of_bool(value: bool) -> Option<Self> {
        Some(value)
    }
}

impl<'de> FieldType<'de> for Vec<Value> {
    const EXPECTED: &'static str = "a list";
    const SCHEMA: Type = Type::Array;

    fn of_list<A: SeqAccess<'de>>(mut items: A) -> Result<Option<Self>, A::Error> {
        let mut list = Self::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Some(list))
    }
}

impl<T> Given<T> {
    /// The value, if there is one.
    pub fn read<'de>(self, field: &'static str) -> Result<Option<T>, FieldError>
    where
        T: FieldType<'de>,
    {
        match self {
            Self::Absent => Ok(None),
            Self::Value(value) => Ok(Some(value)),
            Self::WrongType(value) => {
                let message = format!("{field} is {value}; give {}", T::EXPECTED);
                Err(FieldError { field, problem: Problem::WrongType, message })
            }
        }
    }

    /// The value; where it is of a wrong type, that is noted.
    pub fn or_note<'de>(self, wrong: &mut Vec<FieldError>, field: &'static str) -> Option<T>
    where
        T: FieldType<'de>,
    {
        self.read(field).unwrap_or_else(|fault| {
            wrong.push(fault);
            None
        })
    }
}

impl Given<String> {
    /// The same, but for a text that is blank.
    pub fn filled(self, wrong: &mut Vec<FieldError>, field: &'static str) -> Option<String> {
        self.or_note(wrong, field).filter(|text| !text.trim().is_empty())
    }
}

impl<'de, T: FieldType<'de>> Deserialize<'de> for Given<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_option(GivenVisitor(PhantomData))
    }
}

struct GivenVisitor<T>(PhantomData<T>);

impl<'de, T: FieldType<'de>> Visitor<'de> for GivenVisitor<T> {
    type Value = Given<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }
    fn visit_none<E>(self) -> Result<Given<T>, E> {
        Ok(Given::Absent)
    }
    fn visit_unit<E>(self) -> Result<Given<T>, E> {
        Ok(Given::Absent)
    }
    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Given<T>, D::Error> {
        deserializer.deserialize_any(self)
    }
    fn visit_str<E>(self, text: &str) -> Result<Given<T>, E> {
        Ok(given(T::of_text(text), || format!("'{}'", shortened(text))))
    }
    fn visit_bool<E>(self, value: bool) -> Result<Given<T>, E> {
        Ok(given(T::of_bool(value), || value.to_string()))
    }
    #[expect(clippy::cast_precision_loss, reason = "the nearest f64 is what the field would hold anyway")]
    fn visit_i64<E>(self, number: i64) -> Result<Given<T>, E> {
        Ok(given(T::of_number(number as f64), || number.to_string()))
    }
    #[expect(clippy::cast_precision_loss, reason = "the nearest f64 is what the field would hold anyway")]
    fn visit_u64<E>(self, number: u64) -> Result<Given<T>, E> {
        Ok(given(T::of_number(number as f64), || number.to_string()))
    }
    fn visit_f64<E>(self, number: f64) -> Result<Given<T>, E> {
        Ok(given(T::of_number(number), || number.to_string()))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Given<T>, A::Error> {
        Ok(given(T::of_list(items)?, || "a list".to_owned()))
    }
    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<Given<T>, A::Error> {
        Ok(given(T::of_object(entries)?, || "an object".to_owned()))
    }
}

fn given<T>(value: Option<T>, shown: impl FnOnce() -> String) -> Given<T> {
    value.map_or_else(|| Given::WrongType(shown()), Given::Value)
}

/// What is at fault in a body that is read here as a whole.
#[derive(Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    pub fn add(&mut self, field: &'static str, problem: Problem, message: String) {
        self.0.push(Fault::of("body", FieldError { field, problem, message }));
    }

    /// The value of a field.
    pub fn read<'de, T: FieldType<'de>>(&mut self, field: &'static str, given: Given<T>) -> Option<T> {
        given.read(field).unwrap_or_else(|fault| {
            self.0.push(Fault::of("body", fault));
            None
        })
    }

    /// The value of a field that must be there.
    pub fn required<'de, T: FieldType<'de>>(
        &mut self,
        field: &'static str,
        given: Given<T>,
        remedy: &str,
    ) -> Option<T> {
        if matches!(given, Given::Absent) {
            self.add(field, Problem::Missing, format!("{field} is missing; {remedy}"));
        }
        self.read(field, given)
    }

    /// The UUIDs of a list; every value that is none is named by its position.
    pub fn uuids(&mut self, field: &'static str, values: Vec<Value>) -> Vec<Uuid> {
        let mut ids = Vec::with_capacity(values.len());
        for (index, value) in values.into_iter().enumerate() {
            match value.as_str().and_then(|text| Uuid::parse_str(text).ok()) {
                Some(id) => ids.push(id),
                None => self.0.push(Fault {
                    loc: vec!["body".into(), field.into(), index.to_string()],
                    msg: format!("{field}[{index}] is {}; give a UUID", shortened(&value.to_string())),
                    kind: "value_error",
                }),
            }
        }
        ids
    }

    /// Ends the reading.
    pub fn finish(self) -> Result<(), DcycleError> {
        if self.0.is_empty() { Ok(()) } else { Err(DcycleError::Invalid(self.0)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said<T: for<'de> FieldType<'de>>(json: &str) -> String {
        let given: Given<T> = serde_json::from_str(json).unwrap();
        given.read("field").err().map(|fault| fault.message).unwrap_or_default()
    }

    #[test]
    fn a_value_of_another_type_is_said() {
        assert_eq!(said::<i64>("2024.5"), "field is 2024.5; give a whole number");
        assert_eq!(said::<i64>("\"soon\\u0000\""), "field is 'soon\u{fffd}'; give a whole number");
        assert_eq!(said::<String>("[1, {}]"), "field is a list; give text");
        assert_eq!(said::<f64>("{\"a\": [1]}"), "field is an object; give a number");
        assert_eq!(said::<bool>("\"false\""), "field is 'false'; give true or false");
        assert_eq!(said::<Vec<Value>>("true"), "field is true; give a list");
        assert_eq!(said::<i64>("2024.0") + &said::<f64>("\" 5 \"") + &said::<f64>("null"), "");
    }
}
