//! Health and metrics: for those who run the server, without a key.

use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::Api;

/// Whether the server can do its work.
#[derive(Serialize, ToSchema)]
struct Health {
    /// `ok` or `unavailable`.
    #[schema(example = "ok")]
    status: &'static str,
}

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(live).service(ready).service(metrics);
}

/// The process runs.
#[utoipa::path(tag = "system", responses((status = 200, body = Health)))]
#[get("/health/live")]
async fn live() -> HttpResponse {
    HttpResponse::Ok().json(Health { status: "ok" })
}

/// The process runs and its store answers.
#[utoipa::path(tag = "system", responses((status = 200, body = Health), (status = 503, body = Health)))]
#[get("/health/ready")]
async fn ready(api: web::Data<Api>) -> HttpResponse {
    match api.repositories.ping().await {
        Ok(()) => HttpResponse::Ok().json(Health { status: "ok" }),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            HttpResponse::ServiceUnavailable().json(Health { status: "unavailable" })
        }
    }
}

/// Counters and durations in the Prometheus text format.
#[utoipa::path(tag = "system", responses((status = 200, body = String, content_type = "text/plain")))]
#[get("/metrics")]
async fn metrics(api: web::Data<Api>) -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(api.metrics.render())
}
