//! What every page has: the frame, the headers, and the parts that pages share.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, LOCATION};
use logistics_domain::ports::Page;
use maud::{DOCTYPE, Markup, html};

use super::texts::TEXTS;
use super::visitor::Visitor;
use crate::query::Query;

/// What a page may load and where it may send forms: only here, and nothing written into the page runs.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The pages of the panel, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tab {
    Activity,
    Overview,
    Shipments,
    Upload,
    Hubs,
    Keys,
    Packs,
    /// None of them: the choice of an organization.
    Organizations,
}

impl Tab {
    const ALL: [Self; 7] =
        [Self::Activity, Self::Overview, Self::Shipments, Self::Upload, Self::Hubs, Self::Keys, Self::Packs];

    const fn address(self) -> &'static str {
        match self {
            Self::Activity => "/",
            Self::Overview => "/overview",
            Self::Shipments => "/shipments",
            Self::Upload => "/upload",
            Self::Hubs => "/hubs",
            Self::Keys => "/keys",
            Self::Packs => "/packs",
            Self::Organizations => "/organizations",
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Activity => TEXTS.activity,
            Self::Overview => TEXTS.overview,
            Self::Shipments => TEXTS.shipments,
            Self::Upload => TEXTS.upload,
            Self::Hubs => TEXTS.hubs,
            Self::Keys => TEXTS.keys,
            Self::Packs => TEXTS.packs,
            Self::Organizations => TEXTS.organizations,
        }
    }
}

/// A page for somebody who is signed in.
pub(super) fn page(visitor: &Visitor, tab: Tab, title: &str, content: &Markup) -> HttpResponse {
    page_with(StatusCode::OK, visitor, tab, title, content)
}

/// The same with a status of its own.
pub(super) fn page_with(
    status: StatusCode,
    visitor: &Visitor,
    tab: Tab,
    title: &str,
    content: &Markup,
) -> HttpResponse {
    let bar = html! {
        nav aria-label=(TEXTS.pages) {
            ul {
                @for other in Tab::ALL {
                    li { a href=(other.address()) aria-current=[(other == tab).then_some("page")] { (other.name()) } }
                }
            }
        }
        @if let Some(name) = &visitor.among {
            a.place href="/organizations" { span.unseen { (TEXTS.organization) ": " } (name) }
        }
        form method="post" action="/sign-out" { button.quiet type="submit" { (TEXTS.sign_out) } }
    };
    respond(status, title, &bar, content)
}

/// A page for anybody.
pub(super) fn plain(status: StatusCode, title: &str, content: &Markup) -> HttpResponse {
    respond(status, title, &html! {}, content)
}

fn respond(status: StatusCode, title: &str, bar: &Markup, content: &Markup) -> HttpResponse {
    let page = html! {
        (DOCTYPE)
        html lang=(TEXTS.language) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " · Dray" }
                link rel="stylesheet" href="/assets/panel.css";
                link rel="icon" href="/assets/icon.svg" type="image/svg+xml";
                script src="/assets/panel.js" defer {}
            }
            body {
                a.skip href="#main" { (TEXTS.skip) }
                header.top {
                    div {
                        a.brand href="/" { img src="/assets/icon.svg" alt="" width="24" height="24"; "Dray" }
                        (bar)
                    }
                }
                main #main tabindex="-1" { (content) }
                footer.foot { p { (TEXTS.foot) " " a href="/docs/" { (TEXTS.api_docs) } } }
            }
        }
    };
    let mut response = HttpResponse::build(status);
    guarded(&mut response).content_type("text/html; charset=utf-8").body(page.into_string())
}

/// The headers of whatever the panel answers: nothing is kept in caches or guessed, no other site learns the address.
/// (`same-origin`, not `no-referrer`: with that, browsers would hide where forms come from.)
pub(super) fn guarded(response: &mut actix_web::HttpResponseBuilder) -> &mut actix_web::HttpResponseBuilder {
    response
        .insert_header(("content-security-policy", POLICY))
        .insert_header(("x-content-type-options", "nosniff"))
        .insert_header(("referrer-policy", "same-origin"))
        .insert_header((CACHE_CONTROL, "no-store"))
}

/// Sends the browser to another page, after a form was taken.
pub(super) fn see_other(address: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, address)).finish()
}

/// Links to the pages before and after this one of a list. The rest of the query stays.
pub(super) fn pager(query: &Query, page: Page, total: u64) -> Markup {
    let pages = total.div_ceil(u64::from(page.size)).max(1);
    let link = |number: u32| query.with("page", &number.to_string());
    html! {
        @if pages > 1 {
            nav.pager aria-label=(TEXTS.list_pages) {
                @if page.number > 1 { a.button href=(link(page.number - 1)) rel="prev" { (TEXTS.previous) } } @else { span {} }
                span.muted { (TEXTS.page) " " (page.number) " " (TEXTS.of) " " (pages) }
                @if u64::from(page.number) < pages { a.button href=(link(page.number + 1)) rel="next" { (TEXTS.next) } } @else { span {} }
            }
        }
    }
}
