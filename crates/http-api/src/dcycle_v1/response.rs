//! A leg as the API shows it.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use emissions_core::{Emissions, Estimate, Load};
use logistics_domain::calculator::{Foreseen, RouteFound};
use logistics_domain::geography::{Geocoded, Via};
use logistics_domain::leg::{LegRecord, Outcome, ResolvedLeg};
use logistics_domain::{Calculation, Calculator};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::numbers::{intensity, kg, km};
use crate::schemas;

/// A leg and its emissions: the documented fields in the documented order, then what Dray adds.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LogisticsRequestResponse)]
pub(crate) struct LegResponse<'r> {
    id: Uuid,
    origin: Option<&'r str>,
    destination: Option<&'r str>,
    /// The country whose factors were used, or `GLO`.
    #[schema(example = "ES")]
    origin_country: String,
    /// Given or found; null while it is not.
    distance_km: Option<f64>,
    /// As given, or the vehicle's average load.
    load: Option<f64>,
    #[schema(schema_with = schemas::load_unit)]
    load_unit: &'static str,
    load_factor: f64,
    #[schema(example = "generic_average_road")]
    toc: &'r str,
    #[schema(schema_with = schemas::category)]
    category: &'static str,
    year: u16,
    cleaning: bool,
    /// Kilograms of CO2e, well to wheel: transport, hub and cleaning.
    co2e: Option<f64>,
    /// Tonne-kilometres.
    tkm: Option<f64>,
    movement_id: Option<&'r str>,
    client: Option<&'r str>,
    shipment_date: NaiveDate,
    movement_stretch: Option<&'r str>,
    movement_stage: Option<&'r str>,
    package_key: Option<&'r str>,
    package_id: Option<Uuid>,
    subcontractor: bool,
    vehicle_license_plate: Option<&'r str>,
    trailer_license_plate: Option<&'r str>,
    hub_id: Option<&'r str>,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    updated_at: String,
    #[schema(schema_with = schemas::leg_status)]
    status: &'static str,
    /// The same as `co2e`.
    kgco2e: Option<f64>,
    /// Kilograms of CO2e per tonne-kilometre.
    emission_intensity: Option<f64>,
    /// What was estimated, not given.
    estimated_data: Vec<&'static str>,
    /// Why there is no result, beginning with the code.
    error_messages: Vec<String>,
    breakdown: Option<Breakdown>,
    route: Option<Route<'r>>,
    /// The family of APIs that it came in through: `dcycle` or `climes`.
    #[schema(example = "dcycle")]
    family: &'static str,
}

/// The parts of `co2e`, in kilograms.
#[derive(Debug, Serialize, ToSchema)]
struct Breakdown {
    transport: Parts,
    hub: Parts,
    cleaning: Parts,
}

/// Emissions in kilograms. What is published well-to-wheel only is in `wtw` alone.
#[derive(Debug, Serialize, ToSchema)]
struct Parts {
    wtw: f64,
    wtt: f64,
    ttw: f64,
}

/// How the distance was found.
#[derive(Debug, Serialize, ToSchema)]
struct Route<'r> {
    /// `sfd`, `gcd`, `gcd+95km` or `actual`.
    #[schema(example = "sfd")]
    basis: &'static str,
    #[schema(value_type = String, example = "road_network")]
    method: logistics_domain::geography::DistanceMethod,
    confidence: f64,
    engine: &'r str,
    origin: End<'r>,
    destination: End<'r>,
    /// Ports, airports, passages and ferries on the way.
    #[schema(value_type = Vec<Object>)]
    via: &'r [Via],
}

/// The place that an address was taken for.
#[derive(Debug, Serialize, ToSchema)]
struct End<'r> {
    name: &'r str,
    #[schema(example = "ES")]
    country: String,
    admin1: Option<&'r str>,
    lat: f64,
    lon: f64,
    #[schema(value_type = String, example = "place")]
    match_type: logistics_domain::geography::MatchType,
    confidence: f64,
}

