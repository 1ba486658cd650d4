//! `dray upload` and what follows it, against a real server.

#![allow(clippy::unwrap_used, reason = "the helpers of tests fail loudly, as tests do")]

#[allow(dead_code, reason = "the tests of files use the rest")]
mod kit;

use std::time::{Duration, Instant};

use kit::{Server, json, rows, run, sample};
use serde_json::Value;

/// What a result must have in common wherever it was calculated.
fn essence(leg: &Value) -> String {
    let estimated = match &leg["estimated_data"] {
        Value::Array(names) => names.iter().map(|name| name.as_str().unwrap()).collect::<Vec<_>>().join(" "),
        text => text.as_str().unwrap_or_default().to_owned(),
    };
    let same = [
        "movement_id",
        "shipment_date",
        "origin",
        "destination",
        "origin_country",
        "category",
        "toc",
        "load_unit",
        "year",
        "movement_stage",
    ];
    let numbers = ["load", "load_factor", "distance_km", "tkm", "co2e", "emission_intensity"];
    let numbers = numbers.map(|name| format!("{:?}", leg[name].as_f64()));
    format!("{:?} {numbers:?} {estimated}", same.map(|name| leg[name].to_string()))
}

#[test]
fn a_server_answers_what_the_command_calculates() {
    let Some(server) = Server::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shipments.csv");
    std::fs::copy(sample("shipments.csv"), &file).unwrap();
    let offline = json(3, &run(folder.path(), &["--json", "calc", "shipments.csv", "-o", "offline.json"]));
    let upload = server.dray(folder.path(), &["--json", "upload", "shipments.csv"]).output().unwrap();
    let uploaded = json(3, &upload);
    assert_eq!((&uploaded["rows"], &uploaded["rejected"]), (&offline["rows"], &offline["rejected"]));
    let rejected = |name: &str| -> Vec<(String, String)> {
        let rows = rows(folder.path().join(name)).into_iter();
        rows.map(|row| (row["dray_row"].clone(), row["dray_code"].clone())).collect()
    };
    assert_eq!(rejected("shipments.rejected.csv"), rejected("offline.rejected.csv"));

    let text = std::fs::read_to_string(folder.path().join("offline.json")).unwrap();
    let offline: Vec<Value> = serde_json::from_str(&text).unwrap();
    let mut expected: Vec<String> = offline.iter().map(essence).collect();
    let legs = server.legs();
    let mut found: Vec<String> = legs.iter().filter(|leg| leg["status"] == "active").map(essence).collect();
    expected.sort_unstable();
    found.sort_unstable();
    let differs = expected.iter().zip(&found).find(|(expected, found)| expected != found);
    assert!(differs.is_none() && expected.len() == found.len(), "{differs:?}");

    let jobs = json(0, &server.dray(folder.path(), &["--json", "jobs", "list"]).output().unwrap());
    assert_eq!(jobs["items"][0]["id"], uploaded["jobs"][0]);
    let watched = server.dray(folder.path(), &["jobs", "watch"]).output().unwrap();
    assert_eq!(watched.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&watched.stdout).contains("COMPLETED"));
}

#[test]
fn an_interrupted_upload_goes_on() {
    let Some(server) = Server::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut text = "movement_id,toc,load,distance_km\n".to_owned();
    (0..4_000).for_each(|n| text.push_str(&format!("M{n},van_diesel,100,{n}\n")));
    std::fs::write(folder.path().join("many.csv"), &text).unwrap();
    let upload = ["--json", "upload", "many.csv", "--inline", "--batch", "100"];
    let mut first = server.dray(folder.path(), &upload).spawn().unwrap();
    let state = folder.path().join("many.csv.upload");
    let begun = Instant::now();
    while std::fs::read_to_string(&state).unwrap_or_default().lines().count() < 4 {
        assert!(begun.elapsed() < Duration::from_secs(60), "nothing was sent");
        std::thread::sleep(Duration::from_millis(5));
    }
    first.kill().unwrap();
    first.wait().unwrap();
    let before = server.get("/v1/logistics/summary");
    assert!(state.exists() && before["requests"]["count"].as_u64() != Some(4_000), "{before}");

    let second = server.dray(folder.path(), &upload).output().unwrap();
    assert!(String::from_utf8_lossy(&second.stderr).contains("going on after"));
    let answer = json(0, &second);
    assert_eq!((&answer["accepted"], &answer["rejected"]), (&Value::from(4_000), &Value::from(0)));
    assert_eq!(server.legs().len(), 4_000);
    assert!(!state.exists());
}

