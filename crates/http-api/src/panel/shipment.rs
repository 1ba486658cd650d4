//! One shipment: where it went, what it emits, and how that was computed.

use actix_web::{HttpResponse, get, web};
use emissions_core::{Emissions, Estimate, Load, Quantity, Receipt, Step};
use logistics_domain::calculator::{RouteFound, RouteQuery};
use logistics_domain::geography::{Geocoded, Via};
use logistics_domain::ids::LegId;
use logistics_domain::leg::{LegRecord, Outcome};
use logistics_domain::numbers::decimal;
use logistics_domain::{Calculation, Calculator};
use maud::{Markup, PreEscaped, html};
use uuid::Uuid;

use super::error::PanelError;
use super::format::{given, instant, significant};
use super::frame::{self, Tab};
use super::shipments::{lane, mode, status};
use super::texts::{TEXTS, words};
use super::visitor::Visitor;
use crate::Api;
use crate::dcycle::DcycleError;
use crate::dcycle_v1::receipt::written_out;
use crate::dcycle_v1::response::emission_intensity;

#[get("/shipments/{request_id}")]
pub(super) async fn show(
    api: web::Data<Api>,
    visitor: Visitor,
    id: web::Path<String>,
) -> Result<HttpResponse, PanelError> {
    let nothing = || DcycleError::NotFound(TEXTS.no_such_shipment);
    let id = Uuid::parse_str(&id).map(LegId).map_err(|_not_a_uuid| nothing())?;
    let record = api.repositories.legs(visitor.organization).find(id).await?.ok_or_else(nothing)?;
    let title = lane(&record);
    let content = html! {
        div.head {
            h1 { (title) }
            (status(record.outcome.status()))
        }
        @match &record.outcome {
            Outcome::Calculated(found) => { (calculated(&api, &visitor, &record, found).await?) }
            Outcome::Failed(failure) => {
                div.card { p.note.bad { span.code { (failure.code.as_str()) } ": " (failure.message) } }
            }
            Outcome::Pending => { div.card { p.note.wait { span { (TEXTS.pending_help) } } } }
        }
        (about(&record))
    };
    Ok(frame::page(&visitor, Tab::Shipments, &title, &content))
}

async fn calculated(
    api: &Api,
    visitor: &Visitor,
    record: &LegRecord,
    found: &Calculation,
) -> Result<Markup, PanelError> {
    let receipt = written_out(found)?;
    let map = match &found.route {
        Some(route) => Some((route, map(api, visitor, record, route).await?)),
        None => None,
    };
    Ok(html! {
        div.card { (figures(record, found)) }
        @if let Some((route, map)) = &map {
            section.card aria-labelledby="route-title" {
                h2 id="route-title" { (TEXTS.route) }
                div.journey {
                    @if let Some(map) = map { figure.map { (PreEscaped(map)) } }
                    div.cards { (way(route)) }
                }
            }
        }
        div.columns {
            section.card aria-labelledby="parts-title" {
                h2 id="parts-title" { (TEXTS.breakdown) }
                (breakdown(found))
            }
            section.card aria-labelledby="quality-title" {
                h2 id="quality-title" { (TEXTS.quality) }
                (quality(found))
            }
        }
        (written(&receipt))
    })
}

/// The route as a picture: its line is found again, by the addresses that the leg was calculated with.
async fn map(
    api: &Api,
    visitor: &Visitor,
    record: &LegRecord,
    route: &RouteFound,
) -> Result<Option<String>, PanelError> {
    let leg = &record.leg;
    let (Some(origin), Some(destination)) = (leg.origin.clone(), leg.destination.clone()) else {
        return Ok(None);
    };
    let factors = api.calculator.factors();
    let Some(toc) = factors.toc(&leg.toc) else { return Ok(None) };
    let hub = leg.hubs.written.as_ref().and_then(|written| written.origin_country);
    let query = RouteQuery {
        origin,
        destination,
        mode: factors.describe(toc).mode,
        country: hub.or(leg.origin_country),
        geometry: true,
    };
    let settings = api.maps.geography(visitor.organization).settings().await?;
    let drawn = api.calculator.route(&query, &settings).await.ok();
    let drawn = drawn.as_deref().unwrap_or(route);
    Ok(Some(route_map::svg(drawn, &lane(record), route_map::Page::Inline)))
}

