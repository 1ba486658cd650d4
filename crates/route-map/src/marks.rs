//! Places on a route, marked and named.

use std::fmt::Write as _;

use logistics_domain::geography::{Passage, Via};

use crate::path::Point;
use crate::picture::escaped;
use crate::view::{HEIGHT, View, WIDTH};

/// The size of names, and how wide a letter of them is, about.
const SIZE: f64 = 46.0;
const LETTER: f64 = 0.56 * SIZE;
/// How far names stand from what they name.
const GAP: f64 = 20.0;

/// A rectangle of the picture.
#[derive(Clone, Copy)]
struct Area {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

impl Area {
    fn around((x, y): Point, radius: f64) -> Self {
        Self { left: x - radius, top: y - radius, right: x + radius, bottom: y + radius }
    }

    const fn holds(&self, (x, y): Point) -> bool {
        self.left <= x && x <= self.right && self.top <= y && y <= self.bottom
    }

    const fn meets(&self, other: &Self) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }

    fn is_inside(&self) -> bool {
        self.left >= 0.0 && self.top >= 0.0 && self.right <= WIDTH && self.bottom <= HEIGHT
    }
}

/// The marks of a picture. Names do not lie on each other: one that has no place is left out. They lie on as little of the
/// route as can be.
pub(crate) struct Marks<'p> {
    lines: &'p [Vec<Point>],
    view: &'p View,
    /// Points of the route, close to each other.
    route: Vec<Point>,
    taken: Vec<Area>,
    dots: String,
    names: String,
}

impl<'p> Marks<'p> {
    /// Marks on some lines, in degrees.
    pub fn on(lines: &'p [Vec<Point>], view: &'p View) -> Self {
        let pairs = lines.iter().flat_map(|line| line.windows(2));
        let route = pairs.flat_map(|pair| dense(view.place(pair[0]), view.place(pair[1]))).collect();
        Self { lines, view, route, taken: Vec::new(), dots: String::new(), names: String::new() }
    }

    /// Marks and names an end of the route.
    pub fn end(&mut self, name: &str, at: Point) {
        let at = self.view.place(at);
        self.dot("end", at, 12.0, name);
        self.name("name", 600, name, at);
    }

    /// Marks what lies on the way; `ferry` is the middle of the longest one.
    pub fn passed(&mut self, via: &Via, ferry: Option<Point>) {
        match via {
            Via::Port(place) | Via::Airport(place) => {
                let at = (place.coordinates.lon(), place.coordinates.lat());
                if let Some(at) = self.on_route(at, f64::MAX) {
                    self.dot("stop", at, 8.0, &place.name);
                }
            }
            Via::Passage { passage } => {
                if let Some(at) = self.on_route(whereabouts(*passage), 12.0) {
                    self.dot("stop", at, 8.0, passage.title());
                    self.name("passed", 400, passage.title(), at);
                }
            }
            Via::Ferry { name, .. } => {
                if let Some(at) = ferry {
                    self.name("passed", 400, name, self.view.place(at));
                }
            }
        }
    }

    /// The marks as SVG, names above all dots.
    pub fn drawn(self) -> String {
        self.dots + &self.names
    }

    /// The point of the route that is nearest to a place in degrees, if that is not too far.
    fn on_route(&self, (lon, lat): Point, most_degrees: f64) -> Option<Point> {
        let pairs = self.lines.iter().flat_map(|line| line.windows(2));
        let near = pairs.map(|pair| {
            let turned = ((pair[0].0 - lon) / 360.0).round() * 360.0;
            let point = nearest(pair, (lon + turned, lat));
            let squeeze = lat.to_radians().cos();
            (((point.0 - lon - turned) * squeeze).hypot(point.1 - lat), point)
        });
        let (degrees, point) = near.min_by(|a, b| a.0.total_cmp(&b.0))?;
        (degrees <= most_degrees).then(|| self.view.place(point))
    }

    fn dot(&mut self, class: &str, (x, y): Point, radius: f64, name: &str) {
        self.taken.push(Area::around((x, y), radius));
        let _ = write!(
            self.dots,
            "<circle class=\"{class}\" cx=\"{x:.0}\" cy=\"{y:.0}\" r=\"{radius}\" fill=\"#fff\" stroke=\"#1463a5\" \
             stroke-width=\"6\"><title>{}</title></circle>",
            escaped(name)
        );
    }

