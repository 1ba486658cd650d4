//! From legs to results: the vehicle is resolved, the distance found, the emissions calculated.
//!
//! One piece of code for every door: single calls are batches of one, and what is calculated inline, in bulk or by a
//! worker goes through the same steps.

mod facts;
mod routes;

use std::sync::Arc;

use chrono::{DateTime, Datelike, Utc};
use emissions_core::{
    CalculationError, CountryCode, DistanceBasis, Emissions, EmptyRunning, Estimate, Estimates, Factors,
    Kilograms, Kilometres, Leg, LegDistance, Load, LoadUnit, Temperature, TonneKilometres,
};

pub use facts::{FactsId, FactsRecord};
pub use routes::{RouteFound, RouteQuery};

use crate::geography::{
    AvoidedPassages, DistanceProvider, GeocodeError, Geocoded, Geocoder, GeographySettings, PlaceQuery,
};
use crate::leg::{NewLeg, ResolvedLeg, Vehicle};
use crate::numbers;
use crate::trip::{Cargo, Trip};
use facts::FactsCache;
use routes::RouteFinder;

/// The code of a failure, as the APIs show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FailureCode {
    /// The vehicle is not known.
    NoToc,
    /// Nothing says how much is carried.
    NoLoad,
    /// Nothing says how far.
    NoDistance,
    /// The calculation itself broke. Only workers report it: to a caller it is an internal error.
    Internal,
}

impl FailureCode {
    /// Every code.
    pub const ALL: [Self; 4] = [Self::NoToc, Self::NoLoad, Self::NoDistance, Self::Internal];

    /// The code: `NO_TOC`, `NO_LOAD`, `NO_DISTANCE` or `INTERNAL_ERROR`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoToc => "NO_TOC",
            Self::NoLoad => "NO_LOAD",
            Self::NoDistance => "NO_DISTANCE",
            Self::Internal => "INTERNAL_ERROR",
        }
    }

    /// The failure with that code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|failure| failure.as_str() == code)
    }
}

/// Why a leg has no result.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {message}", code.as_str())]
pub struct LegFailure {
    /// What is missing.
    pub code: FailureCode,
    /// The fault, the value and the remedy, for people.
    pub message: String,
    /// It is nobody's fault and may go away: a geocoder or a distance service could not be asked.
    pub transient: bool,
}

impl LegFailure {
    fn new(code: FailureCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), transient: false }
    }
}

impl From<CalculationError> for LegFailure {
    fn from(error: CalculationError) -> Self {
        let code = match error {
            CalculationError::NoLoad { .. } | CalculationError::NoUnitMass { .. } => FailureCode::NoLoad,
            CalculationError::NoDistance => FailureCode::NoDistance,
            CalculationError::NoElectricity { .. } => FailureCode::NoToc,
        };
        Self::new(code, error.to_string())
    }
}

/// A leg's result, with all that is needed to write its receipt.
#[derive(Debug, Clone, PartialEq)]
pub struct Calculation {
    /// What the transport emits.
    pub transport: Emissions,
    /// What the hub emits for the load.
    pub hub: Emissions,
    /// What cleaning emits.
    pub cleaning: Emissions,
    /// Transport activity before distance adjustment, or as given; nothing for an empty trip.
    pub tkm: TonneKilometres,
    /// The distance, given or found, before adjustment.
    pub distance: Option<Kilometres>,
    /// The vehicle's average load, where none was given.
    pub default_load: Option<Kilograms>,
    /// What was estimated.
    pub estimated: Estimates,
    /// How the distance was found, where it was not given.
    pub route: Option<Arc<RouteFound>>,
    /// The question that `emissions-core` was asked.
    pub question: Leg,
    /// The rows that answered it.
    pub facts: Arc<FactsRecord>,
}

impl Calculation {
    /// Transport, hub and cleaning together.
    #[must_use]
    pub fn total(&self) -> Emissions {
        self.transport + self.hub + self.cleaning
    }
}

/// What can be told of a leg before its distance is found.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Foreseen {
    /// Its transport activity, where it or the distance was given.
    pub tkm: Option<TonneKilometres>,
    /// The vehicle's average load, where none was given.
    pub default_load: Option<Kilograms>,
}

/// Resolves and calculates legs.
pub struct Calculator {
    factors: Arc<Factors>,
    routes: RouteFinder,
    facts: FactsCache,
}

impl Calculator {
    /// A calculator with the factors in force and the geography to ask.
    #[must_use]
    pub fn new(
        factors: Arc<Factors>,
        geocoder: Arc<dyn Geocoder>,
        distances: Arc<dyn DistanceProvider>,
        avoid: AvoidedPassages,
    ) -> Self {
        let routes = RouteFinder { geocoder, distances, avoid };
        Self { factors, routes, facts: FactsCache::default() }
    }

