//! Files as people have them.

#![allow(clippy::unwrap_used, reason = "the helpers of tests fail loudly, as tests do")]

use std::io::Cursor;

use logistics_domain::leg::{NewLeg, Vehicle};
use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use shipment_table::{CellError, Field, Options, Record, Table, TableError};

type Read = Vec<Result<NewLeg, Vec<CellError>>>;

fn open(bytes: impl Into<Vec<u8>>) -> Result<Table, TableError> {
    Table::open(Cursor::new(bytes.into()), &Options { rows_per_block: 2, ..Options::default() })
}

fn legs(bytes: impl Into<Vec<u8>>) -> Read {
    let mut table = open(bytes).unwrap();
    let reader = table.reader();
    let mut legs = Vec::new();
    while let Some(block) = table.next_block().unwrap() {
        legs.extend(block.rows().filter(|row| !row.is_blank()).map(|row| reader.leg(row)));
    }
    legs
}

fn fault(bytes: impl Into<Vec<u8>>) -> CellError {
    let mut faults = legs(bytes).into_iter().find_map(Result::err).unwrap();
    assert_eq!(faults.len(), 1, "{faults:?}");
    faults.remove(0)
}

fn utf16(text: &str, mark: bool, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    mark.then_some(0xfeff).into_iter().chain(text.encode_utf16()).flat_map(bytes).collect()
}

const PLAIN: &str = "origin,destination,load,load_unit,category,shipment_date\n\
    \"Málaga, Spain\",Paris,12.5,ton,road,2024-11-25\n\
    Lyon,Köln,800,kg,rail,2024-12-01\n\
    Lyon,Köln,801,kg,rail,2024-12-02\n";

#[test]
fn every_dialect_and_encoding_says_the_same() {
    let plain = legs(PLAIN);
    assert_eq!(plain.len(), 3);
    assert_eq!(plain[0].as_ref().unwrap().origin.as_deref(), Some("Málaga, Spain"));
    let spanish = "Dirección origen;Destino;Peso (t);Modo de transporte;Fecha de envío\r\n\
        Málaga, Spain;Paris;12,5;Carretera;25/11/2024\r\n\
        Lyon;Köln;0,8;tren;01/12/2024\r\n\r\n\
        Lyon;Köln;0,801;Ferrocarril;02/12/2024\r\n";
    let read = legs(spanish);
    let tonnes = |leg: &NewLeg| (leg.load.unwrap().amount(), leg.shipment_date, leg.destination.clone());
    assert_eq!(tonnes(read[0].as_ref().unwrap()), tonnes(plain[0].as_ref().unwrap()));
    assert_eq!(read[2].as_ref().unwrap().shipment_date, plain[2].as_ref().unwrap().shipment_date);
    let (windows, _, _) = encoding_rs::WINDOWS_1252.encode(spanish);
    for bytes in [
        windows.into_owned(),
        [b"\xef\xbb\xbf", spanish.as_bytes()].concat(),
        [b"sep=;\r\n", spanish.as_bytes()].concat(),
        utf16(spanish, true, u16::to_le_bytes),
        utf16(spanish, true, u16::to_be_bytes),
        utf16(spanish, false, u16::to_le_bytes),
        spanish.replace(';', "\t").into_bytes(),
        spanish.replace(';', "|").into_bytes(),
    ] {
        assert_eq!(legs(bytes), read);
    }
}

#[test]
fn template_names_are_known() {
    let leg = legs(
        "date,vehicle,origin,destination,distance,weight,toc,client\n2024-11-25,1234-ABC,A,B,500,1000,van_diesel,ACME\n",
    );
    let leg = leg[0].as_ref().unwrap();
    assert_eq!(leg.vehicle, Vehicle::Toc("van_diesel".to_owned()));
    assert_eq!(leg.trace.vehicle_license_plate.as_deref(), Some("1234-ABC"));
    assert_eq!((leg.distance.unwrap().get(), leg.trace.client.as_deref()), (500.0, Some("ACME")));
    let leg = legs("vehicle,distance\nvan_diesel,5\n");
    assert_eq!(leg[0].as_ref().unwrap().vehicle, Vehicle::Toc("van_diesel".to_owned()));
}

#[test]
fn a_workbook_says_the_same() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, name) in ["Origen", "Destino", "Peso (t)", "Modo", "Fecha"].into_iter().enumerate() {
        sheet.write(1, u16::try_from(column).unwrap(), name).unwrap();
    }
    sheet.write(2, 0, "Málaga, Spain").unwrap();
    sheet.write(2, 1, "Paris").unwrap();
    sheet.write(2, 2, 12.5).unwrap();
    sheet.write(2, 3, "carretera").unwrap();
    let day = ExcelDateTime::from_ymd(2024, 11, 25).unwrap();
    sheet.write_with_format(2, 4, &day, &Format::new().set_num_format("dd/mm/yyyy")).unwrap();
    sheet.write(4, 0, "Lyon").unwrap();
    let mut table = open(book.save_to_buffer().unwrap()).unwrap();
    let reader = table.reader();
    let block = table.next_block().unwrap().unwrap();
    let rows: Vec<_> = block.rows().collect();
    let leg = reader.leg(rows[0]).unwrap();
    assert_eq!((rows[0].number(), leg.load.unwrap().amount()), (3, 12.5));
    assert_eq!(leg.shipment_date.unwrap().to_string(), "2024-11-25");
    let faults = reader.leg(rows[1]).unwrap_err();
    let fields: Vec<_> = faults.iter().map(|fault| (fault.row, fault.field.unwrap())).collect();
    assert_eq!(fields, [(5, "destination"), (5, "category")]);
}

