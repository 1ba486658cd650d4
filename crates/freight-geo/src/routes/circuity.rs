//! How much longer roads are than the great circle.

use std::collections::HashMap;
use std::sync::LazyLock;

use emissions_core::CountryCode;

static TABLE: &str = include_str!("../../data/roads/circuity_by_country.csv");

/// Ratios of a country for three bands of distance: 30 to 100 km, 100 to 300 km, and more.
type Ratios = [f64; 3];

/// For countries without a ratio: the median of all countries in the table. Computed from the table.
static MEDIAN: LazyLock<Ratios> = LazyLock::new(|| {
    [0, 1, 2].map(|band| {
        let mut ratios: Vec<f64> = COUNTRIES.values().filter_map(|bands| bands[band]).collect();
        ratios.sort_by(f64::total_cmp);
        ratios.get(ratios.len() / 2).copied().unwrap_or(1.3)
    })
});

static COUNTRIES: LazyLock<HashMap<CountryCode, [Option<f64>; 3]>> = LazyLock::new(|| {
    let row = |line: &str| {
        let fields: Vec<&str> = line.split(',').collect();
        let ratio = |at: usize| fields.get(at)?.parse().ok();
        Some((CountryCode::parse(fields.first()?).ok()?, [ratio(4), ratio(5), ratio(6)]))
    };
    TABLE.lines().skip(1).filter_map(row).collect()
});

/// Within towns and between neighbouring ones, where the main roads say little: kilometres of great circle and the ratio
/// there. Ours.
const SHORT: [(f64, f64); 2] = [(5.0, 1.3), (15.0, 1.4)];
/// The kilometres at which the ratio of each band holds; between them it changes evenly. Ours.
const BAND_KM: [f64; 3] = [60.0, 200.0, 450.0];

/// The kilometres by road for a great circle between two countries: the mean of both countries' ratios at this distance. A
/// continuous function of `great_circle_km` that never decreases.
#[must_use]
pub fn road_km(great_circle_km: f64, origin: CountryCode, destination: CountryCode) -> f64 {
    let (a, b) = (ratios(origin), ratios(destination));
    let bands = (0..3).map(|band| (BAND_KM[band], f64::midpoint(a[band], b[band])));
    great_circle_km * interpolated(great_circle_km, SHORT.into_iter().chain(bands))
}

fn ratios(country: CountryCode) -> Ratios {
    let known = COUNTRIES.get(&country).copied().unwrap_or_default();
    [0, 1, 2].map(|band| {
        // The nearest band that the country has stands in for one that it lacks.
        let nearest = [[0, 1, 2], [1, 0, 2], [2, 1, 0]][band];
        nearest.into_iter().find_map(|other| known[other]).unwrap_or(MEDIAN[band])
    })
}

fn interpolated(at: f64, knots: impl Iterator<Item = (f64, f64)>) -> f64 {
    let mut before: Option<(f64, f64)> = None;
    for (km, ratio) in knots {
        if at <= km {
            return before.map_or(ratio, |(from, start)| start + (ratio - start) * (at - from) / (km - from));
        }
        before = Some((km, ratio));
    }
    before.map_or(1.0, |(_, ratio)| ratio)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_table_gives_the_ratios_and_the_median_fills_gaps() {
        let country = |code| CountryCode::parse(code).unwrap();
        assert!((road_km(1000.0, country("AE"), country("AE")) - 1199.0).abs() < 1e-9);
        assert!((road_km(2.0, country("AE"), country("AE")) - 2.6).abs() < 1e-9);
        assert!((1.1..1.6).contains(&road_km(1.0, country("AQ"), country("AQ"))));
    }

    proptest! {
        #[test]
        fn roads_are_longer_than_the_great_circle_and_grow_with_it(
            km in 0.01f64..3000.0, a in 0usize..250, b in 0usize..250
        ) {
            let country = |at: usize| CountryCode::all().nth(at).unwrap();
            let (a, b) = (country(a), country(b));
            prop_assert!(road_km(km, a, b) >= km);
            prop_assert!(road_km(km * 1.001, a, b) >= road_km(km, a, b));
            prop_assert!(road_km(km * 1.001, a, b) <= road_km(km, a, b) * 1.01);
        }
    }
}
