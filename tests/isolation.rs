//! Two organizations on one server: to each, what the other has does not exist.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::{Answer, KEY, ORGANIZATION, Server};

/// What tells one organization's things from another's.
#[derive(Clone)]
struct Things {
    organization: String,
    key: String,
    leg: String,
    package: String,
    package_key: String,
    movement: String,
    client: String,
    plate: String,
    hub: String,
    hub_name: String,
    job: String,
    trip: String,
    alias: String,
    recharge: String,
    /// A fuel of the catalogue, which is the same for all.
    fuel: String,
}

impl Things {
    /// Things that do not exist anywhere.
    fn unknown(fuel: &str) -> Self {
        let id = |digit: char| {
            let run = |length| digit.to_string().repeat(length);
            format!("{}-{}-4{}-8{}-{}", run(8), run(4), run(3), run(3), run(12))
        };
        Self {
            organization: id('1'),
            key: id('2'),
            leg: id('3'),
            package: id('4'),
            package_key: "PKG-NOBODY".into(),
            movement: "MOV-NOBODY".into(),
            client: "NOBODY".into(),
            plate: "0000-XXX".into(),
            hub: id('5'),
            hub_name: "Toledo".into(),
            job: id('6'),
            trip: "987654321".into(),
            alias: "nobody s yard".into(),
            recharge: id('7'),
            fuel: fuel.to_owned(),
        }
    }

    /// A text in which what names a thing is replaced by what it names.
    fn masked(&self, text: &str) -> String {
        let names = [
            (&self.organization, "<organization>"),
            (&self.key, "<key>"),
            (&self.leg, "<leg>"),
            (&self.package, "<package>"),
            (&self.package_key, "<package_key>"),
            (&self.movement, "<movement>"),
            (&self.client, "<client>"),
            (&self.plate, "<plate>"),
            (&self.hub, "<hub>"),
            (&self.hub_name, "<hub_name>"),
            (&self.job, "<job>"),
            (&self.alias, "<alias>"),
            (&self.recharge, "<recharge>"),
        ];
        // The id of a trip is a small number: it is replaced where a text calls it an id.
        let text = text.replace(&format!("the id {}", self.trip), "the id <trip>");
        names.into_iter().fold(text, |text, (name, mask)| text.replace(name, mask))
    }
}

/// A call that names things: its path with their ids, and its body.
type Call = fn(&Things) -> (String, Option<Value>);

