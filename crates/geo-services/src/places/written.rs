//! Texts that are no addresses.

use logistics_domain::geography::Coordinates;

/// A latitude and a longitude, as in `41.65, -0.88`.
pub(crate) fn coordinates(text: &str) -> Option<Coordinates> {
    let (lat, lon) = text.trim().split_once([',', ';', ' '])?;
    // A point in each: `28013 2` is a postal code and something.
    let degrees = |text: &str| text.trim().parse::<f64>().ok().filter(|_| text.contains('.'));
    Coordinates::new(degrees(lat)?, degrees(lon)?).ok()
}

/// Whether a text looks like a UN/LOCODE (`ESBCN`, `ES BCN`) or an IATA code (`BCN`): geocoding servers don't know them.
pub(crate) fn code(text: &str) -> bool {
    let text = text.trim();
    let upper = |text: &str| !text.is_empty() && text.bytes().all(|c| c.is_ascii_uppercase());
    let location = |text: &str| {
        text.len() == 3 && text.bytes().all(|c| c.is_ascii_uppercase() || (b'2'..=b'9').contains(&c))
    };
    match (text.is_ascii(), text.len()) {
        (true, 3) => upper(text),
        (true, 5) => upper(&text[..2]) && location(&text[2..]),
        (true, 6) => upper(&text[..2]) && &text[2..3] == " " && location(&text[3..]),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_of_coordinates() {
        for text in ["41.65, -0.88", " 41.65 -0.88", "41.65;-0.88"] {
            let at = coordinates(text).unwrap();
            assert_eq!((at.lat(), at.lon()), (41.65, -0.88), "{text}");
        }
        for text in ["28013 2", "91.5, 0.5", "Madrid, Spain", "41.65", "1.5, 2.5, 3.5", "NaN., 1.0"] {
            assert_eq!(coordinates(text), None, "{text}");
        }
    }

    #[test]
    fn codes() {
        for text in ["ESBCN", "ES BCN", "US7TX", "BCN", " MAD "] {
            assert!(code(text), "{text}");
        }
        for text in ["Paris", "esbcn", "ES1CN", "YORKS", "28013", "ES-BCN", "", "É"] {
            assert_eq!(code(text), text == "YORKS", "{text}");
        }
    }
}
