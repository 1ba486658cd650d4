//! Valhalla: `POST /route`.
//!
//! The matrix isn't used: it fails as a whole when one pair is further apart than its limit.

use serde::Deserialize;
use serde_json::json;

use super::{Ends, Reading, Route, Router, polyline};
use crate::http::{Answer, Request, Unusable};

pub(super) struct Valhalla {
    pub costing: String,
    pub max_snap_km: f64,
}

impl Router for Valhalla {
    fn request(&self, Ends { origin, destination }: &Ends, _geometry: bool) -> Request {
        let metres = (self.max_snap_km * 1000.0).ceil();
        let [from, to] = [origin, destination]
            .map(|at| json!({ "lat": at.lat(), "lon": at.lon(), "search_cutoff": metres }));
        let body = json!({
            "locations": [from, to],
            "costing": self.costing,
            "units": "kilometers",
            "directions_type": "none",
        });
        Request { path: "route".to_owned(), query: Vec::new(), body: Some(body.to_string()) }
    }

    fn read(&self, answer: &Answer) -> Result<Reading, Unusable> {
        if answer.ok {
            return serde_json::from_slice::<Response>(&answer.body)?.trip.route().map(Reading::Route);
        }
        let refusal: Refusal = serde_json::from_slice(&answer.body)?;
        match refusal.error_code {
            154 => Ok(Reading::Nothing("longer than the server's limit (service_limits)".to_owned())),
            171 => Ok(Reading::Nothing(format!(
                "no road within {} km of the origin or the destination",
                self.max_snap_km
            ))),
            // Unconnected regions, unreachable location, no path.
            170 | 441 | 442 => Ok(Reading::Nothing("no road leads there".to_owned())),
            code => Err(Unusable::Refused(format!("Valhalla says {code}: {}", refusal.error))),
        }
    }
}

#[derive(Deserialize)]
struct Refusal {
    error_code: u32,
    #[serde(default)]
    error: String,
}

#[derive(Deserialize)]
struct Response {
    trip: Trip,
}

#[derive(Deserialize)]
struct Trip {
    status: u32,
    units: String,
    summary: Summary,
    legs: Vec<Leg>,
}

#[derive(Deserialize)]
struct Summary {
    /// In `units`.
    length: f64,
}

#[derive(Deserialize)]
struct Leg {
    shape: String,
}

impl Trip {
    /// The ends are those of the line: `locations` repeats the question.
    fn route(self) -> Result<Route, Unusable> {
        if self.status != 0 {
            return Err(Unusable::Garbled(format!("a trip with status {}", self.status)));
        }
        if self.units != "kilometers" {
            return Err(Unusable::Garbled(format!("a length in {}", self.units)));
        }
        let [leg] = &self.legs[..] else {
            return Err(Unusable::Garbled(format!("{} legs between two places", self.legs.len())));
        };
        let line = polyline::decode(&leg.shape)?;
        let (Some(&start), Some(&end)) = (line.first(), line.last()) else {
            return Err(Unusable::Garbled("a route without a line".to_owned()));
        };
        Ok(Route { km: self.summary.length, snapped: [start, end], line, data: None })
    }
}
