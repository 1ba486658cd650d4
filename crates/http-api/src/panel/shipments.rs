//! Shipments: searched and filtered as the API does it.

use actix_web::{HttpResponse, get, web};
use logistics_domain::Category;
use logistics_domain::leg::{Family, LegRecord, LegStatus, Outcome};
use logistics_domain::ports::Page;
use maud::{Markup, html};

use super::error::PanelError;
use super::format::{count, significant};
use super::frame::{self, Tab};
use super::texts::TEXTS;
use super::visitor::Visitor;
use crate::Api;
use crate::dcycle_v1::filters::Filters;
use crate::paging;
use crate::query::Query;

/// How many shipments a page shows.
const SIZE: u32 = 50;

#[get("/shipments")]
pub(super) async fn list(
    api: web::Data<Api>,
    visitor: Visitor,
    mut query: Query,
) -> Result<HttpResponse, PanelError> {
    let page = Page { size: SIZE, ..paging::page(&mut query) };
    let filters = Filters::read(&mut query);
    let shown = query.clone();
    query.finish()?;
    let filter = filters.leg_filter(api.calculator.factors());
    let legs = api.repositories.legs(visitor.organization);
    let listed = legs.select(&filter, page).await?;
    let clients = legs.clients().await?;
    let content = html! {
        div.head {
            h1 { (TEXTS.shipments) }
            span.muted { (count(listed.total)) " " (TEXTS.found) }
        }
        (search_form(&shown, &clients))
        @if listed.items.is_empty() {
            div.card { p { @if filters.is_empty() { (TEXTS.no_shipments) } @else { (TEXTS.nothing_found) } } }
        } @else {
            div.card {
                div.scroll role="group" aria-label=(TEXTS.shipments) tabindex="0" {
                    table {
                        thead { tr {
                            th scope="col" { (TEXTS.date) }
                            th scope="col" { (TEXTS.lane) }
                            th.wide scope="col" { (TEXTS.movement) }
                            th.wide scope="col" { (TEXTS.client) }
                            th.wide scope="col" { (TEXTS.vehicle) }
                            th.number scope="col" { "kg CO2e" }
                        } }
                        tbody { @for record in &listed.items { (row(record)) } }
                    }
                }
            }
        }
        (frame::pager(&shown, page, listed.total))
    };
    Ok(frame::page(&visitor, Tab::Shipments, TEXTS.shipments, &content))
}

fn search_form(query: &Query, clients: &[String]) -> Markup {
    let value = |name: &str| query.text(name).unwrap_or_default();
    let day = |id: &'static str, label: &'static str| {
        html! { div.field { label for=(id) { (label) } input id=(id) type="date" name=(id) value=(value(id)); } }
    };
    let choice = |id: &'static str, label: &'static str, values: &[(&str, &str)]| {
        let chosen = value(id);
        html! {
            div.field {
                label for=(id) { (label) }
                select id=(id) name=(id) {
                    option value="" { (TEXTS.any) }
                    @for (value, name) in values { option value=(value) selected[*value == chosen] { (name) } }
                }
            }
        }
    };
    let clients: Vec<(&str, &str)> =
        clients.iter().map(|client| (client.as_str(), client.as_str())).collect();
    html! {
        form method="get" action="/shipments" role="search" {
            div.card {
                div.fields {
                    div.field {
                        label for="search" { (TEXTS.search_shipments) }
                        input #search type="search" name="search" value=(value("search"));
                    }
                    (choice("client", TEXTS.client, &clients))
                    (choice("category", TEXTS.mode, &Category::ALL.map(|one| (one.as_str(), category_name(one)))))
                    (choice("status", TEXTS.status, &LegStatus::ALL.map(|one| (one.as_str(), status_name(one)))))
                    (day("trip_date_from", TEXTS.date_from))
                    (day("trip_date_until", TEXTS.date_until))
                }
                @for name in ["file_id", "toc", "movement_id", "package_key", "hub_id"] {
                    @if let Some(value) = query.text(name) { input type="hidden" name=(name) value=(value); }
                }
                div.row {
                    button.primary type="submit" { (TEXTS.show) }
                    a href="/shipments" { (TEXTS.show_all) }
                }
            }
        }
    }
}

fn row(record: &LegRecord) -> Markup {
    let leg = &record.leg;
    html! {
        tr {
            td.line { (leg.shipment_date) }
            td { a href={ "/shipments/" (record.id) } { (lane(record)) } }
            td.wide.line { (leg.trace.movement_id.as_deref().unwrap_or("–")) }
            td.wide { (leg.trace.client.as_deref().unwrap_or("–")) }
            td.wide { (mode(leg.category)) br; span.muted { (leg.toc) } @if leg.family() == Family::Climes { br; span.muted { (TEXTS.family) ": " (leg.family().as_str()) } } }
            td.number {
                @match &record.outcome {
                    Outcome::Calculated(found) => { (significant(found.total().wtw.get())) }
                    other => { (status(other.status())) }
                }
            }
        }
    }
}

/// From where to where, as far as the client said.
pub(super) fn lane(record: &LegRecord) -> String {
    let end = |place: &Option<String>| place.clone().unwrap_or_else(|| TEXTS.somewhere.to_owned());
    match (&record.leg.origin, &record.leg.destination) {
        (None, None) => TEXTS.no_lane.to_owned(),
        (from, to) => format!("{} → {}", end(from), end(to)),
    }
}

/// A mode as a word and a dot in its colour.
pub(super) fn mode(category: Category) -> Markup {
    html! { span class={ "state text-" (category.as_str()) } { (category_name(category)) } }
}

pub(super) const fn category_name(category: Category) -> &'static str {
    match category {
        Category::Road => TEXTS.road,
        Category::Rail => TEXTS.rail,
        Category::Maritime => TEXTS.maritime,
        Category::Air => TEXTS.air,
    }
}

const fn status_name(status: LegStatus) -> &'static str {
    match status {
        LegStatus::Pending => TEXTS.status_pending,
        LegStatus::Active => TEXTS.status_active,
        LegStatus::Error => TEXTS.status_error,
    }
}

pub(super) fn status(status: LegStatus) -> Markup {
    let class = match status {
        LegStatus::Pending => "muted",
        LegStatus::Active => "good",
        LegStatus::Error => "bad",
    };
    html! { span class={ "state " (class) } { (status_name(status)) } }
}
