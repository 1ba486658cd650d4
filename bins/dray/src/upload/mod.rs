//! Files of shipments, sent to a server in batches.

mod state;

use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use clap::Args;
use data_encoding::HEXLOWER;
use freight_geo_index::routes::digest_of;
use indicatif::ProgressBar;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use shipment_table::{Block, LegReader, Options, Record};

use crate::rejected::{RejectedFile, Rejection, path_beside};
use crate::server::jobs::FailedRecord;
use crate::server::{Server, ServerArgs};
use crate::{Done, Failure, source};
use state::{Identity, Sent, State};

#[derive(Debug, Args)]
pub struct Upload {
    /// The shipments: CSV or XLSX. The first row names the columns.
    file: PathBuf,

    #[command(flatten)]
    server: ServerArgs,

    /// Has the server calculate before it answers (version 1 of the API) in place of by its workers (version 2).
    #[arg(long)]
    inline: bool,

    /// How many records are sent at once, at most 5,000.
    #[arg(long, default_value_t = 5_000, value_parser = clap::value_parser!(u16).range(1..=5_000))]
    batch: u16,

    /// Ends when all is sent, without waiting for the workers; rows that they cannot calculate are then seen with
    /// `dray jobs watch` only.
    #[arg(long, conflicts_with = "inline")]
    no_wait: bool,

    /// The file for the rows that were rejected, with the reason; without it, the name of the shipments with `.rejected.csv`.
    #[arg(long, value_name = "FILE")]
    rejected: Option<PathBuf>,

    /// The sheet of a workbook, in place of the first one.
    #[arg(long)]
    sheet: Option<String>,

    /// Begins anew where an upload of the file was interrupted.
    #[arg(long)]
    restart: bool,
}

/// The answer to a batch.
#[derive(Deserialize)]
struct Answer {
    errors: Vec<Refused>,
    job_id: Option<String>,
}

#[derive(Deserialize)]
struct Refused {
    index: usize,
    error: String,
}

/// A batch as it is sent.
#[derive(Serialize)]
struct Body<'r> {
    records: Vec<Record<'r>>,
}

/// What became of the file.
#[derive(Serialize)]
struct Report<'r> {
    rows: usize,
    accepted: usize,
    rejected: usize,
    /// Records whose jobs had not ended.
    pending: usize,
    jobs: Vec<String>,
    rejected_file: Option<&'r Path>,
}

impl Upload {
    pub fn run(self, json: bool) -> Result<Done, Failure> {
        let (file, sheet, batch) = (self.file.clone(), self.sheet.clone(), usize::from(self.batch));
        let options = Options { rows_per_block: batch, sheet: sheet.as_deref(), ..Options::default() };
        let rejected_path = self.rejected.clone().unwrap_or_else(|| path_beside(&file));
        let path = if self.inline { "/v1/logistics/requests/bulk" } else { "/v2/logistics/requests/bulk" };
        let server = self.server.connect();
        let identity = Identity {
            file_sha256: digest(&file)?,
            server: server.url().to_owned(),
            organization: server.organization().to_owned(),
            path: path.to_owned(),
            batch,
        };
        let mut state = State::open(state_path(&file), &identity, self.restart)?;
        if !state.sent.is_empty() {
            eprintln!("{} batches were sent before; going on after them", state.sent.len());
        }
        send(&server, &identity, &mut state, &file, &options)?;
        if !self.no_wait {
            wait(&server, &state.sent)?;
        }

        let outcome = settle(&server, &state.sent, &file, &options, rejected_path, self.no_wait)?;
        let jobs = state.remove()?.into_iter().filter_map(|sent| sent.job).collect();
        let report = Report {
            rows: outcome.rows,
            accepted: outcome.rows - outcome.rejected - outcome.pending,
            rejected: outcome.rejected,
            pending: outcome.pending,
            jobs,
            rejected_file: outcome.file.path(),
        };
        crate::print(json, &report, || report.text())?;
        Ok(if report.rejected > 0 { Done::WithRejected } else { Done::Wholly })
    }
}

/// Sends the batches that were not sent before.
fn send(
    server: &Server,
    identity: &Identity,
    state: &mut State,
    file: &Path,
    options: &Options<'_>,
) -> Result<(), Failure> {
    let (mut table, bar) = source::open(file, options)?;
    let reader = table.reader();
    let (before, mut number) = (state.sent.len(), 0);
    while let Some(block) = table.next_block()? {
        number += 1;
        if number <= before {
            continue;
        }
        let drafts: Vec<_> =
            block.rows().filter(|row| !row.is_blank()).filter_map(|row| reader.draft(row).ok()).collect();
        let mut sent = Sent { records: drafts.len(), ..Sent::default() };
        if !drafts.is_empty() {
            let body = serde_json::to_string(&Body { records: drafts.iter().map(Record).collect() })?;
            let answer: Answer = server.post(&identity.path, &body, &key(identity, number))?;
            sent.job = answer.job_id;
            if sent.job.is_none() {
                sent.failed = answer.errors.into_iter().map(FailedRecord::from).collect();
            }
        }
        state.add(sent)?;
        bar.set_message(format!("batch {number} sent"));
    }
    bar.finish_and_clear();
    Ok(())
}

