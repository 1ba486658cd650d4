//! Blocks of rows, calculated on all cores and given back in the order of the file.

use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

use chrono::{DateTime, Utc};
use logistics_domain::batch::INVALID;
use logistics_domain::geography::GeographySettings;
use logistics_domain::hub::HubDirectory;
use logistics_domain::leg::ResolvedLeg;
use logistics_domain::{Calculation, Calculator, LegFailure};
use shipment_table::{Block, LegReader, Row, Table, TableError};

use crate::rejected::Rejection;

/// How many bytes a row's result has, about.
const BYTES_PER_ROW: usize = 256;

/// What is done with the rows of a file.
pub struct Work<'w> {
    pub calculator: &'w Calculator,
    pub reader: &'w LegReader,
    pub now: DateTime<Utc>,
}

/// A row that was calculated.
pub struct Calculated {
    pub row: u64,
    /// What it must not share with another row.
    pub key: Option<u128>,
    pub leg: ResolvedLeg,
    pub calculation: Calculation,
}

/// A block and what became of its rows, blank ones left out.
pub struct Done<T> {
    pub block: Block,
    pub rows: Vec<Result<T, Rejection>>,
    /// What was rendered of the rows.
    pub text: Vec<u8>,
}

/// Calculates all blocks of a table. Each row's result goes through `render` on the worker's thread; `take` gets the blocks in
/// order on this one.
pub fn each_block<T: Send, E: From<TableError>>(
    mut table: Table,
    work: &Work<'_>,
    render: impl Fn(Calculated, &mut Vec<u8>) -> T + Sync,
    mut take: impl FnMut(Done<T>) -> Result<(), E>,
) -> Result<(), E> {
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let (jobs, waiting) = channel::<(Block, Sender<Done<T>>)>();
    let waiting = Mutex::new(waiting);
    thread::scope(|scope| {
        let (promised, answers) = sync_channel::<Result<Receiver<Done<T>>, TableError>>(2 * workers);
        scope.spawn(move || read(&mut table, &jobs, &promised));
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok((block, answer)) = next else { break };
                    let mut text = Vec::with_capacity(block.len() * BYTES_PER_ROW);
                    let rows = work.rows(&block).into_iter();
                    let rows = rows.map(|row| row.map(|row| render(row, &mut text))).collect();
                    // Nobody takes it where the command was stopped by an error.
                    let _ = answer.send(Done { block, rows, text });
                }
            });
        }
        let outcome = answers.iter().try_for_each(|answer| match answer?.recv() {
            Ok(done) => take(done),
            Err(_lost) => Ok(()),
        });
        drop(answers);
        outcome
    })
}

/// Hands blocks out, and promises of their answers in order; both queues are short, so that memory is bounded.
fn read<T>(
    table: &mut Table,
    jobs: &Sender<(Block, Sender<Done<T>>)>,
    promised: &SyncSender<Result<Receiver<Done<T>>, TableError>>,
) {
    loop {
        let (answer, promise) = channel();
        match table.next_block() {
            Ok(Some(block)) => {
                if jobs.send((block, answer)).is_err() || promised.send(Ok(promise)).is_err() {
                    return;
                }
            }
            Ok(None) => return,
            Err(error) => {
                let _ = promised.send(Err(error));
                return;
            }
        }
    }
}

impl Work<'_> {
    fn rows(&self, block: &Block) -> Vec<Result<Calculated, Rejection>> {
        let hubs = HubDirectory::new(Vec::new());
        let rows = block.rows().filter(|row| !row.is_blank());
        let resolved: Vec<_> = rows.map(|row| self.resolve(row, &hubs)).collect();
        let legs: Vec<&ResolvedLeg> = resolved.iter().flatten().map(|(_, leg)| leg).collect();
        let settings = GeographySettings::default();
        let mut calculations = pollster::block_on(self.calculator.calculate(&legs, &settings)).into_iter();
        let finish = |row: Result<(u64, ResolvedLeg), Rejection>| {
            let (row, leg) = row?;
            match calculations.next() {
                Some(Ok(calculation)) => Ok(Calculated { row, key: key(&leg), leg, calculation }),
                Some(Err(failure)) => Err(failed(row, &failure)),
                None => Err(Rejection {
                    row,
                    code: "INTERNAL_ERROR".to_owned(),
                    error: String::new(),
                    cells: Vec::new(),
                }),
            }
        };
        resolved.into_iter().map(finish).collect()
    }

    fn resolve(&self, row: Row<'_>, hubs: &HubDirectory) -> Result<(u64, ResolvedLeg), Rejection> {
        let number = row.number();
        let leg = self.reader.leg(row).map_err(|cells| Rejection::of_cells(number, cells))?;
        let leg = hubs.settle(leg).map_err(|fault| Rejection {
            row: number,
            code: INVALID.to_owned(),
            error: fault.to_string(),
            cells: Vec::new(),
        })?;
        let leg = self.calculator.resolve(leg, self.now).map_err(|failure| failed(number, &failure))?;
        Ok((number, leg))
    }
}

/// Half of the key that tells whether two legs are the same; more than enough to tell them apart.
fn key(leg: &ResolvedLeg) -> Option<u128> {
    let key = leg.dedup_key()?;
    key.first_chunk().map(|half| u128::from_le_bytes(*half))
}

fn failed(row: u64, failure: &LegFailure) -> Rejection {
    Rejection { row, code: failure.code.as_str().to_owned(), error: failure.to_string(), cells: Vec::new() }
}
