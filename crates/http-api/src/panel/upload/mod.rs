//! Files of shipments: kept and checked in the browser's sight, then sent as jobs.
//!
//! A file is chosen once. It is kept for a day, its page says what is wrong with it and which parts of it were sent, and a
//! part that was sent is never sent again.

mod file;
mod parts;
mod preview;

use actix_multipart::form::bytes::Bytes;
use actix_multipart::form::{MultipartForm, MultipartFormConfig};
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use logistics_domain::batch::MAX_RECORDS;
use logistics_domain::ids::UploadId;
use logistics_domain::uploads::{NewUpload, Upload};
use maud::{Markup, html};
use sha2::{Digest, Sha256};
use shipment_table::TableError;
use uuid::Uuid;

use super::error::PanelError;
use super::format::{count, instant};
use super::frame::{self, Tab};
use super::texts::TEXTS;
use super::visitor::{Editor, Visitor};
use crate::Api;
use crate::dcycle::DcycleError;
use file::File;
use parts::Parts;
pub(super) use parts::take;

/// The longest name of a file that is shown whole, in characters.
const LONGEST_NAME: usize = 120;

/// What the form sends.
#[derive(MultipartForm)]
pub(super) struct Form {
    file: Bytes,
}

/// How files are taken: whole, up to the size of a body.
pub(super) fn limits(bytes: usize) -> MultipartFormConfig {
    let config = MultipartFormConfig::default().total_limit(bytes).memory_limit(bytes);
    config.error_handler(|error, _request| PanelError::Unreadable(error.to_string()).into())
}

#[get("/upload")]
pub(super) async fn ask(api: web::Data<Api>, visitor: Visitor) -> Result<HttpResponse, PanelError> {
    let kept = api.uploads.uploads(visitor.organization).list(api.clock.now()).await?;
    let content = html! { (form(&visitor, None)) @if !kept.is_empty() { (files(&kept)) } };
    Ok(frame::page(&visitor, Tab::Upload, TEXTS.upload, &content))
}

/// Keeps a file that can be read, and shows it.
#[post("/upload")]
pub(super) async fn take_file(
    api: web::Data<Api>,
    editor: Editor,
    sent: MultipartForm<Form>,
) -> Result<HttpResponse, PanelError> {
    let visitor = &editor.visitor;
    let file = sent.into_inner().file;
    let name = shown_name(file.file_name.as_deref());
    let read = move || {
        let records = file::count(file.data.clone())?;
        Ok::<_, TableError>((records, Sha256::digest(&file.data).into(), file.data.to_vec()))
    };
    let (records, digest, content) =
        match web::block(read).await.map_err(|_panicked| DcycleError::Internal)? {
            Ok((0, ..)) => return Ok(refused(visitor, &name, TEXTS.upload_empty)),
            Ok(read) => read,
            Err(error) => return Ok(refused(visitor, &name, &error.to_string())),
        };
    let new = NewUpload { name, records, digest, content };
    let kept = api.uploads.uploads(visitor.organization).keep(new, api.clock.now()).await?;
    Ok(frame::see_other(&address(kept.id)))
}

/// The name of a file as it is kept: without control characters, and not too long for a heading.
fn shown_name(given: Option<&str>) -> String {
    let letters = given.unwrap_or_default().chars().filter(|letter| !letter.is_control());
    let name: String = letters.take(LONGEST_NAME).collect();
    if name.is_empty() { TEXTS.upload_unnamed.to_owned() } else { name }
}

/// A file: what is wrong with it, or how the jobs go that it became.
#[get("/upload/{upload_id}")]
pub(super) async fn show(
    api: web::Data<Api>,
    visitor: Visitor,
    id: web::Path<String>,
) -> Result<HttpResponse, PanelError> {
    let (upload, content) = find(&api, &visitor, &id).await?;
    let parts = Parts::of(&api, &visitor, &upload).await?;
    let shown = if parts.all_sent() {
        preview::sent(&api, &visitor, &upload, &parts).await?
    } else {
        let file = File::read(content).await?;
        preview::checked(&api, &visitor, &upload, file, &parts).await?
    };
    Ok(frame::page(&visitor, Tab::Upload, &upload.name, &shown))
}

