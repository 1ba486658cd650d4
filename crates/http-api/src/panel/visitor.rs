//! Who looks at a page: the session in the cookie, and where a form comes from.

use std::future::Future;
use std::pin::Pin;

use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::http::header::{HOST, HeaderMap, ORIGIN};
use actix_web::{FromRequest, HttpRequest, web};
use logistics_domain::accounts::{Access, KnownKey};
use logistics_domain::ids::OrganizationId;
use logistics_domain::sessions::{LASTS, Session};
use uuid::Uuid;

use super::error::PanelError;
use super::texts::TEXTS;
use crate::Api;
use crate::auth::hash_key;
use crate::dcycle::DcycleError;
use crate::query::Query;

const COOKIE: &str = "dray_session";

/// The cookie with the organization that somebody chose. What it names counts only if the key works for it.
const ORGANIZATION: &str = "dray_organization";

/// What a form says in its address: the organization that it was shown for.
const SHOWN_FOR: &str = "organization";

/// Somebody who is signed in and looks.
#[derive(Debug)]
pub(super) struct Visitor {
    pub organization: OrganizationId,
    /// The name of the organization, where the key works for several.
    pub among: Option<String>,
    pub key: KnownKey,
}

impl Visitor {
    /// The address of a form that makes something new. Where another organization was chosen since, in another window, it is
    /// refused. Other forms name what they change, which another organization does not have.
    pub fn action(&self, path: &str) -> String {
        format!("{path}?{SHOWN_FOR}={}", self.organization)
    }
}

/// Somebody who is signed in, may change things, and sends a form of the panel.
#[derive(Debug)]
pub(super) struct Editor {
    pub visitor: Visitor,
}

/// A form that comes from a page of the panel, from whomever.
pub(super) struct OwnForm;

impl FromRequest for Visitor {
    type Error = PanelError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, PanelError>>>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let Session { organization, key } =
                signed_in(&request).await?.ok_or_else(|| sign_in_first(&request))?;
            let organization = chosen(&request, &key).unwrap_or(organization);
            let among = name_among(&request, &key, organization).await?;
            Ok(Self { organization, among, key })
        })
    }
}

impl FromRequest for Editor {
    type Error = PanelError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, PanelError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let own = is_own(request.headers());
        let shown_for = Query::of(request.query_string()).text(SHOWN_FOR);
        let visitor = Visitor::from_request(request, payload);
        Box::pin(async move {
            if !own {
                return Err(PanelError::OtherSite);
            }
            let visitor = visitor.await?;
            if shown_for.is_some_and(|shown| shown != visitor.organization.to_string()) {
                return Err(DcycleError::Conflict(TEXTS.organization_other).into());
            }
            if visitor.key.access < Access::Write {
                return Err(DcycleError::Access { has: visitor.key.access, needed: Access::Write }.into());
            }
            Ok(Self { visitor })
        })
    }
}

impl FromRequest for OwnForm {
    type Error = PanelError;
    type Future = std::future::Ready<Result<Self, PanelError>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        std::future::ready(if is_own(request.headers()) { Ok(Self) } else { Err(PanelError::OtherSite) })
    }
}

/// The session of a request.
pub(super) async fn signed_in(request: &HttpRequest) -> Result<Option<Session>, PanelError> {
    let api = api(request)?;
    let Some(token) = token(request) else { return Ok(None) };
    Ok(api.sessions.session(token, api.clock.now()).await?)
}

/// The organization that somebody chose, if their key works for it.
fn chosen(request: &HttpRequest, key: &KnownKey) -> Option<OrganizationId> {
    let chosen = Uuid::parse_str(request.cookie(ORGANIZATION)?.value()).ok().map(OrganizationId)?;
    key.works_for(chosen).then_some(chosen)
}

async fn name_among(
    request: &HttpRequest,
    key: &KnownKey,
    organization: OrganizationId,
) -> Result<Option<String>, PanelError> {
    if key.organizations.len() < 2 {
        return Ok(None);
    }
    let all = api(request)?.accounts.organizations().await?;
    Ok(all.into_iter().find(|one| one.id == organization).map(|one| one.name))
}

fn api(request: &HttpRequest) -> Result<&web::Data<Api>, DcycleError> {
    request.app_data::<web::Data<Api>>().ok_or(DcycleError::Internal)
}

/// The hash of the token that a request carries.
pub(super) fn token(request: &HttpRequest) -> Option<[u8; 32]> {
    request.cookie(COOKIE).map(|cookie| hash_key(cookie.value()))
}

fn sign_in_first(request: &HttpRequest) -> PanelError {
    let asked = request.uri().path_and_query().map_or("/", |asked| asked.as_str());
    let next = if request.method() == Method::GET { asked } else { "/" };
    PanelError::SignIn { next: next.to_owned() }
}

/// The cookie of a session. Scripts cannot read it and other sites cannot have it sent; where the browser came by https,
/// it goes nowhere else.
pub(super) fn cookie(request: &HttpRequest, token: &str) -> Cookie<'static> {
    own_cookie(request, COOKIE, token.to_owned())
}

/// The cookie of an organization that was chosen, kept as the session's is.
pub(super) fn organization_cookie(request: &HttpRequest, chosen: Option<OrganizationId>) -> Cookie<'static> {
    own_cookie(request, ORGANIZATION, chosen.map(|chosen| chosen.to_string()).unwrap_or_default())
}

fn own_cookie(request: &HttpRequest, name: &'static str, value: String) -> Cookie<'static> {
    let lasts = actix_web::cookie::time::Duration::seconds(LASTS.num_seconds());
    Cookie::build(name, value)
        .path("/")
        .max_age(lasts)
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(request.connection_info().scheme() == "https")
        .finish()
}

/// Whether a page of the panel sent the request. Browsers say so in `Sec-Fetch-Site`, or by plain http to other machines
/// only in `Origin`; a page cannot change either.
fn is_own(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return site == "same-origin";
    }
    let origin = text(ORIGIN.as_str()).and_then(|origin| origin.split_once("://"));
    match (origin, text(HOST.as_str())) {
        (Some((_scheme, origin)), Some(host)) => origin.eq_ignore_ascii_case(host),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    fn is_own_with(headers: &[(&'static str, &'static str)]) -> bool {
        let pairs = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        is_own(&pairs.collect())
    }

    #[test]
    fn forms_come_from_the_panel_itself() {
        assert!(is_own_with(&[("sec-fetch-site", "same-origin")]));
        assert!(is_own_with(&[("origin", "http://dray.internal:8080"), ("host", "dray.internal:8080")]));
        for other in ["cross-site", "same-site", "none"] {
            assert!(
                !is_own_with(&[("sec-fetch-site", other), ("origin", "http://a"), ("host", "a")]),
                "{other}"
            );
        }
        for origin in ["null", "http://dray.internal", "http://evil", "https://dray.internal:8080.evil"] {
            assert!(!is_own_with(&[("origin", origin), ("host", "dray.internal:8080")]), "{origin}");
        }
        assert!(!is_own_with(&[("host", "dray.internal:8080")]), "nobody says where it comes from");
    }
}
