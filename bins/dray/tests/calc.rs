//! `dray calc` on files as people have them.

#![allow(clippy::unwrap_used, reason = "the helpers of tests fail loudly, as tests do")]

#[allow(dead_code, reason = "the tests of uploads use the rest")]
mod kit;

use std::collections::BTreeSet;
use std::io::Write;
use std::process::Stdio;

use kit::{dray, json, rows, run, sample};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::{Field, Row};
use serde_json::Value;

/// A row of Parquet as JSON.
fn object(row: &Row) -> Value {
    let cell = |(name, field): (&String, &Field)| {
        let value = match field {
            Field::Null => Value::Null,
            Field::Str(text) => text.as_str().into(),
            Field::Double(number) => (*number).into(),
            Field::Long(number) => (*number).into(),
            Field::Bool(flag) => (*flag).into(),
            other => format!("{other:?}").into(),
        };
        (name.clone(), value)
    };
    Value::Object(row.get_column_iter().map(cell).collect())
}

#[test]
fn every_format_says_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let calc = |out: &str| {
        let answer = json(0, &run(folder.path(), &["--json", "calc", &sample("small.csv"), "-o", out]));
        assert_eq!((answer["rows"].as_u64(), answer["rejected_file"].is_null()), (Some(10), true));
        folder.path().join(out)
    };
    let as_csv = rows(calc("out.csv"));
    let as_json: Vec<Value> =
        serde_json::from_str(&std::fs::read_to_string(calc("out.json")).unwrap()).unwrap();
    let lines = std::fs::read_to_string(calc("out.jsonl")).unwrap();
    let as_lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(as_lines, as_json);
    let parquet = SerializedFileReader::new(std::fs::File::open(calc("out.parquet")).unwrap()).unwrap();
    let as_parquet: Vec<Value> =
        parquet.get_row_iter(None).unwrap().map(|row| object(&row.unwrap())).collect();
    assert_eq!((as_csv.len(), as_parquet.len()), (10, 10));
    for ((csv, json), parquet) in as_csv.iter().zip(&as_json).zip(&as_parquet) {
        assert_eq!(json, parquet);
        for (name, cell) in csv {
            let same = match &json[name] {
                Value::Null => cell.is_empty(),
                Value::String(text) => text == cell,
                Value::Number(number) => number.as_f64() == cell.parse().ok(),
                Value::Bool(flag) => Ok(*flag) == cell.parse(),
                other => unreachable!("{other}"),
            };
            assert!(same, "{name}: {cell} in CSV, {} in JSON", json[name]);
        }
    }
    // The workbook holds the same rows.
    json(0, &run(folder.path(), &["--json", "calc", &sample("small.xlsx"), "-o", "book.csv"]));
    assert_eq!(rows(folder.path().join("book.csv")), as_csv);
    assert_eq!(run(folder.path(), &["calc", &sample("envios.csv")]).status.code(), Some(0));
}

#[test]
fn the_honest_mistakes_of_the_sample_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let answer = json(3, &run(folder.path(), &["--json", "calc", &sample("shipments.csv")]));
    assert_eq!(answer["rows"], 5_000);
    let rejected = rows(folder.path().join("shipments.rejected.csv"));
    let found: BTreeSet<String> = rejected.iter().map(|row| row["dray_row"].clone()).collect();
    // A town that is misspelled a little is found all the same, and 22 kilograms are as good a load as 22 tonnes.
    let unseen = ["a misspelled town", "tonnes without their unit"];
    let made = rows(sample("mistakes.csv"));
    let seen = made.iter().filter(|mistake| !unseen.contains(&mistake["mistake"].as_str()));
    assert_eq!(found, seen.map(|mistake| mistake["row"].clone()).collect());
    assert_eq!(answer["rejected"], rejected.len());

    // The file of the rejected rows can be given to the command as it is, and says the same.
    let again =
        json(3, &run(folder.path(), &["--json", "calc", "shipments.rejected.csv", "-o", "again.csv"]));
    // The doubled rows are alone now.
    assert_eq!(again["rejected"].as_u64().unwrap() + 4, answer["rejected"].as_u64().unwrap());
    let header = std::fs::read_to_string(folder.path().join("again.rejected.csv")).unwrap();
    assert_eq!(header.lines().next().unwrap().matches("dray_error").count(), 1);
}

#[test]
fn rows_come_through_pipes_in_their_order() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = dray(folder.path())
        .args(["calc", "-", "-o", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let writing = std::thread::spawn(move || {
        writeln!(input, "Matrícula;Distancia;Peso (t);TOC").unwrap();
        (1..=20_000).for_each(|n| writeln!(input, "{n:05};{n},5;1,5;van_diesel").unwrap());
    });
    let output = child.wait_with_output().unwrap();
    writing.join().unwrap();
    assert!(output.status.success());
    let mut reader = csv::Reader::from_reader(output.stdout.as_slice());
    let read: Vec<(u64, f64)> = reader
        .deserialize::<std::collections::HashMap<String, String>>()
        .map(|row| row.map(|row| (row["row"].parse().unwrap(), row["distance_km"].parse().unwrap())).unwrap())
        .collect();
    let expected: Vec<(u64, f64)> =
        (1..=20_000).map(|n: u32| (u64::from(n) + 1, f64::from(n) + 0.5)).collect();
    assert_eq!(read, expected);
    assert!(String::from_utf8_lossy(&output.stderr).contains("20,000"));
}

#[test]
fn refusals_say_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |arguments: &[&str], said: &str| {
        let output = run(folder.path(), arguments);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{errors}");
        assert!(errors.contains(said) && !errors.contains('\u{1b}'), "{errors}");
    };
    refused(&["calc", "none.csv"], "none.csv");
    refused(&["calc", &sample("small.csv"), "-o", "out.docx"], ".parquet");
    refused(&["calc", &sample("README.md")], "no column has a known name");
    refused(&["calc", &sample("small.xlsx"), "--sheet", "Other"], "Shipments");
    refused(&["toc", "search", "submarine"], "submarine");
    let tocs = json(0, &run(folder.path(), &["--json", "toc", "search", "van", "diesel"]));
    assert!(tocs.as_array().unwrap().iter().any(|toc| toc["toc"] == "van_diesel"));
    let pack = json(0, &run(folder.path(), &["--json", "packs", "show"]));
    assert!(
        pack["cited"]
            .as_array()
            .unwrap()
            .iter()
            .all(|source| !source["licence"].as_str().unwrap().is_empty())
    );
    let script = run(folder.path(), &["completions", "bash"]);
    assert!(String::from_utf8_lossy(&script.stdout).contains("--rejected"));
    let map = run(folder.path(), &["distance", "London", "Lyon, France", "--map", "route.svg"]);
    assert!(map.status.success());
    let svg = std::fs::read_to_string(folder.path().join("route.svg")).unwrap();
    assert!(svg.contains("class=\"ferry\"") && svg.contains(">London<"));
}
