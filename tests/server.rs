//! The server as a process: first start, restart, health, documents, settings.

use std::collections::HashSet;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::support::{KEY, Server, command};

#[test]
fn the_first_start_prints_a_key_that_works_and_later_starts_print_none() {
    use std::io::Read;
    let folder = tempfile::tempdir().unwrap();
    let start = |settle: std::time::Duration| {
        let mut command = command(folder.path(), &[]);
        command.env_remove("DRAY_BOOTSTRAP_API_KEY").env_remove("DRAY_BOOTSTRAP_ORGANIZATION_ID");
        let mut process = command.stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(settle);
        process.kill().unwrap();
        let mut printed = String::new();
        process.stdout.take().unwrap().read_to_string(&mut printed).unwrap();
        process.wait().unwrap();
        printed
    };
    let first = start(std::time::Duration::from_secs(3));
    let word_after = |label: &str| {
        let rest =
            &first[first.find(label).unwrap_or_else(|| panic!("no {label} in {first}")) + label.len()..];
        rest.split_whitespace().next().unwrap().to_owned()
    };
    let (key, organization) = (word_after("API key"), word_after("organization"));
    assert!(key.starts_with("dray_") && key.len() == 37, "{key}");
    assert!(first.contains("curl -X POST http://127.0.0.1:"), "{first}");
    assert_eq!(start(std::time::Duration::from_secs(2)), "", "the key is shown once");

    let server = Server::start_in(folder, &[]);
    let headers = [("x-api-key", &*key), ("x-organization-id", &*organization)];
    assert_eq!(server.send("GET", "/v1/logistics/requests", None, &headers).status, 200);
    assert_eq!(server.get("/v1/logistics/requests").status, 401, "a later start creates no other key");
}

#[test]
fn what_was_answered_survives_kill_9() {
    let server = Server::start();
    let leg = server.create(&json!({"distance_km": 500, "load": 1000, "category": "road"}));
    let path = format!("/v1/logistics/requests/{}", leg["id"].as_str().unwrap());
    let server = server.kill_and_restart();
    assert_eq!(server.get(&path).body, leg);
}

#[test]
fn keys_are_not_stored_in_the_clear() {
    let server = Server::start();
    server.create(&json!({"distance_km": 1, "load": 1, "category": "road"}));
    let files = std::fs::read_dir(server.folder.path().join("data")).unwrap();
    for file in files {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(KEY.len()).any(|window| window == KEY.as_bytes()));
    }
}

#[test]
fn health_metrics_and_documents_need_no_key() {
    let server = Server::start();
    let get = |path: &str| server.send("GET", path, None, &[]);
    assert_eq!(get("/health/live").body, json!({"status": "ok"}));
    assert_eq!(get("/health/ready").body, json!({"status": "ok"}));

    server.post("/v1/logistics/requests", r#"{"category":"road","distance_km":1,"load":1,"surprise":1}"#);
    let metrics = get("/metrics").text;
    assert!(metrics.contains("dray_http_requests_total"), "{metrics}");
    assert!(metrics.contains("dray_unknown_body_fields_total 1"), "{metrics}");

    let openapi = get("/openapi.json").body;
    for path in
        ["/v1/logistics/requests", "/v1/logistics/requests/{request_id}/receipt", "/v1/logistics/tocs"]
    {
        assert!(openapi["paths"][path].is_object(), "{path} is not described");
    }
    let page = get("/docs/");
    assert_eq!(page.status, 200);
    assert!(page.text.contains("swagger-ui"));
    for elsewhere in ["https://cdn", "https://unpkg", "jsdelivr"] {
        assert!(!page.text.contains(elsewhere), "the viewer loads from {elsewhere}");
    }
}

#[test]
fn every_answer_names_its_request() {
    let server = Server::start();
    let id = |path: &str| {
        let headers = server.get(path).headers;
        headers.into_iter().find(|(name, _)| name == "x-request-id").map(|(_, id)| id).unwrap()
    };
    assert_ne!(id("/v1/logistics/requests"), id("/v1/nothing"));
}

#[test]
fn wrong_settings_are_refused_at_start() {
    let folder = tempfile::tempdir().unwrap();
    let bad_pack = folder.path().join("pack");
    std::fs::create_dir(&bad_pack).unwrap();
    std::fs::write(bad_pack.join("pack.tsv"), "key\tvalue\nformat\t7\n").unwrap();
    for (name, value, said) in [
        ("DRAY_BIND", "here", "--bind"),
        ("DRAY_DATABASE_URL", "mysql://dray:secret@localhost/dray", "mysql"),
        ("DRAY_DATABASE_URL", "postgres://dray:secret@127.0.0.1:1/dray", "127.0.0.1:1/dray"),
        ("DRAY_DATABASE_URL", "postgres://dray:secret@127.0.0.1:none/dray", "%XX"),
        ("DRAY_FACTOR_PACKS", "nowhere/to/be/found", "nowhere/to/be/found"),
        ("DRAY_FACTOR_PACKS", bad_pack.to_str().unwrap(), "format"),
        ("DRAY_PALLET_KG", "0", "above 0"),
        ("DRAY_GEOCODER_MIN_CONFIDENCE", "2", "from 0 to 1"),
    ] {
        let output = command(folder.path(), &[(name, value)]).output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success(), "{name}={value} was accepted");
        assert!(errors.contains(said), "{name}={value} gave {errors}");
        assert!(!errors.contains("secret"), "{errors}");
    }
}