#[test]
fn faults_name_row_column_value_and_remedy() {
    let head = "Origin;Distance;Load (kg);Mode;Date\n";
    let with = |row: &str| format!("{head}{row}\n");
    let wrong = fault(with("A;12;heavy;road;2024-01-01"));
    assert_eq!((wrong.row, wrong.column.as_deref(), wrong.value.as_str()), (2, Some("Load (kg)"), "heavy"));
    assert!(wrong.message.contains("give a number"), "{}", wrong.message);
    assert!(fault(with("A;1.234;5;road;2024-01-01")).message.contains("thousands or decimals"));
    assert!(fault(with("A;12;5;road;03/04/2024")).message.contains("2024-04-03 or 2024-03-04"));
    assert!(fault(with("A;12;5;teleport;2024-01-01")).message.contains("road, rail, maritime, air"));
    assert!(fault(with("A;12;-5;road;2024-01-01")).message.contains("number from 0"));
    let shifted = fault("origin,distance,category\nMadrid, Spain,12,road\n");
    assert_eq!((shifted.column, shifted.field, shifted.value.as_str()), (None, None, "road"));
    // What the file shows elsewhere settles what could be read in two ways.
    assert!(
        legs(format!("{head}A;1.234;5,5;road;25/04/2024\nA;1.234,5;5;road;03/04/2024\n"))
            .iter()
            .all(Result::is_ok)
    );
}

#[test]
fn files_that_are_none_say_why() {
    assert!(matches!(open(""), Err(TableError::Empty)));
    assert!(matches!(open("\n\n"), Err(TableError::Empty)));
    assert!(matches!(open("a,b\n1,2\n"), Err(TableError::NoColumns { .. })));
    assert!(matches!(open("peso,weight\n1,2\n"), Err(TableError::TwoColumns { field: Field::Load, .. })));
    assert!(open("load,weight\n1,2\n").is_ok());
    assert!(matches!(open("PK\u{3}\u{4} but no workbook"), Err(TableError::Workbook(_))));
    let endless = format!("origin,toc\n\"{}", "x\n".repeat(1 << 20));
    assert!(matches!(open(endless), Err(TableError::LongRow { row: 2 })));
    let miles = open("distance (miles),toc\n1,van_diesel\n").unwrap();
    assert_eq!(miles.reader().columns().position(Field::DistanceKm), None);
}

#[test]
fn a_workbook_that_unpacks_to_too_much_is_refused() {
    let mut book = Workbook::new();
    book.add_worksheet().write(0, 0, "origin").unwrap();
    let options = Options { most_unpacked: 1_000, ..Options::default() };
    let refused = Table::open(Cursor::new(book.save_to_buffer().unwrap()), &options);
    assert!(matches!(refused, Err(TableError::LargeWorkbook { most: 1_000, .. })));
}

#[test]
fn rows_are_numbered_as_an_editor_does() {
    let mut table = open("\n\norigin,toc\r\n\r\n\"two\r\nlines\",a\r\nb,c\r\n\r\nd,e").unwrap();
    let mut numbers = Vec::new();
    while let Some(block) = table.next_block().unwrap() {
        numbers.extend(block.rows().map(|row| (row.number(), row.cell(1).to_owned())));
    }
    assert_eq!(numbers, [(5, "a".to_owned()), (7, "c".to_owned()), (9, "e".to_owned())]);
}

#[test]
fn records_have_the_fields_that_are_there() {
    let mut table = open("weight,unit,toc,distance,clean\n5,TEU,x,,yes\n").unwrap();
    let block = table.next_block().unwrap().unwrap();
    let draft = table.reader().draft(block.rows().next().unwrap());
    assert_eq!(draft.unwrap_err()[0].field, Some("origin"));
    let mut table = open("weight,unit,toc,distance,cleaning\n5,TEU,x,1e2,yes\n").unwrap();
    let block = table.next_block().unwrap().unwrap();
    let draft = table.reader().draft(block.rows().next().unwrap()).unwrap();
    assert_eq!(
        serde_json::to_string(&Record(&draft)).unwrap(),
        r#"{"distance_km":100.0,"load":5.0,"load_unit":"teu","toc":"x","cleaning":true}"#
    );
}

proptest! {
    #[test]
    fn cells_come_back_whatever_is_in_them(
        rows in prop::collection::vec(prop::collection::vec("[^\\x00]{0,12}", 3), 1..12),
        crlf in any::<bool>(),
    ) {
        let terminator = if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
        let mut writer = csv::WriterBuilder::new()
            .quote_style(csv::QuoteStyle::Always)
            .terminator(terminator)
            .from_writer(Vec::new());
        writer.write_record(["origin", "destination", "toc"]).unwrap();
        rows.iter().for_each(|row| writer.write_record(row).unwrap());
        let mut table = open(writer.into_inner().unwrap()).unwrap();
        let mut read = Vec::new();
        while let Some(block) = table.next_block().unwrap() {
            prop_assert!(block.len() <= 2 && !block.is_empty());
            read.extend(block.rows().map(|row| row.cells().map(str::to_owned).collect::<Vec<_>>()));
        }
        prop_assert_eq!(read, rows);
    }

    #[test]
    fn no_file_is_too_strange(bytes in prop::collection::vec(any::<u8>(), 0..300), head in any::<bool>()) {
        let head: &[u8] = if head { b"origin,distance,load,shipment_date,toc\n" } else { b"" };
        if let Ok(mut table) = open([head, &bytes].concat()) {
            let reader = table.reader();
            while let Ok(Some(block)) = table.next_block() {
                for row in block.rows() {
                    if let Err(faults) = reader.leg(row) {
                        prop_assert!(!faults.is_empty() && faults.iter().all(|fault| fault.row == row.number()));
                    }
                }
            }
        }
    }
}
