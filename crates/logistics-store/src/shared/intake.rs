//! Legs, their job and the answer to the call that brought them, in one transaction.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use logistics_domain::ids::OrganizationId;
use logistics_domain::intake::{ANSWERS_KEPT_FOR, Answer, CallKey, Delivery, Intake, Intakes, Kept, Told};
use logistics_domain::ports::StoreError;

use super::backend::{self, Connection};
use super::{Store, jobs, save};
use crate::columns::{InstantValue, UidValue};
use crate::error::WorkError;
use crate::facts::StoredFacts;
use crate::records::impossible;
use crate::schema::idempotency_keys as keys;

/// The intake of one organization.
struct StoredIntake {
    store: Store,
    organization: OrganizationId,
}

impl Intakes for Store {
    fn intake(&self, organization: OrganizationId) -> Box<dyn Intake> {
        Box::new(StoredIntake { store: self.clone(), organization })
    }
}

#[async_trait]
impl Intake for StoredIntake {
    async fn told(&self, call: &CallKey, at: DateTime<Utc>) -> Result<Option<Told>, StoreError> {
        let (organization, call) = (self.organization, call.clone());
        let told = self.store.read(move |connection| earlier(connection, organization, &call, at));
        told.await
    }

    async fn take(&self, delivery: Delivery, at: DateTime<Utc>) -> Result<Told, StoreError> {
        let (store, organization) = (self.store.clone(), self.organization);
        let told = self.store.write(move |connection| {
            take(connection, store.facts(), organization, delivery, InstantValue::new(at))
        });
        told.await
    }
}

fn take(
    connection: &mut Connection,
    stored: &StoredFacts,
    organization: OrganizationId,
    delivery: Delivery,
    at: InstantValue,
) -> Result<Told, WorkError> {
    let (told, facts) = backend::transaction(connection, |connection| {
        if let Some(call) = &delivery.call
            && let Some(told) = earlier(connection, organization, call, at.get())?
        {
            return Ok::<_, WorkError>((told, Vec::new()));
        }
        let saved = save::save_within(connection, stored, organization, delivery.legs, at)?;
        let job = match &delivery.job {
            Some(new) => Some(jobs::make(connection, organization, new, &saved.records, at)?),
            None => None,
        };
        let answer = (delivery.answer)(Kept { legs: &saved.records, job });
        if let Some(call) = &delivery.call {
            keep(connection, organization, call, &answer, at)?;
        }
        Ok((Told::Now(answer), saved.facts))
    })?;
    facts.into_iter().for_each(|facts| stored.note(facts));
    Ok(told)
}

/// What an earlier call with the key was told, unless that was too long ago.
pub fn earlier(
    connection: &mut Connection,
    organization: OrganizationId,
    call: &CallKey,
    at: DateTime<Utc>,
) -> Result<Option<Told>, WorkError> {
    type Row = (Vec<u8>, i32, Option<String>, Vec<u8>);
    let found: Option<Row> = keys::table
        .find((UidValue(organization.0), &call.key))
        .filter(keys::created_at.gt(oldest(at)))
        .select((keys::fingerprint, keys::status, keys::location, keys::body))
        .first(connection)
        .optional()?;
    let Some((fingerprint, status, location, body)) = found else { return Ok(None) };
    if fingerprint != call.fingerprint {
        return Ok(Some(Told::OtherCall));
    }
    let status = u16::try_from(status).map_err(|_range| impossible("status", status))?;
    Ok(Some(Told::Before(Answer { status, location, body })))
}

/// Keeps an answer, and drops those that are too old.
pub fn keep(
    connection: &mut Connection,
    organization: OrganizationId,
    call: &CallKey,
    answer: &Answer,
    at: InstantValue,
) -> QueryResult<()> {
    let own = keys::organization_id.eq(UidValue(organization.0));
    diesel::delete(keys::table.filter(own).filter(keys::created_at.le(oldest(at.get()))))
        .execute(connection)?;
    diesel::insert_into(keys::table)
        .values((
            own,
            keys::key.eq(&call.key),
            keys::fingerprint.eq(call.fingerprint.as_slice()),
            keys::created_at.eq(at),
            keys::status.eq(i32::from(answer.status)),
            keys::location.eq(answer.location.as_deref()),
            keys::body.eq(&answer.body),
        ))
        .execute(connection)?;
    Ok(())
}

/// The time before which answers are too old.
fn oldest(at: DateTime<Utc>) -> InstantValue {
    InstantValue::new(at - ANSWERS_KEPT_FOR)
}
