//! A trip as a client states it, and all that can be wrong with it. Messages are worded as the original words them.

use chrono::Datelike;
use emissions_core::{CountryCode, Kilograms, Kilometres, Load, LoadFactor, LoadUnit};

use super::{Cargo, ServiceType, Trip, TripVehicle, VehicleCode, VehicleFuel, instant};
use crate::Category;
use crate::leg::{FieldError, LegHubs, MAX_NAME, MAX_TEXT, NewLeg, Problem, Traceability, Vehicle};

/// A field as it was read.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Given<T> {
    /// It is not there.
    #[default]
    Absent,
    /// It is of another type.
    WrongType,
    /// Its value.
    Value(T),
}

/// A trip of whose fields nothing is known yet.
#[derive(Debug, Clone, PartialEq, Default)]
#[expect(missing_docs, reason = "the fields are those of `Trip`, documented there")]
pub struct TripDraft {
    pub trip_id: Given<String>,
    pub customer_identifier: Given<String>,
    pub customer_industry: Given<String>,
    pub service_type: Given<String>,
    pub freight_segment: Given<String>,
    pub load_type: Given<String>,
    pub teu: Given<f64>,
    pub trip_timestamp: Given<f64>,
    pub shipment_weight: Given<f64>,
    pub shipment_weight_unit: Given<String>,
    pub trip_weight: Given<f64>,
    pub trip_weight_unit: Given<String>,
    pub origin_address: Given<String>,
    pub destination_address: Given<String>,
    pub distance_travelled: Given<f64>,
    pub distance_unit: Given<String>,
    pub vehicle_identifier: Given<String>,
    pub vehicle_ownership: Given<String>,
    pub vehicle_code: Given<String>,
    pub vehicle_fueltype: Given<String>,
    pub vehicle_make: Given<String>,
    pub vehicle_name: Given<String>,
    pub vehicle_engine_type: Given<String>,
    pub vehicle_make_year: Given<f64>,
    pub shipment_sequence: Given<f64>,
    pub is_trip_empty: Given<bool>,
    pub customer_items_count: Given<f64>,
    pub total_items_count: Given<f64>,
    pub empty_distance_included: Given<bool>,
    pub country: Given<String>,
}

/// The greatest number that is exact as a whole one.
const MAX_NUMBER: f64 = 9_007_199_254_740_991.0;

/// The unit of both weights.
pub(super) const KILOGRAMS: &str = "KGS";

/// The unit of the distance.
pub(super) const KILOMETRES: &str = "Kms";

