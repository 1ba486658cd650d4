//! The records of jobs. Those of a chunk are packed in one row of `chunk_records`, or in a few rows if they came one by one:
//! the leg that each became and, while it waits, what was sent. Those that failed are in `failed_records`.

use std::collections::HashMap;

use diesel::prelude::*;
use logistics_domain::ids::{JobId, LegId, OrganizationId};
use logistics_domain::jobs::Lease;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::backend::Connection;
use crate::columns::UidValue;
use crate::error::WorkError;
use crate::packed;
use crate::records::{RecordError, from_json, impossible, to_json};
use crate::schema::{chunk_records, failed_records};

/// How many rows one statement inserts.
const ROWS: usize = 500;

/// A record that waits: its position in the job, its leg and its movement.
#[derive(Serialize, Deserialize)]
pub struct Waiting(i32, Uuid, Option<String>);

impl Waiting {
    pub fn new(position: i32, leg: LegId, movement: Option<&str>) -> Self {
        Self(position, leg.0, movement.map(str::to_owned))
    }

    pub fn position(&self) -> i32 {
        self.0
    }

    pub fn leg(&self) -> LegId {
        LegId(self.1)
    }

    pub fn movement(&self) -> Option<&str> {
        self.2.as_deref()
    }
}

/// A record that waits no more: its position and its leg.
#[derive(Clone, Copy, Serialize, Deserialize)]
struct Settled(i32, Uuid);

/// A row to write.
#[derive(Insertable)]
#[diesel(table_name = chunk_records, treat_none_as_default_value = false)]
pub struct NewRow {
    organization_id: UidValue,
    job_id: UidValue,
    chunk: i32,
    first: i32,
    waiting: String,
    settled: String,
    uploads: Option<Vec<u8>>,
}

/// The chunk that records belong to.
#[derive(Clone, Copy)]
pub struct ChunkKey {
    pub organization: OrganizationId,
    pub job: JobId,
    pub number: i32,
}

impl From<Lease> for ChunkKey {
    fn from(Lease { organization, job, chunk, .. }: Lease) -> Self {
        Self { organization, job, number: chunk }
    }
}

impl ChunkKey {
    /// A row with records that wait and what was sent for them, which [`packed::pack`] packed.
    pub fn waiting(self, waiting: &[Waiting], uploads: Vec<u8>) -> Result<NewRow, RecordError> {
        self.row(waiting, &[], Some(uploads))
    }

    fn row(
        self,
        waiting: &[Waiting],
        settled: &[Settled],
        uploads: Option<Vec<u8>>,
    ) -> Result<NewRow, RecordError> {
        let first = waiting.first().map(|waiting| waiting.0);
        Ok(NewRow {
            organization_id: UidValue(self.organization.0),
            job_id: UidValue(self.job.0),
            chunk: self.number,
            first: first.or_else(|| settled.first().map(|settled| settled.0)).unwrap_or_default(),
            waiting: to_json("chunk_records.waiting", &waiting)?,
            settled: to_json("chunk_records.settled", &settled)?,
            uploads,
        })
    }
}

/// Writes rows.
pub fn insert(connection: &mut Connection, rows: &[NewRow]) -> QueryResult<()> {
    for rows in rows.chunks(ROWS) {
        diesel::insert_into(chunk_records::table).values(rows).execute(connection)?;
    }
    Ok(())
}

/// The records of a chunk.
pub struct ChunkRecords {
    key: ChunkKey,
    /// Those that wait, in the order of the job.
    pub waiting: Vec<Waiting>,
    settled: Vec<Settled>,
}

impl ChunkRecords {
    pub fn read(connection: &mut Connection, key: ChunkKey) -> Result<Self, WorkError> {
        let columns = (chunk_records::waiting, chunk_records::settled);
        let rows: Vec<(String, String)> =
            of_chunk(key).order(chunk_records::first).select(columns).load(connection)?;
        let (mut waiting, mut settled) = (Vec::new(), Vec::new());
        for row in &rows {
            waiting.extend(read_waiting(&row.0)?);
            settled.extend(read_settled(&row.1)?);
        }
        Ok(Self { key, waiting, settled })
    }

