//! OSRM: `GET /route/v1/{profile}/{lon},{lat};{lon},{lat}`.
//!
//! `/table` isn't used: it fails as a whole when one place is off the map, gives no line, and saves little on a server nearby.

use serde::Deserialize;

use super::{Ends, Reading, Route, Router};
use crate::http::{Answer, Request, Unusable};

pub(super) struct Osrm {
    pub profile: String,
    pub max_snap_km: f64,
}

impl Router for Osrm {
    fn request(&self, Ends { origin, destination }: &Ends, geometry: bool) -> Request {
        let [from, to] = [origin, destination].map(|at| format!("{:.6},{:.6}", at.lon(), at.lat()));
        let metres = (self.max_snap_km * 1000.0).ceil();
        let mut query = vec![
            ("radiuses", format!("{metres};{metres}")),
            ("overview", if geometry { "full" } else { "false" }.to_owned()),
            ("generate_hints", "false".to_owned()),
        ];
        if geometry {
            query.push(("geometries", "geojson".to_owned()));
        }
        Request { path: format!("route/v1/{}/{from};{to}", self.profile), query, body: None }
    }

    fn read(&self, answer: &Answer) -> Result<Reading, Unusable> {
        let response: Response = serde_json::from_slice(&answer.body)?;
        match response.code.as_str() {
            "Ok" if answer.ok => response.route().map(Reading::Route),
            "NoSegment" => {
                let which = if response.message.ends_with('0') { "origin" } else { "destination" };
                Ok(Reading::Nothing(format!("no road within {} km of the {which}", self.max_snap_km)))
            }
            "NoRoute" => Ok(Reading::Nothing("no road leads there".to_owned())),
            code => Err(Unusable::Refused(format!("OSRM says `{code}`: {}", response.message))),
        }
    }
}

#[derive(Deserialize)]
struct Response {
    code: String,
    #[serde(default)]
    message: String,
    #[serde(default)]
    routes: Vec<RawRoute>,
    #[serde(default)]
    waypoints: Vec<Waypoint>,
    data_version: Option<String>,
}

#[derive(Deserialize)]
struct RawRoute {
    /// In metres.
    distance: f64,
    geometry: Option<LineString>,
}

#[derive(Deserialize)]
struct LineString {
    coordinates: Vec<[f64; 2]>,
}

#[derive(Deserialize)]
struct Waypoint {
    /// Longitude and latitude.
    location: [f64; 2],
}

impl Response {
    fn route(self) -> Result<Route, Unusable> {
        let Some(route) = self.routes.into_iter().next() else {
            return Err(Unusable::Garbled("`Ok` without a route".to_owned()));
        };
        let [from, to] = &self.waypoints[..] else {
            return Err(Unusable::Garbled(format!("{} waypoints for two places", self.waypoints.len())));
        };
        let swap = |[lon, lat]: [f64; 2]| [lat, lon];
        let line = route.geometry.map(|line| line.coordinates).unwrap_or_default();
        Ok(Route {
            km: route.distance / 1000.0,
            snapped: [swap(from.location), swap(to.location)],
            line: line.into_iter().map(swap).collect(),
            data: self.data_version.filter(|version| !version.is_empty()),
        })
    }
}
