//! Builds the index from the tables.

mod countries;
mod locodes;
mod nearby;
mod places;
mod postal_codes;
mod regions;
mod spellings;

use std::path::Path;

use super::codec::StringsWriter;
use super::container::{Section, SectionsWriter};
use super::names::{NamesWriter, Target};
use super::{IndexError, grid, terminals};
use countries::Countries;
use places::Places;
use regions::Regions;

/// Builds the index from the tables in the folder `data` and writes it to `out`.
///
/// # Errors
/// [`IndexError`] if a table is missing or a row of it makes no sense, with the file and line, or if `out` cannot be written.
pub fn build(data: &Path, out: &Path) -> Result<(), IndexError> {
    let mut strings = StringsWriter::new();
    let mut names = NamesWriter::default();
    let mut sections = SectionsWriter::default();

    let mut countries = Countries::read(data, &mut strings, &mut names)?;
    let mut regions = Regions::read(data, &countries, &mut strings)?;
    let postal = postal_codes::read(data, &countries)?;
    let mut ports = terminals::read_ports(data, &mut strings)?;
    let mut airports = terminals::read_airports(data, &mut strings, |name, country| {
        countries.number(country).map_or(0, |country| regions.first_named(name, country))
    })?;
    ports.retain(|port| countries.number(port.country).is_some());
    airports.retain(|airport| countries.number(airport.country).is_some());
    let locodes = locodes::read(data, &ports, &airports, &strings)?;

    let mut places = Places::read(data, &countries, &mut regions, &mut strings)?;
    places.place_freight_places();
    places.learn_regions(&postal, &mut regions, &mut strings);
    places.learn_links(&countries, &ports, &airports, &strings);
    regions.settle(&places);
    places.order_by_merit(&regions);
    places.read_abbreviations(data, &countries)?;
    regions.learn_codes(&locodes, &countries, &places);
    countries.settle(&places, &postal);
    let nearby = places.nearby();
    sections.put(Section::Grid, grid::encode(places.rows.iter().map(|place| (place.lat, place.lon))));
    places.add_postal_places(&postal, &nearby);
    places.add_locodes(&locodes, &countries, &nearby);

    let region_at = |lat: f64, lon: f64, country: u8| {
        nearby.find(lat, lon, country).map_or((0, 0), |at| (places.rows[at].admin1, places.rows[at].admin2))
    };
    for port in &mut ports {
        port.admin1 =
            countries.number(port.country).map_or(0, |country| region_at(port.lat, port.lon, country).0);
    }
    for airport in airports.iter_mut().filter(|airport| airport.admin1 == 0) {
        airport.admin1 = countries
            .number(airport.country)
            .map_or(0, |country| region_at(airport.lat, airport.lon, country).0);
    }

    places.name(&mut names, &countries);
    regions.name(&mut names);
    name_terminals(&ports, &airports, &strings, &mut names);
    sections.put(Section::Places, places.encode(&mut strings));
    sections.put(Section::Regions, regions.encode());
    sections.put(Section::Countries, countries.encode());
    sections.put(Section::Locodes, locodes::encode(&locodes, &mut strings));
    for (section, body) in postal_codes::encode(&postal, &countries, &mut strings, region_at)? {
        sections.put(section, body);
    }
    for (section, body) in names.finish()? {
        sections.put(section, body);
    }
    sections.put(Section::Ports, terminals::encode_ports(&ports));
    sections.put(Section::Airports, terminals::encode_airports(&airports));
    sections.put(Section::Strings, strings.into_bytes());
    let file = sections.finish()?;
    std::fs::write(out, file).map_err(|source| IndexError::Io { path: out.to_owned(), source })
}

fn name_terminals(
    ports: &[terminals::PortRecord],
    airports: &[terminals::AirportRecord],
    strings: &StringsWriter,
    names: &mut NamesWriter,
) {
    for (at, port) in (0..).zip(ports) {
        spellings::terminal_names(strings.get(port.name), "")
            .for_each(|name| names.add(name, Target::Port(at)));
    }
    for (at, airport) in (0..).zip(airports) {
        let city = strings.get(airport.city);
        let spellings = spellings::terminal_names(strings.get(airport.name), city);
        spellings.for_each(|name| names.add(name, Target::Airport(at)));
    }
}
