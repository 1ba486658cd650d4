use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, RETRY_AFTER};
use actix_web::{HttpResponse, ResponseError};
use logistics_domain::LegFailure;
use logistics_domain::leg::FieldError;
use logistics_domain::ports::StoreError;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::dcycle::DcycleError;

/// An error's body.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FreightDistanceError)]
pub(super) struct ErrorBody {
    #[schema(example = false)]
    success: bool,
    /// All that is wrong, in one text.
    #[schema(example = "\"trip_id\" is required, \"country\" is required")]
    message: String,
}

/// An error of the Climes family.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ClimesError {
    #[error("Unauthorized: the key in x-api-key is missing, unknown, revoked or expired")]
    InvalidKey,
    #[error("{0}")]
    Forbidden(String),
    #[error("{0}")]
    Invalid(String),
    #[error("there is no freight distance with the id {0}")]
    NotFound(String),
    #[error(
        "this key works for no organization with the id {0}; correct x-organization-id, or leave it out where the key works for one"
    )]
    NoOrganization(Uuid),
    #[error("there is no such path")]
    NoSuchRoute,
    #[error("the path takes {allowed}")]
    WrongMethod { allowed: String },
    #[error("the Content-Type is not JSON's; send application/json")]
    NotJson,
    #[error("the body is larger than {limit} bytes; send less at once")]
    TooLarge { limit: usize },
    #[error("this API key made too many requests; wait {seconds} s")]
    TooMany { seconds: u64 },
    #[error("{0}")]
    SlowClient(String),
    #[error("the service is busy or its store is away; try again")]
    Unavailable,
    #[error("an internal error happened; the server's log has it under this request's x-request-id")]
    Internal,
}

impl ClimesError {
    /// Every message in one text.
    pub fn fields(faults: &[FieldError]) -> Self {
        Self::Invalid(joined(faults))
    }
}

/// The messages of fields at fault, as one text.
pub(super) fn joined(faults: &[FieldError]) -> String {
    faults.iter().map(|fault| fault.message.as_str()).collect::<Vec<_>>().join(", ")
}

impl ResponseError for ClimesError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::InvalidKey | Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::Invalid(_) => StatusCode::BAD_REQUEST,
            Self::NotFound(_) | Self::NoOrganization(_) | Self::NoSuchRoute => StatusCode::NOT_FOUND,
            Self::WrongMethod { .. } => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotJson => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::SlowClient(_) => StatusCode::REQUEST_TIMEOUT,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        match self {
            Self::WrongMethod { allowed, .. } => {
                response.insert_header((ALLOW, allowed.as_str()));
            }
            Self::TooMany { seconds } => {
                response.insert_header((RETRY_AFTER, *seconds));
            }
            Self::Unavailable => {
                response.insert_header((RETRY_AFTER, "1"));
            }
            _ => {}
        }
        response.json(ErrorBody { success: false, message: self.to_string() })
    }
}

impl From<StoreError> for ClimesError {
    fn from(error: StoreError) -> Self {
        DcycleError::from(error).into()
    }
}

impl From<LegFailure> for ClimesError {
    fn from(failure: LegFailure) -> Self {
        if failure.transient { Self::Unavailable } else { Self::Invalid(failure.to_string()) }
    }
}

/// What the code that all families share reports, in this family's words.
impl From<DcycleError> for ClimesError {
    fn from(error: DcycleError) -> Self {
        match error {
            DcycleError::Invalid(faults) => {
                Self::Invalid(faults.into_iter().map(|fault| fault.msg).collect::<Vec<_>>().join(", "))
            }
            DcycleError::TooLarge { limit } => Self::TooLarge { limit },
            DcycleError::OrganizationNotFound(id) => Self::NoOrganization(id),
            DcycleError::NoSuchRoute => Self::NoSuchRoute,
            DcycleError::NoSuchMethod { allowed } => Self::WrongMethod { allowed },
            DcycleError::TooMany { seconds } => Self::TooMany { seconds },
            error => match error.status_code() {
                StatusCode::INTERNAL_SERVER_ERROR => Self::Internal,
                StatusCode::SERVICE_UNAVAILABLE => Self::Unavailable,
                StatusCode::UNAUTHORIZED => Self::InvalidKey,
                StatusCode::FORBIDDEN => Self::Forbidden(error.to_string()),
                StatusCode::REQUEST_TIMEOUT => Self::SlowClient(error.to_string()),
                _ => Self::Invalid(error.to_string()),
            },
        }
    }
}
