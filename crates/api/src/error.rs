//! The mapping of errors to statuses and bodies.
//!
//! Every error has the same shape: `{"error", "message", "status", "details"?, "request_id"?}`. Messages
//! of the database or of other hosts go to the log, never into a body.
//!
//! Codes of faults in `details.errors` of a `validation_error`:
//!
//! | code | meaning |
//! |---|---|
//! | `required` | the field is missing |
//! | `null` | the field is null where a value is needed |
//! | `type` | the value has another JSON type, or cannot be read as one |
//! | `visible` | a name without any visible character |
//! | `length` | too short or too long, in Unicode scalar values after trimming |
//! | `nul` | the text contains the NUL character |
//! | `range` | a number or a day is outside of its range |
//! | `unknown` | the parameter is none of this route, which ignores none |
//! | `one_of` | the value is none of the choices, which the message lists |
//! | `too_many` | the list has too many entries |
//! | `too_deep` | the JSON is nested too deeply, or the page lies too deep |
//! | `too_large` | the JSON has too many bytes |
//! | `contradiction` | two fields do not agree |
//! | `duplicate` | a key or a parameter appears more than once |
//! | `needs_search` | the sort needs a search term |
//! | `url` | the text is no http or https URL |
//! | `format` | the text has not the form that is needed |
//! | `session_required` | an `Idempotency-Key` came without a session or a player to keep it for |

use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, CONTENT_TYPE, ETAG, HeaderValue, LOCATION, RETRY_AFTER};
use actix_web::{HttpResponse, ResponseError};
use myashes_domain::clock::Timestamp;
use myashes_domain::error::Internal;
use myashes_domain::write_options::StoredResponse;
use myashes_domain::{Error, FieldError, FieldErrors};
use serde::Serialize;
use utoipa::ToSchema;

/// `Retry-After` of a 503, in seconds.
const UNAVAILABLE_RETRY_AFTER: u64 = 2;

/// `Retry-After` of a 503 without a free place, in seconds.
const OVERLOADED_RETRY_AFTER: u64 = 1;

/// The most errors that one refusal lists.
pub const MAX_SHOWN_ERRORS: usize = 50;

/// The `ETag` of every new build.
const NEW_BUILD_ETAG: HeaderValue = HeaderValue::from_static("W/\"1.0\"");

pub const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// The error of a handler, an extractor or the middleware.
#[derive(Debug, Clone)]
pub enum ApiError {
    Domain(Error),
    Transport(TransportError),
    /// Not an error: the stored response to an `Idempotency-Key`, which replaces the handler's.
    Replay(StoredResponse),
}

/// Errors of the transport, which the domain does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TransportError {
    MethodNotAllowed {
        allow: String,
    },
    RequestTimeout,
    PayloadTooLarge,
    UriTooLong,
    UnsupportedMediaType,
    HeadersTooLarge,
    /// Admission control has no free place.
    Overloaded,
    /// `REQUEST_TIMEOUT` is over.
    DeadlinePassed,
}

/// The shape of every error.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErrorBody<'a> {
    /// A stable code for programs.
    pub error: &'a str,
    /// A sentence for people.
    pub message: String,
    pub status: u16,
    /// More about this error, where that helps.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    details: Option<Details<'a>>,
    /// To be quoted when this error is reported; in 5xx only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<&'a str>,
}

/// What some errors tell besides.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(untagged)]
enum Details<'a> {
    FieldErrors { errors: &'a [FieldError] },
    Vote { your_rating: i64, cast_at: Timestamp },
    Wait { retry_after: u64, limit: &'static str },
}

struct Described<'a> {
    status: StatusCode,
    error: &'static str,
    message: String,
    details: Option<Details<'a>>,
    retry_after: Option<u64>,
    internal: Option<&'a Internal>,
}