/// Every operation of the OpenAPI document that asks for a key, with a call that names the things that it can name.
const CASES: &[(&str, &str, Call)] = &[
    ("GET", "/v1/logistics/requests", |of| {
        let Things { movement, client, hub, job, .. } = of;
        let path =
            format!("/v1/logistics/requests?search={movement}&client={client}&hub_id={hub}&file_id[]={job}");
        (path, None)
    }),
    ("POST", "/v1/logistics/requests", |of| ("/v1/logistics/requests".into(), Some(leg_from(&of.hub_name)))),
    ("POST", "/v2/logistics/requests", |of| ("/v2/logistics/requests".into(), Some(leg_from(&of.hub_name)))),
    ("POST", "/v1/logistics/requests/bulk", |of| {
        ("/v1/logistics/requests/bulk".into(), Some(json!({"records": [leg_from(&of.hub_name)]})))
    }),
    ("POST", "/v2/logistics/requests/bulk", |of| {
        ("/v2/logistics/requests/bulk".into(), Some(json!({"records": [leg_from(&of.hub_name)]})))
    }),
    ("GET", "/v1/logistics/requests/{request_id}", |of| (format!("/v1/logistics/requests/{}", of.leg), None)),
    ("DELETE", "/v1/logistics/requests/{request_id}", |of| {
        (format!("/v1/logistics/requests/{}", of.leg), None)
    }),
    ("GET", "/v1/logistics/requests/{request_id}/receipt", |of| {
        (format!("/v1/logistics/requests/{}/receipt", of.leg), None)
    }),
    ("POST", "/v1/logistics/requests/batch-delete", |of| {
        ("/v1/logistics/requests/batch-delete".into(), Some(json!({"request_ids": [of.leg]})))
    }),
    ("POST", "/v1/logistics/requests/bulk-delete-by-filters", |of| {
        let path = format!("/v1/logistics/requests/bulk-delete-by-filters?search={}", of.movement);
        (path, Some(json!({"filter_hash": "0000000000000000"})))
    }),
    ("GET", "/v1/logistics/packages", |of| {
        let Things { package_key, movement, client, .. } = of;
        let path = format!(
            "/v1/logistics/packages?package_key={package_key}&movement_id={movement}&client={client}"
        );
        (path, None)
    }),
    ("GET", "/v1/logistics/packages/{package_id}", |of| {
        (format!("/v1/logistics/packages/{}", of.package), None)
    }),
    ("GET", "/v1/logistics/clients", |_| ("/v1/logistics/clients".into(), None)),
    ("GET", "/v1/logistics/summary", |_| ("/v1/logistics/summary".into(), None)),
    ("GET", "/v1/logistics/tocs", |_| ("/v1/logistics/tocs".into(), None)),
    ("GET", "/v1/logistics/report", |of| {
        (format!("/v1/logistics/report?{PERIOD}&client={}", of.client), None)
    }),
    ("GET", "/v1/logistics/fuels", |_| ("/v1/logistics/fuels".into(), None)),
    ("GET", "/v1/logistics/recharges", |of| (format!("/v1/logistics/recharges?search={}", of.plate), None)),
    ("GET", "/v1/logistics/recharges/unique-values", |_| {
        ("/v1/logistics/recharges/unique-values?field=fuel_name".into(), None)
    }),
    ("POST", "/v1/logistics/recharges", |of| ("/v1/logistics/recharges".into(), Some(recharge(of)))),
    ("POST", "/v1/logistics/recharges/bulk", |of| {
        ("/v1/logistics/recharges/bulk".into(), Some(json!({"records": [recharge(of)]})))
    }),
    ("DELETE", "/v1/logistics/recharges/{recharge_id}", |of| {
        (format!("/v1/logistics/recharges/{}", of.recharge), None)
    }),
    ("POST", "/v1/logistics/recharges/batch-delete", |of| {
        ("/v1/logistics/recharges/batch-delete".into(), Some(json!({"recharge_ids": [of.recharge]})))
    }),
    ("POST", "/api/v1/logistics/shipment", |_| {
        let shipment =
            json!({"origin": "Madrid", "destination": "Zaragoza, Spain", "toc": "van_diesel", "load": 1});
        ("/api/v1/logistics/shipment".into(), Some(shipment))
    }),
    ("GET", "/api/v1/logistics/tocs", |_| ("/api/v1/logistics/tocs".into(), None)),
    ("GET", "/api/v1/logistics/clients", |_| ("/api/v1/logistics/clients".into(), None)),
    ("GET", "/api/v1/logistics/clients/report", |of| {
        (format!("/api/v1/logistics/clients/report?{PERIOD}&client={}", of.client), None)
    }),
    ("GET", "/v1/logistic-hubs", |of| (format!("/v1/logistic-hubs?name={}", of.hub_name), None)),
    ("GET", "/v1/logistics/hubs", |of| (format!("/v1/logistics/hubs?name={}", of.hub_name), None)),
    ("POST", "/v1/logistic-hubs", |of| {
        ("/v1/logistic-hubs".into(), Some(json!({"name": of.hub_name, "type": "subcontracted"})))
    }),
    ("GET", "/v1/logistic-hubs/{hub_id}", |of| (format!("/v1/logistic-hubs/{}", of.hub), None)),
    ("PUT", "/v1/logistic-hubs/{hub_id}", |of| {
        (format!("/v1/logistic-hubs/{}", of.hub), Some(json!({"name": "Taken over"})))
    }),
    ("DELETE", "/v1/logistic-hubs/{hub_id}", |of| (format!("/v1/logistic-hubs/{}", of.hub), None)),
    ("GET", "/v2/logistics/jobs", |_| ("/v2/logistics/jobs".into(), None)),
    ("GET", "/v2/logistics/jobs/{job_id}", |of| (format!("/v2/logistics/jobs/{}", of.job), None)),
    ("GET", "/v2/logistics/jobs/{job_id}/errors", |of| {
        (format!("/v2/logistics/jobs/{}/errors", of.job), None)
    }),
    ("GET", "/v2/logistics/jobs/{job_id}/events", |of| {
        (format!("/v2/logistics/jobs/{}/events", of.job), None)
    }),
    ("POST", "/v2/logistics/jobs/{job_id}/retry", |of| {
        (format!("/v2/logistics/jobs/{}/retry", of.job), None)
    }),
    ("POST", "/v2/logistics/jobs/{job_id}/cancel", |of| {
        (format!("/v2/logistics/jobs/{}/cancel", of.job), None)
    }),
    ("GET", "/v1/geocode", |of| (format!("/v1/geocode?address={}", of.alias.replace(' ', "%20")), None)),
    ("GET", "/v1/distance", |of| {
        (format!("/v1/distance?origin={}&destination=Madrid", of.alias.replace(' ', "%20")), None)
    }),
    ("GET", "/v1/geocode/aliases", |_| ("/v1/geocode/aliases".into(), None)),
    ("PUT", "/v1/geocode/aliases/{alias}", |of| {
        let path = format!("/v1/geocode/aliases/{}", of.alias.replace(' ', "%20"));
        (path, Some(json!({"lat": 1.0, "lon": 1.0, "country": "ES"})))
    }),
    ("DELETE", "/v1/geocode/aliases/{alias}", |of| {
        (format!("/v1/geocode/aliases/{}", of.alias.replace(' ', "%20")), None)
    }),
    ("GET", "/v1/geocode/avoided-passages", |_| ("/v1/geocode/avoided-passages".into(), None)),
    ("PUT", "/v1/geocode/avoided-passages", |_| {
        ("/v1/geocode/avoided-passages".into(), Some(json!({"avoid": []})))
    }),
    ("GET", "/v3/logistics/freight-distance", |of| {
        (format!("/v3/logistics/freight-distance?trip_id={}", of.movement), None)
    }),
    ("GET", "/v3/logistics/freight-distance/{id}", |of| {
        (format!("/v3/logistics/freight-distance/{}", of.trip), None)
    }),
    ("POST", "/v3/logistics/freight-distance", |of| {
        ("/v3/logistics/freight-distance".into(), Some(trip(&of.movement)))
    }),
    ("POST", "/v3/logistics/freight-distance/bulk", |of| {
        ("/v3/logistics/freight-distance/bulk".into(), Some(json!({"records": [trip(&of.movement)]})))
    }),
    ("GET", "/v1/organizations", |_| ("/v1/organizations".into(), None)),
    ("POST", "/v1/organizations", |_| ("/v1/organizations".into(), Some(json!({"name": "Yet another"})))),
    ("GET", "/v1/api-keys", |_| ("/v1/api-keys".into(), None)),
    ("POST", "/v1/api-keys", |of| {
        ("/v1/api-keys".into(), Some(json!({"name": "n", "organization_ids": [of.organization]})))
    }),
    ("GET", "/v1/api-keys/{key_id}", |of| (format!("/v1/api-keys/{}", of.key), None)),
    ("DELETE", "/v1/api-keys/{key_id}", |of| (format!("/v1/api-keys/{}", of.key), None)),
];