    /// The upload of each waiting record, by the record's position. It is an error if one has none.
    pub fn uploads(&self, connection: &mut Connection) -> Result<HashMap<i32, String>, WorkError> {
        let columns = (chunk_records::waiting, chunk_records::uploads);
        let rows: Vec<(String, Option<Vec<u8>>)> = of_chunk(self.key).select(columns).load(connection)?;
        let mut uploads = HashMap::with_capacity(self.waiting.len());
        for (waiting, packed) in rows {
            let waiting = read_waiting(&waiting)?;
            let sent = packed.map_or_else(|| Ok(Vec::new()), |packed| packed::unpack(&packed))?;
            if sent.len() != waiting.len() {
                let counts = format!("{} for {} records", sent.len(), waiting.len());
                return Err(impossible("uploads", counts).into());
            }
            uploads.extend(waiting.iter().map(|waiting| waiting.0).zip(sent));
        }
        match self.waiting.iter().find(|waiting| !uploads.contains_key(&waiting.0)) {
            Some(without) => Err(impossible("uploads", format!("nothing for record {}", without.0)).into()),
            None => Ok(uploads),
        }
    }

    /// Keeps waiting the records whose upload is given; marks all others settled and returns how many.
    pub fn settle(
        self,
        connection: &mut Connection,
        open: &HashMap<i32, String>,
    ) -> Result<usize, WorkError> {
        let Self { key, waiting, mut settled } = self;
        let (open_records, others): (Vec<Waiting>, Vec<Waiting>) =
            waiting.into_iter().partition(|waiting| open.contains_key(&waiting.0));
        settled.extend(others.iter().map(|other| Settled(other.0, other.1)));
        let uploads = (!open.is_empty())
            .then(|| packed::pack(open_records.iter().map(|waiting| open[&waiting.0].as_str())));
        let row = key.row(&open_records, &settled, uploads)?;
        diesel::delete(of_chunk(key)).execute(connection)?;
        insert(connection, &[row])?;
        Ok(others.len())
    }

    /// Leaves the chunk its first record and makes a chunk of each other one; the new chunks take these numbers.
    pub fn split(
        self,
        connection: &mut Connection,
        numbers: std::ops::RangeFrom<i32>,
    ) -> Result<usize, WorkError> {
        let uploads = self.uploads(connection)?;
        let Self { key, waiting, settled } = self;
        let pack = |waiting: &Waiting| packed::pack(std::iter::once(uploads[&waiting.0].as_str()));
        let mut rows = Vec::with_capacity(waiting.len());
        let (first, others) = waiting.split_at(waiting.len().min(1));
        rows.push(key.row(first, &settled, first.first().map(pack))?);
        for (record, number) in others.iter().zip(numbers) {
            let own = ChunkKey { number, ..key };
            rows.push(own.waiting(std::slice::from_ref(record), pack(record))?);
        }
        diesel::delete(of_chunk(key)).execute(connection)?;
        insert(connection, &rows)?;
        Ok(others.len())
    }
}

#[diesel::dsl::auto_type(no_type_alias)]
fn of_chunk(key: ChunkKey) -> _ {
    let (organization, job): (UidValue, UidValue) = (UidValue(key.organization.0), UidValue(key.job.0));
    let number: i32 = key.number;
    chunk_records::table
        .filter(chunk_records::organization_id.eq(organization))
        .filter(chunk_records::job_id.eq(job))
        .filter(chunk_records::chunk.eq(number))
}

fn read_waiting(json: &str) -> Result<Vec<Waiting>, RecordError> {
    from_json("chunk_records.waiting", json)
}

fn read_settled(json: &str) -> Result<Vec<Settled>, RecordError> {
    from_json("chunk_records.settled", json)
}

/// The legs of jobs.
pub fn legs_of(
    connection: &mut Connection,
    organization: OrganizationId,
    jobs: &[UidValue],
) -> Result<Vec<UidValue>, WorkError> {
    let rows: Vec<(String, String)> = chunk_records::table
        .filter(chunk_records::organization_id.eq(UidValue(organization.0)))
        .filter(chunk_records::job_id.eq_any(jobs))
        .select((chunk_records::waiting, chunk_records::settled))
        .load(connection)?;
    let mut legs = Vec::new();
    for (waiting, settled) in &rows {
        legs.extend(read_waiting(waiting)?.into_iter().map(|waiting| UidValue(waiting.1)));
        legs.extend(read_settled(settled)?.into_iter().map(|settled| UidValue(settled.1)));
    }
    Ok(legs)
}

/// A record that failed, to write.
#[derive(Insertable)]
#[diesel(table_name = failed_records, treat_none_as_default_value = false)]
pub struct NewFailure<'a> {
    pub organization_id: UidValue,
    pub job_id: UidValue,
    pub position: i32,
    pub movement_id: Option<&'a str>,
    pub stage: &'static str,
    pub code: &'a str,
    pub error: &'a str,
    pub upload: &'a str,
}

/// Keeps what went wrong with records.
pub fn fail(connection: &mut Connection, failures: &[NewFailure<'_>]) -> QueryResult<()> {
    for rows in failures.chunks(ROWS) {
        diesel::insert_into(failed_records::table).values(rows).execute(connection)?;
    }
    Ok(())
}
