//! UN/LOCODE.

use super::codec::{Fields, steps};

/// A UN/LOCODE location as the index holds it. Locations are ordered by their code.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LocodeRecord {
    /// The code, five letters.
    pub code: [u8; 5],
    /// What the location is for freight.
    pub functions: LocodeFunctions,
    /// Latitude in degrees.
    pub lat: f64,
    /// Longitude in degrees.
    pub lon: f64,
    /// Position of the name among the index's texts.
    pub name: u32,
}

/// What a UN/LOCODE location is for freight: the digits of its function code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LocodeFunctions(u8);

impl LocodeFunctions {
    /// Function 1: a port.
    pub const PORT: Self = Self(1 << 1);
    /// Function 2: a rail terminal.
    pub const RAIL: Self = Self(1 << 2);
    /// Function 4: an airport.
    pub const AIRPORT: Self = Self(1 << 4);
    /// Function 6: an inland clearance depot.
    pub const DEPOT: Self = Self(1 << 6);

    /// Reads a function code such as `1-34-6--`.
    pub(crate) fn parse(code: &str) -> Self {
        Self(code.bytes().filter(|b| (b'1'..=b'7').contains(b)).fold(0, |bits, b| bits | 1 << (b - b'0')))
    }

    /// Whether the location has a function.
    #[must_use]
    pub const fn has(self, function: Self) -> bool {
        self.0 & function.0 != 0
    }
}

impl LocodeRecord {
    pub(crate) const SIZE: usize = 5 + 1 + 4 + 4 + 4;

    pub(crate) fn decode(bytes: &[u8]) -> Self {
        let mut fields = Fields::new(bytes);
        Self {
            code: fields.take(),
            functions: LocodeFunctions(fields.u8()),
            lat: fields.degrees(),
            lon: fields.degrees(),
            name: fields.u32(),
        }
    }

    pub(crate) fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.code);
        out.push(self.functions.0);
        out.extend_from_slice(&steps(self.lat).to_le_bytes());
        out.extend_from_slice(&steps(self.lon).to_le_bytes());
        out.extend_from_slice(&self.name.to_le_bytes());
    }
}
