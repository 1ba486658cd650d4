//! Logistics hubs.

mod request;
mod response;

use actix_web::{HttpRequest, HttpResponse, delete, get, post, put, web};
use emissions_core::{CountryCode, HubCategory, Mode};
use logistics_domain::geography::{GeocodeError, PlaceQuery};
use logistics_domain::hub::{
    Hub, HubFilter, HubKind, HubProfile, HubRepository, HubStatus, HubWrite, Removal,
};
use logistics_domain::ids::{HubId, OrganizationId};
use logistics_domain::intake::{Call, Effect, Effected};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::Api;
use crate::auth::Authorized;
use crate::body::{self, JsonBody, RawBody};
use crate::dcycle::{DcycleError, ErrorBody, ValidationBody};
use crate::once;
use crate::paging;
use crate::query::Query;
use request::HubBody;
use response::HubResponse;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(create)
        .service(list)
        .service(list_of_logistics)
        .service(get)
        .service(update)
        .service(remove);
}

/// Hubs, a page at a time.
#[derive(Serialize, ToSchema)]
struct HubPage<'h> {
    page: u32,
    size: u32,
    total: u64,
    /// How many pages there are.
    pages: u64,
    items: Vec<HubResponse<'h>>,
}

/// The filters of hubs.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the query, which is read by `page`")]
struct HubFilterParams {
    /// Text that the name contains; case does not matter.
    name: Option<String>,
    /// `owned` or `subcontracted`.
    r#type: Option<String>,
    /// One of the ten categories.
    category: Option<String>,
    /// Any of `active`, `inactive`, `error`, `archived`.
    #[param(rename = "status[]")]
    status: Option<Vec<String>>,
    /// Which page; 1 without it.
    #[param(minimum = 1)]
    page: Option<u32>,
    /// Entries on a page; 10 without it.
    #[param(minimum = 1, maximum = 100)]
    size: Option<u32>,
}

/// Creates a hub.
#[utoipa::path(
    tag = "hubs",
    security(("api_key" = [], "organization" = [])),
    params(once::KeyParam),
    request_body = HubBody,
    responses(
        (status = 201, body = HubResponse),
        (status = 401, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "Another hub has the name or the external code"),
        (status = 413, body = ErrorBody), (status = 422, body = ValidationBody), (status = 503, body = ErrorBody),
    ),
)]
#[post("/v1/logistic-hubs")]
async fn create(
    request: HttpRequest,
    api: web::Data<Api>,
    caller: Authorized,
    body: RawBody,
) -> Result<HttpResponse, DcycleError> {
    let key = once::call_key(&request, &body.0)?;
    let body: HubBody = body::parse(&body.0)?;
    let mut profile = body.settle(|draft| draft.create()).map_err(DcycleError::fields)?;
    if profile.country.is_none() {
        profile.country = country(&api, caller.organization, &profile).await?;
    }
    let hub = Hub { id: HubId(Uuid::now_v7()), created_at: api.clock.now(), updated_at: None, profile };
    let kept = once::created(&HubResponse::of(&hub));
    let answer = |effected: &Effected| (*effected == Effected::Hub(HubWrite::Kept)).then_some(kept);
    let call = Call { effect: Effect::CreateHub(Box::new(hub)), key, answer: Box::new(answer) };
    match once::carry_out(&api, caller.organization, call).await? {
        Ok(response) => Ok(response),
        Err(Effected::Hub(write)) => Err(refused(write)),
        Err(_) => Err(DcycleError::Internal),
    }
}

/// Hubs, newest first.
#[utoipa::path(
    tag = "hubs",
    security(("api_key" = [], "organization" = [])),
    params(HubFilterParams),
    responses(
        (status = 200, body = HubPage),
        (status = 401, body = ErrorBody), (status = 404, body = ErrorBody), (status = 422, body = ValidationBody),
        (status = 503, body = ErrorBody),
    ),
)]
#[get("/v1/logistic-hubs")]
async fn list(api: web::Data<Api>, caller: Authorized, query: Query) -> Result<HttpResponse, DcycleError> {
    page(&api, caller, query).await
}

/// Hubs, newest first: the same list as `/v1/logistic-hubs`.
#[utoipa::path(
    tag = "hubs",
    security(("api_key" = [], "organization" = [])),
    params(HubFilterParams),
    responses(
        (status = 200, body = HubPage),
        (status = 401, body = ErrorBody), (status = 404, body = ErrorBody), (status = 422, body = ValidationBody),
        (status = 503, body = ErrorBody),
    ),
)]
#[get("/v1/logistics/hubs")]
async fn list_of_logistics(
    api: web::Data<Api>,
    caller: Authorized,
    query: Query,
) -> Result<HttpResponse, DcycleError> {
    page(&api, caller, query).await
}

/// One hub.
#[utoipa::path(
    tag = "hubs",
    security(("api_key" = [], "organization" = [])),
    params(("hub_id" = Uuid, Path, description = "The hub's id.")),
    responses(
        (status = 200, body = HubResponse),
        (status = 401, body = ErrorBody), (status = 404, body = ErrorBody), (status = 422, body = ValidationBody),
        (status = 503, body = ErrorBody),
    ),
)]
#[get("/v1/logistic-hubs/{hub_id}")]
async fn get(
    api: web::Data<Api>,
    caller: Authorized,
    id: web::Path<String>,
) -> Result<HttpResponse, DcycleError> {
    let hub = find(&*api.hubs.hubs(caller.organization), hub_id(&id)?).await?;
    Ok(HttpResponse::Ok().json(HubResponse::of(&hub)))
}

