//! Who is asking.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::{AUTHORIZATION, HeaderMap};
use actix_web::{FromRequest, HttpRequest, web};
use logistics_domain::ids::OrganizationId;
use logistics_domain::ports::{KnownKey, StoreError};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::Api;
use crate::dcycle::DcycleError;

/// An API key's hash, as it is stored. Keys are long and random, so a plain hash hides them well enough and lets them be
/// found by index, without a comparison whose time would tell anything.
#[must_use]
pub fn hash_key(key: &str) -> [u8; 32] {
    Sha256::digest(key.as_bytes()).into()
}

/// A request with a key that holds for the organization that it names.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Authorized {
    pub organization: OrganizationId,
}

impl FromRequest for Authorized {
    type Error = DcycleError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, DcycleError>>>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let api = request.app_data::<web::Data<Api>>().ok_or(DcycleError::Internal)?;
            authorize(api, request.headers()).await
        })
    }
}

/// The key that a request presents, if it holds.
pub(crate) async fn known(api: &Api, headers: &HeaderMap) -> Result<Option<KnownKey>, StoreError> {
    let Some(key) = presented_key(headers) else { return Ok(None) };
    let known = api.accounts.key(hash_key(key)).await?;
    Ok(known.filter(|known| known.expires_at.is_none_or(|expiry| expiry > api.clock.now())))
}

async fn authorize(api: &Api, headers: &HeaderMap) -> Result<Authorized, DcycleError> {
    let known = known(api, headers).await?.ok_or(DcycleError::InvalidApiKey)?;
    let named = headers.get("x-organization-id").and_then(|value| value.to_str().ok());
    let named = named.ok_or_else(|| DcycleError::header("x-organization-id", "field required"))?;
    let organization = Uuid::parse_str(named.trim())
        .map_err(|_not_a_uuid| DcycleError::header("x-organization-id", "value is not a valid uuid"))?;
    if known.organization != OrganizationId(organization) {
        return Err(DcycleError::OrganizationNotFound(organization));
    }
    Ok(Authorized { organization: known.organization })
}

/// The key from `x-api-key`, or from `Authorization: Bearer`.
fn presented_key(headers: &HeaderMap) -> Option<&str> {
    let header = headers.get("x-api-key").and_then(|value| value.to_str().ok());
    let bearer = || headers.get(AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ");
    header.or_else(bearer).map(str::trim).filter(|key| !key.is_empty())
}
