//! Postal codes.

use super::codec::{Fields, steps};

/// A postal code as the index holds it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PostalRecord {
    /// Latitude in degrees.
    pub lat: f64,
    /// Longitude in degrees.
    pub lon: f64,
    /// Position of its places' names, separated by `|`, among the index's texts.
    pub places: u32,
    /// Number of the first-level region, from 1; 0 where unknown.
    pub admin1: u16,
    /// Number of the second-level region, from 1; 0 where unknown.
    pub admin2: u16,
}

impl PostalRecord {
    pub(crate) const SIZE: usize = 4 + 4 + 4 + 2 + 2;

    pub(crate) fn decode(bytes: &[u8]) -> Self {
        let mut fields = Fields::new(bytes);
        Self {
            lat: fields.degrees(),
            lon: fields.degrees(),
            places: fields.u32(),
            admin1: fields.u16(),
            admin2: fields.u16(),
        }
    }

    pub(crate) fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&steps(self.lat).to_le_bytes());
        out.extend_from_slice(&steps(self.lon).to_le_bytes());
        out.extend_from_slice(&self.places.to_le_bytes());
        out.extend_from_slice(&self.admin1.to_le_bytes());
        out.extend_from_slice(&self.admin2.to_le_bytes());
    }
}

/// The spelling of a postal code that the index knows it by: upper-case letters and digits, without the country's
/// letters before the digits (`L-1150`, `LV-1073`, `AZ 0324`) and without `CEDEX`.
#[must_use]
pub fn normal_postal_code(country: &str, code: &str) -> String {
    let code = code.split(" CEDEX").next().unwrap_or(code);
    let plain: String =
        code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    let digits = plain.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let letters = &plain[..plain.len() - digits.len()];
    let own = letters == country || (country.starts_with(letters) && letters.len() == 1 && country == "LU");
    if own && !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) {
        digits.to_owned()
    } else {
        plain
    }
}

/// The key of a postal code in the index: the code, a blank, the country. Codes of all countries lie side by side.
pub(crate) fn postal_key(code: &str, country: &str) -> String {
    format!("{code} {country}")
}