/// A period that all that is made here lies in.
const PERIOD: &str = "start_date=2020-01-01&end_date=2099-12-31";

/// A recharge of their vehicle.
fn recharge(of: &Things) -> Value {
    json!({
        "fuel_id": of.fuel, "country": "ES", "date": "2025-03-01", "quantity": 50,
        "vehicle_license_plate": of.plate,
    })
}

/// A trip of the Climes family.
fn trip(id: &str) -> Value {
    json!({
        "trip_id": id, "customer_industry": "Retail", "service_type": "FTL", "trip_timestamp": 1_712_090_040_000_u64,
        "shipment_weight": {"weight_value": 2000, "weight_unit": "KGS"},
        "trip_weight": {"weight_value": 2000, "weight_unit": "KGS"},
        "address": {"origin_address": "Mumbai", "destination_address": "Delhi"},
        "distance": {"distance_travelled": 1400, "distance_unit": "Kms"},
        "vehicle": {"vehicle_ownership": "Own", "vehicle_code": "HGV4", "vehicle_fueltype": "Diesel"},
        "customer_items_count": 1, "total_items_count": 1, "country": "INDIA",
    })
}

/// A leg from a hub, or from the place of that name: theirs is called like a place, so that it could be found as one.
fn leg_from(hub_name: &str) -> Value {
    json!({"origin": hub_name, "destination": "Zaragoza, Spain", "load": 1000, "category": "road"})
}

