//! Who is asking, and what they may do.
//!
//! [`identify`] looks the presented key up before anything else of a request is read. The extractors decide by it: a
//! handler that takes an [`Authorized`] or a [`Manager`] is not reached without a key that may do it.

mod key_text;
mod keys;

use std::future::{Ready, ready};
use std::sync::Arc;

use actix_web::body::MessageBody;
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{AUTHORIZATION, HeaderMap};
use actix_web::middleware::Next;
use actix_web::{Error, FromRequest, HttpMessage, HttpRequest, web};
use logistics_domain::accounts::{Access, KnownKey};
use logistics_domain::ids::OrganizationId;
use logistics_domain::leg::shortened;
use logistics_domain::ports::StoreError;
use uuid::Uuid;

use crate::Api;
use crate::dcycle::DcycleError;

pub use key_text::{KeyText, hash_key};
pub use keys::{Keys, Rate};

/// The header that names the organization.
pub(crate) const ORGANIZATION: &str = "x-organization-id";

/// A request with a key that holds for the organization that it names, and may do what its method says.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Authorized {
    pub organization: OrganizationId,
}

/// The same with a key that manages organizations and keys.
#[derive(Clone)]
pub(crate) struct Manager {
    pub organization: OrganizationId,
    pub key: Arc<KnownKey>,
}

impl Manager {
    /// What this manager asks with a body: what comes of it is for whose key asked, and with another key it is another call.
    pub fn asks(&self, body: &[u8]) -> Vec<u8> {
        [self.key.id.0.as_bytes(), body].concat()
    }
}

/// What the store says of the presented key.
#[derive(Clone)]
enum Identity {
    Known(Arc<KnownKey>),
    Unknown,
    /// The store could not say; later it may.
    Unavailable,
    /// The store failed.
    Broken,
}

/// Looks up the key that a request presents.
pub(crate) async fn identify(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let presented = presented_key(request.headers());
    if let (Some(key), Some(api)) = (presented, request.app_data::<web::Data<Api>>()) {
        let identity = match api.keys.find(key).await {
            Ok(Some(known)) => Identity::Known(known),
            Ok(None) => Identity::Unknown,
            Err(StoreError::Unavailable(cause)) => {
                tracing::warn!(%cause, "store unavailable");
                Identity::Unavailable
            }
            Err(StoreError::Broken(cause)) => {
                tracing::error!(%cause, "store failed");
                Identity::Broken
            }
        };
        request.extensions_mut().insert(identity);
    }
    next.call(request).await
}

impl FromRequest for Authorized {
    type Error = DcycleError;
    type Future = Ready<Result<Self, DcycleError>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let caller = authorize(request, needed(request.method()));
        ready(caller.map(|(_, organization)| Self { organization }))
    }
}

impl FromRequest for Manager {
    type Error = DcycleError;
    type Future = Ready<Result<Self, DcycleError>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let manager = authorize(request, Access::Admin);
        ready(manager.map(|(key, organization)| Self { organization, key }))
    }
}

fn authorize(request: &HttpRequest, needed: Access) -> Result<(Arc<KnownKey>, OrganizationId), DcycleError> {
    let key = admitted(request)?;
    let organization = named_organization(request.headers())?.ok_or_else(|| {
        DcycleError::header(ORGANIZATION, "field required: give the id of the organization to work for")
    })?;
    works_for(&key, organization)?;
    suffices(&key, needed)?;
    Ok((key, organization))
}

/// The organization of a request of a family that need not name one: that of the key, if it is one alone and may do what the
/// method says.
pub(crate) fn organization_of_key(request: &HttpRequest) -> Result<OrganizationId, DcycleError> {
    let key = admitted(request)?;
    let organization = match (named_organization(request.headers())?, &*key.organizations) {
        (Some(named), _) => named,
        (None, [only]) => *only,
        (None, _) => {
            let remedy = format!("this key works for several organizations; name one in {ORGANIZATION}");
            return Err(DcycleError::header(ORGANIZATION, &remedy));
        }
    };
    works_for(&key, organization)?;
    suffices(&key, needed(request.method()))?;
    Ok(organization)
}

/// The key of a request, if it holds and makes not too many.
fn admitted(request: &HttpRequest) -> Result<Arc<KnownKey>, DcycleError> {
    let api = request.app_data::<web::Data<Api>>().ok_or(DcycleError::Internal)?;
    let key = match request.extensions().get().cloned().unwrap_or(Identity::Unknown) {
        Identity::Known(key) => key,
        Identity::Unknown => return Err(DcycleError::InvalidApiKey),
        Identity::Unavailable => return Err(DcycleError::Unavailable),
        Identity::Broken => return Err(DcycleError::Internal),
    };
    api.keys.admit(&key).map_err(|seconds| DcycleError::TooMany { seconds })?;
    Ok(key)
}

fn works_for(key: &KnownKey, organization: OrganizationId) -> Result<(), DcycleError> {
    if key.works_for(organization) { Ok(()) } else { Err(DcycleError::OrganizationNotFound(organization.0)) }
}

fn suffices(key: &KnownKey, needed: Access) -> Result<(), DcycleError> {
    if key.access < needed { Err(DcycleError::Access { has: key.access, needed }) } else { Ok(()) }
}

/// The organization that the header names, if it is there.
fn named_organization(headers: &HeaderMap) -> Result<Option<OrganizationId>, DcycleError> {
    let Some(named) = headers.get(ORGANIZATION) else { return Ok(None) };
    let named = String::from_utf8_lossy(named.as_bytes());
    let id = Uuid::parse_str(named.trim()).map_err(|_not_a_uuid| {
        DcycleError::header(ORGANIZATION, &format!("{ORGANIZATION} is '{}'; give a UUID", shortened(&named)))
    })?;
    Ok(Some(OrganizationId(id)))
}

/// The key from `x-api-key`, or from `Authorization: Bearer`.
pub(crate) fn presented_key(headers: &HeaderMap) -> Option<&str> {
    let header = headers.get("x-api-key").and_then(|value| value.to_str().ok());
    let bearer = || {
        let (scheme, key) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then_some(key)
    };
    header.or_else(bearer).map(str::trim).filter(|key| !key.is_empty())
}

/// The access that a method needs.
fn needed(method: &Method) -> Access {
    match *method {
        Method::GET | Method::HEAD | Method::OPTIONS => Access::Read,
        _ => Access::Write,
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    #[test]
    fn keys_come_in_either_header() {
        let presented = |headers: &[(&'static str, &'static str)]| {
            let headers = headers
                .iter()
                .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
            presented_key(&headers.collect()).map(str::to_owned)
        };
        for (headers, key) in [
            (&[("x-api-key", " k1 ")][..], Some("k1")),
            (&[("authorization", "Bearer k1")], Some("k1")),
            (&[("authorization", "bearer  k1")], Some("k1")),
            (&[("authorization", "Basic k1")], None),
            (&[("authorization", "Bearer")], None),
            (&[("x-api-key", "k1"), ("authorization", "Bearer k2")], Some("k1")),
            (&[("x-api-key", "  ")], None),
            (&[], None),
        ] {
            assert_eq!(presented(headers).as_deref(), key, "{headers:?}");
        }
    }
}
