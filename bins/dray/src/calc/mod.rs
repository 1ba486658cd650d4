//! Files of shipments, calculated without a server.

mod columns;
mod duplicates;
mod output;
mod parquet_file;
mod summary;
mod work;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::Utc;
use clap::Args;
use emissions_core::{FactorPack, Factors, Kilograms};
use freight_geo::distances::EmbeddedDistances;
use freight_geo::geocoder::EmbeddedGeocoder;
use logistics_domain::Calculator;
use logistics_domain::batch::DUPLICATE;
use logistics_domain::geography::Passage;
use serde::Serialize;
use shipment_table::Options;

use crate::rejected::{RejectedFile, Rejection, path_beside};
use crate::{Done, Failure, distance, source};
use duplicates::Seen;
use output::{Format, Output, Rendered};
use summary::{Share, Summary};
use work::{Calculated, Work};

/// How many rows are calculated at once.
const ROWS_PER_BLOCK: usize = 2_000;

#[derive(Debug, Args)]
pub struct Calc {
    /// The shipments: CSV or XLSX, or `-` for CSV from standard input. The first row names the columns.
    file: PathBuf,

    /// The file for the results: `.csv`, `.json`, `.jsonl` or `.parquet`, or `-` for CSV on standard output. Without it only
    /// the sums are shown.
    #[arg(short, long)]
    out: Option<PathBuf>,

    /// The file for the rows that cannot be calculated, with the reason; without it, the name of the results or of the
    /// shipments with `.rejected.csv`.
    #[arg(long, value_name = "FILE")]
    rejected: Option<PathBuf>,

    /// The sheet of a workbook, in place of the first one.
    #[arg(long)]
    sheet: Option<String>,

    #[command(flatten)]
    factors: FactorsArgs,

    /// Passages that ships avoid, separated by commas, as in `suez,panama`.
    #[arg(long, value_delimiter = ',', value_parser = distance::passage)]
    avoid: Vec<Passage>,
}

/// Which factors count.
#[derive(Debug, Args)]
pub struct FactorsArgs {
    /// The factor packs in their order of precedence, separated by commas: `open`, which is built in, or folders.
    #[arg(long, env = "DRAY_FACTOR_PACKS", default_value = "open", value_delimiter = ',')]
    factor_packs: Vec<String>,

    /// The mass of one pallet in kilograms, in place of the factor pack's assumption.
    #[arg(long, env = "DRAY_PALLET_KG", value_parser = mass)]
    pallet_kg: Option<Kilograms>,
}

impl FactorsArgs {
    pub fn load(&self) -> Result<Factors, Failure> {
        let pack = |name: &String| FactorPack::named(Path::new(name.trim()));
        let factors = Factors::new(self.factor_packs.iter().map(pack).collect::<Result<_, _>>()?)?;
        Ok(match self.pallet_kg {
            Some(mass) => factors.with_pallet_mass(mass),
            None => factors,
        })
    }
}

fn mass(text: &str) -> Result<Kilograms, String> {
    let mass = text.parse().ok().and_then(|kg| Kilograms::new(kg).ok());
    mass.filter(|mass| *mass > Kilograms::ZERO).ok_or_else(|| "give a number of kilograms above 0".to_owned())
}

/// What became of the file.
#[derive(Serialize)]
struct Report<'r> {
    #[serde(flatten)]
    summary: &'r Summary,
    out: Option<&'r Path>,
    rejected_file: Option<&'r Path>,
    seconds: f64,
}

impl Calc {
    pub fn run(self, json: bool) -> Result<Done, Failure> {
        let begun = std::time::Instant::now();
        let format = self.out.as_deref().map(Format::of).transpose()?;
        let calculator = Calculator::new(
            Arc::new(self.factors.load()?),
            Arc::new(EmbeddedGeocoder::default()),
            Arc::new(EmbeddedDistances::default()),
            self.avoid.iter().copied().collect(),
        );
        let options =
            Options { rows_per_block: ROWS_PER_BLOCK, sheet: self.sheet.as_deref(), ..Options::default() };
        let (table, bar) = source::open(&self.file, &options)?;
        let reader = table.reader();
        let mut rejected = RejectedFile::new(self.rejected_path(), &reader);
        let mut output = match (&self.out, format) {
            (Some(path), Some(format)) => Output::create(path, format)?,
            _ => Output::Nothing,
        };
        let (mut summary, mut seen) = (Summary::default(), Seen::default());
        let work = Work { calculator: &calculator, reader: &reader, now: Utc::now() };
        let render = |done: Calculated, text: &mut Vec<u8>| {
            let share = Share::of(done.leg.category, &done.calculation);
            (done.row, done.key, share, output::render(format, done, text))
        };
        work::each_block(table, &work, render, |done| {
            let rows = done.block.rows().filter(|row| !row.is_blank());
            for (row, outcome) in rows.zip(done.rows) {
                match outcome.and_then(|calculated| unique(&mut seen, calculated)) {
                    Ok((share, rendered)) => {
                        summary.add(&share);
                        output.write(rendered, &done.text)?;
                    }
                    Err(rejection) => {
                        summary.reject();
                        rejected.add(row, &rejection)?;
                    }
                }
            }
            bar.set_message(format!("{} rows", summary.rows));
            Ok::<_, Failure>(())
        })?;
        output.finish()?;
        rejected.finish()?;
        bar.finish_and_clear();
        let report = Report {
            summary: &summary,
            out: self.out.as_deref(),
            rejected_file: rejected.path(),
            seconds: begun.elapsed().as_secs_f64(),
        };
        let text = || report.text();
        if self.out.as_deref() == Some(Path::new("-")) {
            eprintln!("{}", text());
        } else {
            crate::print(json, &report, text)?;
        }
        Ok(if summary.rejected > 0 { Done::WithRejected } else { Done::Wholly })
    }

    fn rejected_path(&self) -> PathBuf {
        self.rejected.clone().unwrap_or_else(|| match &self.out {
            Some(out) if out.as_os_str() != "-" => path_beside(out),
            _ => path_beside(Path::new(self.file.file_name().unwrap_or_default())),
        })
    }
}

/// Refuses a row that is the same leg as one before it.
fn unique(
    seen: &mut Seen,
    (row, key, share, rendered): (u64, Option<u128>, Share, Rendered),
) -> Result<(Share, Rendered), Rejection> {
    match key.and_then(|key| seen.before(key, row)) {
        None => Ok((share, rendered)),
        Some(before) => Err(Rejection {
            row,
            code: DUPLICATE.to_owned(),
            error: format!(
                "duplicate of row {before}: movement_id, movement_stretch, movement_stage, package_key, origin, destination and \
                 shipment_date are the same; remove it, or tell the legs apart by one of these"
            ),
            cells: Vec::new(),
        }),
    }
}

impl Report<'_> {
    fn text(&self) -> String {
        let mut text = self.summary.text();
        let rate = self.summary.rows as f64 / self.seconds.max(1e-9);
        text.push_str(&format!("\n{} rows in {:.1} s ({rate:.0} rows/s)", self.summary.rows, self.seconds));
        if let Some(out) = self.out {
            text.push_str(&format!("\nresults: {}", out.display()));
        }
        if let Some(rejected) = self.rejected_file {
            text.push_str(&format!(
                "\n{} rows were rejected: {} says why; mend them there and run it again",
                self.summary.rejected,
                rejected.display()
            ));
        }
        text
    }
}
