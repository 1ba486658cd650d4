//! Organizations and keys: from the command line beside a running server, and over HTTP.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{Answer, KEY, ORGANIZATION, Server, authorized, command};

const LEGS: &str = "/v1/logistics/requests";
const KEYS: &str = "/v1/api-keys";
const ORGANIZATIONS: &str = "/v1/organizations";
const LEG: &str = r#"{"distance_km": 500, "load": 1000, "category": "road"}"#;

/// Runs a command on the server's database; its output must be JSON.
fn run(server: &Server, arguments: &[&str]) -> Value {
    let output = command(server.folder.path(), &[]).args(arguments).arg("--json").output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn call(
    server: &Server,
    key: &str,
    organization: &str,
    method: &str,
    path: &str,
    body: Option<&str>,
) -> Answer {
    server.send(method, path, body, &[("x-api-key", key), ("x-organization-id", organization)])
}

fn status(server: &Server, key: &str, organization: &str) -> u16 {
    call(server, key, organization, "GET", LEGS, None).status
}

fn text<'v>(value: &'v Value, field: &str) -> &'v str {
    value[field].as_str().unwrap_or_else(|| panic!("{field} of {value}"))
}

/// Waits until an answer has a status: what another process did takes effect within seconds.
fn wait_for(expected: u16, ask: impl Fn() -> u16) {
    let until = Instant::now() + Duration::from_secs(30);
    while ask() != expected {
        assert!(Instant::now() < until, "the answer did not become {expected}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn the_command_line_manages_accounts_beside_a_running_server() {
    let server = Server::start();
    let second = run(&server, &["organizations", "create", "Transportes Norte"]);
    let second = text(&second, "id");
    let listed = run(&server, &["organizations", "list"]);
    let ids: Vec<&str> = listed.as_array().unwrap().iter().map(|one| text(one, "id")).collect();
    assert_eq!(ids, [ORGANIZATION, second]);

    let own = run(&server, &["keys", "create", "--organization", second, "--name", "nightly"]);
    let both = ["keys", "create", "--organization", second, "--organization", ORGANIZATION, "--name", "both"];
    let both = run(&server, &both);
    let (own_key, both_key) = (text(&own, "key"), text(&both, "key"));
    assert_eq!((status(&server, own_key, second), status(&server, own_key, ORGANIZATION)), (200, 404));
    assert_eq!((status(&server, both_key, second), status(&server, both_key, ORGANIZATION)), (200, 200));
    assert_eq!(both["organization_ids"], json!([second, ORGANIZATION]));

    let keys = run(&server, &["keys", "list", "--organization", second]);
    let names: Vec<&str> = keys.as_array().unwrap().iter().map(|key| text(key, "name")).collect();
    assert_eq!(names, ["nightly", "both"]);
    assert!(!keys.to_string().contains(own_key), "a key is shown once");
    assert_eq!(own["status"], "active");

    assert_eq!(run(&server, &["keys", "revoke", text(&own, "id")])["status"], "revoked");
    wait_for(401, || status(&server, own_key, second));
    assert_eq!(status(&server, both_key, second), 200);
    assert_eq!(server.count_rows("api_keys WHERE revoked_at IS NOT NULL"), 1);
}

#[test]
fn commands_say_what_is_wrong_and_change_nothing() {
    let server = Server::start();
    let nowhere = "00000000-0000-4000-8000-000000000000";
    for (arguments, said) in [
        (&["organizations", "create", " "][..], "name has 0 characters"),
        (&["organizations", "create", "Twice", "--id", ORGANIZATION], "already exists"),
        (&["keys", "create", "--organization", nowhere, "--name", "n"], "no organization"),
        (&["keys", "create", "--name", "n"], "--organization"),
        (&["keys", "create", "--organization", ORGANIZATION, "--name", "n", "--access", "root"], "admin"),
        (&["keys", "create", "--organization", ORGANIZATION, "--name", "n", "--expires-in-days", "0"], "0"),
        (&["keys", "revoke", nowhere], "no key"),
        (&["keys", "revoke", "k1"], "k1"),
        (&["accounts"], "accounts"),
    ] {
        let output = command(server.folder.path(), &[]).args(arguments).output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && errors.contains(said), "{arguments:?} said {errors}");
    }
    assert_eq!((server.count_rows("organizations"), server.count_rows("api_keys")), (1, 1));
}

#[test]
fn tables_are_for_people() {
    let server = Server::start();
    let output = command(server.folder.path(), &[]).args(["keys", "list"]).output().unwrap();
    let table = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<&str> = table.lines().collect();
    assert!(lines.len() == 2 && lines[0].starts_with("id ") && lines[1].contains("dray_test_…"), "{table}");
    assert!(lines[1].contains("first key") && lines[1].contains("admin"), "{table}");
}

#[test]
fn keys_are_managed_over_http() {
    let server = Server::start();
    let made = server.post(KEYS, r#"{"name": " nightly ", "expires_at": "2099-01-31T00:00:00+01:00"}"#);
    assert_eq!(made.status, 201, "{}", made.text);
    let key = text(&made.body, "key").to_owned();
    assert!(key.starts_with("dray_") && key.len() == 37 && key.starts_with(text(&made.body, "prefix")));
    let path = format!("{KEYS}/{}", text(&made.body, "id"));
    let mut about = made.body;
    about.as_object_mut().unwrap().remove("key");
    let expected = json!({
        "name": "nightly", "access": "write", "status": "active", "organization_ids": [ORGANIZATION],
        "expires_at": "2099-01-30T23:00:00.000000Z", "last_used_at": null, "revoked_at": null,
    });
    for (field, value) in expected.as_object().unwrap() {
        assert_eq!(&about[field], value, "{field}");
    }
    assert_eq!(server.get(&path).body, about);
    let listed = server.get(KEYS).body;
    assert_eq!((listed["items"].as_array().unwrap().len(), &listed["items"][1]), (2, &about));
    assert_eq!(status(&server, &key, ORGANIZATION), 200);
    assert_eq!(
        call(&server, &key, ORGANIZATION, "GET", KEYS, None).status,
        403,
        "a write key manages nothing"
    );

    for again in [204, 204] {
        assert_eq!(server.send("DELETE", &path, None, &authorized()).status, again);
        assert_eq!(status(&server, &key, ORGANIZATION), 401, "at once in the process that revoked it");
    }
    assert_eq!(server.get(&path).body["status"], "revoked");
}

#[test]
fn organizations_are_created_over_http_and_kept_apart() {
    let server = Server::start();
    let second = server.post(ORGANIZATIONS, r#"{"name": "Transportes Norte"}"#);
    assert_eq!(second.status, 201, "{}", second.text);
    let second = text(&second.body, "id").to_owned();
    assert_eq!(status(&server, KEY, &second), 200, "the key that made it works for it at once");
    let names = server.get(ORGANIZATIONS).body;
    assert_eq!(names["items"][1]["name"], "Transportes Norte");

    let other = run(&server, &["organizations", "create", "Elsewhere"]);
    let other = text(&other, "id");
    let theirs =
        run(&server, &["keys", "create", "--organization", other, "--name", "theirs", "--access", "admin"]);
    let shared =
        ["keys", "create", "--organization", other, "--organization", ORGANIZATION, "--name", "shared"];
    let shared = run(&server, &shared);
    assert_eq!(server.get(ORGANIZATIONS).body["items"].as_array().unwrap().len(), 2, "not that of others");
    assert_eq!(server.get(&format!("{KEYS}/{}", text(&theirs, "id"))).status, 404);
    let unknown = server.post(KEYS, &json!({"name": "n", "organization_ids": [second, other]}).to_string());
    assert_eq!((unknown.status, &unknown.body["code"]), (404, &json!("ORGANIZATION_NOT_FOUND")));

    let seen = server.get(&format!("{KEYS}/{}", text(&shared, "id")));
    assert_eq!(seen.body["organization_ids"], json!([ORGANIZATION]), "others' organizations are not named");
    let path = format!("{KEYS}/{}", text(&shared, "id"));
    assert_eq!(server.send("DELETE", &path, None, &authorized()).status, 409);
    let both = server
        .post(KEYS, &json!({"name": "n", "organization_ids": [second, ORGANIZATION, second]}).to_string());
    assert_eq!(both.body["organization_ids"], json!([second, ORGANIZATION]));
    assert_eq!(status(&server, text(&both.body, "key"), &second), 200);
}

#[test]
fn every_field_at_fault_is_named() {
    let server = Server::start();
    let faults = |path: &str, body: &Value| {
        let answer = server.post(path, &body.to_string());
        assert_eq!(answer.status, 422, "{body} gave {}", answer.text);
        let named = answer.body["detail"].as_array().unwrap().clone();
        named.iter().map(|fault| text(&json!({"f": fault["loc"][1]}), "f").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(faults(KEYS, &json!({})), ["name"]);
    assert_eq!(
        faults(
            KEYS,
            &json!({"name": "\n", "access": "root", "organization_ids": ["x"], "expires_at": "soon"})
        ),
        ["name", "access", "organization_ids", "expires_at"]
    );
    assert_eq!(
        faults(
            KEYS,
            &json!({"name": 1, "access": 2, "organization_ids": [], "expires_at": "2020-01-01T00:00:00Z"})
        ),
        ["name", "access", "organization_ids", "expires_at"]
    );
    assert_eq!(faults(ORGANIZATIONS, &json!({"name": "x".repeat(201)})), ["name"]);
}

#[test]
fn keys_that_may_only_read_write_nothing() {
    let server = Server::start();
    let reader =
        run(&server, &["keys", "create", "--organization", ORGANIZATION, "--name", "r", "--access", "read"]);
    let reader = text(&reader, "key");
    assert_eq!(status(&server, reader, ORGANIZATION), 200);
    for (method, path, body) in [
        ("POST", LEGS, Some(LEG)),
        ("POST", "/v2/logistics/requests", Some(LEG)),
        ("DELETE", "/v1/logistics/requests/00000000-0000-4000-8000-000000000000", None),
        ("PUT", "/v1/geocode/aliases/x", Some("{}")),
        ("POST", "/v1/logistics/requests", Some("no JSON")),
    ] {
        let refused = call(&server, reader, ORGANIZATION, method, path, body);
        assert_eq!((refused.status, &refused.body["code"]), (403, &json!("FORBIDDEN")), "{method} {path}");
        assert!(text(&refused.body, "detail").contains("write access"), "{}", refused.text);
    }
    assert_eq!(server.count_rows("legs"), 0);
}

#[test]
fn a_key_comes_in_either_header_and_must_be_right() {
    let server = Server::start();
    let ask = |headers: &[(&str, &str)]| server.send("GET", LEGS, None, headers);
    let bearer = format!("Bearer {KEY}");
    let organization = ("x-organization-id", ORGANIZATION);
    assert_eq!(ask(&[("authorization", &bearer), organization]).status, 200);
    assert_eq!(ask(&[("x-api-key", KEY), organization]).status, 200);
    let wrong: [&[(&str, &str)]; 5] = [
        &[],
        &[organization],
        &[("x-api-key", "dray_wrong"), organization],
        &[("authorization", "Basic abc"), organization],
        &[("x-api-key", "")],
    ];
    for headers in wrong {
        let refused = ask(headers);
        assert_eq!(refused.status, 401, "{headers:?}");
        assert_eq!(refused.body, json!({"code": "INVALID_API_KEY", "detail": "Invalid API key"}));
    }
    for headers in [&[("x-api-key", KEY)][..], &[("x-api-key", KEY), ("x-organization-id", "acme")]] {
        let refused = ask(headers);
        assert_eq!(refused.status, 422, "{headers:?}");
        assert_eq!(refused.body["detail"][0]["loc"], json!(["header", "x-organization-id"]));
    }
    let foreign = "11111111-1111-4111-8111-111111111111";
    let refused = ask(&[("x-api-key", KEY), ("x-organization-id", foreign)]);
    let detail = format!("Organization with id=UUID('{foreign}') not found");
    assert_eq!(
        (refused.status, refused.body),
        (404, json!({"code": "ORGANIZATION_NOT_FOUND", "detail": detail}))
    );
    let wrong = [("x-api-key", "dray_wrong"), organization];
    let refused = server.send("POST", LEGS, Some("no JSON"), &wrong);
    assert_eq!(refused.status, 401, "the key comes before the body");
}

#[test]
fn keys_expire() {
    let server = Server::start();
    let soon = chrono::Utc::now() + chrono::TimeDelta::seconds(2);
    let made = server.post(KEYS, &json!({"name": "brief", "expires_at": soon}).to_string());
    let key = text(&made.body, "key");
    wait_for(401, || status(&server, key, ORGANIZATION));
    assert!(chrono::Utc::now() >= soon);
    let path = format!("{KEYS}/{}", text(&made.body, "id"));
    assert_eq!(server.get(&path).body["status"], "expired");
}

#[test]
fn the_last_use_is_noted_at_the_end() {
    let server = Server::start();
    assert_eq!(status(&server, KEY, ORGANIZATION), 200);
    let folder = server.stop();
    let server = Server::start_in(folder, &[]);
    assert!(server.get(KEYS).body["items"][0]["last_used_at"].is_string());
}
