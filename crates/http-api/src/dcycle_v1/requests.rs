use actix_web::{HttpRequest, HttpResponse, get, post, web};
use logistics_domain::hub::{HubDirectory, HubMentions};
use logistics_domain::ids::LegId;
use logistics_domain::intake::{Delivery, Kept};
use logistics_domain::leg::{LegRecord, Outcome};
use logistics_domain::ports::{LegToSave, Page};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::filters::Filters;
use super::request::LegBody;
use super::response::LegResponse;
use crate::Api;
use crate::auth::Authorized;
use crate::body::{self, RawBody};
use crate::dcycle::{DcycleError, ErrorBody, ValidationBody};
use crate::once;
use crate::paging;
use crate::query::Query;

/// Legs, a page at a time.
#[derive(Serialize, ToSchema)]
struct LegPage<'r> {
    page: u32,
    size: u32,
    total: u64,
    items: Vec<ListedLeg<'r>>,
    /// Stands for the filters, to delete what they select.
    #[schema(example = "a3f1c2e4b5d6a7b8")]
    filter_hash: String,
}

/// A leg as lists show it: with the fields of both generations of the API. Those of what Dray does not record are null or
/// empty.
#[derive(Serialize, ToSchema)]
#[schema(as = ListedRequest)]
struct ListedLeg<'r> {
    #[serde(flatten)]
    leg: LegResponse<'r>,
    file_name: Option<&'r str>,
    #[schema(value_type = Option<Object>)]
    uploaded_by: Option<()>,
    #[schema(value_type = Vec<Object>)]
    linked_projects: [(); 0],
}

impl<'r> ListedLeg<'r> {
    fn of(record: &'r LegRecord) -> Self {
        Self { leg: LegResponse::of(record), file_name: None, uploaded_by: None, linked_projects: [] }
    }
}

/// Calculates a leg and keeps it.
#[utoipa::path(
    tag = "requests",
    security(("api_key" = [], "organization" = [])),
    params(once::KeyParam),
    request_body = LegBody,
    responses(
        (status = 200, body = LegResponse),
        (status = 400, body = ErrorBody, description = "A hub that origin or destination names has no address"),
        (status = 401, body = ErrorBody),
        (status = 404, body = ErrorBody, description = "The organization, or a hub that origin or destination names, is not found"),
        (status = 413, body = ErrorBody),
        (status = 422, body = ValidationBody, description = "A field is at fault, or (with `code`) there is no TOC, load or distance"),
        (status = 503, body = ErrorBody),
    ),
)]
#[post("/v1/logistics/requests")]
pub(super) async fn create(
    request: HttpRequest,
    api: web::Data<Api>,
    caller: Authorized,
    body: RawBody,
) -> Result<HttpResponse, DcycleError> {
    let call = once::call_key(&request, &body.0)?;
    let intake = api.intakes.intake(caller.organization);
    if let Some(response) = once::earlier(&*intake, call.as_ref(), api.clock.now()).await? {
        return Ok(response);
    }
    let leg = body::parse::<LegBody>(&body.0)?.parse().map_err(DcycleError::fields)?;
    let mentioned = api.hubs.hubs(caller.organization).mentioned(HubMentions::of([&leg])).await?;
    let leg = HubDirectory::new(mentioned).settle(leg)?;
    let leg = api.calculator.resolve(leg, api.clock.now())?;
    let settings = api.maps.geography(caller.organization).settings().await?;
    let mut results = api.calculator.calculate(&[&leg], &settings).await;
    let calculation = results.pop().ok_or(DcycleError::Internal)??;

    let outcome = Outcome::Calculated(Box::new(calculation));
    let legs = vec![LegToSave { id: LegId(Uuid::now_v7()), leg, outcome }];
    let answer = Box::new(|kept: Kept<'_>| once::ok(&kept.legs.first().map(LegResponse::of)));
    once::respond(intake.take(Delivery { legs, job: None, call, answer }, api.clock.now()).await?)
}

/// The legs that the filters select, newest first.
#[utoipa::path(
    tag = "requests",
    security(("api_key" = [], "organization" = [])),
    params(
        ("page" = Option<u32>, Query, minimum = 1, description = "Which page; 1 without it."),
        ("size" = Option<u32>, Query, minimum = 1, maximum = 100, description = "Entries on a page; 10 without it."),
        super::filters::FilterParams,
    ),
    responses(
        (status = 200, body = LegPage),
        (status = 401, body = ErrorBody), (status = 404, body = ErrorBody), (status = 422, body = ValidationBody),
        (status = 503, body = ErrorBody),
    ),
)]
#[get("/v1/logistics/requests")]
pub(super) async fn list(
    api: web::Data<Api>,
    caller: Authorized,
    mut query: Query,
) -> Result<HttpResponse, DcycleError> {
    let page = paging::page(&mut query);
    let filters = Filters::read(&mut query);
    query.finish()?;
    let filter = filters.leg_filter(api.calculator.factors());
    let listed = api.repositories.legs(caller.organization).select(&filter, page).await?;
    let items = listed.items.iter().map(ListedLeg::of).collect();
    let Page { number, size } = page;
    let filter_hash = filters.hash();
    Ok(HttpResponse::Ok().json(LegPage { page: number, size, total: listed.total, items, filter_hash }))
}

/// One leg.
#[utoipa::path(
    tag = "requests",
    security(("api_key" = [], "organization" = [])),
    params(("request_id" = Uuid, Path, description = "The leg's id.")),
    responses(
        (status = 200, body = LegResponse),
        (status = 401, body = ErrorBody), (status = 404, body = ErrorBody), (status = 422, body = ValidationBody),
        (status = 503, body = ErrorBody),
    ),
)]
#[get("/v1/logistics/requests/{request_id}")]
pub(super) async fn get(
    api: web::Data<Api>,
    caller: Authorized,
    id: web::Path<String>,
) -> Result<HttpResponse, DcycleError> {
    let record = find(&api, caller, &id).await?;
    Ok(HttpResponse::Ok().json(LegResponse::of(&record)))
}

/// The leg that a path names.
pub(super) async fn find(api: &Api, caller: Authorized, id: &str) -> Result<LegRecord, DcycleError> {
    let id = DcycleError::id("request_id", id)?;
    let found = api.repositories.legs(caller.organization).find(LegId(id)).await?;
    found.ok_or(DcycleError::NotFound("Logistics request not found"))
}
