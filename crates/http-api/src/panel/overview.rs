//! Where emissions come from, how good that is, and where less could be emitted.

use actix_web::{HttpResponse, get, web};
use logistics_domain::Category;
use logistics_domain::leg::Days;
use logistics_domain::numbers::decimal;
use logistics_domain::overview::{BANDS_SOURCE, Lever, ModeSums, Overview, Rating};
use logistics_domain::report::{Lane, Selection};
use maud::{Markup, html};

use super::error::PanelError;
use super::format::{count, significant};
use super::frame::{self, Tab};
use super::plots::{self, Bar};
use super::shipment::estimate;
use super::shipments::{category_name, mode};
use super::texts::TEXTS;
use super::visitor::Visitor;
use crate::Api;
use crate::query::Query;

#[get("/overview")]
pub(super) async fn show(
    api: web::Data<Api>,
    visitor: Visitor,
    mut query: Query,
) -> Result<HttpResponse, PanelError> {
    let shipped = Days { from: query.day("trip_date_from"), until: query.day("trip_date_until") };
    let client = query.text("client");
    query.finish()?;
    let selection = Selection { shipped, client };
    let overview = Overview::of(api.ledgers.ledger(visitor.organization).figures(&selection).await?);
    let clients = api.repositories.legs(visitor.organization).clients().await?;
    let content = html! {
        div.head { h1 { (TEXTS.overview) } }
        (period(&selection, &clients))
        @if overview.total.legs == 0 {
            div.card { p { (TEXTS.no_shipments) } }
        } @else {
            (summary(&overview))
            @if !overview.levers.is_empty() { (levers(&overview.levers)) }
            (months(&overview))
            div.columns { (modes(&overview.modes)) (bands(&overview.modes)) }
            div.columns { (by_client(&overview)) (by_lane(&overview.lanes)) }
            (estimates(&overview))
        }
    };
    Ok(frame::page(&visitor, Tab::Overview, TEXTS.overview, &content))
}

