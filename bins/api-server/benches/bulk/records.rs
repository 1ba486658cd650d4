//! Batches as clients send them: every field set, every movement new.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

/// As many legs as one call may bring.
pub const BATCH: usize = 5_000;

/// Towns that roads lead between.
const TOWNS: [&str; 80] = [
    "Madrid, Spain",
    "Barcelona, Spain",
    "Valencia, Spain",
    "Sevilla, Spain",
    "Zaragoza, Spain",
    "Bilbao, Spain",
    "Malaga, Spain",
    "Murcia, Spain",
    "Valladolid, Spain",
    "Vigo, Spain",
    "Lisbon, Portugal",
    "Porto, Portugal",
    "Braga, Portugal",
    "Coimbra, Portugal",
    "Paris, France",
    "Lyon, France",
    "Marseille, France",
    "Toulouse, France",
    "Bordeaux, France",
    "Lille, France",
    "Nantes, France",
    "Strasbourg, France",
    "Nice, France",
    "Rennes, France",
    "Brussels, Belgium",
    "Antwerp, Belgium",
    "Ghent, Belgium",
    "Amsterdam, Netherlands",
    "Rotterdam, Netherlands",
    "Utrecht, Netherlands",
    "Eindhoven, Netherlands",
    "Berlin, Germany",
    "Hamburg, Germany",
    "Munich, Germany",
    "Cologne, Germany",
    "Frankfurt am Main, Germany",
    "Stuttgart, Germany",
    "Leipzig, Germany",
    "Dresden, Germany",
    "Hanover, Germany",
    "Nuremberg, Germany",
    "Bremen, Germany",
    "Vienna, Austria",
    "Graz, Austria",
    "Linz, Austria",
    "Salzburg, Austria",
    "Zurich, Switzerland",
    "Geneva, Switzerland",
    "Basel, Switzerland",
    "Bern, Switzerland",
    "Milan, Italy",
    "Rome, Italy",
    "Turin, Italy",
    "Naples, Italy",
    "Bologna, Italy",
    "Florence, Italy",
    "Verona, Italy",
    "Genoa, Italy",
    "Bari, Italy",
    "Prague, Czechia",
    "Brno, Czechia",
    "Ostrava, Czechia",
    "Warsaw, Poland",
    "Krakow, Poland",
    "Wroclaw, Poland",
    "Poznan, Poland",
    "Gdansk, Poland",
    "Lodz, Poland",
    "Budapest, Hungary",
    "Debrecen, Hungary",
    "Bratislava, Slovakia",
    "Kosice, Slovakia",
    "Ljubljana, Slovenia",
    "Zagreb, Croatia",
    "Bucharest, Romania",
    "Cluj-Napoca, Romania",
    "Sofia, Bulgaria",
    "Plovdiv, Bulgaria",
    "Copenhagen, Denmark",
    "Aarhus, Denmark",
];

/// What the legs of a batch say of their way.
#[derive(Clone, Copy)]
pub enum Ways {
    /// Kilometres.
    Given,
    /// Addresses, of so many distinct pairs of towns.
    Pairs(usize),
}

/// The body of a call with legs that no call brought before.
pub fn body(ways: Ways) -> String {
    static CALLS: AtomicUsize = AtomicUsize::new(0);
    let call = CALLS.fetch_add(1, Ordering::Relaxed);
    let records: Vec<Value> = (0..BATCH).map(|index| record(call, index, ways)).collect();
    json!({"records": records, "options": {"continue_on_error": true}}).to_string()
}

fn record(call: usize, index: usize, ways: Ways) -> Value {
    let (origin, destination) = towns(match ways {
        Ways::Given => index,
        Ways::Pairs(pairs) => index % pairs,
    });
    let mut record = json!({
        "origin": origin,
        "destination": destination,
        "load": 800 + index % 1200,
        "load_unit": "kg",
        "load_factor": 0.9,
        "toc": "van_diesel",
        "category": "road",
        "origin_country": "ES",
        "year": 2025,
        "cleaning": index.is_multiple_of(10),
        "movement_id": format!("MOV-{call:05}-{index:06}"),
        "client": format!("CLIENT-{:03}", index % 40),
        "shipment_date": format!("2025-{:02}-{:02}", index % 12 + 1, index % 28 + 1),
        "movement_stretch": "last_mile",
        "movement_stage": "delivery",
        "vehicle_license_plate": format!("{:04}-BCD", index % 300),
        "trailer_license_plate": format!("R-{:04}-BBC", index % 300),
        "subcontractor": index.is_multiple_of(2),
        "package_key": format!("2683000789915060{call:05}{index:06}"),
    });
    if let Ways::Given = ways {
        record["distance_km"] = json!(120.5 + (index % 900) as f64);
    }
    record
}

/// One of the 6,320 ordered pairs of different towns.
fn towns(pair: usize) -> (&'static str, &'static str) {
    let count = TOWNS.len();
    let pair = pair % (count * (count - 1));
    let (origin, step) = (pair % count, pair / count + 1);
    (TOWNS[origin], TOWNS[(origin + step) % count])
}
