//! Jobs: what a server calculates after it has answered.

use std::time::Duration;

use clap::Subcommand;
use indicatif::ProgressBar;
use serde::{Deserialize, Serialize};

use super::{Server, ServerArgs};
use crate::{Done, Failure, print, source};

/// How often a job is looked at.
const INTERVAL: Duration = Duration::from_millis(400);

#[derive(Debug, Subcommand)]
pub enum Jobs {
    /// Lists the newest jobs.
    List {
        #[command(flatten)]
        server: ServerArgs,

        /// How many, at most 100.
        #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=100))]
        size: u32,
    },
    /// Follows a job until it ends. The exit status is 3 where records failed.
    Watch {
        #[command(flatten)]
        server: ServerArgs,

        /// The job's id, which the upload names; the newest job without it.
        id: Option<String>,
    },
}

/// A job and how far it is.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct Job {
    pub id: String,
    pub status: String,
    pub stop_reason: Option<String>,
    pub total: u64,
    pub success_count: u64,
    pub failed_count: u64,
    pub pending_count: u64,
    pub records_per_second: Option<f64>,
    pub created_at: String,
}

impl Job {
    pub fn has_ended(&self) -> bool {
        matches!(self.status.as_str(), "COMPLETED" | "FAILED")
    }

    /// Records that are settled.
    pub const fn settled(&self) -> u64 {
        self.success_count + self.failed_count
    }

    fn line(&self) -> String {
        let why = self.stop_reason.as_deref().map(|reason| format!(" ({reason})")).unwrap_or_default();
        format!(
            "{}  {:<9}  {:>6} of {:>6} done, {:>5} failed  {}{why}",
            self.id,
            self.status,
            self.settled(),
            self.total,
            self.failed_count,
            self.created_at.get(..19).unwrap_or(&self.created_at)
        )
    }
}

#[derive(Deserialize, Serialize)]
struct JobPage {
    total: u64,
    items: Vec<Job>,
}

/// A record that failed.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
pub struct FailedRecord {
    /// Its position in the call, from 0.
    pub index: usize,
    pub code: String,
    pub error: String,
}

#[derive(Deserialize)]
struct FailedRecords {
    items: Vec<FailedRecord>,
}

impl Server {
    pub fn job(&self, id: &str) -> Result<Job, Failure> {
        self.get(&format!("/v2/logistics/jobs/{}", super::encoded(id)))
    }

    /// The records of a job that failed.
    pub fn failed_records(&self, id: &str) -> Result<Vec<FailedRecord>, Failure> {
        let failed: FailedRecords =
            self.get(&format!("/v2/logistics/jobs/{}/errors?format=json", super::encoded(id)))?;
        Ok(failed.items)
    }

    /// Waits until a job has ended; `look` sees how far it is.
    pub fn watch(&self, id: &str, mut look: impl FnMut(&Job)) -> Result<Job, Failure> {
        loop {
            let job = self.job(id)?;
            look(&job);
            if job.has_ended() {
                return Ok(job);
            }
            std::thread::sleep(INTERVAL);
        }
    }

    fn jobs(&self, size: u32) -> Result<JobPage, Failure> {
        self.get(&format!("/v2/logistics/jobs?size={size}"))
    }
}

impl Jobs {
    pub fn run(self, json: bool) -> Result<Done, Failure> {
        match self {
            Self::List { server, size } => {
                let page = server.connect().jobs(size)?;
                let text = || match page.items.is_empty() {
                    true => "there are no jobs".to_owned(),
                    false => page.items.iter().map(Job::line).collect::<Vec<_>>().join("\n"),
                };
                print(json, &page, text)?;
                Ok(Done::Wholly)
            }
            Self::Watch { server, id } => {
                let server = server.connect();
                let newest = || match server.jobs(1)?.items.pop() {
                    Some(job) => Ok::<_, Failure>(job.id),
                    None => Err("there are no jobs to watch".into()),
                };
                let id = id.map_or_else(newest, Ok)?;
                let bar = ProgressBar::new(0);
                bar.set_style(source::style("{wide_bar} {pos} of {len}  {msg}"));
                let job = server.watch(&id, |job| {
                    bar.set_length(job.total);
                    bar.set_position(job.settled());
                    bar.set_message(format!("{} {} failed", job.status, job.failed_count));
                })?;
                bar.finish_and_clear();
                print(json, &job, || job.line())?;
                match job.status.as_str() {
                    "FAILED" => {
                        Err(format!("the job stopped before its end; retry it in the activity panel: {id}")
                            .into())
                    }
                    _ if job.failed_count > 0 => Ok(Done::WithRejected),
                    _ => Ok(Done::Wholly),
                }
            }
        }
    }
}