fn period(selection: &Selection, clients: &[String]) -> Markup {
    let Selection { shipped, client } = selection;
    let date = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    html! {
        form method="get" action="/overview" role="search" {
            div.fields {
                div.field { label for="from" { (TEXTS.date_from) } input #from type="date" name="trip_date_from" value=(date(shipped.from)); }
                div.field { label for="until" { (TEXTS.date_until) } input #until type="date" name="trip_date_until" value=(date(shipped.until)); }
                div.field {
                    label for="client" { (TEXTS.client) }
                    select #client name="client" {
                        option value="" { (TEXTS.any) }
                        @for one in clients { option value=(one) selected[Some(one) == client.as_ref()] { (one) } }
                    }
                }
                div.field { span aria-hidden="true" { "\u{a0}" } button type="submit" { (TEXTS.show) } }
            }
        }
    }
}

fn summary(overview: &Overview) -> Markup {
    let total = &overview.total;
    let left_out = [
        (overview.remainder.failed, TEXTS.left_out_failed),
        (overview.remainder.pending, TEXTS.left_out_pending),
    ];
    let left_out: Vec<String> = left_out
        .into_iter()
        .filter(|(legs, _)| *legs > 0)
        .map(|(legs, what)| format!("{} {what}", count(legs)))
        .collect();
    let figures = [
        (TEXTS.co2e, significant(total.total.wtw.get()), "kg CO2e"),
        (TEXTS.activity_tkm, significant(total.tkm), "tkm"),
        (TEXTS.intensity, total.intensity().map_or_else(|| "–".to_owned(), significant), "kg CO2e / tkm"),
        (TEXTS.shipments, count(total.legs), ""),
        (TEXTS.with_estimates, plots::percent(overview.estimated), TEXTS.of_emissions),
    ];
    html! {
        div.card {
            dl.figures {
                @for (name, value, unit) in figures {
                    div { dt { (name) } dd { span.figure { (value) } " " span.muted { (unit) } } }
                }
            }
            @if !left_out.is_empty() { p.muted { (TEXTS.left_out) ": " (left_out.join(", ")) "." } }
        }
    }
}

fn levers(levers: &[Lever]) -> Markup {
    html! {
        section.card aria-labelledby="levers-title" {
            h2 id="levers-title" { (TEXTS.levers) }
            p.muted { (TEXTS.levers_help) }
            ol.cards { @for lever in levers { (one_lever(lever)) } }
        }
    }
}

fn one_lever(lever: &Lever) -> Markup {
    let legs = if lever.legs == 1 { TEXTS.lever_leg } else { TEXTS.lever_legs };
    html! {
        li {
            div.row.spread {
                span {
                    (mode(lever.category)) " "
                    a href={ "/shipments?toc=" (lever.toc) } { (count(lever.legs)) " " (legs) " " (lever.toc) }
                }
                span { strong { (plots::percent(lever.share)) } " " span.muted { (TEXTS.of_emissions) ", " (plots::percent(lever.legs_share)) " " (TEXTS.of_shipments) } }
            }
            (plots::bar(lever.share, 1.0, lever.category.as_str()))
        }
    }
}

fn months(overview: &Overview) -> Markup {
    html! {
        section.card aria-labelledby="months-title" {
            div.row.spread {
                h2 id="months-title" { (TEXTS.by_month) }
                ul.legend aria-hidden="true" { @for category in Category::ALL { li { (mode(category)) } } }
            }
            (plots::months(&overview.months, overview.largest_month))
        }
    }
}

fn modes(modes: &[ModeSums]) -> Markup {
    let bars = modes.iter().map(|mode| Bar {
        name: html! { a href={ "/shipments?category=" (mode.band.category.as_str()) } { (category_name(mode.band.category)) } },
        value: mode.sums.total.wtw.get(),
        class: mode.band.category.as_str(),
    });
    plots::bars("modes", TEXTS.by_mode, &bars.collect::<Vec<_>>())
}

/// Each mode's intensity beside what counts as good, average and poor.
fn bands(modes: &[ModeSums]) -> Markup {
    html! {
        section.card aria-labelledby="bands-title" {
            h2 id="bands-title" { (TEXTS.bands) }
            ul.cards {
                @for mode in modes { @if let Some(grams) = mode.grams {
                    li {
                        div.row.spread {
                            span { (category_name(mode.band.category)) }
                            span { strong { (significant(grams)) } " g / tkm · " (rating(mode.band.rate(grams))) }
                        }
                        (plots::band(&mode.band, grams))
                        p.muted { (TEXTS.band_good) " < " (decimal(mode.band.good_below, 0)) " · " (TEXTS.band_poor) " > " (decimal(mode.band.poor_above, 0)) }
                    }
                } }
            }
            p.muted { (TEXTS.source) ": " (BANDS_SOURCE) }
        }
    }
}

fn rating(rating: Rating) -> Markup {
    let (class, word) = match rating {
        Rating::Good => ("good", TEXTS.band_good),
        Rating::Average => ("wait", TEXTS.band_average),
        Rating::Poor => ("bad", TEXTS.band_poor),
    };
    html! { span class={ "state " (class) } { (word) } }
}

fn by_client(overview: &Overview) -> Markup {
    let bars = overview.clients.iter().map(|(client, sums)| Bar {
        name: match client {
            Some(client) => {
                let query = serde_urlencoded::to_string([("client", client)]).unwrap_or_default();
                html! { a href={ "/shipments?" (query) } { (client) } }
            }
            None => html! { span.muted { (TEXTS.no_client) } },
        },
        value: sums.total.wtw.get(),
        class: "all",
    });
    plots::bars("clients", TEXTS.by_client, &bars.collect::<Vec<_>>())
}

fn by_lane(lanes: &[Lane]) -> Markup {
    let end = |place: &Option<String>| place.clone().unwrap_or_else(|| TEXTS.somewhere.to_owned());
    let bars = lanes.iter().map(|lane| Bar {
        name: match (&lane.origin, &lane.destination) {
            (None, None) => html! { span.muted { (TEXTS.no_lane) } },
            (from, to) => html! { (end(from)) " → " (end(to)) },
        },
        value: lane.sums.total.wtw.get(),
        class: "all",
    });
    plots::bars("lanes", TEXTS.by_lane, &bars.collect::<Vec<_>>())
}

fn estimates(overview: &Overview) -> Markup {
    html! {
        section.card aria-labelledby="estimates-title" {
            h2 id="estimates-title" { (TEXTS.quality) }
            p { (plots::percent(overview.estimated)) " " (TEXTS.estimated_share) }
            ul.cards {
                @for (kind, share) in &overview.estimates {
                    li {
                        div.row.spread { span { (estimate(*kind)) } strong { (plots::percent(*share)) } }
                        (plots::bar(*share, 1.0, "all"))
                    }
                }
            }
        }
    }
}
