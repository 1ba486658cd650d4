//! Results of legs, with the facts and routes that they rest on.

use std::collections::BTreeMap;
use std::sync::Arc;

use diesel::prelude::*;
use logistics_domain::Calculation;
use logistics_domain::calculator::FactsRecord;
use logistics_domain::ids::{LegId, OrganizationId};
use logistics_domain::leg::Outcome;
use uuid::Uuid;

use super::backend::{self, Connection};
use super::routes::BatchRoutes;
use crate::columns::{InstantValue, UidValue};
use crate::facts::StoredFacts;
use crate::records::{NewResultRow, RecordError, ResultKeys};
use crate::schema::calculation_facts;

/// How many facts one statement inserts.
const ROWS: usize = 250;

/// What is written with the results of a batch.
pub struct Results {
    organization: OrganizationId,
    at: InstantValue,
    /// The distinct facts that may not be stored yet, in the order of their ids: other transactions write the same ones.
    facts: Vec<Arc<FactsRecord>>,
    routes: BatchRoutes,
}

impl Results {
    /// Prepares the results of an organization's legs for writing.
    pub fn new<'o>(
        organization: OrganizationId,
        at: InstantValue,
        outcomes: impl Iterator<Item = &'o Outcome> + Clone,
        stored: &StoredFacts,
    ) -> Result<Self, RecordError> {
        let calculations = outcomes.filter_map(calculation);
        let routes = BatchRoutes::new(calculations.clone().filter_map(|found| found.route.as_ref()))?;
        let mut distinct = BTreeMap::new();
        for calculation in calculations {
            distinct.entry(calculation.facts.id).or_insert(&calculation.facts);
        }
        let unknown = distinct.into_values().filter(|facts| stored.get(facts.id).is_none());
        Ok(Self { organization, at, facts: unknown.cloned().collect(), routes })
    }

    /// The rows of results of the batch, each given with its leg and whether it is the one in force.
    pub fn rows<'r>(
        &'r self,
        results: impl Iterator<Item = (LegId, &'r Outcome, bool)>,
    ) -> Result<Vec<NewResultRow<'r>>, RecordError> {
        results.filter_map(|result| self.row(result).transpose()).collect()
    }

    /// Writes rows with what they rest on.
    pub fn write(&self, connection: &mut Connection, rows: &[NewResultRow<'_>]) -> QueryResult<()> {
        write_facts(connection, &self.facts)?;
        self.routes.write(connection, self.organization)?;
        backend::insert_results(connection, rows)
    }

    fn row<'r>(
        &'r self,
        (leg, outcome, is_current): (LegId, &'r Outcome, bool),
    ) -> Result<Option<NewResultRow<'r>>, RecordError> {
        let route = calculation(outcome).and_then(|calculation| calculation.route.as_ref());
        let keys = ResultKeys {
            organization: self.organization,
            leg,
            id: UidValue(Uuid::now_v7()),
            created_at: self.at,
            is_current,
            route: route.and_then(|route| self.routes.id(route)),
        };
        NewResultRow::new(&keys, outcome)
    }

    /// The facts that are stored once the transaction is committed.
    pub fn into_facts(self) -> Vec<Arc<FactsRecord>> {
        self.facts
    }
}

fn calculation(outcome: &Outcome) -> Option<&Calculation> {
    match outcome {
        Outcome::Calculated(calculation) => Some(calculation),
        Outcome::Pending | Outcome::Failed(_) => None,
    }
}

fn write_facts(connection: &mut Connection, facts: &[Arc<FactsRecord>]) -> QueryResult<()> {
    for facts in facts.chunks(ROWS) {
        let row = |facts: &Arc<FactsRecord>| {
            (calculation_facts::id.eq(facts.id.0.to_vec()), calculation_facts::json.eq(facts.json.clone()))
        };
        let rows: Vec<_> = facts.iter().map(row).collect();
        diesel::insert_into(calculation_facts::table)
            .values(rows)
            .on_conflict_do_nothing()
            .execute(connection)?;
    }
    Ok(())
}
