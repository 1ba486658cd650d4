use chrono::{Datelike, NaiveDate, NaiveTime};
use emissions_core::{CountryCode, Kilometres, Load, LoadFactor, LoadUnit, TonneKilometres, UnitError};

use super::{LegHubs, NewLeg, Traceability, Vehicle};
use crate::Category;
use crate::numbers::read_day;

/// A leg as a client states it: every field has its type, but nothing more is known of it.
#[derive(Debug, Clone, PartialEq, Default)]
#[expect(missing_docs, reason = "the fields are those of `NewLeg` and `Traceability`, documented there")]
pub struct LegDraft {
    pub origin: Option<String>,
    pub destination: Option<String>,
    pub distance_km: Option<f64>,
    pub load: Option<f64>,
    pub load_unit: Option<String>,
    pub load_factor: Option<f64>,
    pub toc: Option<String>,
    pub category: Option<String>,
    pub origin_country: Option<String>,
    pub year: Option<i64>,
    pub cleaning: Option<bool>,
    pub movement_id: Option<String>,
    pub client: Option<String>,
    pub shipment_date: Option<String>,
    pub movement_stretch: Option<String>,
    pub movement_stage: Option<String>,
    pub vehicle_license_plate: Option<String>,
    pub trailer_license_plate: Option<String>,
    pub subcontractor: Option<bool>,
    pub tkm: Option<f64>,
    pub hub_id: Option<String>,
    pub package_key: Option<String>,
}

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Problem {
    /// It is needed and not there.
    Missing,
    /// It is of another type.
    WrongType,
    /// It is not one of the values that are possible.
    NotPermitted,
    /// It is outside its range, or not well formed.
    OutOfRange,
}

/// A field that is at fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The field's name, as in `load_unit`.
    pub field: &'static str,
    /// What kind of fault it is.
    pub problem: Problem,
    /// The fault, the value and the remedy, for people.
    pub message: String,
}

impl FieldError {
    fn new(field: &'static str, problem: Problem, message: impl Into<String>) -> Self {
        Self { field, problem, message: message.into() }
    }
}

/// The longest text that a field takes, in characters.
pub(crate) const MAX_TEXT: usize = 1000;

/// The longest name, in characters: of what is looked for in an index, where rows have little room.
pub(crate) const MAX_NAME: usize = 255;

/// The years that factors can be asked for.
const YEARS: std::ops::RangeInclusive<i64> = 1990..=2100;

impl LegDraft {
    /// Checks the draft.
    ///
    /// Surrounding blanks are dropped, and a text that is blank is no text.
    ///
    /// # Errors
    /// Every field at fault, in the order of the documentation.
    pub fn parse(self) -> Result<NewLeg, Vec<FieldError>> {
        let mut faults = Faults::default();
        let origin = faults.text("origin", self.origin);
        let destination = faults.text("destination", self.destination);
        let distance = faults.quantity("distance_km", self.distance_km, Kilometres::new);
        let tkm = faults.quantity("tkm", self.tkm, TonneKilometres::new);
        if distance.is_none() && self.distance_km.is_none() && self.tkm.is_none() {
            faults.need_addresses(origin.as_ref(), destination.as_ref());
        }
        let load_unit = faults.choice(
            "load_unit",
            self.load_unit,
            LoadUnit::from_name,
            &LoadUnit::ALL.map(LoadUnit::as_str),
        );
        let load_unit = load_unit.unwrap_or(LoadUnit::Kg);
        let load = faults.quantity("load", self.load, |amount| Load::new(amount, load_unit));
        let load_factor =
            faults.quantity("load_factor", self.load_factor, LoadFactor::new).unwrap_or_default();
        let vehicle = faults.vehicle(self.toc, self.category);
        let origin_country = faults.country_or_world("origin_country", self.origin_country);
        let year = faults.year("year", self.year);
        let shipment_date = faults.date("shipment_date", self.shipment_date);
        let trace = Traceability {
            movement_id: faults.name("movement_id", self.movement_id),
            client: faults.name("client", self.client),
            movement_stretch: faults.name("movement_stretch", self.movement_stretch),
            movement_stage: faults.name("movement_stage", self.movement_stage),
            vehicle_license_plate: faults.name("vehicle_license_plate", self.vehicle_license_plate),
            trailer_license_plate: faults.name("trailer_license_plate", self.trailer_license_plate),
            hub_id: faults.name("hub_id", self.hub_id),
            package_key: faults.name("package_key", self.package_key),
            subcontractor: self.subcontractor.unwrap_or(false),
        };
        if trace.package_key.is_some() && trace.movement_id.is_none() {
            let message =
                "Please provide a movement_id if package_key is present: it groups packages into shipments";
            faults.add("movement_id", Problem::Missing, message);
        }
        let leg = vehicle.map(|vehicle| NewLeg {
            origin,
            destination,
            distance,
            tkm,
            load,
            load_unit,
            load_factor,
            vehicle,
            origin_country,
            year,
            cleaning: self.cleaning.unwrap_or(false),
            shipment_date,
            trace,
            hubs: LegHubs::default(),
            trip: None,
        });
        match (leg, faults.0) {
            (Some(leg), faults) if faults.is_empty() => Ok(leg),
            (_, faults) => Err(faults),
        }
    }
}

