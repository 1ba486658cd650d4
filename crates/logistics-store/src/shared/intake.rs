//! Legs, their job and the answer to the call that brought them, in one transaction.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use logistics_domain::calculator::FactsRecord;
use logistics_domain::ids::OrganizationId;
use logistics_domain::intake::{
    ANSWERS_KEPT_FOR, Answer, Call, CallKey, Conclude, Delivery, Done, Effect, Effected, Intake, Intakes,
    Kept, Told, WriteAnswer,
};
use logistics_domain::jobs::NewJob;
use logistics_domain::ports::StoreError;

use super::backend::Connection;
use super::jobs::PackedJob;
use super::save::{self, Legs};
use super::{Store, accounts, delete, hubs, jobs, recharges};
use crate::beside::beside;
use crate::columns::{InstantValue, UidValue};
use crate::error::WorkError;
use crate::facts::StoredFacts;
use crate::records::impossible;
use crate::schema::idempotency_keys as keys;
use crate::search_blocks::SearchBlocks;

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
        let (store, organization, at) = (self.store.clone(), self.organization, InstantValue::new(at));
        let taken = self.store.write_prepared(
            Taking::new(delivery, at),
            move |delivery, connection| delivery.legs.reserve(connection, organization),
            move |delivery, connection| take(connection, store.facts(), organization, delivery, at),
        );
        let ((told, facts), taken) = taken.await?;
        self.store.note(facts);
        // To give back thousands of legs takes a while, and nobody needs to wait for it.
        tokio::task::spawn_blocking(move || drop(taken));
        Ok(told)
    }

    async fn carry_out(&self, call: Call, at: DateTime<Utc>) -> Result<Done, StoreError> {
        let (store, organization, at) = (self.store.clone(), self.organization, InstantValue::new(at));
        let Call { effect, key, answer } = call;
        let done = self.store.write_with(Some(answer), move |answer, connection| {
            carry_out(connection, store.blocks(), organization, &effect, key.as_ref(), answer, at)
        });
        Ok(done.await?.0)
    }
}

fn carry_out(
    connection: &mut Connection,
    blocks: &SearchBlocks,
    organization: OrganizationId,
    effect: &Effect,
    key: Option<&CallKey>,
    answer: &mut Option<Conclude>,
    at: InstantValue,
) -> Result<Done, WorkError> {
    if let Some(key) = key
        && let Some(told) = earlier(connection, organization, key, at.get())?
    {
        return Ok(Done::Told(told));
    }
    let effected = match effect {
        Effect::DeleteLegs(ids) => Effected::Deleted(delete::by_ids(connection, organization, ids, at)?),
        Effect::DeleteSelected(filter) => {
            Effected::Selected(delete::by_filter(connection, blocks, organization, filter, at)?)
        }
        Effect::CreateHub(hub) => Effected::Hub(hubs::insert(connection, organization, hub)?),
        Effect::DeleteRecharges(ids) => Effected::Deleted(recharges::delete(connection, organization, ids)?),
        Effect::CreateOrganization(made, maker) => {
            Effected::Organization(accounts::create_organization(connection, made, Some(*maker))?)
        }
        Effect::CreateKey(key) => Effected::Key(accounts::create_key(connection, key, at)?.into()),
    };
    let conclude = answer.take().ok_or(WorkError::Contended)?;
    let Some(answer) = conclude(&effected) else { return Ok(Done::Refused(effected)) };
    if let Some(key) = key {
        keep(connection, organization, key, &answer, at)?;
    }
    Ok(Done::Told(Told::Now(answer)))
}

/// A delivery whose answer is written once.
struct Taking {
    legs: Legs,
    job: Option<NewJob>,
    call: Option<CallKey>,
    answer: Option<WriteAnswer>,
}

impl Taking {
    fn new(Delivery { legs, job, call, answer }: Delivery, at: InstantValue) -> Self {
        Self { legs: Legs::new(legs, at), job, call, answer: Some(answer) }
    }
}

fn take(
    connection: &mut Connection,
    stored: &StoredFacts,
    organization: OrganizationId,
    Taking { legs, job, call, answer }: &mut Taking,
    at: InstantValue,
) -> Result<(Told, Vec<Arc<FactsRecord>>), WorkError> {
    if let Some(call) = call
        && let Some(told) = earlier(connection, organization, call, at.get())?
    {
        return Ok((told, Vec::new()));
    }
    let packed = || job.as_ref().map(PackedJob::new);
    let (packed, facts) =
        beside(legs.records.len(), packed, || save::write(connection, stored, organization, legs, at));
    let facts = facts?;
    let job = match packed {
        Some(packed) => Some(jobs::make(connection, organization, packed, &legs.records, at)?),
        None => None,
    };
    let write = answer.take().ok_or(WorkError::Contended)?;
    let answer = write(Kept { legs: &legs.records, job });
    if let Some(call) = call {
        keep(connection, organization, call, &answer, at)?;
    }
    Ok((Told::Now(answer), facts))
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
