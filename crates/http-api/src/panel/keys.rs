//! API keys: listed, made and revoked by those whose key manages them.

use std::collections::HashMap;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use logistics_domain::accounts::{Access, ApiKey, KeyMade, Label, NewKey};
use logistics_domain::ids::ApiKeyId;
use logistics_domain::intake::{Call, CallKey, Done, Effect, Effected, Told};
use maud::{Markup, html};
use uuid::Uuid;

use super::error::PanelError;
use super::format::instant;
use super::frame::{self, Tab};
use super::sent::{self, Sent};
use super::texts::{TEXTS, words};
use super::visitor::{Editor, Visitor};
use crate::auth::KeyText;
use crate::dcycle::DcycleError;
use crate::{Api, once};

/// The values of the form, by field.
type Values = HashMap<String, String>;

#[get("/keys")]
pub(super) async fn list(api: web::Data<Api>, visitor: Visitor) -> Result<HttpResponse, PanelError> {
    if visitor.key.access < Access::Admin {
        let content = html! { h1 { (TEXTS.keys) } div.card { p.note { span { (TEXTS.keys_only_admin) } } } };
        return Ok(frame::page(&visitor, Tab::Keys, TEXTS.keys, &content));
    }
    let content = content(&api, &visitor, &Values::new(), None).await?;
    Ok(frame::page(&visitor, Tab::Keys, TEXTS.keys, &content))
}

/// Makes a key. Its text is on the page that answers and nowhere else.
#[post("/keys")]
pub(super) async fn create(
    api: web::Data<Api>,
    editor: Editor,
    values: web::Form<Values>,
) -> Result<HttpResponse, PanelError> {
    let visitor = manager(&editor)?;
    let value = |name: &str| values.get(name).map_or("", |value| value.trim());
    let now = api.clock.now();
    let name = match Label::parse(value("name")) {
        Ok(name) => name,
        Err(fault) => return again(&api, visitor, &values, &fault.to_string()).await,
    };
    let expires_at = match expiry(value("expires"), now) {
        Ok(expires_at) => expires_at,
        Err(fault) => return again(&api, visitor, &values, &fault).await,
    };
    let Some(access) = Access::from_name(value("access")) else {
        let fault = format!("the access is '{}'; give read, write or admin", value("access"));
        return again(&api, visitor, &values, &fault).await;
    };
    let text = KeyText::random();
    let mut key = text.new_key(name, visitor.organization, access);
    key.expires_at = expires_at;
    let content_sent = ["name", "access", "expires"].map(value).join("\n");
    let sent = Sent::new(values.get(sent::FIELD).map(String::as_str), content_sent.as_bytes());
    let note = match make(&api, visitor, key, sent.call()).await? {
        Told::Now(_) => html! {
            div.card role="status" {
                h2 { (TEXTS.key_made) }
                p.note.wait { span { (TEXTS.key_made_help) } }
                p.code.key { (text.as_str()) }
            }
        },
        Told::Before(_) | Told::OtherCall => html! {
            p.note.wait role="status" { span { (TEXTS.key_made_before) } }
        },
    };
    let content = content(&api, visitor, &Values::new(), Some(note)).await?;
    Ok(frame::page(visitor, Tab::Keys, TEXTS.keys, &content))
}

/// Creates a key, unless that was done before.
async fn make(api: &Api, visitor: &Visitor, key: NewKey, call: Option<CallKey>) -> Result<Told, PanelError> {
    let answer = |effected: &Effected| match effected {
        Effected::Key(made) if matches!(**made, KeyMade::Made(_)) => Some(once::no_content()),
        _ => None,
    };
    let call = Call { effect: Effect::CreateKey(Box::new(key)), key: call, answer: Box::new(answer) };
    match api.intakes.intake(visitor.organization).carry_out(call, api.clock.now()).await? {
        Done::Told(told) => Ok(told),
        Done::Refused(_) => Err(DcycleError::OrganizationNotFound(visitor.organization.0).into()),
    }
}

#[post("/keys/{key_id}/revoke")]
pub(super) async fn revoke(
    api: web::Data<Api>,
    editor: Editor,
    id: web::Path<String>,
) -> Result<HttpResponse, PanelError> {
    let visitor = manager(&editor)?;
    let nothing = || DcycleError::NotFound(TEXTS.no_such_key);
    let id = Uuid::parse_str(&id).map(ApiKeyId).map_err(|_not_a_uuid| nothing())?;
    let found = api.accounts.find_key(id).await?;
    let key = found.filter(|key| key.organizations.contains(&visitor.organization)).ok_or_else(nothing)?;
    if !visitor.key.covers(&key) {
        return Err(DcycleError::Conflict(TEXTS.key_of_others).into());
    }
    api.accounts.revoke(key.id, api.clock.now()).await?;
    api.keys.forget();
    Ok(frame::see_other("/keys"))
}

