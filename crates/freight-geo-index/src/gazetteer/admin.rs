//! Countries and their regions.

use super::CountryBytes;
use super::codec::{Fields, steps};

/// A country as the index holds it. Countries are ordered by their alpha-2 code.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CountryRecord {
    /// ISO 3166-1 alpha-2.
    pub alpha2: CountryBytes,
    /// ISO 3166-1 alpha-3.
    pub alpha3: [u8; 3],
    /// Position of the English name among the index's texts.
    pub name: u32,
    /// Area in square kilometres.
    pub area_km2: u32,
    /// Whether the index knows the country's postal codes.
    pub postal: bool,
    /// Number of the weightiest place; `u32::MAX` if the index knows none.
    pub main_place: u32,
}

impl CountryRecord {
    pub(crate) const SIZE: usize = 2 + 3 + 4 + 4 + 1 + 4;

    pub(crate) fn decode(bytes: &[u8]) -> Self {
        let mut fields = Fields::new(bytes);
        Self {
            alpha2: fields.take(),
            alpha3: fields.take(),
            name: fields.u32(),
            area_km2: fields.u32(),
            postal: fields.u8() != 0,
            main_place: fields.u32(),
        }
    }

    pub(crate) fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.alpha2);
        out.extend_from_slice(&self.alpha3);
        out.extend_from_slice(&self.name.to_le_bytes());
        out.extend_from_slice(&self.area_km2.to_le_bytes());
        out.push(u8::from(self.postal));
        out.extend_from_slice(&self.main_place.to_le_bytes());
    }
}

/// A first- or second-level region as the index holds it. Records refer to regions by numbers from 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RegionRecord {
    /// Position of the name among the index's texts.
    pub name: u32,
    /// Number of the country.
    pub country: u8,
    /// 1 for a first-level region, 2 for a second-level one.
    pub level: u8,
    /// Latitude of its centre of population, in degrees.
    pub lat: f64,
    /// Longitude of its centre of population, in degrees.
    pub lon: f64,
    /// Inhabitants of its places together.
    pub population: u32,
}

impl RegionRecord {
    pub(crate) const SIZE: usize = 4 + 1 + 1 + 4 + 4 + 4;

    pub(crate) fn decode(bytes: &[u8]) -> Self {
        let mut fields = Fields::new(bytes);
        Self {
            name: fields.u32(),
            country: fields.u8(),
            level: fields.u8(),
            lat: fields.degrees(),
            lon: fields.degrees(),
            population: fields.u32(),
        }
    }

    pub(crate) fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.name.to_le_bytes());
        out.extend_from_slice(&[self.country, self.level]);
        out.extend_from_slice(&steps(self.lat).to_le_bytes());
        out.extend_from_slice(&steps(self.lon).to_le_bytes());
        out.extend_from_slice(&self.population.to_le_bytes());
    }
}