fn ask(
    server: &Server,
    key: &str,
    organization: &str,
    method: &str,
    path: &str,
    body: Option<&Value>,
) -> Answer {
    let headers =
        [("x-api-key", key), ("x-organization-id", organization), ("content-type", "application/json")];
    server.send(method, path, body.map(Value::to_string).as_deref(), &headers)
}

/// Runs a command on the server's database and reads its JSON.
fn run(server: &Server, arguments: &[&str]) -> Value {
    let output = server.command().args(arguments).arg("--json").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn id(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

/// The id of a fuel of the catalogue.
fn a_fuel(server: &Server) -> String {
    id(&server.get("/v1/logistics/fuels").body["fuels"][0]["id"])
}

/// Makes a second organization with one of each thing, and tells its key.
fn second_organization(server: &Server, fuel: &str) -> (Things, String) {
    let organization = id(&run(server, &["organizations", "create", "Second"])["id"]);
    let arguments =
        ["keys", "create", "--organization", &organization, "--name", "theirs", "--access", "admin"];
    let key = run(server, &arguments);
    let secret = id(&key["key"]);
    let make = |method: &str, path: &str, body: &Value| {
        let answer = ask(server, &secret, &organization, method, path, Some(body));
        assert!(answer.status < 300, "{method} {path} gave {}", answer.text);
        answer.body
    };
    let hub = json!({
        "name": "Segovia", "type": "subcontracted", "category": "warehouse_ambient", "address": "Sevilla, Spain",
    });
    let hub = make("POST", "/v1/logistic-hubs", &hub);
    make("PUT", "/v1/geocode/aliases/our%20yard", &json!({"lat": 41.6, "lon": -0.9, "country": "ES"}));
    make("PUT", "/v1/geocode/avoided-passages", &json!({"avoid": ["suez"]}));
    let leg = json!({
        "distance_km": 100, "load": 1000, "category": "road", "movement_id": "MOV-THEIRS", "client": "THEIRS",
        "package_key": "PKG-THEIRS", "hub_id": hub["id"], "vehicle_license_plate": "1234-ABC",
    });
    let leg = make("POST", "/v1/logistics/requests", &leg);
    let batch = json!({"records": [{"distance_km": 5, "load": 1, "category": "road"}, {"load": 1}]});
    let job = make("POST", "/v2/logistics/requests/bulk", &batch);
    make("POST", "/v3/logistics/freight-distance", &trip("FIRST"));
    let trip = make("POST", "/v3/logistics/freight-distance", &trip("MOV-THEIRS"));
    let of = Things { plate: "1234-ABC".into(), ..Things::unknown(fuel) };
    let recharge = make("POST", "/v1/logistics/recharges", &recharge(&of));
    let things = Things {
        organization,
        key: id(&key["id"]),
        leg: id(&leg["id"]),
        package: id(&leg["package_id"]),
        package_key: "PKG-THEIRS".into(),
        movement: "MOV-THEIRS".into(),
        client: "THEIRS".into(),
        plate: "1234-ABC".into(),
        hub: id(&hub["id"]),
        hub_name: "Segovia".into(),
        job: id(&job["job_id"]),
        trip: trip["data"]["id"].to_string(),
        alias: "our yard".into(),
        recharge: id(&recharge["id"]),
        fuel: fuel.to_owned(),
    };
    (things, secret)
}

/// An answer as far as it depends neither on the moment nor on the names: what is made anew has an id and a time of its
/// own, and filters have a hash of their values.
fn comparable(answer: &Answer, named: &Things) -> (u16, String) {
    fn forget(value: &mut Value) {
        const NEW: [&str; 17] = [
            "records_per_second",
            "seconds_left",
            "pending_count",
            "success_count",
            "createdAt",
            "updatedAt",
            "filter_hash",
            "id",
            "created_at",
            "updated_at",
            "started_at",
            "finished_at",
            "last_used_at",
            "job_id",
            "file_id",
            "key",
            "prefix",
        ];
        match value {
            Value::Object(fields) => {
                fields
                    .iter_mut()
                    .filter(|(name, _)| NEW.contains(&name.as_str()))
                    .for_each(|(_, value)| *value = json!("new"));
                fields.values_mut().for_each(forget);
            }
            Value::Array(items) => items.iter_mut().for_each(forget),
            _ => {}
        }
    }
    let made_anew = matches!(answer.status, 200..300) && answer.body.is_object();
    let text = if made_anew {
        let mut body = answer.body.clone();
        forget(&mut body);
        body.to_string()
    } else {
        answer.text.clone()
    };
    (answer.status, named.masked(&text))
}

/// All that an organization can read of its own without naming anything.
fn all_that_is_seen(
    server: &Server,
    key: &str,
    organization: &str,
    things: &Things,
) -> Vec<(String, String)> {
    let reads = CASES.iter().filter(|(method, ..)| *method == "GET");
    let paths = reads.map(|(_, _, call)| call(things).0).chain([
        "/v1/logistics/requests".to_owned(),
        "/v1/logistics/packages".to_owned(),
        "/v1/logistic-hubs".to_owned(),
    ]);
    let seen = paths.filter(|path| !path.ends_with("/events")).map(|path| {
        let answer = ask(server, key, organization, "GET", &path, None);
        // When a key was last used is noted by a timer.
        let text = if path.contains("/api-keys") { comparable(&answer, things).1 } else { answer.text };
        (path, text)
    });
    seen.collect()
}

#[test]
fn every_operation_has_a_case() {
    let server = Server::start();
    let document = server.get("/openapi.json").body;
    let mut operations = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if operation["security"].as_array().is_some_and(|needed| !needed.is_empty()) {
                operations.insert((method.to_uppercase(), path.clone()));
            }
        }
    }
    let cases: BTreeSet<(String, String)> =
        CASES.iter().map(|(method, path, _)| ((*method).to_owned(), (*path).to_owned())).collect();
    let without_case: Vec<_> = operations.difference(&cases).collect();
    let without_operation: Vec<_> = cases.difference(&operations).collect();
    assert!(without_case.is_empty(), "add cases to tests/isolation.rs for {without_case:?}");
    assert!(without_operation.is_empty(), "there is no operation for {without_operation:?}");
}