impl TripDraft {
    /// Checks the draft, and makes the leg of it that is calculated and kept.
    ///
    /// Surrounding blanks of texts are dropped.
    ///
    /// # Errors
    /// Every field at fault, in the order of the documentation.
    pub fn parse(self) -> Result<NewLeg, Vec<FieldError>> {
        let mut faults = Faults::default();
        let trip_id = faults.name("trip_id", self.trip_id);
        let customer_identifier = faults.optional_name("customer_identifier", self.customer_identifier);
        let customer_industry = faults.text("customer_industry", self.customer_industry);
        let services = ServiceType::ALL.map(ServiceType::as_str);
        let service_type =
            faults.choice("service_type", self.service_type, ServiceType::from_name, &services);
        let freight_segment = faults.optional_text("freight_segment", self.freight_segment);
        let load_type = faults.optional_text("load_type", self.load_type);
        let teu = faults.optional_number("teu", self.teu, Load::MAX);
        let timestamp = faults.timestamp("trip_timestamp", self.trip_timestamp);
        let shipment_weight = faults.weight("shipment_weight.weight_value", self.shipment_weight);
        faults.unit("shipment_weight.weight_unit", self.shipment_weight_unit, KILOGRAMS);
        let trip_weight = faults.weight("trip_weight.weight_value", self.trip_weight);
        faults.unit("trip_weight.weight_unit", self.trip_weight_unit, KILOGRAMS);
        let origin = faults.text("address.origin_address", self.origin_address);
        let destination = faults.text("address.destination_address", self.destination_address);
        let distance =
            faults.number("distance.distance_travelled", self.distance_travelled, Kilometres::MAX.get());
        faults.unit("distance.distance_unit", self.distance_unit, KILOMETRES);
        let identifier = faults.optional_text("vehicle.vehicle_identifier", self.vehicle_identifier);
        let ownership = faults.text("vehicle.vehicle_ownership", self.vehicle_ownership);
        let codes = VehicleCode::ALL.map(VehicleCode::as_str);
        let code = faults.choice("vehicle.vehicle_code", self.vehicle_code, VehicleCode::from_code, &codes);
        let fuels = VehicleFuel::ALL.map(VehicleFuel::as_str);
        let fuel =
            faults.choice("vehicle.vehicle_fueltype", self.vehicle_fueltype, VehicleFuel::from_name, &fuels);
        let make = faults.optional_text("vehicle.vehicle_make", self.vehicle_make);
        let name = faults.optional_text("vehicle.vehicle_name", self.vehicle_name);
        let engine_type = faults.optional_text("vehicle.vehicle_engine_type", self.vehicle_engine_type);
        let make_year =
            faults.optional_number("vehicle.vehicle_make_year", self.vehicle_make_year, MAX_NUMBER);
        let sequence = faults.optional_number("shipment_sequence", self.shipment_sequence, MAX_NUMBER);
        let is_empty = faults.optional_boolean("is_trip_empty", self.is_trip_empty);
        let customer_items = faults.number("customer_items_count", self.customer_items_count, MAX_NUMBER);
        let total_items = faults.number("total_items_count", self.total_items_count, MAX_NUMBER);
        let empty_distance_included =
            faults.optional_boolean("empty_distance_included", self.empty_distance_included);
        let country = faults.text("country", self.country);
        let known_country = faults.country("country", &country);
        faults.fuel_of(code, fuel);
        faults.emptiness(is_empty, code);
        let (Some(service_type), Some(code), Some(fuel), Some(known_country), true) =
            (service_type, code, fuel, known_country, faults.0.is_empty())
        else {
            return Err(faults.0);
        };
        let vehicle = TripVehicle { identifier, ownership, code, fuel, make, name, engine_type, make_year };
        let trip = Trip {
            trip_id,
            sequence,
            customer_identifier,
            customer_industry,
            service_type,
            freight_segment,
            load_type,
            teu,
            timestamp,
            shipment_weight,
            trip_weight,
            origin,
            destination,
            distance: Kilometres::new(distance).unwrap_or_default(),
            vehicle,
            is_empty,
            customer_items,
            total_items,
            empty_distance_included,
            country,
        };
        faults.items(&trip);
        if faults.0.is_empty() { Ok(leg(trip, known_country)) } else { Err(faults.0) }
    }
}

/// The leg of a trip.
fn leg(trip: Trip, country: CountryCode) -> NewLeg {
    let present = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    let (code, fuel) = (trip.vehicle.code, trip.vehicle.fuel);
    let refrigerated = trip.temperature() == emissions_core::Temperature::Controlled;
    let date = trip.instant().date_naive();
    let load = trip.load();
    NewLeg {
        origin: present(&trip.origin),
        destination: present(&trip.destination),
        distance: Some(trip.distance),
        tkm: None,
        load,
        load_unit: load.map_or(LoadUnit::Kg, Load::unit),
        load_factor: LoadFactor::FULL,
        vehicle: Vehicle::FirstOf { tocs: code.tocs(fuel, refrigerated), otherwise: no_factor(&trip) },
        origin_country: Some(country),
        year: u16::try_from(date.year()).ok(),
        cleaning: false,
        shipment_date: Some(date),
        trace: Traceability {
            movement_id: present(&trip.trip_id),
            client: present(&trip.customer_identifier),
            movement_stretch: trip.sequence.map(|sequence| sequence.to_string()),
            vehicle_license_plate: present(&trip.vehicle.identifier),
            subcontractor: trip.is_subcontracted(),
            ..Traceability::default()
        },
        hubs: LegHubs::default(),
        trip: Some(Box::new(trip)),
    }
}

