//! Fuel and electricity, over HTTP.

use serde_json::{Value, json};

use crate::support::{Answer, Server, authorized};

fn fuel(server: &Server, name: &str) -> Value {
    let answer = server.get("/v1/logistics/fuels");
    assert_eq!(answer.status, 200, "{}", answer.text);
    let fuels = answer.body["fuels"].as_array().unwrap();
    assert_eq!(answer.body["total_count"], fuels.len());
    fuels.iter().find(|fuel| fuel["name"] == name && fuel["region"] == "GLO").unwrap().clone()
}

fn diesel(server: &Server) -> Value {
    json!({
        "fuel_id": fuel(server, "diesel")["id"], "country": "ES", "date": "2025-03-01", "quantity": 100,
        "vehicle_license_plate": "1234-ABC",
    })
}

fn with(body: &Value, field: &str, value: Value) -> Value {
    let mut body = body.clone();
    body[field] = value;
    body
}

fn create(server: &Server, body: &Value) -> Value {
    let answer = server.post("/v1/logistics/recharges", &body.to_string());
    assert_eq!(answer.status, 200, "{body} gave {}", answer.text);
    answer.body
}

fn total(server: &Server, query: &str) -> u64 {
    let answer = server.get(&format!("/v1/logistics/recharges{query}"));
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.body["total"].as_u64().unwrap()
}

fn faults(answer: &Answer) -> Vec<&str> {
    assert_eq!(answer.status, 422, "{}", answer.text);
    let faults = answer.body["detail"].as_array().unwrap();
    faults.iter().map(|fault| fault["loc"][1].as_str().unwrap()).collect()
}

#[test]
fn a_recharge_is_calculated_and_updated_by_its_key() {
    let server = Server::start();
    let first = create(&server, &diesel(&server));
    // DESNZ 2025, diesel with the average biofuel blend, per litre: WTT 0.61101, TTW 2.57082.
    assert_eq!(
        (&first["co2e_wtt"], &first["co2e_ttw"], &first["co2e"]),
        (&json!(61.101), &json!(257.082), &json!(318.183))
    );
    assert_eq!(
        (&first["fuel_name"], &first["unit"], &first["vehicle_type"]),
        (&json!("diesel"), &json!("l"), &Value::Null)
    );
    assert_eq!(first["factor"]["row"], "defra2025-diesel-average-biofuel-blend.l");
    assert_eq!(first["factor"]["pack_digest"].as_str().unwrap().len(), 64);

    let tocs = server.get("/v1/logistics/tocs").body;
    let truck = tocs.as_array().unwrap().iter().find(|toc| toc["toc"] == "articulated_truck_diesel").unwrap();
    let again = create(&server, &with(&diesel(&server), "toc_id", truck["id"].clone()));
    assert_eq!((&again["id"], &again["created_at"]), (&first["id"], &first["created_at"]));
    assert_eq!((&again["vehicle_type"], &again["toc"]), (&truck["vehicle"], &json!("artic_truck_diesel")));
    assert_eq!(total(&server, ""), 1);
    let by_mass = with(&with(&diesel(&server), "unit", json!("kg")), "quantity", json!("10"));
    assert_eq!(create(&server, &by_mass)["co2e_ttw"], 30.87945);
    let summary = server.get("/v1/logistics/summary").body;
    assert_eq!(summary["recharges"]["count"], 2);
    assert!(summary["recharges"]["last_updated"].is_string());
}

#[test]
fn electricity_follows_the_country_of_the_recharge() {
    let server = Server::start();
    let electricity = fuel(&server, "electricity");
    assert_eq!(electricity["unit"], "kwh");
    let body = with(&diesel(&server), "fuel_id", electricity["id"].clone());
    let spain = create(&server, &body);
    let poland = create(&server, &with(&body, "country", json!("PL")));
    assert!(poland["co2e"].as_f64() > spain["co2e"].as_f64());
    assert_eq!((&spain["co2e_ttw"], &spain["co2e_wtt"]), (&json!(0.0), &spain["co2e"]));
}

#[test]
fn what_is_wrong_is_named() {
    let server = Server::start();
    let send = |body: &Value| server.post("/v1/logistics/recharges", &body.to_string());
    assert_eq!(faults(&send(&json!({}))), ["fuel_id", "country", "date", "quantity"]);
    let body = diesel(&server);
    for (field, value) in [
        ("fuel_id", json!("diesel")),
        ("country", json!("XX")),
        ("country", json!("GLO")),
        ("date", json!("31-12-2025")),
        ("quantity", json!(-1)),
        ("quantity", json!([1])),
        ("unit", json!("gallons")),
        ("unit", json!("mj")),
        ("toc_id", json!(7)),
    ] {
        assert_eq!(faults(&send(&with(&body, field, value))), [field]);
    }
    for (field, detail) in [("fuel_id", "Fuel not found"), ("toc_id", "TOC not found")] {
        let unknown = with(&body, field, json!("00000000-0000-0000-0000-000000000000"));
        let answer = send(&unknown);
        let said = answer.body["detail"].as_str().unwrap();
        let named = format!("{detail}: {field} is '00000000-0000-0000-0000-000000000000'");
        assert!(answer.status == 404 && said.starts_with(&named), "{}", answer.text);
        let bulk = server.post("/v1/logistics/recharges/bulk", &json!({"records": [unknown]}).to_string());
        assert_eq!(bulk.body["errors"][0]["error"], said);
    }
    assert_eq!(total(&server, ""), 0);
}