    /// The factors in force.
    #[must_use]
    pub fn factors(&self) -> &Factors {
        &self.factors
    }

    /// Settles a leg's vehicle, year and day.
    ///
    /// # Errors
    /// [`FailureCode::NoToc`] if the vehicle is not known.
    pub fn resolve(&self, leg: NewLeg, now: DateTime<Utc>) -> Result<ResolvedLeg, LegFailure> {
        let (name, toc_estimated) = match &leg.vehicle {
            Vehicle::Toc(toc) => (toc.to_ascii_lowercase(), false),
            Vehicle::Category(category) => (category.generic_toc().to_owned(), true),
            Vehicle::FirstOf { tocs, otherwise } => match self.first_of(tocs, &leg) {
                Some(toc) => (toc.to_owned(), false),
                None => return Err(LegFailure::new(FailureCode::NoToc, otherwise)),
            },
        };
        let Some(toc) = self.factors.toc(&name) else {
            return Err(LegFailure::new(FailureCode::NoToc, self.unknown_toc(&name)));
        };
        Ok(ResolvedLeg {
            origin: leg.origin,
            destination: leg.destination,
            distance: leg.distance,
            tkm: leg.tkm,
            load: leg.load,
            load_unit: leg.load_unit,
            load_factor: leg.load_factor,
            category: self.factors.describe(toc).mode.into(),
            toc: name,
            toc_estimated,
            origin_country: leg.origin_country,
            year: leg.year.unwrap_or_else(|| u16::try_from(now.year()).unwrap_or(u16::MAX)),
            cleaning: leg.cleaning,
            shipment_date: leg.shipment_date.unwrap_or_else(|| now.date_naive()),
            trace: leg.trace,
            hubs: leg.hubs,
            trip: leg.trip,
        })
    }