impl ApiError {
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Replay(answer) => status_of(answer),
            Self::Domain(_) | Self::Transport(_) => self.describe().status,
        }
    }

    /// Logs the internal cause, if there is one. `route` is the template of the path.
    pub fn log(&self, method: &str, route: &str, request_id: &str) {
        if matches!(self, Self::Replay(_)) {
            return;
        }
        let described = self.describe();
        if let Some(internal) = described.internal {
            let status = described.status.as_u16();
            tracing::error!(status, method, route, request_id, "{internal}");
        }
    }

    /// The response; 5xx contain the `request_id`.
    #[must_use]
    pub fn response(&self, request_id: &str) -> HttpResponse {
        if let Self::Replay(answer) = self {
            return respond(answer.clone());
        }
        let described = self.describe();
        let mut response = HttpResponse::build(described.status);
        response.insert_header((CONTENT_TYPE, JSON));
        if let Some(seconds) = described.retry_after {
            response.insert_header((RETRY_AFTER, HeaderValue::from(seconds)));
        }
        if let Self::Transport(TransportError::MethodNotAllowed { allow }) = self {
            response.insert_header((ALLOW, allow.as_str()));
        }
        let shown = described.status.is_server_error().then_some(request_id);
        response.body(described.body(shown))
    }

    /// The response to store for an `Idempotency-Key`: every 4xx except those that may not recur, those about the key
    /// itself, and those about the body's form, which recur with every attempt and can be as large as the body.
    #[must_use]
    pub fn kept_answer(&self) -> Option<StoredResponse> {
        match self {
            Self::Domain(
                Error::IdempotencyConflict
                | Error::IdempotencyKeyReused
                | Error::Invalid(_)
                | Error::Unreadable(_),
            )
            | Self::Transport(_)
            | Self::Replay(_) => None,
            Self::Domain(_) => {
                let described = self.describe();
                let lasting = described.status.is_client_error()
                    && described.status != StatusCode::UNAUTHORIZED
                    && described.status != StatusCode::TOO_MANY_REQUESTS;
                lasting.then(|| StoredResponse {
                    status: described.status.as_u16(),
                    location: None,
                    body: described.body(None),
                    subject: None,
                })
            }
        }
    }

    fn describe(&self) -> Described<'_> {
        match self {
            Self::Domain(error) => describe_domain(error),
            Self::Transport(error) => describe_transport(error),
            Self::Replay(_) => describe_transport(&TransportError::RequestTimeout),
        }
    }
}

impl Described<'_> {
    fn body(&self, request_id: Option<&str>) -> String {
        let body = ErrorBody {
            error: self.error,
            message: self.message.clone(),
            status: self.status.as_u16(),
            details: self.details,
            request_id,
        };
        serde_json::to_string(&body).expect("an error body has nothing that JSON cannot say")
    }
}

fn describe_domain(error: &Error) -> Described<'_> {
    let (status, code) = match error {
        Error::Invalid(_) => (StatusCode::UNPROCESSABLE_ENTITY, "validation_error"),
        Error::Unreadable(_) => (StatusCode::BAD_REQUEST, "bad_request"),
        Error::AuthenticationRequired => (StatusCode::UNAUTHORIZED, "authentication_required"),
        Error::AuthenticationFailed => (StatusCode::UNAUTHORIZED, "authentication_failed"),
        Error::NotOwner => (StatusCode::FORBIDDEN, "not_owner"),
        Error::TemplateReadOnly => (StatusCode::FORBIDDEN, "template_read_only"),
        Error::BuildHidden => (StatusCode::FORBIDDEN, "build_hidden"),
        Error::SessionMismatch => (StatusCode::FORBIDDEN, "session_mismatch"),
        Error::AdminRequired => (StatusCode::FORBIDDEN, "admin_required"),
        Error::BuildNotFound(_) => (StatusCode::NOT_FOUND, "build_not_found"),
        Error::FeedbackNotFound(_) => (StatusCode::NOT_FOUND, "feedback_not_found"),
        Error::NotFound => (StatusCode::NOT_FOUND, "not_found"),
        Error::AlreadyVoted(_) => (StatusCode::CONFLICT, "already_voted"),
        Error::AlreadyFlagged => (StatusCode::CONFLICT, "already_flagged"),
        Error::IdempotencyConflict => (StatusCode::CONFLICT, "idempotency_conflict"),
        Error::IdempotencyKeyReused => (StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key_reused"),
        Error::PreconditionFailed => (StatusCode::PRECONDITION_FAILED, "precondition_failed"),
        Error::RateLimited { .. } => (StatusCode::TOO_MANY_REQUESTS, "rate_limited"),
        Error::Unavailable(_) => (StatusCode::SERVICE_UNAVAILABLE, "service_unavailable"),
        Error::IdTaken | Error::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "internal_error"),
    };
    let details = match error {
        Error::Invalid(faults) => {
            Some(Details::FieldErrors { errors: &faults.0[..faults.0.len().min(MAX_SHOWN_ERRORS)] })
        }
        Error::AlreadyVoted(Some(vote)) => {
            Some(Details::Vote { your_rating: vote.stars, cast_at: vote.cast_at })
        }
        Error::RateLimited { limit, retry_after } => Some(Details::Wait { retry_after: *retry_after, limit }),
        _ => None,
    };
    let (retry_after, internal) = match error {
        Error::RateLimited { retry_after, .. } => (Some(*retry_after), None),
        Error::Unavailable(internal) => (Some(UNAVAILABLE_RETRY_AFTER), Some(internal)),
        Error::Internal(internal) => (None, Some(internal)),
        _ => (None, None),
    };
    Described { status, error: code, message: error.to_string(), details, retry_after, internal }
}