impl LegDraft {
    /// Checks a draft that lacks the fields whose values were of a wrong type.
    ///
    /// # Errors
    /// Those fields and every other at fault; not what is only missing because they are.
    pub fn parse_beside(self, mut wrong_types: Vec<FieldError>) -> Result<NewLeg, Vec<FieldError>> {
        match self.parse() {
            Ok(leg) if wrong_types.is_empty() => return Ok(leg),
            Ok(_) => {}
            Err(others) => {
                let wrong: Vec<&str> = wrong_types.iter().map(|fault| fault.field).collect();
                wrong_types.extend(others.into_iter().filter(|fault| !follows(fault, &wrong)));
            }
        }
        Err(wrong_types)
    }
}

/// Whether a fault is only there because fields of a wrong type were left out.
fn follows(fault: &FieldError, wrong: &[&str]) -> bool {
    let instead: &[&str] = match (fault.problem, fault.field) {
        (Problem::Missing, "origin" | "destination") => &["distance_km", "tkm"],
        (Problem::Missing, "category") => &["toc"],
        _ => &[],
    };
    wrong.iter().any(|field| *field == fault.field || instead.contains(field))
}

/// Collects the faults of a draft while its fields are parsed.
#[derive(Default)]
pub(crate) struct Faults(pub Vec<FieldError>);

impl Faults {
    pub(crate) fn add(&mut self, field: &'static str, problem: Problem, message: impl Into<String>) {
        self.0.push(FieldError::new(field, problem, message));
    }

    fn need_addresses(&mut self, origin: Option<&String>, destination: Option<&String>) {
        for (field, text) in [("origin", origin), ("destination", destination)] {
            if text.is_none() && self.0.iter().all(|fault| fault.field != field) {
                let message = "Please provide origin and destination if distance_km is not present";
                self.add(field, Problem::Missing, message);
            }
        }
    }

    pub(crate) fn text(&mut self, field: &'static str, value: Option<String>) -> Option<String> {
        self.short(field, value, MAX_TEXT)
    }

    pub(crate) fn name(&mut self, field: &'static str, value: Option<String>) -> Option<String> {
        self.short(field, value, MAX_NAME)
    }

    fn short(&mut self, field: &'static str, value: Option<String>, most: usize) -> Option<String> {
        let value = value?;
        if value.contains('\0') {
            self.add(field, Problem::OutOfRange, format!("{field} contains a NUL character; remove it"));
            return None;
        }
        let text = trimmed(value)?;
        let length = text.chars().count();
        if length > most {
            let message = format!("{field} has {length} characters; give at most {most}");
            self.add(field, Problem::OutOfRange, message);
            return None;
        }
        Some(text)
    }

    pub(crate) fn quantity<T>(
        &mut self,
        field: &'static str,
        value: Option<f64>,
        parse: impl Fn(f64) -> Result<T, UnitError>,
    ) -> Option<T> {
        parse(value?)
            .map_err(|error| {
                let message = format!("{field} is {}; give a number from 0 to {}", error.value, error.max);
                self.add(field, Problem::OutOfRange, message);
            })
            .ok()
    }

