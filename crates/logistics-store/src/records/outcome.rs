//! The results of legs, as rows.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use emissions_core::{Emissions, Estimates, KgCo2e, Kilograms, Kilometres, TonneKilometres, UnitError};
use logistics_domain::calculator::{FactsId, FactsRecord, RouteFound};
use logistics_domain::ids::{LegId, OrganizationId};
use logistics_domain::leg::Outcome;
use logistics_domain::{Calculation, FailureCode, LegFailure};

use super::{RecordError, from_json, impossible, to_json};
use crate::columns::{InstantValue, UidValue};
use crate::schema::leg_results;

/// What calculates, with its version: all crates of the program share one.
const ENGINE: &str = concat!("dray ", env!("CARGO_PKG_VERSION"));

/// A result to write.
#[derive(Insertable)]
#[diesel(table_name = leg_results, treat_none_as_default_value = false)]
pub struct NewResultRow<'a> {
    organization_id: UidValue,
    leg_id: UidValue,
    id: UidValue,
    created_at: InstantValue,
    is_current: bool,
    engine: &'static str,
    total_wtw: Option<f64>,
    total_wtt: Option<f64>,
    total_ttw: Option<f64>,
    transport_wtw: Option<f64>,
    transport_wtt: Option<f64>,
    transport_ttw: Option<f64>,
    hub_wtw: Option<f64>,
    hub_wtt: Option<f64>,
    hub_ttw: Option<f64>,
    cleaning_wtw: Option<f64>,
    cleaning_wtt: Option<f64>,
    cleaning_ttw: Option<f64>,
    tkm: Option<f64>,
    distance_km: Option<f64>,
    default_load_kg: Option<f64>,
    estimated: Option<i32>,
    question: Option<String>,
    facts_id: Option<&'a [u8]>,
    route_id: Option<&'a [u8]>,
    error_code: Option<&'static str>,
    error_message: Option<&'a str>,
    error_transient: Option<bool>,
}

/// What a result's row holds beside the result.
pub struct ResultKeys<'a> {
    pub organization: OrganizationId,
    pub leg: LegId,
    pub id: UidValue,
    pub created_at: InstantValue,
    pub is_current: bool,
    /// The id of the calculation's route, if it has one.
    pub route: Option<&'a [u8; 16]>,
}

impl<'a> NewResultRow<'a> {
    /// The row of an outcome; nothing for a leg that was not calculated yet.
    pub fn new(keys: &ResultKeys<'a>, outcome: &'a Outcome) -> Result<Option<Self>, RecordError> {
        match outcome {
            Outcome::Pending => Ok(None),
            Outcome::Calculated(calculation) => Self::calculated(keys, calculation).map(Some),
            Outcome::Failed(failure) => Ok(Some(Self::failed(keys, failure))),
        }
    }

    fn calculated(keys: &ResultKeys<'a>, calculation: &'a Calculation) -> Result<Self, RecordError> {
        let [total_wtw, total_wtt, total_ttw] = numbers(calculation.total())?;
        let [transport_wtw, transport_wtt, transport_ttw] = numbers(calculation.transport)?;
        let [hub_wtw, hub_wtt, hub_ttw] = numbers(calculation.hub)?;
        let [cleaning_wtw, cleaning_wtt, cleaning_ttw] = numbers(calculation.cleaning)?;
        Ok(Self {
            total_wtw,
            total_wtt,
            total_ttw,
            transport_wtw,
            transport_wtt,
            transport_ttw,
            hub_wtw,
            hub_wtt,
            hub_ttw,
            cleaning_wtw,
            cleaning_wtt,
            cleaning_ttw,
            tkm: Some(TonneKilometres::new(calculation.tkm.get())?.get()),
            distance_km: calculation.distance.map(Kilometres::get),
            default_load_kg: calculation.default_load.map(Kilograms::get),
            estimated: Some(calculation.estimated.bits().into()),
            question: Some(to_json("question", &calculation.question)?),
            facts_id: Some(&calculation.facts.id.0),
            route_id: keys.route.map(<[u8; 16]>::as_slice),
            ..Self::empty(keys)
        })
    }

    fn failed(keys: &ResultKeys<'a>, failure: &'a LegFailure) -> Self {
        Self {
            error_code: Some(failure.code.as_str()),
            error_message: Some(&failure.message),
            error_transient: Some(failure.transient),
            ..Self::empty(keys)
        }
    }

    fn empty(keys: &ResultKeys<'a>) -> Self {
        Self {
            organization_id: UidValue(keys.organization.0),
            leg_id: UidValue(keys.leg.0),
            id: keys.id,
            created_at: keys.created_at,
            is_current: keys.is_current,
            engine: ENGINE,
            total_wtw: None,
            total_wtt: None,
            total_ttw: None,
            transport_wtw: None,
            transport_wtt: None,
            transport_ttw: None,
            hub_wtw: None,
            hub_wtt: None,
            hub_ttw: None,
            cleaning_wtw: None,
            cleaning_wtt: None,
            cleaning_ttw: None,
            tkm: None,
            distance_km: None,
            default_load_kg: None,
            estimated: None,
            question: None,
            facts_id: None,
            route_id: None,
            error_code: None,
            error_message: None,
            error_transient: None,
        }
    }
}

