//! The report and the older API, over HTTP.

use serde_json::{Value, json};

use crate::support::{Answer, Server, authorized};

const PERIOD: &str = "start_date=2025-01-01&end_date=2025-12-31";

fn leg(server: &Server, date: &str, client: &str, more: &Value) {
    let mut body = json!({
        "distance_km": 100, "load": 1000, "toc": "artic_truck_diesel", "origin_country": "GB", "year": 2025, "shipment_date": date,
        "client": client,
    });
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    server.create(&body);
}

fn filled(server: &Server) -> Value {
    leg(server, "2025-01-15", "ACME", &json!({}));
    leg(server, "2025-02-15", "ACME", &json!({ "movement_id": "M1", "package_key": "P1" }));
    leg(
        server,
        "2025-02-16",
        "=cmd()",
        &json!({ "movement_id": "M1", "package_key": "P1", "subcontractor": true }),
    );
    leg(server, "2024-12-31", "ACME", &json!({}));
    let tocs = server.get("/v1/logistics/tocs").body;
    let truck = tocs.as_array().unwrap().iter().find(|toc| toc["toc"] == "artic_truck_diesel").unwrap();
    let fuels = server.get("/v1/logistics/fuels").body;
    let diesel = fuels["fuels"].as_array().unwrap().iter().find(|fuel| fuel["name"] == "diesel").unwrap();
    let recharge = json!({
        "fuel_id": diesel["id"], "country": "GB", "date": "2025-06-01", "quantity": 10, "toc_id": truck["id"],
    });
    assert_eq!(server.post("/v1/logistics/recharges", &recharge.to_string()).status, 200);
    server.get(&format!("/v1/logistics/report?{PERIOD}")).body
}

fn kg(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-4
}

#[test]
fn a_report_adds_up() {
    let server = Server::start();
    let report = filled(&server);
    let total = kg(&report["summary"]["total_co2e_kg"]);
    // Three legs of 100 tkm at 0.09623 kg/tkm: DESNZ 2025, all artics, average laden.
    assert!(close(total, 3.0 * 9.623), "{report}");
    assert_eq!((&report["data_source"], &report["summary"]["total_items"]), (&json!("packages"), &json!(2)));
    let sum = |list: &str, field: &str| {
        report[list].as_array().unwrap().iter().map(|part| kg(&part[field])).sum::<f64>()
    };
    assert!(close(sum("scopes", "co2e_kg"), total) && close(sum("by_month", "co2e_kg"), total));
    assert!(close(sum("by_category", "percentage_co2e"), 100.0) && close(sum("by_client", "co2e_kg"), total));
    assert_eq!(report["by_month"].as_array().unwrap().len(), 2);
    let truck = &report["by_toc"][0];
    assert!(close(kg(&truck["default_g_per_tkm"]), 96.23));
    // 10 litres over 200 tonne-kilometres of own legs.
    assert!(close(kg(&truck["own_g_per_tkm"]), 10.0 * 3.18183 / 200.0 * 1000.0), "{truck}");
    assert_eq!(report["data_quality"]["default"]["legs"], 0);
    assert!(report["sources"][0]["title"].as_str().unwrap().contains("GHG Conversion Factors"));
    let own = server.get(&format!("/v1/logistics/report?{PERIOD}&client=ACME")).body;
    assert_eq!((&own["summary"]["total_legs"], &own["fuels"]), (&json!(2), &json!([])));
}

#[test]
fn a_report_is_json_a_page_or_a_table() {
    let server = Server::start();
    filled(&server);
    let get = |accept: &'static str, format: &str| -> Answer {
        let [key, organization, _] = authorized();
        let path = format!("/v1/logistics/report?{PERIOD}{format}");
        server.send("GET", &path, None, &[key, organization, ("accept", accept)])
    };
    let content = |answer: &Answer| {
        let header = answer.headers.iter().find(|(name, _)| name == "content-type");
        header.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    for (accept, format, media) in [
        ("*/*", "", "application/json"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "", "text/html; charset=utf-8"),
        ("text/csv", "", "text/csv; charset=utf-8"),
        ("text/html", "&format=json", "application/json"),
        ("*/*", "&format=html", "text/html; charset=utf-8"),
    ] {
        let answer = get(accept, format);
        assert_eq!((answer.status, content(&answer)), (200, media.to_owned()), "{accept} {format}");
    }
    let page = get("text/html", "").text;
    assert!(page.contains("<svg") && !page.contains("<script") && !page.contains("http://"), "{page}");
    let table = get("text/csv", "").text;
    assert!(table.starts_with("section,name,measure,value") && table.contains("client,'=cmd()"), "{table}");
    assert_eq!(get("*/*", "&format=pdf").status, 422);
}

#[test]
fn the_older_api_calculates_and_keeps_nothing() {
    let server = Server::start();
    let shipment = json!({ "origin": "Madrid, Spain", "destination": "Barcelona, Spain", "toc": "truck_articulated", "load": 1000 });
    let answer = server.post("/api/v1/logistics/shipment", &shipment.to_string());
    assert_eq!((answer.status, &answer.body["toc"]), (200, &json!("truck_articulated")), "{}", answer.text);
    let tkm = kg(&answer.body["distance_km"]);
    let factor = kg(&answer.body["emission_factor"]);
    assert!((kg(&answer.body["co2e"]) / (tkm * factor) - 1.0).abs() < 0.06, "{}", answer.text);
    assert_eq!(server.get("/v1/logistics/requests").body["total"], 0);

    let [_, organization, content] = authorized();
    let key = format!("Bearer {}", crate::support::KEY);
    let bearer = [("authorization", key.as_str()), organization, content];
    let tocs = server.send("GET", "/api/v1/logistics/tocs", None, &bearer).body;
    let ids: Vec<&str> = tocs.as_array().unwrap().iter().map(|toc| toc["toc_id"].as_str().unwrap()).collect();
    assert!(ids.is_sorted_by(|a, b| a < b) && ids.contains(&"rail_freight"));

    filled(&server);
    let report = server.get(&format!("/api/v1/logistics/clients/report?client=ACME&{PERIOD}")).body;
    let summary = &report["summary"];
    assert_eq!((&summary["total_shipments"], &summary["total_load"]), (&json!(2), &json!(2000.0)));
    assert_eq!(summary["avg_distance_per_shipment"], 100.0);
}
