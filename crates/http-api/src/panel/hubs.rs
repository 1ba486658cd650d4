//! Hubs: listed, created, changed and removed.

use std::collections::HashMap;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use emissions_core::HubCategory;
use logistics_domain::hub::{Hub, HubDraft, HubFilter, HubKind, HubProfile, HubStatus, Patch, Removal};
use logistics_domain::ids::HubId;
use logistics_domain::leg::{FieldError, Problem};
use logistics_domain::ports::Page;
use maud::{Markup, html};
use uuid::Uuid;

use super::error::PanelError;
use super::format::significant;
use super::frame::{self, Tab};
use super::texts::{TEXTS, words};
use super::visitor::{Editor, Visitor};
use crate::Api;
use crate::dcycle::DcycleError;
use crate::dcycle_v1::hubs::{country, written};
use crate::paging;
use crate::query::Query;

/// How many hubs a page shows.
const SIZE: u32 = 50;

/// The values of the form, by field.
type Values = HashMap<String, String>;

#[get("/hubs")]
pub(super) async fn list(
    api: web::Data<Api>,
    visitor: Visitor,
    mut query: Query,
) -> Result<HttpResponse, PanelError> {
    let page = Page { size: SIZE, ..paging::page(&mut query) };
    let name = query.text("name");
    let filter = HubFilter { name: name.clone(), ..HubFilter::default() };
    let listed = api.hubs.hubs(visitor.organization).list(&filter, page).await?;
    let content = html! {
        div.head {
            h1 { (TEXTS.hubs) }
            a.button.primary href="/hubs/new" { (TEXTS.hub_new) }
        }
        p.muted { (TEXTS.hubs_help) }
        form method="get" action="/hubs" role="search" {
            div.fields {
                div.field { label for="name" { (TEXTS.name) } input #name type="search" name="name" value=(name.unwrap_or_default()); }
                div.field { span aria-hidden="true" { "\u{a0}" } button type="submit" { (TEXTS.show) } }
            }
        }
        div.card {
            @if listed.items.is_empty() { p { (TEXTS.no_hubs) } } @else {
                div.scroll role="group" aria-label=(TEXTS.hubs) tabindex="0" {
                    table {
                        thead { tr {
                            th scope="col" { (TEXTS.name) }
                            th scope="col" { (TEXTS.hub_kind) }
                            th.wide scope="col" { (TEXTS.hub_category) }
                            th.wide scope="col" { (TEXTS.address) }
                            th scope="col" { (TEXTS.status) }
                        } }
                        tbody { @for hub in &listed.items { (row(hub)) } }
                    }
                }
            }
        }
        (frame::pager(&query, page, listed.total))
    };
    Ok(frame::page(&visitor, Tab::Hubs, TEXTS.hubs, &content))
}

#[get("/hubs/new")]
pub(super) async fn new(visitor: Visitor) -> HttpResponse {
    let content = form(&visitor, None, &Values::new(), &[]);
    frame::page(&visitor, Tab::Hubs, TEXTS.hub_new, &content)
}

#[post("/hubs/new")]
pub(super) async fn create(
    api: web::Data<Api>,
    editor: Editor,
    values: web::Form<Values>,
) -> Result<HttpResponse, PanelError> {
    let visitor = &editor.visitor;
    let mut profile = match draft(&values).and_then(HubDraft::create) {
        Ok(profile) => profile,
        Err(faults) => return Ok(again(visitor, None, &values, &faults)),
    };
    if profile.country.is_none() {
        profile.country = country(&api, visitor.organization, &profile).await?;
    }
    let hub = Hub { id: HubId(Uuid::now_v7()), created_at: api.clock.now(), updated_at: None, profile };
    written(api.hubs.hubs(visitor.organization).create(&hub).await?)?;
    Ok(frame::see_other("/hubs"))
}

#[get("/hubs/{hub_id}")]
pub(super) async fn show(
    api: web::Data<Api>,
    visitor: Visitor,
    id: web::Path<String>,
) -> Result<HttpResponse, PanelError> {
    let hub = find(&api, &visitor, &id).await?;
    let content = html! {
        (form(&visitor, Some(hub.id), &values_of(&hub.profile), &[]))
        div.card {
            details {
                summary { (TEXTS.hub_remove) }
                form method="post" action={ "/hubs/" (hub.id) "/remove" } {
                    div.row { p { (TEXTS.hub_remove_help) } button type="submit" { (TEXTS.remove) } }
                }
            }
        }
    };
    Ok(frame::page(&visitor, Tab::Hubs, &hub.profile.name, &content))
}

#[post("/hubs/{hub_id}")]
pub(super) async fn change(
    api: web::Data<Api>,
    editor: Editor,
    id: web::Path<String>,
    values: web::Form<Values>,
) -> Result<HttpResponse, PanelError> {
    let visitor = &editor.visitor;
    let former = find(&api, visitor, &id).await?;
    let changed = draft(&values).and_then(|draft| draft.change(&former.profile, Uuid::now_v7()));
    let mut profile = match changed {
        Ok(profile) => profile,
        Err(faults) => return Ok(again(visitor, Some(former.id), &values, &faults)),
    };
    if profile.country.is_none() {
        profile.country = country(&api, visitor.organization, &profile).await?;
    }
    let hub = Hub { updated_at: Some(api.clock.now()), profile, ..former.clone() };
    written(api.hubs.hubs(visitor.organization).replace(&former, &hub).await?)?;
    Ok(frame::see_other("/hubs"))
}

#[post("/hubs/{hub_id}/remove")]
pub(super) async fn remove(
    api: web::Data<Api>,
    editor: Editor,
    id: web::Path<String>,
) -> Result<HttpResponse, PanelError> {
    let hub = find(&api, &editor.visitor, &id).await?;
    match api.hubs.hubs(editor.visitor.organization).remove(hub.id).await? {
        Removal::Done | Removal::Unknown => Ok(frame::see_other("/hubs")),
        Removal::InUse => Err(DcycleError::Conflict(TEXTS.hub_in_use).into()),
    }
}

async fn find(api: &Api, visitor: &Visitor, id: &str) -> Result<Hub, PanelError> {
    let nothing = || DcycleError::NotFound(TEXTS.no_such_hub);
    let id = Uuid::parse_str(id).map(HubId).map_err(|_not_a_uuid| nothing())?;
    Ok(api.hubs.hubs(visitor.organization).find(id).await?.ok_or_else(nothing)?)
}

/// The form as a draft: a blank field clears.
fn draft(values: &Values) -> Result<HubDraft, Vec<FieldError>> {
    let mut faults = Vec::new();
    let text = |name: &str| match values.get(name).map(|value| value.trim()) {
        None | Some("") => Patch::Clear,
        Some(value) => Patch::Set(value.to_owned()),
    };
    let mut number = |name: &'static str| match values.get(name).map(|value| value.trim()) {
        None | Some("") => Patch::Clear,
        Some(value) => match value.parse() {
            Ok(number) => Patch::Set(number),
            Err(_) => {
                let message = format!("{name} is '{value}'; give a number such as 1250.5");
                faults.push(FieldError { field: name, problem: Problem::WrongType, message });
                Patch::Keep
            }
        },
    };
    let draft = HubDraft {
        name: text("name"),
        kind: text("type"),
        category: text("category"),
        address: text("address"),
        country: text("country"),
        status: text("status"),
        supercharger: Patch::Set(values.contains_key("supercharger")),
        facility_id: text("facility_id"),
        external_code: text("external_code"),
        annual_co2e_kg: number("annual_co2e_kg"),
        annual_throughput_t: number("annual_throughput_t"),
    };
    if faults.is_empty() { Ok(draft) } else { Err(faults) }
}