    /// Writes a name above, below, right or left of a point, where there is room.
    fn name(&mut self, class: &str, weight: u16, name: &str, (x, y): Point) {
        let letters = u32::try_from(name.chars().count()).unwrap_or(u32::MAX);
        let width = f64::from(letters) * LETTER;
        // Beside the edges the middle moves inwards.
        let centre = x.min(WIDTH - width / 2.0).max(width / 2.0);
        let centred = |top: f64| {
            let area =
                Area { left: centre - width / 2.0, top, right: centre + width / 2.0, bottom: top + SIZE };
            ("middle", centre, area)
        };
        let middle = y - SIZE / 2.0;
        let right = Area { left: x + GAP, top: middle, right: x + GAP + width, bottom: middle + SIZE };
        let left = Area { left: x - GAP - width, right: x - GAP, ..right };
        let places = [
            centred(y - GAP - SIZE),
            centred(y + GAP),
            ("start", right.left, right),
            ("end", left.right, left),
        ];
        let is_free = |area: &Area| area.is_inside() && !self.taken.iter().any(|taken| taken.meets(area));
        let on_route = |area: &Area| self.route.iter().filter(|point| area.holds(**point)).count();
        let free = places.into_iter().filter(|(_, _, area)| is_free(area));
        let Some((anchor, x, area)) = free.min_by_key(|(_, _, area)| on_route(area)) else { return };
        self.taken.push(area);
        let _ = write!(
            self.names,
            "<text class=\"{class}\" x=\"{x:.0}\" y=\"{:.0}\" text-anchor=\"{anchor}\" font-family=\"system-ui,sans-serif\" \
             font-size=\"{SIZE}\" font-weight=\"{weight}\" fill=\"#1b2733\" stroke=\"#fff\" stroke-width=\"8\" \
             stroke-linejoin=\"round\" paint-order=\"stroke\">{}</text>",
            area.bottom - SIZE / 5.0,
            escaped(name)
        );
    }
}

/// Points between two, not farther from each other than about the height of a letter.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at least 1 and at most 1000")]
fn dense(from: Point, to: Point) -> impl Iterator<Item = Point> {
    let parts = ((to.0 - from.0).hypot(to.1 - from.1) / (SIZE / 2.0)).ceil().clamp(1.0, 1000.0) as u16;
    (0..=parts).map(move |part| {
        let share = f64::from(part) / f64::from(parts);
        (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share)
    })
}

/// The point between two that is nearest to a third.
fn nearest(pair: &[Point], to: Point) -> Point {
    let (from, along) = (pair[0], (pair[1].0 - pair[0].0, pair[1].1 - pair[0].1));
    let length = along.0 * along.0 + along.1 * along.1;
    let share = if length > 0.0 {
        (((to.0 - from.0) * along.0 + (to.1 - from.1) * along.1) / length).clamp(0.0, 1.0)
    } else {
        0.0
    };
    (from.0 + along.0 * share, from.1 + along.1 * share)
}

/// Where a passage lies, to a degree or so: its mark is put on the route.
const fn whereabouts(passage: Passage) -> Point {
    match passage {
        Passage::BabElMandeb => (43.3, 12.6),
        Passage::Bering => (-168.9, 65.8),
        Passage::Bosporus => (29.1, 41.1),
        Passage::Dardanelles => (26.4, 40.2),
        Passage::Gibraltar => (-5.6, 35.95),
        Passage::Hormuz => (56.4, 26.5),
        Passage::Magellan => (-71.0, -53.5),
        Passage::Malacca => (101.0, 2.9),
        Passage::Northwest => (-95.0, 74.3),
        Passage::Panama => (-79.7, 9.1),
        Passage::CapeOfGoodHope => (18.5, -34.5),
        Passage::Suez => (32.4, 30.5),
        Passage::Sunda => (105.7, -6.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_do_not_lie_on_each_other() {
        let lines = [vec![(-1.0, -1.0), (1.0, 1.0)]];
        let view = View::of(&lines.iter().flatten().copied());
        let mut marks = Marks::on(&lines, &view);
        for _ in 0..9 {
            marks.name("name", 400, "the same place", (800.0, 500.0));
        }
        assert_eq!(marks.taken.len(), 2, "there is room above and below");
        for (at, area) in marks.taken.iter().enumerate() {
            assert!(area.is_inside() && !marks.taken[..at].iter().any(|other| other.meets(area)));
        }
    }

    #[test]
    fn passages_are_marked_where_the_route_passes_them() {
        let lines = [vec![(43.3, 12.6), (32.0, 28.0), (32.0, 32.0), (-5.0, 36.0), (-10.0, 36.0)]];
        let view = View::of(&lines.iter().flatten().copied());
        let mut marks = Marks::on(&lines, &view);
        for passage in [Passage::BabElMandeb, Passage::Suez, Passage::Gibraltar, Passage::Panama] {
            marks.passed(&Via::Passage { passage }, None);
        }
        let drawn = marks.drawn();
        let is_marked = |name: &str| {
            drawn.contains(&format!("{name}</title>")) && drawn.contains(&format!("{name}</text>"))
        };
        assert!(["Bab el-Mandeb", "Suez Canal", "Strait of Gibraltar"].into_iter().all(is_marked), "{drawn}");
        assert!(!drawn.contains("Panama"), "{drawn}");
    }
}