#[test]
pub fn others_things_answer_as_if_they_did_not_exist() {
    let server = Server::start();
    let fuel = a_fuel(&server);
    let unknown = Things::unknown(&fuel);
    let before = all_that_is_seen(&server, KEY, ORGANIZATION, &unknown);
    let (theirs, secret) = second_organization(&server, &fuel);
    assert_eq!(all_that_is_seen(&server, KEY, ORGANIZATION, &unknown), before, "what they have shows");

    // Their worker is done, so that nothing of theirs moves any more.
    let job = format!("/v2/logistics/jobs/{}", theirs.job);
    let until = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while ask(&server, &secret, &theirs.organization, "GET", &job, None).body["status"] != "COMPLETED" {
        assert!(std::time::Instant::now() < until, "their job did not complete");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let kept = all_that_is_seen(&server, &secret, &theirs.organization, &theirs);

    for (method, operation, call) in CASES {
        let answer = |things: &Things| {
            let (path, body) = call(things);
            let answer = ask(&server, KEY, ORGANIZATION, method, &path, body.as_ref());
            comparable(&answer, things)
        };
        // What a call makes under a name is there for the next call: each name is asked for once.
        let (to_theirs, to_unknown) = (answer(&theirs), answer(&unknown));
        assert!(to_theirs.0 < 500, "{method} {operation} gave {to_theirs:?}");
        let same = if *operation == "/v1/geocode"
            || *operation == "/v1/distance"
            || method_makes_leg(method, operation)
        {
            // The two names are different places: only that theirs is not known here can be compared.
            to_theirs.0 == to_unknown.0 && !to_theirs.1.contains("Sevilla")
        } else {
            to_theirs == to_unknown
        };
        assert!(same, "{method} {operation} tells them apart:\n{to_theirs:?}\n{to_unknown:?}");
    }
    assert_eq!(
        all_that_is_seen(&server, &secret, &theirs.organization, &theirs),
        kept,
        "what they have was changed"
    );
}

/// Whether an operation takes a leg whose origin may be a hub's name.
fn method_makes_leg(method: &str, operation: &str) -> bool {
    method == "POST" && (operation.ends_with("/logistics/requests") || operation.ends_with("/requests/bulk"))
}

#[test]
pub fn a_key_opens_no_other_organization() {
    let server = Server::start();
    let fuel = a_fuel(&server);
    let (theirs, _) = second_organization(&server, &fuel);
    let unknown = Things::unknown(&fuel);
    for (method, operation, call) in CASES {
        let (path, body) = call(&theirs);
        let answer = |organization: &str| ask(&server, KEY, organization, method, &path, body.as_ref());
        let (foreign, nowhere) = (answer(&theirs.organization), answer(&unknown.organization));
        if operation.starts_with("/v3/") {
            // This family's requests name no organization: the key alone tells it.
            continue;
        }
        assert_eq!(
            (foreign.status, &foreign.body["code"]),
            (404, &json!("ORGANIZATION_NOT_FOUND")),
            "{method} {operation}"
        );
        assert_eq!(theirs.masked(&foreign.text), unknown.masked(&nowhere.text), "{method} {operation}");
        let without_key = ask(&server, "", &theirs.organization, method, &path, body.as_ref());
        assert_eq!(without_key.status, 401, "{method} {operation}");
        let wrong_key = ask(&server, "dray_wrong", &theirs.organization, method, &path, body.as_ref());
        assert_eq!(wrong_key.text, without_key.text, "{method} {operation}");
    }
}

#[test]
pub fn idempotency_keys_are_an_organizations_own() {
    let server = Server::start();
    let (theirs, secret) = second_organization(&server, &a_fuel(&server));
    let leg = json!({"distance_km": 5, "load": 1, "category": "road"});
    let post = |key: &str, organization: &str, leg: &Value| {
        let headers =
            [("x-api-key", key), ("x-organization-id", organization), ("idempotency-key", "nightly")];
        server.send("POST", "/v1/logistics/requests", Some(&leg.to_string()), &headers)
    };
    let first = post(&secret, &theirs.organization, &leg);
    let ours = post(KEY, ORGANIZATION, &json!({"distance_km": 6, "load": 1, "category": "road"}));
    assert_eq!((first.status, ours.status), (200, 200), "{}", ours.text);
    assert_ne!(first.body["id"], ours.body["id"]);
}
