//! Ports and airports, as tables.

use std::sync::LazyLock;

use emissions_core::CountryCode;
use logistics_domain::geography::{Coordinates, Place};

use super::INDEX;

/// Ports farther from every shipping lane than this are inland depots, rivers or wrong positions, not sea ports.
pub const SEA_PORT_MAX_KM: u16 = 100;

/// A port or inland depot.
#[derive(Debug, Clone, PartialEq)]
pub struct Port {
    /// UN/LOCODE, as in `ESVLC`.
    pub unlocode: &'static str,
    /// Its name.
    pub name: &'static str,
    /// The country that it lies in.
    pub country: CountryCode,
    /// Where it is.
    pub coordinates: Coordinates,
    /// The first-level subdivision that it lies in, where known.
    pub admin1: Option<&'static str>,
    /// Number of that subdivision in the index; 0 where unknown.
    pub(super) region: u16,
    /// Whether it has a container terminal.
    pub container_terminal: bool,
    /// Natural Earth's scale rank, where it has one: 3 is a world port, 8 a small one.
    pub rank: Option<u8>,
    /// Kilometres to the nearest shipping lane, rounded up; none for depots far inland.
    pub sea_km: Option<u16>,
}

impl Port {
    /// Whether ships can come here: within [`SEA_PORT_MAX_KM`] of a shipping lane.
    #[must_use]
    pub fn is_sea_port(&self) -> bool {
        self.sea_km.is_some_and(|km| km <= SEA_PORT_MAX_KM)
    }

    /// The port as a place, with its UN/LOCODE.
    #[must_use]
    pub fn place(&self) -> Place {
        Place {
            name: self.name.to_owned(),
            country: self.country,
            admin1: self.admin1.map(str::to_owned),
            coordinates: self.coordinates,
            code: Some(self.unlocode.to_owned()),
        }
    }
}

/// An airport with an IATA code.
#[derive(Debug, Clone, PartialEq)]
pub struct Airport {
    /// IATA code, as in `MAD`.
    pub iata: &'static str,
    /// Its name.
    pub name: &'static str,
    /// The city that it serves; empty where the table names none.
    pub city: &'static str,
    /// The country that it lies in.
    pub country: CountryCode,
    /// Where it is.
    pub coordinates: Coordinates,
    /// The first-level subdivision that it lies in, where known.
    pub admin1: Option<&'static str>,
    /// Number of that subdivision in the index; 0 where unknown.
    pub(super) region: u16,
    /// Natural Earth's scale rank, where it has one: 2 is a world hub, 9 a small airport.
    pub rank: Option<u8>,
    /// Natural Earth calls it a major airport.
    pub major: bool,
}

impl Airport {
    /// The airport as a place, with its IATA code.
    #[must_use]
    pub fn place(&self) -> Place {
        Place {
            name: self.name.to_owned(),
            country: self.country,
            admin1: self.admin1.map(str::to_owned),
            coordinates: self.coordinates,
            code: Some(self.iata.to_owned()),
        }
    }
}

/// Every port and inland depot, ordered by UN/LOCODE. Read from the embedded index once, in about a millisecond.
#[must_use]
pub fn ports() -> &'static [Port] {
    &PORTS
}

/// Every airport, ordered by IATA code. Read from the embedded index once, in about a millisecond.
#[must_use]
pub fn airports() -> &'static [Airport] {
    &AIRPORTS
}

/// The ports that ships can come to, ordered by UN/LOCODE.
pub fn sea_ports() -> impl Iterator<Item = &'static Port> {
    ports().iter().filter(|port| port.is_sea_port())
}

/// The port with a UN/LOCODE, in upper-case letters and without a blank.
#[must_use]
pub fn port(unlocode: &str) -> Option<&'static Port> {
    let at = PORTS.binary_search_by_key(&unlocode, |port| port.unlocode).ok()?;
    PORTS.get(at)
}

/// The airport with an IATA code, in upper-case letters.
#[must_use]
pub fn airport(iata: &str) -> Option<&'static Airport> {
    let at = AIRPORTS.binary_search_by_key(&iata, |airport| airport.iata).ok()?;
    AIRPORTS.get(at)
}

static PORTS: LazyLock<Vec<Port>> = LazyLock::new(|| {
    let strings = INDEX.strings();
    let port = |record: freight_geo_index::gazetteer::PortRecord| {
        Some(Port {
            unlocode: strings.get(record.unlocode),
            name: strings.get(record.name),
            country: super::country_code(record.country)?,
            coordinates: Coordinates::new(record.lat, record.lon).ok()?,
            admin1: region_name(record.admin1),
            region: record.admin1,
            container_terminal: record.container_terminal,
            rank: record.rank,
            sea_km: record.sea_km,
        })
    };
    INDEX.ports().filter_map(port).collect()
});

static AIRPORTS: LazyLock<Vec<Airport>> = LazyLock::new(|| {
    let strings = INDEX.strings();
    let airport = |record: freight_geo_index::gazetteer::AirportRecord| {
        Some(Airport {
            iata: strings.get(record.iata),
            name: strings.get(record.name),
            city: strings.get(record.city),
            country: super::country_code(record.country)?,
            coordinates: Coordinates::new(record.lat, record.lon).ok()?,
            admin1: region_name(record.admin1),
            region: record.admin1,
            rank: record.rank,
            major: record.major,
        })
    };
    INDEX.airports().filter_map(airport).collect()
});

fn region_name(number: u16) -> Option<&'static str> {
    INDEX.region(number.into()).map(|region| INDEX.strings().get(region.name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_find_their_terminals() {
        let valencia = port("ESVLC").unwrap();
        assert_eq!((valencia.name, valencia.country.as_str()), ("Valencia", "ES"));
        assert!(valencia.container_terminal && valencia.is_sea_port());
        assert!((valencia.coordinates.lat() - 39.45).abs() < 0.1);
        let barajas = airport("MAD").unwrap();
        assert_eq!((barajas.city, barajas.country.as_str()), ("Madrid", "ES"));
        assert_eq!(port("XXXXX"), None);
        assert_eq!(airport(""), None);
    }

    #[test]
    fn positions_in_the_index_are_positions_in_the_tables() {
        assert_eq!(ports().len(), INDEX.ports().len());
        assert_eq!(airports().len(), INDEX.airports().len());
    }

    #[test]
    fn depots_far_inland_are_not_sea_ports() {
        assert!(sea_ports().count() > 3_000);
        assert!(sea_ports().all(|port| port.unlocode != "USDEN"));
        assert!(port("USDEN").is_some());
    }
}
