//! Row 28: processing jobs, whose form no document fixes.

use serde_json::{Value, json};

use super::{NOBODY, Row, leg, shape};

fn job(row: &Row<'_>) -> Value {
    let batch = json!({"records": [leg(), {"load": 1}]});
    row.server.post("/v2/logistics/requests/bulk", &batch.to_string()).body["job_id"].clone()
}

pub fn list(row: &mut Row<'_>) {
    let job = job(row);
    row.paged(row.path, shape::JOBS);
    let newest = row.server.get(row.path).body["items"][0]["id"].clone();
    row.equal("the newest first", &newest, &job);
}

pub fn one(row: &mut Row<'_>) {
    let job = job(row);
    let path = |id: &str| row.path.replace("{job_id}", id);
    let found = row.server.get(&path(job.as_str().unwrap_or_default()));
    let (unknown, malformed) = (row.server.get(&path(NOBODY)), row.server.get(&path("7")));
    row.answers("a job", &found, 200, shape::JOB_WITH_ERRORS);
    row.equal("its size", &found.body["total"], &json!(2));
    row.equal("an error before the calculation", &found.body["errors"][0]["stage"], &json!("sync"));
    row.equal("the record at fault", &found.body["errors"][0]["index"], &json!(1));
    row.answers("unknown", &unknown, 404, shape::CODED_ERROR);
    row.at_fault("no UUID", &malformed, "path.job_id");
}
