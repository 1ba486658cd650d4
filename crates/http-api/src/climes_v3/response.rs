//! A trip as the API shows it.

use chrono::{DateTime, NaiveTime, SecondsFormat, Utc};
use emissions_core::{Emissions, Estimate};
use logistics_domain::Calculation;
use logistics_domain::leg::{LegRecord, Outcome};
use logistics_domain::trip::Trip;
use serde::{Serialize, Serializer};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::numbers::{intensity, kg};

/// The answer to a trip that is kept.
#[derive(Serialize, ToSchema)]
#[schema(as = FreightDistanceSaved)]
pub(super) struct Saved<'r> {
    success: bool,
    /// What is odd about the trip stands behind it.
    #[schema(example = "Logistic data saved successfully")]
    message: String,
    data: TripData<'r>,
}

/// A trip and its emissions: the documented fields in the documented order. Texts that were not given are blank, numbers null.
#[derive(Serialize, ToSchema)]
#[schema(as = FreightDistanceData)]
pub(super) struct TripData<'r> {
    #[schema(example = 12456)]
    id: i64,
    trip_id: &'r str,
    /// `<trip_id>_<shipment_sequence>`.
    #[schema(example = "TRIP_1001_1")]
    idempotency_key: String,
    /// As it was sent.
    trip_timestamp: Number,
    /// The beginning of the trip's day, in UTC.
    #[schema(example = "2024-02-01T00:00:00.000Z")]
    trip_date: String,
    service_type: &'static str,
    freight_segment: &'r str,
    load_type: &'r str,
    teu: Option<Number>,
    shipment_weight_value: Number,
    shipment_weight_unit: &'static str,
    trip_weight_value: Number,
    trip_weight_unit: &'static str,
    origin_address: &'r str,
    destination_address: &'r str,
    distance_travelled_value: Number,
    distance_travelled_unit: &'static str,
    /// `Truck`, `Train`, `Ship` or `Flight`.
    vehicle_type: &'static str,
    vehicle_identifier: &'r str,
    vehicle_ownership: &'r str,
    vehicle_code: &'static str,
    vehicle_fueltype: &'static str,
    vehicle_make: &'r str,
    vehicle_name: &'r str,
    vehicle_engine_type: &'r str,
    vehicle_make_year: Option<Number>,
    shipment_sequence: Option<Number>,
    is_trip_empty: bool,
    customer_items_count: Number,
    total_items_count: Number,
    empty_distance_included: bool,
    /// As it was sent.
    country: &'r str,
    /// Counts the organization's customers: the same for the same `customer_identifier`.
    customer_id: Option<i64>,
    /// The organization.
    client_id: &'r str,
    total_emission_value: Number,
    total_emission_unit: &'static str,
    total_activity_value: Number,
    total_activity_unit: &'static str,
    /// Null where no source publishes the split.
    well_to_tank_emission_value: Option<Number>,
    well_to_tank_emission_unit: &'static str,
    /// Null where no source publishes the split.
    tank_to_wheel_emission_value: Option<Number>,
    tank_to_wheel_emission_unit: &'static str,
    /// Per **tonne**-kilometre, as in the original, whose unit says otherwise.
    emission_intensity_value: Number,
    emission_intensity_unit: &'static str,
    /// Kilograms; 0 where none is published.
    payload_capacity: Number,
    /// `Road`, `Rail`, `Sea` or `Air`.
    mode_of_transport: &'static str,
    #[serde(rename = "createdAt")]
    created_at: String,
    #[serde(rename = "updatedAt")]
    updated_at: String,
    /// What Dray adds where a trip is read, not where it is saved.
    #[serde(skip_serializing_if = "Option::is_none")]
    details: Option<Details<'r>>,
    #[serde(skip)]
    notes: Vec<String>,
}

/// How the emissions came about.
#[derive(Serialize, ToSchema)]
#[schema(as = FreightDistanceDetails)]
struct Details<'r> {
    /// The trip as a leg of the ledger.
    request_id: Uuid,
    /// Where the arithmetic is written out, with the source of every factor.
    #[schema(example = "/v1/logistics/requests/0192f0c1-2d3e-7abc-8def-0123456789ab/receipt")]
    receipt: String,
    /// The transport operation category that it was calculated with.
    toc: &'r str,
    /// The country whose factors were asked for.
    factor_country: Option<&'static str>,
    emission_intensity_value: Number,
    emission_intensity_unit: &'static str,
    /// What was estimated, not given.
    estimated_data: Vec<&'static str>,
    /// What is odd about the trip.
    notes: Vec<String>,
}

/// A number; whole ones are written without a fraction.
#[derive(Debug, Clone, Copy, PartialEq, ToSchema)]
#[schema(as = FreightDistanceNumber, value_type = f64)]
struct Number(f64);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "only whole numbers that an i64 holds exactly pass"
        )]
        match self.0.fract() == 0.0 && self.0.abs() < 9e15 {
            true => serializer.serialize_i64(self.0 as i64),
            false => serializer.serialize_f64(self.0),
        }
    }
}

