use actix_web::{HttpResponse, get, web};
use logistics_domain::ids::ProjectId;
use logistics_domain::ports::Overview;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::response::timestamp;
use crate::Api;
use crate::auth::Authorized;
use crate::dcycle::{DcycleError, ErrorBody, ValidationBody};
use crate::query::Query;

/// How much there is.
#[derive(Serialize, ToSchema)]
#[schema(as = LogisticsSummary)]
struct Summary {
    requests: Count,
    recharges: Count,
    hubs: Count,
}

/// How many of something there are.
#[derive(Serialize, ToSchema)]
struct Count {
    count: u64,
    /// Null where there are none.
    #[schema(format = DateTime)]
    last_updated: Option<String>,
}

/// What there is none of.
const NONE: Count = Count { count: 0, last_updated: None };

/// How many requests, recharges and hubs there are, and when they last changed.
#[utoipa::path(
    tag = "requests",
    security(("api_key" = [], "organization" = [])),
    params(("project_id" = Option<Uuid>, Query, description = "Only what belongs to this project: recharges alone can.")),
    responses(
        (status = 200, body = Summary),
        (status = 401, body = ErrorBody), (status = 404, body = ErrorBody), (status = 422, body = ValidationBody),
        (status = 503, body = ErrorBody),
    ),
)]
#[get("/v1/logistics/summary")]
pub(super) async fn summary(
    api: web::Data<Api>,
    caller: Authorized,
    mut query: Query,
) -> Result<HttpResponse, DcycleError> {
    let project = query.parsed("project_id", "a UUID", |text| Uuid::parse_str(text).ok());
    query.finish()?;
    let organization = caller.organization;
    let recharges = api.recharges.recharges(organization).overview(project.map(ProjectId)).await?.into();
    let (requests, hubs) = match project {
        Some(_) => (NONE, NONE),
        None => {
            let requests = api.repositories.legs(organization).overview().await?;
            (requests.into(), api.hubs.hubs(organization).overview().await?.into())
        }
    };
    Ok(HttpResponse::Ok().json(Summary { requests, recharges, hubs }))
}

/// The clients of the legs, each once, in alphabetical order.
#[utoipa::path(
    tag = "requests",
    security(("api_key" = [], "organization" = [])),
    responses(
        (status = 200, body = Vec<String>, example = json!(["AMAZON", "DHL", "INDITEX", "SEUR"])),
        (status = 401, body = ErrorBody), (status = 404, body = ErrorBody), (status = 422, body = ValidationBody),
        (status = 503, body = ErrorBody),
    ),
)]
#[get("/v1/logistics/clients")]
pub(super) async fn clients(api: web::Data<Api>, caller: Authorized) -> Result<HttpResponse, DcycleError> {
    Ok(HttpResponse::Ok().json(api.repositories.legs(caller.organization).clients().await?))
}

impl From<Overview> for Count {
    fn from(overview: Overview) -> Self {
        Self { count: overview.count, last_updated: overview.last_updated.map(timestamp) }
    }
}
