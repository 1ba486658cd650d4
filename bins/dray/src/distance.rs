//! `dray distance`: the distance between two places, and a map of the route.

use std::path::PathBuf;

use clap::Args;
use emissions_core::{CountryCode, Mode};
use freight_geo::routes::Routes;
use logistics_domain::calculator::RouteFound;
use logistics_domain::geography::{DistanceQuery, Passage, Via};
use route_map::{Page, svg};

use crate::{Failure, places, print};

#[derive(Debug, Args)]
pub struct Distance {
    /// Where the freight begins its way.
    origin: String,

    /// Where it ends.
    destination: String,

    /// `road`, `rail`, `maritime` or `air`.
    #[arg(long, default_value = "road", value_parser = places::category)]
    category: Mode,

    /// The country that the origin is probably in: ISO 3166-1. By road and rail the destination is looked for where the
    /// origin is.
    #[arg(long, value_parser = places::country)]
    country: Option<CountryCode>,

    /// Passages that ships avoid, separated by commas, as in `suez,panama`.
    #[arg(long, value_delimiter = ',', value_parser = passage)]
    avoid: Vec<Passage>,

    /// A road network that `dray roads build` prepared, in place of the embedded one.
    #[arg(long)]
    roads: Option<PathBuf>,

    /// Draws the route into this file, as SVG over the outlines of land.
    #[arg(long, value_name = "FILE.svg")]
    map: Option<PathBuf>,
}

/// A passage, as an argument.
pub fn passage(name: &str) -> Result<Passage, String> {
    Passage::from_name(name)
        .ok_or_else(|| format!("give one of {}", Passage::ALL.map(Passage::as_str).join(", ")))
}

impl Distance {
    pub fn run(self, json: bool) -> Result<(), Failure> {
        let origin = places::find(&self.origin, self.category, self.country)?;
        let hint = match self.category {
            Mode::Road | Mode::Rail | Mode::InlandWaterway => Some(origin.place.country),
            Mode::Sea | Mode::Air => None,
        };
        let destination = places::find(&self.destination, self.category, hint)?;
        let query = DistanceQuery {
            origin: &origin.place,
            destination: &destination.place,
            mode: self.category,
            avoid: self.avoid.iter().copied().collect(),
            geometry: json || self.map.is_some(),
        };
        let distance = match &self.roads {
            Some(file) => Routes::with_roads(file)?.distance(&query)?,
            None => Routes::embedded().distance(&query)?,
        };
        let route = RouteFound { origin, destination, distance };
        if let Some(file) = &self.map {
            let picture = svg(&route, &title(&route, self.category), Page::Alone);
            std::fs::write(file, picture)
                .map_err(|error| format!("{} cannot be written: {error}", file.display()))?;
        }
        print(json, &route, || text(&route))
    }
}

/// What a map of the route shows, in words.
fn title(route: &RouteFound, mode: Mode) -> String {
    let (from, to, km) = (&route.origin.place.name, &route.destination.place.name, route.distance.km.get());
    format!("From {from} to {to}, {km:.0} km by {mode}")
}

fn text(route: &RouteFound) -> String {
    let distance = &route.distance;
    let mut lines = vec![
        format!("from  {}", places::line(&route.origin)),
        format!("to    {}", places::line(&route.destination)),
    ];
    lines.extend(distance.via.iter().map(|via| match via {
        Via::Port(place) | Via::Airport(place) => format!("via   {}", place.name),
        Via::Passage { passage } => format!("via   {}", passage.as_str()),
        Via::Ferry { name, km } => format!("via   {name}, {km:.1} km by ferry"),
    }));
    let (km, basis) = (distance.km.get(), distance.basis.as_str());
    lines.push(format!("{km:.1} km ({basis}, confidence {:.2}, {})", distance.confidence, distance.engine));
    lines.join("\n")
}
