//! What the generations of the Dcycle API share: their errors.

use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, RETRY_AFTER};
use actix_web::{HttpResponse, HttpResponseBuilder, ResponseError};
use logistics_domain::LegFailure;
use logistics_domain::accounts::Access;
use logistics_domain::hub::HubFault;
use logistics_domain::leg::{FieldError, Problem, shortened};
use logistics_domain::ports::StoreError;
use logistics_domain::recharge::RechargeFault;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A domain error's body.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ErrorBody {
    /// The fault, for people.
    #[schema(example = "Invalid API key")]
    pub detail: String,
    /// The fault, for programs.
    #[schema(example = "INVALID_API_KEY")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<&'static str>,
}

/// A validation error's body.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ValidationBody {
    /// Every field at fault.
    pub detail: Vec<Fault>,
}

/// One field at fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Fault {
    /// Where it stands: `body`, `query`, `path` or `header`, and the field's name.
    #[schema(example = json!(["body", "category"]))]
    pub loc: Vec<String>,
    /// The fault, the value and the remedy.
    #[schema(example = "Please provide a category if toc is not present")]
    pub msg: String,
    /// The kind of fault: `value_error` or `type_error`.
    #[serde(rename = "type")]
    #[schema(example = "value_error")]
    pub kind: &'static str,
}

