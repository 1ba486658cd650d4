//! The body of a create call, as clients write it.
//!
//! One pass over the JSON finds every field of a wrong type, so that a client hears of all its mistakes at once. Numbers
//! are also taken from text (`"500"`), and `null` is a field that is not there. Unknown fields are counted and passed over.

use std::borrow::Cow;
use std::fmt;

use logistics_domain::batch::Record;
use logistics_domain::leg::{FieldError, LegDraft, NewLeg, Problem};
use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::schemas;
use crate::values::{FieldType, Given};

/// A leg as a client states it.
#[derive(Debug, Default)]
pub(crate) struct LegBody {
    draft: LegDraft,
    wrong_types: Vec<FieldError>,
    unknown_fields: u64,
}

impl LegBody {
    /// The leg, if nothing is wrong with it.
    pub fn parse(self) -> Result<NewLeg, Vec<FieldError>> {
        if self.unknown_fields > 0 {
            metrics::counter!("dray_unknown_body_fields_total").increment(self.unknown_fields);
        }
        self.draft.parse_beside(self.wrong_types)
    }
}

impl LegBody {
    /// One record of a batch, from its own JSON: whatever is wrong with it is wrong with it alone.
    pub fn record(json: &str) -> Record {
        match serde_json::from_str::<Self>(json) {
            Ok(body) => Record::new(body.draft.movement_id.clone(), body.parse()),
            Err(error) => {
                let message = format!("the record is not a JSON object of a leg: {error}");
                let fault = FieldError { field: "records", problem: Problem::WrongType, message };
                Record::new(None, Err(vec![fault]))
            }
        }
    }
}

/// Reads one field's value into its place in the draft, or notes that it has a wrong type.
fn read<'de, T: FieldType<'de>, A: MapAccess<'de>>(
    entries: &mut A,
    field: &'static str,
    place: &mut Option<T>,
    wrong_types: &mut Vec<FieldError>,
) -> Result<(), A::Error> {
    wrong_types.retain(|fault| fault.field != field);
    *place = entries.next_value::<Given<T>>()?.or_note(wrong_types, field);
    Ok(())
}

macro_rules! leg_fields {
    ($($field:ident: $type:ty = $example:tt, $doc:literal $(, $limits:expr)?;)*) => {
        impl<'de> Visitor<'de> for LegVisitor {
            type Value = LegBody;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<LegBody, A::Error> {
                let mut body = LegBody::default();
                while let Some(name) = entries.next_key::<Name<'de>>()? {
                    let (draft, wrong) = (&mut body.draft, &mut body.wrong_types);
                    match &*name.0 {
                        $(stringify!($field) => read(&mut entries, stringify!($field), &mut draft.$field, wrong)?,)*
                        _ => {
                            entries.next_value::<IgnoredAny>()?;
                            body.unknown_fields += 1;
                        }
                    }
                }
                Ok(body)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<LegBody, A::Error> {
                Err(A::Error::custom("expected a JSON object, found a list"))
            }
        }

        impl PartialSchema for LegBody {
            fn schema() -> RefOr<Schema> {
                let object = ObjectBuilder::new();
                $(
                    let types = SchemaType::from_iter([<$type as FieldType<'_>>::SCHEMA, Type::Null]);
                    let property = ObjectBuilder::new()
                        .schema_type(types)
                        .description(Some($doc))
                        .examples([serde_json::json!($example)]);
                    $(let property = $limits(property);)?
                    let object = object.property(stringify!($field), property);
                )*
                object.into()
            }
        }
    };
}

/// The name of a field: as it stands in the body, where nothing in it is escaped. A `Cow` by itself is always copied.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

struct LegVisitor;

impl<'de> Deserialize<'de> for LegBody {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(LegVisitor)
    }
}

impl ToSchema for LegBody {
    fn name() -> Cow<'static, str> {
        "LogisticsRequest".into()
    }
}

fn not_negative(field: ObjectBuilder) -> ObjectBuilder {
    field.minimum(Some(0))
}

fn one_of(field: ObjectBuilder, names: impl Iterator<Item = &'static str>) -> ObjectBuilder {
    field.enum_values(Some(names.map(Some).chain([None])))
}

