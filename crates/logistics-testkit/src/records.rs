//! Legs, outcomes and what they consist of, each as a plain example that a test changes where it matters.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use emissions_core::{
    CountryCode, DistanceBasis, Emissions, Estimate, HubCategory, KgCo2e, Kilograms, Kilometres, Leg,
    LegDistance, Load, LoadFactor, LoadUnit, TonneKilometres,
};
use logistics_domain::accounts::NewOrganization;
use logistics_domain::calculator::{FactsId, FactsRecord, RouteFound};
use logistics_domain::geography::{
    Candidate, Coordinates, Distance, DistanceMethod, Geocoded, MatchType, Place, Via,
};
use logistics_domain::hub::{Hub, HubKind, HubProfile, HubStatus};
use logistics_domain::ids::{HubId, LegId, OrganizationId};
use logistics_domain::leg::{HandlingHub, LegHubs, Outcome, ResolvedLeg, Traceability};
use logistics_domain::ports::LegToSave;
use logistics_domain::trip::{ServiceType, Trip, TripVehicle, VehicleCode, VehicleFuel};
use logistics_domain::{Calculation, Category, FailureCode, LegFailure};
use uuid::Uuid;

/// The first instant of a test: 2025-12-04, 06:42:35.973485 UTC.
#[must_use]
pub fn start() -> DateTime<Utc> {
    DateTime::from_timestamp_micros(1_764_830_555_973_485).unwrap()
}

/// An id for a leg, ordered by the time of its making.
#[must_use]
pub fn leg_id() -> LegId {
    LegId(Uuid::now_v7())
}

/// An organization with a key whose hash repeats its number.
#[must_use]
pub fn organization(number: u8) -> NewOrganization {
    NewOrganization {
        id: OrganizationId(Uuid::now_v7()),
        name: format!("Organization {number}"),
        key_hash: [number; 32],
        key_prefix: format!("dray_{number:03}"),
    }
}

/// A leg by road from Madrid to Barcelona that is part of no movement.
#[must_use]
pub fn leg() -> ResolvedLeg {
    ResolvedLeg {
        origin: Some("Madrid, Spain".to_owned()),
        destination: Some("Barcelona, Spain".to_owned()),
        distance: None,
        tkm: None,
        load: Some(Load::new(1000.0, LoadUnit::Kg).unwrap()),
        load_unit: LoadUnit::Kg,
        load_factor: LoadFactor::FULL,
        toc: "generic_average_road".to_owned(),
        toc_estimated: true,
        category: Category::Road,
        origin_country: Some(country("ES")),
        year: 2025,
        cleaning: false,
        shipment_date: NaiveDate::from_ymd_opt(2025, 12, 4).unwrap(),
        trace: Traceability::default(),
        hubs: LegHubs::default(),
        trip: None,
    }
}

/// A leg of a movement, with every identifier that a client can give.
#[must_use]
pub fn traced_leg(movement: &str) -> ResolvedLeg {
    ResolvedLeg {
        trace: Traceability {
            movement_id: Some(movement.to_owned()),
            client: Some("CLIENT-001".to_owned()),
            movement_stretch: Some("last_mile".to_owned()),
            movement_stage: Some("delivery".to_owned()),
            vehicle_license_plate: Some("1234 BCD".to_owned()),
            trailer_license_plate: Some("R-5678-BBC".to_owned()),
            hub_id: Some("MAD-01".to_owned()),
            package_key: Some("26830007899150601093463".to_owned()),
            subcontractor: true,
        },
        ..leg()
    }
}

/// The leg of a trip by truck from Mumbai to Delhi.
#[must_use]
pub fn trip_leg(trip_id: &str) -> ResolvedLeg {
    let trip = Trip {
        trip_id: trip_id.to_owned(),
        sequence: Some(1.0),
        customer_identifier: "CUST_001".to_owned(),
        customer_industry: "Retail".to_owned(),
        service_type: ServiceType::FullTruck,
        freight_segment: "Primary".to_owned(),
        load_type: "General".to_owned(),
        teu: Some(0.0),
        timestamp: 1_706_745_600.0,
        shipment_weight: Kilograms::new(2000.0).unwrap(),
        trip_weight: Kilograms::new(2400.0).unwrap(),
        origin: "Mumbai".to_owned(),
        destination: "Delhi".to_owned(),
        distance: Kilometres::new(1400.0).unwrap(),
        vehicle: TripVehicle {
            identifier: "MH12AB1234".to_owned(),
            ownership: "Own".to_owned(),
            code: VehicleCode::Hgv4,
            fuel: VehicleFuel::Diesel,
            make: "Tata".to_owned(),
            name: "Prima".to_owned(),
            engine_type: String::new(),
            make_year: Some(2022.0),
        },
        is_empty: false,
        customer_items: 150.0,
        total_items: 220.0,
        empty_distance_included: false,
        country: "INDIA".to_owned(),
    };
    ResolvedLeg {
        origin: Some(trip.origin.clone()),
        destination: Some(trip.destination.clone()),
        distance: Some(trip.distance),
        load: trip.load(),
        toc: "artic_truck_33_t_diesel".to_owned(),
        toc_estimated: false,
        origin_country: Some(country("IN")),
        year: 2024,
        shipment_date: trip.instant().date_naive(),
        trace: Traceability {
            movement_id: Some(trip.trip_id.clone()),
            movement_stretch: Some("1".to_owned()),
            client: Some(trip.customer_identifier.clone()),
            vehicle_license_plate: Some(trip.vehicle.identifier.clone()),
            ..Traceability::default()
        },
        trip: Some(Box::new(trip)),
        ..leg()
    }
}

