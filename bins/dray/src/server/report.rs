use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;

use super::{ServerArgs, encoded};
use crate::Failure;

#[derive(Debug, Args)]
pub struct Report {
    #[command(flatten)]
    server: ServerArgs,

    /// The first day, as in 2025-01-01.
    #[arg(long, value_name = "DATE")]
    start: NaiveDate,

    /// The last day.
    #[arg(long, value_name = "DATE")]
    end: NaiveDate,

    /// One client only.
    #[arg(long)]
    client: Option<String>,

    /// As an HTML page to read and print.
    #[arg(long, conflicts_with = "csv")]
    html: bool,

    /// As CSV.
    #[arg(long)]
    csv: bool,

    /// The file to write; standard output without it.
    #[arg(short, long)]
    out: Option<PathBuf>,
}

impl Report {
    pub fn run(self) -> Result<(), Failure> {
        let format = match (self.html, self.csv) {
            (true, _) => "html",
            (_, true) => "csv",
            _ => "json",
        };
        let client = self.client.map(|client| format!("&client={}", encoded(&client))).unwrap_or_default();
        let path = format!(
            "/v1/logistics/report?start_date={}&end_date={}{client}&format={format}",
            self.start, self.end
        );
        let report = self.server.connect().get_text(&path)?;
        match self.out {
            Some(out) => std::fs::write(&out, report)
                .map_err(|error| format!("{} cannot be written: {error}", out.display()))?,
            None => println!("{report}"),
        }
        Ok(())
    }
}