/// Changes a hub: what the body does not name stays as it is.
#[utoipa::path(
    tag = "hubs",
    security(("api_key" = [], "organization" = [])),
    params(("hub_id" = Uuid, Path, description = "The hub's id.")),
    request_body = HubBody,
    responses(
        (status = 200, body = HubResponse),
        (status = 401, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "Another hub has the name or the external code, or the hub was changed meanwhile"),
        (status = 413, body = ErrorBody), (status = 422, body = ValidationBody), (status = 503, body = ErrorBody),
    ),
)]
#[put("/v1/logistic-hubs/{hub_id}")]
async fn update(
    api: web::Data<Api>,
    caller: Authorized,
    id: web::Path<String>,
    body: JsonBody<HubBody>,
) -> Result<HttpResponse, DcycleError> {
    let hubs = api.hubs.hubs(caller.organization);
    let former = find(&*hubs, hub_id(&id)?).await?;
    let change = |draft: logistics_domain::hub::HubDraft| {
        let names_country = draft.names_country();
        draft.change(&former.profile, Uuid::now_v7()).map(|profile| (names_country, profile))
    };
    let (names_country, mut profile) = body.0.settle(change).map_err(DcycleError::fields)?;
    if !names_country && profile.address != former.profile.address {
        profile.country = country(&api, caller.organization, &profile).await?;
    }
    let updated_at = Some(api.clock.now());
    let hub = Hub { id: former.id, created_at: former.created_at, updated_at, profile };
    written(hubs.replace(&former, &hub).await?)?;
    Ok(HttpResponse::Ok().json(HubResponse::of(&hub)))
}

/// Removes a hub for good, unless a leg was handled by it.
#[utoipa::path(
    tag = "hubs",
    security(("api_key" = [], "organization" = [])),
    params(("hub_id" = Uuid, Path, description = "The hub's id.")),
    responses(
        (status = 204),
        (status = 401, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "A leg was handled by the hub"), (status = 422, body = ValidationBody),
        (status = 503, body = ErrorBody),
    ),
)]
#[delete("/v1/logistic-hubs/{hub_id}")]
async fn remove(
    api: web::Data<Api>,
    caller: Authorized,
    id: web::Path<String>,
) -> Result<HttpResponse, DcycleError> {
    let id = hub_id(&id)?;
    match api.hubs.hubs(caller.organization).remove(id).await? {
        Removal::Done => Ok(HttpResponse::NoContent().finish()),
        Removal::InUse => Err(DcycleError::Conflict("This logistic hub is in use by a logistic request")),
        Removal::Unknown => Err(DcycleError::HubNotFound(id.0)),
    }
}

async fn page(api: &Api, caller: Authorized, mut query: Query) -> Result<HttpResponse, DcycleError> {
    let page = paging::page(&mut query);
    let expected = |names: &[&str]| format!("one of {}", names.join(", "));
    let categories = expected(&HubCategory::ALL.map(HubCategory::as_str));
    let statuses = expected(&HubStatus::ALL.map(HubStatus::as_str));
    let filter = HubFilter {
        name: query.text("name"),
        kind: query.parsed("type", "owned or subcontracted", HubKind::from_name),
        category: query.parsed("category", &categories, HubCategory::from_name),
        statuses: query.parsed_list("status", &statuses, HubStatus::from_name),
    };
    query.finish()?;
    let listed = api.hubs.hubs(caller.organization).list(&filter, page).await?;
    let items = listed.items.iter().map(HubResponse::of).collect();
    let pages = listed.total.div_ceil(page.size.into());
    Ok(HttpResponse::Ok().json(HubPage {
        page: page.number,
        size: page.size,
        total: listed.total,
        pages,
        items,
    }))
}

fn hub_id(id: &str) -> Result<HubId, DcycleError> {
    DcycleError::id("hub_id", id).map(HubId)
}

async fn find(hubs: &dyn HubRepository, id: HubId) -> Result<Hub, DcycleError> {
    hubs.find(id).await?.ok_or(DcycleError::HubNotFound(id.0))
}

pub(crate) fn written(write: HubWrite) -> Result<(), DcycleError> {
    if write == HubWrite::Kept { Ok(()) } else { Err(refused(write)) }
}

fn refused(write: HubWrite) -> DcycleError {
    DcycleError::Conflict(match write {
        HubWrite::NameTaken => "A logistic hub with this name already exists",
        HubWrite::CodeTaken => "A logistic hub with this external_code already exists",
        HubWrite::Kept | HubWrite::Outdated => {
            "The logistic hub was changed by another call; read it and try again"
        }
    })
}

/// The country that a hub's address lies in; nothing where that cannot be told.
pub(crate) async fn country(
    api: &Api,
    organization: OrganizationId,
    profile: &HubProfile,
) -> Result<Option<CountryCode>, DcycleError> {
    let Some(address) = profile.address.as_deref() else { return Ok(None) };
    let settings = api.maps.geography(organization).settings().await?;
    let query = PlaceQuery { text: address, mode: Mode::Road, country_hint: None };
    match api.calculator.place(query, &settings).await {
        Ok(found) => Ok(Some(found.place.country)),
        Err(GeocodeError::NotFound { .. } | GeocodeError::Ambiguous { .. }) => Ok(None),
        Err(error @ GeocodeError::Unavailable { .. }) => {
            tracing::warn!(%error, "a hub is kept without its country");
            Ok(None)
        }
    }
}