/// A leg to save under a new id.
#[must_use]
pub fn to_save(leg: ResolvedLeg, outcome: Outcome) -> LegToSave {
    LegToSave { id: leg_id(), leg, outcome }
}

/// A calculation that came to `wtw` kg CO2e, over a distance that was given.
#[must_use]
pub fn calculated(wtw: f64) -> Outcome {
    Outcome::Calculated(Box::new(calculation(wtw)))
}

/// A calculation that came to `wtw` kg CO2e, over a distance that was found.
#[must_use]
pub fn calculated_on_route(wtw: f64, route: Arc<RouteFound>) -> Outcome {
    let mut calculation = calculation(wtw);
    calculation.estimated.insert(Estimate::DistanceKm);
    calculation.route = Some(route);
    Outcome::Calculated(Box::new(calculation))
}

/// A failure for want of a distance.
#[must_use]
pub fn failed(message: &str) -> Outcome {
    Outcome::Failed(LegFailure {
        code: FailureCode::NoDistance,
        message: message.to_owned(),
        transient: true,
    })
}

/// What came to `wtw` kg CO2e, a fifth of it well to tank.
#[must_use]
pub fn emissions(wtw: f64) -> Emissions {
    let wtt = wtw * 0.2;
    let kg = |value| KgCo2e::new(value).unwrap();
    Emissions { wtw: kg(wtw), wtt: kg(wtt), ttw: kg(wtw - wtt) }
}

/// Facts of which only the name matters: stores do not read them.
#[must_use]
pub fn facts(number: u128) -> Arc<FactsRecord> {
    let json = format!(r#"{{"toc":"toc {number}","intensity":0.1533}}"#);
    Arc::new(FactsRecord { id: FactsId(number.to_be_bytes()), json })
}

/// A calculation whose transport came to `wtw` kg CO2e, with everything set that a calculation can have but a route.
#[must_use]
pub fn calculation(wtw: f64) -> Calculation {
    let km = Kilometres::new(504.7).unwrap();
    let mut question = Leg::new(
        2025,
        Load::new(1000.0, LoadUnit::Kg).unwrap(),
        LegDistance { km, basis: DistanceBasis::Actual },
    );
    question.country = Some(country("ES"));
    Calculation {
        transport: emissions(wtw),
        hub: emissions(0.6),
        cleaning: emissions(0.1),
        tkm: TonneKilometres::new(504.7).unwrap(),
        distance: Some(km),
        default_load: Some(Kilograms::new(11_350.0).unwrap()),
        estimated: [Estimate::Toc, Estimate::FactorRegion].into_iter().collect(),
        route: None,
        question,
        facts: facts(1),
    }
}

/// A route between two towns, as a geocoder and an engine would find it.
#[must_use]
pub fn route(origin: &str, destination: &str, km: f64) -> Arc<RouteFound> {
    let geocoded = |name: &str, lat, lon| Geocoded {
        place: place(name, lat, lon),
        match_type: MatchType::Place,
        matched: name.to_owned(),
        confidence: 0.93,
        source: "geonames 2026-08".to_owned(),
        settled_by_hint: false,
        beaten: vec![Candidate { place: place(name, lat / 3.0, lon / 7.0), confidence: 0.1 + 0.2 }],
    };
    Arc::new(RouteFound {
        origin: geocoded(origin, 40.4165, -3.70256),
        destination: geocoded(destination, 41.38879, 2.15899),
        distance: Distance {
            km: Kilometres::new(km).unwrap(),
            basis: DistanceBasis::ShortestFeasible,
            method: DistanceMethod::RoadNetwork,
            confidence: 0.8,
            via: vec![Via::Ferry { name: "Dover - Calais".to_owned(), km: 45.1 }],
            engine: "freight-geo 0.1.0 roads 1f3a".to_owned(),
            geometry: None,
        },
    })
}

/// A subcontracted, active warehouse in Madrid with a name.
#[must_use]
pub fn hub(name: &str) -> Hub {
    Hub {
        id: HubId(Uuid::now_v7()),
        created_at: start(),
        updated_at: None,
        profile: HubProfile {
            name: name.to_owned(),
            external_code: None,
            kind: HubKind::Subcontracted,
            category: Some(HubCategory::WarehouseAmbient),
            address: Some("Calle Industrial 5, Madrid".to_owned()),
            country: Some(country("ES")),
            status: HubStatus::Active,
            supercharger: false,
            facility_id: None,
            annual_co2e: None,
            annual_throughput: None,
        },
    }
}

/// A leg of a movement that a hub handled.
#[must_use]
pub fn handled_leg(movement: &str, hub: &Hub) -> ResolvedLeg {
    let mut leg = traced_leg(movement);
    leg.hubs.handled_by = Some(HandlingHub { id: hub.id, stay: hub.profile.stay() });
    leg
}

/// A place in Spain.
#[must_use]
pub fn place(name: &str, lat: f64, lon: f64) -> Place {
    Place {
        name: name.to_owned(),
        country: country("ES"),
        admin1: Some("España".to_owned()),
        coordinates: Coordinates::new(lat, lon).unwrap(),
        code: None,
    }
}

/// A country by its code.
#[must_use]
pub fn country(code: &str) -> CountryCode {
    CountryCode::parse(code).unwrap()
}
