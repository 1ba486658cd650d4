//! The body of a trip, as clients write it.
//!
//! Numbers and booleans are also taken from text (`"500"`), and `null` is a field that is not there. Unknown fields are
//! counted and passed over.

use logistics_domain::batch::Record;
use logistics_domain::leg::{FieldError, NewLeg, Problem};
use logistics_domain::trip::{Given, TripDraft};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa::openapi::schema::Type;

use super::error::joined;
use crate::values::{self, FieldType};

/// A trip as a client states it.
#[derive(Deserialize, ToSchema)]
#[schema(as = FreightDistance)]
#[expect(dead_code, reason = "describes the body, which is read by `draft`")]
pub(super) struct TripBody {
    #[schema(example = "TRIP_1001")]
    trip_id: String,
    #[schema(example = "CUST_001")]
    customer_identifier: Option<String>,
    #[schema(example = "Retail")]
    customer_industry: String,
    /// `FCL`, `FTL`, `LCL` or nothing.
    #[schema(example = "FTL")]
    service_type: String,
    #[schema(example = "Primary")]
    freight_segment: Option<String>,
    /// `Frozen` or `Chilled` for goods that are kept cold.
    #[schema(example = "General")]
    load_type: Option<String>,
    #[schema(example = 0, minimum = 0)]
    teu: Option<f64>,
    /// Seconds since 1970, or milliseconds from 1e11 on.
    #[schema(example = 1_706_745_600_i64, minimum = 0)]
    trip_timestamp: f64,
    shipment_weight: Weight,
    trip_weight: Weight,
    address: Address,
    distance: Distance,
    vehicle: Vehicle,
    #[schema(example = 1, minimum = 0)]
    shipment_sequence: Option<f64>,
    #[schema(example = false)]
    is_trip_empty: Option<bool>,
    #[schema(example = 150, minimum = 0)]
    customer_items_count: f64,
    #[schema(example = 220, minimum = 0)]
    total_items_count: f64,
    #[schema(example = false)]
    empty_distance_included: Option<bool>,
    /// A country's English name or ISO 3166-1 code.
    #[schema(example = "INDIA")]
    country: String,
}

#[derive(Deserialize, ToSchema)]
#[schema(as = FreightDistanceWeight)]
#[expect(dead_code, reason = "describes the body, which is read by `draft`")]
struct Weight {
    #[schema(example = 2000, minimum = 0)]
    weight_value: f64,
    #[schema(example = "KGS")]
    weight_unit: String,
}

#[derive(Deserialize, ToSchema)]
#[schema(as = FreightDistanceAddress)]
#[expect(dead_code, reason = "describes the body, which is read by `draft`")]
struct Address {
    #[schema(example = "Mumbai, Maharashtra, India")]
    origin_address: String,
    #[schema(example = "Delhi, India")]
    destination_address: String,
}

#[derive(Deserialize, ToSchema)]
#[schema(as = FreightDistanceDistance)]
#[expect(dead_code, reason = "describes the body, which is read by `draft`")]
struct Distance {
    #[schema(example = 1400, minimum = 0)]
    distance_travelled: f64,
    #[schema(example = "Kms")]
    distance_unit: String,
}

#[derive(Deserialize, ToSchema)]
#[schema(as = FreightDistanceVehicle)]
#[expect(dead_code, reason = "describes the body, which is read by `draft`")]
struct Vehicle {
    #[schema(example = "MH12AB1234")]
    vehicle_identifier: Option<String>,
    #[schema(example = "Owned")]
    vehicle_ownership: String,
    /// `SCD`, `LCV1`, `HGV2`, `HGV4`, `ACF`, `LCV2`, `LCV3`, `ACB`, `HGV` or `TRAIN`.
    #[schema(example = "HGV4")]
    vehicle_code: String,
    /// `HFO`, `Diesel`, `Aviation Turbine Fuel`, `Electric`, `CNG`, or nothing for what is usual.
    #[schema(example = "Diesel")]
    vehicle_fueltype: String,
    #[schema(example = "Tata")]
    vehicle_make: Option<String>,
    #[schema(example = "Prima")]
    vehicle_name: Option<String>,
    #[schema(example = "Diesel")]
    vehicle_engine_type: Option<String>,
    #[schema(example = 2022, minimum = 0)]
    vehicle_make_year: Option<f64>,
}

/// The leg of a trip, if nothing is wrong with it.
pub(super) fn trip(body: Value) -> Result<NewLeg, Vec<FieldError>> {
    let no_objects = no_objects(&body);
    draft(body)?.parse().map_err(|faults| of_parents(faults, &no_objects))
}

/// The fields that have fields themselves.
const PARENTS: [&str; 5] = ["shipment_weight", "trip_weight", "address", "distance", "vehicle"];

/// Those of them that are of another type.
fn no_objects(body: &Value) -> Vec<&'static str> {
    let is_other =
        |parent: &&str| body.get(*parent).is_some_and(|value| !value.is_object() && !value.is_null());
    PARENTS.into_iter().filter(is_other).collect()
}

