//! Bars, drawn as SVG. The numbers stand in the table beside them.

use maud::{Markup, html};

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 200.0;
const FOOT: f64 = 24.0;

/// A bar for each value, with its name below.
pub(super) fn bars(title: &str, values: &[(String, f64)]) -> Markup {
    let highest = values.iter().map(|(_, value)| *value).fold(0.0, f64::max);
    #[expect(clippy::cast_precision_loss, reason = "bars are few")]
    let step = WIDTH / values.len().max(1) as f64;
    let height = |value: f64| if highest > 0.0 { value / highest * (HEIGHT - FOOT - 12.0) } else { 0.0 };
    // Names stand under every bar, or under so many that they do not touch.
    let every = (56.0 / step).ceil().max(1.0);
    #[expect(clippy::cast_precision_loss, reason = "bars are few")]
    let left = |index: usize| index as f64 * step;
    #[expect(clippy::cast_precision_loss, reason = "bars are few")]
    let is_named = |index: usize| index as f64 % every == 0.0;
    html! {
        svg role="img" aria-label=(title) viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) {
            @for (index, (name, value)) in values.iter().enumerate() {
                rect x=(number(left(index) + step * 0.1)) y=(number(HEIGHT - FOOT - height(*value)))
                    width=(number(step * 0.8)) height=(number(height(*value))) {
                    title { (name) ": " (format!("{value:.1}")) " kg" }
                }
                @if is_named(index) {
                    text x=(number(left(index) + step * 0.5)) y=(number(HEIGHT - 8.0)) text-anchor="middle" { (name) }
                }
            }
            line x1="0" x2=(WIDTH) y1=(HEIGHT - FOOT) y2=(HEIGHT - FOOT) {}
        }
    }
}

fn number(value: f64) -> String {
    format!("{value:.2}")
}