leg_fields! {
    origin: String = "Madrid, Spain", "Where the leg begins: an address or a hub's name. Needed without `distance_km` and `tkm`.";
    destination: String = "Barcelona, Spain", "Where the leg ends: an address or a hub's name. Needed without `distance_km` and `tkm`.";
    distance_km: f64 = 500, "Kilometres, where they are known; they win over the addresses.", not_negative;
    load: f64 = 1000, "What is carried, in `load_unit`. Without it the vehicle's average load counts.", not_negative;
    load_unit: String = "kg", "`kg` (the default), `ton`, `pallets`, `teu` or `feu`.", |field| one_of(field, schemas::load_units());
    load_factor: f64 = 1.0, "The share of the load that is really carried, from 0 to 1; 100 pallets at 0.5 are 50 pallets.", |field: ObjectBuilder| field.minimum(Some(0)).maximum(Some(1));
    toc: String = "van_diesel", "The vehicle: an id from `GET /v1/logistics/tocs`. Wins over `category`.";
    category: String = "road", "`road`, `rail`, `maritime` or `air`. Needed without `toc`.", |field| one_of(field, schemas::categories());
    origin_country: String = "ES", "ISO 3166-1 code of the country whose factors apply; `GLO`, the default, for global ones.";
    year: i64 = 2025, "The year of the factors; this year without it.", |field: ObjectBuilder| field.minimum(Some(1990)).maximum(Some(2100));
    cleaning: bool = false, "Whether the vehicle was cleaned; adds the emissions of one cleaning.";
    movement_id: String = "MOV-2024-001234", "The shipment's id; with the other traceability fields it identifies the leg.";
    client: String = "CORREOS-EXPRESS", "The customer.";
    shipment_date: String = "2024-11-25", "The day of the shipment (ISO 8601); today without it.", |field: ObjectBuilder| field.format(Some(SchemaFormat::KnownFormat(KnownFormat::Date)));
    movement_stretch: String = "last_mile", "The stretch of the movement.";
    movement_stage: String = "delivery", "The stage of the chain.";
    vehicle_license_plate: String = "1234-ABC", "The vehicle.";
    trailer_license_plate: String = "5678-XYZ", "The trailer.";
    subcontractor: bool = false, "Whether somebody else carries it.";
    tkm: f64 = 500.0, "Tonne-kilometres, where they are known; used instead of load x distance.", not_negative;
    hub_id: String = "HUB-MAD-001", "The hub that handled the load.";
    package_key: String = "26830007899150601093463", "The package that the leg belongs to; needs `movement_id`.";
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parse(json: &str) -> Result<NewLeg, Vec<&'static str>> {
        let body: LegBody = serde_json::from_str(json).unwrap();
        body.parse().map_err(|faults| faults.into_iter().map(|fault| fault.field).collect())
    }

    #[test]
    fn null_is_absent_and_numbers_may_be_text() {
        let leg = parse(r#"{"category":"road","distance_km":"500","load":1000,"year":2024.0,"client":null}"#)
            .unwrap();
        assert_eq!(leg.distance.unwrap().get(), 500.0);
        assert_eq!(leg.year, Some(2024));
        assert_eq!(leg.trace.client, None);
    }

    #[test]
    fn every_wrong_field_is_named_once() {
        let wrong = r#"{"origin":5,"load":"heavy","cleaning":"no","year":2024.5,"category":[],"tkm":-1,"load_factor":2}"#;
        let mut fields = parse(wrong).unwrap_err();
        fields.sort_unstable();
        assert_eq!(fields, ["category", "cleaning", "load", "load_factor", "origin", "tkm", "year"]);
    }

    #[test]
    fn the_last_of_two_equal_keys_counts() {
        assert!(parse(r#"{"category":5,"category":"road","distance_km":1}"#).is_ok());
        assert_eq!(parse(r#"{"category":"road","category":5,"distance_km":1}"#), Err(vec!["category"]));
    }

    proptest! {
        #[test]
        fn any_object_is_a_leg_or_names_its_faults(
            entries in prop::collection::btree_map(
                prop::sample::select(vec!["origin", "load", "toc", "category", "year", "tkm", "cleaning", "other"]),
                prop_oneof![
                    Just(serde_json::Value::Null),
                    any::<bool>().prop_map(Into::into),
                    any::<f64>().prop_map(Into::into),
                    any::<i64>().prop_map(Into::into),
                    ".*".prop_map(Into::into),
                    Just(serde_json::json!({"a": [1]})),
                ],
                0..8,
            )
        ) {
            let json = serde_json::to_string(&entries).unwrap();
            if let Err(fields) = parse(&json) {
                prop_assert!(!fields.is_empty());
            }
        }
    }
}
