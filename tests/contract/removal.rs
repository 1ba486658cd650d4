//! Rows 6, 7 and 27: legs are deleted.

use serde_json::{Value, json};

use super::shape::{self, Is};
use super::{NOBODY, Row, id, leg, with};

fn not_found() -> Value {
    json!({"code": "NOT_FOUND", "detail": "Logistics request not found"})
}

pub fn one(row: &mut Row<'_>) {
    let created = row.server.create(&leg());
    let path = row.path.replace("{request_id}", id(&created));
    row.answers("a leg", &row.delete(&path), 204, Is::Empty);
    row.refused("the second time", &row.delete(&path), 404, &not_found());
    let unknown = row.delete(&row.path.replace("{request_id}", NOBODY));
    row.refused("unknown", &unknown, 404, &not_found());
    let answer = row.delete(&row.path.replace("{request_id}", "7"));
    row.at_fault("no UUID", &answer, "path.request_id");
    let packed = with(with(leg(), "movement_id", json!("DELETED")), "package_key", json!("DELETED"));
    let first = row.server.create(&packed);
    let second = row.server.create(&with(packed, "distance_km", json!(50)));
    row.delete(&row.path.replace("{request_id}", id(&second)));
    let package = row
        .server
        .get(&format!("/v1/logistics/packages/{}", first["package_id"].as_str().unwrap_or_default()));
    row.answers("its package", &package, 200, shape::PACKAGE);
}

pub fn batch(row: &mut Row<'_>) {
    let (first, second) = (row.server.create(&leg()), row.server.create(&leg()));
    let answer = row.post(&json!({"request_ids": [id(&first), NOBODY]}));
    row.refused("one unknown", &answer, 404, &not_found());
    let left = row.server.get(&format!("/v1/logistics/requests/{}", id(&first)));
    row.answers("nothing deleted then", &left, 200, shape::LEG);
    let answer = row.post(&json!({"request_ids": [id(&first), id(&second)]}));
    row.answers("two", &answer, 204, Is::Empty);
    for (case, body, place) in [
        ("no list", json!({}), "body.request_ids"),
        ("empty list", json!({"request_ids": []}), "body.request_ids"),
        ("no UUID", json!({"request_ids": [7]}), "body.request_ids.0"),
    ] {
        let answer = row.post(&body);
        row.at_fault(case, &answer, place);
    }
}

pub fn by_filters(row: &mut Row<'_>) {
    let created = row.server.create(&with(leg(), "client", json!("REMOVED")));
    let listed = row.server.get("/v1/logistics/requests?clients[]=REMOVED").body;
    let hash = json!({"filter_hash": listed["filter_hash"]}).to_string();
    let post = |filter: &str, body: &str| row.server.post(&format!("{}?{filter}", row.path), body);
    let (unfiltered, other, unguarded) =
        (post("", &hash), post("clients[]=OTHER", &hash), post("clients[]=REMOVED", "{}"));
    let (deleted, again) = (post("client=REMOVED", &hash), post("clients=REMOVED", &hash));
    row.at_fault("no filter", &unfiltered, "query");
    row.answers("hash of other filters", &other, 409, shape::CODED_ERROR);
    row.at_fault("no hash", &unguarded, "body.filter_hash");
    row.answers("what the filter selects", &deleted, 200, shape::BULK_DELETED);
    row.equal("what was deleted", &deleted.body["success_ids"], &json!([id(&created)]));
    row.equal("how many", &deleted.body["success_count"], &json!(1));
    row.answers("nothing is left", &again, 200, shape::BULK_DELETED);
    row.equal("none is left", &again.body["success_count"], &json!(0));
}
