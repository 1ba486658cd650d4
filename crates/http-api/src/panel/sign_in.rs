//! Signing in with an API key, and out.

use actix_web::cookie::Cookie;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use logistics_domain::sessions::NewSession;
use maud::html;
use rand::RngExt;
use rand::distr::Alphanumeric;
use serde::Deserialize;

use super::error::PanelError;
use super::frame;
use super::texts::TEXTS;
use super::visitor::{self, OwnForm};
use crate::Api;
use crate::auth::hash_key;

/// How many random letters and digits a token has: 43 of them are 256 bits.
const TOKEN: usize = 43;

/// Where to go after signing in.
#[derive(Deserialize)]
struct Next {
    #[serde(default)]
    next: String,
}

/// What the form says.
#[derive(Deserialize)]
struct Credentials {
    key: String,
    #[serde(default)]
    next: String,
}

#[get("/sign-in")]
pub(super) async fn ask(request: HttpRequest, query: web::Query<Next>) -> Result<HttpResponse, PanelError> {
    if visitor::signed_in(&request).await?.is_some() {
        return Ok(frame::see_other(inside(&query.next)));
    }
    Ok(form(StatusCode::OK, &query.next, None))
}

#[post("/sign-in")]
pub(super) async fn sign_in(
    request: HttpRequest,
    api: web::Data<Api>,
    _own: OwnForm,
    credentials: web::Form<Credentials>,
) -> Result<HttpResponse, PanelError> {
    let Credentials { key, next } = &*credentials;
    let now = api.clock.now();
    let known = api.keys.find(key.trim()).await?;
    let own = known.and_then(|key| Some((key.id, *key.organizations.first()?, key.organizations.len())));
    let Some((key, organization, organizations)) = own else {
        return Ok(form(StatusCode::UNAUTHORIZED, next, Some(TEXTS.sign_in_wrong)));
    };
    let token: String = rand::rng().sample_iter(Alphanumeric).take(TOKEN).map(char::from).collect();
    let session = NewSession { token: hash_key(&token), key, organization };
    api.sessions.begin(session, now).await?;
    let mut response = if organizations > 1 {
        let query = serde_urlencoded::to_string([("next", inside(next))]).unwrap_or_default();
        frame::see_other(&format!("/organizations?{query}"))
    } else {
        frame::see_other(inside(next))
    };
    set(&mut response, &visitor::cookie(&request, &token))?;
    Ok(response)
}

#[post("/sign-out")]
pub(super) async fn sign_out(
    request: HttpRequest,
    api: web::Data<Api>,
    _own: OwnForm,
) -> Result<HttpResponse, PanelError> {
    if let Some(token) = visitor::token(&request) {
        api.sessions.end(token).await?;
    }
    let mut response = frame::see_other("/sign-in");
    for mut gone in [visitor::cookie(&request, ""), visitor::organization_cookie(&request, None)] {
        gone.make_removal();
        set(&mut response, &gone)?;
    }
    Ok(response)
}

pub(super) fn set(response: &mut HttpResponse, cookie: &Cookie<'_>) -> Result<(), PanelError> {
    response.add_cookie(cookie).map_err(|error| PanelError::Unreadable(error.to_string()))
}

/// The address of a page of the panel, and no other: never one that leads a browser elsewhere.
pub(super) fn inside(next: &str) -> &str {
    let mut rest = next.chars();
    let is_path = rest.next() == Some('/') && !matches!(rest.next(), Some('/' | '\\'));
    if is_path && !next.chars().any(char::is_control) { next } else { "/" }
}

fn form(status: StatusCode, next: &str, fault: Option<&str>) -> HttpResponse {
    let content = html! {
        div.sign-in.cards {
            h1 { (TEXTS.sign_in) }
            form method="post" action="/sign-in" {
                div.card {
                    @if let Some(fault) = fault { p.note.bad role="alert" { span { (fault) } } }
                    div.field {
                        label for="key" { (TEXTS.api_key) }
                        input #key type="password" name="key" required autocomplete="current-password" autofocus aria-describedby="key-help";
                        p.muted id="key-help" { (TEXTS.sign_in_help) }
                    }
                    input type="hidden" name="next" value=(next);
                    button.primary type="submit" { (TEXTS.sign_in) }
                }
            }
        }
    };
    frame::plain(status, TEXTS.sign_in, &content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_elsewhere() {
        assert_eq!(inside("/jobs/7?page=2"), "/jobs/7?page=2");
        for elsewhere in ["", "jobs", "//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nb"]
        {
            assert_eq!(inside(elsewhere), "/", "{elsewhere}");
        }
    }
}