/// Sends what was not sent yet.
#[post("/upload/{upload_id}/send")]
pub(super) async fn send(
    api: web::Data<Api>,
    editor: Editor,
    id: web::Path<String>,
) -> Result<HttpResponse, PanelError> {
    let visitor = &editor.visitor;
    let (upload, content) = find(&api, visitor, &id).await?;
    let mut parts = Parts::of(&api, visitor, &upload).await?;
    if !parts.all_sent() {
        parts.send(&api, visitor, File::read(content).await?).await?;
    }
    Ok(frame::see_other(&match parts.only_job() {
        Some(job) => format!("/jobs/{job}"),
        None => address(upload.id),
    }))
}

/// Takes a file that was sent as a new one, which can be sent once more.
#[post("/upload/{upload_id}/again")]
pub(super) async fn again(
    api: web::Data<Api>,
    editor: Editor,
    id: web::Path<String>,
) -> Result<HttpResponse, PanelError> {
    let uploads = api.uploads.uploads(editor.visitor.organization);
    let renewed = uploads.renew(upload_id(&id)?, api.clock.now()).await?.ok_or_else(no_such_upload)?;
    Ok(frame::see_other(&address(renewed)))
}

/// Keeps a file no longer. Jobs that it became go on.
#[post("/upload/{upload_id}/remove")]
pub(super) async fn remove(
    api: web::Data<Api>,
    editor: Editor,
    id: web::Path<String>,
) -> Result<HttpResponse, PanelError> {
    api.uploads.uploads(editor.visitor.organization).forget(upload_id(&id)?).await?;
    Ok(frame::see_other("/upload"))
}

async fn find(api: &Api, visitor: &Visitor, id: &str) -> Result<(Upload, Vec<u8>), PanelError> {
    let found = api.uploads.uploads(visitor.organization).find(upload_id(id)?, api.clock.now()).await?;
    found.ok_or_else(no_such_upload)
}

fn upload_id(id: &str) -> Result<UploadId, PanelError> {
    Uuid::parse_str(id).map(UploadId).map_err(|_not_a_uuid| no_such_upload())
}

fn no_such_upload() -> PanelError {
    DcycleError::NotFound(TEXTS.no_such_upload).into()
}

fn address(id: UploadId) -> String {
    format!("/upload/{id}")
}

fn refused(visitor: &Visitor, name: &str, reason: &str) -> HttpResponse {
    let content = form(visitor, Some((name, reason)));
    frame::page_with(StatusCode::UNPROCESSABLE_ENTITY, visitor, Tab::Upload, TEXTS.upload, &content)
}

/// The form, with the name of the file that was refused and why.
fn form(visitor: &Visitor, refused: Option<(&str, &str)>) -> Markup {
    html! {
        div.head { h1 { (TEXTS.upload) } }
        form method="post" action=(visitor.action("/upload")) enctype="multipart/form-data" {
            div.card {
                @if let Some((name, reason)) = refused {
                    p.note.bad role="alert" { strong { (name) } ": " (reason) }
                }
                div.drop data-drop {
                    label for="file" { (TEXTS.upload_drop) }
                    input #file type="file" name="file" required aria-describedby="file-help"
                        accept=".csv,.txt,.tsv,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
                    button.primary type="submit" { (TEXTS.upload_check) }
                    p.muted id="file-help" { (TEXTS.upload_help) }
                    p.busy { (TEXTS.upload_checking) }
                }
            }
        }
    }
}

/// The files that are kept.
fn files(kept: &[Upload]) -> Markup {
    html! {
        section.card aria-labelledby="files-title" {
            h2 id="files-title" { (TEXTS.upload_kept) }
            p.muted { (TEXTS.upload_kept_help) }
            div.scroll role="group" aria-labelledby="files-title" tabindex="0" {
                table {
                    thead { tr {
                        th scope="col" { (TEXTS.name) }
                        th.number scope="col" { (TEXTS.rows) }
                        th.wide scope="col" { (TEXTS.upload_came) }
                    } }
                    tbody { @for upload in kept {
                        tr {
                            td { a href=(address(upload.id)) { (upload.name) } }
                            td.number { (count(upload.records)) }
                            td.wide { (instant(upload.uploaded_at)) }
                        }
                    } }
                }
            }
        }
    }
}

/// How many jobs so many records become.
fn jobs(records: u32) -> u32 {
    records.div_ceil(u32::try_from(MAX_RECORDS).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_are_fit_to_be_shown() {
        assert_eq!(shown_name(Some("envíos\0\r\n 2025.csv")), "envíos 2025.csv");
        assert_eq!(shown_name(Some(&"x".repeat(500))).len(), LONGEST_NAME);
        assert_eq!([shown_name(None), shown_name(Some("\n"))], [TEXTS.upload_unnamed; 2]);
    }
}