/// The columns of emissions. Computed numbers are checked here, because what is not a quantity could not be read again.
fn numbers(emissions: Emissions) -> Result<[Option<f64>; 3], UnitError> {
    let number = |kg: KgCo2e| KgCo2e::new(kg.get()).map(|kg| Some(kg.get()));
    Ok([number(emissions.wtw)?, number(emissions.wtt)?, number(emissions.ttw)?])
}

/// A result as it was read.
#[derive(Queryable, Selectable)]
#[diesel(table_name = leg_results, check_for_backend(diesel::sqlite::Sqlite, diesel::pg::Pg))]
pub struct ResultRow {
    created_at: InstantValue,
    transport_wtw: Option<f64>,
    transport_wtt: Option<f64>,
    transport_ttw: Option<f64>,
    hub_wtw: Option<f64>,
    hub_wtt: Option<f64>,
    hub_ttw: Option<f64>,
    cleaning_wtw: Option<f64>,
    cleaning_wtt: Option<f64>,
    cleaning_ttw: Option<f64>,
    tkm: Option<f64>,
    distance_km: Option<f64>,
    default_load_kg: Option<f64>,
    estimated: Option<i32>,
    question: Option<String>,
    facts_id: Option<Vec<u8>>,
    route_id: Option<Vec<u8>>,
    error_code: Option<String>,
    error_message: Option<String>,
    error_transient: Option<bool>,
}

/// What results share: their facts and routes, which are kept apart.
pub trait Shared {
    /// The facts of that id.
    fn facts(&self, id: FactsId) -> Option<Arc<FactsRecord>>;

    /// The route of that id.
    fn route(&self, id: [u8; 16]) -> Option<Arc<RouteFound>>;
}

impl ResultRow {
    /// The id of the facts, if it is a calculation.
    pub fn facts_id(&self) -> Result<Option<FactsId>, RecordError> {
        Ok(hash("facts_id", self.facts_id.as_deref())?.map(FactsId))
    }

    /// The id of the route, if it rests on one.
    pub fn route_id(&self) -> Result<Option<[u8; 16]>, RecordError> {
        hash("route_id", self.route_id.as_deref())
    }

    /// When it was written.
    pub fn created_at(&self) -> DateTime<Utc> {
        self.created_at.get()
    }

    pub fn into_outcome(self, shared: &impl Shared) -> Result<Outcome, RecordError> {
        match &self.error_code {
            Some(code) => {
                let code = FailureCode::from_code(code).ok_or_else(|| impossible("error_code", code))?;
                let message = present("error_message", self.error_message)?;
                let transient = present("error_transient", self.error_transient)?;
                Ok(Outcome::Failed(LegFailure { code, message, transient }))
            }
            None => Ok(Outcome::Calculated(Box::new(self.into_calculation(shared)?))),
        }
    }

    fn into_calculation(self, shared: &impl Shared) -> Result<Calculation, RecordError> {
        let facts_id = present("facts_id", self.facts_id()?)?;
        let facts = shared.facts(facts_id).ok_or_else(|| impossible("facts_id", "no known facts"))?;
        let route = |id| shared.route(id).ok_or_else(|| impossible("route_id", "no known route"));
        let estimated = present("estimated", self.estimated)?;
        let bits = u16::try_from(estimated).map_err(|_range| impossible("estimated", estimated))?;
        let question = present("question", self.question.as_deref())?;
        Ok(Calculation {
            transport: emissions(self.transport_wtw, self.transport_wtt, self.transport_ttw)?,
            hub: emissions(self.hub_wtw, self.hub_wtt, self.hub_ttw)?,
            cleaning: emissions(self.cleaning_wtw, self.cleaning_wtt, self.cleaning_ttw)?,
            tkm: TonneKilometres::new(present("tkm", self.tkm)?)?,
            distance: self.distance_km.map(Kilometres::new).transpose()?,
            default_load: self.default_load_kg.map(Kilograms::new).transpose()?,
            estimated: Estimates::from_bits(bits),
            route: self.route_id()?.map(route).transpose()?,
            question: from_json("question", question)?,
            facts,
        })
    }
}

fn emissions(wtw: Option<f64>, wtt: Option<f64>, ttw: Option<f64>) -> Result<Emissions, RecordError> {
    Ok(Emissions {
        wtw: KgCo2e::new(present("wtw", wtw)?)?,
        wtt: KgCo2e::new(present("wtt", wtt)?)?,
        ttw: KgCo2e::new(present("ttw", ttw)?)?,
    })
}

fn present<T>(column: &'static str, value: Option<T>) -> Result<T, RecordError> {
    value.ok_or_else(|| impossible(column, "nothing"))
}

fn hash(column: &'static str, bytes: Option<&[u8]>) -> Result<Option<[u8; 16]>, RecordError> {
    let hash = |bytes: &[u8]| {
        <[u8; 16]>::try_from(bytes).map_err(|_length| impossible(column, format!("{} bytes", bytes.len())))
    };
    bytes.map(hash).transpose()
}