fn values_of(hub: &HubProfile) -> Values {
    let values = [
        ("name", Some(hub.name.clone())),
        ("type", Some(hub.kind.as_str().to_owned())),
        ("category", hub.category.map(|category| category.as_str().to_owned())),
        ("address", hub.address.clone()),
        ("country", hub.country.map(|country| country.to_string())),
        ("status", Some(hub.status.as_str().to_owned())),
        ("supercharger", hub.supercharger.then(|| "on".to_owned())),
        ("facility_id", hub.facility_id.map(|facility| facility.to_string())),
        ("external_code", hub.external_code.clone()),
        ("annual_co2e_kg", hub.annual_co2e.map(|kg| kg.get().to_string())),
        ("annual_throughput_t", hub.annual_throughput.map(|tonnes| tonnes.get().to_string())),
    ];
    values.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

fn again(visitor: &Visitor, id: Option<HubId>, values: &Values, faults: &[FieldError]) -> HttpResponse {
    let content = form(visitor, id, values, faults);
    frame::page_with(StatusCode::UNPROCESSABLE_ENTITY, visitor, Tab::Hubs, TEXTS.hubs, &content)
}

fn row(hub: &Hub) -> Markup {
    let profile = &hub.profile;
    let measured = profile.measured().map(|measured| significant(measured.get()));
    html! {
        tr {
            td {
                a href={ "/hubs/" (hub.id) } { (profile.name) }
                @if let Some(code) = &profile.external_code { br; span.muted { (code) } }
            }
            td { (words(profile.kind.as_str())) }
            td.wide {
                (profile.category.map_or_else(|| "–".to_owned(), |category| words(category.as_str())))
                @if let Some(measured) = measured { br; span.muted { (measured) " kg CO2e / t" } }
            }
            td.wide { (profile.address.as_deref().unwrap_or("–")) @if let Some(country) = profile.country { " " span.muted { (country) } } }
            td { (words(profile.status.as_str())) }
        }
    }
}

fn form(visitor: &Visitor, id: Option<HubId>, values: &Values, faults: &[FieldError]) -> Markup {
    let value = |name: &str| values.get(name).map_or("", String::as_str);
    let fault = |name: &str| faults.iter().find(|fault| fault.field == name);
    let note = |name: &'static str| {
        html! { @if let Some(fault) = fault(name) { span.bad id={ (name) "-fault" } { (fault.message) } } }
    };
    let input = |name: &'static str, label: &'static str| {
        let described = fault(name).map(|_| format!("{name}-fault"));
        html! {
            div.field {
                label for=(name) { (label) }
                input id=(name) name=(name) value=(value(name)) aria-invalid=[described.as_ref().map(|_| "true")] aria-describedby=[&described];
                (note(name))
            }
        }
    };
    let choice = |name: &'static str, label: &'static str, choices: &[&str], blank: bool| {
        html! {
            div.field {
                label for=(name) { (label) }
                select id=(name) name=(name) {
                    @if blank { option value="" { "–" } }
                    @for one in choices { option value=(one) selected[*one == value(name)] { (words(one)) } }
                }
                (note(name))
            }
        }
    };
    let action = id.map_or_else(|| visitor.action("/hubs/new"), |id| format!("/hubs/{id}"));
    html! {
        div.head {
            h1 { @if id.is_some() { (value("name")) } @else { (TEXTS.hub_new) } }
            a href="/hubs" { (TEXTS.hubs) }
        }
        form method="post" action=(action) {
            div.card {
                div.fields {
                    (input("name", TEXTS.name))
                    (choice("type", TEXTS.hub_kind, &HubKind::ALL.map(HubKind::as_str), false))
                    (choice("category", TEXTS.hub_category, &HubCategory::ALL.map(HubCategory::as_str), true))
                    (choice("status", TEXTS.status, &HubStatus::ALL.map(HubStatus::as_str), false))
                    (input("address", TEXTS.address))
                    (input("country", TEXTS.hub_country))
                    (input("external_code", TEXTS.hub_code))
                    (input("facility_id", TEXTS.hub_facility))
                    (input("annual_co2e_kg", TEXTS.hub_co2e))
                    (input("annual_throughput_t", TEXTS.hub_throughput))
                    div.field {
                        label for="supercharger" { (TEXTS.hub_supercharger) }
                        input #supercharger type="checkbox" name="supercharger" checked[values.contains_key("supercharger")];
                    }
                }
                p.muted { (TEXTS.hub_form_help) }
                div { button.primary type="submit" { (TEXTS.save) } }
            }
        }
    }
}