#[test]
fn rejected_rows_are_mended_and_sent_again() {
    let Some(server) = Server::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let table = "Envío;Destino;Origen;Modo;Peso (t);Nota\n1;Lyon;Paris;carretera;1,5;a\n2;Xyzzyplugh;Paris;carretera;1,5;b\n\
                 3;Lyon;Paris;carretera;mucho;c\n";
    std::fs::write(folder.path().join("envios.csv"), table).unwrap();
    for way in [&["upload", "envios.csv", "--inline"][..], &["upload", "envios.csv"]] {
        let output = server.dray(folder.path(), way).output().unwrap();
        assert_eq!(output.status.code(), Some(3), "{}", String::from_utf8_lossy(&output.stderr));
        let rejected = std::fs::read_to_string(folder.path().join("envios.rejected.csv")).unwrap();
        assert!(
            rejected.starts_with("Envío;Destino;Origen;Modo;Peso (t);Nota;dray_row;dray_code;dray_error\n2;"),
            "{rejected}"
        );
        assert!(rejected.contains(";b;3;NO_DISTANCE;") && rejected.contains(";c;4;INVALID;"), "{rejected}");
        let mended = rejected.replace("Xyzzyplugh", "Lyon").replace("mucho", "2,5");
        std::fs::write(folder.path().join("mended.csv"), mended).unwrap();
        let output = server.dray(folder.path(), &["--json", "upload", "mended.csv"]).output().unwrap();
        assert_eq!(json(0, &output)["accepted"], 2);
    }
}

#[test]
fn a_report_comes_in_three_forms() {
    let Some(server) = Server::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let table = "movement_id,shipment_date,client,toc,load,distance_km\n1,2025-02-01,A & <B>,van_diesel,100,50\n\
                 2,2025-03-01,Other,van_diesel,100,70\n3,2024-03-01,Other,van_diesel,100,90\n";
    std::fs::write(folder.path().join("year.csv"), table).unwrap();
    json(0, &server.dray(folder.path(), &["--json", "upload", "year.csv"]).output().unwrap());
    let period = ["report", "--start", "2025-01-01", "--end", "2025-12-31"];
    let report = |more: &[&str]| server.dray(folder.path(), &[&period, more].concat()).output().unwrap();

    let whole = json(0, &report(&[]));
    assert_eq!(whole["summary"]["total_items"], 2, "{whole}");
    let of_one = json(0, &report(&["--json", "--client", "A & <B>"]));
    assert_eq!(of_one["summary"]["total_items"], 1, "{of_one}");
    let csv = report(&["--csv"]);
    let csv = String::from_utf8(csv.stdout).unwrap();
    assert!(csv.lines().count() > 2 && !csv.contains('{'), "{csv}");
    let html = report(&["--html", "-o", "report.html"]);
    assert_eq!((html.status.code(), html.stdout.len()), (Some(0), 0));
    let html = std::fs::read_to_string(folder.path().join("report.html")).unwrap();
    assert!(html.starts_with("<!DOCTYPE html>") && html.contains("A &amp; &lt;B&gt;"), "{html}");

    let backwards = ["report", "--start", "2025-12-31", "--end", "2025-01-01"];
    let refused = server.dray(folder.path(), &backwards).output().unwrap();
    assert_eq!((refused.status.code(), refused.stdout.len()), (Some(1), 0));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("start_date"), "{refused:?}");
}

#[test]
fn refusals_of_the_server_say_what_to_do() {
    let Some(server) = Server::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(sample("small.csv"), folder.path().join("small.csv")).unwrap();
    let mut command = server.dray(folder.path(), &["upload", "small.csv", "--api-key", "wrong"]);
    let output = command.output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(1) && errors.contains("DRAY_API_KEY"), "{errors}");
}
