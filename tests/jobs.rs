//! Version 2: legs are kept before the answer, calculated after it, and watched by their job.

use std::io::{BufRead, BufReader};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{Answer, KEY, ORGANIZATION, Server, authorized};

const JOBS: &str = "/v2/logistics/jobs";
const BULK: &str = "/v2/logistics/requests/bulk";
const SINGLE: &str = "/v2/logistics/requests";

fn start(settings: &[(&str, &str)]) -> Server {
    Server::start_in(tempfile::tempdir().unwrap(), settings)
}

fn legs(number: usize) -> Vec<Value> {
    let leg = |n| json!({"distance_km": n, "load": 1000, "category": "road", "movement_id": format!("M{n}")});
    (1..=number).map(leg).collect()
}

fn bulk(server: &Server, records: &[Value]) -> Value {
    let answer = server.post(BULK, &json!({"records": records}).to_string());
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.body
}

fn job(server: &Server, id: &Value) -> Value {
    let answer = server.get(&format!("{JOBS}/{}", id.as_str().unwrap()));
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.body
}

/// Waits until a job has a status; its counts are checked at every look.
fn wait_for(server: &Server, id: &Value, status: &str, patience: Duration) -> Value {
    let begun = Instant::now();
    loop {
        let job = job(server, id);
        let count = |name: &str| job[name].as_u64().unwrap();
        assert_eq!(count("success_count") + count("failed_count") + count("pending_count"), count("total"));
        if job["status"] == status {
            return job;
        }
        assert!(begun.elapsed() < patience, "not {status} in time: {job}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn completed(server: &Server, id: &Value) -> Value {
    wait_for(server, id, "COMPLETED", Duration::from_secs(60))
}

fn order(server: &Server, id: &Value, order: &str) -> Answer {
    server.post(&format!("{JOBS}/{}/{order}", id.as_str().unwrap()), "")
}

fn listed(server: &Server) -> Value {
    server.get("/v1/logistics/requests?size=100").body
}

#[test]
pub fn a_batch_is_answered_before_and_calculated_after() {
    let server = Server::start();
    let answer = server.post(BULK, &json!({"records": legs(3)}).to_string());
    let body = &answer.body;
    assert_eq!((&body["total_received"], &body["total_processed"]), (&json!(3), &json!(3)));
    assert_eq!((&body["success"], &body["failed"], &body["errors"]), (&json!(3), &json!(0), &json!([])));
    assert!(body["results"].as_array().unwrap().iter().all(|result| result["co2e"].is_null()));
    let location =
        answer.headers.iter().find(|(name, _)| name == "location").map(|(_, value)| value.as_str());
    assert_eq!(location, Some(format!("{JOBS}/{}", body["job_id"].as_str().unwrap()).as_str()));

    let job = completed(&server, &body["job_id"]);
    assert_eq!(
        (&job["success_count"], &job["failed_count"], &job["pending_count"]),
        (&json!(3), &json!(0), &json!(0))
    );
    assert_eq!(
        (&job["type"], &job["file_id"], &job["stop_reason"]),
        (&json!("bulk"), &body["file_id"], &Value::Null)
    );
    assert!(job["records_per_second"].as_f64().unwrap() > 0.0 && job["seconds_left"].is_null());
    for (result, record) in body["results"].as_array().unwrap().iter().zip(legs(3)) {
        let kept = server.get(&format!("/v1/logistics/requests/{}", result["id"].as_str().unwrap())).body;
        let inline =
            server.create(&json!({"distance_km": record["distance_km"], "load": 1000, "category": "road"}));
        assert_eq!((&kept["co2e"], &kept["status"]), (&inline["co2e"], &json!("active")));
    }
}

#[test]
pub fn a_single_create_echoes_what_is_known_and_joins_the_minutes_job() {
    let server = start(&[("DRAY_WORKER", "false")]);
    let post = |body: Value| {
        let answer = server.post(SINGLE, &body.to_string());
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert!(answer.headers.iter().any(|(name, _)| name == "location"));
        answer.body
    };
    let given = post(json!({"distance_km": 500, "load": 1000, "category": "road"}));
    assert_eq!(
        (&given["distance_km"], &given["tkm"], &given["co2e"]),
        (&json!(500.0), &json!(500.0), &Value::Null)
    );
    let open = post(
        json!({"origin": "Madrid, Spain", "destination": "Barcelona, Spain", "load": 1000, "toc": "van_diesel"}),
    );
    assert_eq!(
        (&open["distance_km"], &open["tkm"], &open["co2e"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    assert_eq!((&open["category"], &open["status"]), (&json!("road"), &json!("pending")));
    let tkm = post(json!({"tkm": 7, "category": "rail"}));
    assert_eq!((&tkm["tkm"], &tkm["distance_km"]), (&json!(7.0), &Value::Null));
    assert_eq!([&open["job_id"], &tkm["job_id"]], [&given["job_id"]; 2]);

    let job = job(&server, &given["job_id"]);
    assert_eq!(
        (&job["total"], &job["type"], &job["status"]),
        (&json!(3), &json!("single"), &json!("PENDING"))
    );
    let refused = server.post(SINGLE, r#"{"load": 1}"#);
    assert_eq!(refused.status, 422);
    assert_eq!(server.post(SINGLE, r#"{"distance_km": 1, "toc": "horse_cart"}"#).body["code"], "NO_TOC");

    let server = server.kill_and_restart();
    let calculated = wait_for(&server, &given["job_id"], "RUNNING", Duration::from_secs(60));
    assert_eq!(calculated["failed_count"], 0);
    server.end_rolling_jobs();
    let job = completed(&server, &given["job_id"]);
    assert_eq!((&job["success_count"], &job["failed_count"]), (&json!(3), &json!(0)));
}

#[test]
pub fn what_is_wrong_is_in_the_answer_and_on_the_job() {
    let server = Server::start();
    let records = [
        json!({"zebra": "own", "distance_km": 100, "load": 1000, "category": "road", "movement_id": "A"}),
        json!({"zebra": "first", "load": 1000.50, "client": "Söhne, \"GmbH\"", "origin": null}),
        json!({"distance_km": 100, "load": 1000, "category": "road", "movement_id": "A"}),
        json!({"distance_km": 100, "toc": "horse_cart"}),
        json!({"origin": "Xyzzyplugh", "destination": "Madrid, Spain", "load": 1, "category": "road", "movement_id": "E"}),
        json!("no leg"),
    ];
    let answer = bulk(&server, &records);
    assert_eq!((&answer["success"], &answer["failed"]), (&json!(2), &json!(4)));
    let id = &answer["job_id"];
    let job = completed(&server, id);
    assert_eq!(
        (&job["total"], &job["success_count"], &job["failed_count"]),
        (&json!(6), &json!(1), &json!(5))
    );
    assert_eq!(job["errors_truncated"], false);
    let errors = job["errors"].as_array().unwrap();
    let told: Vec<_> = errors
        .iter()
        .map(|error| {
            (
                error["index"].as_u64().unwrap(),
                error["stage"].as_str().unwrap(),
                error["code"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (1, "sync", "INVALID"),
            (2, "sync", "DUPLICATE"),
            (3, "sync", "NO_TOC"),
            (4, "calculation", "NO_DISTANCE"),
            (5, "sync", "INVALID")
        ]
    );
    assert_eq!(errors[3]["movement_id"], "E");
    let sync: Vec<&Value> = errors.iter().filter(|error| error["stage"] == "sync").collect();
    for (on_job, in_answer) in sync.iter().zip(answer["errors"].as_array().unwrap()) {
        assert_eq!((&on_job["index"], &on_job["error"]), (&in_answer["index"], &in_answer["error"]));
    }
    let path = format!("{JOBS}/{}/errors", id.as_str().unwrap());
    assert_eq!(server.get(&path).body["items"], job["errors"]);
    let table = server.get(&format!("{path}?format=csv")).text;
    let mut lines = table.lines();
    assert_eq!(
        lines.next(),
        Some(
            "client,load,origin,zebra,category,distance_km,movement_id,toc,destination,dray_index,dray_stage,dray_code,dray_error"
        )
    );
    assert!(
        lines.next().unwrap().starts_with(r#""Söhne, ""GmbH""",1000.5,,first,,,,,,1,sync,INVALID,"#),
        "{table}"
    );
    assert_eq!(server.get(&format!("{path}?format=xml")).status, 422);
    let failed =
        listed(&server)["items"].as_array().unwrap().iter().find(|leg| leg["status"] == "error").cloned();
    assert!(failed.unwrap()["error_messages"][0].as_str().unwrap().starts_with("NO_DISTANCE"));
}

#[test]
fn a_job_of_refusals_alone_is_complete_and_shows_a_hundred() {
    let server = start(&[("DRAY_WORKER", "false")]);
    let answer = bulk(&server, &vec![json!({"load": 1}); 103]);
    let job = job(&server, &answer["job_id"]);
    assert_eq!((&job["status"], &job["failed_count"]), (&json!("COMPLETED"), &json!(103)));
    assert_eq!((job["errors"].as_array().unwrap().len(), &job["errors_truncated"]), (100, &json!(true)));
    let all = server.get(&format!("{JOBS}/{}/errors", job["id"].as_str().unwrap())).body;
    assert_eq!((&all["total"], all["items"].as_array().unwrap().len()), (&json!(103), 103));
    let listed = server.get(&format!("{JOBS}?size=1")).body;
    assert_eq!((&listed["total"], &listed["items"][0]["id"]), (&json!(1), &job["id"]));
    assert_eq!(server.get(&format!("{JOBS}?size=101")).status, 422);
}

#[test]
pub fn a_cancelled_job_keeps_its_legs_pending_until_it_is_retried() {
    let server = start(&[("DRAY_WORKER", "false")]);
    let id = &bulk(&server, &legs(3))["job_id"];
    assert_eq!(order(&server, id, "retry").body["code"], "JOB_STATE");
    let cancelled = order(&server, id, "cancel");
    assert_eq!((cancelled.status, &cancelled.body["status"]), (200, &json!("FAILED")));
    assert_eq!(
        (&cancelled.body["stop_reason"], &cancelled.body["pending_count"]),
        (&json!("CANCELLED"), &json!(3))
    );
    let again = order(&server, id, "cancel");
    assert_eq!((again.status, &again.body["code"]), (409, &json!("JOB_STATE")));

    let server = server.kill_and_restart();
    std::thread::sleep(Duration::from_millis(1500));
    assert_eq!(job(&server, id)["pending_count"], 3, "a worker leaves cancelled jobs alone");
    let headers = [("x-api-key", KEY), ("x-organization-id", ORGANIZATION), ("idempotency-key", "R")];
    let path = format!("{JOBS}/{}/retry", id.as_str().unwrap());
    let retried = server.send("POST", &path, Some(""), &headers);
    assert_eq!((retried.status, &retried.body["status"]), (200, &json!("RUNNING")), "{}", retried.text);
    assert_eq!(server.send("POST", &path, Some(""), &headers).text, retried.text);
    assert_eq!(completed(&server, id)["success_count"], 3);
    assert_eq!(order(&server, id, "retry").status, 409);
}

#[test]
fn unknown_jobs_are_not_found() {
    let server = Server::start();
    let unknown = json!("00000000-0000-7000-8000-000000000000");
    for answer in [
        server.get(&format!("{JOBS}/{}", unknown.as_str().unwrap())),
        server.get(&format!("{JOBS}/{}/errors", unknown.as_str().unwrap())),
        server.get(&format!("{JOBS}/{}/events", unknown.as_str().unwrap())),
        order(&server, &unknown, "retry"),
        order(&server, &unknown, "cancel"),
    ] {
        assert_eq!((answer.status, &answer.body["code"]), (404, &json!("NOT_FOUND")));
    }
    assert_eq!(server.get(&format!("{JOBS}/seven")).status, 422);
    assert_eq!(server.send("GET", JOBS, None, &[]).status, 401);
    assert_eq!(server.send("POST", BULK, Some("{}"), &[]).status, 401);
    assert_eq!(server.post(BULK, r#"{"records": []}"#).status, 422);
}

#[test]
fn events_tell_of_a_job_until_its_end() {
    let server = Server::start();
    let id = &bulk(&server, &legs(2000))["job_id"];
    let agent = ureq::agent();
    let mut request = agent.get(format!("{}{JOBS}/{}/events", server.url, id.as_str().unwrap()));
    for (name, value) in authorized() {
        request = request.header(name, value);
    }
    let response = request.header("accept-encoding", "gzip").call().unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let lines = BufReader::new(response.into_body().into_reader()).lines().map(Result::unwrap);
    let told: Vec<Value> = lines
        .filter_map(|line| line.strip_prefix("data: ").map(|json| serde_json::from_str(json).unwrap()))
        .collect();
    let settled: Vec<u64> = told.iter().map(|job| job["success_count"].as_u64().unwrap()).collect();
    assert!(settled.is_sorted(), "{settled:?}");
    let last = told.last().unwrap();
    assert_eq!((&last["status"], &last["success_count"]), (&json!("COMPLETED"), &json!(2000)));
}

#[test]
fn a_server_that_is_told_to_stop_does_not_wait_for_those_who_watch() {
    let server = start(&[("DRAY_WORKER", "false")]);
    let id = &bulk(&server, &legs(1))["job_id"];
    let mut request = ureq::agent().get(format!("{}{JOBS}/{}/events", server.url, id.as_str().unwrap()));
    for (name, value) in authorized() {
        request = request.header(name, value);
    }
    let mut events = BufReader::new(request.call().unwrap().into_body().into_reader()).lines();
    assert_eq!(events.next().unwrap().unwrap(), "event: progress");
    let begun = Instant::now();
    server.stop();
    assert!(begun.elapsed() < Duration::from_secs(20), "half a minute is what it waits for requests");
}

#[test]
pub fn a_leg_that_is_sent_again_is_one_leg_of_two_jobs() {
    let server = start(&[("DRAY_WORKER", "false")]);
    let first = bulk(&server, &legs(2));
    let second = bulk(&server, &legs(2));
    assert_eq!(first["results"][0]["id"], second["results"][0]["id"]);
    let server = server.kill_and_restart();
    for answer in [&first, &second] {
        assert_eq!(completed(&server, &answer["job_id"])["success_count"], 2);
    }
    assert_eq!(listed(&server)["total"], 2);
}

/// Kills the server at some moment of a job, round after round, and compares job, ledger and legs.
#[test]
pub fn nothing_is_lost_or_counted_twice_whenever_the_server_is_killed() {
    const RECORDS: usize = 3000;
    let rounds = std::env::var("DRAY_CHAOS_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(5);
    let settings = [("DRAY_LEASE_SECONDS", "1"), ("DRAY_CHUNK_LEGS", "100")];
    let mut server = start(&settings);
    let mut jobs: Vec<Value> = Vec::new();
    for round in 0..rounds {
        let leg = |n| json!({"distance_km": n, "load": 10, "category": "road", "movement_id": format!("R{round}-{n}")});
        let records: Vec<Value> = (1..=RECORDS).map(leg).collect();
        jobs.push(bulk(&server, &records)["job_id"].clone());
        std::thread::sleep(Duration::from_millis(37 * round % 400));
        server = server.kill_and_restart_with(&settings);
    }
    for id in &jobs {
        let job = completed(&server, id);
        assert_eq!((&job["success_count"], &job["failed_count"]), (&json!(RECORDS), &json!(0)));
    }
    let total = RECORDS * jobs.len();
    assert_eq!(listed(&server)["total"], total);
    let ledger = server.count_settled();
    let results = server.count_rows("leg_results WHERE is_current");
    let all_results = server.count_rows("leg_results");
    assert_eq!([ledger, results, all_results], [total; 3], "stored once, calculated once");
    assert_eq!(server.count_rows("job_chunks WHERE state <> 'done'"), 0);
    assert_eq!(server.count_rows("jobs WHERE state <> 'COMPLETED'"), 0);
}

#[test]
pub fn a_batch_is_read_back_by_its_file() {
    let server = Server::start();
    let (first, second) = (bulk(&server, &legs(3)), bulk(&server, &[legs(4).remove(3)]));
    completed(&server, &second["job_id"]);
    let by_file = |name: &str, file: &Value| {
        let path = format!("/v1/logistics/requests?{name}={}", file.as_str().unwrap());
        server.get(&path).body["total"].clone()
    };
    assert_eq!(by_file("file_id[]", &first["file_id"]), 3);
    assert_eq!(by_file("file_id", &second["file_id"]), 1);
    assert_eq!(by_file("file_id[]", &json!("00000000-0000-4000-8000-000000000000")), 0);
}

#[test]
fn hubs_are_settled_before_the_answer_and_counted_after_it() {
    let server = Server::start();
    let hub = json!({
        "name": "Nave Siete", "type": "subcontracted", "category": "warehouse_ambient", "address": "Getafe, Spain",
    });
    assert_eq!(server.post("/v1/logistic-hubs", &hub.to_string()).status, 201);
    let leg = json!({
        "origin": "nave siete", "destination": "Toledo, Spain", "load": 1000, "category": "road",
        "hub_id": "Nave Siete", "movement_id": "H1",
    });
    let single = server.post("/v2/logistics/requests", &leg.to_string()).body;
    assert_eq!((&single["origin"], &single["co2e"]), (&json!("Getafe, Spain"), &Value::Null));
    let batch = bulk(&server, std::slice::from_ref(&leg));
    completed(&server, &batch["job_id"]);
    let id = batch["results"][0]["id"].as_str().unwrap();
    let kept = server.get(&format!("/v1/logistics/requests/{id}")).body;
    assert_eq!(kept["breakdown"]["hub"]["wtw"], 17.5, "{kept}");

    let inactive = json!({"status": "archived"}).to_string();
    let hubs = server.get("/v1/logistic-hubs").body;
    let path = format!("/v1/logistic-hubs/{}", hubs["items"][0]["id"].as_str().unwrap());
    let put = server.send("PUT", &path, Some(&inactive), &authorized());
    assert_eq!(put.status, 200, "{}", put.text);
    assert_eq!(server.post("/v2/logistics/requests", &leg.to_string()).status, 404);
    let refused = bulk(&server, &[leg]);
    assert_eq!(refused["errors"][0]["error"], "Origin hub not found");
}