fn no_factor(trip: &Trip) -> String {
    let (code, fuel) = (trip.vehicle.code.as_str(), trip.vehicle.fuel.as_str());
    if trip.is_empty {
        return format!(
            "\"is_trip_empty\" is true, and no factor pack in force has both an intensity and an average load of {code} with the \
             fuel '{fuel}' for that country, as an empty trip needs them; leave empty trips out (the intensities of laden ones \
             contain average empty running), or ask the operator for a pack that has both"
        );
    }
    format!(
        "\"vehicle.vehicle_fueltype\" is '{fuel}', and no factor pack in force has an intensity of {code} with that fuel; give \
         Diesel, or ask the operator for a pack that has one (GLEC has CNG trucks)"
    )
}

/// Collects the faults of a draft while its fields are checked. What is returned for a field at fault is never used.
#[derive(Default)]
struct Faults(Vec<FieldError>);

impl Faults {
    fn add(&mut self, field: &'static str, problem: Problem, what: impl std::fmt::Display) {
        self.0.push(FieldError { field, problem, message: format!("\"{field}\" {what}") });
    }

    /// A value that must be there.
    fn required<T>(&mut self, field: &'static str, given: Given<T>, kind: &str) -> Option<T> {
        if matches!(given, Given::Absent) {
            self.add(field, Problem::Missing, "is required");
            return None;
        }
        self.optional(field, given, kind)
    }

    fn optional<T>(&mut self, field: &'static str, given: Given<T>, kind: &str) -> Option<T> {
        match given {
            Given::Value(value) => return Some(value),
            Given::WrongType => self.add(field, Problem::WrongType, format!("must be {kind}")),
            Given::Absent => {}
        }
        None
    }

    fn text(&mut self, field: &'static str, given: Given<String>) -> String {
        self.filled(field, given, MAX_TEXT)
    }

    fn name(&mut self, field: &'static str, given: Given<String>) -> String {
        self.filled(field, given, MAX_NAME)
    }

    fn filled(&mut self, field: &'static str, given: Given<String>, most: usize) -> String {
        let Some(text) = self.required(field, given, "a string") else { return String::new() };
        let text = self.checked(field, &text, most);
        if text.as_deref() == Some("") {
            self.add(field, Problem::Missing, "is not allowed to be empty");
        }
        text.unwrap_or_default()
    }

    fn optional_text(&mut self, field: &'static str, given: Given<String>) -> String {
        let text = self.optional(field, given, "a string");
        text.and_then(|text| self.checked(field, &text, MAX_TEXT)).unwrap_or_default()
    }

    fn optional_name(&mut self, field: &'static str, given: Given<String>) -> String {
        let name = self.optional(field, given, "a string");
        name.and_then(|name| self.checked(field, &name, MAX_NAME)).unwrap_or_default()
    }

    fn checked(&mut self, field: &'static str, text: &str, most: usize) -> Option<String> {
        let text = text.trim();
        if text.contains('\0') {
            self.add(field, Problem::OutOfRange, "contains a NUL character; remove it");
            return None;
        }
        if text.chars().count() > most {
            let what = format!("length must be less than or equal to {most} characters long");
            self.add(field, Problem::OutOfRange, what);
            return None;
        }
        Some(text.to_owned())
    }

    fn number(&mut self, field: &'static str, given: Given<f64>, max: f64) -> f64 {
        let number = self.required(field, given, "a number");
        number.and_then(|number| self.in_range(field, number, max)).unwrap_or_default()
    }

    fn optional_number(&mut self, field: &'static str, given: Given<f64>, max: f64) -> Option<f64> {
        let number = self.optional(field, given, "a number");
        number.and_then(|number| self.in_range(field, number, max))
    }