impl<'r> LegResponse<'r> {
    pub fn of(record: &'r LegRecord) -> Self {
        let (leg, trace) = (&record.leg, &record.leg.trace);
        let calculation = match &record.outcome {
            Outcome::Calculated(calculation) => Some(&**calculation),
            Outcome::Pending | Outcome::Failed(_) => None,
        };
        let total = calculation.map(Calculation::total);
        let load = Calculator::shown_load(leg, calculation.and_then(|found| found.default_load));
        let co2e = total.map(|total| kg(total.wtw.get()));
        Self {
            id: record.id.0,
            origin: leg.origin.as_deref(),
            destination: leg.destination.as_deref(),
            origin_country: leg
                .origin_country
                .map_or_else(|| "GLO".to_owned(), |country| country.to_string()),
            distance_km: distance(leg, calculation),
            load: load.map(Load::amount),
            load_unit: load.map_or(leg.load_unit, Load::unit).as_str(),
            load_factor: leg.load_factor.get(),
            toc: &leg.toc,
            category: leg.category.as_str(),
            year: leg.year,
            cleaning: leg.cleaning,
            co2e,
            tkm: tkm(leg, calculation),
            movement_id: trace.movement_id.as_deref(),
            client: trace.client.as_deref(),
            shipment_date: leg.shipment_date,
            movement_stretch: trace.movement_stretch.as_deref(),
            movement_stage: trace.movement_stage.as_deref(),
            package_key: trace.package_key.as_deref(),
            package_id: record.package_id.map(|package| package.0),
            subcontractor: trace.subcontractor,
            vehicle_license_plate: trace.vehicle_license_plate.as_deref(),
            trailer_license_plate: trace.trailer_license_plate.as_deref(),
            hub_id: trace.hub_id.as_deref(),
            created_at: timestamp(record.created_at),
            updated_at: timestamp(record.updated_at),
            status: record.outcome.status().as_str(),
            kgco2e: co2e,
            emission_intensity: calculation.and_then(emission_intensity),
            estimated_data: calculation
                .map(|found| found.estimated.iter().map(Estimate::as_str).collect())
                .unwrap_or_default(),
            error_messages: match &record.outcome {
                Outcome::Failed(failure) => vec![failure.to_string()],
                Outcome::Pending | Outcome::Calculated(_) => Vec::new(),
            },
            breakdown: calculation.map(|found| Breakdown {
                transport: found.transport.into(),
                hub: found.hub.into(),
                cleaning: found.cleaning.into(),
            }),
            route: calculation.and_then(|found| found.route.as_deref()).map(Route::of),
            family: leg.family().as_str(),
        }
    }
}

impl<'r> LegResponse<'r> {
    /// A leg that waits for its calculation, with what can be told already.
    pub fn foreseen(record: &'r LegRecord, foreseen: Foreseen) -> Self {
        let load = Calculator::shown_load(&record.leg, foreseen.default_load);
        let mut response = Self::of(record);
        response.tkm = record.leg.tkm.map(|tkm| tkm.get()).or(foreseen.tkm.map(|tkm| kg(tkm.get())));
        response.load = load.map(Load::amount);
        response.load_unit = load.map_or(record.leg.load_unit, Load::unit).as_str();
        response
    }
}

fn distance(leg: &ResolvedLeg, calculation: Option<&Calculation>) -> Option<f64> {
    let found = calculation.and_then(|found| found.distance).map(|distance| km(distance.get()));
    leg.distance.map(|distance| distance.get()).or(found)
}

fn tkm(leg: &ResolvedLeg, calculation: Option<&Calculation>) -> Option<f64> {
    let computed = calculation.map(|found| kg(found.tkm.get()));
    leg.tkm.map(|tkm| tkm.get()).or(computed)
}

/// What a tonne-kilometre emits; nothing where nothing was carried anywhere.
pub(crate) fn emission_intensity(found: &Calculation) -> Option<f64> {
    let tkm = found.tkm.get();
    (tkm > 0.0).then(|| intensity(found.total().wtw.get() / tkm))
}

/// RFC 3339 in UTC with microseconds.
pub(crate) fn timestamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

impl From<Emissions> for Parts {
    fn from(emissions: Emissions) -> Self {
        Self { wtw: kg(emissions.wtw.get()), wtt: kg(emissions.wtt.get()), ttw: kg(emissions.ttw.get()) }
    }
}

impl<'r> Route<'r> {
    fn of(route: &'r RouteFound) -> Self {
        let distance = &route.distance;
        Self {
            basis: distance.basis.as_str(),
            method: distance.method,
            confidence: distance.confidence,
            engine: &distance.engine,
            origin: End::of(&route.origin),
            destination: End::of(&route.destination),
            via: &distance.via,
        }
    }
}

impl<'r> End<'r> {
    fn of(found: &'r Geocoded) -> Self {
        let place = &found.place;
        Self {
            name: &place.name,
            country: place.country.to_string(),
            admin1: place.admin1.as_deref(),
            lat: place.coordinates.lat(),
            lon: place.coordinates.lon(),
            match_type: found.match_type,
            confidence: found.confidence,
        }
    }
}
