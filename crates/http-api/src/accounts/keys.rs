use actix_web::{HttpRequest, HttpResponse, delete, get, post, web};
use chrono::{DateTime, Utc};
use logistics_domain::accounts::{ApiKey, KeyMade, NewKey};
use logistics_domain::ids::{ApiKeyId, OrganizationId};
use logistics_domain::intake::{Answer, Call, Done, Effect, Effected, Told};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::auth::{KeyText, Manager, presented_key};
use crate::body::{self, RawBody};
use crate::dcycle::{DcycleError, ErrorBody};
use crate::dcycle_v1::response::timestamp;
use crate::values::{Faults, Given};
use crate::{Api, once};

/// The most organizations that a key is made for at once.
const MAX_ORGANIZATIONS: usize = 100;

const NOT_FOUND: DcycleError = DcycleError::NotFound("API key not found");

/// An API key, without its text.
#[derive(Serialize, ToSchema)]
#[schema(as = ApiKey)]
struct KeyBody {
    id: Uuid,
    #[schema(example = "nightly batch")]
    name: String,
    /// Its first characters.
    #[schema(example = "dray_kT3vQ")]
    prefix: String,
    /// `read`, `write` or `admin`.
    #[schema(example = "write")]
    access: &'static str,
    /// `active`, `expired` or `revoked`.
    #[schema(example = "active")]
    status: &'static str,
    /// The organizations that it works for; of those, the ones that the calling key works for too.
    organization_ids: Vec<Uuid>,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    expires_at: Option<String>,
    /// When it was last used, to a minute or so.
    #[schema(format = DateTime)]
    last_used_at: Option<String>,
    #[schema(format = DateTime)]
    revoked_at: Option<String>,
}

/// A key that was just made.
#[derive(Serialize, ToSchema)]
#[schema(as = NewApiKey)]
struct NewKeyBody {
    #[serde(flatten)]
    about: KeyBody,
    /// The key itself. It is shown here and nowhere else.
    #[schema(example = "dray_kT3vQ0LxN8yB2mWcR6sJ1hFzPdA4uGeE")]
    key: String,
}

/// The keys of an organization.
#[derive(Serialize, ToSchema)]
struct ApiKeys {
    /// Oldest first.
    items: Vec<KeyBody>,
}

/// A key to create.
#[derive(Deserialize, ToSchema)]
struct ApiKeyRequest {
    /// 1 to 200 characters.
    #[schema(value_type = String, min_length = 1, max_length = 200, example = "nightly batch")]
    name: Given<String>,
    /// `read`, `write` or `admin`; `write` without it.
    #[schema(value_type = Option<String>, example = "read")]
    access: Given<String>,
    /// The organizations that it works for, 1 to 100; that of the call without them.
    #[schema(value_type = Option<Vec<Uuid>>)]
    organization_ids: Given<Vec<Value>>,
    /// When it ceases to hold, as in `2027-01-31T00:00:00Z`; never without it.
    #[schema(value_type = Option<DateTime<Utc>>, example = "2099-01-31T00:00:00Z")]
    expires_at: Given<String>,
}

impl KeyBody {
    /// The key as another key sees it, which manages it.
    fn of(key: ApiKey, manager: &Manager, now: DateTime<Utc>) -> Self {
        let status = key.status(now);
        let shared =
            key.organizations.into_iter().filter(|organization| manager.key.works_for(*organization));
        Self {
            id: key.id.0,
            name: key.name,
            prefix: key.prefix,
            access: key.access.as_str(),
            status,
            organization_ids: shared.map(|organization| organization.0).collect(),
            created_at: timestamp(key.created_at),
            expires_at: key.expires_at.map(timestamp),
            last_used_at: key.last_used_at.map(timestamp),
            revoked_at: key.revoked_at.map(timestamp),
        }
    }
}

/// The keys that work for the organization, also those that hold no longer.
#[utoipa::path(tag = "accounts", security(("api_key" = [], "organization" = [])), responses((status = 200, body = ApiKeys)))]
#[get("/v1/api-keys")]
pub(super) async fn list(api: web::Data<Api>, manager: Manager) -> Result<HttpResponse, DcycleError> {
    let keys = api.accounts.keys(Some(manager.organization)).await?;
    let now = api.clock.now();
    let items = keys.into_iter().map(|key| KeyBody::of(key, &manager, now)).collect();
    Ok(HttpResponse::Ok().json(ApiKeys { items }))
}

