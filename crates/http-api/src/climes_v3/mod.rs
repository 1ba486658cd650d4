//! The Climes freight-distance API, version 3: trips with the kilometres that they went.

mod bulk;
mod create;
mod error;
mod list;
mod request;
mod response;

pub(crate) use error::no_such_route;

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{FromRequest, HttpRequest, web};
use logistics_domain::ids::OrganizationId;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{Api, auth};
use error::ClimesError;

/// Where the family's paths begin.
pub(crate) const PREFIX: &str = "/v3";

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(create::create).service(bulk::create).service(list::list).service(list::get);
}

/// A request with a key that holds. The key tells the organization.
struct Caller {
    organization: OrganizationId,
}

/// The same with a JSON body, as it came.
struct Posted {
    organization: OrganizationId,
    body: web::Bytes,
}

impl Caller {
    /// The organization as responses name it.
    fn client_id(&self) -> String {
        self.organization.to_string()
    }
}

impl FromRequest for Caller {
    type Error = ClimesError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ClimesError>>>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let api = request.app_data::<web::Data<Api>>().ok_or(ClimesError::Internal)?;
            let known = auth::known(api, request.headers()).await?.ok_or(ClimesError::InvalidKey)?;
            Ok(Self { organization: known.organization })
        })
    }
}

impl FromRequest for Posted {
    type Error = ClimesError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ClimesError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let caller = Caller::from_request(request, payload);
        let is_json = says_json(request);
        let limit = request.app_data::<web::Data<Api>>().map_or(0, |api| api.limits.body_bytes);
        let bytes = web::Bytes::from_request(request, payload);
        Box::pin(async move {
            let Caller { organization } = caller.await?;
            if !is_json {
                return Err(ClimesError::NotJson);
            }
            let body = bytes.await.map_err(|error| match error.as_error::<PayloadError>() {
                Some(PayloadError::Overflow) => ClimesError::TooLarge { limit },
                _ => ClimesError::Invalid(format!("the body could not be read: {error}")),
            })?;
            Ok(Self { organization, body })
        })
    }
}

/// Whether the content type is JSON's, or none is named.
fn says_json(request: &HttpRequest) -> bool {
    let Some(named) = request.headers().get(CONTENT_TYPE) else { return true };
    let named = named.to_str().unwrap_or_default();
    let kind = named.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || kind.ends_with("+json")
}
