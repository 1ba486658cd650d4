//! A route's picture.

use std::fmt::Write as _;

use logistics_domain::calculator::RouteFound;
use logistics_domain::geography::{Coordinates, DistanceMethod, Place, Via};

use crate::land::{LAND, is_land};
use crate::marks::Marks;
use crate::path::{self, Point};
use crate::view::{HEIGHT, View, WIDTH};

/// Where a picture will stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// In a file of its own, which brings its colours, for light and dark.
    Alone,
    /// In an HTML page, whose style sheet may colour the classes `sea`, `land`, `route`, `ferry`, `stop`, `end`, `name` and
    /// `passed`, the name of what lies on the way.
    Inline,
}

/// The colours of a file of its own. Without a style sheet the attributes count, which are the same.
const STYLE: &str = "@media(prefers-color-scheme:dark){.sea{fill:#10161d}.land{fill:#26303a;stroke:#3a4652}.route,.ferry{stroke:#5aa9e6}\
                     .stop,.end{fill:#10161d;stroke:#5aa9e6}.name,.passed{fill:#e6e9ec;stroke:#10161d}}";

/// Draws a route as SVG. `title` says in words what is seen.
///
/// Where the route has no line, a straight one is drawn between its ends.
#[must_use]
pub fn svg(route: &RouteFound, title: &str, page: Page) -> String {
    let ends = [&route.origin.place, &route.destination.place];
    let lines = joined(route.distance.geometry.as_deref().unwrap_or_default(), ends);
    let view = View::of(&lines.iter().flatten().copied());
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" class=\"map\"><title>{}</title>",
        escaped(title)
    );
    if page == Page::Alone {
        let _ = write!(svg, "<style>{STYLE}</style>");
    }
    let _ = write!(svg, "<path class=\"sea\" fill=\"#eef3f7\" d=\"M0 0H{WIDTH}V{HEIGHT}H0z\"/>");
    let _ = write!(
        svg,
        "<path class=\"land\" fill=\"#fbfaf7\" stroke=\"#cfd4d9\" stroke-width=\"1.5\" fill-rule=\"evenodd\" d=\"{}\"/>",
        land(&view)
    );
    let ferry = draw_lines(&mut svg, &lines, &view, route);
    let mut marks = Marks::on(&lines, &view);
    for (place, at) in ends.into_iter().zip(first_and_last(&lines)) {
        marks.end(&place.name, at);
    }
    for via in &route.distance.via {
        marks.passed(via, ferry);
    }
    svg.push_str(&marks.drawn());
    svg.push_str("</svg>\n");
    svg
}

/// The lines of a route with their longitudes on one side of the antimeridian, also where they go on beyond 180 degrees.
fn joined(lines: &[Vec<Coordinates>], ends: [&Place; 2]) -> Vec<Vec<Point>> {
    let point = |at: &Coordinates| (at.lon(), at.lat());
    if lines.iter().all(|line| line.len() < 2) {
        let [from, to] = ends.map(|place| point(&place.coordinates));
        let around = ((from.0 - to.0) / 360.0).round() * 360.0;
        return vec![vec![from, (to.0 + around, to.1)]];
    }
    let (mut turned, mut before) = (0.0, None);
    let mut unwrap = |at: &Coordinates| {
        let (lon, lat) = point(at);
        if let Some(before) = before {
            let step: f64 = lon + turned - before;
            turned -= (step / 360.0).round() * 360.0;
        }
        before = Some(lon + turned);
        (lon + turned, lat)
    };
    lines.iter().map(|line| line.iter().map(&mut unwrap).collect()).collect()
}

fn first_and_last(lines: &[Vec<Point>]) -> [Point; 2] {
    let mut points = lines.iter().flatten().copied();
    let first = points.next().unwrap_or_default();
    [first, points.next_back().unwrap_or(first)]
}

