//! A report as a page that stands for itself: nothing is loaded, nothing runs.

use logistics_domain::numbers::decimal;
use maud::{DOCTYPE, Markup, html};

use super::plot::bars;
use super::view::{Part, Report, Share};

const STYLE: &str = "
body{font:15px/1.5 system-ui,sans-serif;color:#1c2733;margin:0 auto;max-width:60rem;padding:2rem 1rem}
h1{font-size:1.7rem;margin:0}h2{font-size:1.15rem;margin:2.2rem 0 .5rem}
table{border-collapse:collapse;width:100%}th,td{padding:.3rem .6rem;border-bottom:1px solid #dde3e9;text-align:right}
th:first-child,td:first-child{text-align:left}th{font-weight:600;color:#51606f}
svg{width:100%;height:auto}rect{fill:#1f7a5c}line{stroke:#51606f}text{font-size:11px;fill:#51606f}
.figures{display:flex;flex-wrap:wrap;gap:1rem 2.5rem;margin:1.2rem 0}.figures b{display:block;font-size:1.5rem}
.muted{color:#51606f}li{margin:.3rem 0}@media print{body{padding:0}h2{break-after:avoid}}";

/// The page.
pub(super) fn page(report: &Report) -> Markup {
    let summary = &report.summary;
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Freight emissions " (report.period.start_date) " to " (report.period.end_date) }
                style { (STYLE) }
            }
            body {
                h1 { "Freight emissions" }
                p.muted {
                    (report.period.start_date) " to " (report.period.end_date)
                    @if let Some(client) = &report.client { " · client " (client) }
                    " · " (report.methodology)
                }
                div.figures {
                    (figure("kg CO2e, well to wheel", &decimal(summary.total_co2e_kg, 1)))
                    (figure("tonne-kilometres", &decimal(summary.total_tkm, 0)))
                    (figure("g CO2e per tonne-kilometre", &optional(summary.intensity_g_per_tkm)))
                    (figure("kilometres", &decimal(summary.total_distance_km, 0)))
                    (figure(report.data_source, &summary.total_items.to_string()))
                }
                (left_out(report))
                h2 { "By month" }
                (chart("Emissions by month", &report.by_month))
                (parts("Month", &report.by_month))
                h2 { "By category" }
                (categories(report))
                h2 { "By client" }
                (chart("Emissions by client", report.by_client.get(..12).unwrap_or(&report.by_client)))
                (parts("Client", &report.by_client))
                h2 { "Scopes" }
                (scopes(report))
                @if !report.hubs.is_empty() { h2 { "Hubs" } (hubs(report)) }
                h2 { "Vehicles" }
                (vehicles(report))
                @if !report.fuels.is_empty() {
                    h2 { "Fuel and electricity" }
                    p.muted { "As recorded: an account of its own, in no other figure of this report." }
                    (fuels(report))
                }
                h2 { "Data quality" }
                (quality(report))
                h2 { "Factors and sources" }
                (sources(report))
                h2 { "Method" }
                ul { @for sentence in &report.method { li { (sentence) } } }
            }
        }
    }
}

fn figure(name: &str, value: &str) -> Markup {
    html! { div { b { (value) } (name) } }
}

fn left_out(report: &Report) -> Markup {
    let left = &report.not_calculated;
    html! {
        @if left.pending + left.failed > 0 {
            p { strong { (left.pending + left.failed) " legs of the period are not in these figures: " }
                (left.pending) " wait for their calculation, " (left.failed) " could not be calculated." }
        }
    }
}

fn chart(title: &str, parts: &[Part]) -> Markup {
    let values: Vec<(String, f64)> = parts.iter().map(|part| (name(part).to_owned(), part.co2e_kg)).collect();
    html! { @if values.len() > 1 { (bars(title, &values)) } }
}

fn name(part: &Part) -> &str {
    part.name.as_deref().unwrap_or("without")
}

fn parts(title: &str, parts: &[Part]) -> Markup {
    html! {
        table {
            tr { th { (title) } th { "Legs" } th { "tkm" } th { "km" } th { "kg CO2e" } th { "%" } }
            @for part in parts {
                tr {
                    td { (name(part)) } td { (part.legs) } td { (decimal(part.tkm, 0)) }
                    td { (decimal(part.distance_km, 0)) } td { (decimal(part.co2e_kg, 1)) }
                    td { (decimal(part.percentage_co2e, 1)) }
                }
            }
        }
    }
}

fn categories(report: &Report) -> Markup {
    html! {
        table {
            tr { th { "Category" } th { "Items" } th { "tkm" } th { "km" } th { "g/tkm" } th { "kg CO2e" } th { "%" } }
            @for part in &report.by_category {
                tr {
                    td { (part.category) } td { (part.items) } td { (decimal(part.tkm, 0)) }
                    td { (decimal(part.distance_km, 0)) } td { (optional(part.intensity_g_per_tkm)) }
                    td { (decimal(part.co2e_kg, 1)) } td { (decimal(part.percentage_co2e, 1)) }
                }
            }
        }
    }
}

fn scopes(report: &Report) -> Markup {
    html! {
        table {
            tr { th { "What" } th { "Scope" } th { "kg CO2e" } }
            @for line in &report.scopes {
                tr { td { (line.name.replace('_', " ")) } td { (line.scope) } td { (decimal(line.co2e_kg, 1)) } }
            }
        }
    }
}

fn hubs(report: &Report) -> Markup {
    html! {
        table {
            tr { th { "Kind" } th { "Whose" } th { "Legs" } th { "kg CO2e" } }
            @for hub in &report.hubs {
                tr {
                    td { (hub.category.unwrap_or("without a category").replace('_', " ")) } td { (hub.r#type) }
                    td { (hub.legs) } td { (decimal(hub.co2e_kg, 1)) }
                }
            }
        }
    }
}

fn vehicles(report: &Report) -> Markup {
    html! {
        table {
            tr {
                th { "TOC" } th { "Own tkm" } th { "Own kg" } th { "Others' tkm" } th { "Others' kg" } th { "Default g/tkm" }
                th { "From own fuel g/tkm" }
            }
            @for part in &report.by_toc {
                tr {
                    td { (part.toc) } td { (decimal(part.own_tkm, 0)) } td { (decimal(part.own_co2e_kg, 1)) }
                    td { (decimal(part.subcontracted_tkm, 0)) } td { (decimal(part.subcontracted_co2e_kg, 1)) }
                    td { (optional(part.default_g_per_tkm)) } td { (optional(part.own_g_per_tkm)) }
                }
            }
        }
    }
}

fn fuels(report: &Report) -> Markup {
    html! {
        table {
            tr {
                th { "Fuel" } th { "TOC" } th { "Quantity" } th { "Unit" } th { "kg CO2e" } th { "Scope 1" } th { "Scope 2" }
                th { "Scope 3" }
            }
            @for fuel in &report.fuels {
                tr {
                    td { (fuel.fuel_name) } td { (fuel.toc.as_deref().unwrap_or("none named")) }
                    td { (decimal(fuel.quantity, 1)) } td { (fuel.unit) } td { (decimal(fuel.co2e_kg, 1)) }
                    td { (decimal(fuel.scope_1_kg, 1)) } td { (decimal(fuel.scope_2_kg, 1)) }
                    td { (decimal(fuel.scope_3_kg, 1)) }
                }
            }
        }
    }
}

fn quality(report: &Report) -> Markup {
    let quality = &report.data_quality;
    let row = |name: &str, share: &Share| {
        html! {
            tr {
                td { (name) } td { (share.legs) } td { (decimal(share.percentage_legs, 1)) }
                td { (decimal(share.co2e_kg, 1)) } td { (decimal(share.percentage_co2e, 1)) }
            }
        }
    };
    html! {
        table {
            tr { th { "Data" } th { "Legs" } th { "% of legs" } th { "kg CO2e" } th { "% of CO2e" } }
            (row("given", &quality.given))
            (row("estimated", &quality.estimated))
            (row("default", &quality.default))
            @for estimate in &quality.estimates {
                (row(&format!("of these, {}", estimate.name.replace('_', " ")), &estimate.share))
            }
        }
    }
}

fn sources(report: &Report) -> Markup {
    html! {
        table {
            tr { th { "Source" } th { "Pack" } th { "Legs" } th { "kg CO2e" } }
            @for source in &report.sources {
                tr {
                    td {
                        (source.title) ", " (source.edition) br;
                        span.muted { (source.licence) @if !source.attribution.is_empty() { ". " (source.attribution) } }
                    }
                    td title=(source.pack_digest) { (source.pack) " " (source.pack_version) }
                    td { (source.legs) } td { (decimal(source.co2e_kg, 1)) }
                }
            }
        }
    }
}

fn optional(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| decimal(value, 2))
}
