//! A server and somebody who answers in its place.

mod distances;
mod places;

pub use distances::FallbackDistances;
pub use places::{FallbackGeocoder, GeocodingOrder};

/// By how much confidence shrinks when somebody else answers what the server was to answer. Ours.
const STAND_IN: f64 = 0.9;

/// Marks an answer's source. `reason` begins with the server's name.
fn marked(source: &str, reason: &str) -> String {
    format!("{source} (fallback: {reason})")
}

fn count(service: &str) {
    metrics::counter!("dray_geo_service_fallbacks_total", "service" => service.to_owned()).increment(1);
}