fn land(view: &View) -> String {
    let (west, east, south, north) = view.sides();
    let mut path = String::new();
    for turn in [-360.0, 0.0, 360.0] {
        for land in LAND.iter().filter(|land| land.touches(west - turn, east - turn, south, north)) {
            for ring in &land.rings {
                path::ring(&mut path, ring.iter().map(|(lon, lat)| view.place((lon + turn, *lat))));
            }
        }
    }
    path
}

/// Draws the route; what a road or rail vehicle spends on a ferry is dashed. Answers with the middle of the longest ferry.
fn draw_lines(svg: &mut String, lines: &[Vec<Point>], view: &View, route: &RouteFound) -> Option<Point> {
    let has_ferry = route.distance.via.iter().any(|via| matches!(via, Via::Ferry { .. }));
    let is_guess = route.distance.geometry.is_none();
    let (mut solid, mut dashed) = (String::new(), String::new());
    let mut longest: Option<(f64, Point)> = None;
    for line in lines {
        for (afloat, stretch) in stretches(line, has_ferry) {
            if afloat {
                let (length, middle) = middle(stretch);
                longest = longest.filter(|(other, _)| *other >= length).or(Some((length, middle)));
            }
            let path = if afloat || is_guess { &mut dashed } else { &mut solid };
            path::line(path, stretch.iter().map(|point| view.place(*point)));
        }
    }
    let dash = match route.distance.method {
        DistanceMethod::GeodesicPlus95 => " stroke-dasharray=\"2 8\"",
        _ => "",
    };
    for (class, path, dash) in [("route", solid, dash), ("ferry", dashed, " stroke-dasharray=\"12 14\"")] {
        if !path.is_empty() {
            let _ = write!(
                svg,
                "<path class=\"{class}\" fill=\"none\" stroke=\"#1463a5\" stroke-width=\"7\" stroke-linejoin=\"round\" \
                 stroke-linecap=\"round\"{dash} d=\"{path}\"/>"
            );
        }
    }
    longest.map(|(_, middle)| middle)
}

/// The length of a line in degrees of latitude, and the point in its middle.
fn middle(line: &[Point]) -> (f64, Point) {
    let length = |pair: &[Point]| {
        let squeeze = pair[0].1.to_radians().cos();
        ((pair[1].0 - pair[0].0) * squeeze).hypot(pair[1].1 - pair[0].1)
    };
    let whole: f64 = line.windows(2).map(length).sum();
    let mut left = whole / 2.0;
    for pair in line.windows(2) {
        let part = length(pair);
        if part > 0.0 && left <= part {
            let share = left / part;
            let between = |from: f64, to: f64| from + (to - from) * share;
            return (whole, (between(pair[0].0, pair[1].0), between(pair[0].1, pair[1].1)));
        }
        left -= part;
    }
    (whole, line.first().copied().unwrap_or_default())
}

/// The stretches of a line on land and, if there are ferries, at sea.
fn stretches(line: &[Point], has_ferry: bool) -> Vec<(bool, &[Point])> {
    let afloat = |pair: &[Point]| {
        let middle = ((pair[0].0 + pair[1].0) / 2.0, (pair[0].1 + pair[1].1) / 2.0);
        has_ferry && !is_land((wrapped(middle.0), middle.1))
    };
    let mut stretches: Vec<(bool, &[Point])> = Vec::new();
    let mut begin = 0;
    let pairs: Vec<bool> = line.windows(2).map(afloat).collect();
    for (at, afloat) in pairs.iter().enumerate() {
        if pairs.get(at + 1) != Some(afloat) {
            stretches.push((*afloat, &line[begin..at + 2]));
            begin = at + 1;
        }
    }
    stretches
}

fn wrapped(lon: f64) -> f64 {
    (lon + 180.0).rem_euclid(360.0) - 180.0
}

pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '"' => escaped.push_str("&quot;"),
            letter if letter.is_control() => escaped.push(' '),
            letter => escaped.push(letter),
        }
    }
    escaped
}