#[test]
fn a_bulk_call_judges_each_record_by_itself() {
    let server = Server::start();
    let good = diesel(&server);
    let records =
        json!([good, with(&good, "country", json!("XX")), 7, with(&good, "quantity", json!(5)), good]);
    let send = |body: Value| server.post("/v1/logistics/recharges/bulk", &body.to_string());
    let answer = send(json!({ "records": records }));
    assert_eq!(answer.status, 200, "{}", answer.text);
    let body = &answer.body;
    let counts =
        ["total_received", "total_processed", "success", "failed"].map(|name| body[name].as_u64().unwrap());
    assert_eq!(counts, [5, 5, 3, 2]);
    assert_eq!(body["results"][0]["id"], body["results"][2]["id"]);
    assert!(body["errors"][0]["error"].as_str().unwrap().contains("country is 'XX'"));
    assert_eq!((&body["errors"][0]["index"], &body["errors"][1]["index"]), (&json!(1), &json!(2)));
    assert_eq!(total(&server, &format!("?file_id[]={}", body["file_id"].as_str().unwrap())), 2);

    let stopped = send(json!({ "records": records, "options": { "continue_on_error": false } }));
    assert_eq!((&stopped.body["success"], &stopped.body["total_processed"]), (&json!(1), &json!(2)));
    assert_eq!(faults(&send(json!({}))), ["records"]);
    assert_eq!(faults(&send(json!({ "records": vec![good; 5001] }))), ["records"]);
}

#[test]
fn recharges_are_listed_by_filter_and_deleted() {
    let server = Server::start();
    let first = create(&server, &diesel(&server));
    let petrol = with(&diesel(&server), "fuel_id", fuel(&server, "petrol")["id"].clone());
    let project = "7d0c3f0e-6f5c-4b1e-9d59-0d1b9c4b7a11";
    let petrol = with(&with(&petrol, "vehicle_license_plate", json!("9-XYZ")), "project_id", json!(project));
    let second = create(&server, &with(&petrol, "date", json!("2024-01-31")));
    for (query, count) in [
        ("?search=34-ab".to_owned(), 1),
        ("?vehicle_license_plate=9-XYZ&vehicle_license_plate[]=1234-ABC".to_owned(), 2),
        ("?vehicle_type=van".to_owned(), 0),
        (format!("?fuel_id[]={}", second["fuel_id"].as_str().unwrap()), 1),
        ("?date_from=2024-01-31&date_until=2024-12-31".to_owned(), 1),
        ("?created_at_from=2999-01-01".to_owned(), 0),
        ("?status=active".to_owned(), 2),
        ("?status[]=error".to_owned(), 0),
        (format!("?project_id={project}"), 1),
    ] {
        assert_eq!(total(&server, &query), count, "{query}");
    }
    assert_eq!(faults(&server.get("/v1/logistics/recharges?size=101&fuel_id=x&status=new")).len(), 3);
    let values = server.get("/v1/logistics/recharges/unique-values?field=fuel_name").body;
    assert_eq!(values["values"][1], json!({ "value": "petrol", "label": "petrol", "count": 1 }));
    let values = server.get("/v1/logistics/recharges/unique-values?field=file_id").body;
    assert_eq!((&values["total_count"], &values["values"][0]["value"]), (&json!(1), &Value::Null));
    assert_eq!(faults(&server.get("/v1/logistics/recharges/unique-values?field=x")), ["field"]);
    assert_eq!(
        server.get(&format!("/v1/logistics/summary?project_id={project}")).body["recharges"]["count"],
        1
    );

    let unknown = "00000000-0000-0000-0000-000000000000";
    let batch = |ids: &Value| {
        server.post("/v1/logistics/recharges/batch-delete", &json!({ "recharge_ids": ids }).to_string())
    };
    let answer = batch(&json!([first["id"], unknown]));
    assert_eq!((answer.status, &answer.body["detail"]), (404, &json!("Logistics recharge not found")));
    assert_eq!(total(&server, ""), 2);
    assert_eq!(batch(&json!([first["id"]])).status, 204);
    let path = format!("/v1/logistics/recharges/{}", second["id"].as_str().unwrap());
    assert_eq!(server.send("DELETE", &path, None, &authorized()).status, 204);
    let gone = server.send("DELETE", &path, None, &authorized());
    assert_eq!((gone.status, &gone.body["detail"]), (404, &json!("Logistics recharge not found")));
}

#[test]
fn a_call_with_a_key_is_done_once() {
    let server = Server::start();
    let send = |body: &Value| {
        let [key, organization, content] = authorized();
        let headers = [key, organization, content, ("idempotency-key", "night-1")];
        server.send("POST", "/v1/logistics/recharges", Some(&body.to_string()), &headers)
    };
    let body = diesel(&server);
    let first = send(&body);
    let again = send(&body);
    assert_eq!((again.status, &again.text), (200, &first.text));
    assert_eq!(send(&with(&body, "quantity", json!(7))).status, 422);
    assert_eq!(total(&server, ""), 1);
}