/// The faults, where those of the fields of what is no object are one of the object itself.
fn of_parents(faults: Vec<FieldError>, no_objects: &[&'static str]) -> Vec<FieldError> {
    let parent = |fault: &FieldError| {
        let (parent, _) = fault.field.split_once('.')?;
        no_objects.iter().find(|name| **name == parent).copied()
    };
    let mut found: Vec<FieldError> = Vec::with_capacity(faults.len());
    for fault in faults {
        match parent(&fault) {
            None => found.push(fault),
            Some(field) if found.iter().any(|fault| fault.field == field) => {}
            Some(field) => {
                let message = format!("\"{field}\" must be of type object");
                found.push(FieldError { field, problem: Problem::WrongType, message });
            }
        }
    }
    found
}

/// One record of a batch, from its own JSON: whatever is wrong with it is wrong with it alone, in one text.
pub(super) fn record(json: &str) -> Record {
    let parsed =
        serde_json::from_str::<Value>(json).map_err(|error| whole(&format!("is not valid JSON: {error}")));
    let trip_id = parsed.as_ref().ok().and_then(|body| body.get("trip_id")?.as_str());
    let trip_id = trip_id.map(str::to_owned);
    let leg = parsed.and_then(trip);
    let leg = leg.map_err(|faults| {
        vec![FieldError { field: "value", problem: Problem::NotPermitted, message: joined(&faults) }]
    });
    Record::new(trip_id, leg)
}

/// A fault of the body as a whole.
fn whole(what: &str) -> Vec<FieldError> {
    vec![FieldError { field: "value", problem: Problem::WrongType, message: format!("\"value\" {what}") }]
}

fn draft(body: Value) -> Result<TripDraft, Vec<FieldError>> {
    let Value::Object(top) = body else { return Err(whole("must be of type object")) };
    let mut top = Fields { values: top };
    let mut shipment = top.object("shipment_weight");
    let mut trip = top.object("trip_weight");
    let mut address = top.object("address");
    let mut distance = top.object("distance");
    let mut vehicle = top.object("vehicle");
    let draft = TripDraft {
        trip_id: top.text("trip_id"),
        customer_identifier: top.text("customer_identifier"),
        customer_industry: top.text("customer_industry"),
        service_type: top.text("service_type"),
        freight_segment: top.text("freight_segment"),
        load_type: top.text("load_type"),
        teu: top.number("teu"),
        trip_timestamp: top.number("trip_timestamp"),
        shipment_weight: shipment.number("weight_value"),
        shipment_weight_unit: shipment.text("weight_unit"),
        trip_weight: trip.number("weight_value"),
        trip_weight_unit: trip.text("weight_unit"),
        origin_address: address.text("origin_address"),
        destination_address: address.text("destination_address"),
        distance_travelled: distance.number("distance_travelled"),
        distance_unit: distance.text("distance_unit"),
        vehicle_identifier: vehicle.text("vehicle_identifier"),
        vehicle_ownership: vehicle.text("vehicle_ownership"),
        vehicle_code: vehicle.text("vehicle_code"),
        vehicle_fueltype: vehicle.text("vehicle_fueltype"),
        vehicle_make: vehicle.text("vehicle_make"),
        vehicle_name: vehicle.text("vehicle_name"),
        vehicle_engine_type: vehicle.text("vehicle_engine_type"),
        vehicle_make_year: vehicle.number("vehicle_make_year"),
        shipment_sequence: top.number("shipment_sequence"),
        is_trip_empty: top.boolean("is_trip_empty"),
        customer_items_count: top.number("customer_items_count"),
        total_items_count: top.number("total_items_count"),
        empty_distance_included: top.boolean("empty_distance_included"),
        country: top.text("country"),
    };
    let left = [top, shipment, trip, address, distance, vehicle].map(|fields| fields.values.len());
    let unknown = u64::try_from(left.iter().sum::<usize>()).unwrap_or_default();
    metrics::counter!("dray_unknown_body_fields_total").increment(unknown);
    Ok(draft)
}

/// The fields of an object. Each is taken out when it is read: what is left is unknown.
#[derive(Default)]
struct Fields {
    values: Map<String, Value>,
}

impl Fields {
    /// The fields of an object within; none where there is none.
    fn object(&mut self, name: &str) -> Self {
        match self.values.remove(name) {
            Some(Value::Object(values)) => Self { values },
            _ => Self::default(),
        }
    }

    fn given<T: for<'de> FieldType<'de>>(&mut self, name: &str) -> Given<T> {
        match self.values.remove(name).map(values::Given::deserialize) {
            None | Some(Ok(values::Given::Absent)) => Given::Absent,
            Some(Ok(values::Given::Value(value))) => Given::Value(value),
            Some(Ok(values::Given::WrongType(_)) | Err(_)) => Given::WrongType,
        }
    }

    fn text(&mut self, name: &str) -> Given<String> {
        self.given(name)
    }

    fn number(&mut self, name: &str) -> Given<f64> {
        self.given(name)
    }

    fn boolean(&mut self, name: &str) -> Given<bool> {
        match self.given(name) {
            Given::Value(Flag(value)) => Given::Value(value),
            Given::WrongType => Given::WrongType,
            Given::Absent => Given::Absent,
        }
    }
}

/// A boolean, also written as text.
struct Flag(bool);

impl FieldType<'_> for Flag {
    const EXPECTED: &'static str = bool::EXPECTED;
    const SCHEMA: Type = bool::SCHEMA;

    fn of_text(text: &str) -> Option<Self> {
        text.trim().to_ascii_lowercase().parse().map(Self).ok()
    }
    fn of_bool(value: bool) -> Option<Self> {
        Some(Self(value))
    }
}
