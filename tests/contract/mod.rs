//! The contract: every endpoint of the Dcycle Logistics API with its documented fields, types and status codes, row by row,
//! on every database. Printed as a table with `-- contract --nocapture`.

mod hubs;
mod jobs;
mod legacy;
mod packages;
mod reading;
mod recharges;
mod removal;
mod requests;
mod shape;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::{Answer, KEY, ORGANIZATION, Server, authorized};
use shape::Is;

/// One row of the contract's tables: its number there, its endpoint, its cases.
struct Entry(&'static str, &'static str, &'static str, fn(&mut Row<'_>));

const ENTRIES: &[Entry] = &[
    Entry("1", "POST", "/v1/logistics/requests", requests::create),
    Entry("2", "POST", "/v2/logistics/requests", requests::create_v2),
    Entry("3", "POST", "/v1/logistics/requests/bulk", requests::bulk),
    Entry("4", "POST", "/v2/logistics/requests/bulk", requests::bulk_v2),
    Entry("5", "GET", "/v1/logistics/requests", requests::list),
    Entry("6", "DELETE", "/v1/logistics/requests/{request_id}", removal::one),
    Entry("7", "POST", "/v1/logistics/requests/batch-delete", removal::batch),
    Entry("8", "GET", "/v1/logistics/packages", packages::list),
    Entry("9", "GET", "/v1/logistics/packages/{package_id}", packages::one),
    Entry("10", "GET", "/v1/logistics/tocs", reading::tocs),
    Entry("11", "GET", "/v1/logistics/clients", reading::clients),
    Entry("12", "GET", "/v1/logistics/summary", reading::summary),
    Entry("13", "GET", "/v1/logistics/report", reading::report),
    Entry("14", "GET", "/v1/logistics/recharges", recharges::list),
    Entry("15", "POST", "/v1/logistics/recharges", recharges::create),
    Entry("16", "POST", "/v1/logistics/recharges/bulk", recharges::bulk),
    Entry("17", "DELETE", "/v1/logistics/recharges/{recharge_id}", recharges::one_deleted),
    Entry("18", "POST", "/v1/logistics/recharges/batch-delete", recharges::batch_deleted),
    Entry("19", "GET", "/v1/logistics/recharges/unique-values", recharges::unique_values),
    Entry("20", "GET", "/v1/logistics/fuels", recharges::fuels),
    Entry("21", "GET", "/v1/logistics/hubs", hubs::list_of_logistics),
    Entry("22", "GET", "/v1/logistic-hubs", hubs::list),
    Entry("23", "POST", "/v1/logistic-hubs", hubs::create),
    Entry("24", "GET", "/v1/logistic-hubs/{hub_id}", hubs::one),
    Entry("25", "PUT", "/v1/logistic-hubs/{hub_id}", hubs::update),
    Entry("26", "DELETE", "/v1/logistic-hubs/{hub_id}", hubs::removed),
    Entry("27", "POST", "/v1/logistics/requests/bulk-delete-by-filters", removal::by_filters),
    Entry("28", "GET", "/v2/logistics/jobs", jobs::list),
    Entry("28", "GET", "/v2/logistics/jobs/{job_id}", jobs::one),
    Entry("legacy", "POST", "/api/v1/logistics/shipment", legacy::shipment),
    Entry("legacy", "GET", "/api/v1/logistics/tocs", legacy::tocs),
    Entry("legacy", "GET", "/api/v1/logistics/clients", legacy::clients),
    Entry("legacy", "GET", "/api/v1/logistics/clients/report", legacy::report),
];

/// The cases of one endpoint and what became of them.
struct Row<'s> {
    server: &'s Server,
    method: &'static str,
    path: &'static str,
    cases: usize,
    faults: Vec<String>,
}

