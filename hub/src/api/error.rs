//! Answers that are not 2xx: always `wire::ErrorBody`, never content.

use axum::Json;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use xuncha_wire::{ErrorBody, ErrorCode, WireError};

use crate::HubError;
use crate::clock::{self, NoRandomness};
use crate::store::E;

/// A refusal on its way to the asker.
#[derive(Debug)]
pub struct Refused {
    status: StatusCode,
    body: ErrorBody,
    offset: Option<u64>,
}

impl Refused {
    /// With the status that belongs to the code.
    pub fn of(code: ErrorCode) -> Self {
        let status = match code {
            ErrorCode::TokenUnknown | ErrorCode::DeviceRevoked => StatusCode::UNAUTHORIZED,
            ErrorCode::BadSignature => StatusCode::FORBIDDEN,
            ErrorCode::CodeUnknown | ErrorCode::NotFound => StatusCode::NOT_FOUND,
            ErrorCode::CodeUsed | ErrorCode::CodeExpired => StatusCode::GONE,
            ErrorCode::BadMessage => StatusCode::BAD_REQUEST,
            ErrorCode::Outdated => StatusCode::UPGRADE_REQUIRED,
            ErrorCode::Busy => StatusCode::LOCKED,
            ErrorCode::WrongOffset => StatusCode::CONFLICT,
            ErrorCode::WrongHash => StatusCode::UNPROCESSABLE_ENTITY,
            ErrorCode::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            ErrorCode::StorageFull => StatusCode::INSUFFICIENT_STORAGE,
            ErrorCode::SlowDown => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let wait = matches!(code, ErrorCode::SlowDown | ErrorCode::Busy).then_some(2);
        let body = ErrorBody { error: code, report: None, retry_after_s: wait };
        Self { status, body, offset: None }
    }

    /// The same with another status.
    #[must_use]
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// With the offset at which the hub stands in an upload.
    #[must_use]
    pub fn at(mut self, offset: u64) -> Self {
        self.offset = Some(offset);
        self
    }

    /// A failure of the hub: the cause goes to the log under a number, the number to the asker.
    pub fn internal(cause: &dyn std::fmt::Display) -> Self {
        let number = clock::mark().unwrap_or_else(|_| "none".into());
        tracing::error!(report = %number, cause = %cause, "request failed");
        let mut refused = Self::of(ErrorCode::Internal);
        refused.body.report = Some(format!("H-{number}"));
        refused
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(&self.body)).into_response();
        if let Some(seconds) = self.body.retry_after_s {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(offset) = self.offset {
            let name = HeaderName::from_static(xuncha_wire::blob::UPLOAD_OFFSET);
            response.headers_mut().insert(name, HeaderValue::from(offset));
        }
        response
    }
}

impl From<E> for Refused {
    fn from(e: E) -> Self {
        match e {
            E::Again(_) | E::Overloaded => Self::of(ErrorCode::SlowDown),
            E::Full => Self::of(ErrorCode::StorageFull),
            other => Self::internal(&other),
        }
    }
}

impl From<WireError> for Refused {
    fn from(_: WireError) -> Self {
        Self::of(ErrorCode::BadMessage)
    }
}

impl From<NoRandomness> for Refused {
    fn from(e: NoRandomness) -> Self {
        Self::internal(&e)
    }
}

impl From<HubError> for Refused {
    fn from(e: HubError) -> Self {
        match e {
            HubError::Store(e) => e.into(),
            HubError::NotFound { .. } => Self::of(ErrorCode::NotFound),
            other => Self::internal(&other),
        }
    }
}