fn describe_transport(transport: &TransportError) -> Described<'static> {
    let (status, error, message) = match transport {
        TransportError::MethodNotAllowed { .. } => (
            StatusCode::METHOD_NOT_ALLOWED,
            "method_not_allowed",
            "This method is not allowed here; Allow lists those that are",
        ),
        TransportError::RequestTimeout => {
            (StatusCode::REQUEST_TIMEOUT, "request_timeout", "The request body did not arrive in time")
        }
        TransportError::PayloadTooLarge => (
            StatusCode::PAYLOAD_TOO_LARGE,
            "payload_too_large",
            "The request body must be at most 65536 bytes",
        ),
        TransportError::UriTooLong => {
            (StatusCode::URI_TOO_LONG, "uri_too_long", "The address must be at most 8192 bytes")
        }
        TransportError::UnsupportedMediaType => (
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported_media_type",
            "The request body must be application/json in UTF-8, not compressed",
        ),
        TransportError::HeadersTooLarge => (
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            "headers_too_large",
            "The request headers must be at most 64 and 16384 bytes",
        ),
        TransportError::Overloaded => (
            StatusCode::SERVICE_UNAVAILABLE,
            "service_unavailable",
            "The service is overloaded; try again in a moment",
        ),
        TransportError::DeadlinePassed => (
            StatusCode::SERVICE_UNAVAILABLE,
            "service_unavailable",
            "The request could not be answered in time; try again in a moment",
        ),
    };
    let retry_after = match transport {
        TransportError::Overloaded => Some(OVERLOADED_RETRY_AFTER),
        TransportError::DeadlinePassed => Some(UNAVAILABLE_RETRY_AFTER),
        _ => None,
    };
    Described { status, error, message: message.to_owned(), details: None, retry_after, internal: None }
}

/// An answer as a response, byte for byte.
#[must_use]
pub fn respond(answer: StoredResponse) -> HttpResponse {
    let mut response = HttpResponse::build(status_of(&answer));
    response.insert_header((CONTENT_TYPE, JSON));
    if let Some(location) = answer.location {
        // Only builds have one, and each begins with the same tag.
        response.insert_header((LOCATION, location)).insert_header((ETAG, NEW_BUILD_ETAG));
    }
    response.body(answer.body)
}

fn status_of(answer: &StoredResponse) -> StatusCode {
    StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Domain(error) => error.fmt(f),
            Self::Transport(error) => f.write_str(&describe_transport(error).message),
            Self::Replay(_) => f.write_str("a kept answer"),
        }
    }
}

impl std::error::Error for ApiError {}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        self.status()
    }

    /// Empty: the middleware writes the body, since only it knows the request's id.
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status())
    }
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        Self::Domain(error)
    }
}

impl From<FieldErrors> for ApiError {
    fn from(faults: FieldErrors) -> Self {
        Self::Domain(Error::Invalid(faults))
    }
}

impl From<TransportError> for ApiError {
    fn from(error: TransportError) -> Self {
        Self::Transport(error)
    }
}
