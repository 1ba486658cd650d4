//! The sample files.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook};

use crate::mistakes::{self, Made};
use crate::shipments::{self, COLUMNS, Shipment};

const SEED: u64 = 2025;

/// Every file with its name.
pub fn all() -> Vec<(&'static str, Vec<u8>)> {
    let Made { rows, mistakes } = mistakes::make(shipments::all(5_000, SEED), SEED);
    let small: Vec<Shipment> = small();
    vec![
        ("shipments.csv", csv(&rows)),
        ("mistakes.csv", listed(&rows, &mistakes)),
        ("small.csv", csv(&small)),
        ("envios.csv", spanish(&small)),
        ("small.xlsx", workbook(&small)),
    ]
}

/// Ten rows of all modes without a mistake, in letters that Windows-1252 has.
fn small() -> Vec<Shipment> {
    let mut rows = shipments::all(200, SEED + 1);
    rows.retain(|row| row.cells().iter().all(|cell| !encoding_rs::WINDOWS_1252.encode(cell).2));
    let of = |category: &'static str, count| {
        rows.iter().filter(move |row| row.category == category && !row.load.is_empty()).take(count).cloned()
    };
    of("road", 5).chain(of("rail", 2)).chain(of("maritime", 2)).chain(of("air", 1)).collect()
}

fn csv(rows: &[Shipment]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS).unwrap();
    rows.iter().for_each(|row| writer.write_record(row.cells()).unwrap());
    writer.into_inner().unwrap()
}

/// Where the mistakes are.
fn listed(rows: &[Shipment], mistakes: &[(usize, &str)]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["row", "movement_id", "mistake"]).unwrap();
    for (at, mistake) in mistakes {
        writer.write_record([&(at + 2).to_string(), &rows[*at].movement_id, *mistake]).unwrap();
    }
    writer.into_inner().unwrap()
}

/// As a Spanish spreadsheet saves it: semicolons, decimal commas, days first, Windows-1252.
fn spanish(rows: &[Shipment]) -> Vec<u8> {
    let mut writer =
        csv::WriterBuilder::new().delimiter(b';').terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer
        .write_record([
            "Referencia",
            "Fecha de envío",
            "Cliente",
            "Origen",
            "Destino",
            "Modo de transporte",
            "Peso",
            "Unidad",
            "Año",
        ])
        .unwrap();
    for row in rows {
        let (year, rest) = row.shipment_date.split_once('-').unwrap();
        let (month, day) = rest.split_once('-').unwrap();
        let mode = match row.category.as_str() {
            "road" => "Carretera",
            "rail" => "Ferrocarril",
            "maritime" => "Marítimo",
            _ => "Aéreo",
        };
        writer
            .write_record([
                &row.movement_id,
                &format!("{day}/{month}/{year}"),
                &row.client,
                &row.origin,
                &row.destination,
                mode,
                &format!("{},0", row.load).replace(".", ",").replace(",0,0", ",0"),
                &row.load_unit,
                &row.year,
            ])
            .unwrap();
    }
    let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
    encoding_rs::WINDOWS_1252.encode(&text).0.into_owned()
}

fn workbook(rows: &[Shipment]) -> Vec<u8> {
    let mut book = Workbook::new();
    let made = ExcelDateTime::from_ymd(2025, 1, 1).unwrap();
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let sheet = book.add_worksheet();
    sheet.set_name("Shipments").unwrap();
    let day = Format::new().set_num_format("yyyy-mm-dd");
    for (column, name) in (0u16..).zip(COLUMNS) {
        sheet.write(0, column, name).unwrap();
    }
    for (at, row) in (1u32..).zip(rows) {
        for (column, (name, cell)) in (0u16..).zip(COLUMNS.iter().zip(row.cells())) {
            match (*name, cell.parse::<f64>()) {
                (_, _) if cell.is_empty() => {}
                ("shipment_date", _) => {
                    sheet
                        .write_with_format(at, column, ExcelDateTime::parse_from_str(cell).unwrap(), &day)
                        .unwrap();
                }
                (_, Ok(number)) => drop(sheet.write(at, column, number).unwrap()),
                _ => drop(sheet.write(at, column, cell).unwrap()),
            }
        }
    }
    book.save_to_buffer().unwrap()
}