impl Row<'_> {
    /// An answer must have this status and this shape.
    fn answers(&mut self, case: &str, answer: &Answer, status: u16, is: Is) {
        let mut faults = is.faults("body", &answer.body);
        if matches!(is, Is::Empty) && !answer.text.is_empty() {
            faults.push("there is a body".to_owned());
        }
        if answer.status != status {
            faults.insert(0, format!("status {}, not {status}: {}", answer.status, answer.text));
        }
        self.case(case, faults);
    }

    /// A value must be this.
    fn equal(&mut self, case: &str, value: &Value, expected: &Value) {
        let same = value == expected;
        self.case(case, if same { Vec::new() } else { vec![format!("{value}, not {expected}")] });
    }

    /// An answer must be this error.
    fn refused(&mut self, case: &str, answer: &Answer, status: u16, body: &Value) {
        self.answers(case, answer, status, shape::ERROR);
        self.equal(case, &answer.body, body);
    }

    /// An answer must be a validation error that names a place, as in `body.toc`.
    fn at_fault(&mut self, case: &str, answer: &Answer, place: &str) {
        self.answers(case, answer, 422, shape::VALIDATION_ERROR);
        let named: BTreeSet<String> =
            entries(&answer.body["detail"]).iter().map(|fault| texts(&fault["loc"]).join(".")).collect();
        let faults = if named.contains(place) { Vec::new() } else { vec![format!("{named:?}, not {place}")] };
        self.case(case, faults);
    }

    fn case(&mut self, case: &str, faults: Vec<String>) {
        self.cases += 1;
        self.faults.extend(faults.into_iter().map(|fault| format!("{case}: {fault}")));
    }

    /// Who may not call, is told so before anything else.
    fn guarded(&mut self) {
        let path = self.path.replace("{job_id}", NOBODY).replace("{hub_id}", NOBODY);
        let path = path.replace("{request_id}", NOBODY).replace("{package_id}", NOBODY);
        let path = path.replace("{recharge_id}", NOBODY);
        let body = Some("{}").filter(|_| self.method != "GET");
        let send = |headers: &[(&str, &str)]| self.server.send(self.method, &path, body, headers);
        let organization = ("x-organization-id", ORGANIZATION);
        let answers = [
            send(&[organization]),
            send(&[("x-api-key", "sk_live_1234567890abcdef"), organization]),
            send(&[("x-api-key", KEY), ("x-organization-id", NOBODY)]),
            send(&[("x-api-key", KEY)]),
            send(&[("x-api-key", KEY), ("x-organization-id", "acme")]),
        ];
        let wrong_key = json!({"detail": "Invalid API key", "code": "INVALID_API_KEY"});
        self.refused("no key", &answers[0], 401, &wrong_key);
        self.refused("wrong key", &answers[1], 401, &wrong_key);
        let elsewhere = format!("Organization with id=UUID('{NOBODY}') not found");
        let elsewhere = json!({"detail": elsewhere, "code": "ORGANIZATION_NOT_FOUND"});
        self.refused("wrong organization", &answers[2], 404, &elsewhere);
        self.at_fault("no organization", &answers[3], "header.x-organization-id");
        self.at_fault("malformed organization", &answers[4], "header.x-organization-id");
    }

    /// A list's pages: 10 on each by default, 1 to 100, and what is wrong is named.
    fn paged(&mut self, path: &str, page: Is) {
        let first = self.server.get(path);
        self.answers("first page", &first, 200, page);
        self.equal("page 1 by default", &first.body["page"], &json!(1));
        self.equal("10 entries by default", &first.body["size"], &json!(10));
        let joint = if path.contains('?') { '&' } else { '?' };
        let asked = self.server.get(&format!("{path}{joint}page=2&size=1"));
        self.answers("second page", &asked, 200, page);
        self.equal("page as asked", &asked.body["page"], &json!(2));
        self.equal("size as asked", &asked.body["size"], &json!(1));
        self.equal("total on every page", &asked.body["total"], &first.body["total"]);
        for (wrong, name) in
            [("size=0", "size"), ("size=101", "size"), ("page=0", "page"), ("page=x", "page")]
        {
            let answer = self.server.get(&format!("{path}{joint}{wrong}"));
            self.at_fault(wrong, &answer, &format!("query.{name}"));
        }
    }

    fn post(&self, body: &Value) -> Answer {
        self.server.post(self.path, &body.to_string())
    }

    fn send(&self, method: &str, path: &str, body: &Value) -> Answer {
        self.server.send(method, path, Some(&body.to_string()), &authorized())
    }

    fn delete(&self, path: &str) -> Answer {
        self.server.send("DELETE", path, None, &authorized())
    }
}

/// An id of nothing.
const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

/// A leg that is complete.
fn leg() -> Value {
    json!({"distance_km": 100, "load": 1000, "category": "road"})
}

/// A value with one field more, or another one.
fn with(mut value: Value, name: &str, field: Value) -> Value {
    value[name] = field;
    value
}

fn entries(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn texts(value: &Value) -> Vec<&str> {
    entries(value).iter().filter_map(Value::as_str).collect()
}

fn id(value: &Value) -> &str {
    value["id"].as_str().unwrap_or("no-id")
}

fn kept(database: &str, server: &Server) {
    let document = server.get("/openapi.json").body;
    let mut broken = Vec::new();
    println!("\n{:<7} {:<6} {:<52} {:>5}  on {database}", "row", "", "endpoint", "cases");
    for Entry(number, method, path, cases) in ENTRIES {
        if !document["paths"][path][method.to_lowercase()].is_object() {
            println!("{number:<7} {method:<6} {path:<52} {:>5}  NOT SERVED", 0);
            broken.push(format!("{method} {path} is not served"));
            continue;
        }
        let mut row = Row { server, method, path, cases: 0, faults: Vec::new() };
        row.guarded();
        cases(&mut row);
        let result = if row.faults.is_empty() { "kept" } else { "BROKEN" };
        println!("{number:<7} {method:<6} {path:<52} {:>5}  {result}", row.cases);
        broken.extend(row.faults.into_iter().map(|fault| format!("{method} {path}: {fault}")));
    }
    assert!(broken.is_empty(), "the contract is broken on {database}:\n{}", broken.join("\n"));
}

#[test]
fn the_contract_is_kept_on_sqlite() {
    kept("SQLite", &Server::start());
}

#[test]
fn the_contract_is_kept_on_postgres() {
    if let Some(server) = Server::start_on_postgres() {
        kept("PostgreSQL", &server);
    }
}
