//! The parts of a file: each becomes a job, and becomes it once.

use data_encoding::HEXLOWER;
use logistics_domain::batch::{MAX_RECORDS, OnError};
use logistics_domain::ids::JobId;
use logistics_domain::intake::{Answer, CallKey, Delivery, Kept, Told};
use logistics_domain::uploads::Upload;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::super::error::PanelError;
use super::super::visitor::Visitor;
use super::file::File;
use super::jobs;
use crate::Api;
use crate::dcycle::DcycleError;
use crate::dcycle_v2::requests::{Batch, HAS_JOB, Uploaded};

/// What became of each part of a file.
pub struct Parts {
    keys: Vec<CallKey>,
    /// The jobs of those that were sent.
    pub jobs: Vec<Option<JobId>>,
}

impl Parts {
    /// Asks which parts were sent.
    pub async fn of(api: &Api, visitor: &Visitor, upload: &Upload) -> Result<Self, PanelError> {
        let keys: Vec<CallKey> = (0..jobs(upload.records))
            .map(|part| call_key(&format!("upload {} part {part}", upload.id)))
            .collect();
        let (intake, now) = (api.intakes.intake(visitor.organization), api.clock.now());
        let mut sent = Vec::with_capacity(keys.len());
        for key in &keys {
            sent.push(intake.told(key, now).await?.map(job_of).transpose()?);
        }
        Ok(Self { keys, jobs: sent })
    }

    /// How many were sent.
    pub fn sent(&self) -> usize {
        self.jobs.iter().flatten().count()
    }

    pub fn all_sent(&self) -> bool {
        self.jobs.iter().all(Option::is_some)
    }

    /// The job of a file that became one.
    pub fn only_job(&self) -> Option<JobId> {
        match self.jobs.as_slice() {
            [only] => *only,
            _ => None,
        }
    }

    /// Sends the parts that were not sent, in their order.
    pub async fn send(&mut self, api: &Api, visitor: &Visitor, file: File) -> Result<(), PanelError> {
        let mut records = file.records.into_iter();
        for (key, job) in self.keys.iter().zip(&mut self.jobs) {
            let part: Vec<Uploaded> = records.by_ref().take(MAX_RECORDS).collect();
            if job.is_none() {
                let batch = Batch::resolve(api, visitor.organization, part, OnError::Continue).await?;
                *job = Some(take(api, visitor, batch, Some(key.clone())).await?);
            }
        }
        Ok(())
    }
}

/// The key under which something is sent once.
fn call_key(what: &str) -> CallKey {
    let fingerprint: [u8; 32] = Sha256::digest(what).into();
    CallKey { key: format!("panel {}", HEXLOWER.encode(&fingerprint[..16])), fingerprint }
}

/// Keeps a batch and has workers calculate it, unless that was done before. Answers with its job.
pub async fn take(
    api: &Api,
    visitor: &Visitor,
    batch: Batch,
    call: Option<CallKey>,
) -> Result<JobId, PanelError> {
    let answer = |kept: Kept<'_>| {
        let job = kept.job.expect(HAS_JOB);
        Answer { status: 303, location: None, body: job.0.into_bytes().to_vec() }
    };
    let delivery = Delivery { legs: batch.legs, job: Some(batch.job), call, answer: Box::new(answer) };
    let told = api.intakes.intake(visitor.organization).take(delivery, api.clock.now()).await?;
    api.dispatch.announce();
    job_of(told)
}

fn job_of(told: Told) -> Result<JobId, PanelError> {
    match told {
        Told::Now(answer) | Told::Before(answer) => {
            Ok(Uuid::from_slice(&answer.body).map(JobId).map_err(|_no_job| DcycleError::Internal)?)
        }
        Told::OtherCall => Err(DcycleError::KeyReused.into()),
    }
}
