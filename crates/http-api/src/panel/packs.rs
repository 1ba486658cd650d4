//! The factors in force: packs, their sources and licences, and what vehicles emit by them.

use actix_web::{HttpResponse, get, web};
use emissions_core::{FactorPack, Intensity, ListedToc};
use logistics_domain::leg::contains;
use logistics_domain::numbers::decimal;
use logistics_domain::ports::Page;
use maud::{Markup, html};

use super::error::PanelError;
use super::format::{count, significant};
use super::frame::{self, Tab};
use super::texts::TEXTS;
use super::visitor::Visitor;
use crate::Api;
use crate::paging;
use crate::query::Query;

/// How many vehicles a page shows.
const SIZE: u32 = 40;

#[get("/packs")]
pub(super) async fn show(
    api: web::Data<Api>,
    visitor: Visitor,
    mut query: Query,
) -> Result<HttpResponse, PanelError> {
    let page = Page { size: SIZE, ..paging::page(&mut query) };
    let search = query.text("search").unwrap_or_default();
    let factors = api.calculator.factors();
    let mut listed = factors.list();
    listed.retain(|listed| contains(listed.id, &search) || contains(&listed.toc.name, &search));
    let content = html! {
        div.head { h1 { (TEXTS.packs) } }
        p.muted { (TEXTS.packs_help) }
        @for pack in factors.packs() { (about(pack)) }
        (vehicles(&listed, &search, &query, page))
    };
    Ok(frame::page(&visitor, Tab::Packs, TEXTS.packs, &content))
}

fn about(pack: &FactorPack) -> Markup {
    let identity = pack.identity();
    html! {
        section.card {
            div.row.spread { h2 { (pack.title()) } span.muted { (identity.id) " " (identity.version) } }
            @if !pack.notice().is_empty() { p.note.wait { span { (pack.notice()) } } }
            dl.facts {
                dt { (TEXTS.licence) } dd { (pack.licence()) }
                dt { (TEXTS.contents) } dd { (count(pack.tocs().len() as u64)) " " (TEXTS.vehicles) ", " (count(pack.intensities().len() as u64)) " " (TEXTS.intensities) }
                dt { (TEXTS.digest) } dd.code { (identity.digest) }
            }
            details {
                summary { (TEXTS.sources) " (" (pack.sources().len()) ")" }
                ul.cards { @for source in pack.sources() {
                    li {
                        strong { (source.title) } ", " (source.edition) " · " (source.licence)
                        @if !source.attribution.is_empty() { br; span.muted { (source.attribution) } }
                    }
                } }
            }
        }
    }
}

fn vehicles(listed: &[ListedToc<'_>], search: &str, query: &Query, page: Page) -> Markup {
    let first = (page.number.saturating_sub(1) as usize).saturating_mul(SIZE as usize);
    html! {
        section.card aria-labelledby="vehicles-title" {
            h2 id="vehicles-title" { (TEXTS.vehicles_title) }
            form method="get" action="/packs" role="search" {
                div.fields {
                    div.field { label for="search" { (TEXTS.search_vehicles) } input #search type="search" name="search" value=(search); }
                    div.field { span aria-hidden="true" { "\u{a0}" } button type="submit" { (TEXTS.show) } }
                }
            }
            @if listed.is_empty() { p { (TEXTS.nothing_found) } } @else {
                div.scroll role="group" aria-labelledby="vehicles-title" tabindex="0" {
                    table {
                        thead { tr {
                            th scope="col" { (TEXTS.vehicle) }
                            th scope="col" { (TEXTS.region) }
                            th.number scope="col" { (TEXTS.intensity) }
                            th scope="col" { (TEXTS.unit) }
                            th.wide scope="col" { (TEXTS.source) }
                        } }
                        tbody { @for one in listed.iter().skip(first).take(SIZE as usize) { (vehicle(one)) } }
                    }
                }
                (frame::pager(query, page, listed.len() as u64))
            }
        }
    }
}

fn vehicle(listed: &ListedToc<'_>) -> Markup {
    let row = listed.intensity;
    let (value, unit) = match row.intensity {
        Intensity::PerTonneKm(split) => (split.wtw, "kg CO2e / tkm"),
        Intensity::PerTeuKm(split) => (split.wtw, "kg CO2e / TEU-km"),
        Intensity::Electric(kwh) => (kwh, "kWh / tkm"),
    };
    html! {
        tr {
            td.id { span.code { (listed.id) } br; span.muted { (listed.toc.name) } }
            td { (row.location) " " (row.year) @if row.min_km > 0.0 { br; span.muted { "> " (decimal(row.min_km, 0)) " km" } } }
            td.number { (significant(value)) }
            td.line { (unit) }
            td.wide { (row.citation.source.title) ", " (row.citation.reference) }
        }
    }
}