/// The same for the same batch of the same file to the same place, so that it has an effect once however often it is sent.
fn key(identity: &Identity, number: usize) -> String {
    let Identity { file_sha256, server, organization, path, batch } = identity;
    HEXLOWER.encode(&Sha256::digest(format!(
        "{file_sha256}\n{server}\n{organization}\n{path}\n{batch}\n{number}"
    )))
}

/// Waits for the jobs.
fn wait(server: &Server, sent: &[Sent]) -> Result<(), Failure> {
    let bar = ProgressBar::new(sent.iter().map(|sent| sent.records as u64).sum());
    bar.set_style(source::style("{wide_bar} {pos} of {len} calculated  {eta} left"));
    let mut ended = 0;
    for sent in sent {
        if let Some(job) = &sent.job {
            let job = server.watch(job, |job| bar.set_position(ended + job.settled()))?;
            if job.status == "FAILED" {
                return Err(format!(
                    "the job {} stopped before its end ({}); have it run again in the activity panel, then give this command again",
                    job.id,
                    job.stop_reason.unwrap_or_default()
                )
                .into());
            }
        }
        ended += sent.records as u64;
    }
    bar.finish_and_clear();
    Ok(())
}

/// What became of all rows.
struct Outcome {
    rows: usize,
    rejected: usize,
    pending: usize,
    file: RejectedFile,
}

/// Reads the file once more and writes the rows that were rejected, here or by the server, into their file.
fn settle(
    server: &Server,
    sent: &[Sent],
    file: &Path,
    options: &Options<'_>,
    rejected_path: PathBuf,
    no_wait: bool,
) -> Result<Outcome, Failure> {
    let (mut table, bar) = source::open(file, options)?;
    bar.finish_and_clear();
    let reader = table.reader();
    let mut outcome =
        Outcome { rows: 0, rejected: 0, pending: 0, file: RejectedFile::new(rejected_path, &reader) };
    for sent in sent {
        let Some(block) = table.next_block()? else { break };
        let failed = match &sent.job {
            Some(job) => {
                if no_wait {
                    outcome.pending += usize::try_from(server.job(job)?.pending_count).unwrap_or_default();
                }
                server.failed_records(job)?
            }
            None => sent.failed.clone(),
        };
        outcome.add(&block, &reader, failed)?;
    }
    outcome.file.finish()?;
    Ok(outcome)
}

impl Outcome {
    fn add(&mut self, block: &Block, reader: &LegReader, failed: Vec<FailedRecord>) -> Result<(), Failure> {
        let failed: HashMap<usize, FailedRecord> =
            failed.into_iter().map(|failed| (failed.index, failed)).collect();
        let mut index = 0;
        for row in block.rows().filter(|row| !row.is_blank()) {
            self.rows += 1;
            let rejection = match reader.draft(row) {
                Err(cells) => Some(Rejection::of_cells(row.number(), cells)),
                Ok(_sent) => {
                    index += 1;
                    failed.get(&(index - 1)).map(|failed| Rejection {
                        row: row.number(),
                        code: failed.code.clone(),
                        error: failed.error.clone(),
                        cells: Vec::new(),
                    })
                }
            };
            if let Some(rejection) = rejection {
                self.rejected += 1;
                self.file.add(row, &rejection)?;
            }
        }
        Ok(())
    }
}

impl From<Refused> for FailedRecord {
    /// Version 1 says the code, where there is one, before the text.
    fn from(Refused { index, error }: Refused) -> Self {
        let code =
            error.split_once(": ").map(|(code, _)| code).filter(|code| is_code(code)).unwrap_or("INVALID");
        Self { index, code: code.to_owned(), error }
    }
}

fn is_code(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
}

impl Report<'_> {
    fn text(&self) -> String {
        let mut text = format!("{} rows: {} accepted, {} rejected", self.rows, self.accepted, self.rejected);
        if self.pending > 0 {
            text.push_str(&format!(", {} still to be calculated", self.pending));
        }
        for job in &self.jobs {
            text.push_str(&format!("\njob {job}"));
        }
        if let Some(file) = self.rejected_file {
            text.push_str(&format!(
                "\n{} says why rows were rejected; mend them there and upload it",
                file.display()
            ));
        }
        text
    }
}

fn state_path(file: &Path) -> PathBuf {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".upload");
    file.with_file_name(name)
}

fn digest(file: &Path) -> Result<String, Failure> {
    let digest = File::open(file).and_then(digest_of);
    Ok(HEXLOWER.encode(&digest.map_err(|error| format!("{}: {error}", file.display()))?))
}
