//! Shipments as a forwarder's system would export them.

use crate::lanes::{AIRPORTS, CLIENTS, PORTS, REGIONS};
use crate::places::great_circle_km;
use crate::random::Random;

/// One row. All is text, as in the file.
#[derive(Debug, Clone, Default)]
pub struct Shipment {
    pub movement_id: String,
    pub shipment_date: String,
    pub client: String,
    pub origin: String,
    pub destination: String,
    pub distance_km: String,
    pub origin_country: String,
    pub category: String,
    pub toc: String,
    pub load: String,
    pub load_unit: String,
    pub load_factor: String,
    pub movement_stage: String,
    pub package_key: String,
    pub vehicle_license_plate: String,
    pub subcontractor: String,
    pub cleaning: String,
    pub year: String,
}

/// The columns, under the API's names.
pub const COLUMNS: [&str; 18] = [
    "movement_id",
    "shipment_date",
    "client",
    "origin",
    "destination",
    "distance_km",
    "origin_country",
    "category",
    "toc",
    "load",
    "load_unit",
    "load_factor",
    "movement_stage",
    "package_key",
    "vehicle_license_plate",
    "subcontractor",
    "cleaning",
    "year",
];

impl Shipment {
    pub fn cells(&self) -> [&str; 18] {
        [
            &self.movement_id,
            &self.shipment_date,
            &self.client,
            &self.origin,
            &self.destination,
            &self.distance_km,
            &self.origin_country,
            &self.category,
            &self.toc,
            &self.load,
            &self.load_unit,
            &self.load_factor,
            &self.movement_stage,
            &self.package_key,
            &self.vehicle_license_plate,
            &self.subcontractor,
            &self.cleaning,
            &self.year,
        ]
    }
}

/// The shortest great circle between two ports, in kilometres: nearer ones are served by truck.
const SHORTEST_BY_SEA: f64 = 900.0;

const ROAD_TOCS: [&str; 8] = [
    "truck_diesel",
    "artic_truck_diesel",
    "rigid_truck_diesel",
    "truck_diesel_refrigerated",
    "van_diesel",
    "truck_diesel",
    "truck_electric",
    "van_electric",
];

/// At least so many rows, in the order of their days. Movements over the sea and by air have a leg by road at each end.
pub fn all(count: usize, seed: u64) -> Vec<Shipment> {
    let mut random = Random::new(seed);
    let (mut rows, mut movement) = (Vec::new(), 0);
    while rows.len() < count {
        movement += 1;
        let base = movement_of(&mut random, movement);
        match random.among(1, 100) {
            ..=76 => rows.push(by_road(&mut random, base)),
            77..=84 => rows.push(by_rail(&mut random, base)),
            85..=97 => rows.extend(by_sea(&mut random, &base)),
            _ => rows.extend(by_air(&mut random, &base)),
        }
    }
    rows.truncate(count);
    rows.iter_mut().filter(|row| row.category == "road").for_each(|row| measure(&mut random, row));
    rows.sort_by(|a, b| (&a.shipment_date, &a.movement_id).cmp(&(&b.shipment_date, &b.movement_id)));
    rows
}

fn movement_of(random: &mut Random, movement: u32) -> Shipment {
    // Days that every month has; fewer shipments in August.
    let month = match random.among(1, 12) {
        8 => random.among(1, 12),
        month => month,
    };
    Shipment {
        movement_id: format!("MOV-2025-{movement:06}"),
        shipment_date: format!("2025-{month:02}-{:02}", random.among(1, 28)),
        client: (*random.pick(&CLIENTS)).to_owned(),
        year: "2025".to_owned(),
        subcontractor: if random.percent(35) { "true" } else { "false" }.to_owned(),
        ..Shipment::default()
    }
}

fn two<'t, T: PartialEq>(random: &mut Random, from: &'t [T]) -> (&'t T, &'t T) {
    loop {
        let (one, other) = (random.pick(from), random.pick(from));
        if one != other {
            return (one, other);
        }
    }
}

/// The kilometres by the truck's own counter, for some: a quarter more than the great circle, about.
fn measure(random: &mut Random, row: &mut Shipment) {
    let percent = random.among(115, 135);
    if random.percent(45)
        && let Some(km) = great_circle_km(&row.origin, &row.destination)
    {
        row.distance_km =
            format!("{:.0}", (km * f64::from(u32::try_from(percent).unwrap()) / 100.0).max(8.0));
    }
}

