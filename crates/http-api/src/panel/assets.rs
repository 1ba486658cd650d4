//! The files beside the pages, as they are built in.

use std::sync::LazyLock;

use actix_web::http::header::{CACHE_CONTROL, ETAG, IF_NONE_MATCH};
use actix_web::{HttpRequest, HttpResponse, get, web};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::error::PanelError;
use crate::dcycle::DcycleError;

struct Asset {
    name: &'static str,
    content_type: &'static str,
    text: &'static str,
}

const ASSETS: [Asset; 3] = [
    Asset {
        name: "panel.css",
        content_type: "text/css; charset=utf-8",
        text: include_str!("assets/panel.css"),
    },
    Asset {
        name: "panel.js",
        content_type: "text/javascript; charset=utf-8",
        text: include_str!("assets/panel.js"),
    },
    Asset { name: "icon.svg", content_type: "image/svg+xml", text: include_str!("assets/icon.svg") },
];

/// What tells one version of the files from another.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let digest = ASSETS.iter().fold(Sha256::new(), |digest, one| digest.chain_update(one.text)).finalize();
    format!("\"{}\"", HEXLOWER.encode(&digest[..8]))
});

#[get("/assets/{name}")]
pub(super) async fn asset(request: HttpRequest, name: web::Path<String>) -> Result<HttpResponse, PanelError> {
    let found = ASSETS.iter().find(|one| one.name == name.as_str());
    let found = found.ok_or(DcycleError::NotFound("there is no such file"))?;
    let known = request.headers().get(IF_NONE_MATCH).is_some_and(|tag| tag == VERSION.as_str());
    let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response
        .insert_header((ETAG, VERSION.as_str()))
        .insert_header((CACHE_CONTROL, "no-cache"))
        .insert_header(("x-content-type-options", "nosniff"));
    if known {
        return Ok(response.finish());
    }
    Ok(response.content_type(found.content_type).body(found.text))
}
