//! Rounding, done once, where a number is written for others to read.

/// Kilograms of CO2e and tonne-kilometres: to the milligram.
#[must_use]
pub fn kg(value: f64) -> f64 {
    rounded(value, 6)
}

/// Kilometres: to the decimetre.
#[must_use]
pub fn km(value: f64) -> f64 {
    rounded(value, 4)
}

/// Intensities and other factors: to nine decimals.
#[must_use]
pub fn intensity(value: f64) -> f64 {
    rounded(value, 9)
}

/// A number with so many decimals, or as it is where it is too large to have any.
fn rounded(value: f64, decimals: i32) -> f64 {
    let scale = 10f64.powi(decimals);
    let scaled = value * scale;
    if scaled.abs() < 9e15 { scaled.round() / scale } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_rounded_where_they_have_decimals() {
        assert_eq!(kg(0.000_528_049_6), 0.000_528);
        assert_eq!(kg(62.610_000_000_000_01), 62.61);
        assert_eq!(km(3.444_700_000_1), 3.4447);
        assert_eq!(kg(1e300), 1e300);
    }
}
