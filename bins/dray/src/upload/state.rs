//! How far an upload is, line by line in a file beside it, so that it can go on where it was interrupted.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::Failure;
use crate::server::jobs::FailedRecord;

/// What an upload is of, and where it goes: the first line. Only the same upload can be gone on with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    pub file_sha256: String,
    pub server: String,
    pub organization: String,
    pub path: String,
    pub batch: usize,
}

/// What became of a batch: one line each.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Sent {
    /// The records that were sent.
    pub records: usize,
    /// The job that calculates them.
    pub job: Option<String>,
    /// Those that were refused at once; of a batch with a job, the job lists them.
    pub failed: Vec<FailedRecord>,
}

/// The file, and the batches that were sent before.
pub struct State {
    path: PathBuf,
    file: File,
    pub sent: Vec<Sent>,
}

impl State {
    /// Opens the file, or begins one.
    pub fn open(path: PathBuf, identity: &Identity, restart: bool) -> Result<Self, Failure> {
        if restart && path.exists() {
            std::fs::remove_file(&path)?;
        }
        let mut sent = Vec::new();
        let mut length = 0;
        if path.exists() {
            let mut lines = BufReader::new(File::open(&path)?);
            let mut line = String::new();
            while lines.read_line(&mut line)? > 0 && line.ends_with('\n') {
                if length == 0 {
                    check(&path, identity, &line)?;
                } else {
                    sent.push(serde_json::from_str(&line)?);
                }
                length += line.len() as u64;
                line.clear();
            }
        }
        let mut file = OpenOptions::new().create(true).append(true).open(&path)?;
        // A line that was not finished was never acted upon: the same batch is sent again under the same key.
        file.set_len(length)?;
        if length == 0 {
            writeln!(file, "{}", serde_json::to_string(identity)?)?;
        }
        Ok(Self { path, file, sent })
    }

    /// Notes a batch, and has the disk keep it.
    pub fn add(&mut self, sent: Sent) -> Result<(), Failure> {
        writeln!(self.file, "{}", serde_json::to_string(&sent)?)?;
        self.file.sync_data()?;
        self.sent.push(sent);
        Ok(())
    }

    /// Removes the file: the upload is done.
    pub fn remove(self) -> Result<Vec<Sent>, Failure> {
        std::fs::remove_file(&self.path)?;
        Ok(self.sent)
    }
}

fn check(path: &Path, identity: &Identity, line: &str) -> Result<(), Failure> {
    let of: Identity = serde_json::from_str(line)
        .map_err(|error| format!("{} is not the state of an upload: {error}", path.display()))?;
    if of == *identity {
        return Ok(());
    }
    let other = if of.file_sha256 == identity.file_sha256 { "to another place" } else { "of other content" };
    Err(format!(
        "{} belongs to an upload {other} that was interrupted; finish that one, or give --restart",
        path.display()
    )
    .into())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "the helpers of tests fail loudly, as tests do")]

    use super::*;

    fn identity(file: &str) -> Identity {
        let text = || "x".to_owned();
        Identity {
            file_sha256: file.to_owned(),
            server: text(),
            organization: text(),
            path: text(),
            batch: 5,
        }
    }

    #[test]
    fn an_upload_goes_on_after_its_last_whole_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv.upload");
        let open = |file, restart| State::open(path.clone(), &identity(file), restart);
        let sent = Sent { records: 5, job: Some("j".to_owned()), failed: Vec::new() };
        open("a", false).unwrap().add(sent.clone()).unwrap();
        OpenOptions::new().append(true).open(&path).unwrap().write_all(b"{\"records\":").unwrap();
        let mut again = open("a", false).unwrap();
        assert_eq!(again.sent, std::slice::from_ref(&sent));
        again.add(sent).unwrap();
        assert_eq!(open("a", false).unwrap().sent.len(), 2);
        assert!(open("b", false).is_err());
        assert!(open("b", true).unwrap().sent.is_empty());
        open("b", false).unwrap().remove().unwrap();
        assert!(!path.exists());
    }
}