fn by_road(random: &mut Random, base: Shipment) -> Shipment {
    let mut draw = random.among(1, 100);
    let region = REGIONS.iter().find(|region| {
        let here = draw <= region.share;
        draw = draw.saturating_sub(region.share);
        here
    });
    let (from, to) = two(random, region.unwrap_or(&REGIONS[0]).towns);
    let toc = *random.pick(&ROAD_TOCS);
    let mut row = between(base, from, to, "road");
    if random.percent(80) {
        row.toc = toc.to_owned();
    }
    match random.among(1, 10) {
        ..=5 => (row.load, row.load_unit) = (random.among(40, 24_000).to_string(), "kg".to_owned()),
        6..=8 => (row.load, row.load_unit) = (random.among(1, 33).to_string(), "pallets".to_owned()),
        9 => {
            (row.load, row.load_unit) = (tenths(random.among(5, 240)), "ton".to_owned());
        }
        _ => row.load_factor = format!("0.{}", random.among(4, 9)),
    }
    if row.toc.starts_with("van") && row.load_unit == "kg" {
        row.load = random.among(5, 900).to_string();
    }
    row.vehicle_license_plate = plate(random);
    if row.toc.contains("refrigerated") && random.percent(50) {
        row.cleaning = "true".to_owned();
    }
    if random.percent(25) {
        row.package_key = format!("PK{:09}", random.among(1, 999_999_999));
    }
    row
}

fn by_rail(random: &mut Random, base: Shipment) -> Shipment {
    let regions: Vec<_> = REGIONS.iter().filter(|region| region.railway_towns.len() > 1).collect();
    let region = random.pick(&regions);
    let (from, to) = two(random, region.railway_towns);
    let mut row = between(base, from, to, "rail");
    row.toc = (*random.pick(&["", "train_average", "train_electric", "train_diesel"])).to_owned();
    (row.load, row.load_unit) = match random.percent(60) {
        true => (random.among(1, 40).to_string(), "teu".to_owned()),
        false => (tenths(random.among(100, 6_000)), "ton".to_owned()),
    };
    row
}

fn by_sea(random: &mut Random, base: &Shipment) -> Vec<Shipment> {
    let (from, to) = loop {
        let (from, to) = two(random, &PORTS);
        if great_circle_km(from.0, to.0).is_some_and(|km| km > SHORTEST_BY_SEA) {
            break (from, to);
        }
    };
    let (unit, most) = *random.pick(&[("teu", 24), ("feu", 12), ("ton", 260)]);
    let load = random.among(1, most).to_string();
    let toc = *random.pick(&["", "", "container_ship_average", "general_cargo_ship_average"]);
    let mut rows = Vec::new();
    if random.percent(45) && from.2 != from.0 {
        rows.push(leg(base, (from.2, from.1), (from.0, from.1), "road", "truck_diesel", "FIRST_MILE"));
    }
    rows.push(leg(base, (from.0, from.1), (to.0, to.1), "maritime", toc, "MAIN_HAUL"));
    if random.percent(45) && to.2 != to.0 {
        rows.push(leg(base, (to.0, to.1), (to.2, to.1), "road", "artic_truck_diesel", "LAST_MILE"));
    }
    for row in &mut rows {
        (row.load, row.load_unit) = (load.clone(), unit.to_owned());
    }
    rows
}

fn by_air(random: &mut Random, base: &Shipment) -> Vec<Shipment> {
    let (from, to) = two(random, &AIRPORTS);
    let load = random.among(15, 4_800).to_string();
    let toc = *random.pick(&["", "aircraft_belly", "aircraft_freighter"]);
    let mut rows = vec![leg(base, (from.0, from.1), (to.0, to.1), "air", toc, "MAIN_HAUL")];
    if random.percent(50) {
        rows.push(leg(base, (to.0, to.1), (to.2, to.1), "road", "van_diesel", "LAST_MILE"));
    }
    for row in &mut rows {
        (row.load, row.load_unit) = (load.clone(), "kg".to_owned());
    }
    rows
}

fn leg(
    base: &Shipment,
    from: (&str, &str),
    to: (&str, &str),
    mode: &str,
    toc: &str,
    stage: &str,
) -> Shipment {
    let mut row = between(base.clone(), &from, &to, mode);
    row.toc = toc.to_owned();
    row.movement_stage = stage.to_owned();
    row
}

fn between(base: Shipment, from: &(&str, &str), to: &(&str, &str), category: &str) -> Shipment {
    Shipment {
        origin: from.0.to_owned(),
        destination: to.0.to_owned(),
        origin_country: from.1.to_owned(),
        category: category.to_owned(),
        ..base
    }
}

fn tenths(number: u64) -> String {
    format!("{}.{}", number / 10, number % 10)
}

fn plate(random: &mut Random) -> String {
    const LETTERS: [char; 20] =
        ['B', 'C', 'D', 'F', 'G', 'H', 'J', 'K', 'L', 'M', 'N', 'P', 'R', 'S', 'T', 'V', 'W', 'X', 'Y', 'Z'];
    let letters: String = (0..3).map(|_| *random.pick(&LETTERS)).collect();
    format!("{:04}-{letters}", random.among(0, 9_999))
}
