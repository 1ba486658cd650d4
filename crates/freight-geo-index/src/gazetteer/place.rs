//! Populated places and other localities.

use super::codec::{Fields, steps};

/// A place as the index holds it. Places are ordered by merit, so a lower number is a weightier place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlaceRecord {
    /// Position of the name among the index's texts.
    pub name: u32,
    /// Latitude in degrees.
    pub lat: f64,
    /// Longitude in degrees.
    pub lon: f64,
    /// Inhabitants; 0 where unknown.
    pub population: u32,
    /// Number of the first-level region, from 1; 0 where unknown.
    pub admin1: u16,
    /// Number of the second-level region, from 1; 0 where unknown.
    pub admin2: u16,
    /// Number of the country.
    pub country: u8,
    /// What kind of a place it is.
    pub flags: PlaceFlags,
    /// In how many other spellings and languages the place is known, up to 255.
    pub fame: u8,
    /// Weight of its port and airport in freight, in tenths.
    pub links: u8,
}

/// Facts about a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PlaceFlags(pub(crate) u8);

impl PlaceFlags {
    /// It is probably a district of a larger city.
    pub const SUBURB: Self = Self(1);
    /// It is known from postal codes only.
    pub const POSTAL: Self = Self(2);
    /// It is known from UN/LOCODE only.
    pub const LOCODE: Self = Self(4);
    /// A region bears its name.
    pub const SEAT: Self = Self(8);
    /// It is a freight place that Dray's own list adds.
    pub const FREIGHT: Self = Self(16);

    /// Whether a fact holds.
    #[must_use]
    pub const fn has(self, flag: Self) -> bool {
        self.0 & flag.0 != 0
    }

    pub(crate) const fn add(&mut self, flag: Self) {
        self.0 |= flag.0;
    }
}

impl PlaceRecord {
    pub(crate) const SIZE: usize = 4 + 4 + 4 + 4 + 2 + 2 + 1 + 1 + 1 + 1;

    pub(crate) fn decode(bytes: &[u8]) -> Self {
        let mut fields = Fields::new(bytes);
        Self {
            name: fields.u32(),
            lat: fields.degrees(),
            lon: fields.degrees(),
            population: fields.u32(),
            admin1: fields.u16(),
            admin2: fields.u16(),
            country: fields.u8(),
            flags: PlaceFlags(fields.u8()),
            fame: fields.u8(),
            links: fields.u8(),
        }
    }

    pub(crate) fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.name.to_le_bytes());
        out.extend_from_slice(&steps(self.lat).to_le_bytes());
        out.extend_from_slice(&steps(self.lon).to_le_bytes());
        out.extend_from_slice(&self.population.to_le_bytes());
        out.extend_from_slice(&self.admin1.to_le_bytes());
        out.extend_from_slice(&self.admin2.to_le_bytes());
        out.extend_from_slice(&[self.country, self.flags.0, self.fame, self.links]);
    }

    /// How likely the place is to be meant by its bare name, on a scale of powers of ten: its inhabitants, the
    /// languages that have a name for it, its port and airport, and whether a region is named after it.
    ///
    /// The weights are Dray's own: they were set so that places which a forwarder would not ask back about lead their
    /// namesakes clearly, and places which one would ask back about do not.
    #[must_use]
    pub fn merit(&self) -> f64 {
        let fame = (f64::from(self.fame) + 1.0).log10();
        let seat = if self.flags.has(PlaceFlags::SEAT) { 0.4 } else { 0.0 };
        let suburb = if self.flags.has(PlaceFlags::SUBURB) { 0.9 } else { 0.0 };
        (f64::from(self.population) + 100.0).log10() + fame + f64::from(self.links) / 10.0 + seat - suburb
    }
}
