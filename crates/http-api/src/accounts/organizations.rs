use actix_web::{HttpRequest, HttpResponse, get, post, web};
use logistics_domain::accounts::Organization;
use logistics_domain::ids::OrganizationId;
use logistics_domain::intake::{Call, Effect, Effected};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::auth::Manager;
use crate::body::{self, RawBody};
use crate::dcycle::DcycleError;
use crate::dcycle_v1::response::timestamp;
use crate::values::{Faults, Given};
use crate::{Api, once};

/// An organization.
#[derive(Serialize, ToSchema)]
#[schema(as = Organization)]
struct OrganizationBody {
    id: Uuid,
    #[schema(example = "Transportes Norte")]
    name: String,
    #[schema(format = DateTime)]
    created_at: String,
}

/// The organizations that a key works for.
#[derive(Serialize, ToSchema)]
struct Organizations {
    /// Oldest first.
    items: Vec<OrganizationBody>,
}

/// An organization to create.
#[derive(Deserialize, ToSchema)]
struct OrganizationRequest {
    /// 1 to 200 characters.
    #[schema(value_type = String, min_length = 1, max_length = 200, example = "Transportes Norte")]
    name: Given<String>,
}

impl OrganizationBody {
    fn of(organization: Organization) -> Self {
        let Organization { id, name, created_at } = organization;
        Self { id: id.0, name, created_at: timestamp(created_at) }
    }
}

/// The organizations that the key works for.
#[utoipa::path(tag = "accounts", security(("api_key" = [], "organization" = [])), responses((status = 200, body = Organizations)))]
#[get("/v1/organizations")]
pub(super) async fn list(api: web::Data<Api>, manager: Manager) -> Result<HttpResponse, DcycleError> {
    let mut all = api.accounts.organizations().await?;
    all.retain(|organization| manager.key.works_for(organization.id));
    let items = all.into_iter().map(OrganizationBody::of).collect();
    Ok(HttpResponse::Ok().json(Organizations { items }))
}

/// Creates an organization, for which the key works from then on.
#[utoipa::path(
    tag = "accounts",
    security(("api_key" = [], "organization" = [])),
    params(once::KeyParam),
    request_body = OrganizationRequest,
    responses((status = 201, body = OrganizationBody)),
)]
#[post("/v1/organizations")]
pub(super) async fn create(
    request: HttpRequest,
    api: web::Data<Api>,
    manager: Manager,
    body: RawBody,
) -> Result<HttpResponse, DcycleError> {
    let key = once::call_key(&request, &manager.asks(&body.0))?;
    let mut faults = Faults::default();
    let name = faults.name(body::parse::<OrganizationRequest>(&body.0)?.name);
    faults.finish()?;
    let organization = Organization {
        id: OrganizationId(Uuid::now_v7()),
        name: name.ok_or(DcycleError::Internal)?.as_str().to_owned(),
        created_at: api.clock.now(),
    };
    let made = once::created(&OrganizationBody::of(organization.clone()));
    let answer = |effected: &Effected| (*effected == Effected::Organization(true)).then_some(made);
    let effect = Effect::CreateOrganization(organization, manager.key.id);
    let call = Call { effect, key, answer: Box::new(answer) };
    let done = once::carry_out(&api, manager.organization, call).await?;
    api.keys.forget();
    done.map_err(|_id_taken| DcycleError::Internal)
}