impl<'r> TripData<'r> {
    /// A trip as it was saved; nothing for a leg that is no trip.
    pub fn of(record: &'r LegRecord, client_id: &'r str) -> Option<Self> {
        let trip = record.leg.trip.as_deref()?;
        let numbers = record.trip?;
        let Outcome::Calculated(calculation) = &record.outcome else { return None };
        let vehicle = &trip.vehicle;
        let emitted = Emitted::of(trip, calculation);
        let day = trip.instant().date_naive().and_time(NaiveTime::MIN).and_utc();
        Some(Self {
            id: numbers.trip,
            trip_id: &trip.trip_id,
            idempotency_key: trip.idempotency_key(),
            trip_timestamp: Number(trip.timestamp),
            trip_date: timestamp(day),
            service_type: trip.service_type.as_str(),
            freight_segment: &trip.freight_segment,
            load_type: &trip.load_type,
            teu: trip.teu.map(Number),
            shipment_weight_value: Number(trip.shipment_weight.get()),
            shipment_weight_unit: "KGS",
            trip_weight_value: Number(trip.trip_weight.get()),
            trip_weight_unit: "KGS",
            origin_address: &trip.origin,
            destination_address: &trip.destination,
            distance_travelled_value: Number(trip.distance.get()),
            distance_travelled_unit: "Kms",
            vehicle_type: vehicle.code.vehicle_type(),
            vehicle_identifier: &vehicle.identifier,
            vehicle_ownership: &vehicle.ownership,
            vehicle_code: vehicle.code.as_str(),
            vehicle_fueltype: vehicle.fuel.as_str(),
            vehicle_make: &vehicle.make,
            vehicle_name: &vehicle.name,
            vehicle_engine_type: &vehicle.engine_type,
            vehicle_make_year: vehicle.make_year.map(Number),
            shipment_sequence: trip.sequence.map(Number),
            is_trip_empty: trip.is_empty,
            customer_items_count: Number(trip.customer_items),
            total_items_count: Number(trip.total_items),
            empty_distance_included: trip.empty_distance_included,
            country: &trip.country,
            customer_id: numbers.customer,
            client_id,
            total_emission_value: emitted.total,
            total_emission_unit: "kgCO2e",
            total_activity_value: emitted.activity,
            total_activity_unit: "kg.km",
            well_to_tank_emission_value: emitted.well_to_tank,
            well_to_tank_emission_unit: "kgCO2e",
            tank_to_wheel_emission_value: emitted.tank_to_wheel,
            tank_to_wheel_emission_unit: "kgCO2e",
            emission_intensity_value: emitted.intensity,
            emission_intensity_unit: "kgCO2e/kg.km",
            payload_capacity: Number(vehicle.code.payload_capacity_kg().unwrap_or_default()),
            mode_of_transport: vehicle.code.mode(),
            created_at: timestamp(record.created_at),
            updated_at: timestamp(record.updated_at),
            details: None,
            notes: trip.notes(),
        })
    }

    /// The same with how it came about.
    pub fn detailed(record: &'r LegRecord, client_id: &'r str) -> Option<Self> {
        let mut data = Self::of(record, client_id)?;
        let Outcome::Calculated(calculation) = &record.outcome else { return None };
        data.details = Some(Details {
            request_id: record.id.0,
            receipt: format!("/v1/logistics/requests/{}/receipt", record.id),
            toc: &record.leg.toc,
            factor_country: record.leg.origin_country.as_ref().map(emissions_core::CountryCode::as_str),
            emission_intensity_value: data.emission_intensity_value,
            emission_intensity_unit: "kgCO2e/t.km",
            estimated_data: calculation.estimated.iter().map(Estimate::as_str).collect(),
            notes: std::mem::take(&mut data.notes),
        });
        Some(data)
    }
}

impl<'r> Saved<'r> {
    pub fn of(data: TripData<'r>) -> Self {
        Self { success: true, message: saved_message(&data), data }
    }
}

/// What a client is told of a trip that is kept.
pub(super) fn saved_message(data: &TripData<'_>) -> String {
    let mut message = "Logistic data saved successfully".to_owned();
    for note in &data.notes {
        message.push_str("; note: ");
        message.push_str(note);
    }
    message
}

/// The computed numbers, rounded. The parts add up as they are shown.
struct Emitted {
    total: Number,
    activity: Number,
    well_to_tank: Option<Number>,
    tank_to_wheel: Option<Number>,
    intensity: Number,
}

impl Emitted {
    fn of(trip: &Trip, calculation: &Calculation) -> Self {
        let Emissions { wtw, wtt, ttw } = calculation.total();
        let total = kg(wtw.get());
        let is_split = wtw.get() == 0.0 || wtt.get() + ttw.get() > 0.0;
        let well_to_tank = kg(wtt.get());
        let activity = trip.activity_kg_km(calculation.tkm);
        let per_tonne_km = wtw.get() / (activity / 1000.0);
        Self {
            total: Number(total),
            activity: Number(kg(activity)),
            well_to_tank: is_split.then_some(Number(well_to_tank)),
            tank_to_wheel: is_split.then_some(Number(kg(total - well_to_tank))),
            intensity: Number(if per_tonne_km.is_finite() { intensity(per_tonne_km) } else { 0.0 }),
        }
    }
}

/// RFC 3339 in UTC with milliseconds.
fn timestamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}
