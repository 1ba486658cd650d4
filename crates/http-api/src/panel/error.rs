//! What goes wrong, as a page.

use actix_web::error::UrlencodedError;
use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::{HttpResponse, ResponseError};
use logistics_domain::ports::StoreError;
use maud::html;

use super::frame;
use super::texts::{TEXTS, Texts};
use crate::dcycle::DcycleError;

/// Why a page is not shown.
#[derive(Debug, thiserror::Error)]
pub(super) enum PanelError {
    /// Nobody is signed in: the browser is sent to do so, and comes back.
    #[error("nobody is signed in")]
    SignIn {
        /// The page that was asked for.
        next: String,
    },
    /// The form was sent from another site.
    #[error("{}", TEXTS.error_other_site)]
    OtherSite,
    /// What the browser sent cannot be read.
    #[error("{0}")]
    Unreadable(String),
    /// What the API would say too.
    #[error("{0}")]
    Api(#[from] DcycleError),
}

impl From<StoreError> for PanelError {
    fn from(error: StoreError) -> Self {
        Self::Api(error.into())
    }
}

impl From<UrlencodedError> for PanelError {
    fn from(error: UrlencodedError) -> Self {
        Self::Unreadable(error.to_string())
    }
}

impl PanelError {
    /// What happened, for people.
    pub fn messages(&self) -> Vec<String> {
        match self {
            Self::Api(DcycleError::Invalid(faults)) => faults.iter().map(|fault| fault.msg.clone()).collect(),
            _ => vec![self.to_string()],
        }
    }
}

fn title(status: StatusCode, texts: &'static Texts) -> &'static str {
    match status {
        StatusCode::NOT_FOUND => texts.error_not_found,
        StatusCode::FORBIDDEN => texts.error_forbidden,
        StatusCode::CONFLICT => texts.error_conflict,
        StatusCode::SERVICE_UNAVAILABLE => texts.error_unavailable,
        status if status.is_client_error() => texts.error_request,
        _ => texts.error_internal,
    }
}

impl ResponseError for PanelError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::SignIn { .. } => StatusCode::SEE_OTHER,
            Self::OtherSite => StatusCode::FORBIDDEN,
            Self::Unreadable(_) => StatusCode::BAD_REQUEST,
            Self::Api(error) => error.status_code(),
        }
    }

    fn error_response(&self) -> HttpResponse {
        let status = self.status_code();
        if let Self::SignIn { next } = self {
            let query = serde_urlencoded::to_string([("next", next)]).unwrap_or_default();
            return HttpResponse::build(status)
                .insert_header((LOCATION, format!("/sign-in?{query}")))
                .finish();
        }
        let title = title(status, &TEXTS);
        let content = html! {
            h1 { (title) }
            div.card {
                @for message in self.messages() { p { (message) } }
                p { a href="/" { (TEXTS.error_back) } }
            }
        };
        frame::plain(status, title, &content)
    }
}
