//! Encoded polylines, as Google's algorithm writes them, with six digits after the point.

use crate::http::Unusable;

/// Latitudes and longitudes in degrees.
pub(super) fn decode(text: &str) -> Result<Vec<[f64; 2]>, Unusable> {
    let mut numbers = text.bytes();
    let mut points = Vec::with_capacity(text.len() / 4);
    let (mut lat, mut lon) = (0_i64, 0_i64);
    while let Some(step) = number(&mut numbers)? {
        let Some(other) = number(&mut numbers)? else {
            return Err(broken());
        };
        lat += step;
        lon += other;
        #[expect(
            clippy::cast_precision_loss,
            reason = "a few hundred millions at most, or it is no coordinate"
        )]
        points.push([lat as f64 / 1e6, lon as f64 / 1e6]);
    }
    Ok(points)
}

/// The next signed number: five bits a character, the least significant first, the lowest bit for the sign.
fn number(bytes: &mut impl Iterator<Item = u8>) -> Result<Option<i64>, Unusable> {
    let Some(first) = bytes.next() else {
        return Ok(None);
    };
    let (mut value, mut shift, mut byte) = (0_u64, 0_u32, first);
    loop {
        let bits = byte.checked_sub(63).filter(|bits| *bits < 64).ok_or_else(broken)?;
        // 33 bits are enough for 360,000,000 and its sign; 40 cannot overflow.
        if shift > 35 {
            return Err(broken());
        }
        value |= u64::from(bits & 0x1f) << shift;
        shift += 5;
        if bits & 0x20 == 0 {
            break;
        }
        byte = bytes.next().ok_or_else(broken)?;
    }
    let magnitude = i64::try_from(value >> 1).ok().ok_or_else(broken)?;
    Ok(Some(if value & 1 == 0 { magnitude } else { -magnitude - 1 }))
}

fn broken() -> Unusable {
    Unusable::Garbled("the route's line is not an encoded polyline".to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn encode(points: &[[i64; 2]]) -> String {
        let mut text = String::new();
        let mut before = [0, 0];
        for point in points {
            for axis in 0..2 {
                let step = point[axis] - before[axis];
                let mut value = (step << 1) ^ (step >> 63);
                while value >= 0x20 {
                    text.push(char::from(u8::try_from((value & 0x1f) | 0x20).unwrap() + 63));
                    value >>= 5;
                }
                text.push(char::from(u8::try_from(value).unwrap() + 63));
            }
            before = *point;
        }
        text
    }

    #[test]
    fn a_known_line() {
        // Two equal points, as Valhalla 3.9 sends for a route from a place to itself.
        assert_eq!(decode("snclrAewlcM??").unwrap(), [[43.731194, 7.412611]; 2]);
        assert_eq!(decode("").unwrap(), Vec::<[f64; 2]>::new());
    }

    #[test]
    fn what_is_cut_or_foreign_is_refused() {
        for wrong in ["snclrAewlc", "snclrA", "snclrA ewlcM", "snclrAewlcMé?", "~~~~~~~~~~~~~~~~"] {
            assert!(decode(wrong).is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn lines_survive(points in prop::collection::vec([-90_000_000..=90_000_000_i64, -180_000_000..=180_000_000_i64], 0..40)) {
            #[expect(clippy::cast_precision_loss, reason = "small")]
            let degrees: Vec<_> = points.iter().map(|p| [p[0] as f64 / 1e6, p[1] as f64 / 1e6]).collect();
            prop_assert_eq!(decode(&encode(&points)).unwrap(), degrees);
        }

        #[test]
        fn no_text_breaks_the_decoder(text in "\\PC{0,60}") {
            let _ = decode(&text);
        }
    }
}