/// An error of the Dcycle family.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DcycleError {
    #[error("Invalid API key")]
    InvalidApiKey,
    #[error("Organization with id=UUID('{0}') not found")]
    OrganizationNotFound(Uuid),
    #[error("this API key has {has} access, which does not suffice here; use a key with {needed} access")]
    Access { has: Access, needed: Access },
    #[error("this API key made too many requests; wait {seconds} s")]
    TooMany { seconds: u64 },
    #[error("{0}")]
    NotFound(&'static str),
    #[error("LogisticHUB with id=UUID('{0}') not found")]
    HubNotFound(Uuid),
    #[error("{0}")]
    Hub(#[from] HubFault),
    #[error("{0}")]
    Recharge(RechargeFault),
    #[error("{0}")]
    Conflict(&'static str),
    #[error("Not Found")]
    NoSuchRoute,
    #[error("Method Not Allowed: use {allowed}")]
    NoSuchMethod { allowed: String },
    #[error("nothing of the body came for {seconds} s; send it again")]
    SlowClient { seconds: u64 },
    #[error("there was no answer within {seconds} s; ask for less at once, or use version 2 of the API")]
    TimedOut { seconds: u64 },
    #[error("the request is not valid")]
    Invalid(Vec<Fault>),
    #[error("{}", .0.message)]
    Failed(LegFailure),
    #[error("{0}")]
    NotCalculated(&'static str),
    #[error("the job is {state}; {remedy}")]
    JobState { state: &'static str, remedy: &'static str },
    #[error("this Idempotency-Key was used for another call in the last 24 hours; choose a new one")]
    KeyReused,
    #[error("{0}")]
    OtherFilters(&'static str),
    #[error("the body is larger than {limit} bytes; send less at once")]
    TooLarge { limit: usize },
    #[error("the service is busy or its store is away; try again")]
    Unavailable,
    #[error("an internal error happened; the server's log has it under this request's x-request-id")]
    Internal,
}

impl DcycleError {
    pub fn header(name: &str, message: &str) -> Self {
        Self::Invalid(vec![Fault {
            loc: vec!["header".into(), name.into()],
            msg: message.into(),
            kind: "value_error",
        }])
    }

    /// A path's part that is none of those that are possible.
    pub fn path(name: &str, value: &str, expected: &str) -> Self {
        Self::Invalid(vec![Fault {
            loc: vec!["path".into(), name.into()],
            msg: format!("{name} is '{}'; give {expected}", shortened(value)),
            kind: "value_error",
        }])
    }

    /// The id that a part of a path is.
    pub fn id(name: &str, text: &str) -> Result<Uuid, Self> {
        Uuid::parse_str(text).map_err(|_not_a_uuid| Self::path(name, text, "a UUID"))
    }

    pub fn fields(faults: Vec<FieldError>) -> Self {
        Self::Invalid(faults.into_iter().map(|fault| Fault::of("body", fault)).collect())
    }

    fn status_and_code(&self) -> (StatusCode, Option<&'static str>) {
        match self {
            Self::InvalidApiKey => (StatusCode::UNAUTHORIZED, Some("INVALID_API_KEY")),
            Self::OrganizationNotFound(_) => (StatusCode::NOT_FOUND, Some("ORGANIZATION_NOT_FOUND")),
            Self::Access { .. } => (StatusCode::FORBIDDEN, Some("FORBIDDEN")),
            Self::TooMany { .. } => (StatusCode::TOO_MANY_REQUESTS, Some("TOO_MANY_REQUESTS")),
            Self::NotFound(_) | Self::HubNotFound(_) | Self::Recharge(_) => {
                (StatusCode::NOT_FOUND, Some("NOT_FOUND"))
            }
            Self::Hub(HubFault::NotActive(_)) => (StatusCode::NOT_FOUND, Some("NOT_FOUND")),
            Self::Hub(HubFault::NoAddress(_)) => (StatusCode::BAD_REQUEST, Some("BAD_REQUEST")),
            Self::Conflict(_) => (StatusCode::CONFLICT, None),
            Self::NoSuchRoute => (StatusCode::NOT_FOUND, None),
            Self::NoSuchMethod { .. } => (StatusCode::METHOD_NOT_ALLOWED, None),
            Self::SlowClient { .. } => (StatusCode::REQUEST_TIMEOUT, Some("REQUEST_TIMEOUT")),
            Self::TimedOut { .. } => (StatusCode::SERVICE_UNAVAILABLE, Some("TIMEOUT")),
            Self::Invalid(_) => (StatusCode::UNPROCESSABLE_ENTITY, None),
            Self::Failed(failure) if failure.transient => {
                (StatusCode::SERVICE_UNAVAILABLE, Some(failure.code.as_str()))
            }
            Self::Failed(failure) => (StatusCode::UNPROCESSABLE_ENTITY, Some(failure.code.as_str())),
            Self::NotCalculated(_) => (StatusCode::CONFLICT, Some("NOT_CALCULATED")),
            Self::JobState { .. } => (StatusCode::CONFLICT, Some("JOB_STATE")),
            Self::KeyReused => (StatusCode::UNPROCESSABLE_ENTITY, Some("IDEMPOTENCY_KEY_REUSED")),
            Self::OtherFilters(_) => (StatusCode::CONFLICT, Some("CONFLICT")),
            Self::TooLarge { .. } => (StatusCode::PAYLOAD_TOO_LARGE, Some("PAYLOAD_TOO_LARGE")),
            Self::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, Some("UNAVAILABLE")),
            Self::Internal => (StatusCode::INTERNAL_SERVER_ERROR, Some("INTERNAL_ERROR")),
        }
    }
}

impl Fault {
    /// A field at fault; one within another is named with it, as in `options.continue_on_error`.
    pub fn of(place: &str, fault: FieldError) -> Self {
        let kind = match fault.problem {
            Problem::WrongType => "type_error",
            Problem::Missing | Problem::NotPermitted | Problem::OutOfRange => "value_error",
        };
        let loc = std::iter::once(place).chain(fault.field.split('.')).map(str::to_owned).collect();
        Self { loc, msg: fault.message, kind }
    }
}

impl ResponseError for DcycleError {
    fn status_code(&self) -> StatusCode {
        self.status_and_code().0
    }

    fn error_response(&self) -> HttpResponse {
        let (status, code) = self.status_and_code();
        let mut response = HttpResponseBuilder::new(status);
        match self {
            Self::TooMany { seconds } => drop(response.insert_header((RETRY_AFTER, *seconds))),
            Self::NoSuchMethod { allowed } => drop(response.insert_header((ALLOW, allowed.as_str()))),
            _ if status == StatusCode::SERVICE_UNAVAILABLE => drop(response.insert_header((RETRY_AFTER, 1))),
            _ => {}
        }
        match self {
            Self::Invalid(faults) => response.json(ValidationBody { detail: faults.clone() }),
            _ => response.json(ErrorBody { detail: self.to_string(), code }),
        }
    }
}

impl From<StoreError> for DcycleError {
    fn from(error: StoreError) -> Self {
        let cause = std::error::Error::source(&error).map(ToString::to_string);
        match error {
            StoreError::Unavailable(_) => {
                tracing::warn!(cause, "store unavailable");
                Self::Unavailable
            }
            StoreError::Broken(_) => {
                tracing::error!(cause, "store failed");
                Self::Internal
            }
        }
    }
}

impl From<LegFailure> for DcycleError {
    fn from(failure: LegFailure) -> Self {
        Self::Failed(failure)
    }
}

impl From<RechargeFault> for DcycleError {
    fn from(fault: RechargeFault) -> Self {
        match fault {
            RechargeFault::Field(fault) => Self::fields(vec![fault]),
            unknown => Self::Recharge(unknown),
        }
    }
}