    fn in_range(&mut self, field: &'static str, number: f64, max: f64) -> Option<f64> {
        if number < 0.0 || number.is_nan() {
            self.add(field, Problem::OutOfRange, "must be greater than or equal to 0");
        } else if number > max {
            self.add(field, Problem::OutOfRange, format!("must be less than or equal to {max}"));
        }
        // `+ 0.0` turns a negative zero into zero.
        (0.0..=max).contains(&number).then_some(number + 0.0)
    }

    fn weight(&mut self, field: &'static str, given: Given<f64>) -> Kilograms {
        Kilograms::new(self.number(field, given, Load::MAX)).unwrap_or_default()
    }

    fn optional_boolean(&mut self, field: &'static str, given: Given<bool>) -> bool {
        self.optional(field, given, "a boolean").unwrap_or_default()
    }

    fn timestamp(&mut self, field: &'static str, given: Given<f64>) -> f64 {
        let timestamp = self.number(field, given, f64::MAX);
        if instant(timestamp).is_none() {
            self.add(
                field,
                Problem::OutOfRange,
                "must lie before the year 2101, in seconds or milliseconds since 1970",
            );
        }
        timestamp
    }

    fn choice<T>(
        &mut self,
        field: &'static str,
        given: Given<String>,
        parse: impl Fn(&str) -> Option<T>,
        permitted: &[&str],
    ) -> Option<T> {
        let listed = permitted.iter().map(|name| if name.is_empty() { "\"\"" } else { name });
        let one_of = format!("one of [{}]", listed.collect::<Vec<_>>().join(", "));
        let text = self.required(field, given, &one_of)?;
        let found = parse(&text);
        if found.is_none() {
            self.add(field, Problem::NotPermitted, format!("must be {one_of}"));
        }
        found
    }

    fn unit(&mut self, field: &'static str, given: Given<String>, unit: &str) {
        self.choice(field, given, |text| (text == unit).then_some(()), &[unit]);
    }

    fn country(&mut self, field: &'static str, name: &str) -> Option<CountryCode> {
        if self.0.iter().any(|fault| fault.field == field) {
            return None;
        }
        let country = CountryCode::from_name(name).ok();
        if country.is_none() {
            let what = "must be a country's English name or ISO 3166-1 code, such as INDIA or IN";
            self.add(field, Problem::NotPermitted, what);
        }
        country
    }

    fn fuel_of(&mut self, code: Option<VehicleCode>, fuel: Option<VehicleFuel>) {
        let (Some(code), Some(fuel)) = (code, fuel) else { return };
        if code.fuels().contains(&fuel) {
            return;
        }
        let fuels: Vec<&str> = code.fuels().iter().map(|fuel| fuel.as_str()).collect();
        let fuels = fuels.iter().map(|name| if name.is_empty() { "\"\"" } else { name });
        let what = format!(
            "must be one of [{}] for vehicle_code {}, which travels by {}; {} does not drive it",
            fuels.collect::<Vec<_>>().join(", "),
            code.as_str(),
            code.mode(),
            fuel.as_str(),
        );
        self.add("vehicle.vehicle_fueltype", Problem::NotPermitted, what);
    }

    fn emptiness(&mut self, is_empty: bool, code: Option<VehicleCode>) {
        let Some(code) = code.filter(|code| is_empty && code.category() != Category::Road) else { return };
        let what = format!(
            "must be false for vehicle_code {}: for {} no average load is published to calculate an empty trip with",
            code.as_str(),
            code.mode(),
        );
        self.add("is_trip_empty", Problem::NotPermitted, what);
    }

    /// Counts decide only where there is no weight.
    fn items(&mut self, trip: &Trip) {
        let unweighed = trip.cargo() == Cargo::Weighed(Kilograms::ZERO) && trip.trip_weight > Kilograms::ZERO;
        if unweighed && trip.customer_items > trip.total_items {
            let what = "must be less than or equal to \"total_items_count\" where the shipment's weight is 0";
            self.add("customer_items_count", Problem::OutOfRange, what);
        }
    }
}
