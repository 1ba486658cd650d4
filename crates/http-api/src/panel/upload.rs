//! Files of shipments: read and checked in the browser's sight, then sent as jobs.

use std::io::Cursor;

use actix_multipart::form::bytes::Bytes;
use actix_multipart::form::text::Text;
use actix_multipart::form::{MultipartForm, MultipartFormConfig};
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use logistics_domain::batch::{MAX_RECORDS, OnError, Record};
use logistics_domain::ids::JobId;
use logistics_domain::intake::{Answer, Delivery, Kept, Told};
use logistics_domain::leg::{FieldError, Problem};
use maud::{Markup, html};
use serde_json::{Map, Value};
use shipment_table::{CellError, Columns, LegReader, Options, Row, Table, TableError};
use uuid::Uuid;

use super::error::PanelError;
use super::format::count;
use super::frame::{self, Tab};
use super::texts::{TEXTS, words};
use super::visitor::{Editor, Visitor};
use crate::Api;
use crate::dcycle::DcycleError;
use crate::dcycle_v2::requests::{Batch, Uploaded};

/// How many rows at fault are shown, and how many good ones.
const SHOWN_FAULTS: usize = 60;
const SHOWN_ROWS: usize = 5;

/// How large a workbook may be once it is unpacked, in bytes.
const MOST_UNPACKED: u64 = 256 << 20;

/// What the form sends.
#[derive(MultipartForm)]
pub(super) struct Form {
    file: Bytes,
    action: Text<String>,
}

/// How files are taken: whole, up to the size of a body.
pub(super) fn limits(bytes: usize) -> MultipartFormConfig {
    let config = MultipartFormConfig::default().total_limit(bytes).memory_limit(bytes);
    config.error_handler(|error, _request| PanelError::Unreadable(error.to_string()).into())
}

#[get("/upload")]
pub(super) async fn ask(visitor: Visitor) -> HttpResponse {
    frame::page(&visitor, Tab::Upload, TEXTS.upload, &html! { (form()) div #result aria-live="polite" {} })
}

/// Checks a file, or checks and sends it.
#[post("/upload")]
pub(super) async fn take_file(
    api: web::Data<Api>,
    editor: Editor,
    sent: MultipartForm<Form>,
) -> Result<HttpResponse, PanelError> {
    let visitor = &editor.visitor;
    let Form { file, action } = sent.into_inner();
    let name = file.file_name.unwrap_or_default();
    let read = web::block(move || read(file.data)).await.map_err(|_panicked| DcycleError::Internal)?;
    let file = match read {
        Ok(file) if !file.records.is_empty() => file,
        Ok(_) => return Ok(refused(visitor, &name, TEXTS.upload_empty)),
        Err(error) => return Ok(refused(visitor, &name, &error.to_string())),
    };
    let File { columns, sample, records, faults } = file;
    let (mut batches, mut records) = (Vec::new(), records.into_iter().peekable());
    while records.peek().is_some() {
        let some: Vec<Uploaded> = records.by_ref().take(MAX_RECORDS).collect();
        batches.push(Batch::resolve(&api, visitor.organization, some, OnError::Continue).await?);
    }
    if action.as_str() == "send" {
        let mut address = "/".to_owned();
        let is_one = batches.len() == 1;
        for batch in batches {
            let job = take(&api, visitor, batch).await?;
            if is_one {
                address = format!("/jobs/{job}");
            }
        }
        return Ok(frame::see_other(&address));
    }
    let preview = preview(&name, &columns, &sample, &faults, &batches);
    let content = html! { (form()) (preview) };
    Ok(frame::page(visitor, Tab::Upload, TEXTS.upload, &content))
}

/// Keeps a batch and has workers calculate it.
pub(super) async fn take(api: &Api, visitor: &Visitor, batch: Batch) -> Result<JobId, PanelError> {
    let answer = |kept: Kept<'_>| {
        let job = kept.job.map(|job| job.0.into_bytes().to_vec()).unwrap_or_default();
        Answer { status: 303, location: None, body: job }
    };
    let delivery = Delivery { legs: batch.legs, job: Some(batch.job), call: None, answer: Box::new(answer) };
    let told = api.intakes.intake(visitor.organization).take(delivery, api.clock.now()).await?;
    api.dispatch.announce();
    let Told::Now(answer) = told else { return Err(DcycleError::Internal.into()) };
    Ok(Uuid::from_slice(&answer.body).map(JobId).map_err(|_no_job| DcycleError::Internal)?)
}

/// A file that was read.
struct File {
    columns: Columns,
    /// The first good rows.
    sample: Vec<Vec<String>>,
    records: Vec<Uploaded>,
    faults: Vec<CellError>,
}

fn read(bytes: web::Bytes) -> Result<File, TableError> {
    let options = Options { most_unpacked: MOST_UNPACKED, ..Options::default() };
    let mut table = Table::open(Cursor::new(bytes), &options)?;
    let reader = table.reader();
    let mut file = File {
        columns: reader.columns().clone(),
        sample: Vec::new(),
        records: Vec::new(),
        faults: Vec::new(),
    };
    while let Some(block) = table.next_block()? {
        for row in block.rows().filter(|row| !row.is_blank()) {
            let record = match reader.draft(row) {
                Ok(draft) => {
                    if file.sample.len() < SHOWN_ROWS {
                        file.sample.push(row.cells().map(str::to_owned).collect());
                    }
                    let upload = serde_json::to_string(&shipment_table::Record(&draft));
                    let movement_id = draft.movement_id.clone();
                    Uploaded {
                        upload: upload.unwrap_or_default(),
                        record: Record { movement_id, leg: draft.parse() },
                    }
                }
                Err(faults) => {
                    let upload = as_written(&reader, row);
                    let movement_id = upload.get("movement_id").and_then(Value::as_str).map(str::to_owned);
                    let leg = Err(faults.iter().map(field_error).collect());
                    file.faults.extend(faults);
                    Uploaded {
                        upload: Value::Object(upload).to_string(),
                        record: Record { movement_id, leg },
                    }
                }
            };
            file.records.push(record);
        }
    }
    Ok(file)
}

/// A row at fault as a record, its cells as they are written: so it is kept, to be mended.
fn as_written(reader: &LegReader, row: Row<'_>) -> Map<String, Value> {
    let meanings = reader.columns().meanings().iter().enumerate();
    let known =
        meanings.filter_map(|(column, meaning)| Some((meaning.as_ref()?.field, row.cell(column).trim())));
    let filled = known.filter(|(_, cell)| !cell.is_empty());
    let json = |cell: &str| match cell.to_ascii_lowercase().as_str() {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        _ => Value::from(cell),
    };
    filled.map(|(field, cell)| (field.as_str().to_owned(), json(cell))).collect()
}

fn field_error(fault: &CellError) -> FieldError {
    let field = fault.field.unwrap_or("records");
    FieldError { field, problem: Problem::OutOfRange, message: fault.message.clone() }
}

fn refused(visitor: &Visitor, name: &str, reason: &str) -> HttpResponse {
    let content = html! {
        (form())
        div #result aria-live="polite" {
            div.card { h2 { (name) } p.note.bad { span { (reason) } } }
        }
    };
    frame::page_with(StatusCode::UNPROCESSABLE_ENTITY, visitor, Tab::Upload, TEXTS.upload, &content)
}

