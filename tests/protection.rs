//! What protects the server from its clients.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Answer, KEY, ORGANIZATION, Server, authorized};

const LEGS: &str = "/v1/logistics/requests";

fn start(settings: &[(&str, &str)]) -> Server {
    Server::start_in(tempfile::tempdir().unwrap(), settings)
}

fn header<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    answer.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
}

/// What comes back for bytes that a client sends.
fn raw(server: &Server, request: &str) -> String {
    let address = server.url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut bytes = [0; 4096];
    let read = stream.read(&mut bytes).unwrap();
    String::from_utf8_lossy(&bytes[..read]).into_owned()
}

#[test]
fn a_key_makes_so_many_requests_and_no_more() {
    let server = start(&[("DRAY_RATE_LIMIT", "1"), ("DRAY_RATE_LIMIT_BURST", "3")]);
    let made = server.post("/v1/api-keys", r#"{"name": "other"}"#);
    assert_eq!(made.status, 201, "{}", made.text);
    let answers: Vec<Answer> = (0..12).map(|_| server.get(LEGS)).collect();
    let refused: Vec<&Answer> = answers.iter().filter(|answer| answer.status != 200).collect();
    assert!((1..=11).contains(&refused.len()), "{answers:?}");
    for answer in refused {
        assert_eq!((answer.status, &answer.body["code"]), (429, &json!("TOO_MANY_REQUESTS")));
        let seconds: u64 = header(answer, "retry-after").unwrap().parse().unwrap();
        assert!((1..=3).contains(&seconds), "{seconds}");
    }
    let other = made.body["key"].as_str().unwrap();
    let headers = [("x-api-key", other), ("x-organization-id", ORGANIZATION)];
    assert_eq!(server.send("GET", LEGS, None, &headers).status, 200, "each key has its own limit");
}

#[test]
fn there_is_no_limit_unless_one_is_set() {
    let server = Server::start();
    assert!((0..200).all(|_| server.get(LEGS).status == 200));
}

#[test]
fn a_clients_request_id_is_echoed_and_logged() {
    let server = start(&[("DRAY_LOG", "http_api=debug,info")]);
    let mut headers = authorized().to_vec();
    headers.push(("x-request-id", "batch-7.1"));
    let answer = server.send("GET", LEGS, None, &headers);
    assert_eq!(header(&answer, "x-request-id"), Some("batch-7.1"));
    headers.pop();
    headers.push(("x-request-id", "two words"));
    assert_ne!(header(&server.send("GET", LEGS, None, &headers), "x-request-id"), Some("two words"));
    let log = server.stop_for_log();
    assert!(log.iter().any(|line| line["span"]["request_id"] == "batch-7.1"), "{log:?}");
}

#[test]
fn addresses_are_not_logged() {
    let server = start(&[("DRAY_LOG", "debug")]);
    let answer = server.get("/v1/geocode?address=Calle%20Secreta%2012%2C%20Madrid");
    assert!(answer.status < 500, "{}", answer.text);
    server.post(
        LEGS,
        r#"{"origin": "Calle Secreta 12", "destination": "Nirgendwoxyz", "load": 1, "category": "road"}"#,
    );
    let log = Value::from(server.stop_for_log()).to_string();
    assert!(!log.contains("Secreta") && !log.contains(KEY), "{log}");
}

#[test]
fn bodies_have_a_limit() {
    let server = start(&[("DRAY_MAX_BODY_BYTES", "2048")]);
    let body = format!(r#"{{"category": "road", "distance_km": 1, "client": "{}"}}"#, "x".repeat(3000));
    let refused = server.post(LEGS, &body);
    assert_eq!(
        (refused.status, &refused.body["code"]),
        (413, &json!("PAYLOAD_TOO_LARGE")),
        "{}",
        refused.text
    );
}

#[test]
fn a_client_that_stops_sending_is_told_so() {
    let server = start(&[("DRAY_CLIENT_TIMEOUT_SECONDS", "1")]);
    let head = format!(
        "POST {LEGS} HTTP/1.1\r\nhost: dray\r\nx-api-key: {KEY}\r\nx-organization-id: {ORGANIZATION}\r\n\
         content-length: 100\r\n\r\n{{\"load\":"
    );
    let answer = raw(&server, &head);
    assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("REQUEST_TIMEOUT"), "{answer}");
    let answer = raw(&server, "GET /health/live HTTP/1.1\r\nhost: dr");
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
}

#[test]
fn a_method_of_somebodys_own_makes_no_metric_of_its_own() {
    let server = Server::start();
    let answer = raw(&server, "BREW /v1/nothing HTTP/1.1\r\nhost: dray\r\nconnection: close\r\n\r\n");
    assert!(answer.starts_with("HTTP/1.1 4"), "{answer}");
    let metrics = server.get("/metrics").text;
    assert!(metrics.contains(r#"method="other""#) && !metrics.contains("BREW"), "{metrics}");
}

#[test]
fn an_answer_that_takes_too_long_is_given_up() {
    // A geocoder that accepts connections and never answers.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let settings = [
        ("DRAY_REQUEST_TIMEOUT_SECONDS", "1"),
        ("DRAY_GEOCODER", "photon"),
        ("DRAY_GEOCODER_URL", url.as_str()),
    ];
    let server = start(&settings);
    let answer =
        server.post(LEGS, r#"{"origin": "Madrid", "destination": "Toledo", "load": 1, "category": "road"}"#);
    assert_eq!((answer.status, &answer.body["code"]), (503, &json!("TIMEOUT")), "{}", answer.text);
    assert_eq!(header(&answer, "retry-after"), Some("1"));
    assert_eq!(server.get(LEGS).body["total"], 0);
}

#[test]
fn paths_and_methods_that_there_are_not() {
    let server = Server::start();
    let missing = server.get("/v1/nothing");
    assert_eq!((missing.status, missing.body), (404, json!({"detail": "Not Found"})));
    for (method, path, allowed) in [
        ("PATCH", "/v1/logistics/requests", "GET, POST"),
        ("POST", "/v1/logistics/tocs", "GET"),
        ("PUT", "/v1/logistics/requests/00000000-0000-4000-8000-000000000000", "GET, DELETE"),
        ("GET", "/v1/logistics/requests/batch-delete", "POST"),
        ("GET", "/v1/logistics/requests/bulk", "POST"),
        ("DELETE", "/v1/logistics/recharges/bulk", "POST"),
        ("DELETE", "/health/live", "GET"),
    ] {
        // With a key, so that only the method can be at fault.
        let answer = server.send(method, path, None, &authorized());
        assert_eq!((answer.status, header(&answer, "allow")), (405, Some(allowed)), "{method} {path}");
        assert_eq!(answer.body["detail"], format!("Method Not Allowed: use {allowed}"));
    }
}

#[test]
fn pages_elsewhere_call_only_where_it_is_allowed() {
    let preflight = |server: &Server, origin: &str| {
        let headers = [
            ("origin", origin),
            ("access-control-request-method", "POST"),
            ("access-control-request-headers", "x-api-key,x-organization-id,content-type"),
        ];
        server.send("OPTIONS", LEGS, None, &headers)
    };
    let allowed = |answer: &Answer| header(answer, "access-control-allow-origin").map(str::to_owned);
    let page = "https://tms.example.com";
    let closed = Server::start();
    assert_eq!(allowed(&preflight(&closed, page)), None);

    let open = start(&[("DRAY_CORS_ORIGINS", "https://tms.example.com,http://localhost:3000")]);
    for origin in [page, "http://localhost:3000"] {
        let answer = preflight(&open, origin);
        assert_eq!((answer.status, allowed(&answer).as_deref()), (200, Some(origin)), "{answer:?}");
        assert_eq!(header(&answer, "access-control-allow-credentials"), None);
    }
    assert_eq!(allowed(&preflight(&open, "https://evil.example.com")), None);
    let mut headers = authorized().to_vec();
    headers.push(("origin", page));
    let answer = open.send("GET", LEGS, None, &headers);
    assert_eq!((answer.status, allowed(&answer).as_deref()), (200, Some(page)));
    assert!(header(&answer, "access-control-expose-headers").unwrap().contains("x-request-id"));

    let to_all = start(&[("DRAY_CORS_ORIGINS", "*")]);
    assert_eq!(allowed(&preflight(&to_all, page)).as_deref(), Some("*"));
}