/// Somebody whose key manages keys.
fn manager(editor: &Editor) -> Result<&Visitor, PanelError> {
    match editor.visitor.key.access {
        Access::Admin => Ok(&editor.visitor),
        has @ (Access::Read | Access::Write) => {
            Err(DcycleError::Access { has, needed: Access::Admin }.into())
        }
    }
}

/// The end of the last day that a key holds on; nothing where it has no end.
fn expiry(day: &str, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, String> {
    if day.is_empty() {
        return Ok(None);
    }
    let next = day.parse::<NaiveDate>().ok().and_then(|day| day.succ_opt());
    let end = next.map(|next| next.and_time(NaiveTime::MIN).and_utc()).filter(|end| *end > now);
    end.map(Some)
        .ok_or_else(|| format!("the last day is '{day}'; give one that is not over, such as 2027-12-31"))
}

async fn again(
    api: &Api,
    visitor: &Visitor,
    values: &Values,
    fault: &str,
) -> Result<HttpResponse, PanelError> {
    let fault = html! { p.note.bad role="alert" { span { (fault) } } };
    let content = content(api, visitor, values, Some(fault)).await?;
    Ok(frame::page_with(StatusCode::UNPROCESSABLE_ENTITY, visitor, Tab::Keys, TEXTS.keys, &content))
}

async fn content(
    api: &Api,
    visitor: &Visitor,
    values: &Values,
    note: Option<Markup>,
) -> Result<Markup, PanelError> {
    let keys = api.accounts.keys(Some(visitor.organization)).await?;
    let now = api.clock.now();
    Ok(html! {
        div.head { h1 { (TEXTS.keys) } }
        p.muted { (TEXTS.keys_help) }
        @if let Some(note) = note { (note) }
        div.card {
            div.scroll role="group" aria-label=(TEXTS.keys) tabindex="0" {
                table {
                    thead { tr {
                        th scope="col" { (TEXTS.name) }
                        th scope="col" { (TEXTS.key_access) }
                        th scope="col" { (TEXTS.status) }
                        th.wide scope="col" { (TEXTS.key_last_used) }
                        th.wide scope="col" { (TEXTS.key_expires) }
                        th scope="col" { span.unseen { (TEXTS.key_revoke) } }
                    } }
                    tbody { @for key in &keys { (row(key, visitor, now)) } }
                }
            }
        }
        (form(visitor, values))
    })
}

fn row(key: &ApiKey, visitor: &Visitor, now: DateTime<Utc>) -> Markup {
    let status = key.status(now);
    let class = if status == "active" { "good" } else { "muted" };
    let never = html! { "–" };
    html! {
        tr {
            td { (key.name) br; span.code.muted { (key.prefix) "…" } }
            td { (words(key.access.as_str())) }
            td { span class={ "state " (class) } { (words(status)) } }
            td.wide { (key.last_used_at.map_or_else(|| never.clone(), instant)) }
            td.wide { (key.expires_at.map_or_else(|| never.clone(), instant)) }
            td {
                @if key.id == visitor.key.id { span.muted { (TEXTS.key_yours) } }
                @else if status != "revoked" {
                    details {
                        summary { (TEXTS.key_revoke) span.unseen { " " (key.name) } }
                        form method="post" action={ "/keys/" (key.id) "/revoke" } { button type="submit" { (TEXTS.key_revoke_really) } }
                    }
                }
            }
        }
    }
}

fn form(visitor: &Visitor, values: &Values) -> Markup {
    let value = |name: &str| values.get(name).map_or("", String::as_str);
    html! {
        section.card aria-labelledby="new-title" {
            h2 id="new-title" { (TEXTS.key_new) }
            form method="post" action=(visitor.action("/keys")) {
                (sent::field())
                div.fields {
                    div.field { label for="name" { (TEXTS.name) } input #name name="name" required maxlength=(Label::MAX) value=(value("name")); }
                    div.field {
                        label for="access" { (TEXTS.key_access) }
                        select #access name="access" {
                            @for access in Access::ALL { option value=(access.as_str()) selected[access.as_str() == value("access")] { (words(access.as_str())) } }
                        }
                    }
                    div.field { label for="expires" { (TEXTS.key_last_day) } input #expires type="date" name="expires" value=(value("expires")) aria-describedby="expires-help"; p.muted id="expires-help" { (TEXTS.key_last_day_help) } }
                }
                p.muted { (TEXTS.key_access_help) }
                div { button.primary type="submit" { (TEXTS.key_make) } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_hold_to_the_end_of_their_last_day() {
        let now = DateTime::UNIX_EPOCH;
        assert_eq!(expiry("", now), Ok(None));
        let end = expiry("1970-01-01", now).unwrap().unwrap();
        assert_eq!(end.to_rfc3339(), "1970-01-02T00:00:00+00:00");
        assert!(expiry("1969-12-31", now).is_err() && expiry("soon", now).is_err());
    }
}
