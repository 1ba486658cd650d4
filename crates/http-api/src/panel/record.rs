//! A record that failed: its fields as they were sent, to be mended and sent again.

use std::collections::HashMap;

use actix_web::{HttpResponse, get, post, web};
use logistics_domain::batch::OnError;
use logistics_domain::jobs::FailedRecord;
use logistics_domain::leg::FieldError;
use maud::{Markup, html};
use serde_json::{Map, Value};
use shipment_table::Field;

use super::activity::Shown;
use super::error::PanelError;
use super::frame::{self, Tab};
use super::job;
use super::sent::{self, Sent};
use super::texts::{TEXTS, words};
use super::upload;
use super::visitor::{Editor, Visitor};
use crate::Api;
use crate::dcycle::DcycleError;
use crate::dcycle_v1::request::LegBody;
use crate::dcycle_v2::errors::Fields;
use crate::dcycle_v2::requests::{Batch, Uploaded};

/// The values of the form, by field.
type Values = HashMap<String, String>;

#[get("/jobs/{job_id}/records/{index}")]
pub(super) async fn show(
    api: web::Data<Api>,
    visitor: Visitor,
    path: web::Path<(String, u32)>,
) -> Result<HttpResponse, PanelError> {
    let failed = find(&api, &visitor, &path).await?;
    let sent = Fields::of(&failed.upload);
    let values =
        Field::ALL.iter().map(|field| (field.as_str().to_owned(), sent.cell(field.as_str()))).collect();
    let faults = LegBody::record(&failed.upload).leg.err().unwrap_or_default();
    let content = form(&path, &failed, &values, &faults, std::slice::from_ref(&failed.error));
    Ok(frame::page(&visitor, Tab::Activity, TEXTS.mend, &content))
}

/// Sends a mended record: it becomes a job of its own.
#[post("/jobs/{job_id}/records/{index}")]
pub(super) async fn send(
    api: web::Data<Api>,
    editor: Editor,
    path: web::Path<(String, u32)>,
    values: web::Form<Values>,
) -> Result<HttpResponse, PanelError> {
    let visitor = &editor.visitor;
    let failed = find(&api, visitor, &path).await?;
    let upload = written(&values);
    let record = LegBody::record(&upload);
    let sent = Sent::new(values.get(sent::FIELD).map(String::as_str), upload.as_bytes());
    if let Err(faults) = &record.leg {
        let messages: Vec<String> = faults.iter().map(|fault| fault.message.clone()).collect();
        let content = form(&path, &failed, &values, faults, &messages);
        return Ok(frame::page(visitor, Tab::Activity, TEXTS.mend, &content));
    }
    let records = vec![Uploaded { upload, record }];
    let batch = Batch::resolve(&api, visitor.organization, records, OnError::Continue).await?;
    if let Some(refused) = batch.job.refused.first() {
        let content = form(&path, &failed, &values, &[], std::slice::from_ref(&refused.error));
        return Ok(frame::page(visitor, Tab::Activity, TEXTS.mend, &content));
    }
    let job = upload::take(&api, visitor, batch, sent.call()).await?;
    Ok(frame::see_other(&format!("/jobs/{job}")))
}

async fn find(api: &Api, visitor: &Visitor, (id, index): &(String, u32)) -> Result<FailedRecord, PanelError> {
    let Shown { job, .. } = job::find(api, visitor, id).await?;
    let failed = api.jobs.jobs(visitor.organization).errors(job.id, usize::MAX).await?;
    let found = failed.into_iter().find(|failed| failed.index == *index);
    Ok(found.ok_or(DcycleError::NotFound(TEXTS.no_such_record))?)
}

/// The values as the API takes a record: JSON without the blank ones.
fn written(values: &Values) -> String {
    let mut record = Map::new();
    for field in Field::ALL {
        let value = values.get(field.as_str()).map_or("", |value| value.trim());
        let json = match (is_flag(field), value) {
            (_, "") => continue,
            (true, "true") => Value::Bool(true),
            (true, "false") => Value::Bool(false),
            _ => Value::from(value),
        };
        record.insert(field.as_str().to_owned(), json);
    }
    Value::Object(record).to_string()
}

const fn is_flag(field: Field) -> bool {
    matches!(field, Field::Cleaning | Field::Subcontractor)
}

fn form(
    (job, index): &(String, u32),
    failed: &FailedRecord,
    values: &Values,
    faults: &[FieldError],
    messages: &[String],
) -> Markup {
    let value = |field: &Field| values.get(field.as_str()).map_or("", String::as_str);
    let is_shown =
        |field: &&Field| !value(field).is_empty() || faults.iter().any(|fault| fault.field == field.as_str());
    let (used, unused): (Vec<&Field>, Vec<&Field>) = Field::ALL.iter().partition(is_shown);
    let input = |field: &Field| field_input(*field, value(field), faults);
    html! {
        div.head {
            h1 { (TEXTS.mend) }
            a href={ "/jobs/" (job) } { (TEXTS.back_to_job) }
        }
        form method="post" action={ "/jobs/" (job) "/records/" (index) } {
            (sent::field())
            div.card {
                div.note.bad role="alert" {
                    p.muted { (TEXTS.record_number) " " (index + 1) ", " span.code { (failed.code) } }
                    @for message in messages { p { (message) } }
                }
                div.fields { @for field in used { (input(field)) } }
                details {
                    summary { (TEXTS.more_fields) }
                    div.fields { @for field in unused { (input(field)) } }
                }
                p.muted { (TEXTS.mend_help) }
                div { button.primary type="submit" { (TEXTS.send_again) } }
            }
        }
    }
}

fn field_input(field: Field, value: &str, faults: &[FieldError]) -> Markup {
    let name = field.as_str();
    let fault = faults.iter().find(|fault| fault.field == name);
    let described = fault.is_some().then(|| format!("{name}-fault"));
    html! {
        div.field {
            label for=(name) { (words(name)) }
            @if is_flag(field) {
                select id=(name) name=(name) aria-describedby=[&described] {
                    @for (choice, text) in [("", "–"), ("true", TEXTS.yes), ("false", TEXTS.no)] {
                        option value=(choice) selected[choice == value] { (text) }
                    }
                }
            } @else {
                input id=(name) name=(name) value=(value) aria-invalid=[fault.is_some().then_some("true")] aria-describedby=[&described];
            }
            @if let Some(fault) = fault { span.bad id={ (name) "-fault" } { (fault.message) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_becomes_a_record() {
        let pairs =
            [("origin", " Madrid "), ("load", "5"), ("cleaning", "true"), ("client", "  "), ("other", "x")];
        let values: Values = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        assert_eq!(written(&values), r#"{"cleaning":true,"load":"5","origin":"Madrid"}"#);
    }
}