    pub(crate) fn choice<T>(
        &mut self,
        field: &'static str,
        value: Option<String>,
        parse: impl Fn(&str) -> Option<T>,
        permitted: &[&str],
    ) -> Option<T> {
        let value = value?;
        let found = parse(value.trim().to_ascii_lowercase().as_str());
        if found.is_none() {
            let message = format!("{field} is '{}'; give one of {}", shortened(&value), permitted.join(", "));
            self.add(field, Problem::NotPermitted, message);
        }
        found
    }

    fn vehicle(&mut self, toc: Option<String>, category: Option<String>) -> Option<Vehicle> {
        let faults = self.0.len();
        let toc = self.text("toc", toc);
        let named = category.is_some();
        let permitted = Category::ALL.map(Category::as_str);
        let category = self.choice("category", category, Category::from_name, &permitted);
        if toc.is_none() && !named && self.0.len() == faults {
            self.add("category", Problem::Missing, "Please provide a category if toc is not present");
        }
        toc.map(Vehicle::Toc).or(category.map(Vehicle::Category))
    }

    /// A country, or nothing for the whole world.
    fn country_or_world(&mut self, field: &'static str, value: Option<String>) -> Option<CountryCode> {
        let value = value.filter(|value| !value.trim().eq_ignore_ascii_case("GLO"));
        self.country_of(field, value, "an ISO 3166-1 country code such as ES, or GLO")
    }

    pub(crate) fn country(&mut self, field: &'static str, value: Option<String>) -> Option<CountryCode> {
        self.country_of(field, value, "an ISO 3166-1 country code such as ES")
    }

    fn country_of(
        &mut self,
        field: &'static str,
        value: Option<String>,
        expected: &str,
    ) -> Option<CountryCode> {
        let value = self.text(field, value)?;
        let country = CountryCode::parse(&value).ok();
        if country.is_none() {
            let message = format!("{field} is '{}'; give {expected}", shortened(&value));
            self.add(field, Problem::NotPermitted, message);
        }
        country
    }

    fn year(&mut self, field: &'static str, value: Option<i64>) -> Option<u16> {
        let value = value?;
        let year = u16::try_from(value).ok().filter(|_| YEARS.contains(&value));
        if year.is_none() {
            let message =
                format!("{field} is {value}; give a year from {} to {}", YEARS.start(), YEARS.end());
            self.add(field, Problem::OutOfRange, message);
        }
        year
    }

    /// A day, also as the beginning of an ISO 8601 date and time.
    pub(crate) fn date(&mut self, field: &'static str, value: Option<String>) -> Option<NaiveDate> {
        let value = self.text(field, value)?;
        let (day, time) =
            value.split_once(['T', ' ']).map_or((&*value, None), |(day, time)| (day, Some(time)));
        let date =
            read_day(day).filter(|date| (1900..=2200).contains(&date.year()) && time.is_none_or(is_time));
        if date.is_none() {
            let message = format!("{field} is '{}'; give a date such as 2024-11-25", shortened(&value));
            self.add(field, Problem::OutOfRange, message);
        }
        date
    }
}

/// Whether a text is a time of ISO 8601, with or without its offset from UTC.
fn is_time(text: &str) -> bool {
    let formats = ["%H:%M", "%H:%M:%S%.f", "%H:%M%#z", "%H:%M:%S%.f%#z"];
    formats.iter().any(|format| NaiveTime::parse_from_str(text, format).is_ok())
}

/// A text without surrounding blanks; nothing where it is blank.
pub(crate) fn trimmed(text: String) -> Option<String> {
    let inner = text.trim();
    let text = if inner.len() == text.len() { text } else { inner.to_owned() };
    (!text.is_empty()).then_some(text)
}

/// A value as an error message shows it: its first characters, none of which controls anything.
#[must_use]
pub fn shortened(value: &str) -> String {
    const SHOWN: usize = 80;
    let shown = |letter: char| if letter.is_control() { char::REPLACEMENT_CHARACTER } else { letter };
    let mut letters = value.chars();
    let mut short: String = letters.by_ref().take(SHOWN).map(shown).collect();
    if letters.next().is_some() {
        short.push('…');
    }
    short
}