#[test]
fn a_pallet_weighs_what_the_operator_says() {
    let server = Server::start_in(tempfile::tempdir().unwrap(), &[("DRAY_PALLET_KG", "250")]);
    let leg = server.create(&json!({"distance_km": 100, "load": 100, "load_unit": "pallets", "load_factor": 0.5, "category": "road"}));
    assert_eq!(leg["tkm"], 0.25 * 50.0 * 100.0);
    assert!(leg["estimated_data"].as_array().unwrap().contains(&json!("load_unit")));
}

#[test]
fn a_pack_by_path_comes_before_the_open_one() {
    let packs = concat!(env!("CARGO_MANIFEST_DIR"), "/../../factor-packs/glec-3.1,open");
    let server = Server::start_in(tempfile::tempdir().unwrap(), &[("DRAY_FACTOR_PACKS", packs)]);
    let leg: Value = server.create(&json!({
        "distance_km": 500, "load": 1000, "toc": "van_diesel", "origin_country": "ES", "year": 2024,
    }));
    assert_eq!(leg["co2e"], 500.0 * 0.842);
    let elsewhere =
        server.create(&json!({"distance_km": 500, "load": 1000, "toc": "van_diesel", "year": 2024}));
    assert_ne!(elsewhere["co2e"], leg["co2e"]);
}

#[test]
fn operations_have_names_of_their_own_and_links_lead_to_them() {
    let document = Server::start().get("/openapi.json").body;
    let items = document["paths"].as_object().unwrap().values();
    let operations: Vec<&Value> = items.flat_map(|item| item.as_object().unwrap().values()).collect();
    let name = |operation: &Value| operation["operationId"].as_str().unwrap().to_owned();
    let names: HashSet<String> = operations.iter().copied().map(name).collect();
    assert_eq!(names.len(), operations.len());
    let responses = operations.iter().flat_map(|one| one["responses"].as_object().unwrap().values());
    let linking: Vec<_> = responses.filter_map(|one| one["links"].as_object()).collect();
    assert_eq!(linking.len(), 7, "creates of legs, jobs, hubs, recharges, keys and trips");
    let links: Vec<&Value> = linking.iter().flat_map(|links| links.values()).collect();
    for named in ["/id", "/job_id", "/package_id", "/data/id"] {
        let place = json!(format!("$response.body#{named}"));
        let names =
            |link: &&Value| link["parameters"].as_object().unwrap().values().any(|value| *value == place);
        assert!(links.iter().any(names), "{named}");
    }
    for link in links {
        let target = operations.iter().find(|one| one["operationId"] == link["operationId"]).unwrap();
        for variable in link["parameters"].as_object().unwrap().keys() {
            let taken = target["parameters"].as_array().unwrap().iter().any(|one| one["name"] == *variable);
            assert!(taken, "{link}");
        }
    }
}
