//! Which port or airport serves a place.

use emissions_core::CountryCode;
use freight_geo_index::routes::geodesy::{EARTH_RADIUS_KM, Point};

/// Terminals with what a choice among them needs, laid out for one fast pass.
pub(super) struct Terminals<T: 'static> {
    rows: Vec<Row<T>>,
}

struct Row<T: 'static> {
    terminal: &'static T,
    direction: [f64; 3],
    country: CountryCode,
    merit: Merit,
}

/// How a terminal's size counts when a place chooses: its distance is multiplied, and lengthened.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Merit {
    pub(super) factor: f64,
    pub(super) handicap_km: f64,
}

/// A terminal that may serve a place.
#[derive(Debug)]
pub(super) struct Choice<T: 'static> {
    pub(super) terminal: &'static T,
    pub(super) merit: Merit,
    /// Great circle from the place, in kilometres.
    pub(super) km: f64,
    /// The distance as the choice sees it: less is better.
    pub(super) score: f64,
}

impl<T> Clone for Choice<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Choice<T> {}

impl<T> Terminals<T> {
    pub(super) fn new(
        terminals: impl Iterator<Item = &'static T>,
        describe: impl Fn(&T) -> (Point, CountryCode, Merit),
    ) -> Self {
        let rows = terminals
            .map(|terminal| {
                let (point, country, merit) = describe(terminal);
                Row { terminal, direction: point.direction(), country, merit }
            })
            .collect();
        Self { rows }
    }

    /// The best choices for a point within `reach_km`, the best first; terminals that `accept` refuses are left out.
    pub(super) fn best(
        &self,
        point: Point,
        count: usize,
        reach_km: f64,
        accept: impl Fn(CountryCode) -> bool,
    ) -> Vec<Choice<T>> {
        let here = point.direction();
        let mut best: Vec<Choice<T>> = Vec::with_capacity(count + 1);
        for row in self.rows.iter().filter(|row| accept(row.country)) {
            let chord: f64 =
                here.iter().zip(&row.direction).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt();
            let straight_km = chord * EARTH_RADIUS_KM;
            let worst =
                if best.len() < count { f64::INFINITY } else { best.last().map_or(0.0, |last| last.score) };
            // A chord is shorter than its arc: what fails by the chord fails by the arc.
            if straight_km > reach_km || straight_km * row.merit.factor + row.merit.handicap_km >= worst {
                continue;
            }
            let km = 2.0 * EARTH_RADIUS_KM * (chord / 2.0).clamp(0.0, 1.0).asin();
            let score = km * row.merit.factor + row.merit.handicap_km;
            if km <= reach_km && score < worst {
                let at = best.partition_point(|choice| choice.score <= score);
                best.insert(at, Choice { terminal: row.terminal, merit: row.merit, km, score });
                best.truncate(count);
            }
        }
        best
    }
}

/// The cheapest pair of two different terminals; `None` if the two lists hold the same single one.
pub(super) fn best_pair<T>(
    origins: &[Choice<T>],
    destinations: &[Choice<T>],
    same: impl Fn(&T, &T) -> bool,
) -> Option<(Choice<T>, Choice<T>)> {
    let pairs =
        origins.iter().flat_map(|origin| destinations.iter().map(move |destination| (*origin, *destination)));
    pairs
        .filter(|(origin, destination)| !same(origin.terminal, destination.terminal))
        .min_by(|one, other| (one.0.score + one.1.score).total_cmp(&(other.0.score + other.1.score)))
}