fn figures(record: &LegRecord, found: &Calculation) -> Markup {
    let load = Calculator::shown_load(&record.leg, found.default_load);
    let figures = [
        (TEXTS.co2e, Some((significant(found.total().wtw.get()), "kg CO2e"))),
        (TEXTS.activity_tkm, Some((significant(found.tkm.get()), "tkm"))),
        (TEXTS.distance, found.distance.map(|km| (decimal(km.get(), 1), "km"))),
        (TEXTS.load, load.map(|load| (given(load.amount()), load.unit().as_str()))),
        (TEXTS.intensity, emission_intensity(found).map(|value| (significant(value), "kg CO2e / tkm"))),
    ];
    html! {
        dl.figures {
            @for (name, figure) in figures {
                @if let Some((value, unit)) = figure {
                    div { dt { (name) } dd { span.figure { (value) } " " span.muted { (unit) } } }
                }
            }
        }
    }
}

/// The places that the addresses were taken for, and what lies between.
fn way(route: &RouteFound) -> Markup {
    let distance = &route.distance;
    html! {
        ol.way {
            (end(TEXTS.origin, &route.origin))
            @for via in &distance.via { li { (passed(via)) } }
            (end(TEXTS.destination, &route.destination))
        }
        p.muted {
            (decimal(distance.km.get(), 1)) " km · " (words(&serde_name(&distance.method))) " · "
            (TEXTS.confidence) " " (decimal(distance.confidence, 2)) " · " (distance.engine)
        }
    }
}

fn end(name: &str, found: &Geocoded) -> Markup {
    let place = &found.place;
    html! {
        li.end {
            strong { (place.name) @if let Some(region) = &place.admin1 { ", " (region) } ", " (place.country) }
            p.muted { (name) " · " (TEXTS.confidence) " " (decimal(found.confidence, 2)) " · " (words(&serde_name(&found.match_type))) }
            @if !found.beaten.is_empty() {
                details {
                    summary.muted { (TEXTS.could_also_be) }
                    ul { @for other in &found.beaten {
                        li { (other.place.name) ", " (other.place.country) " " span.muted { (decimal(other.confidence, 2)) } }
                    } }
                }
            }
        }
    }
}

fn passed(via: &Via) -> Markup {
    html! {
        @match via {
            Via::Port(place) => { (TEXTS.port) ": " (place.name) ", " (place.country) }
            Via::Airport(place) => { (TEXTS.airport) ": " (place.name) ", " (place.country) }
            Via::Passage { passage } => { (TEXTS.passage) ": " (passage.title()) }
            Via::Ferry { name, km } => { (TEXTS.ferry) ": " (name) ", " (decimal(*km, 0)) " km" }
        }
    }
}

