//! Compares the embedded distances with published ones: `cargo run --release -p freight-geo --example distance_quality`.
//!
//! The lists beside this file name the source of every row. `-v` prints each row; `--roads <file>` compares a network that
//! you prepared yourself instead of the embedded one.

use std::path::Path;

use emissions_core::{CountryCode, Mode};
use freight_geo::gazetteer::terminals;
use freight_geo::routes::Routes;
use logistics_domain::geography::{AvoidedPassages, Coordinates, DistanceQuery, Passage, Place, geodesic_km};

type Failure = Box<dyn std::error::Error>;

/// One published distance beside ours.
struct Compared {
    name: String,
    published_km: f64,
    ours_km: f64,
}

impl Compared {
    fn error(&self) -> f64 {
        self.ours_km / self.published_km - 1.0
    }
}

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let (mut verbose, mut loaded) = (false, None);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "-v" => verbose = true,
            "--roads" => {
                loaded =
                    Some(Routes::with_roads(Path::new(&arguments.next().ok_or("--roads needs a file")?))?)
            }
            other => return Err(format!("unknown argument {other}").into()),
        }
    }
    let routes = loaded.as_ref().unwrap_or_else(|| Routes::embedded());
    let (road, straight) = roads(routes, include_str!("road.csv"))?;
    report("road, great circle x 1.25", &straight, false);
    report("road", &road, verbose);
    report("sea", &sea(routes, include_str!("sea.csv"))?, verbose);
    Ok(())
}

fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table.lines().filter(|line| !line.starts_with('#')).skip(1).map(|line| line.split(',').collect())
}

fn roads(routes: &Routes, table: &'static str) -> Result<(Vec<Compared>, Vec<Compared>), Failure> {
    let (mut ours, mut straight) = (Vec::new(), Vec::new());
    for row in rows(table) {
        let (origin, destination) = (place(&row[0..4])?, place(&row[4..8])?);
        let name = format!("{} - {}", origin.name, destination.name);
        let published_km = row[8].parse()?;
        let great_circle = geodesic_km(origin.coordinates, destination.coordinates);
        straight.push(Compared { name: name.clone(), published_km, ours_km: great_circle * 1.25 });
        ours.push(Compared {
            name,
            published_km,
            ours_km: ask(routes, &origin, &destination, Mode::Road, AvoidedPassages::NONE)?,
        });
    }
    Ok((ours, straight))
}

fn sea(routes: &Routes, table: &'static str) -> Result<Vec<Compared>, Failure> {
    let mut compared = Vec::new();
    for row in rows(table) {
        let port =
            |code: &str| terminals::port(code).map(terminals::Port::place).ok_or(format!("no port {code}"));
        let (origin, destination) = (port(row[0])?, port(row[1])?);
        let nautical_miles: f64 = row[2].parse()?;
        let avoid = match row[3] {
            "cape" => AvoidedPassages::NONE.with(Passage::Suez).with(Passage::Panama),
            "magellan" => AvoidedPassages::NONE.with(Passage::Panama).with(Passage::Suez),
            "panama" => AvoidedPassages::NONE.with(Passage::Suez),
            "suez" => AvoidedPassages::NONE.with(Passage::Panama),
            _ => AvoidedPassages::NONE,
        };
        compared.push(Compared {
            name: format!("{} - {} {}", origin.name, destination.name, row[3]),
            published_km: nautical_miles * 1.852,
            ours_km: ask(routes, &origin, &destination, Mode::Sea, avoid)?,
        });
    }
    Ok(compared)
}

fn place(fields: &[&str]) -> Result<Place, Failure> {
    Ok(Place {
        name: fields[0].to_owned(),
        country: CountryCode::parse(fields[1])?,
        admin1: None,
        coordinates: Coordinates::new(fields[2].parse()?, fields[3].parse()?)?,
        code: None,
    })
}

fn ask(
    routes: &Routes,
    origin: &Place,
    destination: &Place,
    mode: Mode,
    avoid: AvoidedPassages,
) -> Result<f64, Failure> {
    let query = DistanceQuery { origin, destination, mode, avoid, geometry: false };
    Ok(routes.distance(&query)?.km.get())
}

fn report(title: &str, rows: &[Compared], verbose: bool) {
    let mut errors: Vec<f64> = rows.iter().map(|row| row.error().abs()).collect();
    errors.sort_by(f64::total_cmp);
    let mean = |values: &mut dyn Iterator<Item = f64>| values.sum::<f64>() / rows.len() as f64;
    let bias = mean(&mut rows.iter().map(Compared::error));
    let worst = rows.iter().max_by(|one, other| one.error().abs().total_cmp(&other.error().abs()));
    println!(
        "{title}: {} rows, absolute error mean {:.2} %, median {:.2} %, 90th percentile {:.2} %, bias {:+.2} %",
        rows.len(),
        100.0 * mean(&mut errors.iter().copied()),
        100.0 * errors[errors.len() / 2],
        100.0 * errors[errors.len() * 9 / 10],
        100.0 * bias,
    );
    if let Some(worst) = worst {
        println!(
            "  worst: {}: {:.0} km, published {:.0} km ({:+.1} %)",
            worst.name,
            worst.ours_km,
            worst.published_km,
            100.0 * worst.error()
        );
    }
    if verbose {
        for row in rows {
            println!(
                "  {:+6.1} %  {:7.0} km, published {:7.0} km  {}",
                100.0 * row.error(),
                row.ours_km,
                row.published_km,
                row.name
            );
        }
    }
}