    /// The first TOC that a pack has for the leg's country, its group or the world, or at least knows; for a leg without a
    /// load, among those whose pack also has the average load.
    fn first_of(&self, tocs: &[&'static str], leg: &NewLeg) -> Option<&'static str> {
        let has_load = |toc| leg.load.is_some() || self.factors.has_default_load(toc, leg.origin_country);
        let known = || tocs.iter().filter_map(|id| Some((*id, self.factors.toc(id)?)));
        let mut usable = known().filter(|(_, toc)| has_load(*toc));
        let first = usable.clone().next();
        let served = usable.find(|(_, toc)| self.factors.served_by(*toc, leg.origin_country).is_some());
        served.or(first).map(|(id, _)| id)
    }

    fn unknown_toc(&self, name: &str) -> String {
        let near = self.factors.names().map(|known| (strsim::jaro_winkler(known, name), known));
        let near = near.filter(|(likeness, _)| *likeness > 0.85).max_by(|a, b| a.0.total_cmp(&b.0));
        let hint = near.map(|(_, known)| format!(" (did you mean '{known}'?)")).unwrap_or_default();
        format!("toc '{name}' is not known{hint}; the list of TOCs names them all")
    }

    /// The place that an organization's address names.
    ///
    /// # Errors
    /// [`GeocodeError`] if it names none, several, or the geocoder is away.
    pub async fn place(
        &self,
        query: PlaceQuery<'_>,
        settings: &GeographySettings,
    ) -> Result<Geocoded, GeocodeError> {
        self.routes.place(query, settings).await
    }

    /// The distance between two of an organization's addresses.
    ///
    /// # Errors
    /// [`FailureCode::NoDistance`] if an address names no place or no route connects them.
    pub async fn route(
        &self,
        query: &RouteQuery,
        settings: &GeographySettings,
    ) -> Result<Arc<RouteFound>, LegFailure> {
        let found = self.routes.find([query].into_iter(), settings).await.answer(query);
        found.unwrap_or_else(|| Err(LegFailure::new(FailureCode::NoDistance, "no route was found")))
    }

    /// The results of an organization's legs, in their order.
    pub async fn calculate(
        &self,
        legs: &[&ResolvedLeg],
        settings: &GeographySettings,
    ) -> Vec<Result<Calculation, LegFailure>> {
        let routes = self.find_routes(legs, settings).await;
        legs.iter().zip(routes).map(|(leg, route)| self.calculate_one(leg, route)).collect()
    }

    /// The routes of the legs that need one: those with neither distance nor activity, but with both ends.
    async fn find_routes(
        &self,
        legs: &[&ResolvedLeg],
        settings: &GeographySettings,
    ) -> Vec<Option<Result<Arc<RouteFound>, LegFailure>>> {
        let query = |leg: &&ResolvedLeg| -> Option<RouteQuery> {
            let (None, None) = (leg.distance, leg.tkm) else { return None };
            let toc = self.factors.toc(&leg.toc)?;
            Some(RouteQuery {
                origin: leg.origin.clone()?,
                destination: leg.destination.clone()?,
                mode: self.factors.describe(toc).mode,
                country: hub_country(leg).or(leg.origin_country),
                geometry: false,
            })
        };
        let queries: Vec<Option<RouteQuery>> = legs.iter().map(query).collect();
        let found = self.routes.find(queries.iter().flatten(), settings).await;
        queries.iter().map(|query| found.answer(query.as_ref()?)).collect()
    }

    fn calculate_one(
        &self,
        leg: &ResolvedLeg,
        route: Option<Result<Arc<RouteFound>, LegFailure>>,
    ) -> Result<Calculation, LegFailure> {
        let route = route.transpose()?;
        let toc = self.factors.toc(&leg.toc);
        let toc = toc.ok_or_else(|| LegFailure::new(FailureCode::NoToc, self.unknown_toc(&leg.toc)))?;
        let given = leg.distance.map(|km| LegDistance { km, basis: DistanceBasis::Actual });
        let found =
            route.as_ref().map(|route| LegDistance { km: route.distance.km, basis: route.distance.basis });
        let trip = leg.trip.as_deref();
        let question = Leg {
            country: leg.origin_country,
            year: leg.year,
            load: leg.load,
            load_factor: leg.load_factor,
            distance: given.or(found),
            activity: leg.tkm,
            temperature: trip.map_or(Temperature::Ambient, Trip::temperature),
            empty_running: trip.map_or(EmptyRunning::Contained, Trip::empty_running),
            cleanings: u16::from(leg.cleaning),
            hub: leg.hubs.handled_by.as_ref().and_then(|hub| hub.stay),
        };
        let emissions = self.factors.calculate(toc, &question)?;
        let default_load = emissions.facts.default_load.filter(|_| emissions.mass.is_some());
        Ok(Calculation {
            transport: emissions.transport,
            hub: emissions.hub,
            cleaning: emissions.cleaning,
            tkm: if trip.is_some_and(|trip| trip.is_empty) {
                TonneKilometres::ZERO
            } else {
                emissions.activity
            },
            distance: question.distance.map(|distance| distance.km),
            default_load: default_load.and_then(|row| Kilograms::new(row.tonnes * 1000.0).ok()),
            estimated: estimates(leg, route.as_deref()).union(emissions.estimated),
            route,
            question,
            facts: self.facts.record(&emissions.facts),
        })
    }

    /// What can be told of a leg before it is calculated.
    #[must_use]
    pub fn foresee(&self, leg: &ResolvedLeg) -> Foreseen {
        let knows_activity = leg.distance.is_some() || leg.tkm.is_some();
        let mut known = leg.clone();
        known.distance = known.distance.or(Some(Kilometres::ZERO));
        match self.calculate_one(&known, None) {
            Ok(found) => {
                Foreseen { tkm: knows_activity.then_some(found.tkm), default_load: found.default_load }
            }
            Err(_failure) => Foreseen { tkm: leg.tkm, default_load: None },
        }
    }

    /// The load that a leg shows where its client gave none: the vehicle's average, rounded, in the unit that was asked for
    /// where that is a unit of mass, in kilograms otherwise.
    #[must_use]
    pub fn shown_load(leg: &ResolvedLeg, default_load: Option<Kilograms>) -> Option<Load> {
        leg.load.or_else(|| {
            let kg = default_load?.get();
            let load = match leg.load_unit {
                LoadUnit::Ton => Load::new(numbers::kg(kg / 1000.0), LoadUnit::Ton),
                _ => Load::new(numbers::kg(kg), LoadUnit::Kg),
            };
            load.ok()
        })
    }
}

/// The country of the hub that a leg begins at.
fn hub_country(leg: &ResolvedLeg) -> Option<CountryCode> {
    leg.hubs.written.as_ref()?.origin_country
}

fn estimates(leg: &ResolvedLeg, route: Option<&RouteFound>) -> Estimates {
    let mut estimated = Estimates::NONE;
    if leg.toc_estimated {
        estimated.insert(Estimate::Toc);
    }
    if leg.trip.as_ref().is_some_and(|trip| matches!(trip.cargo(), Cargo::ItemsShare(_))) {
        estimated.insert(Estimate::Load);
    }
    if leg.hubs.handled_by.as_ref().is_some_and(|hub| hub.stay.is_none()) {
        estimated.insert(Estimate::Hub);
    }
    if let Some(route) = route {
        estimated.insert(Estimate::DistanceKm);
        if route.origin.settled_by_hint {
            estimated.insert(Estimate::Origin);
        }
        if route.destination.settled_by_hint {
            estimated.insert(Estimate::Destination);
        }
    }
    estimated
}