fn form() -> Markup {
    html! {
        div.head { h1 { (TEXTS.upload) } }
        form method="post" action="/upload" enctype="multipart/form-data" {
            div.card {
                div.drop data-drop {
                    label for="file" { (TEXTS.upload_drop) }
                    input #file type="file" name="file" required accept=".csv,.txt,.tsv,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
                    p.muted { (TEXTS.upload_help) }
                }
                div.row {
                    button type="submit" name="action" value="check" { (TEXTS.upload_check) }
                    button.primary type="submit" name="action" value="send" { (TEXTS.upload_send) }
                }
            }
        }
    }
}

/// What was read of a file: its columns, what is wrong with its rows, and how the others look.
fn preview(
    name: &str,
    columns: &Columns,
    sample: &[Vec<String>],
    faults: &[CellError],
    batches: &[Batch],
) -> Markup {
    let good: usize = batches.iter().map(|batch| batch.legs.len()).sum();
    let bad: usize = batches.iter().map(|batch| batch.job.refused.len()).sum();
    let others = batches
        .iter()
        .flat_map(|batch| &batch.job.refused)
        .filter(|refused| refused.code != logistics_domain::batch::INVALID);
    let others: Vec<_> = others.take(SHOWN_FAULTS).collect();
    html! {
        div #result .cards aria-live="polite" {
            div.card {
                h2 { (name) }
                dl.figures {
                    div { dt { (TEXTS.rows_ready) } dd.figure { (count(good as u64)) } }
                    div { dt { (TEXTS.rows_at_fault) } dd.figure.bad[bad > 0] { (count(bad as u64)) } }
                }
                @if bad > 0 { p.note.wait { span { (TEXTS.rows_at_fault_help) } } }
                @else { p.note.good { span { (TEXTS.rows_ready_help) } } }
            }
            @if !faults.is_empty() || !others.is_empty() {
                section.card aria-labelledby="faults-title" {
                    h2 id="faults-title" { (TEXTS.cells_at_fault) }
                    div.scroll role="group" aria-labelledby="faults-title" tabindex="0" {
                        table {
                            thead { tr {
                                th scope="col" { (TEXTS.row) }
                                th scope="col" { (TEXTS.column) }
                                th scope="col" { (TEXTS.value) }
                                th scope="col" { (TEXTS.error) }
                            } }
                            tbody {
                                @for fault in faults.iter().take(SHOWN_FAULTS) {
                                    tr {
                                        td { (fault.row) }
                                        td { (fault.column.as_deref().or(fault.field).unwrap_or("–")) }
                                        td.fault { (fault.value) }
                                        td { div.message { (fault.message) } }
                                    }
                                }
                                @for refused in others {
                                    tr {
                                        td { (TEXTS.record_number) " " (refused.index + 1) }
                                        td.code { (refused.code) }
                                        td { (refused.movement_id.as_deref().unwrap_or("–")) }
                                        td { div.message { (refused.error) } }
                                    }
                                }
                            }
                        }
                    }
                    @if faults.len() > SHOWN_FAULTS { p.muted { (TEXTS.first_faults) } }
                }
            }
            section.card aria-labelledby="columns-title" {
                h2 id="columns-title" { (TEXTS.columns) }
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
                        tbody { @for row in sample { tr { @for cell in row { td { (cell) } } } } }
                    }
                }
            }
        }
    }
}
