//! Choosing an organization, where a key works for several.

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use logistics_domain::ids::OrganizationId;
use maud::html;
use serde::Deserialize;
use uuid::Uuid;

use super::error::PanelError;
use super::frame::{self, Tab};
use super::sign_in::{inside, set};
use super::texts::TEXTS;
use super::visitor::{self, OwnForm, Visitor};
use crate::Api;
use crate::dcycle::DcycleError;

/// Where to go with the organization that is chosen.
#[derive(Deserialize)]
struct Next {
    #[serde(default)]
    next: String,
}

/// What the form says.
#[derive(Deserialize)]
struct Choice {
    organization: Uuid,
    #[serde(default)]
    next: String,
}

#[get("/organizations")]
pub(super) async fn ask(
    api: web::Data<Api>,
    visitor: Visitor,
    query: web::Query<Next>,
) -> Result<HttpResponse, PanelError> {
    let all = api.accounts.organizations().await?;
    let own = all.iter().filter(|one| visitor.key.works_for(one.id));
    let content = html! {
        div.head { h1 { (TEXTS.organizations) } }
        p.muted { (TEXTS.organizations_help) }
        ul.card { @for one in own {
            li.row.spread {
                span { strong { (one.name) } br; span.code.muted { (one.id) } }
                form method="post" action="/organizations" {
                    input type="hidden" name="organization" value=(one.id);
                    input type="hidden" name="next" value=(query.next);
                    @if one.id == visitor.organization {
                        button.primary type="submit" aria-current="true" { (TEXTS.organization_open) span.unseen { " " (one.name) } }
                    } @else {
                        button type="submit" { (TEXTS.organization_open) span.unseen { " " (one.name) } }
                    }
                }
            }
        } }
    };
    Ok(frame::page(&visitor, Tab::Organizations, TEXTS.organizations, &content))
}

#[post("/organizations")]
pub(super) async fn choose(
    request: HttpRequest,
    visitor: Visitor,
    _own: OwnForm,
    choice: web::Form<Choice>,
) -> Result<HttpResponse, PanelError> {
    let chosen = OrganizationId(choice.organization);
    if !visitor.key.works_for(chosen) {
        return Err(DcycleError::NotFound(TEXTS.organization_not_yours).into());
    }
    let mut response = frame::see_other(inside(&choice.next));
    set(&mut response, &visitor::organization_cookie(&request, Some(chosen)))?;
    Ok(response)
}
