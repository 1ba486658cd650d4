//! Plots. They are drawn in the units of what they show: the browser scales them. What a picture says, a table or a text
//! beside it says too.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use logistics_domain::Category;
use logistics_domain::numbers::decimal;
use logistics_domain::overview::Band;
use logistics_domain::report::Sums;
use maud::{Markup, html};

use super::format::significant;
use super::shipments::category_name;
use super::texts::TEXTS;

/// One bar of a plot.
pub(super) struct Bar {
    pub name: Markup,
    /// Kilograms of CO2e.
    pub value: f64,
    pub class: &'static str,
}

/// A share as a percentage with one decimal: `61.0 %`.
pub(super) fn percent(share: f64) -> String {
    format!("{} %", decimal(share * 100.0, 1))
}

/// A bar of some length, of a longest one.
pub(super) fn bar(length: f64, longest: f64, class: &str) -> Markup {
    html! {
        div.progress aria-hidden="true" {
            svg viewBox={ "0 0 " (longest.max(f64::MIN_POSITIVE)) " 1" } preserveAspectRatio="none" {
                rect class={ "fill-" (class) } width=(length) height="1" {}
            }
        }
    }
}

/// Bars under each other, the longest of them as wide as the plot.
pub(super) fn bars(id: &str, title: &str, bars: &[Bar]) -> Markup {
    let longest = bars.iter().map(|bar| bar.value).fold(0.0, f64::max);
    html! {
        section.card aria-labelledby={ (id) "-title" } {
            div.row.spread { h2 id={ (id) "-title" } { (title) } span.muted { "kg CO2e" } }
            ol.cards {
                @for one in bars {
                    li {
                        div.row.spread { span { (one.name) } strong { (significant(one.value)) } }
                        (bar(one.value, longest, one.class))
                    }
                }
            }
        }
    }
}

/// A column for each month, its modes on top of each other; a table says the same in numbers.
pub(super) fn months(months: &[(NaiveDate, BTreeMap<Category, Sums>)], largest: f64) -> Markup {
    html! {
        p.scale.muted aria-hidden="true" { (significant(largest)) " kg CO2e" }
        ol.months aria-hidden="true" {
            @for (month, modes) in months {
                li {
                    svg viewBox={ "0 0 1 " (largest.max(f64::MIN_POSITIVE)) } preserveAspectRatio="none" {
                        @for (category, top, height) in stacked(modes, largest) {
                            rect class={ "fill-" (category.as_str()) } y=(top) width="1" height=(height) {}
                        }
                    }
                    span.muted { (month.format("%b")) br; (month.format("%y")) }
                }
            }
        }
        details {
            summary { (TEXTS.as_table) }
            div.scroll role="group" aria-labelledby="months-title" tabindex="0" {
                table {
                    thead { tr {
                        th scope="col" { (TEXTS.month) }
                        @for category in Category::ALL { th.number scope="col" { (category_name(category)) } }
                    } }
                    tbody { @for (month, modes) in months {
                        tr {
                            th scope="row" { (month.format("%Y-%m")) }
                            @for category in Category::ALL { td.number { (modes.get(&category).map_or_else(|| "–".to_owned(), |sums| significant(sums.total.wtw.get()))) } }
                        }
                    } }
                }
            }
        }
    }
}

/// The parts of a column from below: each with its upper edge and its height.
fn stacked(modes: &BTreeMap<Category, Sums>, largest: f64) -> Vec<(Category, f64, f64)> {
    let mut top = largest;
    let part = |(category, sums): (&Category, &Sums)| {
        let height = sums.total.wtw.get();
        top -= height;
        (*category, top, height)
    };
    modes.iter().map(part).collect()
}

/// What counts as good, average and poor, and where an intensity lies.
pub(super) fn band(band: &Band, grams: f64) -> Markup {
    let end = (band.poor_above + band.good_below).max(grams * 1.1);
    html! {
        div.progress.bands aria-hidden="true" {
            svg viewBox={ "0 0 " (end) " 1" } preserveAspectRatio="none" {
                rect.band-good width=(band.good_below) height="1" {}
                rect.band-average x=(band.good_below) width=(band.poor_above - band.good_below) height="1" {}
                rect.band-poor x=(band.poor_above) width=(end - band.poor_above) height="1" {}
                line.marker x1=(grams) x2=(grams) y1="0" y2="1" {}
            }
        }
    }
}
