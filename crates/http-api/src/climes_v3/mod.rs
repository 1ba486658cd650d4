//! The Climes freight-distance API, version 3: trips with the kilometres that they went.

mod bulk;
mod create;
mod error;
mod list;
mod request;
mod response;

pub(crate) use error::ClimesError;

use std::future::{Future, Ready, ready};
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{FromRequest, HttpRequest, web};
use logistics_domain::ids::OrganizationId;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::auth;
use crate::body::RawBody;

/// Where the family's paths begin.
pub(crate) const PREFIX: &str = "/v3";

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(create::create).service(bulk::create).service(list::list).service(list::get);
}

/// A request with a key that holds. The key tells the organization, or of several the header does.
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
    type Future = Ready<Result<Self, ClimesError>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let organization = auth::organization_of_key(request).map_err(ClimesError::from);
        ready(organization.map(|organization| Self { organization }))
    }
}

impl FromRequest for Posted {
    type Error = ClimesError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ClimesError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let organization = auth::organization_of_key(request);
        let is_json = says_json(request);
        let body = RawBody::from_request(request, payload);
        Box::pin(async move {
            let organization = organization?;
            if !is_json {
                return Err(ClimesError::NotJson);
            }
            Ok(Self { organization, body: body.await?.0 })
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