/// The name that an enumeration has in JSON.
fn serde_name(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

fn breakdown(found: &Calculation) -> Markup {
    let total = found.total();
    let parts = [
        (TEXTS.transport, found.transport),
        (TEXTS.hub, found.hub),
        (TEXTS.cleaning, found.cleaning),
        (TEXTS.total, total),
    ];
    let row = |(name, Emissions { wtw, wtt, ttw }): (&str, Emissions)| {
        html! { tr { th scope="row" { (name) } @for value in [wtw, wtt, ttw] { td.number { (significant(value.get())) } } } }
    };
    html! {
        div.scroll role="group" aria-labelledby="parts-title" tabindex="0" {
            table {
                thead { tr {
                    th scope="col" { "kg CO2e" }
                    th.number scope="col" { abbr title=(TEXTS.wtw) { "WTW" } }
                    th.number scope="col" { abbr title=(TEXTS.wtt) { "WTT" } }
                    th.number scope="col" { abbr title=(TEXTS.ttw) { "TTW" } }
                } }
                tbody { @for part in parts { (row(part)) } }
            }
        }
        p.muted { (TEXTS.breakdown_help) }
    }
}

fn quality(found: &Calculation) -> Markup {
    let estimated: Vec<Estimate> = found.estimated.iter().collect();
    html! {
        @if estimated.is_empty() {
            p.note.good { span { (TEXTS.nothing_estimated) } }
        } @else {
            p { (TEXTS.estimated_help) }
            ul.cards { @for one in estimated { li.note.wait { span { (estimate(one)) } } } }
        }
    }
}

pub(super) const fn estimate(estimate: Estimate) -> &'static str {
    match estimate {
        Estimate::Toc => TEXTS.estimate_toc,
        Estimate::Load => TEXTS.estimate_load,
        Estimate::LoadUnit => TEXTS.estimate_load_unit,
        Estimate::DistanceKm => TEXTS.estimate_distance,
        Estimate::Origin => TEXTS.estimate_origin,
        Estimate::Destination => TEXTS.estimate_destination,
        Estimate::FactorRegion => TEXTS.estimate_region,
        Estimate::FactorYear => TEXTS.estimate_year,
        Estimate::FactorDerived => TEXTS.estimate_derived,
        Estimate::DistanceBand => TEXTS.estimate_band,
        Estimate::WttTtwSplit => TEXTS.estimate_split,
        Estimate::GridFactor => TEXTS.estimate_grid,
        Estimate::Temperature => TEXTS.estimate_temperature,
        Estimate::Cleaning => TEXTS.estimate_cleaning,
        Estimate::Hub => TEXTS.estimate_hub,
        Estimate::EmptyRunning => TEXTS.estimate_empty,
    }
}

/// The receipt, step by step.
fn written(receipt: &Receipt) -> Markup {
    html! {
        section.card aria-labelledby="receipt-title" {
            h2 id="receipt-title" { (TEXTS.receipt) }
            p.muted { (TEXTS.receipt_help) }
            ol.steps { @for one in &receipt.steps { (step(one)) } }
            p.muted { (TEXTS.computed_by) " " (receipt.engine) }
        }
    }
}

fn step(step: &Step) -> Markup {
    html! {
        li { div {
            h3 { (step.name) }
            p { span.code { (step.formula) } " = " strong { (quantity(&step.result)) } }
            @if !step.inputs.is_empty() {
                dl.facts { @for input in &step.inputs { dt { (input.name) } dd { (quantity(input)) } } }
            }
            @if let Some(source) = &step.source { p { (TEXTS.source) ": " (source) } }
            p.muted { (step.clause) }
        } }
    }
}

/// A quantity as the receipt has it: unrounded.
fn quantity(quantity: &Quantity) -> String {
    quantity.to_string()
}

fn about(record: &LegRecord) -> Markup {
    let (leg, trace) = (&record.leg, &record.leg.trace);
    let load = leg.load.map(|load: Load| format!("{} {}", load.amount(), load.unit().as_str()));
    let country = leg.origin_country.map(|country| country.to_string());
    let facts = [
        (TEXTS.family, Some(leg.family().as_str().to_owned())),
        (TEXTS.movement, trace.movement_id.clone()),
        (TEXTS.client, trace.client.clone()),
        (TEXTS.date, Some(leg.shipment_date.to_string())),
        (TEXTS.vehicle, Some(leg.toc.clone())),
        (TEXTS.load, load),
        (TEXTS.origin_country, country),
        (TEXTS.factor_year, Some(leg.year.to_string())),
        (TEXTS.stretch, trace.movement_stretch.clone()),
        (TEXTS.stage, trace.movement_stage.clone()),
        (TEXTS.package, trace.package_key.clone()),
        (TEXTS.hub, trace.hub_id.clone()),
        (TEXTS.plates, trace.vehicle_license_plate.clone()),
        (TEXTS.trailer, trace.trailer_license_plate.clone()),
    ];
    html! {
        section.card aria-labelledby="about-title" {
            h2 id="about-title" { (TEXTS.as_sent) }
            dl.facts {
                dt { (TEXTS.mode) } dd { (mode(leg.category)) }
                @for (name, value) in facts {
                    @if let Some(value) = value { dt { (name) } dd { (value) } }
                }
                dt { (TEXTS.stored) } dd { (instant(record.created_at)) }
                dt { "id" } dd.code { (record.id) }
            }
        }
    }
}
