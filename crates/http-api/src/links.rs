//! Operations have a name of their own in the OpenAPI document, and an answer that names something says where that can be asked
//! for.

use utoipa::openapi::link::Link;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::{OpenApi, RefOr};

/// Where an answer names something: the path of a POST, the status, the place in its body, and of the paths that take it the
/// beginning and the variable.
const NAMED: [(&str, &str, &str, &str, &str); 9] = [
    ("/v1/logistics/requests", "200", "/id", "/v1/logistics/requests/{request_id}", "request_id"),
    ("/v2/logistics/requests", "200", "/id", "/v1/logistics/requests/{request_id}", "request_id"),
    ("/v2/logistics/requests", "200", "/job_id", "/v2/logistics/jobs/{job_id}", "job_id"),
    ("/v2/logistics/requests/bulk", "200", "/job_id", "/v2/logistics/jobs/{job_id}", "job_id"),
    ("/v1/logistics/requests", "200", "/package_id", "/v1/logistics/packages/{package_id}", "package_id"),
    ("/v1/logistic-hubs", "201", "/id", "/v1/logistic-hubs/{hub_id}", "hub_id"),
    ("/v1/logistics/recharges", "200", "/id", "/v1/logistics/recharges/{recharge_id}", "recharge_id"),
    ("/v1/api-keys", "201", "/id", "/v1/api-keys/{key_id}", "key_id"),
    ("/v3/logistics/freight-distance", "200", "/data/id", "/v3/logistics/freight-distance/{id}", "id"),
];

/// Names every operation after its method and path, and links answers with the operations that take what they name.
pub(crate) fn link(document: &mut OpenApi) {
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in methods(item) {
            operation.operation_id = Some(name(method, path));
        }
    }
    for (from, status, place, to, variable) in NAMED {
        let paths = document.paths.paths.iter_mut();
        // Not streams, which go on for as long as their job.
        let takers = paths.filter(|(path, _)| path.starts_with(to) && !path.ends_with("/events"));
        let links: Vec<String> =
            takers.flat_map(|(path, item)| methods(item).map(|(method, _)| name(method, path))).collect();
        let post = document.paths.paths.get_mut(from).and_then(|item| item.post.as_mut());
        let response = post.and_then(|post| post.responses.responses.get_mut(status));
        let Some(RefOr::T(response)) = response else { continue };
        for taker in links {
            let link = Link::builder().operation_id(taker.as_str());
            let link = link.parameter(variable, format!("$response.body#{place}"));
            response.links.insert(taker, link.build().into());
        }
    }
}

/// The operations of a path, with their methods.
fn methods(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    let all = [
        ("get", &mut item.get),
        ("post", &mut item.post),
        ("put", &mut item.put),
        ("patch", &mut item.patch),
        ("delete", &mut item.delete),
    ];
    all.into_iter().filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

/// As in `get_v2_logistics_jobs_job_id`.
fn name(method: &str, path: &str) -> String {
    let words = path.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    std::iter::once(method).chain(words).collect::<Vec<_>>().join("_")
}