/// Creates a key. Its text is in the answer and nowhere else.
#[utoipa::path(
    tag = "accounts",
    security(("api_key" = [], "organization" = [])),
    params(once::KeyParam),
    request_body = ApiKeyRequest,
    responses((status = 201, body = NewKeyBody)),
)]
#[post("/v1/api-keys")]
pub(super) async fn create(
    request: HttpRequest,
    api: web::Data<Api>,
    manager: Manager,
    body: RawBody,
) -> Result<HttpResponse, DcycleError> {
    let now = api.clock.now();
    let call = once::call_key(&request, &manager.asks(&body.0))?;
    let secret = presented_key(request.headers()).ok_or(DcycleError::InvalidApiKey)?;
    let salt = KeyText::random();
    let text = KeyText::derived(salt.as_str(), secret);
    let new = new_key(&text, &manager, body::parse(&body.0)?, now)?;
    let caller = manager.clone();
    let answer = move |effected: &Effected| match effected {
        Effected::Key(made) => match &**made {
            KeyMade::Made(made) => {
                let about = KeyBody::of(made.clone(), &caller, now);
                Some(once::created(&NewKeyBody { about, key: salt.as_str().to_owned() }))
            }
            KeyMade::NoOrganization(_) => None,
        },
        _ => None,
    };
    let call = Call { effect: Effect::CreateKey(Box::new(new)), key: call, answer: Box::new(answer) };
    match api.intakes.intake(manager.organization).carry_out(call, now).await? {
        Done::Told(told) => once::respond(with_text(told, secret)?),
        Done::Refused(Effected::Key(made)) => match *made {
            KeyMade::NoOrganization(id) => Err(DcycleError::OrganizationNotFound(id.0)),
            KeyMade::Made(_) => Err(DcycleError::Internal),
        },
        Done::Refused(_) => Err(DcycleError::Internal),
    }
}

/// The key that a body asks for.
fn new_key(
    text: &KeyText,
    manager: &Manager,
    asked: ApiKeyRequest,
    now: DateTime<Utc>,
) -> Result<NewKey, DcycleError> {
    let mut faults = Faults::default();
    let name = faults.name(asked.name);
    let access = faults.access(asked.access);
    let organizations = faults.distinct_uuids("organization_ids", asked.organization_ids, MAX_ORGANIZATIONS);
    let expires_at = faults.future("expires_at", asked.expires_at, now);
    faults.finish()?;
    let mut organizations = organizations.into_iter().map(OrganizationId);
    let own = organizations.next().unwrap_or(manager.organization);
    let mut key = text.new_key(name.ok_or(DcycleError::Internal)?, own, access);
    (key.others, key.expires_at) = (organizations.collect(), expires_at);
    let foreign = std::iter::once(&own).chain(&key.others).find(|one| !manager.key.works_for(**one));
    match foreign {
        Some(foreign) => Err(DcycleError::OrganizationNotFound(foreign.0)),
        None => Ok(key),
    }
}

/// An answer with the new key's text in the place of its salt. The answer is kept with the salt: who reads the database finds
/// no key, and who sends the call again with the key that it was sent with finds the same.
fn with_text(told: Told, secret: &str) -> Result<Told, DcycleError> {
    let with_text = |mut answer: Answer| -> Result<Answer, DcycleError> {
        let body = String::from_utf8(answer.body).map_err(|_not_text| DcycleError::Internal)?;
        let kept: Salted = serde_json::from_str(&body).map_err(|_not_ours| DcycleError::Internal)?;
        answer.body = body.replace(kept.key, KeyText::derived(kept.key, secret).as_str()).into_bytes();
        Ok(answer)
    };
    Ok(match told {
        Told::Now(answer) => Told::Now(with_text(answer)?),
        Told::Before(answer) => Told::Before(with_text(answer)?),
        Told::OtherCall => Told::OtherCall,
    })
}

/// What is read of an answer that was kept.
#[derive(Deserialize)]
struct Salted<'a> {
    key: &'a str,
}

/// One key.
#[utoipa::path(
    tag = "accounts",
    security(("api_key" = [], "organization" = [])),
    params(("key_id" = Uuid, Path, description = "The key's id.")),
    responses((status = 200, body = KeyBody)),
)]
#[get("/v1/api-keys/{key_id}")]
pub(super) async fn get(
    api: web::Data<Api>,
    manager: Manager,
    id: web::Path<String>,
) -> Result<HttpResponse, DcycleError> {
    let key = find(&api, &manager, &id).await?;
    Ok(HttpResponse::Ok().json(KeyBody::of(key, &manager, api.clock.now())))
}

/// Revokes a key for good. Within seconds it works nowhere any more.
#[utoipa::path(
    tag = "accounts",
    security(("api_key" = [], "organization" = [])),
    params(("key_id" = Uuid, Path, description = "The key's id.")),
    responses(
        (status = 204, description = "Revoked, now or before"),
        (status = 409, body = ErrorBody, description = "The key also works for an organization that the calling key does not work for"),
    ),
)]
#[delete("/v1/api-keys/{key_id}")]
pub(super) async fn revoke(
    api: web::Data<Api>,
    manager: Manager,
    id: web::Path<String>,
) -> Result<HttpResponse, DcycleError> {
    let key = find(&api, &manager, &id).await?;
    if !manager.key.covers(&key) {
        return Err(DcycleError::Conflict(
            "This API key also works for organizations that yours does not work for; its operator can revoke it",
        ));
    }
    let revoked = api.accounts.revoke(key.id, api.clock.now()).await?;
    api.keys.forget();
    if revoked { Ok(HttpResponse::NoContent().finish()) } else { Err(NOT_FOUND) }
}

/// The key that a path names, if it works for the organization of the call.
async fn find(api: &Api, manager: &Manager, id: &str) -> Result<ApiKey, DcycleError> {
    let id = DcycleError::id("key_id", id)?;
    let found = api.accounts.find_key(ApiKeyId(id)).await?;
    found.filter(|key| key.organizations.contains(&manager.organization)).ok_or(NOT_FOUND)
}
