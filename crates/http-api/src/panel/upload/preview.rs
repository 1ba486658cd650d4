//! What a file's page shows.

use std::collections::HashSet;

use logistics_domain::batch::{MAX_RECORDS, OnError};
use logistics_domain::jobs::FailedRecord;
use logistics_domain::uploads::Upload;
use maud::{Markup, html};
use shipment_table::{CellError, Columns};

use super::super::activity;
use super::super::error::PanelError;
use super::super::format::{count, instant};
use super::super::texts::{TEXTS, words};
use super::super::visitor::Visitor;
use super::file::File;
use super::parts::Parts;
use super::{address, jobs};
use crate::Api;
use crate::dcycle_v2::requests::{Batch, Uploaded};

/// How many rows at fault are shown.
const SHOWN_FAULTS: usize = 60;

/// What was found in a file that is not sent.
#[derive(Default)]
struct Found {
    good: usize,
    bad: usize,
    /// What is wrong with rows whose cells can be read, and their numbers.
    rows: Vec<(u64, FailedRecord)>,
}

/// A file that is not wholly sent: its columns, what is wrong with its rows, and how the others look.
pub async fn checked(
    api: &Api,
    visitor: &Visitor,
    upload: &Upload,
    file: File,
    parts: &Parts,
) -> Result<Markup, PanelError> {
    let File { columns, sample, records, rows, faults } = file;
    let unreadable: HashSet<u64> = faults.iter().map(|fault| fault.row).collect();
    let (mut found, mut records) = (Found::default(), records.into_iter());
    for rows in rows.chunks(MAX_RECORDS) {
        let part: Vec<Uploaded> = records.by_ref().take(rows.len()).collect();
        let batch = Batch::resolve(api, visitor.organization, part, OnError::Continue).await?;
        found.add(batch, rows, &unreadable);
    }
    Ok(html! {
        (head(upload))
        (verdict(upload, &found, parts))
        @if !faults.is_empty() || !found.rows.is_empty() { (wrong(&faults, &found.rows)) }
        (as_read(&columns, &sample))
    })
}

impl Found {
    /// Adds a part of the file, whose rows have these numbers. What is wrong with those of `unreadable` is said cell by cell.
    fn add(&mut self, batch: Batch, rows: &[u64], unreadable: &HashSet<u64>) {
        self.good += batch.legs.len();
        self.bad += batch.job.refused.len();
        let refused = batch.job.refused.into_iter();
        let numbered = refused.map(|refused| (rows[refused.index as usize], refused));
        self.rows.extend(numbered.filter(|(row, _)| !unreadable.contains(row)));
    }
}

/// A file that was sent, and how its jobs go.
pub async fn sent(
    api: &Api,
    visitor: &Visitor,
    upload: &Upload,
    parts: &Parts,
) -> Result<Markup, PanelError> {
    let now = api.clock.now();
    let mut cards = Vec::new();
    for job in parts.jobs.iter().flatten() {
        cards.extend(activity::one(api, visitor.organization, *job).await?);
    }
    Ok(html! {
        (head(upload))
        div.card {
            p.note.good { span { (TEXTS.upload_sent) } }
            details {
                summary { (TEXTS.upload_again) }
                form method="post" action={ (address(upload.id)) "/again" } {
                    div.row { p { (TEXTS.upload_again_help) } button type="submit" { (TEXTS.upload_again_really) } }
                }
            }
        }
        div.cards data-events="/events" data-only {
            @for shown in &cards { (activity::card(shown, now)) }
        }
    })
}

fn head(upload: &Upload) -> Markup {
    html! {
        div.head {
            h1 { (upload.name) }
            span.muted { (TEXTS.upload_came) " " (instant(upload.uploaded_at)) }
        }
    }
}

/// How many rows are good, and what can be done now.
fn verdict(upload: &Upload, found: &Found, parts: &Parts) -> Markup {
    let (number, sent) = (jobs(upload.records), parts.sent());
    html! {
        div.card {
            dl.figures {
                div { dt { (TEXTS.rows_ready) } dd.figure { (count(found.good as u64)) } }
                div { dt { (TEXTS.rows_at_fault) } dd.figure.bad[found.bad > 0] { (count(found.bad as u64)) } }
            }
            @if sent > 0 {
                p.note.wait { span { (sent) " " (TEXTS.of) " " (number) " " (TEXTS.upload_interrupted) } }
            } @else if found.bad > 0 {
                p.note.wait { span { (TEXTS.rows_at_fault_help) } }
            } @else {
                p.note.good { span { (TEXTS.rows_ready_help) } }
            }
            @if number > 1 && sent == 0 { p.muted { (TEXTS.upload_parts) " " (number) " " (TEXTS.upload_parts_jobs) } }
            div.row {
                form method="post" action={ (address(upload.id)) "/send" } {
                    button.primary #send type="submit" { @if sent > 0 { (TEXTS.upload_continue) } @else { (TEXTS.upload_send) } }
                }
                form method="post" action={ (address(upload.id)) "/remove" } {
                    button type="submit" { (TEXTS.upload_discard) }
                }
            }
        }
    }
}

fn wrong(cells: &[CellError], rows: &[(u64, FailedRecord)]) -> Markup {
    html! {
        section.card aria-labelledby="faults-title" {
            h2 id="faults-title" { (TEXTS.cells_at_fault) }
            div.scroll role="group" aria-labelledby="faults-title" tabindex="0" {
                table {
                    thead { tr {
                        th.number scope="col" { (TEXTS.row) }
                        th scope="col" { (TEXTS.column) }
                        th scope="col" { (TEXTS.value) }
                        th scope="col" { (TEXTS.error) }
                    } }
                    tbody {
                        @for fault in cells.iter().take(SHOWN_FAULTS) {
                            tr {
                                td.number { (fault.row) }
                                td { (fault.column.as_deref().or(fault.field).unwrap_or("–")) }
                                td { @if fault.value.is_empty() { span.muted { (TEXTS.blank) } } @else { mark { (fault.value) } } }
                                td { div.message { (fault.message) } }
                            }
                        }
                        @for (row, refused) in rows.iter().take(SHOWN_FAULTS) {
                            tr {
                                td.number { (row) }
                                td.code { (refused.code) }
                                td { (refused.movement_id.as_deref().unwrap_or("–")) }
                                td { div.message { (refused.error) } }
                            }
                        }
                    }
                }
            }
            @if cells.len().max(rows.len()) > SHOWN_FAULTS { p.muted { (TEXTS.first_faults) } }
        }
    }
}

fn as_read(columns: &Columns, sample: &[Vec<String>]) -> Markup {
    html! {
        section.card aria-labelledby="columns-title" {
            h2 id="columns-title" { (TEXTS.columns) }
            p.muted { (TEXTS.columns_help) }
            div.scroll role="group" aria-labelledby="columns-title" tabindex="0" {
                table {
                    thead {
                        tr { @for name in columns.names() { th scope="col" { (name) } } }
                        tr { @for meaning in columns.meanings() {
                            td { @match meaning {
                                Some(meaning) => { span.good { (words(meaning.field.as_str())) } }
                                None => { span.muted { (TEXTS.passed_over) } }
                            } }
                        } }
                    }
                    tbody { @for row in sample { tr { @for cell in row { td.line { (cell) } } } } }
                }
            }
        }
    }
}
